//! What the command line sets before anything else: `-v`, `-P`, `-o` and their kin.

use crate::cli::Setting;
use crate::exit_status::ExitStatus;
use crate::print;
use crate::shell::output::Target;
use crate::shell::{Shell, os_error};

/// Applies the settings in order, up to one that fails.
pub(super) fn apply(shell: &mut Shell, settings: &[Setting]) -> Result<(), ExitStatus> {
    settings.iter().try_for_each(|setting| match setting {
        Setting::Variable(name, value) => set_variable(shell, name, value.as_deref()),
        Setting::Pset(name, value) => set_printing(shell, name, value.as_deref()),
        Setting::Output(name) => redirect_results(shell, name),
    })
}

fn set_variable(shell: &mut Shell, name: &[u8], value: Option<&[u8]>) -> Result<(), ExitStatus> {
    match value {
        None => shell.variables.unset(name),
        Some(value) if shell.set_variable(name, value) => {}
        Some(_) => return Err(ExitStatus::Failure),
    }
    Ok(())
}

/// Unlike `\pset`, says nothing of what is set.
fn set_printing(shell: &mut Shell, name: &[u8], value: Option<&[u8]>) -> Result<(), ExitStatus> {
    if let Err(text) = print::pset::set(&mut shell.print, name, value) {
        shell.error(text);
        shell.error([b"could not set printing parameter \"", name, b"\""].concat());
        return Err(ExitStatus::Failure);
    }
    Ok(())
}

fn redirect_results(shell: &mut Shell, name: &[u8]) -> Result<(), ExitStatus> {
    if name.is_empty() {
        shell.redirect_results(None);
        return Ok(());
    }
    match Target::open(name) {
        Ok(target) => shell.redirect_results(Some(target)),
        Err(error) => {
            shell.error(os_error(name, &error));
            return Err(ExitStatus::Failure);
        }
    }
    Ok(())
}
