//! A value's bytes as what is drawn of them, one after the other.
//!
//! Owns how characters that a terminal must not get are shown: as marks. Looks at no more of a value
//! than it is asked for.
//!
//! Bytes are read as UTF-8, for that is what terminals show; those that are none are marks as well.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::columns::WIDEST;
use super::looks::Looks;
use crate::encoding::terminal_safe::{escape, is_invisible, is_unsafe};
use crate::terminal::drawing::{Cell, Layout, Style};

/// What a character's marks that combine with it may take.
const MOST_BYTES: usize = 64;

/// What stands in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What is drawn as it is.
    Text,
    /// What blanks or a mark stand for.
    Blank,
    /// The end of a line.
    LineEnd,
    /// What a mark stands for.
    Mark,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// What it is.
    pub kind: Kind,
    /// How many of the value's bytes it takes.
    pub length: usize,
    /// What is drawn; nothing of what can't be seen.
    pub cells: Vec<Cell>,
}

impl Glyph {
    /// The columns it takes.
    pub fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.width).sum()
    }
}

/// Goes through the beginning of a value.
#[derive(Debug)]
pub struct Glyphs<'a> {
    rest: &'a [u8],
    looks: &'a Looks,
    style: &'a Style,
}

impl<'a> Glyphs<'a> {
    /// Of these bytes, in this style.
    pub fn new(bytes: &'a [u8], looks: &'a Looks, style: &'a Style) -> Glyphs<'a> {
        Glyphs { rest: bytes, looks, style }
    }

    fn mark(&self, text: &str, kind: Kind, length: usize) -> Glyph {
        let cells = text.chars().map(|c| Cell::plain(c, &self.looks.mark)).collect();
        Glyph { kind, length, cells }
    }

    /// A character that is drawn by a mark, or not at all.
    fn odd(&self, character: char) -> Option<Glyph> {
        let length = character.len_utf8();
        Some(match character {
            '\n' => self.mark(self.looks.signs.line_end, Kind::LineEnd, length),
            '\t' => self.mark(self.looks.signs.tab, Kind::Blank, length),
            _ if is_invisible(character.into()) => {
                Glyph { kind: Kind::Text, length, cells: Vec::new() }
            }
            _ if is_unsafe(character) => self.mark(&escape(character.into()), Kind::Mark, length),
            _ => return None,
        })
    }

    fn text(&self, text: &str) -> Glyph {
        // A grapheme may go on for ever: what it begins with will do.
        let grapheme = text.graphemes(true).next().unwrap_or_default();
        let first = grapheme.chars().next();
        if grapheme == "\r\n" {
            return self.mark(self.looks.signs.line_end, Kind::LineEnd, 2);
        }
        if let Some(glyph) = first.and_then(|c| self.odd(c)) {
            return glyph;
        }
        // What must not be drawn begins the next one.
        let is_odd = |c: char| is_unsafe(c) && !is_invisible(c.into());
        let end = grapheme.find(is_odd).unwrap_or(grapheme.len());
        let mut layout = Layout::new(usize::MAX / 2);
        layout.push_grapheme(&grapheme[..end], self.style);
        let cells = layout.into_rows().into_iter().flat_map(|row| row.cells).collect();
        let kind = if first == Some(' ') { Kind::Blank } else { Kind::Text };
        Glyph { kind, length: end, cells }
    }
}

impl Iterator for Glyphs<'_> {
    type Item = Glyph;

    fn next(&mut self) -> Option<Glyph> {
        let first = *self.rest.first()?;
        let next_is_ascii = self.rest.get(1).is_none_or(|byte| (b' '..=b'~').contains(byte));
        let glyph = if (b' '..=b'~').contains(&first) && next_is_ascii {
            let kind = if first == b' ' { Kind::Blank } else { Kind::Text };
            Glyph { kind, length: 1, cells: vec![Cell::plain(first.into(), self.style)] }
        } else {
            let window = &self.rest[..self.rest.len().min(MOST_BYTES)];
            let chunk = window.utf8_chunks().next()?;
            match chunk.valid() {
                "" => self.mark(&format!("\\x{first:02X}"), Kind::Mark, 1),
                text => self.text(text),
            }
        };
        self.rest = &self.rest[glyph.length..];
        Some(glyph)
    }
}

/// The beginning of a value in one row of at most so many columns, and how much of it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneLine {
    /// What is drawn.
    pub cells: Vec<Cell>,
    /// Where in the value each cell's character begins.
    pub offsets: Vec<usize>,
    /// The columns that takes.
    pub width: usize,
    /// Whether there is more of the value.
    pub is_cut: bool,
}

