//! The shell's own queries: what the describe commands, Tab and the progress line ask the server.
//!
//! Owns what keeps other people's code out of them. A name without a schema means what the
//! search_path says, operators included, and whoever may create objects in a schema of it can put
//! a function of his own behind `=`, run by whoever presses Tab. So nothing is sent to the server
//! but a [`CatalogQuery`], and none can be made without `qualify` giving each operator its schema.
//! Functions, types and relations bear theirs in the source; debug builds check that.
//!
//! Knows no catalog.

#[cfg(debug_assertions)]
mod check;
mod qualify;
mod token;

use crate::encoding::Encoding;

/// A query of the shell's own, safe to run under any search_path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogQuery(Vec<u8>);

impl CatalogQuery {
    /// From plain SQL, whose functions, types and relations bear their schemas and whose literals
    /// are in this encoding.
    pub fn new(sql: impl AsRef<[u8]>, encoding: Encoding) -> CatalogQuery {
        let text = qualify::qualify(sql.as_ref(), encoding);
        #[cfg(debug_assertions)]
        check::assert_qualified(&text, encoding);
        CatalogQuery(text)
    }

    /// What is sent to the server.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// This one behind another in the same message.
    pub fn after(self, mut first: CatalogQuery) -> CatalogQuery {
        first.0.extend_from_slice(b"; ");
        first.0.extend(self.0);
        first
    }
}

/// `name` as an identifier in double quotes.
pub fn identifier(name: &[u8]) -> Vec<u8> {
    let doubled = name.iter().flat_map(|&byte| {
        let times = if byte == b'"' { 2 } else { 1 };
        std::iter::repeat_n(byte, times)
    });
    [b'"'].into_iter().chain(doubled).chain([b'"']).collect()
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

#[cfg(test)]
mod tests;
