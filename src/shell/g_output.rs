//! Where the output of one query goes: the target of `\g` for as long as the query lasts.

use super::Shell;
use super::output::Target;
use super::query_use::Send;
use crate::print::Format;

/// The output of one query: `\g`'s file or command, opened when there is something to print.
pub(super) struct GOutput<'a> {
    target: Option<&'a [u8]>,
    /// The format, if it is not the usual one.
    pub format: Option<Format>,
    state: GState,
}

enum GState {
    Unopened,
    Failed,
    /// The former target, to put back.
    Open(Option<Target>),
}

impl<'a> GOutput<'a> {
    /// Where the query's output goes; not opened yet.
    pub fn new(send: &'a Send) -> GOutput<'a> {
        let format = send.print.as_ref().map(|options| options.format);
        GOutput { target: send.target.as_deref(), format, state: GState::Unopened }
    }

    /// Opens the target if there is one and it is not open, as every result tries anew; false after
    /// reporting a failure.
    pub fn open(&mut self, shell: &mut Shell) -> bool {
        let Some(name) = self.target else { return true };
        match self.state {
            GState::Open(_) => true,
            GState::Unopened | GState::Failed => match Target::open(name) {
                Ok(target) => {
                    self.state = GState::Open(shell.output.redirect(Some(target)));
                    true
                }
                Err(error) => {
                    shell.error(super::os_error(name, &error));
                    shell.failed_here();
                    self.state = GState::Failed;
                    false
                }
            },
        }
    }

    /// Whether the target could not be opened.
    pub fn is_failed(&self) -> bool {
        matches!(self.state, GState::Failed)
    }

    /// Runs `act` with the former target in place; not at all after a failure to open it.
    pub fn aside(&mut self, shell: &mut Shell, act: impl FnOnce(&mut Shell)) {
        if self.is_failed() {
            return;
        }
        let GState::Open(former) = &mut self.state else { return act(shell) };
        let target = shell.output.redirect(former.take());
        act(shell);
        *former = shell.output.redirect(target);
    }

    /// Closes the target and puts the former one back.
    pub fn close(self, shell: &mut Shell) {
        if let GState::Open(former) = self.state
            && let Some(target) = shell.output.redirect(former)
        {
            shell.close_target(target);
        }
    }
}
