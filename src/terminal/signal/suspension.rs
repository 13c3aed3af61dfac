//! Ctrl-Z while the terminal is the line editor's or the viewer's.

use std::io;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGCONT, SIGWINCH};

use super::bracketed_paste;

/// How long to wait for the process to be stopped.
const STOPPING: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// Ctrl-Z while the terminal is the line editor's.
#[derive(Debug)]
pub struct Suspension {
    /// The terminal as it was before the editor.
    modes: Termios,
    /// Readable once the process goes on.
    continued: UnixStream,
    handler: SigId,
    bracketed_paste: bool,
}

impl Suspension {
    /// For a terminal that is as the parent shell left it.
    ///
    /// # Errors
    /// When standard input is no terminal, or no handler can be installed.
    pub fn new(bracketed_paste: bool) -> io::Result<Suspension> {
        let modes = tcgetattr(io::stdin())?;
        let (continued, write_end) = UnixStream::pair()?;
        continued.set_nonblocking(true)?;
        let handler = signal_hook::low_level::pipe::register(SIGCONT, write_end)?;
        Ok(Suspension { modes, continued, handler, bracketed_paste })
    }

    /// Stops the process group until it is continued, with the terminal as the parent shell had it
    /// meanwhile. Nothing happens where no parent could continue it.
    ///
    /// # Errors
    /// When the terminal can't be set.
    pub fn stop(&self) -> io::Result<()> {
        let editing = tcgetattr(io::stdin())?;
        tcsetattr(io::stdin(), OptionalActions::Drain, &self.modes)?;
        if self.bracketed_paste {
            rustix::io::write(io::stdout(), bracketed_paste::OFF)?;
        }
        self.drain();
        rustix::process::kill_current_process_group(Signal::TSTP)?;
        // Another thread may be the one that is stopped: this one must not go on before that.
        let mut fds = [PollFd::new(&self.continued, PollFlags::IN)];
        let _ = poll(&mut fds, Some(&STOPPING));
        self.drain();
        tcsetattr(io::stdin(), OptionalActions::Drain, &editing)?;
        if self.bracketed_paste {
            rustix::io::write(io::stdout(), bracketed_paste::ON)?;
        }
        // The window may have another size by now.
        let _ = signal_hook::low_level::raise(SIGWINCH);
        Ok(())
    }

    fn drain(&self) {
        let mut buffer = [0; 64];
        while matches!(rustix::io::read(&self.continued, &mut buffer), Ok(n) if n > 0) {}
    }
}

impl Drop for Suspension {
    fn drop(&mut self) {
        signal_hook::low_level::unregister(self.handler);
    }
}
