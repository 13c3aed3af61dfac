//! What an error says is not there.
//!
//! The server's texts are in any language, so the name is read where the error stands in the
//! query; only what has no place there (`DROP TABLE x`) is read from the text, where the name
//! stands in quotes.

use crate::error_fields::ErrorFields;

/// Something that isn't there, as the query names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What it would be.
    pub kind: Kind,
    /// The schema that was named.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// It stands in double quotes.
    pub is_quoted: bool,
    /// For a column: the names in the query, among which are those of its tables.
    pub neighbours: Vec<String>,
}

/// What isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A table or what is like one.
    Relation,
    /// A column.
    Column,
    /// A function, or one with such arguments.
    Function,
    /// A schema.
    Schema,
    /// A type.
    Type,
}

/// The most names of a query that are looked at.
const MOST_NEIGHBOURS: usize = 50;

impl Missing {
    /// What an error of a query says is not there; `None` if it says something else, or the server
    /// gives a name itself.
    pub fn of(fields: &ErrorFields, query: &[u8]) -> Option<Missing> {
        let kind = match fields.get(b'C')? {
            b"42P01" => Kind::Relation,
            b"42703" => Kind::Column,
            b"42883" => Kind::Function,
            b"3F000" => Kind::Schema,
            b"42704" => Kind::Type,
            _ => return None,
        };
        // Of functions it says no more than that arguments may need casts.
        if kind != Kind::Function && fields.get(b'H').is_some() {
            return None;
        }
        let query = std::str::from_utf8(query).ok()?;
        let message = std::str::from_utf8(fields.get(b'M')?).ok()?;
        let place = fields.get(b'P').and_then(|place| place_in(query, place));
        let (names, is_quoted) = match place {
            Some(place) => names_at(place)?,
            None => (names_in(message, kind)?, false),
        };
        let written = names.join(".");
        // In `a.b` a missing table `a` of a column `b` is named alone.
        if kind == Kind::Relation && !message.contains(&written) {
            return None;
        }
        let mut names = names.into_iter().rev();
        let mut name = names.next()?;
        if kind == Kind::Schema {
            // It stands before what was to be found in it.
            name = names.next().unwrap_or(name);
        }
        let schema = names.next().filter(|_| kind != Kind::Column);
        let neighbours = if kind == Kind::Column { identifiers(query) } else { Vec::new() };
        Some(Missing { kind, schema, name, is_quoted, neighbours })
    }
}

/// What stands in a query at the server's position, which counts characters from 1.
pub(super) fn place_in<'q>(query: &'q str, position: &[u8]) -> Option<&'q str> {
    let position: usize = std::str::from_utf8(position).ok()?.parse().ok()?;
    let (at, _) = query.char_indices().nth(position.checked_sub(1)?)?;
    Some(&query[at..])
}

/// The names that a text begins with, joined by dots, and whether the last one has quotes.
fn names_at(text: &str) -> Option<(Vec<String>, bool)> {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let (name, is_quoted, after) = name_at(rest)?;
        names.push(name);
        match after.trim_start().strip_prefix('.') {
            Some(next) if name_at(next.trim_start()).is_some() => rest = next.trim_start(),
            _ => return Some((names, is_quoted)),
        }
    }
}

/// The name that a text begins with, whether it has quotes, and what follows it.
fn name_at(text: &str) -> Option<(String, bool, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut chars = quoted.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c != '"' {
                name.push(c);
            } else if chars.next_if(|(_, next)| *next == '"').is_some() {
                name.push('"');
            } else {
                return Some((name, true, &quoted[at + 1..]));
            }
        }
        return None;
    }
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    text.starts_with(is_first).then_some(())?;
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
    let (name, after) = text.split_at(end.unwrap_or(text.len()));
    Some((name.to_ascii_lowercase(), false, after))
}

/// The name that stands first in quotes in an error's text.
fn names_in(message: &str, kind: Kind) -> Option<Vec<String>> {
    // Many things share the code of types.
    if kind == Kind::Type && !message.starts_with("type ") {
        return None;
    }
    let name = message.split('"').nth(1).filter(|name| !name.is_empty())?;
    Some(name.split('.').map(str::to_owned).collect())
}

/// The different names in a query.
fn identifiers(query: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = query;
    while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_' || c == '"') {
        let Some((name, _, after)) = name_at(&rest[start..]) else { break };
        rest = after;
        if !names.contains(&name) && names.len() < MOST_NEIGHBOURS {
            names.push(name);
        }
    }
    names
}
