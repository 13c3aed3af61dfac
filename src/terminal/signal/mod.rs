//! Signals: SIGINT as a readable descriptor and a flag; SIGPIPE and SIGQUIT on and off; what is done
//! before the process ends or stops.
//!
//! Owns the process's signal dispositions. Never knows what is interrupted: code that waits polls
//! [`Interrupts::fd`] as well, and code that computes checks [`Interrupts::pending`].

pub mod bracketed_paste;
mod interrupts;
mod killed;
mod sigpipe;
mod sigquit;
mod suspension;

pub use interrupts::{Interrupts, catch_alarm};
pub use killed::{before_killed, end_by_interrupt, fall_silent, restore_terminal_when_killed};
pub use sigpipe::{IgnoreSigpipe, pass_on_sigpipe, restore_inherited};
pub use sigquit::SigquitGuard;
pub(super) use suspension::Suspension;

/// Ends the process as Ctrl-\ does where the terminal sends its signal.
pub fn quit() {
    // One that is ignored does nothing.
    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGQUIT);
}

/// What the C library calls a signal, for the usual ones.
pub fn name(signal: i32) -> &'static str {
    match signal {
        libc::SIGHUP => "Hangup",
        libc::SIGINT => "Interrupt",
        libc::SIGQUIT => "Quit",
        libc::SIGILL => "Illegal instruction",
        libc::SIGTRAP => "Trace/breakpoint trap",
        libc::SIGABRT => "Aborted",
        libc::SIGBUS => "Bus error",
        libc::SIGFPE => "Floating point exception",
        libc::SIGKILL => "Killed",
        libc::SIGUSR1 => "User defined signal 1",
        libc::SIGSEGV => "Segmentation fault",
        libc::SIGUSR2 => "User defined signal 2",
        libc::SIGPIPE => "Broken pipe",
        libc::SIGALRM => "Alarm clock",
        libc::SIGTERM => "Terminated",
        _ => "unrecognized signal",
    }
}
