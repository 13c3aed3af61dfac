//! The Informational section of `\?`: hands the `\d` family to `describe`.

use super::call::{Call, Outcome};
use crate::connection::Lost;
use crate::console::Reported;
use crate::describe::{self, Context, Request};
use crate::shell::Shell;

/// A command of the `\d` family, `\l`, `\z` or `\lo_list`.
pub fn describe_command(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let patterns = call.values();
    let name = call.name.to_vec();
    match describe(call.shell, &name, &patterns)? {
        describe::Outcome::Done => Ok(Outcome::Done),
        describe::Outcome::Unknown => {
            Err(super::call::report_unknown(call.shell, call.scope, &name))
        }
    }
}

/// Runs a describe command (without its backslash), if there is one of that name.
///
/// # Errors
/// It failed.
pub fn describe(
    shell: &mut Shell,
    command: &[u8],
    patterns: &[Vec<u8>],
) -> Result<describe::Outcome, Reported> {
    require_connection(shell)?;
    let context = context(shell);
    let request = Request { command, patterns };
    describe::run(&request, &context, shell)
}

/// Sees that there is a connection, anew if it was lost.
///
/// # Errors
/// There is none.
pub fn require_connection(shell: &mut Shell) -> Result<(), Reported> {
    shell.connection.require(&mut shell.console)?;
    let lost = shell.connection.renew_if_lost(&mut shell.console)?;
    if let Some(words) = lost.and_then(Lost::words) {
        shell.console.info(words);
    }
    Ok(())
}

/// What describe commands depend on, as it is now.
pub fn context(shell: &Shell) -> Context {
    let settings = shell.console.settings();
    let session = shell.connection.session();
    Context {
        version: session.map_or(0, |s| s.server_version()),
        database: session.map(|s| s.database().to_vec()).unwrap_or_default(),
        encoding: shell.console.encoding(),
        hide_table_am: settings.hide_table_am,
        hide_toast_compression: settings.hide_toast_compression,
        quiet: settings.quiet,
    }
}
