//! `\errors`: what the code of an error means.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::suggest::sqlstate;

/// `\errors [SQLSTATE]`
pub fn explain(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let code = match call.value() {
        Some(code) => code,
        None => {
            let last = call.shell.connection.last_error();
            let Some(code) = last.and_then(|last| last.fields.get(b'C')) else {
                call.shell.console.println("There is no previous error.");
                return Ok(Outcome::Done);
            };
            code.to_vec()
        }
    };
    match sqlstate::explain(&String::from_utf8_lossy(&code), columns()) {
        Some(text) => {
            call.shell.page(text.as_bytes());
            Ok(Outcome::Done)
        }
        None => call.fail([b"no SQLSTATE: \"", &code[..], b"\""].concat()),
    }
}

/// How wide an explanation may be.
pub(super) fn columns() -> usize {
    crate::terminal::size().map_or(80, |(columns, _)| columns)
}
