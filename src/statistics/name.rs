//! What was typed: a relation, and perhaps a column behind it.

use crate::encoding::Encoding;
use crate::lexer::DottedName;

/// A relation and perhaps a column, by name. Of two names either may be meant: a schema and its
/// relation, or a relation and its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// A relation that needs no schema.
    One(Vec<u8>),
    /// A schema and a relation, or a relation and a column.
    Two(Vec<u8>, Vec<u8>),
    /// A schema, a relation and a column.
    Three(Vec<u8>, Vec<u8>, Vec<u8>),
}

impl Request {
    /// Reads a name as SQL does: double quotes keep what is in them.
    ///
    /// # Errors
    /// It names no single relation.
    pub fn read(typed: &[u8], encoding: Encoding) -> Result<Request, &'static str> {
        let Some(name) = DottedName::read(typed, encoding) else {
            return Err("a double quote is open");
        };
        if name.is_pattern {
            return Err("statistics are of one relation: a pattern names many");
        }
        let mut names = name.parts;
        if names.iter().any(Vec::is_empty) {
            return Err("the name of a relation is missing");
        }
        let last = names.pop().unwrap_or_default();
        let before = names.pop();
        match (names.pop(), before, names.is_empty()) {
            (None, None, _) => Ok(Request::One(last)),
            (None, Some(first), _) => Ok(Request::Two(first, last)),
            (Some(schema), Some(relation), true) => Ok(Request::Three(schema, relation, last)),
            _ => Err("more than a schema, a relation and a column are named"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let read = |text: &str| match Request::read(text.as_bytes(), Encoding::Utf8) {
            Ok(Request::One(a)) => vec![a],
            Ok(Request::Two(a, b)) => vec![a, b],
            Ok(Request::Three(a, b, c)) => vec![a, b, c],
            Err(text) => vec![b"!".to_vec(), text.into()],
        };
        for (typed, expected) in [
            ("Orders", "orders"),
            ("\"Or.d*ers\"", "Or.d*ers"),
            ("shop.Orders", "shop|orders"),
            ("shop.\"a\"\"b\".C", "shop|a\"b|c"),
            ("ord*", "!|statistics are of one relation: a pattern names many"),
            ("\"ord", "!|a double quote is open"),
            ("", "!|the name of a relation is missing"),
            ("a..b", "!|the name of a relation is missing"),
            ("a.b.c.d", "!|more than a schema, a relation and a column are named"),
        ] {
            let found = read(typed).join(&b'|');
            assert_eq!(String::from_utf8_lossy(&found), expected, "{typed}");
        }
    }
}
