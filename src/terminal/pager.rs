//! The pager: whether output goes through one, and the pipe to it.
//!
//! Owns the pager's process. Never knows what is shown, only how many lines it has.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::print;

use super::signal::{IgnoreSigpipe, SigquitGuard, pass_on_sigpipe};

/// The program when neither PSQL_PAGER nor PAGER is set.
const DEFAULT_PAGER: &str = "more";

/// What decides whether a pager is used.
#[derive(Clone, Copy, Debug)]
pub struct PagerSettings {
    /// `\pset pager`.
    pub option: print::Pager,
    /// `\pset pager_min_lines`.
    pub min_lines: usize,
    /// Whether standard input and standard output are both terminals.
    pub on_terminals: bool,
    /// The screen's lines, if known.
    pub screen_lines: Option<usize>,
}

impl PagerSettings {
    /// Whether output of so many lines goes through a pager. psql does not count a table's footer
    /// and title lines; the caller counts as it does.
    pub fn wants_pager(&self, lines: usize) -> bool {
        self.on_terminals
            && match self.option {
                print::Pager::Off => false,
                print::Pager::On => {
                    self.screen_lines.is_some_and(|screen| lines >= screen)
                        && lines >= self.min_lines
                }
                print::Pager::Always => true,
            }
    }
}

/// The pager's command by PSQL_PAGER and PAGER; `None` when the one that is set is blank, which
/// turns paging off. `variable` looks up the environment.
pub fn command(variable: impl Fn(&str) -> Option<OsString>) -> Option<OsString> {
    let named = ["PSQL_PAGER", "PAGER"].iter().find_map(|name| variable(name));
    let command = named.unwrap_or_else(|| DEFAULT_PAGER.into());
    (!command.as_bytes().trim_ascii().is_empty()).then_some(command)
}

/// A running pager. Output goes to it through [`Write`]; when the user quits it early, writing
/// fails with `BrokenPipe`, which is no error to report.
#[derive(Debug)]
pub struct Pager {
    child: Child,
    pipe: Option<ChildStdin>,
    _sigpipe: IgnoreSigpipe,
    _quit: SigquitGuard,
}

impl Pager {
    /// Starts a pager by its shell command.
    ///
    /// # Errors
    /// When `sh` can't be started.
    pub fn start(command: &OsString) -> io::Result<Pager> {
        let sigpipe = IgnoreSigpipe::acquire();
        let quit = SigquitGuard::acquire();
        let mut shell = Command::new("/bin/sh");
        // The shell calls itself `sh` in its messages.
        shell.arg0("sh").arg("-c").arg(command).stdin(Stdio::piped());
        pass_on_sigpipe(&mut shell);
        let mut child = shell.spawn()?;
        let pipe = child.stdin.take();
        Ok(Pager { child, pipe, _sigpipe: sigpipe, _quit: quit })
    }

    /// Ends the output and waits until the user quits the pager. Ctrl-C meanwhile is the
    /// pager's; the caller forgets it (`Interrupts::take`) afterwards.
    ///
    /// # Errors
    /// When the pager can't be waited for.
    pub fn finish(mut self) -> io::Result<()> {
        self.pipe = None;
        self.child.wait().map(drop)
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pipe.as_mut().ok_or(io::ErrorKind::BrokenPipe)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        self.pipe = None;
        // Either `finish` has waited, or nothing can be done.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// psql 18.6's outcomes.
    #[test]
    fn decision() {
        let screen = |option, min_lines| PagerSettings {
            option,
            min_lines,
            on_terminals: true,
            screen_lines: Some(20),
        };
        for (settings, lines, expected) in [
            (screen(print::Pager::On, 0), 19, false),
            (screen(print::Pager::On, 0), 20, true),
            (screen(print::Pager::On, 30), 29, false),
            (screen(print::Pager::On, 30), 30, true),
            (screen(print::Pager::On, 5), 19, false),
            (screen(print::Pager::Off, 0), 99, false),
            (screen(print::Pager::Always, 30), 1, true),
            (PagerSettings { on_terminals: false, ..screen(print::Pager::Always, 0) }, 99, false),
            (PagerSettings { screen_lines: None, ..screen(print::Pager::On, 0) }, 99, false),
        ] {
            assert_eq!(settings.wants_pager(lines), expected, "{settings:?} {lines}");
        }
    }

    #[test]
    fn which_program() {
        for (environment, expected) in [
            (&[][..], Some("more")),
            (&[("PAGER", "less -S")], Some("less -S")),
            (&[("PAGER", "less"), ("PSQL_PAGER", "p")], Some("p")),
            (&[("PAGER", "less"), ("PSQL_PAGER", " ")], None),
            (&[("PAGER", "")], None),
        ] {
            let variable = |name: &str| {
                environment.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value))
            };
            assert_eq!(command(variable), expected.map(OsString::from));
        }
    }

    #[test]
    fn writing_ends_when_the_user_quits() {
        let mut pager = Pager::start(&"head -c 1 >/dev/null".into()).unwrap();
        let chunk = vec![b'x'; 1 << 16];
        let error = loop {
            if let Err(error) = pager.write_all(&chunk) {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        pager.finish().unwrap();
    }
}
