//! What the command line sets before anything else: `-v`, `-P`, `-o` and their kin.

use crate::cli::Setting;
use crate::console::target::{Appearance, Target};
use crate::console::{Console, Reported, os_error};
use crate::exit_status::ExitStatus;
use crate::print;

/// Applies the settings in order, up to one that fails.
pub(super) fn apply(console: &mut Console, settings: &[Setting]) -> Result<(), ExitStatus> {
    let appearance = Appearance::for_format(format_at_the_end(console, settings));
    let applied = settings.iter().try_for_each(|setting| match setting {
        Setting::Variable(name, None) => {
            console.variables.unset(name);
            Ok(())
        }
        Setting::Variable(name, Some(value)) => console.set_variable(name, value),
        Setting::Pset(name, value) => set_printing(console, name, value.as_deref()),
        Setting::Output(name) => redirect_results(console, name, appearance),
    });
    applied.map_err(|Reported| ExitStatus::Failure)
}

/// Unlike `\pset`, says nothing of what is set.
fn set_printing(console: &mut Console, name: &[u8], value: Option<&[u8]>) -> Result<(), Reported> {
    let has_own = console.has_own();
    match print::pset::set(&mut console.print, name, value, has_own) {
        Ok(_) => Ok(()),
        Err(text) => {
            console.error(text);
            Err(console.error([b"could not set printing parameter \"", name, b"\""].concat()))
        }
    }
}

/// The format that holds once all settings do: `-o` may stand before it.
fn format_at_the_end(console: &Console, settings: &[Setting]) -> print::Format {
    let mut options = console.print.clone();
    for setting in settings {
        if let Setting::Pset(name, Some(value)) = setting
            && **name == *b"format"
        {
            // What is wrong with it is told when it is its turn.
            let _ = print::pset::set(&mut options, name, Some(value), console.has_own());
        }
    }
    options.format
}

fn redirect_results(
    console: &mut Console,
    name: &[u8],
    appearance: Appearance,
) -> Result<(), Reported> {
    let target = match name {
        b"" => None,
        name => {
            let opened = Target::open(name, appearance, &console.child_environment());
            Some(opened.map_err(|error| console.error(os_error(name, &error)))?)
        }
    };
    console.redirect_results(target)
}
