//! Asks for one line on the terminal itself, whatever standard input and output are: a password
//! (without echo), or the answer to `\prompt`.
//!
//! Owns the terminal's echo while it asks, and restores it whatever happens. Never keeps or
//! logs what was typed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use super::read_line::ReadLine;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
};

/// Whether the terminal shows what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// As usual.
    On,
    /// For passwords.
    Off,
}

/// Asks for a line on the controlling terminal; `None` if there is none.
///
/// `interrupt` becomes readable on Ctrl-C (see `signal::Interrupts`).
///
/// # Errors
/// When the terminal can't be read or set.
pub fn ask(
    prompt: &[u8],
    echo: Echo,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<Option<ReadLine>> {
    match OpenOptions::new().read(true).write(true).open(TERMINAL) {
        Ok(tty) => on_terminal(&tty, prompt, echo, interrupt).map(Some),
        Err(_) => Ok(None),
    }
}

const TERMINAL: &str = "/dev/tty";

fn on_terminal(
    mut tty: &File,
    prompt: &[u8],
    echo: Echo,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<ReadLine> {
    let no_echo = match echo {
        Echo::On => None,
        Echo::Off => Some(NoEcho::new(tty)?),
    };
    tty.write_all(prompt)?;
    // Reading never waits, only polling does, which Ctrl-C ends: what there was to read may be gone by
    // then. The file is opened once more so that the mode is nobody else's.
    let flags = OFlags::NONBLOCK.bits() as i32;
    let keys = OpenOptions::new().read(true).custom_flags(flags).open(TERMINAL)?;
    let answer = read_line(keys.as_fd(), interrupt);
    drop(no_echo);
    if match answer {
        Ok(ReadLine::Line(_)) => echo == Echo::Off,
        Ok(ReadLine::Eof) => true,
        Ok(ReadLine::Interrupted) | Err(_) => false,
    } {
        tty.write_all(b"\n")?;
    }
    answer
}

/// How long nothing more must come of what was typed or pasted ahead.
const QUIET: Duration = Duration::from_millis(60);
/// How long more may come.
const PATIENCE: Duration = Duration::from_secs(2);

/// Forgets what was typed on the controlling terminal and not read yet, and what is still on its way of a
/// paste.
pub fn forget_typed_ahead() {
    let Ok(tty) = OpenOptions::new().read(true).write(true).open("/dev/tty") else { return };
    let ends = Instant::now() + PATIENCE;
    // A terminal that is gone has nothing to forget.
    while tcflush(&tty, QueueSelector::IFlush).is_ok() && Instant::now() < ends {
        let mut fds = [PollFd::new(&tty, PollFlags::IN)];
        let timeout = Timespec::try_from(QUIET).ok();
        if !matches!(poll(&mut fds, timeout.as_ref()), Ok(1..)) {
            // Nothing came; in part of a line there is nothing to read, but to forget.
            let _ = tcflush(&tty, QueueSelector::IFlush);
            break;
        }
    }
}

/// Ends the line that Ctrl-C left unfinished.
pub fn end_line() {
    // A terminal that is gone needs none.
    let _ = OpenOptions::new().write(true).open(TERMINAL).and_then(|mut tty| tty.write_all(b"\n"));
}

/// Reads up to a line's end, byte by byte so that nothing behind it is taken.
pub(super) fn read_line(
    fd: BorrowedFd<'_>,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<ReadLine> {
    // Room enough for a password: growing would leave copies of it behind.
    let mut line = Vec::with_capacity(1024);
    loop {
        let mut fds = vec![PollFd::from_borrowed_fd(fd, PollFlags::IN)];
        fds.extend(interrupt.map(|i| PollFd::from_borrowed_fd(i, PollFlags::IN)));
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if fds.get(1).is_some_and(|i| !i.revents().is_empty()) {
            // A signal that does not come from the keyboard leaves what was typed, and the next line
            // would begin with it. Other than terminals keep everything.
            let _ = tcflush(fd, QueueSelector::IFlush);
            return Ok(ReadLine::Interrupted);
        }
        let mut byte = [0];
        match rustix::io::read(fd, &mut byte) {
            Ok(0) if line.is_empty() => return Ok(ReadLine::Eof),
            Ok(0) => return Ok(ReadLine::Line(line)),
            Ok(_) if byte == *b"\n" => {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(ReadLine::Line(line));
            }
            Ok(_) => line.push(byte[0]),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::WOULDBLOCK) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// While it lives, the terminal does not echo.
struct NoEcho<'a> {
    tty: &'a File,
    before: Termios,
}

impl<'a> NoEcho<'a> {
    fn new(tty: &'a File) -> io::Result<NoEcho<'a>> {
        let before = tcgetattr(tty)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(tty, OptionalActions::Flush, &silent)?;
        Ok(NoEcho { tty, before })
    }
}

impl Drop for NoEcho<'_> {
    fn drop(&mut self) {
        // The terminal is gone when this fails, and nothing is left to restore.
        let _ = tcsetattr(self.tty, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    #[test]
    fn lines_ends_and_interrupts() {
        for (input, expected) in [
            ("secret\nmore", ReadLine::Line(b"secret".to_vec())),
            ("secret\r\n", ReadLine::Line(b"secret".to_vec())),
            ("\n", ReadLine::Line(Vec::new())),
            ("half", ReadLine::Line(b"half".to_vec())),
            ("", ReadLine::Eof),
        ] {
            let (reader, mut writer) = UnixStream::pair().unwrap();
            writer.write_all(input.as_bytes()).unwrap();
            drop(writer);
            assert_eq!(read_line(reader.as_fd(), None).unwrap(), expected);
        }
        let (reader, _writer) = UnixStream::pair().unwrap();
        let (interrupt, mut raise) = UnixStream::pair().unwrap();
        raise.write_all(b"x").unwrap();
        let answer = read_line(reader.as_fd(), Some(interrupt.as_fd()));
        assert_eq!(answer.unwrap(), ReadLine::Interrupted);
    }
}
