//! From the command line and the environment to a running shell: options are applied, the
//! connection is opened, start-up files are read, the actions run, and the exit status comes out.

use crate::cli::{self, Action, Options, PasswordPrompt, Setting};
use crate::conninfo::{self, Settings};
use crate::exit_status::ExitStatus;
use crate::mainloop;
use crate::metacommand::{self, Outcome};
use crate::scratch::{self, Scratch};
use crate::session::ConnectErrorKind;
use crate::shell::input::Source;
use crate::shell::query_use::Send;
use crate::shell::scope::Scope;
use crate::shell::{PSQL_VERSION, SYSTEM_DIRECTORY, Shell, os_error_text};
use crate::terminal::ReadLine;
use crate::variables::Echo;
use crate::{help, print, terminal};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

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
    shell.print.locale = terminal::adopt_locale();
    shell.variables.set_decimal_point(shell.print.locale.decimal_point());
    let options = match cli::parse(args, std::env::var_os("POSIXLY_CORRECT").is_none()) {
        Ok(options) => options,
        Err(exit) => {
            if let Some(status) = apply(&mut shell, &exit.settings) {
                return status;
            }
            return end(&mut shell, exit.ending);
        }
    };
    let status = with_options(&mut shell, options);
    shell.close();
    status
}

/// Does what the command line asks for instead of running.
fn end(shell: &mut Shell, ending: cli::Ending) -> ExitStatus {
    match ending {
        cli::Ending::Text(text) => {
            let _ = shell.output.stdout().write_all(&text);
            ExitStatus::Success
        }
        cli::Ending::Invalid(message) => {
            shell.output.stderr(&message);
            shell.hint(cli::hint(&shell.program));
            ExitStatus::Failure
        }
    }
}

/// Applies `-v`, `-P`, `-o` and their kin in order; a status if one of them fails.
fn apply(shell: &mut Shell, settings: &[Setting]) -> Option<ExitStatus> {
    for setting in settings {
        let ok = match setting {
            Setting::Variable(name, Some(value)) => shell.set_variable(name, value),
            Setting::Variable(name, None) => {
                shell.variables.unset(name);
                true
            }
            Setting::Pset(name, value) => {
                // Options given on the command line are set without a word.
                match print::pset::set(&mut shell.print, name, value.as_deref()) {
                    Ok(_) => true,
                    Err(text) => {
                        shell.error(text);
                        shell.error(
                            [b"could not set printing parameter \"", &name[..], b"\""].concat(),
                        );
                        false
                    }
                }
            }
            Setting::Output(name) if name.is_empty() => {
                shell.redirect_results(None);
                true
            }
            Setting::Output(name) => match crate::shell::output::Target::open(name) {
                Ok(target) => {
                    shell.redirect_results(Some(target));
                    true
                }
                Err(error) => {
                    shell.error(crate::shell::os_error(name, &error));
                    false
                }
            },
        };
        if !ok {
            return Some(ExitStatus::Failure);
        }
    }
    None
}

fn with_options(shell: &mut Shell, mut options: Options) -> ExitStatus {
    if let Some(status) = apply(shell, &options.settings) {
        return status;
    }
    shell.not_a_tty = !(terminal::stdin_is_tty() && terminal::stdout_is_tty());
    if !shell.not_a_tty && options.actions.is_empty() {
        shell.output.show_user(shell.encoding());
    }
    if let Some(text) = scratch_conflict(&options) {
        shell.error(text);
        shell.hint(cli::hint(&shell.program));
        return ExitStatus::Failure;
    }
    if options.single_transaction && options.actions.is_empty() && !shell.not_a_tty {
        shell.error("-1 can only be used in non-interactive mode");
        return ExitStatus::Failure;
    }
    shell.password_prompt = options.password_prompt;
    if !shell.settings().quiet {
        for extra in &options.extra {
            shell.warning([b"extra command-line argument \"", &extra[..], b"\" ignored"].concat());
        }
    }
    let mut scratch = None;
    let given = match connection_settings(shell, &mut options, &mut scratch) {
        Ok(given) => given,
        Err(status) => return status,
    };
    shell.watch_interrupts();
    if let Err(error) = shell.connect(&given, None) {
        if error.kind == ConnectErrorKind::Interrupted {
            drop(scratch);
            terminal::signal::end_by_interrupt();
        }
        if !error.message.is_empty() {
            shell.error(error.message);
        }
        return ExitStatus::BadConnection;
    }
    let status = connected(shell, options);
    // The throwaway database can only go once nobody is connected to it.
    shell.close();
    if let Some(scratch) = scratch
        && let Err(error) = scratch.close()
    {
        shell.error(error.to_string());
    }
    status
}

