//! What is done before a signal ends the process.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

use super::sigquit;
use crate::terminal::first_modes;
use crate::terminal::sys::ends_by_default;

/// What is done before SIGTERM, SIGHUP or SIGQUIT ends the process, the latest first.
static BEFORE_KILLED: Mutex<Vec<Box<dyn FnOnce() + Send>>> = Mutex::new(Vec::new());

/// Runs `action`, on a thread of its own, before SIGTERM, SIGHUP or SIGQUIT ends the process. A
/// signal that is ignored stays ignored.
///
/// # Errors
/// No handler can be installed, or no thread started.
pub fn before_killed(action: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut actions = BEFORE_KILLED.lock().unwrap_or_else(PoisonError::into_inner);
    actions.push(Box::new(action));
    if actions.len() > 1 {
        return Ok(());
    }
    let mut pipes = Vec::new();
    for signal in [SIGTERM, SIGHUP, SIGQUIT] {
        let ends = match signal {
            SIGQUIT => sigquit::state().leave_to_thread(),
            _ => ends_by_default(signal),
        };
        if ends {
            let (pipe, write_end) = UnixStream::pair()?;
            signal_hook::low_level::pipe::register(signal, write_end)?;
            pipes.push((signal, pipe));
        }
    }
    let wait = move || {
        let signal = loop {
            let mut fds: Vec<_> =
                pipes.iter().map(|(_, p)| PollFd::new(p, PollFlags::IN)).collect();
            while poll(&mut fds, None).is_err() {}
            let came = fds.iter().position(|fd| !fd.revents().is_empty());
            let Some((signal, pipe)) = came.map(|index| &pipes[index]) else { continue };
            if *signal != SIGQUIT || sigquit::state().is_meant() {
                break *signal;
            }
            // It was meant for the program in the foreground.
            let _ = rustix::io::read(pipe, &mut [0; 64]);
        };
        let actions =
            std::mem::take(&mut *BEFORE_KILLED.lock().unwrap_or_else(PoisonError::into_inner));
        actions.into_iter().rev().for_each(|action| action());
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    Ok(())
}

/// Restores the terminal to what it is now before SIGTERM, SIGHUP or SIGQUIT ends the process: the
/// line editor may have changed it by then, and have it mark pastes.
///
/// # Errors
/// When standard input is no terminal, no handler can be installed, or no thread started.
pub fn restore_terminal_when_killed(marks_pastes: bool) -> io::Result<()> {
    first_modes::keep(marks_pastes)?;
    before_killed(first_modes::restore)
}

/// Sends standard error to nowhere: the process is about to be killed.
pub fn fall_silent() {
    if let Ok(nowhere) = std::fs::File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stderr(nowhere);
    }
}

/// Ends the process as Ctrl-C ends one that does not catch it, so that its parent knows.
pub fn end_by_interrupt() {
    let _ = signal_hook::low_level::emulate_default_handler(SIGINT);
}
