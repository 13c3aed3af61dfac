//! Where the output of one query goes: the target of `\g` for as long as the query lasts. Opening,
//! closing and how its program ended are `console::target`'s.

use super::request::ResultPlan;
use crate::console::target::{Appearance, Target};
use crate::console::{Console, Reported, os_error};
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
    pub fn new(plan: &'a ResultPlan) -> GOutput<'a> {
        let format = plan.print.as_ref().map(|options| options.format);
        GOutput { target: plan.target.as_deref(), format, state: GState::Unopened }
    }

    /// Opens the target if there is one and it is not open, as every result tries anew.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(&mut self, console: &mut Console) -> Result<(), Reported> {
        let Some(name) = self.target else { return Ok(()) };
        match self.state {
            GState::Open(_) => Ok(()),
            GState::Unopened | GState::Failed => {
                let appearance =
                    Appearance::for_format(self.format.unwrap_or(console.print.format));
                match Target::open(name, appearance, &console.child_environment()) {
                    Ok(target) => {
                        self.state = GState::Open(console.output.redirect(Some(target)));
                        Ok(())
                    }
                    Err(error) => {
                        let reported = console.error(os_error(name, &error));
                        console.publish_own_failure();
                        self.state = GState::Failed;
                        Err(reported)
                    }
                }
            }
        }
    }

    /// Whether the target could not be opened.
    pub fn is_failed(&self) -> bool {
        matches!(self.state, GState::Failed)
    }

    /// Runs `act` with the former target in place; not at all after a failure to open it.
    pub fn aside(&mut self, console: &mut Console, act: impl FnOnce(&mut Console)) {
        if self.is_failed() {
            return;
        }
        let GState::Open(former) = &mut self.state else { return act(console) };
        let target = console.output.redirect(former.take());
        act(console);
        *former = console.output.redirect(target);
    }

    /// Closes the target and puts the former one back.
    ///
    /// # Errors
    /// A file that was to appear once it is whole does not.
    pub fn close(self, console: &mut Console) -> Result<(), Reported> {
        match self.state {
            GState::Open(former) => match console.output.redirect(former) {
                Some(target) => console.close_target(target),
                None => Ok(()),
            },
            GState::Unopened | GState::Failed => Ok(()),
        }
    }
}
