//! A small builder for catalog queries, and literals.
//!
//! Owns the form that all families share: titled columns, FROM, conditions, ORDER BY. Knows no
//! catalog.

use crate::encoding::Encoding;

/// A query that becomes a table on the screen: each column carries its heading.
#[derive(Clone, Debug, Default)]
pub struct Select {
    columns: Vec<u8>,
    from: Vec<u8>,
    conditions: Vec<u8>,
    group: Vec<u8>,
    order: Vec<u8>,
}

impl Select {
    /// A query without columns yet.
    pub fn new() -> Select {
        Select::default()
    }

    /// Adds a column with its heading.
    pub fn column(&mut self, heading: &str, expression: impl AsRef<[u8]>) -> &mut Select {
        let start = if self.columns.is_empty() { "SELECT " } else { ",\n  " };
        self.columns.extend_from_slice(start.as_bytes());
        self.columns.extend_from_slice(expression.as_ref());
        self.columns.extend_from_slice(format!(" AS \"{heading}\"").as_bytes());
        self
    }

    /// Adds to the FROM clause: the first table, or a whole `LEFT JOIN ... ON ...`.
    pub fn from(&mut self, source: impl AsRef<[u8]>) -> &mut Select {
        let start = if self.from.is_empty() { "\nFROM " } else { "\n  " };
        self.from.extend_from_slice(start.as_bytes());
        self.from.extend_from_slice(source.as_ref());
        self
    }

    /// Adds a condition; all must hold.
    pub fn filter(&mut self, condition: impl AsRef<[u8]>) -> &mut Select {
        let start = if self.conditions.is_empty() { "\nWHERE " } else { "\n  AND " };
        self.conditions.extend_from_slice(start.as_bytes());
        self.conditions.extend_from_slice(condition.as_ref());
        self
    }

    /// Sets the GROUP BY list.
    pub fn group(&mut self, list: &str) -> &mut Select {
        self.group = format!("\nGROUP BY {list}").into_bytes();
        self
    }

    /// Sets the ORDER BY list.
    pub fn order(&mut self, list: &str) -> &mut Select {
        self.order = format!("\nORDER BY {list}").into_bytes();
        self
    }

    /// The query's text, without a semicolon.
    pub fn sql(&self) -> Vec<u8> {
        [&self.columns[..], &self.from, &self.conditions, &self.group, &self.order].concat()
    }
}

/// `text` as an SQL literal that means the same whatever `standard_conforming_strings` says.
///
/// A byte that begins no character becomes one that the server is sure to refuse.
pub fn literal(text: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    let mut escape = false;
    let mut rest = text;
    while !rest.is_empty() {
        let (character, after) = rest.split_at(encoding.char_len(rest));
        if !encoding.is_valid(character) {
            quoted.push(if encoding == Encoding::Utf8 { 0xc0 } else { 0x8d });
            quoted.push(b' ');
            rest = &rest[1..];
            continue;
        }
        rest = after;
        if matches!(character, b"'" | b"\\") {
            escape |= character == b"\\";
            quoted.extend_from_slice(character);
        }
        quoted.extend_from_slice(character);
    }
    quoted.push(b'\'');
    if escape {
        quoted.insert(0, b'E');
    }
    quoted
}

/// `(CASE expression WHEN 'a' THEN 'b' ... END)`: the words for a catalog's one-letter codes.
///
/// Codes and words are SQL text of ours, without quotes in them.
pub fn decode(expression: &str, words: &[(&str, &str)]) -> String {
    let mut case = format!("CASE {expression}");
    for (code, word) in words {
        case.push_str(&format!(" WHEN '{code}' THEN '{word}'"));
    }
    case.push_str(" END");
    case
}

/// `yes` or `no` for a boolean expression.
pub fn yes_no(expression: &str) -> String {
    format!("CASE WHEN {expression} THEN 'yes' ELSE 'no' END")
}

/// The comment on an object of `catalog` (`pg_class`), by its OID.
pub fn comment(oid: &str, catalog: &str) -> String {
    format!("pg_catalog.obj_description({oid}, '{catalog}')")
}

/// An access control list, one entry a line: `(none)` when it is empty, NULL when it is default.
pub fn privileges(acl: &str) -> String {
    format!(
        "CASE WHEN pg_catalog.array_to_string({acl}, '') = '' THEN '(none)' \
         ELSE pg_catalog.array_to_string({acl}, E'\\n') END"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn select() {
        let mut query = Select::new();
        query.column("Name", "a.x").column("Type", "a.y");
        query.from("t a").from("JOIN u b ON true").filter("a.x > 1").filter("b.z").order("1");
        assert_eq!(
            String::from_utf8_lossy(&query.sql()),
            "SELECT a.x AS \"Name\",\n  a.y AS \"Type\"\nFROM t a\n  JOIN u b ON true\n\
             WHERE a.x > 1\n  AND b.z\nORDER BY 1"
        );
    }

    #[test]
    fn literals() {
        for (text, expected) in [
            (&b"a"[..], &b"'a'"[..]),
            (b"it's", b"'it''s'"),
            (b"a\\'", b"E'a\\\\'''"),
            (b"\xff'", b"'\xc0 '''"),
            (b"\xe6\xbc)", b"'\xc0 \xc0 )'"),
        ] {
            assert_eq!(literal(text, Encoding::Utf8), expected);
        }
        assert_eq!(literal(b"\x83\x5c", Encoding::Sjis), b"'\x83\x5c'");
        assert_eq!(literal(b"\x83'", Encoding::Sjis), b"'\x8d '''");
        for encoding in [Encoding::EucJp, Encoding::EucKr, Encoding::EucCn, Encoding::EucTw] {
            assert_eq!(literal(b"x\xd0", encoding), b"'x\x8d '", "{encoding:?}: truncated");
        }
    }
}
