//! Text in a drawing: in one line, harmless, of a width.

use crate::encoding::terminal_safe::escaped;
use crate::encoding::{Encoding, Glyph};

/// Of a longer text no more is looked at: a value may have a hundred megabytes.
const MOST_BYTES: usize = 2000;

/// The beginning of a text as it may be shown: line breaks and the like become blanks, what a
/// terminal would obey is escaped, what is no character is left out.
pub(super) fn shown(text: &[u8], encoding: Encoding) -> Vec<u8> {
    let text = &text[..text.len().min(MOST_BYTES)];
    let safe = escaped(text, encoding);
    let mut shown = Vec::with_capacity(safe.len());
    let mut rest = &safe[..];
    while !rest.is_empty() {
        let (length, glyph) = encoding.next_char(rest);
        match glyph {
            Glyph::Columns(_) => shown.extend_from_slice(&rest[..length]),
            Glyph::Control => shown.push(b' '),
            Glyph::Invalid => {}
        }
        rest = &rest[length..];
    }
    shown
}

/// A text of at most so many columns: a longer one is cut, which is marked.
pub(crate) fn cut(text: &[u8], width: usize, encoding: Encoding) -> Vec<u8> {
    if encoding.display_width(text) <= width {
        return text.to_vec();
    }
    let mark = if encoding == Encoding::Utf8 { "…" } else { "..." };
    let room = width.saturating_sub(mark.chars().count());
    let (mut end, mut columns) = (0, 0);
    while end < text.len() {
        let (length, glyph) = encoding.next_char(&text[end..]);
        if let Glyph::Columns(more) = glyph {
            columns += usize::from(more);
        }
        if columns > room {
            break;
        }
        end += length;
    }
    let mark = &mark.as_bytes()[..if mark.is_ascii() { mark.len().min(width) } else { mark.len() }];
    [text[..end].trim_ascii_end(), mark].concat()
}

/// A text cut, and filled up with blanks on the right.
pub(super) fn left(text: &[u8], width: usize, encoding: Encoding) -> Vec<u8> {
    let mut text = cut(text, width, encoding);
    let blanks = width.saturating_sub(encoding.display_width(&text));
    text.resize(text.len() + blanks, b' ');
    text
}

/// A text cut, and filled up with blanks on the left.
pub(super) fn right(text: &[u8], width: usize, encoding: Encoding) -> Vec<u8> {
    let text = cut(text, width, encoding);
    let blanks = width.saturating_sub(encoding.display_width(&text));
    [vec![b' '; blanks], text].concat()
}

/// A sentence in rows of at most so many columns, broken between words.
pub(super) fn wrapped(text: &[u8], width: usize, encoding: Encoding) -> Vec<Vec<u8>> {
    let mut rows: Vec<Vec<u8>> = Vec::new();
    for word in text.split(|byte| *byte == b' ') {
        match rows.last_mut() {
            Some(row) if encoding.display_width(&[row, &b" "[..], word].concat()) <= width => {
                row.push(b' ');
                row.extend_from_slice(word);
            }
            _ => rows.push(cut(word, width, encoding)),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_and_harmless() {
        for (text, expected) in [
            (&b"a\nb\tc\r"[..], "a b c\\r"),
            (b"\x1b[31mred", "\\x1B[31mred"),
            ("a\u{202e}b".as_bytes(), "a\\u202Eb"),
            ("漢字".as_bytes(), "漢字"),
            (b"a\xffb", "ab"),
        ] {
            assert_eq!(String::from_utf8_lossy(&shown(text, Encoding::Utf8)), expected);
        }
        assert_eq!(shown(&vec![b'x'; 100 << 20], Encoding::Utf8).len(), MOST_BYTES);
    }

    #[test]
    fn widths() {
        for (text, width, encoding, expected) in [
            ("short", 8, Encoding::Utf8, "short   "),
            ("exactly8", 8, Encoding::Utf8, "exactly8"),
            ("too long a text", 8, Encoding::Utf8, "too lon…"),
            ("too long a text", 9, Encoding::Utf8, "too long…"),
            ("漢字漢字漢字", 8, Encoding::Utf8, "漢字漢… "),
            ("too long a text", 8, Encoding::SingleByte, "too l..."),
            ("too long a text", 2, Encoding::SingleByte, ".."),
            ("too long a text", 1, Encoding::Utf8, "…"),
        ] {
            let found = left(text.as_bytes(), width, encoding);
            assert_eq!(String::from_utf8_lossy(&found), expected);
        }
        assert_eq!(right(b"12", 4, Encoding::Utf8), b"  12");
        let rows = wrapped("Not drawn: äöüäöüäöü, b.".as_bytes(), 8, Encoding::Utf8);
        let rows: Vec<_> = rows.iter().map(|row| String::from_utf8_lossy(row)).collect();
        assert_eq!(rows, ["Not", "drawn:", "äöüäöüä…", "b."]);
    }
}
