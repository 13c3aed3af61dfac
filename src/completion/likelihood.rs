//! How likely a word is at a place of a statement, learned from the statements of
//! `grammar/usual.sql`.
//!
//! Owns the counting: which word came after which. Knows no names: one name is like another.

use super::keyword::is_keyword;
use super::token::{Kind, Token, tokens};
use crate::grammar;
use crate::sort::sort_by_key;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What any name counts as.
pub(super) const NAME: &str = "name";
/// What any literal, number or parameter counts as.
pub(super) const VALUE: &str = "'value'";
const FUNCTION: &str = "function(";
const TYPE: &str = "type";
const START: &str = "";

/// Types that statements speak of, as far as they are no key words.
const TYPES: &str = "bigint bigserial boolean bool bytea char citext date daterange double float8 geometry inet \
    int int4 int4range int8 integer interval json jsonb money numeric oid point real regclass serial \
    smallint text time timestamp timestamptz timetz tsquery tstzrange tsvector uuid varchar xml";

/// Key words at which a part of a statement begins.
const CLAUSES: &str = "ADD ALTER AS BY CHECK COLUMN CREATE DELETE DO DROP ELSE EXECUTE FROM GRANT GROUP \
    HAVING INTO JOIN LIMIT OFFSET ON ORDER OVER PARTITION REFERENCES RENAME RETURNING \
    REVOKE SELECT SET THEN TO UNION UPDATE USING VALUES WHEN WHERE WINDOW WITH";

/// A word of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// What it counts as where it precedes others.
    class: String,
    /// What it counts as itself.
    word: String,
    /// Its text, if it is a name.
    pub name: Option<Vec<u8>>,
    /// Whether it is written in lower case, if it is a key word.
    pub written_lower: Option<bool>,
}

impl Unit {
    fn new(class: &str, word: &str) -> Unit {
        Unit { class: class.to_owned(), word: word.to_owned(), name: None, written_lower: None }
    }

    /// Whether this is that key word.
    pub fn is(&self, keyword: &str) -> bool {
        self.class == keyword
    }
}

/// What precedes a word, the more the rarer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Context<'t> {
    Three(&'t str, &'t str, &'t str),
    Two(&'t str, &'t str),
    One(&'t str),
    /// The clause's key word and the word before.
    Clause(&'t str, &'t str),
    /// The statement's first words and the clause's.
    Statement(&'t str, &'t str, &'t str),
}

/// Where a word stands.
struct Place<'t> {
    contexts: [(f64, Context<'t>); 5],
}

impl<'t> Place<'t> {
    /// The place behind these units.
    fn behind(units: &'t [Unit]) -> Place<'t> {
        let back = |by: usize| {
            let at = units.len().checked_sub(by);
            at.map_or(START, |at| units[at].class.as_str())
        };
        let first = |at: usize| units.get(at).map_or(START, |unit| unit.class.as_str());
        let clause = clause_start(units).map_or(START, |at| units[at].class.as_str());
        Place {
            contexts: [
                (0.40, Context::Three(back(3), back(2), back(1))),
                (0.22, Context::Two(back(2), back(1))),
                (0.22, Context::Clause(clause, back(1))),
                (0.08, Context::One(back(1))),
                (0.08, Context::Statement(first(0), first(1), clause)),
            ],
        }
    }
}

/// The index of the unit at which the clause begins that the next word is a part of: its key word,
/// or what precedes the bracket around it.
pub(super) fn clause_start(units: &[Unit]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, unit) in units.iter().enumerate().rev() {
        match unit.class.as_str() {
            ")" | "]" => depth += 1,
            "(" | "[" if depth == 0 => return Some(at.saturating_sub(1)),
            "(" | "[" => depth -= 1,
            class if depth == 0 && clauses().contains(class) => return Some(at),
            _ => {}
        }
    }
    None
}

fn words(text: &'static str) -> HashSet<&'static str> {
    text.split_ascii_whitespace().collect()
}

fn clauses() -> &'static HashSet<&'static str> {
    static WORDS: OnceLock<HashSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| words(CLAUSES))
}

/// The types that statements speak of, always in this order.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    TYPES.split_ascii_whitespace()
}

fn is_type(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| words(TYPES)).contains(word)
}

#[derive(Debug, Default)]
struct Counter<'t> {
    total: u32,
    of: HashMap<&'t str, u32>,
}

