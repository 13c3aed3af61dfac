//! Waiting for a descriptor, for Ctrl-C and for the clock, all at once: `poll(2)`.
//!
//! Knows nothing of what comes.

use super::error::{AttemptError, error_text};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Instant;

/// What a descriptor is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// That reading won't block.
    Read,
    /// That writing won't block.
    Write,
    /// Either.
    ReadOrWrite,
}

/// What [`wait`] saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// Reading won't block (there are bytes, the end, or an error).
    pub readable: bool,
    /// The interrupt descriptor is readable.
    pub interrupted: bool,
    /// The deadline has passed.
    pub timed_out: bool,
}

/// Waits until `fd` is as `interest` wants it, the interrupt descriptor is readable or the deadline
/// passes.
///
/// # Errors
/// What `poll(2)` reports; being interrupted by a signal is no error.
pub fn wait(
    fd: BorrowedFd<'_>,
    interest: Interest,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> io::Result<Ready> {
    let wanted = match interest {
        Interest::Read => PollFlags::IN,
        Interest::Write => PollFlags::OUT,
        Interest::ReadOrWrite => PollFlags::IN | PollFlags::OUT,
    };
    let broken = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
    loop {
        let timeout = deadline.map(|at| {
            let left = at.saturating_duration_since(Instant::now());
            Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            }
        });
        // Without an interrupt descriptor `fd` stands in; only the first is looked at.
        let mut fds = [
            PollFd::from_borrowed_fd(fd, wanted),
            PollFd::from_borrowed_fd(interrupt.unwrap_or(fd), PollFlags::IN),
        ];
        let used = if interrupt.is_some() { 2 } else { 1 };
        match poll(&mut fds[..used], timeout.as_ref()) {
            Ok(0) => return Ok(Ready { timed_out: true, ..Ready::default() }),
            Ok(_) => {
                return Ok(Ready {
                    readable: fds[0].revents().intersects(PollFlags::IN | broken),
                    interrupted: used == 2 && !fds[1].revents().is_empty(),
                    timed_out: false,
                });
            }
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a descriptor is readable now.
pub fn is_readable(fd: BorrowedFd<'_>) -> bool {
    wait(fd, Interest::Read, None, Some(Instant::now())).is_ok_and(|ready| ready.readable)
}

/// Empties an interrupt descriptor: one read takes more than anybody can type. What is left is seen
/// next time.
pub fn drain(interrupt: &OwnedFd) -> io::Result<usize> {
    Ok(rustix::io::read(interrupt, &mut [0; 64])?)
}

/// What ends the waiting while a connection is opened.
pub struct Deadline<'a> {
    /// When waiting ends.
    pub at: Option<Instant>,
    /// Readable when the user interrupts.
    pub interrupt: Option<&'a OwnedFd>,
}

impl Deadline<'_> {
    /// Waits until the socket is as `interest` wants it.
    ///
    /// # Errors
    /// Time is up, or the user interrupted.
    pub fn wait(&self, socket: BorrowedFd<'_>, interest: Interest) -> Result<(), AttemptError> {
        let ready = wait(socket, interest, self.interrupt.map(AsFd::as_fd), self.at)
            .map_err(|error| AttemptError::new(poll_failed(&error)))?;
        if ready.interrupted {
            if let Some(interrupt) = self.interrupt {
                let _ = drain(interrupt);
            }
            return Err(AttemptError::interrupted());
        }
        if ready.timed_out { Err(AttemptError::timed_out()) } else { Ok(()) }
    }
}

/// What psql says when `poll(2)` fails.
pub fn poll_failed(error: &io::Error) -> String {
    format!("poll() failed: {}", error_text(error))
}
