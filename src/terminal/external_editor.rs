//! The user's own text editor, for `\e`, `\ef` and `\ev`.
//!
//! Owns which editor is run and how it gets a line number (psql's documentation, "Environment").
//! Never knows what is in the file.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus};

use super::signal::{SigquitGuard, pass_on_sigpipe};

/// The editor when no variable names one.
const DEFAULT_EDITOR: &str = "vi";
/// The option for a line number unless PSQL_EDITOR_LINENUMBER_ARG says otherwise.
const DEFAULT_LINE_ARGUMENT: &str = "+";

/// The shell command that opens `file`, at `line` if given; `variable` looks up the environment.
fn command(
    file: &Path,
    line: Option<u64>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> OsString {
    let editor = ["PSQL_EDITOR", "EDITOR", "VISUAL"].iter().find_map(|name| variable(name));
    let mut text = b"exec ".to_vec();
    // Unquoted: the variable may hold arguments too.
    text.extend_from_slice(editor.as_deref().unwrap_or(OsStr::new(DEFAULT_EDITOR)).as_bytes());
    if let Some(line) = line {
        let argument = variable("PSQL_EDITOR_LINENUMBER_ARG");
        let argument = argument.as_deref().unwrap_or(OsStr::new(DEFAULT_LINE_ARGUMENT));
        text.push(b' ');
        text.extend_from_slice(argument.as_bytes());
        text.extend_from_slice(line.to_string().as_bytes());
    }
    text.extend_from_slice(b" '");
    // A file's name is no option.
    if file.as_os_str().as_bytes().starts_with(b"-") {
        text.extend_from_slice(b"./");
    }
    for &byte in file.as_os_str().as_bytes() {
        match byte {
            b'\'' => text.extend_from_slice(b"'\\''"),
            _ => text.push(byte),
        }
    }
    text.push(b'\'');
    OsString::from_vec(text)
}

/// Opens `file` in the user's editor, at `line` (from 1) if given, and waits for its end. The
/// caller may use the editor's status, which psql ignores.
///
/// # Errors
/// When `sh` can't be started.
pub fn edit(file: &Path, line: Option<u64>) -> io::Result<ExitStatus> {
    let command = command(file, line, |name| std::env::var_os(name));
    let _quit = SigquitGuard::acquire();
    // The shell calls itself `sh` in its messages.
    let mut shell = Command::new("/bin/sh");
    shell.arg0("sh").arg("-c").arg(command);
    pass_on_sigpipe(&mut shell);
    shell.status()
}

/// Opens a text in the user's editor, and waits for its end. What it became, without the ends of its
/// last lines; nothing if the editor failed, which told the user itself.
///
/// # Errors
/// There is no room for a file, `sh` can't be started, or what comes back is no text.
pub fn edit_text(text: &str) -> io::Result<Option<String>> {
    let mut file = tempfile::Builder::new().prefix("psql.edit.").suffix(".sql").tempfile()?;
    writeln!(file, "{text}")?;
    if !edit(file.path(), None)?.success() {
        return Ok(None);
    }
    let edited = std::fs::read_to_string(file.path())?;
    Ok(Some(edited.trim_end_matches('\n').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_psqls() {
        for (environment, line, expected) in [
            (&[][..], None, "exec vi 'a b.sql'"),
            (&[], Some(2), "exec vi +2 'a b.sql'"),
            (&[("VISUAL", "v")], None, "exec v 'a b.sql'"),
            (&[("VISUAL", "v"), ("EDITOR", "e -x")], Some(3), "exec e -x +3 'a b.sql'"),
            (&[("PSQL_EDITOR", "p"), ("EDITOR", "e")], None, "exec p 'a b.sql'"),
            (&[("PSQL_EDITOR_LINENUMBER_ARG", "--line ")], Some(4), "exec vi --line 4 'a b.sql'"),
        ] {
            let variable = |name: &str| {
                environment.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value))
            };
            assert_eq!(command(Path::new("a b.sql"), line, variable), expected);
        }
        assert_eq!(command(Path::new("a'b"), None, |_| None), "exec vi 'a'\\''b'");
        // psql's editor gets an option.
        assert_eq!(command(Path::new("-c!x"), None, |_| None), "exec vi './-c!x'");
    }
}
