//! `\cd`, `\getenv`, `\setenv`, `\timing`, `\!`.

use super::{Call, Outcome};
use crate::shell::os_error_text;
use crate::shell::output::{bytes_to_os, shell_command};
use crate::terminal::signal::SigquitGuard;
use std::os::unix::ffi::OsStringExt;

/// `\cd [DIR]`: changes the working directory, to the home directory without an argument.
pub fn change_directory(call: &mut Call<'_>) -> Outcome {
    let directory = match call.value() {
        Some(directory) => directory,
        None => match dirs::home_dir() {
            Some(home) => home.into_os_string().into_vec(),
            None => {
                let id = rustix::process::geteuid();
                call.shell.error(format!(
                    "could not get home directory for user ID {id}: user does not exist"
                ));
                return Outcome::Failed;
            }
        },
    };
    match std::env::set_current_dir(bytes_to_os(&directory)) {
        Ok(()) => Outcome::Done,
        Err(error) => {
            let reason = os_error_text(&error);
            let text =
                [b"could not change directory to \"", &directory[..], b"\": ", reason.as_bytes()];
            call.fail(text.concat())
        }
    }
}

/// `\getenv PSQLVAR ENVVAR`: sets a variable from the environment; leaves it alone if unset there.
pub fn get_environment(call: &mut Call<'_>) -> Outcome {
    let (Some(variable), Some(name)) = (call.value(), call.value()) else { return call.missing() };
    match crate::shell::environment::get(&name) {
        Some(value) => call.shell.set_variable(&variable, &value).into(),
        None => Outcome::Done,
    }
}

/// `\setenv NAME [VALUE]`: sets or unsets a variable of the environment.
pub fn set_environment(call: &mut Call<'_>) -> Outcome {
    let Some(name) = call.value() else { return call.missing() };
    if name.contains(&b'=') {
        return call.fail("environment variable name must not contain \"=\"");
    }
    let value = call.value();
    crate::shell::environment::set(&name, value.as_deref());
    Outcome::Done
}

/// `\timing [on|off]`.
pub fn timing(call: &mut Call<'_>) -> Outcome {
    let mut outcome = Outcome::Done;
    let on = match call.value() {
        None => !call.shell.timing,
        Some(value) => match crate::variables::parse_bool(&value) {
            Some(on) => on,
            None => {
                // psql goes on to tell how it stands.
                let rejected = crate::variables::not_boolean("\\timing", &value);
                call.shell.error(rejected.0);
                outcome = Outcome::Failed;
                call.shell.timing
            }
        },
    };
    call.shell.timing = on;
    call.shell.say(if on { "Timing is on." } else { "Timing is off." });
    outcome
}

/// `\! [COMMAND]`: runs a shell command, or a shell.
pub fn shell(call: &mut Call<'_>) -> Outcome {
    let command = call.value().unwrap_or_default();
    call.shell.output.flush();
    let quit = SigquitGuard::acquire();
    let status = if command.is_empty() {
        let name = std::env::var_os("SHELL").unwrap_or("/bin/sh".into());
        shell_command(&[b"exec ", name.as_encoded_bytes()].concat()).status()
    } else {
        shell_command(&command).status()
    };
    drop(quit);
    let started = status.is_ok();
    call.shell.shell_result(status);
    call.shell.forget_interrupt();
    if !started {
        return call.fail("failed");
    }
    Outcome::Done
}
