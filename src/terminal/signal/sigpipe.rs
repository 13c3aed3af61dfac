//! What writing to a closed pipe does: the end of the process (SIGPIPE), or an error.

use std::cell::Cell;
use std::marker::PhantomData;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

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
/// process. There may be several, which end in any order.
#[derive(Debug)]
pub struct IgnoreSigpipe {
    // The disposition is the process's: a guard belongs to the thread that made it.
    _single_thread: PhantomData<Cell<()>>,
}

/// How many [`IgnoreSigpipe`] there are, and what SIGPIPE did before the first.
static IGNORED: Mutex<(usize, Disposition)> = Mutex::new((0, Disposition::Default));

impl IgnoreSigpipe {
    /// Ignores SIGPIPE from now on.
    pub fn acquire() -> IgnoreSigpipe {
        let mut ignored = IGNORED.lock().unwrap_or_else(PoisonError::into_inner);
        if ignored.0 == 0 {
            ignored.1 = set_sigpipe(Disposition::Ignore);
        }
        ignored.0 += 1;
        IgnoreSigpipe { _single_thread: PhantomData }
    }
}

impl Drop for IgnoreSigpipe {
    fn drop(&mut self) {
        let mut ignored = IGNORED.lock().unwrap_or_else(PoisonError::into_inner);
        ignored.0 -= 1;
        if ignored.0 == 0 {
            set_sigpipe(ignored.1);
        }
    }
}
