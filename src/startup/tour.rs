//! `--tour`: what it goes with, and the shop it walks through.

use crate::cli::{Options, Scratch};
use crate::exit_status::ExitStatus;
use crate::shell::Shell;
use crate::tour;

/// Asks for the throwaway database that a tour is on.
///
/// # Errors
/// What else was asked for doesn't go with a tour; it says so.
pub(super) fn prepare(shell: &mut Shell, options: &mut Options) -> Result<(), ExitStatus> {
    if !options.tour {
        return Ok(());
    }
    let objection = if !options.actions.is_empty() || options.list || options.complete {
        "--tour is for the prompt: it can't be used with -c, -f, -l or --complete"
    } else if !shell.console.is_on_terminals() {
        "--tour is for the prompt, and needs a terminal"
    } else if matches!(options.scratch, Some(Scratch::Named(_))) {
        "--tour has a throwaway database of its own: leave out --scratch=NAME"
    } else {
        options.scratch = Some(Scratch::Fresh);
        return Ok(());
    };
    shell.console.error(objection);
    Err(ExitStatus::Failure)
}

/// Makes the shop and begins the tour. Without the shop there is none: what failed is told.
pub(super) fn begin(shell: &mut Shell) {
    if shell.connection.run_hidden(&mut shell.console, tour::samples().as_bytes()).is_ok() {
        shell.interactive.begin_tour();
    }
}
