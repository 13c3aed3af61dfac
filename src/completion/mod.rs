//! What may come next at the cursor, and which candidates there are.
//!
//! Owns the whole decision: the tokens before the cursor, walked along the synopses of
//! `grammar/sql` or the argument lists of `grammar/metacommands.txt`, tell what is expected; names
//! come from a [`Catalog`]. Never executes anything: [`query::query`] writes the catalog queries, the
//! shell runs them.

mod backup;
mod cache;
mod candidates;
mod catalog;
mod columns;
mod ddl;
mod file_name;
mod item;
mod join;
pub mod keyword;
mod kind;
mod likelihood;
mod literal;
mod matching;
mod meta;
mod name;
mod notation;
mod offer;
mod placeholder;
mod plan;
mod print_options;
pub mod query;
mod rank;
mod restore;
mod results;
mod routine;
mod scope;
mod setting;
mod shorten;
mod signature;
mod source;
mod sql;
mod synopsis;
#[cfg(test)]
mod tests;
pub mod token;
mod unsaid;
pub mod usage;
mod usual;
mod variable;
mod walk;

pub use cache::{CompletionCache, Question};
pub use candidates::Candidate;
pub use catalog::{Catalog, Dialect, Name, Object, Presentation, Qualified, Wanted};
pub use file_name::file_argument;
pub use kind::CandidateKind;

pub use signature::{Signature, signature};

use literal::Place;
use rank::{ForMenu, Situation, rank};
use token::Kind;

/// What may replace the text between a start and the cursor, all that begins with what is typed
/// there. `text` is the statement so far, earlier lines included, and what follows the cursor.
pub fn complete(text: &[u8], cursor: usize, catalog: &mut dyn Catalog) -> (usize, Vec<Candidate>) {
    catalog.begin();
    candidates(text, cursor, catalog)
}

/// What may replace the text between a start and the cursor, the likeliest first: for a menu. Not
/// all of it begins with what is typed.
pub fn ranked(text: &[u8], cursor: usize, catalog: &mut dyn Catalog) -> (usize, Vec<Candidate>) {
    catalog.begin();
    let cursor = cursor.min(text.len());
    let (start, candidates) = candidates(text, cursor, &mut ForMenu::new(catalog, &text[..cursor]));
    let before = likelihood::typed(&text[..start]);
    // The backslash of a meta-command precedes the start.
    let named = candidates.first().is_some_and(|c| c.kind == CandidateKind::MetaCommand);
    let word = &text[start - usize::from(named && start > 0)..cursor];
    let situation = Situation { word, before: &before };
    (start, rank(candidates, &situation, &|word| catalog.usage(word)))
}

/// What may replace the text, for what the catalog says it is for.
fn candidates(text: &[u8], cursor: usize, catalog: &mut dyn Catalog) -> (usize, Vec<Candidate>) {
    let cursor = cursor.min(text.len());
    let before = &text[..cursor];
    let tokens = token::tokens(before);
    if let Some(last) = tokens.last()
        && last.end == cursor
        && last.kind == Kind::Comment
        && (last.open || before[last.start..].starts_with(b"--"))
    {
        return (cursor, Vec::new());
    }
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let meta = tokens.iter().rposition(|token| token.kind == Kind::MetaCommand);
    if let Some(at) = meta
        && tokens[at].start >= line
        && tokens[at].end < cursor
        && meta::takes_statement(&tokens[at].text(before)[1..])
    {
        return meta::statement(text, tokens[at].end, cursor, catalog);
    }
    match meta {
        Some(at)
            if tokens[at].start >= line
                && tokens[at..].iter().all(|token| token.kind != Kind::Symbol) =>
        {
            meta::complete(before, &tokens[at..], catalog)
        }
        _ => sql::complete(text, cursor, &tokens, Place::Sql, catalog),
    }
}
