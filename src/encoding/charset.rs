//! The client encodings of one byte per character, and their text in UTF-8.

use crate::packed::Packed;
use std::sync::OnceLock;

/// For each a line: its name, and what the bytes from 0x80 on are.
static TABLE: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/charsets.packed")));

/// The bytes above ASCII.
const HIGH: usize = 128;

/// A client encoding of one byte per character, and all its characters known; its number in `NAMES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(u8);

/// As the server calls them.
const NAMES: [&str; 27] = [
    "LATIN1",
    "LATIN2",
    "LATIN3",
    "LATIN4",
    "LATIN5",
    "LATIN6",
    "LATIN7",
    "LATIN8",
    "LATIN9",
    "LATIN10",
    "ISO_8859_5",
    "ISO_8859_6",
    "ISO_8859_7",
    "ISO_8859_8",
    "KOI8R",
    "KOI8U",
    "WIN866",
    "WIN874",
    "WIN1250",
    "WIN1251",
    "WIN1252",
    "WIN1253",
    "WIN1254",
    "WIN1255",
    "WIN1256",
    "WIN1257",
    "WIN1258",
];

impl Charset {
    /// The one that the server calls so.
    pub fn from_name(name: &str) -> Option<Charset> {
        NAMES.iter().position(|known| *known == name).map(|at| Charset(at as u8))
    }

    /// A text in UTF-8; `None` if a byte is no character.
    pub fn to_utf8(self, text: &[u8]) -> Option<String> {
        text.iter().map(|byte| self.character(*byte)).collect()
    }

    /// A text in UTF-8, to be looked at: bytes that are no characters stay as they are.
    pub fn to_utf8_for_display(self, text: &[u8]) -> Vec<u8> {
        let mut shown = Vec::with_capacity(text.len() * 2);
        for byte in text {
            match self.character(*byte) {
                Some(c) => shown.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => shown.push(*byte),
            }
        }
        shown
    }

    /// What the bytes from 0x80 on are.
    fn high(self) -> &'static [Option<char>; HIGH] {
        static READ: [OnceLock<Box<[Option<char>; HIGH]>>; NAMES.len()] =
            [const { OnceLock::new() }; NAMES.len()];
        let at = usize::from(self.0);
        READ[at].get_or_init(|| Box::new(read(NAMES[at])))
    }

    fn character(self, byte: u8) -> Option<char> {
        match byte {
            0..0x80 => Some(char::from(byte)),
            _ => self.high()[usize::from(byte - 0x80)],
        }
    }
}

/// Reads the line of a charset.
fn read(name: &str) -> [Option<char>; HIGH] {
    let line = TABLE.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let mut codes = line.unwrap_or_default().split(' ');
    let mut next = || char::from_u32(u32::from_str_radix(codes.next()?, 16).ok()?);
    std::array::from_fn(|_| next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown() {
        for (name, text, expected) in [
            ("LATIN1", &b"a\xe4"[..], "a\u{e4}".as_bytes()),
            ("WIN1252", b"\x80 \x81", b"\xe2\x82\xac \x81"),
            ("KOI8R", b"\xc1", "\u{430}".as_bytes()),
            ("ISO_8859_6", b"a\xa1", b"a\xa1"),
        ] {
            let charset = Charset::from_name(name).unwrap();
            assert_eq!(charset.to_utf8_for_display(text), expected, "{name}");
        }
    }

    /// Each name has its line, and each line its 128 codes.
    #[test]
    fn the_table_is_whole() {
        let lines: Vec<&str> = TABLE.text().lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), NAMES.len());
        for (line, name) in lines.iter().zip(NAMES) {
            assert_eq!(line.split(' ').next(), Some(name));
            assert_eq!(line.split(' ').count(), 1 + HIGH, "{name}");
            assert!(
                Charset::from_name(name).unwrap().high().iter().flatten().count() > 80,
                "{name}"
            );
        }
    }
}
