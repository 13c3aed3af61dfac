//! What a terminal may get of text that others wrote: names, messages, values.
//!
//! One rule for all of them. Replaced by escapes, as psql shows control characters in tables, are
//! - control characters other than tab and line feed, those of the upper half (U+0080 to U+009F)
//!   among them, which terminals obey;
//! - characters that reorder what is seen (bidirectional controls) or are not seen at all (zero
//!   width, tags, soft hyphen, invisible operators). U+200C and U+200D may follow letters outside
//!   ASCII: some scripts and emoji need them.
//!
//! Text is looked at as UTF-8, for that is what terminals read, whatever the server says that its
//! encoding is. Bytes that are no UTF-8 pass, but for those that alone are control characters.

use super::Encoding;
use crate::palette::{sequence_length, unfinished_sequence};
use std::borrow::Cow;
use std::io::{self, Write};

/// What stands at some place of a text.
enum Piece {
    /// So many bytes that may pass.
    Safe(usize),
    /// So many bytes that must not, and the character they are.
    Unsafe(usize, u32),
}

/// Whether a character of its own accord is one that is obeyed, or can't be seen.
pub fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' => true,
        '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

/// Whether a character is one that merely can't be seen, as text of many scripts and from web pages
/// holds them. In a name they are a disguise, in a value they belong to it, and a table's columns
/// count on their filling none.
pub fn is_invisible(code: u32) -> bool {
    matches!(
        code,
        0xad | 0x34f
            | 0x61c
            | 0x115f
            | 0x1160
            | 0x17b4
            | 0x17b5
            | 0x180e
            | 0x200b
            | 0x200e
            | 0x200f
            | 0x2060..=0x2064 | 0x3164 | 0xfeff | 0xffa0
    )
}

/// A result as a terminal may get it: as [`escaped`], but for what is only invisible.
pub fn escaped_result(text: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    replaced(text, encoding, |code| (!is_invisible(code)).then(|| escape(code)))
}

/// Whether text may go to a terminal as it is.
pub fn is_safe(text: &[u8]) -> bool {
    matches!(escaped(text, Encoding::Utf8), Cow::Borrowed(_))
}

/// The text as a terminal may get it.
pub fn escaped(text: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    replaced(text, encoding, |code| Some(escape(code)))
}

/// The text with what a terminal must not get replaced; what `replace` gives nothing for stays.
pub fn replaced(
    text: &[u8],
    encoding: Encoding,
    replace: impl Fn(u32) -> Option<String>,
) -> Cow<'_, [u8]> {
    if text.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::new();
    // What `out` does not hold yet.
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        match piece(text, at, encoding) {
            Piece::Safe(length) => at += length,
            Piece::Unsafe(length, code) => {
                if let Some(instead) = replace(code) {
                    out.extend_from_slice(&text[from..at]);
                    out.extend_from_slice(instead.as_bytes());
                    from = at + length;
                }
                at += length;
            }
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.extend_from_slice(&text[from..]);
    Cow::Owned(out)
}

/// A character's escape.
pub fn escape(code: u32) -> String {
    match code {
        0x0d => "\\r".to_owned(),
        0..0x80 => format!("\\x{code:02X}"),
        0x80..0x1_0000 => format!("\\u{code:04X}"),
        _ => format!("\\U{code:08X}"),
    }
}

fn piece(text: &[u8], at: usize, encoding: Encoding) -> Piece {
    let byte = text[at];
    match character(&text[at..]) {
        Some(c @ ('\u{200c}' | '\u{200d}')) => match at.checked_sub(1).map(|before| text[before]) {
            Some(before) if !before.is_ascii() => Piece::Safe(c.len_utf8()),
            _ => Piece::Unsafe(c.len_utf8(), c.into()),
        },
        Some(c) if is_unsafe(c) => Piece::Unsafe(c.len_utf8(), c.into()),
        Some(c) if is_utf8(encoding) => Piece::Safe(c.len_utf8()),
        // A part of a character of several bytes, perhaps; what follows is looked at for itself.
        Some(_) => Piece::Safe(1),
        None if is_utf8(encoding) && matches!(byte, 0x80..0xa0) => Piece::Unsafe(1, byte.into()),
        None => Piece::Safe(1),
    }
}

