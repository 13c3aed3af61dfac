//! References to variables of the shell, in SQL and in arguments.

use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Object, Wanted};
use super::kind::CandidateKind;

/// Completes `:name`, `:'name'`, `:"name"` or `:{?name}`, if the word at the cursor is one.
pub(super) fn interpolation(
    word: &[u8],
    start: usize,
    catalog: &mut dyn Catalog,
) -> Option<(usize, Vec<Candidate>)> {
    let rest = word.strip_prefix(b":")?;
    let (open, close): (&[u8], &[u8]) = match rest.first() {
        Some(b'\'') => (b":'", b"'"),
        Some(b'"') => (b":\"", b"\""),
        Some(b'{') => (b":{?", b"}"),
        _ => (b":", b""),
    };
    let typed = word.strip_prefix(open).unwrap_or_default();
    let mut candidates = Candidates::new(word, catalog);
    let wanted = Wanted { object: Object::Variable, schema: None, of: None };
    for name in catalog.look_up(&wanted, typed) {
        candidates.push([open, &name.name, close].concat(), CandidateKind::Variable);
    }
    Some(candidates.finish(start))
}
