//! The one place of `unsafe`: what happens on SIGPIPE, SIGINT and SIGQUIT, the environment, the locale with
//! its time, and the end of memory.
//!
//! Rust's runtime ignores SIGPIPE at start-up, so that writing to a closed pipe is an error. psql
//! lets the signal end it (`psql -c ... | head` is silent), unless its parent had the signal
//! ignored, or while it writes to a pipe of its own. No safe crate sets a signal's disposition to
//! "default" or "ignore".
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::CStr;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the kernel does with this process when it writes to a pipe nobody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// The process ends.
    Default,
    /// The write fails with EPIPE.
    Ignore,
}

/// Sets what SIGPIPE does and returns what it did before.
pub(super) fn set_sigpipe(disposition: Disposition) -> Disposition {
    let handler = match disposition {
        Disposition::Default => libc::SIG_DFL,
        Disposition::Ignore => libc::SIG_IGN,
    };
    // SAFETY: signal(2) with SIG_DFL or SIG_IGN runs no code of ours and touches no memory.
    let before = unsafe { libc::signal(libc::SIGPIPE, handler) };
    if before == libc::SIG_IGN { Disposition::Ignore } else { Disposition::Default }
}

/// Whether SIGPIPE was ignored when the process was started.
static SIGPIPE_WAS_IGNORED: AtomicBool = AtomicBool::new(false);

/// Looks at SIGPIPE before Rust's runtime changes it: the loader calls what this section names
/// first.
// SAFETY: the section holds pointers to functions of this type.
#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static AT_START: extern "C" fn() = look_at_sigpipe;

extern "C" fn look_at_sigpipe() {
    SIGPIPE_WAS_IGNORED.store(disposition(libc::SIGPIPE) == libc::SIG_IGN, Ordering::Relaxed);
}

/// What happens on a signal: a handler, SIG_DFL or SIG_IGN.
fn disposition(signal: libc::c_int) -> libc::sighandler_t {
    action(signal).sa_sigaction
}

fn action(signal: libc::c_int) -> libc::sigaction {
    // SAFETY: sigaction(2) without a new action only returns the present one, into a value of ours
    // of which all bytes may be zero.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &mut action);
        action
    }
}

/// Sets SIGPIPE to what the process was started with, and SIGCHLD to its default: a parent may hand
/// on that it is ignored, and then programs have no status.
pub(super) fn set_signals_at_start() {
    if !SIGPIPE_WAS_IGNORED.load(Ordering::Relaxed) {
        set_sigpipe(Disposition::Default);
    }
    // SAFETY: as in set_sigpipe.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
}

/// Makes a command ignore SIGPIPE if this process does now: the standard library gives its children
/// the default.
pub(super) fn pass_on_sigpipe(command: &mut Command) {
    if disposition(libc::SIGPIPE) == libc::SIG_IGN {
        // SAFETY: signal(2) may be called between fork and exec; nothing else is.
        unsafe {
            command.pre_exec(|| {
                libc::signal(libc::SIGPIPE, libc::SIG_IGN);
                Ok(())
            })
        };
    }
}

/// Whether the signal ends the process, as it does unless our parent had it ignored.
pub(super) fn ends_by_default(signal: libc::c_int) -> bool {
    disposition(signal) == libc::SIG_DFL
}

/// Sets or removes a variable of the process's environment (`\setenv`). A name that is empty or
/// holds `=` or NUL, or a value that holds NUL, changes nothing.
pub fn set_environment(name: &std::ffi::OsStr, value: Option<&std::ffi::OsStr>) {
    use std::os::unix::ffi::OsStrExt;
    let bad = |text: &std::ffi::OsStr| text.as_bytes().contains(&0);
    if name.is_empty() || name.as_bytes().contains(&b'=') || bad(name) || value.is_some_and(bad) {
        return;
    }
    // SAFETY: meta-commands run on the main thread while no other thread looks at the environment:
    // the editor's lives only within `Editor::read_line`, those that wait for signals and for output
    // to print never ask it, the helper's asks it through std, and a look-up of a name that goes on
    // in the background was waited for (`network::lookup::block_lookups`).
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}

/// How C's localeconv says that numbers are written.
pub(super) struct NumericConvention {
    pub decimal_point: Vec<u8>,
    pub separator: Vec<u8>,
    pub grouping: Vec<u8>,
    /// The character set that nl_langinfo names.
    pub charmap: Vec<u8>,
}

/// Makes the environment's locale the process's, for numbers, times and the system's messages (and
/// the characters those are in), and returns how it writes numbers and characters. To be called
/// while no other thread runs.
pub(super) fn adopt_locale() -> NumericConvention {
    use std::ffi::CStr;
    // SAFETY: the name is a C string and there is no other thread. What the others return holds C
    // strings that stay until the next call of one, and they are copied at once.
    unsafe {
        for category in [libc::LC_CTYPE, libc::LC_MESSAGES, libc::LC_NUMERIC, libc::LC_TIME] {
            libc::setlocale(category, c"".as_ptr());
        }
        let conventions = &*libc::localeconv();
        let copy = |text: *const libc::c_char| CStr::from_ptr(text).to_bytes().to_vec();
        NumericConvention {
            decimal_point: copy(conventions.decimal_point),
            separator: copy(conventions.thousands_sep),
            grouping: copy(conventions.grouping),
            charmap: copy(libc::nl_langinfo(libc::CODESET)),
        }
    }
}

/// A time in seconds since 1970, as the local clock shows it, written as strftime's format says.
pub(super) fn local_time(seconds: i64, format: &CStr) -> Vec<u8> {
    let mut text = [0u8; 256];
    // SAFETY: all pointers are to live values; what localtime returns is its own until it is called
    // again, which happens here alone, on the main thread. strftime writes no more than it is told
    // there is room for, and tells how much.
    let length = unsafe {
        let time = libc::localtime(&seconds);
        if time.is_null() {
            return Vec::new();
        }
        libc::strftime(text.as_mut_ptr().cast(), text.len(), format.as_ptr(), time)
    };
    text[..length].to_vec()
}

/// The system's allocator, except that running out of memory ends the process as it ends psql: with
/// a message and status 1. Rust's own answer is an abort, which no safe code can change.
struct EndWhenFull;

#[global_allocator]
static ALLOCATOR: EndWhenFull = EndWhenFull;

// SAFETY: every call is handed to the system's allocator as it is, whose contract is the same.
unsafe impl GlobalAlloc for EndWhenFull {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        end_if_null(unsafe { System.alloc(layout) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        end_if_null(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller promises.
        end_if_null(unsafe { System.realloc(memory, layout, size) })
    }
}

#[inline]
fn end_if_null(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        out_of_memory();
    }
    memory
}

/// Ends the process, unless the caller can handle the failure. Nothing here allocates.
#[cold]
fn out_of_memory() {
    if !crate::memory::may_fail() {
        super::first_modes::restore();
        let _ = rustix::io::write(std::io::stderr(), b"out of memory\n");
        // SAFETY: _exit(2) runs no code of ours.
        unsafe { libc::_exit(1) }
    }
}