/// Whether text can be UTF-8; with a single-byte encoding (SQL_ASCII is one) it often is.
fn is_utf8(encoding: Encoding) -> bool {
    encoding == Encoding::Utf8 || encoding.is_single_byte()
}

/// The character of UTF-8 that the text begins with, if it does.
fn character(text: &[u8]) -> Option<char> {
    let length = length(*text.first()?);
    std::str::from_utf8(text.get(..length)?).ok()?.chars().next()
}

/// How long the character is that begins with this byte.
fn length(first: u8) -> usize {
    match first {
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..=0xff => 4,
        _ => 1,
    }
}

/// A stream that may lead to a terminal: then results pass with what a terminal obeys, or
/// reorders text by, escaped.
#[derive(Debug)]
pub struct TerminalSafe<W: Write> {
    stream: W,
    /// The text's encoding; without one everything passes as it is.
    encoding: Option<Encoding>,
    /// The beginning of a character whose end is still to come.
    begun: Vec<u8>,
    /// Whether the shell's own colours (`palette`) pass.
    has_colors: bool,
}

impl<W: Write> TerminalSafe<W> {
    /// Writes to `stream`, a terminal if there is an `encoding`, which is the text's.
    pub fn new(stream: W, encoding: Option<Encoding>) -> TerminalSafe<W> {
        TerminalSafe { stream, encoding, begun: Vec::new(), has_colors: false }
    }

    /// Changes what the stream is taken for from now on.
    pub fn set_encoding(&mut self, encoding: Option<Encoding>) {
        self.encoding = encoding;
    }

    /// From now on the shell's own colours pass, or not.
    pub fn set_colors(&mut self, has_colors: bool) {
        self.has_colors = has_colors;
    }

    /// Writes text as the stream may get it.
    fn write_safely(&mut self, mut text: &[u8], encoding: Encoding) -> io::Result<()> {
        while self.has_colors
            && let Some((at, length)) = first_color(text)
        {
            self.stream.write_all(&escaped_result(&text[..at], encoding))?;
            self.stream.write_all(&text[at..at + length])?;
            text = &text[at + length..];
        }
        self.stream.write_all(&escaped_result(text, encoding))
    }

    /// How many bytes at the end may belong to something that isn't whole.
    fn unfinished(&self, text: &[u8]) -> usize {
        match unfinished_sequence(text) {
            held @ 1.. if self.has_colors => held,
            _ => unfinished(text),
        }
    }

    /// The stream itself.
    pub fn stream(&mut self) -> &mut W {
        &mut self.stream
    }
}

/// Where the first colour of the shell's own begins, and how long its sequence is.
fn first_color(text: &[u8]) -> Option<(usize, usize)> {
    memchr::memchr_iter(0x1b, text).find_map(|at| Some((at, sequence_length(&text[at..])?)))
}

/// How many bytes at the end may belong to a character that isn't whole.
fn unfinished(text: &[u8]) -> usize {
    let lead = text.iter().rev().take(3).position(|byte| *byte >= 0xc0);
    lead.map(|back| back + 1).filter(|held| length(text[text.len() - held]) > *held).unwrap_or(0)
}

