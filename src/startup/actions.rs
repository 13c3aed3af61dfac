//! What there is to run: `-c` and `-f`, or the script on standard input.

use crate::cli::{Action, Options};
use crate::console::{Reported, os_error_text};
use crate::exit_status::ExitStatus;
use crate::mainloop;
use crate::metacommand::{self, Outcome};
use crate::query::{Cut, ResultPlan};
use crate::shell::Shell;
use crate::shell::scope::Scope;
use crate::variables::Echo;

/// Runs `-c` and `-f` in order, in one transaction under `-1`, which without them is for the script
/// on standard input.
pub(super) fn run(shell: &mut Shell, options: &Options) -> Result<ExitStatus, ExitStatus> {
    if options.single_transaction {
        control_transaction(shell, b"BEGIN")?;
    }
    let status = match options.actions.as_slice() {
        [] => {
            let status = script_on_stdin(shell);
            unless_interrupted(shell, status)
        }
        actions => run_each(shell, actions),
    };
    if shell.connection.has_ended_script() {
        return Err(ExitStatus::BadConnection);
    }
    if options.single_transaction {
        // Without ON_ERROR_STOP what went well is kept, unless the server itself gave up, or the
        // user.
        let failed = shell.console.interrupts.has_ended_script()
            || !status.is_success() && shell.console.settings().on_error_stop;
        control_transaction(shell, if failed { b"ROLLBACK" } else { b"COMMIT" })?;
    }
    Ok(status)
}

/// Runs the actions up to one that ends the program; how the last one ended.
fn run_each(shell: &mut Shell, actions: &[Action]) -> ExitStatus {
    let mut status = ExitStatus::Success;
    let mut pending = ResultPlan::default();
    for action in actions {
        let ended = match action {
            Action::Command(text) => command_string(shell, text, &mut pending),
            Action::File(name) => file(shell, name),
        };
        status = unless_interrupted(shell, ended);
        let stops = !status.is_success() && shell.console.settings().on_error_stop;
        if stops || shell.connection.has_ended_script() {
            break;
        }
    }
    status
}

/// How an action ended, after Ctrl-C never well.
fn unless_interrupted(shell: &mut Shell, status: ExitStatus) -> ExitStatus {
    let Some(what) = shell.console.interrupts.take() else { return status };
    shell.console.interrupts.end_script(what);
    if status.is_success() { ExitStatus::ScriptError } else { status }
}

/// Begins or ends the transaction of `-1`. Only under ON_ERROR_STOP a failure ends the program.
fn control_transaction(shell: &mut Shell, sql: &[u8]) -> Result<(), ExitStatus> {
    let failed = shell.connection.run_hidden(&mut shell.console, sql).is_err();
    if failed && shell.console.settings().on_error_stop {
        Err(ExitStatus::ScriptError)
    } else {
        Ok(())
    }
}

/// Runs the script that standard input is.
pub(super) fn script_on_stdin(shell: &mut Shell) -> ExitStatus {
    if shell.console.interrupts.has_ended_actions() {
        return ExitStatus::ScriptError;
    }
    match shell.console.input.open_standard(None) {
        Ok(source) => mainloop::run(shell, source),
        Err(error) => {
            let reason = os_error_text(&error);
            shell.console.error(format!("could not read standard input: {reason}"));
            ExitStatus::Failure
        }
    }
}

/// `-c`: a meta-command if it begins with a backslash, else SQL sent as it stands.
///
/// A meta-command that would send the query buffer has none; what it asks for is `pending` until
/// the next SQL.
fn command_string(shell: &mut Shell, text: &[u8], pending: &mut ResultPlan) -> ExitStatus {
    shell.console.begin_to_run();
    if shell.console.settings().echo == Echo::All {
        // psql shows a meta-command without its backslash.
        shell.console.println(text.strip_prefix(b"\\").unwrap_or(text));
    }
    if let Ok(source) = shell.console.input.open_standard(None) {
        shell.console.input.push(source);
    }
    let done = match text.strip_prefix(b"\\") {
        None => shell.send(text, Cut::Nowhere, std::mem::take(pending)),
        Some(text) => meta_command(shell, text, pending),
    };
    shell.console.input.pop();
    let own = shell.console.take_failure_status();
    if done.is_ok() { ExitStatus::Success } else { own.unwrap_or(ExitStatus::Failure) }
}

/// Runs the one meta-command of a `-c` string, which is without its backslash here.
fn meta_command(shell: &mut Shell, text: &[u8], pending: &mut ResultPlan) -> Result<(), Reported> {
    let mut scope = Scope { no_query_buffer: true, ..Scope::default() };
    scope.lexer.set_line(text, shell);
    match metacommand::run(shell, &mut scope)? {
        Outcome::Done | Outcome::Quit | Outcome::NewText => Ok(()),
        Outcome::Send(plan) => {
            *pending = *plan;
            Ok(())
        }
        Outcome::Include(source) => {
            let ok = mainloop::run(shell, *source).is_success();
            let name = std::mem::take(&mut scope.including);
            metacommand::finish(shell, &mut scope, &name, ok);
            if ok { Ok(()) } else { Err(Reported) }
        }
    }
}

/// `-f`: a script, or standard input for `-`. After Ctrl-C it is opened, no more.
fn file(shell: &mut Shell, name: &[u8]) -> ExitStatus {
    match metacommand::open_script(shell, name, false) {
        Ok(_) if shell.console.interrupts.has_ended_actions() => ExitStatus::ScriptError,
        Ok(source) => mainloop::run(shell, source),
        Err(Reported) => ExitStatus::Failure,
    }
}
