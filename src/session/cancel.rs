//! Cancel requests: a connection of their own, encrypted as the session's is, one packet, no answer.

use super::connect::{self, Failure, Patience, Place};
use super::{message, tls};
use crate::conninfo::Settings;
use bytes::BytesMut;
use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// How long a cancel request may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often, and for how long, a server that ends nothing is asked before Ctrl-C ends the wait.
const REQUESTS: u32 = 2;
const OBEYS_WITHIN: Duration = Duration::from_secs(3);

/// The user's interrupts during one answer.
#[derive(Default)]
pub(super) struct Cancels {
    first: Option<Instant>,
    count: u32,
}

impl Cancels {
    /// One more; whether the server was asked often enough in vain, and had its time.
    pub(super) fn is_last(&mut self) -> bool {
        let waited = self.first.get_or_insert_with(Instant::now).elapsed();
        self.count += 1;
        self.count > REQUESTS && waited >= OBEYS_WITHIN
    }
}

/// What a cancel request needs.
#[derive(Clone)]
pub struct CancelToken {
    settings: Settings,
    place: Place,
    tls: Option<tls::Config>,
    pid: i32,
    key: Vec<u8>,
}

impl CancelToken {
    pub(super) fn new(
        settings: Settings,
        place: Place,
        tls: Option<tls::Config>,
        pid: i32,
        key: Vec<u8>,
    ) -> CancelToken {
        CancelToken { settings, place, tls, pid, key }
    }

    /// Asks the server, on a connection of its own, to cancel what the session runs.
    ///
    /// # Errors
    /// The text of what went wrong.
    pub fn cancel(&self) -> Result<(), Vec<u8>> {
        self.try_cancel().map_err(|failure| failure.message)
    }

    fn try_cancel(&self) -> Result<(), Failure> {
        let patience = Patience { deadline: Some(Instant::now() + PATIENCE), interrupt: None };
        let tls = self.tls.as_ref();
        let mut stream = connect::open_another(&self.settings, &self.place, tls, &patience)?;
        let mut packet = BytesMut::new();
        message::cancel_request(&mut packet, self.pid, &self.key);
        loop {
            match stream.write(&packet) {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    patience.wait(stream.as_fd(), false, true)?;
                }
                Err(error) => return Err(super::frame::lost("send data to", &error).into()),
            }
        }
        // The server closes the connection when it has passed the request on.
        while let Err(error) = stream.read(&mut [0; 64])
            && error.kind() == io::ErrorKind::WouldBlock
        {
            patience.wait(stream.as_fd(), true, false)?;
        }
        Ok(())
    }
}
