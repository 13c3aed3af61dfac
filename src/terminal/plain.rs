//! Reading lines without the editor: `-n`, or a terminal that can do nothing (TERM=dumb). The
//! terminal itself lets the person correct a line before Enter.
//!
//! Owns the wait for a line, and showing what comes in meanwhile. Never knows a session: what comes in
//! is a [`EditorHost`]'s to tell.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, poll};

use super::editor::EditorHost;
use super::password::read_line as read_whole_line;
use super::read_line::ReadLine;

/// Shows `prompt` and reads a line of standard input. News of the host's are shown below the
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
        let news_at = 1 + usize::from(interrupt.is_some());
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if fds.iter().take(news_at).any(|fd| !fd.revents().is_empty()) {
            return read_whole_line(stdin.as_fd(), interrupt);
        }
        let news = host.take_output();
        if !news.is_empty() {
            show(&[b"\n", &news, prompt])?;
        }
    }
}

fn show(parts: &[&[u8]]) -> io::Result<()> {
    let mut stdout = io::stdout();
    stdout.write_all(&parts.concat())?;
    stdout.flush()
}
