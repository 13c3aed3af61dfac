//! `\backup`, `\basebackup`: backups by PostgreSQL's own programs.

use super::call::{Call, Outcome};
use crate::backup::{self, Backup, Word};
use crate::console::Reported;
use crate::shell::Shell;

/// `\backup WHAT [WORD]...`
pub fn backup(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let words = words(call);
    let request = match backup::parse_backup(&words) {
        Ok(request) => request,
        Err(wrong) => return call.fail(wrong),
    };
    let Shell { console, connection, interactive, .. } = &mut *call.shell;
    match request {
        Backup::Dump(dump) => backup::dump(console, connection, call.name, &dump, interactive)?,
        Backup::Plan => {
            let text = backup::plan(console, connection, call.name, interactive)?;
            let text = console.folded(text.as_bytes());
            console.println(text);
        }
    }
    Ok(Outcome::Done)
}

/// `\basebackup to PATH [WORD]...`
pub fn base_backup(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let words = words(call);
    let request = match backup::parse_base_backup(&words) {
        Ok(request) => request,
        Err(wrong) => return call.fail(wrong),
    };
    let Shell { console, connection, interactive, .. } = &mut *call.shell;
    backup::base_backup(console, connection, call.name, &request, interactive)?;
    Ok(Outcome::Done)
}

fn words(call: &mut Call<'_>) -> Vec<Word> {
    let arguments = std::iter::from_fn(|| call.argument());
    arguments.map(|found| Word::new(found.value, found.quote.is_some())).collect()
}
