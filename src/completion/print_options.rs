//! What stands in parentheses behind `\g`, `\gx`, `\last` and `\clip`: options of `\pset`, and the
//! columns of a kept result.

use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Object};
use super::kind::CandidateKind;
use super::token::Token;
use crate::print::pset;
use crate::sort::sort_by_key;

/// The commands, and whether they pick columns of a kept result.
const COMMANDS: [(&str, bool); 4] = [("g", false), ("gx", false), ("last", true), ("clip", true)];

/// Completes the word that begins at `start` if it stands within such parentheses.
pub(super) fn complete(
    command: &str,
    before: &[u8],
    earlier: &[Token],
    start: usize,
    catalog: &mut dyn Catalog,
) -> Option<(usize, Vec<Candidate>)> {
    let (_, picks_columns) = COMMANDS.into_iter().find(|(name, _)| *name == command)?;
    let word = &before[start..];
    let option = match word.strip_prefix(b"(") {
        Some(option) => option,
        None if is_open(before, earlier) => word,
        None => return None,
    };
    let option_start = before.len() - option.len();
    let Some(equals) = memchr::memchr(b'=', option) else {
        let options = pset::OPTIONS.iter();
        let options = options.filter(|option| option.is_there(catalog.has_own_commands()));
        let mut names: Vec<String> = options.map(|option| format!("{}=", option.name)).collect();
        // What most are after comes first.
        sort_by_key(&mut names, |name| !matches!(&name[..], "format=" | "columns="));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut candidates = Candidates::new(option, catalog);
        candidates.values(&names, CandidateKind::Option);
        return Some(candidates.finish(option_start));
    };
    let (name, value) = (&option[..equals], &option[equals + 1..]);
    if picks_columns && name == b"columns" {
        let begun = memchr::memrchr(b',', value).map_or(0, |comma| comma + 1);
        let mut candidates = Candidates::new(&value[begun..], catalog);
        candidates.names(Object::ResultColumn, None, catalog);
        return Some(candidates.finish(before.len() - value.len() + begun));
    }
    let mut candidates = Candidates::new(value, catalog);
    if let Some(option) = pset::option(name) {
        let words = option.words_taken(catalog.has_own_commands());
        candidates.values(&words, CandidateKind::Value);
    }
    Some(candidates.finish(before.len() - value.len()))
}

/// Whether the last of these words stand in parentheses that are still open.
fn is_open(before: &[u8], earlier: &[Token]) -> bool {
    let text = |token: &Token| token.text(before);
    let opens = earlier.iter().rposition(|token| text(token).starts_with(b"("));
    opens.is_some_and(|at| earlier[at..].iter().all(|token| !text(token).ends_with(b")")))
}
