//! The argument of `\ddl`: a kind of object and its name, or a name alone.

use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Object, Qualified};
use super::kind::CandidateKind;
use super::token::Token;
use crate::ddl::kind::Kind;
use crate::ddl::traits::KINDS;
use crate::sort::sort;

/// Completes the word at `start`, behind the words `earlier`.
pub(super) fn complete(
    before: &[u8],
    start: usize,
    earlier: &[Token],
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    let mut candidates = Candidates::new(&before[start..], catalog);
    let mut words: Vec<&[u8]> = earlier.iter().map(|token| token.text(before)).collect();
    if words.first() == Some(&&b"-secrets"[..]) {
        words.remove(0);
    } else if words.is_empty() {
        candidates.values(&["-secrets"], CandidateKind::Option);
    }
    let next = next_words(&words);
    candidates.values(&next, CandidateKind::Keyword);
    match kind(&words) {
        Some((kind, [])) => names(kind, &mut candidates, catalog),
        Some((kind, [_])) if on(kind).is_some() => {
            candidates.values(&["on"], CandidateKind::Keyword);
        }
        Some((kind, [name, word])) if word.eq_ignore_ascii_case(b"on") => {
            if let Some(relations) = on(kind) {
                let name = Qualified { schema: None, name: name.to_vec() };
                candidates.names(relations, Some(&name), catalog);
            }
        }
        Some(_) => {}
        None if words.is_empty() => candidates.names(Object::Relation, None, catalog),
        None => {}
    }
    candidates.finish(start)
}

/// The kind that the words begin with, and those behind it.
fn kind<'w>(words: &'w [&'w [u8]]) -> Option<(Kind, &'w [&'w [u8]])> {
    let all = KINDS.iter().flat_map(|traits| traits.words.iter().map(|word| (traits.kind, *word)));
    let found = all.filter_map(|(kind, name)| {
        let count = name.split(' ').count();
        let (start, rest) = words.split_at_checked(count)?;
        is_start(start, name).then_some((kind, rest, count))
    });
    found.max_by_key(|(.., count)| *count).map(|(kind, rest, _)| (kind, rest))
}

/// What may follow these words in the name of a kind.
fn next_words(words: &[&[u8]]) -> Vec<&'static str> {
    let names = KINDS.iter().flat_map(|traits| traits.words.iter());
    let next = |name: &&'static str| {
        let word = name.split(' ').nth(words.len())?;
        is_start(words, name).then_some(word)
    };
    let mut next: Vec<&str> = names.filter_map(next).collect();
    sort(&mut next);
    next.dedup();
    next
}

/// Whether the name of a kind begins with these words.
fn is_start(words: &[&[u8]], name: &str) -> bool {
    words.iter().zip(name.split(' ')).all(|(word, part)| word.eq_ignore_ascii_case(part.as_bytes()))
}

/// The relations that an object of this kind is on.
fn on(kind: Kind) -> Option<Object> {
    Some(match kind {
        Kind::Trigger => Object::RelationOfTrigger,
        Kind::Rule => Object::RelationOfRule,
        Kind::Policy => Object::RelationOfPolicy,
        Kind::Constraint => Object::RelationOfConstraint,
        _ => return None,
    })
}

fn names(kind: Kind, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let object = match kind {
        Kind::Table => Object::Table,
        Kind::ForeignTable => Object::ForeignTable,
        Kind::View => Object::View,
        Kind::MaterializedView => Object::MaterializedView,
        Kind::Sequence => Object::Sequence,
        Kind::Index => Object::Index,
        Kind::Type => Object::Type,
        Kind::Domain => Object::Domain,
        Kind::Function => Object::FunctionWithArguments,
        Kind::Procedure => Object::ProcedureWithArguments,
        Kind::Aggregate => Object::AggregateWithArguments,
        Kind::Trigger => Object::Trigger,
        Kind::Rule => Object::Rule,
        Kind::Policy => Object::Policy,
        Kind::Constraint => Object::Constraint,
        Kind::Statistics => Object::Statistics,
        Kind::Schema => Object::Schema,
        Kind::Extension => Object::Extension,
        Kind::Collation => Object::Collation,
        Kind::OperatorFamily => Object::OperatorFamily,
        Kind::OperatorClass => Object::OperatorClass,
        Kind::Conversion => Object::Conversion,
        Kind::TextSearchParser => Object::TextSearchParser,
        Kind::TextSearchTemplate => Object::TextSearchTemplate,
        Kind::TextSearchDictionary => Object::TextSearchDictionary,
        Kind::TextSearchConfiguration => Object::TextSearchConfiguration,
        Kind::Language => Object::Language,
        Kind::AccessMethod => Object::AccessMethod,
        Kind::ForeignDataWrapper => Object::ForeignDataWrapper,
        Kind::Server => Object::Server,
        Kind::EventTrigger => Object::EventTrigger,
        Kind::Publication => Object::Publication,
        Kind::Subscription => Object::Subscription,
        Kind::UserMapping | Kind::DefaultPrivileges | Kind::Role => Object::Role,
        Kind::Database => Object::Database,
        Kind::Tablespace => Object::Tablespace,
        Kind::Operator | Kind::Cast | Kind::Transform => return,
    };
    candidates.names(object, None, catalog);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_word_by_word() {
        let words = |text: &'static str| -> Vec<&'static [u8]> {
            text.split_whitespace().map(str::as_bytes).collect()
        };
        assert_eq!(
            next_words(&words("text search")),
            ["configuration", "dictionary", "parser", "template"]
        );
        assert_eq!(next_words(&words("Materialized")), ["view"]);
        assert!(next_words(&words("")).contains(&"foreign"));
        assert!(next_words(&words("orders")).is_empty());
        for (text, expected) in [
            ("table", Some((Kind::Table, 0))),
            ("foreign table", Some((Kind::ForeignTable, 0))),
            ("operator class x", Some((Kind::OperatorClass, 1))),
            ("trigger a on", Some((Kind::Trigger, 2))),
            ("orders", None),
        ] {
            let words = words(text);
            assert_eq!(kind(&words).map(|(kind, rest)| (kind, rest.len())), expected, "{text}");
        }
    }
}