/// What came after what.
struct Model {
    counters: HashMap<Context<'static>, Counter<'static>>,
    /// Functions, the most frequent first.
    functions: Vec<&'static str>,
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    static STATEMENTS: OnceLock<Vec<Vec<Unit>>> = OnceLock::new();
    MODEL.get_or_init(|| learn(STATEMENTS.get_or_init(|| learned(grammar::usual_statements()))))
}

fn learn(statements: &'static [Vec<Unit>]) -> Model {
    let mut counters: HashMap<Context<'static>, Counter<'static>> = HashMap::new();
    let mut functions: HashMap<&str, u32> = HashMap::new();
    for units in statements {
        for (at, unit) in units.iter().enumerate() {
            for (_, context) in Place::behind(&units[..at]).contexts {
                let counter = counters.entry(context).or_default();
                counter.total += 1;
                *counter.of.entry(&unit.word).or_default() += 1;
                if unit.class == FUNCTION {
                    *counter.of.entry(FUNCTION).or_default() += 1;
                }
            }
            if unit.class == FUNCTION && reads(&units[0]) {
                *functions.entry(unit.word.trim_end_matches('(')).or_default() += 1;
            }
        }
    }
    let mut functions: Vec<_> = functions.into_iter().collect();
    sort_by_key(&mut functions, |(name, count)| (std::cmp::Reverse(*count), *name));
    Model { counters, functions: functions.into_iter().map(|(name, _)| name).collect() }
}

/// Whether a statement that begins so calls functions that everybody has.
fn reads(first: &Unit) -> bool {
    ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| first.is(verb))
}

/// Functions worth calling, the most frequent first.
pub(super) fn functions() -> &'static [&'static str] {
    &model().functions
}

/// The statements to learn from. Their key words are in upper case, so they tell themselves apart.
fn learned(text: &str) -> Vec<Vec<Unit>> {
    let text = text.as_bytes();
    let tokens = tokens(text);
    let ends = |token: &Token| token.text(text) == b";";
    let statements = tokens.split(ends).filter(|tokens| !tokens.is_empty());
    let is_keyword = |_: &[Unit], word: &str| word.bytes().all(|b| !b.is_ascii_lowercase());
    statements.map(|tokens| units(text, tokens, &is_keyword)).collect()
}

/// What was typed of the statement at its end.
pub(super) fn typed(text: &[u8]) -> Vec<Unit> {
    let tokens = tokens(text);
    let ends = |token: &Token| match token.kind {
        Kind::Symbol => matches!(token.text(text), b";" | b"\\;" | b"\\\\"),
        Kind::MetaCommand | Kind::Argument => true,
        _ => false,
    };
    let start = tokens.iter().rposition(ends).map_or(0, |at| at + 1);
    // A column may be called like a key word: it is one where it has come before.
    let is_keyword = |before: &[Unit], word: &str| {
        let before = before.last().map_or(START, |unit| unit.class.as_str());
        let upper = word.to_ascii_uppercase();
        super::keyword::is_reserved(word.to_ascii_lowercase().as_bytes())
            || is_keyword(word.as_bytes()) && count(&Context::One(before), &upper) > 0
    };
    units(text, &tokens[start..], &is_keyword)
}

fn count(context: &Context<'_>, word: &str) -> u32 {
    // The map's keys live for ever, the question need not.
    let counter = model().counters.get(context);
    counter.and_then(|counter| counter.of.get(word)).copied().unwrap_or(0)
}

