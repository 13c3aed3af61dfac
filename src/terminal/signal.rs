//! Signals: SIGINT as a readable descriptor and a flag; SIGPIPE and SIGQUIT on and off.
//!
//! Owns the process's signal dispositions. Never knows what is interrupted: whoever waits polls
//! [`Interrupts::fd`] beside what it waits for, and whoever computes asks [`Interrupts::pending`].

use std::cell::Cell;
use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};

use super::sys::{self, Disposition, ends_by_default, set_sigpipe};

/// Tells a terminal to mark pastes.
const BRACKETED_PASTE_ON: &[u8] = b"\x1b[?2004h";
/// Tells a terminal to mark pastes no more.
const BRACKETED_PASTE_OFF: &[u8] = b"\x1b[?2004l";

/// SIGINT, caught. One per process: the handlers stay until it ends.
#[derive(Debug)]
pub struct Interrupts {
    pipe: UnixStream,
    flag: Arc<AtomicBool>,
}

impl Interrupts {
    /// Starts to catch SIGINT.
    ///
    /// # Errors
    /// When no pipe can be made or no handler installed.
    pub fn install() -> io::Result<Interrupts> {
        let (pipe, write_end) = UnixStream::pair()?;
        pipe.set_nonblocking(true)?;
        let flag = Arc::new(AtomicBool::new(false));
        // In this order, so that a flag not set promises a pipe not written (or the flag to come).
        signal_hook::low_level::pipe::register(SIGINT, write_end)?;
        signal_hook::flag::register(SIGINT, Arc::clone(&flag))?;
        Ok(Interrupts { pipe, flag })
    }

