//! What a menu offers before FROM says which tables there are: columns of any that are there, and
//! the short names that the statement uses already.

use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Name, Object, Wanted};
use super::item::{Item, ItemKind};
use super::kind::CandidateKind;
use super::matching::holds;
use super::name::{Typed, quoted};
use super::source::Scope;
use crate::sort::sort_by_key;

/// Columns of any table, and the short names used so far.
pub(super) fn columns(
    items: &[Item<'_>],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    for name in qualifiers(items) {
        let text = [&quoted(&name, false)[..], b"."].concat();
        if candidates.admits(&text) {
            candidates.push(text, CandidateKind::Alias);
        }
    }
    let typed = Typed::parse(candidates.word);
    for name in of_any(&typed, catalog) {
        add(quoted(&name.name, typed.quoted), &name, candidates);
    }
}

/// Columns of any table that may be meant by `short`, which is typed with its dot.
pub(super) fn columns_of(
    short: &[u8],
    typed: &Typed,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let dot = memchr::memrchr(b'.', candidates.word).map_or(0, |at| at + 1);
    let names = of_any(typed, catalog);
    let meant = |name: &&Name| tables(name).any(|table| is_short_for(short, table));
    let some_meant = names.iter().any(|name| meant(&name));
    for name in names.iter().filter(|name| !some_meant || meant(name)) {
        let text = [&candidates.word[..dot], &quoted(&name.name, typed.quoted)].concat();
        add(text, name, candidates);
    }
}

/// The short names that are used before a table is called so: where one is given to the table
/// before the cursor, those for which it may be short come first.
pub(super) fn aliases(scope: &Scope, items: &[Item<'_>], candidates: &mut Candidates<'_>) {
    if !candidates.is_for_menu() {
        return;
    }
    let table = items.last().map(|item| Typed::parse(item.text).name).unwrap_or_default();
    let mut names = qualifiers(items);
    names.retain(|name| scope.called(name).is_empty() && candidates.admits(name));
    sort_by_key(&mut names, |name| !is_short_for(name, &table));
    for name in names {
        candidates.push(quoted(&name, false), CandidateKind::Alias);
    }
}

fn add(text: Vec<u8>, name: &Name, candidates: &mut Candidates<'_>) {
    let candidate = Candidate::new(text, CandidateKind::Column);
    candidates.add(candidate.with_note(&[b"of ", &name.note[..]].concat()));
}

/// Columns of tables that need no schema; their notes are the tables.
fn of_any(typed: &Typed, catalog: &mut dyn Catalog) -> Vec<Name> {
    catalog.look_up(&Wanted { object: Object::Column, schema: None, of: None }, &typed.name)
}

fn tables(name: &Name) -> impl Iterator<Item = &[u8]> {
    name.note.split(|byte| *byte == b',').map(<[u8]>::trim_ascii_start)
}

/// Whether `short` is what people make of the name: `oi` of `order_items`.
fn is_short_for(short: &[u8], name: &[u8]) -> bool {
    let (Some(a), Some(b)) = (short.first(), name.first()) else { return false };
    a.eq_ignore_ascii_case(b) && holds(name, short)
}

/// What precedes the dots of columns, each once.
fn qualifiers(items: &[Item<'_>]) -> Vec<Vec<u8>> {
    let mut names = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &items[at]);
        let is_table = before.is_some_and(|before| {
            before.is_any(&["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "ONLY", "USING"])
        });
        if item.kind == ItemKind::Name
            && !is_table
            && let Some(schema) = Typed::parse(item.text).schema
            && !names.contains(&schema)
        {
            names.push(schema);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names() {
        for (short, name, expected) in [
            ("o", "orders", true),
            ("oi", "order_items", true),
            ("es", "employee_skills", true),
            ("y", "voyages", false),
            ("", "orders", false),
            ("o", "", false),
        ] {
            assert_eq!(is_short_for(short.as_bytes(), name.as_bytes()), expected, "{short} {name}");
        }
    }
}
