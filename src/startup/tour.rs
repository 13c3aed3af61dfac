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

/// Makes the shop, before a start-up file can lead elsewhere; whether there is one. What failed is told.
pub(super) fn make_shop(shell: &mut Shell) -> bool {
    const OURS: &str = "SET client_encoding TO 'UTF8'; SET search_path TO public; \
                        SET default_transaction_read_only TO off";
    const THE_USERS: &str =
        "RESET client_encoding; RESET search_path; RESET default_transaction_read_only";
    let is_made = [OURS, tour::samples(), THE_USERS]
        .iter()
        .all(|script| shell.connection.run_hidden(&mut shell.console, script.as_bytes()).is_ok());
    if !is_made {
        shell.console.info("Without its shop there is no tour; \\q leaves.");
    }
    is_made
}
