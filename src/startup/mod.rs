//! From the command line and the environment to a running shell: options are applied, the
//! connection is opened, start-up files are read, the actions run, and the exit status comes out.
//!
//! A step that fails reports why and returns the exit status as its error. It knows the shell by
//! what it can do, never how it does it.

mod actions;
mod completion;
mod connection;
mod psql_link;
mod psqlrc;
mod scratch_databases;
mod scratch_options;
mod scratch_server;
mod settings;
mod tour;

use crate::cli::{self, Ending, Exit, Options, PsqlLink};
use crate::console::input::Source;
use crate::console::{Reported, StandardStreams, os_error_text};
use crate::exit_status::ExitStatus;
use crate::scratch::Scratch;
use crate::session::ConnectErrorKind;
use crate::shell::Shell;
use crate::{help, mainloop, metacommand, terminal};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// Runs the program and returns its exit status.
pub fn run(args: Vec<OsString>) -> ExitStatus {
    terminal::signal::restore_inherited();
    let argv0 = args.first().cloned().unwrap_or("pgsh".into()).into_vec();
    let mut shell = match Shell::new(help::program(&argv0)) {
        Ok(shell) => shell,
        Err(error) => {
            eprintln!("pgsh: error: could not start: {error}");
            return ExitStatus::Failure;
        }
    };
    shell.console.print.locale = terminal::adopt_locale();
    shell.console.variables.set_decimal_point(shell.console.print.locale.decimal_point());
    let ended = match cli::parse(args, std::env::var_os("POSIXLY_CORRECT").is_none()) {
        Ok(options) => {
            let ended = start(&mut shell, options);
            let _ = shell.close();
            ended
        }
        Err(exit) => do_instead(&mut shell, exit),
    };
    ended.unwrap_or_else(|status| status)
}

/// Does what the command line asks for instead of running.
fn do_instead(shell: &mut Shell, exit: Exit) -> Result<ExitStatus, ExitStatus> {
    settings::apply(&mut shell.console, &exit.settings)?;
    match exit.ending {
        Ending::Text(text) => {
            let _ = shell.console.output.stdout().write_all(&text);
            Ok(ExitStatus::Success)
        }
        Ending::Invalid(message) => {
            shell.console.output.stderr(&message);
            shell.console.hint(cli::hint(shell.console.program()));
            Err(ExitStatus::Failure)
        }
    }
}

/// Does what the options say, to the end.
fn start(shell: &mut Shell, mut options: Options) -> Result<ExitStatus, ExitStatus> {
    settings::apply(&mut shell.console, &options.settings)?;
    shell.console.set_standard_streams(StandardStreams::look());
    if shell.console.is_on_terminals() && options.actions.is_empty() {
        shell.console.output.show_user(shell.console.encoding());
    }
    tour::prepare(shell, &mut options)?;
    check(shell, &options)?;
    if !options.psql_links.is_empty() {
        return change_links(shell, &options.psql_links);
    }
    if options.scratch_list {
        return scratch_databases::list(shell);
    }
    if !options.scratch_drop.is_empty() {
        return scratch_databases::drop(shell, &options.scratch_drop);
    }
    shell.connection.set_password_prompt(options.password_prompt);
    if !shell.console.settings().quiet {
        for extra in &options.extra {
            let text = [b"extra command-line argument \"", &extra[..], b"\" ignored"].concat();
            shell.console.warning(text);
        }
    }
    let mut given = connection::settings(&mut options).map_err(|error| {
        shell.console.error(error.message);
        ExitStatus::BadConnection
    })?;
    let scratch = scratch_server::open(shell, &options, &mut given)?;
    shell.console.watch_interrupts();
    // From here on Ctrl-C is the console's.
    if crate::scratch::leave_interrupts() {
        drop(scratch);
        terminal::signal::end_by_interrupt();
        return Err(ExitStatus::BadConnection);
    }
    if let Err(error) = shell.connection.connect(&mut shell.console, &given, None) {
        if error.kind == ConnectErrorKind::Interrupted {
            drop(scratch);
            terminal::signal::end_by_interrupt();
        }
        if !error.message.is_empty() {
            shell.console.error(error.message);
        }
        return Err(ExitStatus::BadConnection);
    }
    let ended = run_connected(shell, &options);
    // The throwaway database can only go once nobody is connected to it.
    let closed = shell.close();
    if let Some(Err(error)) = scratch.map(Scratch::close) {
        shell.console.error(error.to_string());
    }
    match (ended, closed) {
        (Ok(ExitStatus::Success), Err(Reported)) => Err(ExitStatus::Failure),
        (ended, _) => ended,
    }
}

/// Refuses options that contradict each other.
fn check(shell: &mut Shell, options: &Options) -> Result<(), ExitStatus> {
    if let Some(text) = scratch_options::conflict(options) {
        shell.console.error(text);
        return Err(ExitStatus::Failure);
    }
    if !options.psql_links.is_empty() && !options.does_nothing_else() {
        shell.console.error(
            "--install-as-psql and --uninstall-as-psql run nothing: \
             they can't be used with other options",
        );
        return Err(ExitStatus::Failure);
    }
    if options.complete && !options.actions.is_empty() {
        shell.console.error("--complete runs nothing: it can't be used with -c or -f");
        return Err(ExitStatus::Failure);
    }
    if options.single_transaction && options.actions.is_empty() && shell.console.is_on_terminals() {
        shell.console.error("-1 can only be used in non-interactive mode");
        return Err(ExitStatus::Failure);
    }
    Ok(())
}

/// Makes and removes links named psql, in order, up to one that can't be.
fn change_links(shell: &mut Shell, links: &[PsqlLink]) -> Result<ExitStatus, ExitStatus> {
    for link in links {
        let done = psql_link::change(link).map_err(|text| {
            shell.console.error(text);
            ExitStatus::Failure
        })?;
        shell.console.println_unless_quiet(done);
    }
    Ok(ExitStatus::Success)
}

/// Everything after the connection is open.
fn run_connected(shell: &mut Shell, options: &Options) -> Result<ExitStatus, ExitStatus> {
    terminal::signal::catch_alarm();
    if options.complete {
        return completion::run(shell);
    }
    if options.list {
        if !options.no_psqlrc {
            psqlrc::read(shell);
        }
        return match metacommand::describe(shell, b"l", &[]) {
            Ok(_) => Ok(ExitStatus::Success),
            Err(Reported) => Err(ExitStatus::Failure),
        };
    }
    if let Some(name) = &options.log_file
        && let Err(error) = shell.console.output.open_log(name)
    {
        let reason = os_error_text(&error);
        let text = [b"could not open log file \"", &name[..], b"\": ", reason.as_bytes()];
        shell.console.error(text.concat());
        return Err(ExitStatus::Failure);
    }
    let has_shop = options.tour && tour::make_shop(shell);
    if !options.no_psqlrc {
        psqlrc::read(shell);
    }
    if !options.actions.is_empty() || options.single_transaction {
        return actions::run(shell, options);
    }
    if !shell.console.is_on_terminals() {
        return Ok(actions::script_on_stdin(shell));
    }
    shell.console.interrupts.begin_prompt();
    if !options.no_readline {
        shell.interactive.open_editor(&mut shell.console);
    }
    shell.connection.greet(&mut shell.console);
    if has_shop {
        shell.interactive.begin_tour();
    }
    Ok(mainloop::run(shell, Source::user()))
}
