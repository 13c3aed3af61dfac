//! `\set`, `\unset`, `\prompt`.

use super::{Call, Outcome};
use crate::terminal::ReadLine;

/// `\set [NAME [VALUE ...]]`: sets a variable to the values joined, or lists all.
pub fn set(call: &mut Call<'_>) -> Outcome {
    let Some(name) = call.value() else {
        let lines: Vec<u8> = call
            .shell
            .variables
            .iter()
            .flat_map(|(name, value)| [name, b" = '", value, b"'\n"].concat())
            .collect();
        let _ = call.shell.output.stdout().write_all(&lines);
        return Outcome::Done;
    };
    let value = call.values().concat();
    call.shell.set_variable(&name, &value).into()
}

/// `\unset NAME`.
pub fn unset(call: &mut Call<'_>) -> Outcome {
    let Some(name) = call.value() else { return call.missing() };
    call.shell.variables.unset(&name);
    Outcome::Done
}

/// `\prompt [TEXT] NAME`: asks the person for a value.
pub fn prompt(call: &mut Call<'_>) -> Outcome {
    let Some(first) = call.value() else { return call.missing() };
    let (text, name) = match call.value() {
        Some(name) => (first, name),
        None => (Vec::new(), first),
    };
    match call.shell.ask(&text) {
        ReadLine::Line(answer) => call.shell.set_variable(&name, &answer).into(),
        ReadLine::Interrupted => Outcome::Failed,
        ReadLine::Eof => call.fail("could not read value for variable"),
    }
}
