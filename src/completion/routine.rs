//! Functions and types as they are written: with what follows their names, without quotes where SQL
//! has a word of its own.

use super::candidates::{Candidate, Candidates, Nearness};
use super::catalog::{Catalog, Name, Object, Wanted};
use super::keyword::is_reserved;
use super::kind::CandidateKind;
use super::likelihood;
use super::name::{Typed, quoted};

/// Reserved words by which functions are called all the same.
const CALLED_AS_WORDS: &[&str] = &[
    "left",
    "right",
    "substring",
    "overlay",
    "position",
    "normalize",
    "current_schema",
    "json_object",
    "xmlexists",
];

/// How many of the functions that a word begins are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    All,
    /// Of the system's only those that are called often: others would hide the columns.
    Often,
}

/// Functions with the parenthesis that follows.
pub(super) fn functions(
    choice: Choice,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let typed = Typed::parse(candidates.word);
    let often = |name: &Name| {
        let is = |word: &&str| word.as_bytes() == name.name;
        name.schema != b"pg_catalog" || likelihood::functions().iter().any(is)
    };
    let schema = typed.schema.as_deref();
    let wanted = Wanted { object: Object::Function, schema, of: None };
    for name in catalog.look_up(&wanted, &typed.name) {
        if choice == Choice::Often && !often(&name) {
            continue;
        }
        if let Some(text) = called(&name.name, &typed) {
            let text = [&with_schema(schema), &text, &b"("[..]].concat();
            add_function(text, &name, candidates);
        }
    }
    candidates.usual_functions();
    candidates.schemas(&typed, catalog);
}

fn with_schema(schema: Option<&[u8]>) -> Vec<u8> {
    schema.map_or_else(Vec::new, |schema| [&quoted(schema, false), &b"."[..]].concat())
}

/// A function; those that only the server calls come last.
fn add_function(text: Vec<u8>, name: &Name, candidates: &mut Candidates<'_>) {
    let candidate = Candidate::of_name(text, CandidateKind::Function, name);
    let has = |word: &[u8]| memchr::memmem::find(&name.note, word).is_some();
    let internal = [&b"internal"[..], b"cstring", b"operator: "].iter().any(|word| has(word));
    candidates.add(if internal { candidate.near(Nearness::Internal) } else { candidate });
}

/// How a function is called; `None` if its name is a word of SQL with another meaning.
fn called(name: &[u8], typed: &Typed) -> Option<Vec<u8>> {
    if typed.quoted || typed.schema.is_some() || !is_reserved(name) {
        return Some(quoted(name, typed.quoted));
    }
    CALLED_AS_WORDS.iter().any(|word| word.as_bytes() == name).then(|| name.to_vec())
}

/// Functions that a trigger can call.
pub(super) fn trigger_functions(candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let typed = Typed::parse(candidates.word);
    let schema = typed.schema.as_deref();
    let wanted = Wanted { object: Object::Function, schema, of: None };
    for name in catalog.look_up(&wanted, &typed.name) {
        if name.note.ends_with(b"trigger") {
            let text =
                [&with_schema(schema), &quoted(&name.name, typed.quoted), &b"("[..]].concat();
            add_function(text, &name, candidates);
        }
    }
    candidates.schemas(&typed, catalog);
}

/// Functions (or procedures, aggregates) that are altered or dropped: by their names, and their
/// arguments where one name has several.
pub(super) fn altered(object: Object, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let object = match object {
        Object::Aggregate => Object::AggregateWithArguments,
        Object::Procedure => Object::ProcedureWithArguments,
        Object::Routine => Object::RoutineWithArguments,
        _ => Object::FunctionWithArguments,
    };
    let typed = Typed::parse(candidates.word);
    let schema = typed.schema.as_deref();
    let mut names = catalog.look_up(&Wanted { object, schema, of: None }, &typed.name);
    names.dedup();
    for (at, name) in names.iter().enumerate() {
        let same = |other: Option<&Name>| other.is_some_and(|other| other.name == name.name);
        let overloaded = same(names.get(at + 1)) || at > 0 && same(names.get(at - 1));
        let mut text = [with_schema(schema), quoted(&name.name, typed.quoted)].concat();
        if overloaded {
            text = [&text, &b"("[..], &name.note, b")"].concat();
        }
        let note = [b"(", &name.note[..], b")"].concat();
        let name = Name { note, ..name.clone() };
        candidates.add(Candidate::of_name(text, CandidateKind::of_object(object), &name));
    }
    candidates.schemas(&typed, catalog);
}

/// The types that SQL calls otherwise than the catalog does.
const SQL_TYPES: &[&str] = &[
    "BIGINT",
    "BIT",
    "BOOLEAN",
    "CHARACTER",
    "CHARACTER VARYING",
    "DECIMAL",
    "DOUBLE PRECISION",
    "INTEGER",
    "REAL",
    "SMALLINT",
    "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP WITHOUT TIME ZONE",
];
/// Types that only a column's definition has.
const SERIAL_TYPES: &[&str] = &["BIGSERIAL", "SERIAL", "SMALLSERIAL"];
/// Before a letter is typed.
const COMMON_TYPES: &[&str] = &[
    "INTEGER",
    "BIGINT",
    "TEXT",
    "BOOLEAN",
    "NUMERIC",
    "DATE",
    "TIMESTAMPTZ",
    "TIMESTAMP",
    "UUID",
    "JSONB",
    "VARCHAR",
    "DOUBLE PRECISION",
    "REAL",
    "SMALLINT",
    "BYTEA",
    "INTERVAL",
];
/// Reserved words that are the very types the catalog calls so.
const TYPES_AS_WORDS: &[&str] =
    &["bit", "interval", "json", "numeric", "time", "timestamp", "varchar"];

/// Types, by the catalog's names and by SQL's.
pub(super) fn types(
    in_definition: bool,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let typed = Typed::parse(candidates.word);
    let schema = typed.schema.as_deref();
    if schema.is_none() {
        candidates.usual_types(in_definition);
        let words = match candidates.word {
            b"" if candidates.is_for_menu() => &[],
            b"" => COMMON_TYPES,
            _ => SQL_TYPES,
        };
        let serial = if in_definition { SERIAL_TYPES } else { &[] };
        for word in words.iter().chain(serial) {
            candidates.keyword_of(word, CandidateKind::Type);
        }
    }
    for name in catalog.look_up(&Wanted { object: Object::Type, schema, of: None }, &typed.name) {
        let as_word = schema.is_none()
            && !typed.quoted
            && TYPES_AS_WORDS.iter().any(|word| word.as_bytes() == name.name);
        let written = if as_word { name.name.clone() } else { quoted(&name.name, typed.quoted) };
        candidates.add_name([with_schema(schema), written].concat(), Object::Type, &name);
    }
    candidates.schemas(&typed, catalog);
}
