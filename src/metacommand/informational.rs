//! The Informational section of `\?`: hands the `\d` family to `describe`.

use super::{Call, Outcome};
use crate::describe::{self, Context, Request};
use crate::shell::Shell;

/// A command of the `\d` family, `\l`, `\z` or `\lo_list`.
pub fn describe_command(call: &mut Call<'_>) -> Outcome {
    let patterns = call.values();
    let name = call.name.to_vec();
    match describe(call.shell, &name, &patterns) {
        Some(ok) => ok.into(),
        None => {
            super::unknown(call.shell, call.scope, &name);
            Outcome::Failed
        }
    }
}

/// Runs a describe command (without its backslash); `None` if there is no such command, else
/// whether it went well.
pub fn describe(shell: &mut Shell, command: &[u8], patterns: &[Vec<u8>]) -> Option<bool> {
    if shell.session.is_none() {
        shell.error("You are currently not connected to a database.");
        return Some(false);
    }
    let context = context(shell);
    let request = Request { command, patterns };
    match describe::run(&request, &context, shell) {
        Ok(describe::Outcome::Done) => Some(true),
        Ok(describe::Outcome::Unknown) => None,
        Err(describe::Failed) => Some(false),
    }
}

/// What describe commands depend on, as it is now.
pub fn context(shell: &Shell) -> Context {
    let settings = shell.settings();
    let session = shell.session.as_ref();
    let standard = session.and_then(|s| s.parameter("standard_conforming_strings"));
    Context {
        version: session.map_or(0, |s| s.server_version()),
        database: session.map(|s| s.database().to_vec()).unwrap_or_default(),
        encoding: shell.encoding(),
        standard_strings: standard.is_none_or(|s| s == b"on"),
        hide_table_am: settings.hide_table_am,
        hide_toast_compression: settings.hide_toast_compression,
        quiet: settings.quiet,
        expanded: shell.print.expanded,
        tuples_only: shell.print.tuples_only,
    }
}
