//! The arguments of `\last` and `\clip`: which result, what of it, and where it goes.

use super::candidates::Candidates;
use super::catalog::{Catalog, Object};
use super::kind::CandidateKind;
use super::literal::Place;
use super::token::Token;
use crate::print::PASTED;

/// What opens the options that most are after.
const OPTIONS: [&str; 2] = ["(columns=", "(format="];

/// Completes an argument of `\last` behind those before it.
pub(super) fn last(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let is_into = |token: &Token| token.text(before).eq_ignore_ascii_case(b"into");
    match earlier.iter().rposition(is_into) {
        // The new table's name may begin as that of another one.
        Some(at) if at + 1 == earlier.len() => candidates.names(Object::Table, None, catalog),
        Some(_) => {}
        None => {
            which(before, earlier, candidates, catalog);
            candidates.own_words(&["into"], CandidateKind::Keyword);
            options(before, earlier, candidates);
            candidates.files(Object::File, Place::Argument { pipe: true }, catalog);
        }
    }
}

/// Completes an argument of `\clip` behind those before it.
pub(super) fn clip(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    if earlier.is_empty() {
        let forms = PASTED.iter().map(|(word, _)| *word);
        let words: Vec<&str> = forms.chain(["query"]).collect();
        candidates.own_words(&words, CandidateKind::Value);
    }
    let is_query = earlier.first().is_some_and(|first| first.text(before) == b"query");
    if !is_query {
        which(before, earlier, candidates, catalog);
        options(before, earlier, candidates);
    }
}

/// The numbers of the results, if none is named yet.
fn which(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let is_number = |token: &Token| token.text(before).iter().all(u8::is_ascii_digit);
    if !earlier.iter().any(is_number) {
        let from = candidates.found.len();
        candidates.plain_names(Object::KeptResult, None, catalog);
        candidates.make_own(from);
    }
}

fn options(before: &[u8], earlier: &[Token], candidates: &mut Candidates<'_>) {
    if !earlier.iter().any(|token| token.text(before).starts_with(b"(")) {
        candidates.own_words(&OPTIONS, CandidateKind::Option);
    }
}