/// What the options say about the connection: a connection string, which may hold a password and is
/// taken out of them, wins over the others, with its empty values as well.
fn connection_settings(
    shell: &mut Shell,
    options: &mut Options,
    scratch: &mut Option<Scratch>,
) -> Result<Settings, ExitStatus> {
    let mut given = Settings::default();
    let separate = [("user", &options.user), ("host", &options.host), ("port", &options.port)];
    for (keyword, value) in separate {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            given.set(keyword, value.as_slice());
        }
    }
    if let Some(name) = options.database.take().map(Zeroizing::new) {
        if name.is_empty() {
            // As if it had not been given, but for -l.
        } else if conninfo::looks_like_conninfo(&name) {
            let said = conninfo::parse(&name).map_err(|error| {
                shell.error(error.message);
                ExitStatus::BadConnection
            })?;
            given.overrule(&said);
        } else {
            given.set("dbname", name.as_slice());
        }
    } else if options.list {
        given.set("dbname", "postgres");
    }
    if let Some(wanted) = &options.scratch {
        let opened = open_scratch(shell, wanted, options.scratch_install)?;
        // A scratch database is of no service, and a setting can't say so.
        crate::shell::environment::set(b"PGSERVICE", None);
        given.unset("service");
        for (keyword, value) in &opened.settings {
            given.set(keyword, value.as_str());
        }
        *scratch = Some(opened);
    }
    Ok(given)
}

