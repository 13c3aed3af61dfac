//! Cancel requests: a connection of their own, encrypted as the session's is, one packet, no answer.

use super::backend::BackendKey;
use super::connect_params::ConnectParams;
use super::message;
use super::transport;
use crate::network::error::{AttemptError, ConnectionLost};
use crate::network::poll::{Deadline, Interest};
use bytes::BytesMut;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// How long a cancel request may take before it is given up.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often, and for how long, a server that ends nothing is asked before Ctrl-C ends the wait: a
/// key held down gives up nothing, three presses one after the other do.
const MAX_REQUESTS: u32 = 2;
const OBEYS_WITHIN: Duration = Duration::from_millis(900);

/// The user's interrupts during one answer.
#[derive(Default)]
pub(super) struct CancelCount {
    first: Option<Instant>,
    count: u32,
}

impl CancelCount {
    /// One more; whether the server was asked often enough in vain, and had its time.
    pub fn is_last(&mut self) -> bool {
        let waited = self.first.get_or_insert_with(Instant::now).elapsed();
        self.count += 1;
        self.count > MAX_REQUESTS && waited >= OBEYS_WITHIN
    }
}

/// What a cancel request needs.
#[derive(Clone)]
pub struct CancelToken {
    params: ConnectParams,
    key: BackendKey,
}

impl CancelToken {
    pub(super) fn new(params: ConnectParams, key: BackendKey) -> CancelToken {
        CancelToken { params, key }
    }

    /// Asks the server, on a connection of its own, to cancel what the session runs.
    ///
    /// # Errors
    /// The text of what went wrong.
    pub fn cancel(&self) -> Result<(), Vec<u8>> {
        self.cancel_until(None).map_err(|error| error.message)
    }

    /// As [`CancelToken::cancel`], until the user interrupts that.
    ///
    /// # Errors
    /// What went wrong.
    pub(super) fn cancel_until(&self, interrupt: Option<&OwnedFd>) -> Result<(), AttemptError> {
        let deadline = Deadline { at: Some(Instant::now() + TIMEOUT), interrupt };
        let ConnectParams { settings, peer, tls } = &self.params;
        let mut stream = transport::open_another(settings, peer, tls.as_ref(), &deadline)?;
        let mut packet = BytesMut::new();
        message::cancel_request(&mut packet, self.key.pid, &self.key.secret);
        loop {
            match stream.write(&packet) {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    deadline.wait(stream.as_fd(), Interest::Write)?;
                }
                Err(error) => return Err(ConnectionLost::by_sending(&error).into()),
            }
        }
        // The server closes the connection when it has passed the request on. One that is not waited
        // for could meet the next query: a second interrupt on the heels of the first ends no wait.
        let at_first = Deadline { at: Some(Instant::now() + OBEYS_WITHIN), interrupt: None };
        while let Err(error) = stream.read(&mut [0; 64])
            && error.kind() == io::ErrorKind::WouldBlock
        {
            at_first
                .wait(stream.as_fd(), Interest::Read)
                .or_else(|_| deadline.wait(stream.as_fd(), Interest::Read))?;
        }
        Ok(())
    }
}
