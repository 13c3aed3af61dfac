//! The arguments of `\restore`.

use super::candidates::Candidates;
use super::catalog::{Catalog, Object};
use super::kind::CandidateKind;
use super::literal::Place;
use super::token::Token;

/// The words behind the path.
const WORDS: &[&str] = &["clean", "ignoring", "into", "jobs", "json", "only", "verify", "without"];

/// Completes an argument of `\restore` behind those before it: a path, then words with their values.
pub(super) fn restore(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let last = earlier.last().map(|token| token.text(before).to_ascii_lowercase());
    match last.as_deref() {
        None => candidates.files(Object::File, Place::Argument { pipe: false }, catalog),
        Some(b"into") if earlier.len() > 1 => candidates.names(Object::Database, None, catalog),
        Some(b"only") if earlier.len() > 1 => candidates.names(Object::Table, None, catalog),
        Some(b"ignoring") if earlier.len() > 1 => {
            candidates.values(&["checks"], CandidateKind::Value);
        }
        Some(b"without") if earlier.len() > 1 => {
            candidates.values(&["owners"], CandidateKind::Value);
        }
        Some(b"jobs") if earlier.len() > 1 => {}
        Some(_) => candidates.values(WORDS, CandidateKind::Value),
    }
}