/// Why the options for a throwaway server make no sense, if they don't. The environment may well lead
/// to another server; what was asked for on the command line is not passed over.
fn scratch_conflict(options: &Options) -> Option<String> {
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

fn open_scratch(
    shell: &mut Shell,
    wanted: &cli::Scratch,
    install: bool,
) -> Result<Scratch, ExitStatus> {
    let request = scratch::Request {
        name: match wanted {
            cli::Scratch::Fresh => None,
            cli::Scratch::Named(name) => Some(String::from_utf8_lossy(name).into_owned()),
        },
        may_install: match install {
            true => scratch::Install::Yes,
            false if terminal::stdin_is_tty() => scratch::Install::Ask,
            false => scratch::Install::No,
        },
        quiet: shell.settings().quiet,
    };
    let mut ask = |question: &str| match shell.ask(question.as_bytes()) {
        ReadLine::Line(answer) => crate::variables::parse_bool(answer.trim_ascii()) == Some(true),
        ReadLine::Interrupted | ReadLine::Eof => false,
    };
    // Without a handler a server may be left behind, no more.
    let _ = terminal::signal::before_killed(|| {
        terminal::signal::fall_silent();
        scratch::end_when_killed();
    });
    scratch::open(&request, &mut ask).map_err(|error| {
        if error.interrupted {
            terminal::signal::end_by_interrupt();
        }
        shell.error(error.to_string());
        ExitStatus::BadConnection
    })
}

/// Everything after the connection is open.
fn connected(shell: &mut Shell, options: Options) -> ExitStatus {
    if options.list {
        let ok = metacommand::describe(shell, b"l", &[]).unwrap_or(false);
        return if ok { ExitStatus::Success } else { ExitStatus::Failure };
    }
    if let Some(name) = &options.log_file
        && let Err(error) = shell.output.open_log(name)
    {
        let reason = os_error_text(&error);
        let text = [b"could not open log file \"", &name[..], b"\": ", reason.as_bytes()];
        shell.error(text.concat());
        return ExitStatus::Failure;
    }
    if !options.no_psqlrc {
        start_up_files(shell);
    }
    if !options.actions.is_empty() || options.single_transaction {
        return actions(shell, &options);
    }
    if shell.not_a_tty {
        return script_on_stdin(shell);
    }
    shell.unwanted = false;
    if !options.no_readline {
        shell.open_editor();
    }
    shell.greet();
    mainloop::run(shell, Source::person())
}

/// Runs the script that standard input is.
fn script_on_stdin(shell: &mut Shell) -> ExitStatus {
    if shell.unwanted {
        return ExitStatus::ScriptError;
    }
    match shell.input.open_standard(None) {
        Ok(source) => mainloop::run(shell, source),
        Err(error) => {
            shell.error(format!("could not read standard input: {}", os_error_text(&error)));
            ExitStatus::Failure
        }
    }
}

/// Runs `-c` and `-f` in order, in one transaction under `-1`.
fn actions(shell: &mut Shell, options: &Options) -> ExitStatus {
    let mut status = ExitStatus::Success;
    if options.single_transaction
        && shell.hidden(b"BEGIN").is_none()
        && shell.settings().on_error_stop
    {
        return ExitStatus::ScriptError;
    }
    // Without an action -1 is for the script on standard input.
    let standard_input = [None];
    let mut pending = Send::default();
    let given: Vec<Option<&Action>> = options.actions.iter().map(Some).collect();
    for action in if given.is_empty() { &standard_input[..] } else { &given[..] } {
        status = match action {
            Some(Action::Command(text)) => command_string(shell, text, &mut pending),
            Some(Action::File(name)) => file(shell, name),
            None => script_on_stdin(shell),
        };
        if shell.connection_lost {
            return ExitStatus::BadConnection;
        }
        if let Some(what) = shell.take_interrupt() {
            shell.end_interrupted(what);
            if status.is_success() {
                status = ExitStatus::ScriptError;
            }
        }
        if !status.is_success() && shell.settings().on_error_stop {
            break;
        }
    }
    if options.single_transaction {
        // Without ON_ERROR_STOP what went well is kept, unless the server itself gave up, or the
        // user.
        let failed = shell.interrupted || !status.is_success() && shell.settings().on_error_stop;
        let verb: &[u8] = if failed { b"ROLLBACK" } else { b"COMMIT" };
        if shell.hidden(verb).is_none() && shell.settings().on_error_stop {
            return ExitStatus::ScriptError;
        }
    }
    status
}

/// `-c`: a meta-command if it begins with a backslash, else SQL sent as it stands.
///
/// A meta-command that would send the query buffer has none; what it asks for is `pending` until
/// the next SQL.
fn command_string(shell: &mut Shell, text: &[u8], pending: &mut Send) -> ExitStatus {
    shell.started = true;
    if shell.settings().echo == Echo::All {
        // psql shows a meta-command without its backslash.
        shell.put(text.strip_prefix(b"\\").unwrap_or(text));
    }
    if let Ok(source) = shell.input.open_standard(None) {
        shell.input.push(source);
    }
    let ok = match text.strip_prefix(b"\\") {
        None => shell.send_query(text, &std::mem::take(pending)),
        Some(text) => meta_command(shell, text, pending),
    };
    shell.input.pop();
    if ok { ExitStatus::Success } else { ExitStatus::Failure }
}

/// Runs the one meta-command of a `-c` string, which is without its backslash here.
fn meta_command(shell: &mut Shell, text: &[u8], pending: &mut Send) -> bool {
    let mut scope = Scope { no_query_buffer: true, ..Scope::default() };
    scope.lexer.set_line(text, shell);
    match metacommand::run(shell, &mut scope) {
        Outcome::Done | Outcome::Quit | Outcome::NewText => true,
        Outcome::Send(send) => {
            *pending = *send;
            true
        }
        Outcome::Failed => false,
        Outcome::Include(source) => {
            let ok = mainloop::run(shell, *source).is_success();
            let name = std::mem::take(&mut scope.including);
            metacommand::finish(shell, &mut scope, &name, ok);
            ok
        }
    }
}

/// `-f`: a script, or standard input for `-`. After Ctrl-C it is opened, no more.
fn file(shell: &mut Shell, name: &[u8]) -> ExitStatus {
    match metacommand::open_script(shell, name, false) {
        Ok(_) if shell.unwanted => ExitStatus::ScriptError,
        Ok(source) => mainloop::run(shell, source),
        Err(text) => {
            shell.error(text);
            ExitStatus::Failure
        }
    }
}

/// Reads the system-wide and the person's start-up files, the version's own before the general.
fn start_up_files(shell: &mut Shell) {
    // PGSYSCONFDIR is for the service file alone, whatever the documentation says.
    start_up_file(shell, &Path::new(SYSTEM_DIRECTORY).join("psqlrc"));
    let own = match std::env::var_os("PSQLRC") {
        Some(name) if !name.is_empty() => {
            let name = crate::shell::output::expand_tilde(&name.into_vec());
            Some(PathBuf::from(OsString::from_vec(name)))
        }
        _ => dirs::home_dir().map(|home| home.join(".psqlrc")),
    };
    if let Some(own) = own {
        start_up_file(shell, &own);
    }
}

/// Reads the first of `FILE-18.6`, `FILE-18` and `FILE` that can be read.
fn start_up_file(shell: &mut Shell, path: &Path) {
    let major = PSQL_VERSION.split('.').next().unwrap_or_default();
    for suffix in [format!("-{PSQL_VERSION}"), format!("-{major}"), String::new()] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        if let Ok(source) =
            Source::file(Path::new(&name), &name.clone().into_vec(), shell.interrupts.clone())
        {
            mainloop::run(shell, source);
            // No script is to run with half of its settings.
            shell.unwanted |= shell.interrupted;
            return;
        }
    }
}