    /// Becomes readable on SIGINT and stays so until [`Interrupts::take`].
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.pipe.as_fd()
    }

    /// A descriptor of one's own to poll (not to read), for who outlives a borrow.
    ///
    /// # Errors
    /// When there is no descriptor left.
    pub fn try_clone_fd(&self) -> io::Result<OwnedFd> {
        self.pipe.as_fd().try_clone_to_owned()
    }

    /// Whether SIGINT came since the last [`Interrupts::take`].
    pub fn pending(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// Waits until SIGINT comes or the time is over.
    pub fn wait(&self, time: Duration) {
        let mut fds = [PollFd::new(&self.pipe, PollFlags::IN)];
        // An early end by some other signal only shortens the wait.
        let _ = poll(&mut fds, Timespec::try_from(time).ok().as_ref());
    }

    /// Waits until `fd` can be read; false if SIGINT came, or had come, instead.
    ///
    /// # Errors
    /// When it can't be waited.
    pub fn wait_readable(&self, fd: BorrowedFd<'_>) -> io::Result<bool> {
        loop {
            if self.pending() {
                return Ok(false);
            }
            let mut fds = [self.fd(), fd].map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
            match poll(&mut fds, None) {
                Ok(_) => return Ok(fds[0].revents().is_empty()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether SIGINT came, and forgets it. Costs no system call where it did not come.
    pub fn take(&self) -> bool {
        if !self.pending() {
            return false;
        }
        self.flag.store(false, Ordering::Relaxed);
        let mut buffer = [0; 64];
        while matches!(rustix::io::read(&self.pipe, &mut buffer), Ok(n) if n > 0) {}
        true
    }
}

/// What is done before SIGTERM, SIGHUP or SIGQUIT ends the process, the latest first.
static BEFORE_KILLED: Mutex<Vec<Box<dyn FnOnce() + Send>>> = Mutex::new(Vec::new());

/// Sees to it that `action` is done, on a thread of its own, before SIGTERM, SIGHUP or SIGQUIT ends
/// the process. A signal that is ignored stays so.
///
/// # Errors
/// No handler or thread can be had.
pub fn before_killed(action: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut actions = BEFORE_KILLED.lock().unwrap_or_else(PoisonError::into_inner);
    actions.push(Box::new(action));
    if actions.len() > 1 {
        return Ok(());
    }
    let mut pipes = Vec::new();
    for signal in [SIGTERM, SIGHUP, SIGQUIT] {
        let ends = match signal {
            SIGQUIT => quits().leave_to_thread(),
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
            if *signal != SIGQUIT || quits().is_meant() {
                break *signal;
            }
            // It was the business of the program in the foreground.
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

/// Sees to it that SIGTERM, SIGHUP and SIGQUIT end the process with the terminal as it is now: the
/// line editor may have changed it when they come.
///
/// # Errors
/// When standard input is no terminal, or no handler or thread can be had.
pub fn restore_terminal_when_killed() -> io::Result<()> {
    let modes = tcgetattr(io::stdin())?;
    before_killed(move || {
        // Neither matters when the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
        let _ = rustix::io::write(io::stdout(), BRACKETED_PASTE_OFF);
    })
}

/// What is said from now on goes nowhere: the process is about to be killed.
pub fn fall_silent() {
    if let Ok(nowhere) = std::fs::File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stderr(nowhere);
    }
}

/// Ends the process as Ctrl-C ends one that does not catch it, so that its parent knows.
pub fn end_by_interrupt() {
    let _ = signal_hook::low_level::emulate_default_handler(SIGINT);
}

/// While it lives, Ctrl-\ (SIGQUIT) is the business of the program that runs in the foreground, as
/// Ctrl-C is.
#[derive(Debug)]
pub struct SigquitGuard {
    before: bool,
}

/// What SIGQUIT does.
struct Quits {
    /// Nobody ignored it for us.
    by_default: bool,
    /// It ends the process, as it does by default.
    wanted: AtomicBool,
    /// It came, and was not left to others.
    came: Arc<AtomicBool>,
    /// It does so at once.
    at_once: Arc<AtomicBool>,
    /// A thread ends the process, when it has put the terminal right.
    by_thread: AtomicBool,
}

impl Quits {
    /// Sets whether SIGQUIT ends the process, and tells whether it did before.
    fn set(&self, wanted: bool) -> bool {
        let before = self.wanted.swap(wanted, Ordering::SeqCst);
        self.at_once.store(wanted && !self.by_thread.load(Ordering::Relaxed), Ordering::Relaxed);
        before
    }

    /// Whether a SIGQUIT that came is to end the process. What came while it was left to others is
    /// not, however late the thread learns of it.
    fn is_meant(&self) -> bool {
        self.wanted.load(Ordering::SeqCst) && self.came.swap(false, Ordering::SeqCst)
    }

    /// Has a thread end the process from now on; false if nothing does.
    fn leave_to_thread(&self) -> bool {
        self.by_thread.store(true, Ordering::Relaxed);
        self.at_once.store(false, Ordering::Relaxed);
        self.by_default
    }
}

fn quits() -> &'static Quits {
    static QUITS: OnceLock<Quits> = OnceLock::new();
    QUITS.get_or_init(|| {
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
        Quits { by_default, wanted: AtomicBool::new(true), came, at_once, by_thread }
    })
}

impl SigquitGuard {
    /// Leaves Ctrl-\ to others from now on.
    pub fn acquire() -> SigquitGuard {
        SigquitGuard { before: quits().set(false) }
    }
}

impl Drop for SigquitGuard {
    fn drop(&mut self) {
        quits().came.store(false, Ordering::SeqCst);
        quits().set(self.before);
    }
}

/// How long a process has that is about to be stopped.
const STOPPING: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// Ctrl-Z while the terminal is the line editor's.
#[derive(Debug)]
pub struct Suspension {
    /// The terminal as it was before the editor.
    modes: Termios,
    /// Readable once the process goes on.
    continued: UnixStream,
    bracketed_paste: bool,
}

impl Suspension {
    /// For a terminal that is as the shell before us left it.
    ///
    /// # Errors
    /// When standard input is no terminal, or no handler can be installed.
    pub fn new(bracketed_paste: bool) -> io::Result<Suspension> {
        let modes = tcgetattr(io::stdin())?;
        let (continued, write_end) = UnixStream::pair()?;
        continued.set_nonblocking(true)?;
        signal_hook::low_level::pipe::register(SIGCONT, write_end)?;
        Ok(Suspension { modes, continued, bracketed_paste })
    }

    /// Stops the process, and those that were started along with it, until somebody lets it go on;
    /// the terminal is the shell's meanwhile. Where nobody could, nothing happens.
    ///
    /// # Errors
    /// When the terminal can't be set.
    pub fn stop(&self) -> io::Result<()> {
        let editing = tcgetattr(io::stdin())?;
        tcsetattr(io::stdin(), OptionalActions::Drain, &self.modes)?;
        if self.bracketed_paste {
            rustix::io::write(io::stdout(), BRACKETED_PASTE_OFF)?;
        }
        self.forget();
        rustix::process::kill_current_process_group(Signal::TSTP)?;
        // Another thread may be the one that is stopped: this one must not go on before that.
        let mut fds = [PollFd::new(&self.continued, PollFlags::IN)];
        let _ = poll(&mut fds, Some(&STOPPING));
        self.forget();
        tcsetattr(io::stdin(), OptionalActions::Drain, &editing)?;
        if self.bracketed_paste {
            rustix::io::write(io::stdout(), BRACKETED_PASTE_ON)?;
        }
        // The window may have another size by now.
        let _ = signal_hook::low_level::raise(SIGWINCH);
        Ok(())
    }

    fn forget(&self) {
        let mut buffer = [0; 64];
        while matches!(rustix::io::read(&self.continued, &mut buffer), Ok(n) if n > 0) {}
    }
}

/// Has SIGPIPE as whoever started the process had it, as every other program: by default, writing to a
/// closed standard output ends the process silently. Has SIGCHLD not ignored, so that programs have
/// their statuses. To be called first.
pub fn restore_inherited() {
    sys::set_signals_at_start();
}

/// Has `command` start with SIGPIPE as this process has it now.
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

/// Has SIGALRM end the process no more, as psql has once it is connected. Its programs begin with the
/// default.
pub fn catch_alarm() {
    // Without a handler the signal does what it does to others.
    let _ = signal_hook::flag::register(SIGALRM, Arc::default());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupt_is_seen_once() {
        let interrupts = Interrupts::install().unwrap();
        assert!(!interrupts.pending() && !interrupts.take());
        signal_hook::low_level::raise(SIGINT).unwrap();
        signal_hook::low_level::raise(SIGINT).unwrap();
        let mut fds = [PollFd::new(&interrupts.pipe, PollFlags::IN)];
        assert_eq!(poll(&mut fds, Some(&Default::default())).unwrap(), 1);
        assert!(interrupts.pending());
        assert!(interrupts.take());
        assert!(!interrupts.take());
        assert_eq!(poll(&mut fds, Some(&Default::default())).unwrap(), 0);
    }
}
