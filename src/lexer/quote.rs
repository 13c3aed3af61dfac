//! Quoting values for SQL and for the shell.
//!
//! Owns what is safe to send: bytes that are no character of the encoding are refused, since
//! a server or a shell that reads them otherwise could see a quote that isn't there.

use crate::encoding::Encoding;

/// Why a value can't be quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidCharacter {
    /// Bytes that are no character of the encoding.
    Invalid,
    /// The last character is cut short.
    Incomplete,
}

impl InvalidCharacter {
    /// psql's message, which has no severity before it.
    pub fn message(self) -> &'static str {
        match self {
            InvalidCharacter::Invalid => "invalid multibyte character",
            InvalidCharacter::Incomplete => "incomplete multibyte character",
        }
    }
}

/// What a value becomes in SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// A string literal.
    Literal,
    /// An identifier.
    Identifier,
}

impl Quoting {
    /// `value` quoted.
    ///
    /// # Errors
    /// A character is not valid in `encoding`.
    pub fn quote(self, value: &[u8], encoding: Encoding) -> Result<Vec<u8>, InvalidCharacter> {
        match self {
            Quoting::Literal => quote_literal(value, encoding),
            Quoting::Identifier => quote_identifier(value, encoding),
        }
    }
}

/// `value` as an SQL literal: `'it''s'`, or ` E'a\\b'` if there are backslashes.
///
/// # Errors
/// A character is not valid in `encoding`.
pub fn quote_literal(value: &[u8], encoding: Encoding) -> Result<Vec<u8>, InvalidCharacter> {
    let mut quoted = Vec::with_capacity(value.len() + 2);
    let backslashes = characters(value, encoding).any(|c| c == Ok(b"\\"));
    quoted.extend_from_slice(if backslashes { b" E'" } else { b"'" });
    for character in characters(value, encoding) {
        let character = character?;
        if matches!(character, b"'" | b"\\") {
            quoted.extend_from_slice(character);
        }
        quoted.extend_from_slice(character);
    }
    quoted.push(b'\'');
    Ok(quoted)
}

/// `value` as an SQL identifier: `"a""b"`.
///
/// # Errors
/// A character is not valid in `encoding`.
pub fn quote_identifier(value: &[u8], encoding: Encoding) -> Result<Vec<u8>, InvalidCharacter> {
    let mut quoted = Vec::with_capacity(value.len() + 2);
    quoted.push(b'"');
    for character in characters(value, encoding) {
        let character = character?;
        if character == b"\"" {
            quoted.push(b'"');
        }
        quoted.extend_from_slice(character);
    }
    quoted.push(b'"');
    Ok(quoted)
}

/// `value` as one word for the shell, or `None` if it holds a newline or carriage return.
pub fn shell_quote(value: &[u8]) -> Option<Vec<u8>> {
    if value.iter().any(|b| matches!(b, b'\n' | b'\r')) {
        return None;
    }
    let harmless = |b: &u8| b.is_ascii_alphanumeric() || b"-_./:".contains(b);
    if !value.is_empty() && value.iter().all(harmless) {
        return Some(value.to_vec());
    }
    let mut quoted = vec![b'\''];
    for &byte in value {
        match byte {
            b'\'' => quoted.extend_from_slice(b"'\"'\"'"),
            _ => quoted.push(byte),
        }
    }
    quoted.push(b'\'');
    Some(quoted)
}

/// The characters of `value`; the first error is the last item that means anything.
fn characters(
    value: &[u8],
    encoding: Encoding,
) -> impl Iterator<Item = Result<&[u8], InvalidCharacter>> {
    let mut rest = value;
    let mut all_ascii = true;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // padded, so that a character cut short still tells its length
        let mut start = [0xff; 4];
        let known = rest.len().min(4);
        start[..known].copy_from_slice(&rest[..known]);
        let len = encoding.char_len(&start);
        if len > rest.len() {
            rest = &[];
            // At its first multi-byte character psql checks all that follows, as one thing.
            let first =
                if all_ascii { InvalidCharacter::Incomplete } else { InvalidCharacter::Invalid };
            return Some(Err(first));
        }
        all_ascii &= rest[0] < 0x80;
        let (character, tail) = rest.split_at(len);
        rest = tail;
        Some(if encoding.is_valid(character) {
            Ok(character)
        } else {
            Err(InvalidCharacter::Invalid)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_identifiers() {
        let check = |value: &[u8], encoding, literal: &[u8], identifier: &[u8]| {
            assert_eq!(quote_literal(value, encoding).unwrap(), literal);
            assert_eq!(quote_identifier(value, encoding).unwrap(), identifier);
        };
        check(b"", Encoding::Utf8, b"''", b"\"\"");
        check(b"it's", Encoding::Utf8, b"'it''s'", b"\"it's\"");
        check(b"a\"b", Encoding::Utf8, b"'a\"b'", b"\"a\"\"b\"");
        check(b"a\\b'", Encoding::Utf8, b" E'a\\\\b'''", b"\"a\\b'\"");
        check("é€".as_bytes(), Encoding::Utf8, "'é€'".as_bytes(), "\"é€\"".as_bytes());
        check(b"\xff", Encoding::SingleByte, b"'\xff'", b"\"\xff\"");
        // second bytes that look like a backslash
        check(b"\x95\x5c", Encoding::Sjis, b"'\x95\x5c'", b"\"\x95\x5c\"");
        check(b"\x95\x5c\\", Encoding::Gbk, b" E'\x95\x5c\\\\'", b"\"\x95\x5c\\\"");
    }

    #[test]
    fn what_is_no_character_is_refused() {
        use InvalidCharacter::{Incomplete, Invalid};
        for (value, encoding, error) in [
            (b"\xff".as_slice(), Encoding::Utf8, Invalid),
            (b"a\xe2\x82", Encoding::Utf8, Incomplete),
            (b"\xe2\x82'", Encoding::Utf8, Invalid),
            (b"\xc0\xa7", Encoding::Utf8, Invalid),
            (b"\x95", Encoding::Sjis, Incomplete),
            (b"\x95'", Encoding::Sjis, Invalid),
            (b"\xb7\xa4\xb0", Encoding::EucKr, Invalid),
            (b"a\xb0", Encoding::EucKr, Incomplete),
            (b"\x8d\x20", Encoding::Big5, Invalid),
            (b"\xa1'", Encoding::EucKr, Invalid),
            (b"\x81\x30\x81", Encoding::Gb18030, Incomplete),
            (b"\x8e\xe0", Encoding::EucJp, Invalid),
        ] {
            assert_eq!(quote_literal(value, encoding), Err(error), "{value:x?}");
            assert_eq!(quote_identifier(value, encoding), Err(error), "{value:x?}");
        }
    }

    #[test]
    fn words_for_the_shell() {
        for (value, quoted) in [
            ("", Some("''")),
            ("abc/d-e.f_1:2", Some("abc/d-e.f_1:2")),
            ("a=b", Some("'a=b'")),
            ("é", Some("'é'")),
            ("it's \"$x\" `y` \\", Some("'it'\"'\"'s \"$x\" `y` \\'")),
            ("a\nb", None),
            ("a\r", None),
        ] {
            assert_eq!(shell_quote(value.as_bytes()).as_deref(), quoted.map(str::as_bytes));
        }
    }
}
