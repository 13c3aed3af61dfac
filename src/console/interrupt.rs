//! Ctrl-C as the shell knows it: whether it was pressed, and what it broke off.

use crate::terminal::signal::Interrupts;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::rc::Rc;
use std::time::Duration;

/// What Ctrl-C broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// A wait for input: nothing was at work. To psql that concerns the one command or script.
    Reading,
    /// A query, a program, a command. To psql the run as a whole is unwanted from then on.
    Working,
}

/// Whether Ctrl-C was pressed, and what became of it.
#[derive(Debug, Default)]
pub struct InterruptState {
    /// SIGINT, once it is watched for.
    signal: Option<Rc<Interrupts>>,
    /// It came since the last command began, and was taken note of.
    work_interrupted: bool,
    /// It broke off a read of the last command's.
    read_interrupted: bool,
    /// It ended a script or a `-c`.
    script_interrupted: bool,
    /// It ended one of the `-c` and `-f` at work: the user wanted none of those that come after,
    /// though psql goes on with them, and their queries count as failed.
    actions_interrupted: bool,
}

impl InterruptState {
    /// Starts to watch for Ctrl-C.
    pub fn watch(&mut self) {
        // Without it Ctrl-C ends the program, which is better than not starting at all.
        self.signal = Interrupts::install().ok().map(Rc::new);
    }

    /// What tells of Ctrl-C, for whoever waits.
    pub fn signal(&self) -> Option<Rc<Interrupts>> {
        self.signal.clone()
    }

    /// As [`InterruptState::signal`], borrowed.
    pub fn signal_ref(&self) -> Option<&Interrupts> {
        self.signal.as_deref()
    }

    /// The descriptor that becomes readable on Ctrl-C.
    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.signal.as_ref().map(|signal| signal.fd())
    }

    /// As [`InterruptState::fd`], for what outlives this.
    pub fn owned_fd(&self) -> Option<OwnedFd> {
        self.signal.as_ref().and_then(|signal| signal.try_clone_fd().ok())
    }

    /// A command begins.
    pub fn begin_command(&mut self) {
        self.work_interrupted = false;
    }

    /// Whether Ctrl-C was pressed since the last command began, or it was last asked.
    pub fn is_pressed(&self) -> bool {
        self.read_interrupted || self.is_work_interrupted()
    }

    /// As [`InterruptState::is_pressed`], other than while input was waited for.
    pub fn is_work_interrupted(&self) -> bool {
        self.work_interrupted || self.signal.as_ref().is_some_and(|signal| signal.pending())
    }

    /// As [`InterruptState::is_work_interrupted`], if it was taken note of.
    pub fn is_work_given_up(&self) -> bool {
        self.work_interrupted
    }

    /// Whether Ctrl-C was pressed since the last command began, or it was last asked, and forgets
    /// it.
    pub fn take(&mut self) -> Option<Interrupted> {
        let pressed = self.signal.as_ref().is_some_and(|signal| signal.take());
        let working = std::mem::take(&mut self.work_interrupted) || pressed;
        let reading = std::mem::take(&mut self.read_interrupted);
        match (working, reading) {
            (true, _) => Some(Interrupted::Working),
            (false, true) => Some(Interrupted::Reading),
            (false, false) => None,
        }
    }

    /// Forgets a Ctrl-C that was somebody else's.
    pub fn forget(&mut self) {
        self.take();
    }

    /// A read ended because of Ctrl-C: what reads no further tells the loop so.
    pub fn break_off_reading(&mut self) {
        self.forget();
        self.read_interrupted = true;
    }

    /// What is at work is given up because of Ctrl-C.
    pub fn give_up_work(&mut self) {
        // So that nobody does so a second time.
        self.forget();
        self.work_interrupted = true;
    }

    /// Ctrl-C while a command waited for something else than the server: it is for what comes behind
    /// the command, and the server, which is at work on nothing, is asked to cancel nothing.
    pub fn defer(&mut self) {
        self.work_interrupted |= self.signal.as_ref().is_some_and(|signal| signal.take());
    }

    /// Waits until Ctrl-C comes or the time is over; whether it came.
    pub fn pause(&mut self, time: Duration) -> bool {
        match &self.signal {
            Some(signal) => signal.wait(time),
            None => std::thread::sleep(time),
        }
        self.take().is_some()
    }

    /// Ctrl-C ended a script or a `-c`, and nobody at a prompt goes on.
    pub fn end_script(&mut self, what: Interrupted) {
        self.script_interrupted = true;
        self.actions_interrupted |= what == Interrupted::Working;
    }

    /// Whether Ctrl-C ended a script or a `-c`.
    pub fn has_ended_script(&self) -> bool {
        self.script_interrupted
    }

    /// Whether Ctrl-C ended one of the `-c` and `-f` at work.
    pub fn has_ended_actions(&self) -> bool {
        self.actions_interrupted
    }

    /// No script is to run with half of its settings: a start-up file that Ctrl-C ended ends all
    /// actions.
    pub fn end_actions_too(&mut self) {
        self.actions_interrupted |= self.script_interrupted;
    }

    /// A prompt is shown: what was ended before it does not concern what is typed there.
    pub fn begin_prompt(&mut self) {
        self.actions_interrupted = false;
    }
}
