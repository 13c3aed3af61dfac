//! The pager's process: which program it is, and the pipe to it.
//!
//! Never knows what is shown; whether output goes through one, `interactive/paging.rs` says.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::child_environment::ChildEnvironment;
use super::signal::{IgnoreSigpipe, SigquitGuard, pass_on_sigpipe};

/// psql's program when neither PSQL_PAGER nor PAGER is set.
const DEFAULT_PAGER: &str = "more";
/// What a user looks at tables with instead.
const LESS: &str = "less";
/// How it shows them: colours as they are (R), long lines cut, to be scrolled sideways (S), what was
/// seen left on the screen (X), and no wait at the end of what fits there (F). Given by the
/// environment: a less that doesn't know one of them passes over it.
const LESS_OPTIONS: (&str, &str) = ("LESS", "FRSX");

/// A pager to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagerProgram {
    /// The shell command.
    command: OsString,
    /// A variable for its environment.
    variable: Option<(&'static str, &'static str)>,
}

impl From<OsString> for PagerProgram {
    fn from(command: OsString) -> PagerProgram {
        PagerProgram { command, variable: None }
    }
}

impl PagerProgram {
    /// Whether it shows colours, as far as its words, and LESS of the environment, tell.
    pub fn shows_colors(&self, less: Option<OsString>) -> bool {
        let command = self.command.to_string_lossy();
        let mut words = command.split_whitespace();
        let program = words.next().unwrap_or_default();
        if program.rsplit('/').next() != Some(LESS) {
            return false;
        }
        let given = self.variable.map(|(_, value)| value.to_owned());
        let given = given.or_else(|| less?.into_string().ok()).unwrap_or_default();
        // In LESS, the hyphen may be missing.
        let by_environment = given.split_whitespace().any(|word| {
            !word.starts_with("--") && word.contains('R') || word == "--RAW-CONTROL-CHARS"
        });
        let by_words = words.any(|word| {
            word == "--RAW-CONTROL-CHARS"
                || word.starts_with('-') && !word.starts_with("--") && word.contains('R')
        });
        by_environment || by_words
    }
}

/// Whether the program is found by PATH.
pub(super) fn is_installed(program: &str) -> bool {
    use rustix::fs::{Access, access};
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .any(|file| file.is_file() && access(&file, Access::EXEC_OK).is_ok())
}

/// Whether there is the program that a user looks at tables with.
pub fn has_less() -> bool {
    is_installed(LESS)
}

/// The variables that name a pager, the first that is set wins.
const VARIABLES: [&str; 2] = ["PSQL_PAGER", "PAGER"];

/// Whether the user has named a pager, or none. `variable` looks up the environment.
pub fn is_named(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    VARIABLES.iter().any(|name| variable(name).is_some())
}

/// The pager by PSQL_PAGER and PAGER; `None` when the one that is set is blank, which turns paging
/// off. Without them it is less, with options for tables unless LESS has some, if it `has_less`.
/// `variable` looks up the environment.
pub fn program(
    variable: impl Fn(&str) -> Option<OsString>,
    has_less: bool,
) -> Option<PagerProgram> {
    let named = VARIABLES.iter().find_map(|name| variable(name));
    match named {
        Some(command) if command.as_bytes().trim_ascii().is_empty() => None,
        Some(command) => Some(command.into()),
        None if has_less => Some(PagerProgram {
            command: LESS.into(),
            variable: variable(LESS_OPTIONS.0).is_none().then_some(LESS_OPTIONS),
        }),
        None => Some(OsString::from(DEFAULT_PAGER).into()),
    }
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
    /// Starts a pager.
    ///
    /// # Errors
    /// When `sh` can't be started.
    pub fn start(program: &PagerProgram, environment: &ChildEnvironment) -> io::Result<Pager> {
        let sigpipe = IgnoreSigpipe::acquire();
        let quit = SigquitGuard::acquire();
        let mut shell = Command::new("/bin/sh");
        // The shell calls itself `sh` in its messages.
        shell.arg0("sh").arg("-c").arg(&program.command).stdin(Stdio::piped());
        environment.apply(&mut shell);
        shell.envs(program.variable);
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

    #[test]
    fn which_program() {
        let ours = |variable| Some(("less", variable));
        for (environment, has_less, expected) in [
            (&[][..], false, Some(("more", None))),
            (&[], true, ours(Some(LESS_OPTIONS))),
            (&[("LESS", "-M")], true, ours(None)),
            (&[("PAGER", "less -S")], true, Some(("less -S", None))),
            (&[("PAGER", "less"), ("PSQL_PAGER", "p")], true, Some(("p", None))),
            (&[("PAGER", "less"), ("PSQL_PAGER", " ")], true, None),
            (&[("PAGER", "")], true, None),
        ] {
            let variable = |name: &str| {
                environment.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value))
            };
            let expected = expected
                .map(|(command, variable)| PagerProgram { command: command.into(), variable });
            assert_eq!(program(variable, has_less), expected, "{environment:?}");
        }
    }

    #[test]
    fn which_shows_colors() {
        for (command, less, expected) in [
            ("less", None, false),
            ("less", Some("FRX"), true),
            ("less", Some("-F -R"), true),
            ("less", Some("--RAW-CONTROL-CHARS"), true),
            ("/usr/bin/less -FRX", None, true),
            ("less --RAW-CONTROL-CHARS", None, true),
            ("less --QUIT-ON-R", None, false),
            ("more", Some("R"), false),
            ("pspg", Some("R"), false),
            ("", None, false),
        ] {
            let program = PagerProgram::from(OsString::from(command));
            assert_eq!(program.shows_colors(less.map(OsString::from)), expected, "{command}");
        }
        let ours = program(|_| None, true).unwrap();
        assert!(ours.shows_colors(None));
    }

    #[test]
    fn writing_ends_when_the_user_quits() {
        let mut pager = Pager::start(
            &OsString::from("head -c 1 >/dev/null").into(),
            &ChildEnvironment::default(),
        )
        .unwrap();
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
