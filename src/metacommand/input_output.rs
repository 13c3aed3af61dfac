//! `\echo` and its kin, `\i`, `\ir`, `\o`.

use super::call::{Call, Outcome};
use crate::console::input::Source;
use crate::console::os_error;
use crate::console::path::{bytes_to_os, expand_tilde, shortened};
use crate::console::target::{Appearance, Target};
use crate::console::{Console, Reported};
use crate::restore;
use crate::shell::Shell;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// `\echo`, `\qecho`, `\warn`: writes the arguments with a blank between them, each before the next
/// is read, which may have something to report.
pub fn echo(call: &mut Call<'_>) -> Result<Outcome, Reported> {
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
    Ok(Outcome::Done)
}

fn echo_text(call: &mut Call<'_>, text: &[u8]) {
    let output = &mut call.shell.console.output;
    let out = match call.name {
        b"warn" => return output.stderr_as_written(text),
        b"qecho" => output.query_as_written(),
        _ => output.stdout_as_written(),
    };
    let _ = out.write_all(text);
}

/// `\i FILE`, `\ir FILE`: reads commands from a file.
pub fn include(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let name = call.required()?;
    let relative = matches!(call.name, b"ir" | b"include_relative");
    let source = open_script(call.shell, &expand_tilde(&name), relative)?;
    call.shell.queries().confirm_script(&name)?;
    Ok(Outcome::Include(Box::new(source)))
}

/// Opens a script to read.
///
/// # Errors
/// The file can't be opened.
pub fn open_script(shell: &mut Shell, name: &[u8], relative: bool) -> Result<Source, Reported> {
    let console = &mut shell.console;
    if name == b"-" && console.is_on_terminals() {
        // The user types the script, without the editor, as the documentation says.
        console.output.show_user(console.encoding());
        return Ok(Source::typed_script());
    }
    if name == b"-" {
        let source = console.input.open_standard(Some(b"<stdin>"));
        return source.map_err(|error| console.error(os_error(name, &error)));
    }
    let mut path = PathBuf::from(bytes_to_os(&shortened(name)));
    if relative
        && path.is_relative()
        && let Some(folder) = console.input.folder()
    {
        path = folder.join(path);
    }
    let path = shortened(path.as_os_str().as_bytes());
    refuse_dump(console, &path)?;
    Source::file(Path::new(bytes_to_os(&path)), &path, console.interrupts.signal())
        .map_err(|error| console.error(os_error(&path, &error)))
}

/// At the prompt, names a dump that is no script, and what reads it; a script gets psql's answer.
fn refuse_dump(console: &mut Console, path: &[u8]) -> Result<(), Reported> {
    if !console.is_interactive() || console.program() == b"psql" {
        return Ok(());
    }
    let Some((what, hint)) = restore::named(Path::new(bytes_to_os(path))) else { return Ok(()) };
    let reported = console.error(what);
    let hint = format!("HINT:  {hint}");
    console.tell(hint);
    Err(reported)
}

/// `\o [FILE]`: sends query results to a file or a command.
pub fn out(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let target = match call.value() {
        Some(name) if !name.is_empty() => {
            let name = expand_tilde(&name);
            let appearance = Appearance::for_format(call.shell.console.print.format);
            let environment = call.shell.console.child_environment();
            match Target::open(&name, appearance, &environment) {
                Ok(target) => Some(target),
                Err(error) => return Err(call.shell.console.error(os_error(&name, &error))),
            }
        }
        _ => None,
    };
    call.shell.console.redirect_results(target)?;
    Ok(Outcome::Done)
}
