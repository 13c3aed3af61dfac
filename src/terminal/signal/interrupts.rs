//! SIGINT as a readable descriptor and a flag; SIGALRM caught.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGALRM, SIGINT};

/// SIGINT, caught. One per process: the handlers stay until it ends.
#[derive(Debug)]
pub struct Interrupts {
    pipe: UnixStream,
    flag: Arc<AtomicBool>,
}

impl Interrupts {
    /// Starts to catch SIGINT.
    ///
    /// # Errors
    /// When no pipe can be made or no handler installed.
    pub fn install() -> io::Result<Interrupts> {
        let (pipe, write_end) = UnixStream::pair()?;
        pipe.set_nonblocking(true)?;
        let flag = Arc::new(AtomicBool::new(false));
        // In this order, so that if the flag is not set, the pipe is empty or the flag about to be
        // set.
        signal_hook::low_level::pipe::register(SIGINT, write_end)?;
        signal_hook::flag::register(SIGINT, Arc::clone(&flag))?;
        Ok(Interrupts { pipe, flag })
    }

    /// Becomes readable on SIGINT and stays so until [`Interrupts::take`].
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.pipe.as_fd()
    }

    /// A descriptor to poll (not to read) for longer than a borrow lasts.
    ///
    /// # Errors
    /// When there is no descriptor left.
    pub fn try_clone_fd(&self) -> io::Result<OwnedFd> {
        self.pipe.as_fd().try_clone_to_owned()
    }

    /// Whether SIGINT came since the last [`Interrupts::take`].
    pub fn pending(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// Waits until SIGINT comes or the time is up.
    pub fn wait(&self, time: Duration) {
        let mut fds = [PollFd::new(&self.pipe, PollFlags::IN)];
        // An early end by some other signal only shortens the wait.
        let _ = poll(&mut fds, Timespec::try_from(time).ok().as_ref());
    }

    /// Waits until `fd` can be read; false if SIGINT came, or had come, instead.
    ///
    /// # Errors
    /// `poll(2)` fails.
    pub fn wait_readable(&self, fd: BorrowedFd<'_>) -> io::Result<bool> {
        loop {
            if self.pending() {
                return Ok(false);
            }
            let mut fds = [self.fd(), fd].map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
            match poll(&mut fds, None) {
                Ok(_) => return Ok(fds[0].revents().is_empty()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether SIGINT came, which is forgotten then. Makes no system call if it did not come.
    pub fn take(&self) -> bool {
        if !self.pending() {
            return false;
        }
        self.flag.store(false, Ordering::Relaxed);
        let mut buffer = [0; 64];
        while matches!(rustix::io::read(&self.pipe, &mut buffer), Ok(n) if n > 0) {}
        true
    }
}

/// Catches SIGALRM, so that it no longer ends the process: psql does so once it is connected. The
/// programs that are started have the default.
pub fn catch_alarm() {
    // Without a handler, the signal ends the process.
    let _ = signal_hook::flag::register(SIGALRM, Arc::default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupt_is_seen_once() {
        let interrupts = Interrupts::install().unwrap();
        assert!(!interrupts.pending() && !interrupts.take());
        signal_hook::low_level::raise(SIGINT).unwrap();
        signal_hook::low_level::raise(SIGINT).unwrap();
        let mut fds = [PollFd::new(&interrupts.pipe, PollFlags::IN)];
        assert_eq!(poll(&mut fds, Some(&Default::default())).unwrap(), 1);
        assert!(interrupts.pending());
        assert!(interrupts.take());
        assert!(!interrupts.take());
        assert_eq!(poll(&mut fds, Some(&Default::default())).unwrap(), 0);
    }
}
