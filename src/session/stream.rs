//! The seam between the protocol and what carries its bytes: a non-blocking socket, or TLS on top
//! of one (tls/stream.rs). Knows nothing of messages.

use super::tls;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{SendAncillaryBuffer, SendFlags, sendmsg};
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Instant;

/// A non-blocking, connected byte stream.
pub trait Stream: AsFd + Send {
    /// Reads what is there; 0 at the end, `WouldBlock` when nothing is there yet.
    ///
    /// # Errors
    /// Whatever the stream reports.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Writes what fits, `WouldBlock` when nothing does: the caller then tries again with bytes that
    /// begin the same. Never raises SIGPIPE.
    ///
    /// # Errors
    /// Whatever the stream reports.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Whether bytes were taken from the descriptor but not read yet, so that polling the
    /// descriptor would miss them.
    fn has_buffered(&self) -> bool {
        false
    }

    /// What is known of the stream's encryption; `None` if it has none.
    fn tls(&self) -> Option<&tls::Info> {
        None
    }
}

// Apple's systems know no such flag; there the socket has SO_NOSIGPIPE (see connect.rs).
#[cfg(not(target_vendor = "apple"))]
const NO_SIGNAL: SendFlags = SendFlags::NOSIGNAL;
#[cfg(target_vendor = "apple")]
const NO_SIGNAL: SendFlags = SendFlags::empty();

/// A socket without encryption.
pub struct Plain(pub OwnedFd);

impl Plain {
    /// As [`Stream::write`], with the bytes in several pieces.
    ///
    /// # Errors
    /// Whatever the socket reports.
    pub fn write_pieces(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(sendmsg(&self.0, pieces, &mut SendAncillaryBuffer::default(), NO_SIGNAL)?)
    }
}

impl AsFd for Plain {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Stream for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(&self.0, buffer)?)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::net::send(&self.0, bytes, NO_SIGNAL)?)
    }
}

/// What [`wait`] saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// Reading won't block (there are bytes, the end, or an error).
    pub readable: bool,
    /// Writing won't block.
    pub writable: bool,
    /// The interrupt descriptor is readable.
    pub interrupted: bool,
    /// The deadline has passed.
    pub timed_out: bool,
}

/// Waits until `socket` can be read (or written, if `write`), the interrupt descriptor is
/// readable or the deadline passes.
///
/// # Errors
/// What `poll(2)` reports; being interrupted by a signal is no error.
pub fn wait(
    socket: BorrowedFd<'_>,
    read: bool,
    write: bool,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> io::Result<Ready> {
    let mut wanted = PollFlags::empty();
    wanted.set(PollFlags::IN, read);
    wanted.set(PollFlags::OUT, write);
    let broken = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
    loop {
        let timeout = match deadline {
            None => None,
            Some(at) => {
                let left = at.saturating_duration_since(Instant::now());
                Some(Timespec {
                    tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                    tv_nsec: left.subsec_nanos().into(),
                })
            }
        };
        // Without an interrupt descriptor the socket stands in; only the first is looked at.
        let mut fds = [
            PollFd::from_borrowed_fd(socket, wanted),
            PollFd::from_borrowed_fd(interrupt.unwrap_or(socket), PollFlags::IN),
        ];
        let used = if interrupt.is_some() { 2 } else { 1 };
        match poll(&mut fds[..used], timeout.as_ref()) {
            Ok(0) => return Ok(Ready { timed_out: true, ..Ready::default() }),
            Ok(_) => {
                let socket = fds[0].revents();
                return Ok(Ready {
                    readable: socket.intersects(PollFlags::IN | broken),
                    writable: socket.intersects(PollFlags::OUT | broken),
                    interrupted: used == 2 && !fds[1].revents().is_empty(),
                    timed_out: false,
                });
            }
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// An I/O error's text as C's `strerror` gives it: `Connection refused`.
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
