//! `\restore`, `\restore?`: dumps brought back, and what is in them.

use super::call::{Call, Outcome};
use crate::backup::Word;
use crate::console::Reported;
use crate::restore;
use crate::shell::Shell;
use crate::terminal::signal::IgnoreSigpipe;

/// `\restore PATH [WORD]...`, `\restore? PATH`
pub fn restore(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    // A program that has seen enough of the dump may close its side of the pipe.
    let _sigpipe = IgnoreSigpipe::acquire();
    if call.name.ends_with(b"?") {
        let path = call.required()?;
        let views = restore::inspect(&mut call.shell.console, call.name, &path)?;
        for view in views {
            call.shell.show_with_sentences(view)?;
        }
        return Ok(Outcome::Done);
    }
    let arguments = std::iter::from_fn(|| call.argument());
    let words: Vec<Word> =
        arguments.map(|found| Word::new(found.value, found.quote.is_some())).collect();
    let request = match restore::parse(&words) {
        Ok(request) => request,
        Err(wrong) => return call.fail(wrong),
    };
    let Shell { console, connection, interactive, .. } = &mut *call.shell;
    restore::restore(console, connection, call.name, &request, interactive)?;
    Ok(Outcome::Done)
}
