//! Whom Ctrl-\ (SIGQUIT) ends: the shell, or the program in the foreground.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::SIGQUIT;

use crate::terminal::sys::ends_by_default;

/// While it lives, Ctrl-\ (SIGQUIT) ends only the program that runs in the foreground.
#[derive(Debug)]
pub struct SigquitGuard {
    before: bool,
}

/// What SIGQUIT does to the shell.
pub(super) struct SigquitState {
    /// Whether the process was started with the default, not with SIGQUIT ignored.
    by_default: bool,
    /// Whether it ends the process, as it does by default.
    wanted: AtomicBool,
    /// Whether it came, and was not left to others.
    came: Arc<AtomicBool>,
    /// Whether it does so at once.
    at_once: Arc<AtomicBool>,
    /// Whether a thread ends the process, once it has restored the terminal.
    by_thread: AtomicBool,
}

impl SigquitState {
    /// Sets whether SIGQUIT ends the process, and returns whether it did before.
    fn set(&self, wanted: bool) -> bool {
        let before = self.wanted.swap(wanted, Ordering::SeqCst);
        self.at_once.store(wanted && !self.by_thread.load(Ordering::Relaxed), Ordering::Relaxed);
        before
    }

    /// Whether a SIGQUIT that came is to end the process. What came while it was left to others is
    /// not, however late the thread learns of it.
    pub fn is_meant(&self) -> bool {
        self.wanted.load(Ordering::SeqCst) && self.came.swap(false, Ordering::SeqCst)
    }

    /// Leaves ending the process to a thread from now on; false if SIGQUIT is ignored.
    pub fn leave_to_thread(&self) -> bool {
        self.by_thread.store(true, Ordering::Relaxed);
        self.at_once.store(false, Ordering::Relaxed);
        self.by_default
    }
}

pub(super) fn state() -> &'static SigquitState {
    static STATE: OnceLock<SigquitState> = OnceLock::new();
    STATE.get_or_init(|| {
        let by_default = ends_by_default(SIGQUIT);
        let at_once = Arc::new(AtomicBool::new(true));
        let came = Arc::new(AtomicBool::new(false));
        // Unlike a signal that is ignored, one that is caught has its default action in what is
        // started. Without a handler, Ctrl-\ ends the shell as well.
        if by_default {
            let _ = signal_hook::flag::register_conditional_default(SIGQUIT, Arc::clone(&at_once));
            let _ = signal_hook::flag::register(SIGQUIT, Arc::clone(&came));
        }
        let by_thread = AtomicBool::new(false);
        SigquitState { by_default, wanted: AtomicBool::new(true), came, at_once, by_thread }
    })
}

impl SigquitGuard {
    /// Leaves Ctrl-\ to others from now on.
    pub fn acquire() -> SigquitGuard {
        SigquitGuard { before: state().set(false) }
    }
}

impl Drop for SigquitGuard {
    fn drop(&mut self) {
        state().came.store(false, Ordering::SeqCst);
        state().set(self.before);
    }
}
