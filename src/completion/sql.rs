//! SQL: what may come next in a statement.

use super::token::{Kind, Token};
use super::{Candidate, Candidates, Catalog, keyword, meta};

/// Completes within SQL.
pub(super) fn complete(
    text: &[u8],
    cursor: usize,
    tokens: &[Token],
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    let last = tokens.last().filter(|token| token.end == cursor);
    let start = last.filter(|t| t.kind != Kind::Symbol).map_or(cursor, |t| t.start);
    let word = &text[start..cursor];
    if let Some(found) = meta::interpolation(word, start, catalog) {
        return found;
    }
    let mut candidates = Candidates::new(word, catalog);
    for keyword in keyword::keywords() {
        candidates.keyword(keyword);
    }
    candidates.finish(start)
}
