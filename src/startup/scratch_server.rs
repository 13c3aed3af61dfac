//! The throwaway server of `--scratch`.

use crate::cli::{self, Options};
use crate::conninfo::Settings;
use crate::console::environment;
use crate::exit_status::ExitStatus;
use crate::scratch::{self, Scratch};
use crate::shell::Shell;
use crate::terminal::{self, ReadLine};
use crate::variables::parse_bool;

/// Opens the throwaway server that the options ask for, and says in `given` where it is.
pub(super) fn open(
    shell: &mut Shell,
    options: &Options,
    given: &mut Settings,
) -> Result<Option<Scratch>, ExitStatus> {
    let Some(wanted) = &options.scratch else { return Ok(None) };
    let request = scratch::Request {
        name: match wanted {
            cli::Scratch::Fresh => None,
            cli::Scratch::Named(name) => Some(String::from_utf8_lossy(name).into_owned()),
        },
        may_install: match options.scratch_install {
            true => scratch::Install::Yes,
            false if terminal::stdin_is_tty() => scratch::Install::Ask,
            false => scratch::Install::No,
        },
        quiet: shell.console.settings().quiet,
    };
    let mut ask = |question: &str| match shell.console.ask(question.as_bytes()) {
        ReadLine::Line(answer) => parse_bool(answer.trim_ascii()) == Some(true),
        ReadLine::Interrupted | ReadLine::Eof => false,
    };
    // Without a handler a server may be left behind, no more.
    let _ = terminal::signal::before_killed(|| {
        terminal::signal::fall_silent();
        scratch::end_when_killed();
    });
    let opened = scratch::open(&request, &mut ask).map_err(|error| {
        if error.interrupted {
            terminal::signal::end_by_interrupt();
        }
        shell.console.error(error.to_string());
        ExitStatus::BadConnection
    })?;
    // A scratch database is of no service, and a setting can't say so.
    environment::set(b"PGSERVICE", None);
    given.unset("service");
    for (keyword, value) in &opened.settings {
        given.set(keyword, value.as_str());
    }
    Ok(Some(opened))
}