/// The tokens as units: names with their dots are one.
fn units(text: &[u8], tokens: &[Token], is_keyword: &dyn Fn(&[Unit], &str) -> bool) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut end = usize::MAX;
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind != Kind::Comment) {
        let part = token.text(text);
        let adjacent = token.start == end;
        end = token.end;
        let followed_by = |symbol: &[u8]| {
            let next = tokens.get(at + 1);
            next.is_some_and(|next| next.start == token.end && next.text(text) == symbol)
        };
        if let Some(Unit { name: Some(name), class, word, .. }) = units.last_mut()
            && adjacent
            && (part == b"." || name.ends_with(b"."))
        {
            NAME.clone_into(class);
            NAME.clone_into(word);
            name.extend_from_slice(part);
            continue;
        }
        let unit = match token.kind {
            Kind::Word => {
                let word = String::from_utf8_lossy(part);
                let lower = word.to_ascii_lowercase();
                let dotted = followed_by(b".");
                if !dotted && is_keyword(&units, &word) {
                    let upper = word.to_ascii_uppercase();
                    let written_lower = Some(word.bytes().any(|b| b.is_ascii_lowercase()));
                    Unit { written_lower, ..Unit::new(&upper, &upper) }
                } else if followed_by(b"(") && !is_type(&lower) {
                    Unit::new(FUNCTION, &format!("{lower}("))
                } else if !dotted && is_type(&lower) {
                    Unit::new(TYPE, &lower)
                } else {
                    Unit { name: Some(part.to_vec()), ..Unit::new(NAME, NAME) }
                }
            }
            Kind::Identifier => Unit { name: Some(part.to_vec()), ..Unit::new(NAME, NAME) },
            Kind::String | Kind::Number | Kind::Variable => Unit::new(VALUE, VALUE),
            _ => {
                let symbol = match part {
                    b"<" | b">" | b"<=" | b">=" | b"<>" | b"!=" | b"~" | b"~*" => "=",
                    b"+" | b"-" | b"/" | b"%" | b"||" => "+",
                    b"(" | b")" | b"[" | b"]" | b"," | b"*" | b"=" | b"::" | b"." => {
                        std::str::from_utf8(part).unwrap_or_default()
                    }
                    _ => "->",
                };
                Unit::new(symbol, symbol)
            }
        };
        units.push(unit);
    }
    units
}

/// What may come behind a statement's units.
pub(super) struct Prediction<'u> {
    contexts: [(f64, Context<'u>); 5],
}

impl<'u> Prediction<'u> {
    pub fn behind(units: &'u [Unit]) -> Prediction<'u> {
        Prediction { contexts: Place::behind(units).contexts }
    }

    /// The probability of a key word, whatever its case.
    pub fn keyword(&self, word: &str) -> f64 {
        // Several words are as likely as the first.
        let first = word.split(' ').next().unwrap_or_default();
        self.of(&first.to_ascii_uppercase()) + self.of(&first.to_ascii_lowercase())
    }

    /// The probability of a function, and that of any function.
    pub fn function(&self, name: &str) -> (f64, f64) {
        (self.of(&format!("{name}(")), self.of(FUNCTION))
    }

    /// The probability of a word, [`NAME`] or [`VALUE`].
    pub fn of(&self, word: &str) -> f64 {
        let mut sum = 0.0;
        let mut weights = 0.0;
        for (weight, context) in &self.contexts {
            let Some(counter) = model().counters.get(context) else { continue };
            // Few observations say little.
            let weight = weight * f64::from(counter.total) / (f64::from(counter.total) + 1.5);
            let count = counter.of.get(word).copied().unwrap_or(0);
            sum += weight * f64::from(count) / f64::from(counter.total);
            weights += weight;
        }
        if weights > 0.0 { sum / weights } else { 0.0 }
    }
}
