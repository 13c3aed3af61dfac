//! The person's edge: the editor with its history, lines read without it, the pager, signals, the
//! external editor, the password prompt.
//!
//! Owns everything that touches the terminal. Never knows a session: what Tab offers comes through
//! [`crate::completion::Catalog`], what the prompt says through [`crate::prompt`].

pub mod editor;
pub mod external_editor;
pub mod history;
pub mod inputrc;
pub mod interruptible;
pub mod pager;
pub mod password;
pub mod plain;
mod read_line;
pub mod signal;
mod sys;

pub use read_line::ReadLine;

use std::io::{self, IsTerminal};
use std::sync::OnceLock;

/// Whether standard input is a terminal.
pub fn stdin_is_tty() -> bool {
    std::io::stdin().is_terminal()
}

/// Whether standard output is a terminal.
pub fn stdout_is_tty() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub fn stderr_is_tty() -> bool {
    std::io::stderr().is_terminal()
}

/// The screen's size as the kernel has it, `(columns, lines)`, if standard output is a terminal
/// and the size is known.
pub fn size() -> Option<(usize, usize)> {
    let (columns, lines) = (columns()?, window()?.ws_row);
    (lines > 0).then(|| (columns as usize, lines.into()))
}

/// The screen's width, if standard output is a terminal and its width is known.
pub fn columns() -> Option<u32> {
    window().map(|window| window.ws_col.into()).filter(|columns| *columns > 0)
}

fn window() -> Option<rustix::termios::Winsize> {
    rustix::termios::tcgetwinsize(std::io::stdout()).ok()
}

/// Reads a line of standard input without its end, byte by byte so that nothing behind it is
/// taken; empty at the end of the input (SINGLESTEP's question).
///
/// # Errors
/// When standard input can't be read.
pub fn ask_line() -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match rustix::io::read(io::stdin(), &mut byte) {
            Ok(0) => return Ok(line),
            Ok(_) if byte == *b"\n" => return Ok(line),
            Ok(_) => line.push(byte[0]),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Sets or removes a variable of the process's environment.
pub fn set_environment(name: &std::ffi::OsStr, value: Option<&std::ffi::OsStr>) {
    sys::set_environment(name, value);
}

/// Makes the environment's locale the process's and tells how it writes numbers. To be called first,
/// while no other thread runs.
pub fn adopt_locale() -> crate::print::NumericLocale {
    if is_plain_locale(|name| std::env::var_os(name)) {
        return crate::print::NumericLocale::default();
    }
    let found = sys::adopt_locale();
    let _ = CHARMAP.set(found.charmap);
    crate::print::NumericLocale::new(&found.decimal_point, &found.separator, &found.grouping)
}

/// The locale's character set, as `locale charmap` names it; empty for the plain C locale.
static CHARMAP: OnceLock<Vec<u8>> = OnceLock::new();

/// What the adopted locale calls its character set: `ISO-8859-1`.
pub fn charmap() -> Vec<u8> {
    match CHARMAP.get() {
        Some(name) => name.clone(),
        None => {
            let names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(std::env::var_os);
            let is_utf8 = names.into_iter().find(|n| !n.is_empty()).is_some_and(|n| n == "C.UTF-8");
            if is_utf8 { b"UTF-8".to_vec() } else { Vec::new() }
        }
    }
}

/// The time it is, as the locale writes date and time.
pub fn time_of_day() -> Vec<u8> {
    sys::time_of_day()
}

/// Whether the environment asks for nothing but the C locale, which every process has: scripts often
/// do, and it need not be loaded.
fn is_plain_locale(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> bool {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    let all = given("LC_ALL");
    given("LANGUAGE").is_none()
        && ["LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME"].into_iter().all(|category| {
            let name = all.clone().or_else(|| given(category)).or_else(|| given("LANG"));
            name.is_none_or(|name| name == "C" || name == "POSIX" || name == "C.UTF-8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_locales() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], true),
            (&[("LANG", "")], true),
            (&[("LANG", "C.UTF-8")], true),
            (&[("LANG", "C.UTF-8"), ("LANGUAGE", "de")], false),
            (&[("LANG", "de_DE.UTF-8")], false),
            (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], true),
            (&[("LANG", "POSIX"), ("LC_NUMERIC", "de_DE.UTF-8")], false),
            (&[("LC_ALL", "C"), ("LC_NUMERIC", "de_DE.UTF-8")], true),
            (&[("LC_TIME", "de_DE.UTF-8")], false),
            (&[("LC_COLLATE", "de_DE.UTF-8")], true),
        ];
        for (variables, plain) in cases {
            let variable = |name: &str| {
                variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into())
            };
            assert_eq!(is_plain_locale(variable), *plain, "{variables:?}");
        }
    }
}
