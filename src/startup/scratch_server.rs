//! The throwaway server of `--scratch`.

use crate::cli::{self, Options, PasswordPrompt};
use crate::conninfo::Settings;
use crate::console::environment;
use crate::exit_status::ExitStatus;
use crate::scratch::{self, Scratch};
use crate::shell::Shell;
use crate::terminal::{self, ReadLine};
use crate::variables::parse_bool;

/// Why the options for a throwaway server make no sense, if they don't. The environment may well lead
/// to another server; what was asked for on the command line is not passed over.
pub(super) fn conflict(options: &Options) -> Option<String> {
    if options.scratch.is_none() {
        let text = "--scratch-install says how --scratch may get its server: use them together";
        return options.scratch_install.then(|| text.to_owned());
    }
    let given = [
        ("-h/--host", options.host.is_some()),
        ("-p/--port", options.port.is_some()),
        ("-U/--username", options.user.is_some()),
        ("a database", options.database.is_some()),
        ("-W/--password", options.password_prompt == PasswordPrompt::Always),
    ];
    let (other, _) = given.into_iter().find(|(_, given)| *given)?;
    Some(format!(
        "--scratch and {other} exclude each other: a scratch server has a host, a port, a user and \
         a database of its own (--scratch=NAME keeps the database under a name)"
    ))
}

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
