//! What writing to a closed pipe does: the end of the process (SIGPIPE), or an error.

use std::cell::Cell;
use std::marker::PhantomData;
use std::process::Command;

use crate::terminal::sys::{self, Disposition, set_sigpipe};

/// Sets SIGPIPE to what the process was started with, as it is in every other program: by default,
/// writing to a closed standard output ends the process silently. Takes SIGCHLD from those ignored,
/// so that programs have a status. To be called first.
pub fn restore_inherited() {
    sys::set_signals_at_start();
}

/// Makes `command` start with SIGPIPE as this process has it now.
pub fn pass_on_sigpipe(command: &mut Command) {
    sys::pass_on_sigpipe(command);
}

/// While it lives, writing to a closed pipe is an error (EPIPE) rather than the end of the
/// process. They nest.
#[derive(Debug)]
pub struct IgnoreSigpipe {
    before: Disposition,
    // The disposition is the process's: a guard belongs to the thread that made it.
    _single_thread: PhantomData<Cell<()>>,
}

impl IgnoreSigpipe {
    /// Ignores SIGPIPE from now on.
    pub fn acquire() -> IgnoreSigpipe {
        IgnoreSigpipe { before: set_sigpipe(Disposition::Ignore), _single_thread: PhantomData }
    }
}

impl Drop for IgnoreSigpipe {
    fn drop(&mut self) {
        set_sigpipe(self.before);
    }
}
