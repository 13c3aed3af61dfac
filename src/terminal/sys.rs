//! The one place of `unsafe`: what happens on SIGPIPE.
//!
//! Rust's runtime ignores SIGPIPE at start-up, so that writing to a closed pipe is an error. psql
//! lets the signal end it (`psql -c ... | head` is silent), except while it writes to a pipe of
//! its own. No safe crate sets a signal's disposition to "default" or "ignore".
#![allow(unsafe_code)]

/// What the kernel does with this process when it writes to a pipe nobody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// The process ends.
    Default,
    /// The write fails with EPIPE.
    Ignore,
}

/// Sets what SIGPIPE does and tells what it did before.
pub(super) fn set_sigpipe(disposition: Disposition) -> Disposition {
    let handler = match disposition {
        Disposition::Default => libc::SIG_DFL,
        Disposition::Ignore => libc::SIG_IGN,
    };
    // SAFETY: signal(2) with SIG_DFL or SIG_IGN runs no code of ours and touches no memory.
    let before = unsafe { libc::signal(libc::SIGPIPE, handler) };
    if before == libc::SIG_IGN { Disposition::Ignore } else { Disposition::Default }
}
