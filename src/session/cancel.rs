//! Cancel requests: a connection of their own, one packet, no answer.

use super::connect::{self, Target};
use super::message;
use super::stream::{Plain, Stream, error_text, wait};
use bytes::BytesMut;
use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// How long a cancel request may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a cancel request needs.
#[derive(Clone, Debug)]
pub struct CancelToken {
    target: Target,
    pid: i32,
    key: Vec<u8>,
}

impl CancelToken {
    pub(super) fn new(target: Target, pid: i32, key: Vec<u8>) -> CancelToken {
        CancelToken { target, pid, key }
    }

    /// Asks the server, on a connection of its own, to cancel what the session runs.
    ///
    /// # Errors
    /// The text of what went wrong.
    pub fn cancel(&self) -> Result<(), Vec<u8>> {
        self.try_cancel().map_err(|error| error_text(&error).into_bytes())
    }

    fn try_cancel(&self) -> io::Result<()> {
        let deadline = Some(Instant::now() + PATIENCE);
        let socket = connect::open_socket(&self.target)?;
        let late = || io::Error::from(io::ErrorKind::TimedOut);
        if wait(socket.as_fd(), false, true, None, deadline)?.timed_out {
            return Err(late());
        }
        rustix::net::sockopt::socket_error(&socket)??;
        let mut stream = Plain(socket);
        let mut packet = BytesMut::new();
        message::cancel_request(&mut packet, self.pid, &self.key);
        // A fresh socket takes a few bytes at once.
        stream.write(&packet)?;
        // The server closes the connection when it has passed the request on.
        if wait(stream.as_fd(), true, false, None, deadline)?.timed_out {
            return Err(late());
        }
        Ok(())
    }
}
