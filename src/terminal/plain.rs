//! Reading lines without an editor (`-n`): the terminal itself lets the user correct a line before
//! Enter.
//!
//! Owns the wait for a line, and showing what comes in meanwhile. Never knows a session: an
//! [`EditorHost`] takes what comes in.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, poll};

use super::editor_host::EditorHost;
use super::password::read_line as read_whole_line;
use super::read_line::ReadLine;

/// Shows `prompt` and reads a line of standard input. What comes in is shown below the
/// prompt and what may be typed there, which the terminal keeps, and the prompt again below them.
///
/// # Errors
/// When standard input can't be read.
pub fn read_line(
    prompt: &[u8],
    interrupt: Option<BorrowedFd<'_>>,
    host: &mut dyn EditorHost,
) -> io::Result<ReadLine> {
    let stdin = io::stdin();
    show(&[&host.take_output(), prompt])?;
    loop {
        let mut fds = vec![PollFd::new(&stdin, PollFlags::IN)];
        let others = [interrupt, host.poll_fd()];
        fds.extend(
            others.into_iter().flatten().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
        );
        let others_at = 1 + usize::from(interrupt.is_some());
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if fds.iter().take(others_at).any(|fd| !fd.revents().is_empty()) {
            return read_whole_line(stdin.as_fd(), interrupt);
        }
        let output = host.take_output();
        if !output.is_empty() {
            show(&[b"\n", &output, prompt])?;
        }
    }
}

fn show(parts: &[&[u8]]) -> io::Result<()> {
    let mut stdout = io::stdout();
    stdout.write_all(&parts.concat())?;
    stdout.flush()
}

/// Reads a line of standard input without its end, byte by byte so that nothing behind it is
/// taken; empty at the end of the input (SINGLESTEP's question).
///
/// # Errors
/// When standard input can't be read.
pub fn ask_line() -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match rustix::io::read(io::stdin(), &mut byte) {
            Ok(0) => return Ok(line),
            Ok(_) if byte == *b"\n" => return Ok(line),
            Ok(_) => line.push(byte[0]),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
