//! Waiting for whatever comes first while keys are: those, signals, what the shell waits for, a time.

use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::SigId;
use signal_hook::consts::{SIGCONT, SIGWINCH};

use crate::terminal::signal::Interrupts;

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Bytes can be read from the terminal.
    Keys,
    /// SIGINT, from elsewhere than the keyboard.
    Interrupt,
    /// The terminal has another size.
    Resized,
    /// The process goes on after it was stopped.
    Continued,
    /// What the shell waits for has come.
    Output,
    /// Nothing, until the time was up.
    Timeout,
}

/// The signals that are waited for, while it lives.
#[derive(Debug)]
pub struct Signals {
    resized: UnixStream,
    continued: UnixStream,
    handlers: [SigId; 2],
}

impl Signals {
    /// Starts to catch them.
    ///
    /// # Errors
    /// No pipe can be made or no handler installed.
    pub fn install() -> io::Result<Signals> {
        let (resized, on_resize) = pipe_for(SIGWINCH)?;
        let (continued, on_continue) = pipe_for(SIGCONT)?;
        Ok(Signals { resized, continued, handlers: [on_resize, on_continue] })
    }

    /// Forgets that the process was stopped.
    pub fn forget_continued(&self) {
        drain(&self.continued);
    }

    /// Waits until something comes, or `deadline`. Signals go before keys.
    ///
    /// # Errors
    /// `poll(2)` fails.
    pub fn wait(
        &self,
        interrupts: Option<&Interrupts>,
        output: Option<BorrowedFd<'_>>,
        deadline: Option<Instant>,
    ) -> io::Result<Event> {
        let stdin = io::stdin();
        loop {
            let mut fds = vec![
                PollFd::new(&stdin, PollFlags::IN),
                PollFd::new(&self.resized, PollFlags::IN),
                PollFd::new(&self.continued, PollFlags::IN),
            ];
            let mut others = vec![Event::Keys, Event::Resized, Event::Continued];
            if let Some(interrupts) = interrupts {
                fds.push(PollFd::from_borrowed_fd(interrupts.fd(), PollFlags::IN));
                others.push(Event::Interrupt);
            }
            if let Some(output) = output {
                fds.push(PollFd::from_borrowed_fd(output, PollFlags::IN));
                others.push(Event::Output);
            }
            match poll(&mut fds, until(deadline).as_ref()) {
                Ok(0) => return Ok(Event::Timeout),
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let came = |event: &Event| {
                let at = others.iter().position(|other| other == event);
                at.is_some_and(|at| !fds[at].revents().is_empty())
            };
            const ORDER: [Event; 5] =
                [Event::Interrupt, Event::Continued, Event::Resized, Event::Keys, Event::Output];
            if let Some(event) = ORDER.into_iter().find(came) {
                match event {
                    Event::Resized => drain(&self.resized),
                    Event::Continued => drain(&self.continued),
                    _ => {}
                }
                return Ok(event);
            }
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for handler in self.handlers {
            signal_hook::low_level::unregister(handler);
        }
    }
}

/// Whether there are bytes to read from the terminal now, or within this time.
pub fn is_readable(within: Duration) -> bool {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    matches!(poll(&mut fds, until(Some(Instant::now() + within)).as_ref()), Ok(1..))
}

/// Whether the terminal is gone.
pub fn is_hung_up() -> bool {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let _ = poll(&mut fds, Some(&Timespec::default()));
    fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)
}

fn until(deadline: Option<Instant>) -> Option<Timespec> {
    let left = deadline?.saturating_duration_since(Instant::now());
    // Up to the next millisecond: what is waited for is over then.
    Timespec::try_from(left + Duration::from_millis(1)).ok()
}

fn pipe_for(signal: i32) -> io::Result<(UnixStream, SigId)> {
    let (pipe, write_end) = UnixStream::pair()?;
    pipe.set_nonblocking(true)?;
    let handler = signal_hook::low_level::pipe::register(signal, write_end)?;
    Ok((pipe, handler))
}

fn drain(pipe: &UnixStream) {
    let mut buffer = [0; 64];
    while matches!(rustix::io::read(pipe, &mut buffer), Ok(n) if n > 0) {}
}
