//! What the command line sets before anything else: `-v`, `-P`, `-o` and their kin.

use crate::cli::Setting;
use crate::console::target::Target;
use crate::console::{Console, Reported, os_error};
use crate::exit_status::ExitStatus;
use crate::print;

/// Applies the settings in order, up to one that fails.
pub(super) fn apply(console: &mut Console, settings: &[Setting]) -> Result<(), ExitStatus> {
    let applied = settings.iter().try_for_each(|setting| match setting {
        Setting::Variable(name, None) => {
            console.variables.unset(name);
            Ok(())
        }
        Setting::Variable(name, Some(value)) => console.set_variable(name, value),
        Setting::Pset(name, value) => set_printing(console, name, value.as_deref()),
        Setting::Output(name) => redirect_results(console, name),
    });
    applied.map_err(|Reported| ExitStatus::Failure)
}

/// Unlike `\pset`, says nothing of what is set.
fn set_printing(console: &mut Console, name: &[u8], value: Option<&[u8]>) -> Result<(), Reported> {
    match print::pset::set(&mut console.print, name, value) {
        Ok(_) => Ok(()),
        Err(text) => {
            console.error(text);
            Err(console.error([b"could not set printing parameter \"", name, b"\""].concat()))
        }
    }
}

fn redirect_results(console: &mut Console, name: &[u8]) -> Result<(), Reported> {
    let target = match name {
        b"" => None,
        name => {
            let opened = Target::open(name, &console.child_environment());
            Some(opened.map_err(|error| console.error(os_error(name, &error)))?)
        }
    };
    console.redirect_results(target);
    Ok(())
}
