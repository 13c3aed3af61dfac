//! Joins: which tables, and by which columns, as foreign keys tell.
//!
//! Owns how a [`Object::ForeignKey`] is read: the relation at its other end, and in the note whether
//! that can be named without its schema and the columns, this relation's and the other's in turn.

use super::candidates::{Candidate, Candidates, Nearness};
use super::catalog::{Catalog, Name, Object, Qualified, Wanted};
use super::columns::of_source;
use super::kind::CandidateKind;
use super::name::{Typed, quoted};
use super::source::{Columns, Scope, Source};

/// What divides the parts of a note.
const SEPARATOR: u8 = 0x1f;

struct ForeignKey {
    other: Qualified,
    /// Whether the other relation is found without its schema.
    is_visible: bool,
    /// This relation's column and the other's.
    columns: Vec<(Vec<u8>, Vec<u8>)>,
}

impl ForeignKey {
    fn read(name: Name) -> ForeignKey {
        let mut parts = name.note.split(|byte| *byte == SEPARATOR).map(<[u8]>::to_vec);
        let is_visible = parts.next().as_deref() == Some(b"t");
        let mut columns = Vec::new();
        while let (Some(mine), Some(theirs)) = (parts.next(), parts.next()) {
            columns.push((mine, theirs));
        }
        let other = Qualified { schema: Some(name.schema), name: name.name };
        ForeignKey { other, is_visible, columns }
    }

    fn leads_to(&self, source: &Source) -> bool {
        source.columns == Columns::OfRelation
            && source.name.name == self.other.name
            && match &source.name.schema {
                Some(_) => source.name.schema == self.other.schema,
                None => self.is_visible,
            }
    }
}

/// The foreign keys of a relation and those that refer to it.
fn foreign_keys(source: &Source, catalog: &mut dyn Catalog) -> Vec<ForeignKey> {
    if source.columns != Columns::OfRelation {
        return Vec::new();
    }
    let of = Some(&source.name);
    let wanted = Wanted { object: Object::ForeignKey, schema: None, of };
    catalog.look_up(&wanted, b"").into_iter().map(ForeignKey::read).collect()
}

/// Whole conditions behind ON.
pub(super) fn conditions(
    scope: &Scope,
    cursor: usize,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let Some((joined, others)) = scope.joined(cursor) else { return };
    let keys = foreign_keys(joined, catalog);
    let mut found = Vec::new();
    for other in others.iter().rev() {
        let leading = keys.iter().filter(|key| key.leads_to(other));
        found.extend(leading.map(|key| condition(joined, other, &key.columns)));
    }
    if found.is_empty()
        && let Some(other) = others.last()
    {
        // No key tells: columns of one name and type.
        let same = common(joined, &[other], catalog).into_iter();
        found.extend(same.map(|name| condition(joined, other, &[(name.name.clone(), name.name)])));
    }
    for text in found {
        if candidates.admits(&text) {
            candidates.add(Candidate::new(text, CandidateKind::Join).near(Nearness::InScope));
        }
    }
}

/// `mine.column = theirs.column AND ...`.
fn condition(joined: &Source, other: &Source, columns: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let of = |source: &Source, column: &[u8]| {
        [quoted(source.called(), false), quoted(column, false)].join(&b'.')
    };
    let equal = columns
        .iter()
        .map(|(mine, theirs)| [of(joined, mine), of(other, theirs)].join(&b" = "[..]));
    equal.collect::<Vec<_>>().join(&b" AND "[..])
}

/// The columns that this has in common with one of those, by name and type.
fn common(joined: &Source, others: &[&Source], catalog: &mut dyn Catalog) -> Vec<Name> {
    let theirs: Vec<Name> = others.iter().flat_map(|other| of_source(other, catalog)).collect();
    let data_type = |name: &Name| name.note.split(|byte| *byte == b',').next().map(<[u8]>::to_vec);
    let mine = of_source(joined, catalog).into_iter();
    mine.filter(|name| {
        theirs.iter().any(|their| their.name == name.name && data_type(their) == data_type(name))
    })
    .collect()
}

/// The columns behind USING.
pub(super) fn common_columns(
    scope: &Scope,
    cursor: usize,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let Some((joined, others)) = scope.joined(cursor) else { return };
    let typed = Typed::parse(candidates.word);
    let others: Vec<&Source> = others.iter().collect();
    for name in common(joined, &others, catalog) {
        if candidates.admits_name(&name.name, &typed.name) {
            candidates.add_name(quoted(&name.name, typed.quoted), Object::Column, &name);
        }
    }
}

/// Behind JOIN, the tables that a foreign key ties to one before.
pub(super) fn tables(
    scope: &Scope,
    cursor: usize,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    for source in scope.sources.iter().filter(|source| source.at < cursor) {
        for key in foreign_keys(source, catalog) {
            let name = quoted(&key.other.name, false);
            let text = match &key.other.schema {
                Some(schema) if !key.is_visible => [quoted(schema, false), name].join(&b'.'),
                _ => name,
            };
            if candidates.admits(&text) {
                let note = [b"joins ", source.called()].concat();
                let table = Candidate::new(text, CandidateKind::Table).with_note(&note);
                candidates.add(table.near(Nearness::InScope));
            }
        }
    }
}
