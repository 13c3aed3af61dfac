//! The argument of `\plan`: a statement, or one of its own words.

use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Object};
use super::kind::CandidateKind;
use super::literal::Place;
use super::sql;
use super::token::{self, Token};

/// What stands before a statement to which the same may come.
const EXPLAIN: &[u8] = b"EXPLAIN ";
/// The words that are no statement.
const WORDS: [&str; 3] = ["diff", "last", "save"];

/// Completes behind `tokens`, the command and what of its argument stands before the cursor.
pub(super) fn complete(
    before: &[u8],
    tokens: &[Token],
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    let start = tokens.first().map_or(0, |command| command.end);
    let argument = before[start..].trim_ascii_start();
    let argument_start = before.len() - argument.len();
    if let Some(name) = argument.strip_prefix(b"<") {
        return file(before, before.len() - name.trim_ascii_start().len(), catalog);
    }
    if let Some(name) = argument.strip_prefix(b"save ") {
        return file(before, before.len() - name.trim_ascii_start().len(), catalog);
    }
    // What EXPLAIN takes.
    let text = [EXPLAIN, argument].concat();
    let words = token::tokens(&text);
    let (at, mut found) = sql::complete(&text, text.len(), &words, Place::Sql, catalog);
    if !argument.contains(&b' ') {
        let mut own = Candidates::new(argument, catalog);
        own.own_words(&WORDS, CandidateKind::Option);
        found.splice(0..0, own.finish(argument_start).1);
    }
    (argument_start + at.saturating_sub(EXPLAIN.len()), found)
}

fn file(before: &[u8], start: usize, catalog: &mut dyn Catalog) -> (usize, Vec<Candidate>) {
    let mut candidates = Candidates::new(&before[start..], catalog);
    candidates.files(Object::File, Place::Argument { pipe: false }, catalog);
    candidates.finish(start)
}
