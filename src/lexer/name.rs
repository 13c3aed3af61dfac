//! A name of several parts, as one types it in SQL.

use super::argument::{Case, dequote};
use super::rules::mask;
use crate::encoding::Encoding;

/// `shop."Orders"`: its parts as the server would read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DottedName {
    /// Each without its quotes; letters outside of them are small.
    pub parts: Vec<Vec<u8>>,
    /// `*` or `?` stands outside of quotes.
    pub is_pattern: bool,
}

impl DottedName {
    /// Reads a name; `None` if a double quote is left open.
    pub fn read(typed: &[u8], encoding: Encoding) -> Option<DottedName> {
        let masked = mask(typed, encoding);
        let seen = masked.as_deref().unwrap_or(typed);
        let (mut parts, mut begin) = (Vec::new(), 0);
        let (mut is_quoted, mut is_pattern) = (false, false);
        for (at, byte) in seen.iter().enumerate() {
            match byte {
                b'"' => is_quoted = !is_quoted,
                b'*' | b'?' => is_pattern |= !is_quoted,
                b'.' if !is_quoted => {
                    parts.push(dequote(&typed[begin..at], Case::Fold, encoding));
                    begin = at + 1;
                }
                _ => {}
            }
        }
        parts.push(dequote(&typed[begin..], Case::Fold, encoding));
        (!is_quoted).then_some(DottedName { parts, is_pattern })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (typed, parts, is_pattern) in [
            ("Orders", &["orders"][..], false),
            ("shop.\"Or.d*\"\"ers\"", &["shop", "Or.d*\"ers"], false),
            ("a*.B?", &["a*", "b?"], true),
            ("", &[""], false),
            ("a..b", &["a", "", "b"], false),
            ("Ü.\"Ü\"", &["Ü", "Ü"], false),
        ] {
            let parts = parts.iter().map(|part| part.as_bytes().to_vec()).collect();
            let expected = Some(DottedName { parts, is_pattern });
            assert_eq!(DottedName::read(typed.as_bytes(), Encoding::Utf8), expected, "{typed}");
        }
        assert_eq!(DottedName::read(b"a.\"b", Encoding::Utf8), None);
        // The second byte is a dot's or a quote's like.
        let name = DottedName::read(b"\x81\x5c.b", Encoding::Sjis).unwrap();
        assert_eq!(name.parts, [&b"\x81\x5c"[..], b"b"]);
    }
}
