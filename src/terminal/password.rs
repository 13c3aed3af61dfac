//! One line asked on the terminal itself, whatever standard input and output are: passwords
//! (without echo) and `\prompt`.
//!
//! Owns the terminal's echo while it asks, and gives it back whatever happens. Never keeps or
//! logs what was typed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
};

/// What a question brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The line typed, without its end.
    Line(Vec<u8>),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D on an empty line, or a terminal that went away.
    Eof,
}

/// Asks for a line on the controlling terminal, without echo unless `echo`; `None` if there is no
/// terminal.
///
/// `interrupt` becomes readable on Ctrl-C (see `signal::Interrupts`).
///
/// # Errors
/// When the terminal can't be read or set.
pub fn ask(
    prompt: &[u8],
    echo: bool,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<Option<Answer>> {
    match OpenOptions::new().read(true).write(true).open("/dev/tty") {
        Ok(tty) => on_terminal(&tty, prompt, echo, interrupt).map(Some),
        Err(_) => Ok(None),
    }
}

fn on_terminal(
    mut tty: &File,
    prompt: &[u8],
    echo: bool,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<Answer> {
    let silence = if echo { None } else { Some(Silence::new(tty)?) };
    tty.write_all(prompt)?;
    let answer = read_line(tty.as_fd(), interrupt);
    let silent = silence.is_some();
    drop(silence);
    if match answer {
        Ok(Answer::Line(_)) => silent,
        Ok(Answer::Eof) => true,
        Ok(Answer::Interrupted) | Err(_) => false,
    } {
        tty.write_all(b"\n")?;
    }
    answer
}

/// Ends the line that Ctrl-C left unfinished.
pub fn end_line() {
    // A terminal that is gone needs none.
    let _ =
        OpenOptions::new().write(true).open("/dev/tty").and_then(|mut tty| tty.write_all(b"\n"));
}

/// Reads up to a line's end, byte by byte so that nothing behind it is taken.
pub(super) fn read_line(
    fd: BorrowedFd<'_>,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<Answer> {
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
            // A signal from elsewhere than the keyboard leaves what was typed, and the next line
            // would begin with it. What is no terminal keeps all.
            let _ = tcflush(fd, QueueSelector::IFlush);
            return Ok(Answer::Interrupted);
        }
        let mut byte = [0];
        match rustix::io::read(fd, &mut byte) {
            Ok(0) if line.is_empty() => return Ok(Answer::Eof),
            Ok(0) => return Ok(Answer::Line(line)),
            Ok(_) if byte == *b"\n" => {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Answer::Line(line));
            }
            Ok(_) => line.push(byte[0]),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// No echo while it lives.
struct Silence<'a> {
    tty: &'a File,
    before: Termios,
}

impl<'a> Silence<'a> {
    fn new(tty: &'a File) -> io::Result<Silence<'a>> {
        let before = tcgetattr(tty)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(tty, OptionalActions::Flush, &silent)?;
        Ok(Silence { tty, before })
    }
}

impl Drop for Silence<'_> {
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
            ("secret\nmore", Answer::Line(b"secret".to_vec())),
            ("secret\r\n", Answer::Line(b"secret".to_vec())),
            ("\n", Answer::Line(Vec::new())),
            ("half", Answer::Line(b"half".to_vec())),
            ("", Answer::Eof),
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
        assert_eq!(answer.unwrap(), Answer::Interrupted);
    }
}
