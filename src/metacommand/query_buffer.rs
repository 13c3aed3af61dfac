//! The Query Buffer section of `\?`, and the definitions `\sf` and `\sv` show.

use super::{Call, Outcome};
use crate::shell::copy::exit_text;
use crate::shell::os_error;
use crate::shell::output::Target;
use crate::terminal::signal::IgnoreSigpipe;

/// `\p`: shows the query buffer, or the previous query if it is empty.
pub fn print(call: &mut Call<'_>) -> Outcome {
    if !call.scope.query.is_empty() {
        let query = call.scope.query.clone();
        call.shell.put(query);
    } else if !call.scope.previous.is_empty() {
        let query = call.scope.previous.clone();
        call.shell.put(query);
    } else {
        call.shell.say("Query buffer is empty.");
    }
    Outcome::Done
}

/// `\r`: empties the query buffer.
pub fn reset(call: &mut Call<'_>) -> Outcome {
    call.scope.query.clear();
    call.scope.lexer.reset();
    call.shell.say("Query buffer reset (cleared).");
    Outcome::Done
}

/// `\w FILE`: writes the query buffer, or the previous query if it is empty, to a file or command.
pub fn write(call: &mut Call<'_>) -> Outcome {
    if let Some(refused) = call.refused_without_query_buffer() {
        return refused;
    }
    let Some(name) = call.value() else { return call.missing() };
    let pipe = name.starts_with(b"|");
    let name = if pipe { name } else { crate::shell::output::clean_path(&name) };
    // A program may write where results go.
    call.shell.output.flush();
    let query = match call.scope.query.is_empty() {
        false => &call.scope.query,
        true => &call.scope.previous,
    };
    let _sigpipe = IgnoreSigpipe::acquire();
    let opened = if pipe { Target::open(&name) } else { Target::file(&name) };
    let written = opened.and_then(|mut target| {
        if !query.is_empty() {
            target.writer().write_all(query)?;
            target.writer().write_all(b"\n")?;
        }
        target.close()
    });
    match written {
        Ok(status) => {
            let Some(status) = status else { return Outcome::Done };
            call.shell.shell_result(Ok(status));
            if status.success() {
                return Outcome::Done;
            }
            let reason = exit_text(status);
            call.shell.error([&name[..], b": ", reason.as_bytes()].concat());
            Outcome::Failed
        }
        Err(error) => {
            call.shell.error(os_error(&name, &error));
            Outcome::Failed
        }
    }
}

/// `\s [FILE]`: shows the history, or writes it to a file.
pub fn history(call: &mut Call<'_>) -> Outcome {
    let file = call.value();
    let Some(editor) = &call.shell.editor else {
        call.shell.error("history is not supported by this installation");
        if file.is_none() {
            call.shell.put("");
        }
        return Outcome::Failed;
    };
    let text: String = editor.history().entries().flat_map(|entry| [entry, "\n"]).collect();
    match file {
        None => {
            call.shell.page(text.as_bytes());
            call.shell.put("");
            Outcome::Done
        }
        Some(name) => {
            let name = crate::shell::output::expand_tilde(&name);
            match std::fs::write(crate::shell::output::bytes_to_os(&name), text) {
                Ok(()) => {
                    call.shell.say([b"Wrote history to file \"", &name[..], b"\"."].concat());
                    Outcome::Done
                }
                Err(error) => {
                    call.shell.error(os_error(&name, &error));
                    Outcome::Failed
                }
            }
        }
    }
}
