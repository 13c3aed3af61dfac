//! The Query Buffer section of `\?`, and the definitions `\sf` and `\sv` show.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::console::os_error;
use crate::console::path::{bytes_to_os, clean_path, expand_tilde};
use crate::console::program::exit_text;
use crate::console::target::{Appearance, Closed, Target};
use crate::terminal::signal::IgnoreSigpipe;

/// `\p`: shows the query buffer, or the previous query if it is empty.
pub fn print(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    if !call.scope.query.is_empty() {
        let query = call.scope.query.clone();
        call.shell.console.println(query);
    } else if !call.scope.previous.is_empty() {
        let query = call.scope.previous.clone();
        call.shell.console.println(query);
    } else {
        call.shell.console.println_unless_quiet("Query buffer is empty.");
    }
    Ok(Outcome::Done)
}

/// `\r`: empties the query buffer.
pub fn reset(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.scope.query.clear();
    call.scope.lexer.reset();
    call.shell.console.println_unless_quiet("Query buffer reset (cleared).");
    Ok(Outcome::Done)
}

/// `\w FILE`: writes the query buffer, or the previous query if it is empty, to a file or command.
pub fn write(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.require_query_buffer()?;
    let name = call.required()?;
    let pipe = name.starts_with(b"|");
    let name = if pipe { name } else { clean_path(&name) };
    // A program may write where results go.
    call.shell.console.output.flush();
    let query = match call.scope.query.is_empty() {
        false => &call.scope.query,
        true => &call.scope.previous,
    };
    let _sigpipe = IgnoreSigpipe::acquire();
    let environment = call.shell.console.child_environment();
    let opened = match pipe {
        true => Target::open(&name, Appearance::AtOnce, &environment),
        false => Target::file(&name),
    };
    let written = opened.and_then(|mut target| {
        if !query.is_empty() {
            target.writer().write_all(query)?;
            target.writer().write_all(b"\n")?;
        }
        target.close()
    });
    let console = &mut call.shell.console;
    let status = written.map_err(|error| console.error(os_error(&name, &error)))?;
    if let Closed::Command(status) = status {
        console.publish_exit_status(Ok(status));
        if !status.success() {
            let reason = exit_text(status);
            return Err(console.error([&name[..], b": ", reason.as_bytes()].concat()));
        }
    }
    Ok(Outcome::Done)
}

/// `\s [FILE]`: shows the history, or writes it to a file.
pub fn history(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let file = call.value();
    let shell = &mut *call.shell;
    let Some(text) = shell.interactive.history_text() else {
        let reported = shell.console.error("history is not supported by this installation");
        if file.is_none() {
            shell.console.println("");
        }
        return Err(reported);
    };
    match file {
        None => {
            shell.page(text.as_bytes());
            shell.console.println("");
        }
        Some(name) => {
            let name = expand_tilde(&name);
            let written = std::fs::write(bytes_to_os(&name), text);
            written.map_err(|error| shell.console.error(os_error(&name, &error)))?;
            let text = [b"Wrote history to file \"", &name[..], b"\"."].concat();
            shell.console.println_unless_quiet(text);
        }
    }
    Ok(Outcome::Done)
}
