//! `\e`, `\ef`, `\ev`: the query buffer, a file or a definition in the user's own editor.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::console::os_error;
use crate::console::path::{bytes_to_os, clean_path};

use crate::describe::definition::{self, Kind};
use crate::terminal::external_editor;
use std::fs::{File, FileTimes, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What `\ef` without a name begins with.
const NEW_FUNCTION: &[u8] = b"CREATE FUNCTION ( )
 RETURNS \n LANGUAGE \n -- common options:  IMMUTABLE  STABLE  STRICT  SECURITY DEFINER
AS $function$

$function$
";
/// What `\ev` without a name begins with.
const NEW_VIEW: &[u8] = b"CREATE VIEW  AS
 SELECT \n  -- something...
";

/// The text as the editor left it, if it was changed.
type Edited = Result<Option<Vec<u8>>, Reported>;

/// `\e [FILE] [LINE]`
pub fn edit(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.require_query_buffer()?;
    let mut file = call.value();
    let mut line = if file.is_some() { call.value() } else { None };
    if line.is_none() && file.as_deref().is_some_and(is_number) {
        line = file.take();
    }
    // A failure forgets the query buffer, though not that a parenthesis was open there.
    let line = line.map(|text| line_number(call, &text)).transpose();
    let line = line.inspect_err(|_| call.scope.query.clear())?;
    let buffer = !call.scope.query.is_empty();
    let edited = match &file {
        Some(name) => edit_file(call, Path::new(bytes_to_os(&clean_path(name))), line),
        None => {
            call.recall_query();
            let text = call.scope.query.clone();
            edit_text(call, &text, line)
        }
    };
    match edited.inspect_err(|_| call.scope.query.clear())? {
        Some(text) => call.scope.query = text,
        // What the buffer holds is looked at again; a file or the previous query is not run by
        // merely being looked at.
        None if buffer && file.is_none() => end_line(&mut call.scope.query),
        None => call.scope.query.clear(),
    }
    Ok(Outcome::NewText)
}

/// `\ef [FUNCTION [LINE]]`
pub fn edit_function(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    edit_definition(call, Kind::Function, NEW_FUNCTION)
}

/// `\ev [VIEW [LINE]]`
pub fn edit_view(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    edit_definition(call, Kind::View, NEW_VIEW)
}

fn edit_definition(call: &mut Call<'_>, kind: Kind, new: &[u8]) -> Result<Outcome, Reported> {
    call.require_query_buffer()?;
    let argument = call.value().unwrap_or_default();
    let (name, line) = split_line_number(&argument);
    let edited = line
        .map(|text| line_number(call, text))
        .transpose()
        .and_then(|line| edit_named(call, kind, name, line, new));
    match edited.inspect_err(|_| call.scope.query.clear())? {
        Some(text) => {
            call.scope.query = text;
            Ok(Outcome::NewText)
        }
        None => {
            call.shell.console.println("No changes");
            call.scope.query.clear();
            call.scope.lexer.reset();
            Ok(Outcome::Done)
        }
    }
}

fn edit_named(
    call: &mut Call<'_>,
    kind: Kind,
    name: &[u8],
    line: Option<u64>,
    new: &[u8],
) -> Edited {
    if name.is_empty() {
        return edit_text(call, new, line);
    }
    call.shell.connection.require(&mut call.shell.console)?;
    let context = super::informational::context(call.shell);
    let found = definition::find(kind, name, &context, call.shell)?;
    edit_text(call, &found.text, line.map(|line| line + found.header_lines as u64))
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

fn line_number(call: &mut Call<'_>, text: &[u8]) -> Result<u64, Reported> {
    match u64::try_from(crate::number::leading_integer(text)) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(call.shell.console.error([b"invalid line number: ", text].concat())),
    }
}

/// Splits the line number off a function or view: `f(int) 3`. A number alone is a name. The blank
/// between them stays with the name, as messages about it show.
fn split_line_number(argument: &[u8]) -> (&[u8], Option<&[u8]>) {
    let argument = argument.trim_ascii_end();
    let digits = argument.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (name, number) = argument.split_at(argument.len() - digits);
    match name.last() {
        Some(last) if digits > 0 && (last.is_ascii_whitespace() || *last == b')') => {
            (name, Some(number))
        }
        _ => (argument, None),
    }
}

/// Edits a file of the user's; what it holds then, or nothing if it was left alone.
fn edit_file(call: &mut Call<'_>, file: &Path, line: Option<u64>) -> Edited {
    let edited = edit_and_read(call, file, line);
    edited.map_err(|error| report(call, file, error))
}

/// Edits `text` in a temporary file; what it became, or nothing if it was left alone.
fn edit_text(call: &mut Call<'_>, text: &[u8], line: Option<u64>) -> Edited {
    let file = temporary_file();
    let edited = match write_new(&file, text) {
        Ok(()) => edit_file(call, &file, line),
        Err(error) => {
            let name = file.as_os_str().as_bytes();
            let reason = crate::console::os_error_text(&error);
            Err(call.shell.console.error(
                [b"could not open temporary file \"", name, b"\": ", reason.as_bytes()].concat(),
            ))
        }
    };
    if let Err(error) = std::fs::remove_file(&file) {
        return Err(report(call, &file, Some(error)));
    }
    edited
}

fn report(call: &mut Call<'_>, file: &Path, error: Option<io::Error>) -> Reported {
    if let Some(error) = error {
        call.shell.console.error(os_error(file.as_os_str().as_bytes(), &error));
    }
    Reported
}

/// `psql.edit.PID.sql` among the temporary files.
fn temporary_file() -> PathBuf {
    let folder = std::env::var_os("TMPDIR").unwrap_or("/tmp".into());
    Path::new(&folder).join(format!("psql.edit.{}.sql", std::process::id()))
}

/// Writes a file that was not there, for its owner alone, its last line ended.
fn write_new(file: &Path, text: &[u8]) -> io::Result<()> {
    let mut text = text.to_vec();
    end_line(&mut text);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(&text)?;
    // Older than any change that follows, however quick the editor and coarse the clock.
    file.set_times(FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(2)))
}

fn end_line(text: &mut Vec<u8>) {
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
    }
}

/// Runs the editor; what the file holds then, or nothing if it was left alone. An editor that
/// fails has no error to report: it told the user itself.
fn edit_and_read(
    call: &mut Call<'_>,
    file: &Path,
    line: Option<u64>,
) -> Result<Option<Vec<u8>>, Option<io::Error>> {
    let state = || -> io::Result<(u64, SystemTime)> {
        let metadata = File::open(file)?.metadata()?;
        Ok((metadata.len(), metadata.modified()?))
    };
    let before = state().map_err(Some)?;
    call.shell.console.output.flush();
    let status = external_editor::edit(file, line);
    call.shell.console.interrupts.forget();
    if !status.map_err(Some)?.success() {
        return Err(None);
    }
    if state().map_err(Some)? == before {
        return Ok(None);
    }
    let mut text = std::fs::read(file).map_err(Some)?;
    end_line(&mut text);
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_numbers_are_split_off() {
        for (argument, name, line) in [
            ("f", "f", None),
            ("f 3", "f ", Some("3")),
            ("f(int) 12 ", "f(int) ", Some("12")),
            ("f(int)12", "f(int)", Some("12")),
            ("f3", "f3", None),
            ("3", "3", None),
            ("f x", "f x", None),
            ("", "", None),
        ] {
            let expected = (name.as_bytes(), line.map(str::as_bytes));
            assert_eq!(split_line_number(argument.as_bytes()), expected, "{argument}");
        }
    }
}