impl<W: Write> Write for TerminalSafe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(encoding) = self.encoding else { return self.stream.write(bytes) };
        if self.begun.is_empty() && self.unfinished(bytes) == 0 {
            self.write_safely(bytes, encoding)?;
            return Ok(bytes.len());
        }
        self.begun.extend_from_slice(bytes);
        let held = self.unfinished(&self.begun);
        let rest = self.begun.split_off(self.begun.len() - held);
        let text = std::mem::replace(&mut self.begun, rest);
        self.write_safely(&text, encoding)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.begun);
        self.stream.write_all(&escaped_result(&text, self.encoding.unwrap_or_default()))?;
        self.stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &[u8], encoding: Encoding) -> String {
        escaped(text, encoding).escape_ascii().to_string().replace("\\\\", "\\")
    }

    #[test]
    fn a_result_keeps_what_fills_no_columns() {
        let mut stream = TerminalSafe::new(Vec::new(), Some(Encoding::Utf8));
        stream.write_all("soft\u{ad}hy \u{200b}\u{feff}\u{202e}\u{9b}".as_bytes()).unwrap();
        let shown = "soft\u{ad}hy \u{200b}\u{feff}\\u202E\\u009B";
        assert_eq!(stream.stream, shown.as_bytes());
    }

    #[test]
    fn what_a_terminal_gets() {
        for (text, expected) in [
            ("plain\ttext\n", "plain\ttext\n"),
            ("a\x1b[2Jb", "a\\x1B[2Jb"),
            ("a\rb\x07\x08\x7f\0", "a\\rb\\x07\\x08\\x7F\\x00"),
            ("\u{9b}31m \u{9d}0;t\u{9c}", "\\u009B31m \\u009D0;t\\u009C"),
            ("a\u{202e}b\u{202c}", "a\\u202Eb\\u202C"),
            ("\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}", "\\u2066a\\u2069\\u200E\\u200F\\u061C"),
            (
                "ad\u{200b}m\u{200d}in\u{feff}\u{ad}\u{2060}",
                "ad\\u200Bm\\u200Din\\uFEFF\\u00AD\\u2060",
            ),
            ("\u{e0041}\u{e007f}\u{2028}", "\\U000E0041\\U000E007F\\u2028"),
            ("Zürich 東京 😀 \u{a0}é", "Zürich 東京 😀 \u{a0}é"),
            ("👩\u{200d}💻 می\u{200c}خواهم ❤\u{fe0f}", "👩\u{200d}💻 می\u{200c}خواهم ❤\u{fe0f}"),
        ] {
            for encoding in Encoding::ALL {
                let found = escaped(text.as_bytes(), encoding);
                assert_eq!(String::from_utf8_lossy(&found), expected, "{encoding:?}");
            }
            let is_same = text == expected;
            assert_eq!(is_safe(text.as_bytes()), is_same, "{text:?}");
        }
    }

    /// Every control character, in whatever encoding the server says.
    #[test]
    fn no_control_character_passes() {
        for c in ('\0'..='\u{9f}').filter(|c| c.is_control() && !"\n\t".contains(*c)) {
            for before in [&b""[..], b"x", b"\x81", b"\xe3\x81", b"\x8f"] {
                let text = [before, c.to_string().as_bytes(), b"[m"].concat();
                for encoding in Encoding::ALL {
                    let found = escaped(&text, encoding).into_owned();
                    let still = memchr::memmem::find(&found, c.to_string().as_bytes());
                    assert_eq!(still, None, "{c:?} after {before:?} in {encoding:?}");
                }
            }
        }
        assert_eq!(shown(b"a\x9b\xe9\x80", Encoding::Utf8), "a\\u009B\\xe9\\u0080");
        assert_eq!(shown(b"\x95\x5c\x9b\x40", Encoding::Sjis), "\\x95\\\\x9b@");
    }

    /// Whatever is cut where: none but the shell's own colours pass, and those only where they may.
    #[test]
    fn colors_of_the_shells_own() {
        let text = b"\x1b[1ma\x1b[0m\x1b[2Jb\x1b[1";
        for (has_colors, expected) in [
            (true, "\x1b[1ma\x1b[0m\\x1B[2Jb\\x1B[1"),
            (false, "\\x1B[1ma\\x1B[0m\\x1B[2Jb\\x1B[1"),
        ] {
            for cut in 0..text.len() {
                let mut stream = TerminalSafe::new(Vec::new(), Some(Encoding::Utf8));
                stream.set_colors(has_colors);
                stream.write_all(&text[..cut]).unwrap();
                stream.write_all(&text[cut..]).unwrap();
                stream.flush().unwrap();
                assert_eq!(String::from_utf8_lossy(&stream.stream), expected, "{cut}");
            }
        }
    }

    #[test]
    fn streams_cut_anywhere() {
        let text = "a\u{9b}b\u{202e}東😀\u{e0041}c\u{200d}d".as_bytes();
        let whole = escaped(text, Encoding::Utf8).into_owned();
        for cut in 0..text.len() {
            let mut stream = TerminalSafe::new(Vec::new(), Some(Encoding::Utf8));
            stream.write_all(&text[..cut]).unwrap();
            stream.write_all(&text[cut..]).unwrap();
            stream.flush().unwrap();
            assert_eq!(stream.stream, whole, "{cut}");
        }
        let mut stream = TerminalSafe::new(Vec::new(), Some(Encoding::Utf8));
        stream.write_all(b"a\xe2").unwrap();
        stream.flush().unwrap();
        assert_eq!(stream.stream, b"a\xe2");
    }
}
