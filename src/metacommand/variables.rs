//! `\set`, `\unset`, `\prompt`.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::terminal::ReadLine;
use crate::variables;

/// `\set [NAME [VALUE ...]]`: sets a variable to the values joined, or lists all.
pub fn set(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let Some(name) = call.value() else {
        let lines: Vec<u8> = call
            .shell
            .console
            .variables
            .iter()
            .flat_map(|(name, value)| [name, b" = '", value, b"'\n"].concat())
            .collect();
        let _ = call.shell.console.output.stdout().write_all(&lines);
        return Ok(Outcome::Done);
    };
    let value = call.values().concat();
    let console = &mut call.shell.console;
    if console.shows_own_help() {
        variables::check_own(&name, &value).map_err(|rejected| console.error(rejected.0))?;
    }
    console.set_variable(&name, &value)?;
    Ok(Outcome::Done)
}

/// `\unset NAME`.
pub fn unset(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let name = call.required()?;
    call.shell.console.variables.unset(&name);
    Ok(Outcome::Done)
}

/// `\prompt [TEXT] NAME`: asks the user for a value.
pub fn prompt(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let first = call.required()?;
    let (text, name) = match call.value() {
        Some(name) => (first, name),
        None => (Vec::new(), first),
    };
    let answer = match call.shell.console.ask(&text) {
        ReadLine::Line(answer) => answer,
        ReadLine::Interrupted => return Err(Reported),
        ReadLine::Eof => return call.fail("could not read value for variable"),
    };
    call.shell.console.set_variable(&name, &answer)?;
    Ok(Outcome::Done)
}
