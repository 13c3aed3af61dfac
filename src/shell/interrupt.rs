//! Ctrl-C as the shell knows it: whether it was pressed, and what it broke off.

use super::Shell;

/// What Ctrl-C broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// A wait for input: nothing was at work. To psql that concerns the one command or script.
    Reading,
    /// A query, a program, a command. To psql the run as a whole is unwanted from then on.
    Working,
}

impl Shell {
    /// Whether Ctrl-C was pressed since the last command began, or it was last asked.
    pub fn is_interrupted(&self) -> bool {
        self.reading_interrupted || self.is_cancelled()
    }

    /// As [`Shell::is_interrupted`], other than while input was waited for.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled || self.interrupts.as_ref().is_some_and(|i| i.pending())
    }

    /// Whether Ctrl-C was pressed since the last command began, or it was last asked, and forgets
    /// it.
    pub fn take_interrupt(&mut self) -> Option<Interrupted> {
        let pressed = self.interrupts.as_ref().is_some_and(|i| i.take());
        let working = std::mem::take(&mut self.cancelled) || pressed;
        let reading = std::mem::take(&mut self.reading_interrupted);
        match (working, reading) {
            (true, _) => Some(Interrupted::Working),
            (false, true) => Some(Interrupted::Reading),
            (false, false) => None,
        }
    }

    /// Whether Ctrl-C was pressed since the line before, and forgets it with what was typed ahead.
    pub fn take_interrupt_at_prompt(&mut self) -> bool {
        // A cancelled query has left the cursor at the start of a line.
        let begun = !self.cancelled;
        if self.take_interrupt().is_none() {
            return false;
        }
        if begun {
            // The terminal shows `^C` where it was pressed.
            let _ = self.output.stdout().write_all(b"\n");
        }
        self.forget_typed_ahead();
        true
    }

    /// Ctrl-C while a command waited for something else than the server: it is for what comes behind the
    /// command, and the server, which is at work on nothing, is asked to cancel nothing.
    pub(super) fn defer_interrupt(&mut self) {
        self.cancelled |= self.interrupts.as_ref().is_some_and(|i| i.take());
    }

    /// Forgets a Ctrl-C that was somebody else's.
    pub fn forget_interrupt(&mut self) {
        self.take_interrupt();
    }

    /// A read ended because of Ctrl-C: what reads no further tells the loop so.
    pub(super) fn break_off_reading(&mut self) {
        self.forget_interrupt();
        self.reading_interrupted = true;
    }

    /// Ctrl-C while a result was printed: the rest is not shown, and no more is asked for.
    pub(super) fn printing_interrupted(&mut self) {
        self.cancel_query();
    }

    /// Ctrl-C while the server works: asks it to cancel, and remembers that the user asked. A server
    /// that was asked in vain is waited for no longer.
    pub(super) fn cancel_query(&mut self) {
        // So that nobody asks a second time.
        self.forget_interrupt();
        self.cancelled = true;
        let Some(session) = self.session.as_mut() else { return };
        if session.note_cancel_request() {
            return;
        }
        let token = session.cancel_token();
        match token.cancel() {
            Ok(()) => self.output.stderr(b"Cancel request sent\n"),
            Err(reason) => {
                let text = [b"Could not send cancel request: ", &reason[..], b"\n"].concat();
                self.output.stderr(&text);
            }
        }
    }

    /// Ctrl-C ended a script or a `-c`, and nobody at a prompt goes on.
    pub fn end_interrupted(&mut self, what: Interrupted) {
        self.interrupted = true;
        self.unwanted |= what == Interrupted::Working;
    }
}