/// Lays out the beginning of a value. What does not fit ends in a sign of that.
pub fn one_line(
    bytes: &[u8],
    is_whole: bool,
    room: usize,
    looks: &Looks,
    style: &Style,
) -> OneLine {
    let mut line = OneLine { is_cut: !is_whole, ..OneLine::default() };
    // A character that is cut is not shown as one that is wrong.
    let end = if is_whole { bytes.len() } else { whole_characters(bytes) };
    let mut at = 0;
    for glyph in Glyphs::new(&bytes[..end], looks, style) {
        let width = glyph.width();
        if line.width + width > room {
            line.is_cut = true;
            break;
        }
        line.width += width;
        line.offsets.extend(glyph.cells.iter().map(|_| at));
        line.cells.extend(glyph.cells);
        at += glyph.length;
    }
    if line.is_cut && room > 0 {
        while line.width >= room {
            line.width -= line.cells.pop().map_or(line.width, |cell| cell.width);
        }
        line.offsets.resize(line.cells.len() + 1, at);
        line.cells.push(Cell::plain(looks.signs.cut, &looks.mark));
        line.width += 1;
    }
    line
}

/// The columns of the screen that the beginning of a value takes in one row, as far as any column of
/// the viewer may be wide.
pub fn measure(bytes: &[u8], is_whole: bool, looks: &Looks) -> usize {
    match bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        true => bytes.len().min(WIDEST),
        false => one_line(bytes, is_whole, WIDEST, looks, &Style::default()).width,
    }
}

/// Shows where something was found in what is drawn.
pub fn mark_found(cells: &mut [Cell], offsets: &[usize], found: &Range<usize>, looks: &Looks) {
    let first = offsets.partition_point(|offset| *offset < found.start);
    for (cell, offset) in cells.iter_mut().zip(offsets).skip(first) {
        if *offset >= found.end {
            return;
        }
        cell.style = looks.found.clone();
    }
}

/// How many bytes are left without a character of UTF-8 whose end is not there.
fn whole_characters(bytes: &[u8]) -> usize {
    let back = bytes.iter().rev().take(3).position(|byte| *byte >= 0xc0);
    let Some(back) = back else { return bytes.len() };
    let start = bytes.len() - back - 1;
    match std::str::from_utf8(&bytes[start..]) {
        Err(error) if error.error_len().is_none() => start,
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn text(cells: &[Cell]) -> String {
        let mut text = String::new();
        for cell in cells {
            text.push(cell.character);
            text.push_str(cell.marks.as_deref().unwrap_or_default());
        }
        text
    }

    #[test]
    fn values_in_one_line() {
        let looks = Looks::plain(true);
        for (value, room, expected) in [
            (&b""[..], 5, ""),
            (b"abc", 3, "abc"),
            (b"abcd", 3, "ab…"),
            (b"a\nb\r\nc\td", 20, "a↵b↵c→d"),
            (b"a\rb\x1b[2J\x07\0\x7f", 40, "a\\rb\\x1B[2J\\x07\\x00\\x7F"),
            ("\u{9b}31m\u{202e}x".as_bytes(), 40, "\\u009B31m\\u202Ex"),
            ("a\u{200b}b\u{ad}c".as_bytes(), 40, "abc"),
            (b"a\xffb\xc3", 40, "a\\xFFb\\xC3"),
            ("中文字".as_bytes(), 5, "中文…"),
            ("中文字".as_bytes(), 4, "中…"),
            ("中文字".as_bytes(), 6, "中文字"),
            ("e\u{301}x".as_bytes(), 2, "e\u{301}x"),
            ("x\u{301}\u{202e}y".as_bytes(), 20, "x\u{301}\\u202Ey"),
            ("👩\u{200d}💻!".as_bytes(), 20, "👩💻!"),
            (b"abc", 0, ""),
            (b"abc", 1, "…"),
        ] {
            let line = one_line(value, true, room, &looks, &Style::default());
            assert_eq!(text(&line.cells), expected, "{value:?}");
            assert!(line.width <= room);
            assert_eq!(line.width, line.cells.iter().map(|cell| cell.width).sum::<usize>());
        }
        let begun =
            one_line("ab\u{4e2d}".as_bytes()[..4].as_ref(), false, 20, &looks, &Style::default());
        assert_eq!(text(&begun.cells), "ab…");
        let ascii = one_line(b"a\nb\tc d", true, 8, &Looks::plain(false), &Style::default());
        assert_eq!(text(&ascii.cells), "a\\nb\\tc>");
    }

    /// Marks without end on one character take no time and no room.
    #[test]
    fn marks_without_end() {
        let value = format!("a{}b", "\u{301}".repeat(1_000_000));
        let line =
            one_line(&value.as_bytes()[..4096], false, 20, &Looks::plain(true), &Style::default());
        assert!(line.width <= 20);
        for byte in 0..=255u8 {
            for second in [0u8, 0x80, 0xbf, b'a', 0xc3] {
                let line =
                    one_line(&[byte, second], true, 99, &Looks::plain(true), &Style::default());
                assert!(text(&line.cells).chars().all(|c| !c.is_control()));
            }
        }
    }
}
