//! `\echo` and its kin, `\i`, `\ir`, `\o`.

use super::{Call, Outcome};
use crate::shell::input::Source;
use crate::shell::os_error;
use crate::shell::output::{Target, bytes_to_os, expand_tilde, shortened};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// `\echo`, `\qecho`, `\warn`: writes the arguments with a blank between them, each before the next
/// is read, which may have something to report.
pub fn echo(call: &mut Call<'_>) -> Outcome {
    let mut newline = true;
    let mut first = true;
    while let Some(argument) = call.argument() {
        if first && newline && argument.value == b"-n" && argument.quote.is_none() {
            newline = false;
            continue;
        }
        let separator: &[u8] = if first { b"" } else { b" " };
        first = false;
        echo_text(call, &[separator, &argument.value].concat());
    }
    if newline {
        echo_text(call, b"\n");
    }
    Outcome::Done
}

fn echo_text(call: &mut Call<'_>, text: &[u8]) {
    let output = &mut call.shell.output;
    let out = match call.name {
        b"warn" => return output.stderr_as_written(text),
        b"qecho" => output.query_as_written(),
        _ => output.stdout_as_written(),
    };
    let _ = out.write_all(text);
}

/// `\i FILE`, `\ir FILE`: reads commands from a file.
pub fn include(call: &mut Call<'_>) -> Outcome {
    let Some(name) = call.value() else { return call.missing() };
    let relative = matches!(call.name, b"ir" | b"include_relative");
    match open_script(call.shell, &expand_tilde(&name), relative) {
        Ok(source) => Outcome::Include(Box::new(source)),
        Err(text) => {
            call.shell.error(text);
            Outcome::Failed
        }
    }
}

/// Opens a script to read; the error is psql's text.
///
/// # Errors
/// The file can't be opened.
pub fn open_script(
    shell: &mut crate::shell::Shell,
    name: &[u8],
    relative: bool,
) -> Result<Source, Vec<u8>> {
    if name == b"-" {
        return shell.input.open_standard(Some(b"<stdin>")).map_err(|error| os_error(name, &error));
    }
    let mut path = PathBuf::from(bytes_to_os(&shortened(name)));
    if relative
        && path.is_relative()
        && let Some(folder) = shell.input.folder()
    {
        path = folder.join(path);
    }
    let path = shortened(path.as_os_str().as_bytes());
    let interrupts = shell.interrupts.clone();
    Source::file(Path::new(bytes_to_os(&path)), &path, interrupts)
        .map_err(|error| os_error(&path, &error))
}

/// `\o [FILE]`: sends query results to a file or a command.
pub fn out(call: &mut Call<'_>) -> Outcome {
    let target = match call.value() {
        Some(name) if !name.is_empty() => {
            let name = expand_tilde(&name);
            match Target::open(&name) {
                Ok(target) => Some(target),
                Err(error) => {
                    call.shell.error(os_error(&name, &error));
                    return Outcome::Failed;
                }
            }
        }
        _ => None,
    };
    call.shell.redirect_results(target);
    Outcome::Done
}
