//! `\cd`, `\getenv`, `\setenv`, `\timing`, `\!`.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::console::path::bytes_to_os;
use crate::console::program::shell_command;
use crate::console::{environment, os_error_text};
use crate::terminal::signal::SigquitGuard;
use std::os::unix::ffi::OsStringExt;

/// `\cd [DIR]`: changes the working directory, to the home directory without an argument.
pub fn change_directory(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let directory = match call.value() {
        Some(directory) => directory,
        None => match dirs::home_dir() {
            Some(home) => home.into_os_string().into_vec(),
            None => {
                let id = rustix::process::geteuid();
                return Err(call.shell.console.error(format!(
                    "could not get home directory for user ID {id}: user does not exist"
                )));
            }
        },
    };
    match std::env::set_current_dir(bytes_to_os(&directory)) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => {
            let reason = os_error_text(&error);
            let text =
                [b"could not change directory to \"", &directory[..], b"\": ", reason.as_bytes()];
            call.fail(text.concat())
        }
    }
}

/// `\getenv PSQLVAR ENVVAR`: sets a variable from the environment; leaves it alone if unset there.
pub fn get_environment(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let variable = call.required()?;
    let name = call.required()?;
    if let Some(value) = environment::get(&name) {
        call.shell.console.set_variable(&variable, &value)?;
    }
    Ok(Outcome::Done)
}

/// `\setenv NAME [VALUE]`: sets or unsets a variable of the environment.
pub fn set_environment(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let name = call.required()?;
    if name.contains(&b'=') {
        return call.fail("environment variable name must not contain \"=\"");
    }
    let value = call.value();
    environment::set(&name, value.as_deref());
    // What the user says now counts, whatever the connection is.
    call.shell.console.leave_to_environment(&name);
    Ok(Outcome::Done)
}

/// `\timing [on|off]`.
pub fn timing(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let mut outcome = Ok(Outcome::Done);
    let on = match call.value() {
        None => !call.shell.console.timing,
        Some(value) => match crate::variables::parse_bool(&value) {
            Some(on) => on,
            None => {
                // psql goes on to tell how it stands.
                let rejected = crate::variables::not_boolean("\\timing", &value);
                outcome = Err(call.shell.console.error(rejected.0));
                call.shell.console.timing
            }
        },
    };
    call.shell.console.timing = on;
    call.shell.console.println_unless_quiet(if on { "Timing is on." } else { "Timing is off." });
    outcome
}

/// `\! [COMMAND]`: runs a shell command, or a shell.
pub fn shell(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let command = call.value().unwrap_or_default();
    call.shell.console.output.flush();
    let environment = call.shell.console.child_environment();
    let quit = SigquitGuard::acquire();
    let status = if command.is_empty() {
        let name = std::env::var_os("SHELL").unwrap_or("/bin/sh".into());
        shell_command(&[b"exec ", name.as_encoded_bytes()].concat(), &environment).status()
    } else {
        shell_command(&command, &environment).status()
    };
    drop(quit);
    let started = status.is_ok();
    call.shell.console.publish_exit_status(status);
    call.shell.console.interrupts.forget();
    if !started {
        return call.fail("failed");
    }
    Ok(Outcome::Done)
}
