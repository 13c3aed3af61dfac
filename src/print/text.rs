//! How a cell's text looks on the screen: its lines, their widths, escapes, and where they wrap.

use crate::encoding::terminal_safe::escaped_result;
use crate::encoding::{Encoding, Glyph};
use std::io::Write;

/// Columns between two tab stops.
const TAB: usize = 8;

/// Size of a text on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Columns of the widest line.
    pub width: usize,
    /// Number of lines, at least 1.
    pub lines: usize,
}

/// Whether `test` holds for a byte of `text`. Blocks are tested without a branch, which the compiler
/// turns into vector code if `test` has none either (`|`, not `||`); the last overlaps the one
/// before.
#[inline]
pub(super) fn any_byte(text: &[u8], test: impl Fn(u8) -> bool) -> bool {
    let any = |block: &[u8]| block.iter().fold(false, |any, &byte| any | test(byte));
    match (text.last_chunk::<16>(), text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(last), ..) => text.as_chunks::<16>().0.iter().any(|b| any(b)) || any(last),
        (None, Some(first), Some(last)) => any(first) || any(last),
        _ => any(text),
    }
}

/// Whether every byte is printable ASCII, so that the text is one line as wide as it is long.
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    !any_byte(text, |byte| byte.wrapping_sub(0x20) > 0x7e - 0x20)
}

/// Length of the printable ASCII that `text` begins with.
#[inline]
fn plain_prefix(text: &[u8]) -> usize {
    text.iter().position(|&byte| !(0x20..=0x7e).contains(&byte)).unwrap_or(text.len())
}

/// The size of `text`.
#[inline]
pub(super) fn extent(encoding: Encoding, text: &[u8]) -> Extent {
    if is_plain(text) {
        Extent { width: text.len(), lines: 1 }
    } else {
        odd_extent(text, |rest| Some(encoding.next_char(rest)))
    }
}

/// Columns that a value fills in a table on a terminal.
pub fn width_on_terminal(encoding: Encoding, text: &[u8]) -> usize {
    extent(encoding, &escaped_result(text, encoding)).width
}

/// The size of a text that goes out as it is, be it valid or not: nothing counts after a character
/// that is cut.
pub(super) fn unchecked_extent(encoding: Encoding, text: &[u8]) -> Extent {
    odd_extent(text, |rest| encoding.next_unchecked(rest))
}

fn odd_extent(text: &[u8], next_char: impl Fn(&[u8]) -> Option<(usize, Glyph)>) -> Extent {
    let mut rest = text;
    let mut extent = Extent { width: 0, lines: 1 };
    let mut width = 0;
    loop {
        let plain = plain_prefix(rest);
        width += plain;
        rest = &rest[plain..];
        let Some(&first) = rest.first() else { break };
        let Some((len, glyph)) = next_char(rest) else { break };
        match glyph {
            Glyph::Columns(columns) => width += usize::from(columns),
            Glyph::Invalid => {}
            Glyph::Control => match first {
                b'\n' => {
                    extent.lines += 1;
                    extent.width = extent.width.max(width);
                    width = 0;
                }
                b'\t' => width = (width / TAB + 1) * TAB,
                b'\r' => width += 2,
                _ if len == 1 => width += 4,
                _ => width += 6,
            },
        }
        rest = &rest[len..];
    }
    extent.width = extent.width.max(width);
    extent
}

/// What comes after a piece of a cell's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    End,
    Newline,
    Wrap,
}

/// One screen line of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'l> {
    pub text: &'l [u8],
    /// Columns it fills.
    pub width: usize,
    pub after: Break,
}

/// A piece as it is kept: a cell may have one for each of its bytes, so they are small.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// Where its text ends; it begins where the one before it ends.
    end: usize,
    /// Its width, and below that two bits for the [`Break`].
    shape: usize,
}

impl Kept {
    fn new(end: usize, width: usize, after: Break) -> Kept {
        Kept { end, shape: width << 2 | after as usize }
    }

    fn after(self) -> Break {
        [Break::End, Break::Newline, Break::Wrap][self.shape & 3]
    }
}

/// The cells of a row, laid out: their pieces and the bytes these consist of.
#[derive(Debug, Default)]
pub(super) struct Layout {
    bytes: Vec<u8>,
    pieces: Vec<Kept>,
    /// Where each cell's pieces end.
    ends: Vec<usize>,
}

impl Layout {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.pieces.clear();
        self.ends.clear();
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where the pieces of cell `index` begin.
    fn first(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] }
    }

    /// Number of lines cell `index` has.
    pub fn lines(&self, index: usize) -> usize {
        self.ends[index] - self.first(index)
    }

    /// Line `line` of cell `index`, if it has so many.
    pub fn piece(&self, index: usize, line: usize) -> Option<Piece<'_>> {
        let at = self.first(index) + line;
        let kept = self.pieces[..self.ends[index]].get(at)?;
        let start = if at == 0 { 0 } else { self.pieces[at - 1].end };
        let text = &self.bytes[start..kept.end];
        Some(Piece { text, width: kept.shape >> 2, after: kept.after() })
    }

    /// What the line before line `line` of cell `index` ends with, if the cell has so many.
    pub fn before(&self, index: usize, line: usize) -> Option<Break> {
        self.piece(index, line.checked_sub(1)?).map(|piece| piece.after)
    }

    /// Number of lines the tallest cell has.
    pub fn height(&self) -> usize {
        (0..self.ends.len()).map(|i| self.lines(i)).max().unwrap_or(0)
    }

    /// Adds a cell whose lines are wrapped at `limit` columns.
    pub fn push(&mut self, encoding: Encoding, text: &[u8], limit: usize) {
        if text.len() <= limit && is_plain(text) {
            self.bytes.extend_from_slice(text);
            self.pieces.push(Kept::new(self.bytes.len(), text.len(), Break::End));
        } else {
            self.push_odd(encoding, text, limit);
        }
        self.ends.push(self.pieces.len());
    }

    fn push_odd(&mut self, encoding: Encoding, text: &[u8], limit: usize) {
        let mut line = Line { start: self.bytes.len(), width: 0, column: 0 };
        let mut rest = text;
        loop {
            let (plain, after) = rest.split_at(plain_prefix(rest));
            self.add_plain(&mut line, plain, limit);
            rest = after;
            let Some(&first) = rest.first() else { break };
            let (len, glyph) = encoding.next_char(rest);
            let (char, after) = rest.split_at(len);
            rest = after;
            match glyph {
                Glyph::Columns(columns) => self.add(&mut line, char, columns.into(), limit),
                Glyph::Invalid => {}
                Glyph::Control => match first {
                    b'\n' => {
                        self.end_piece(&mut line, Break::Newline);
                        line.column = 0;
                    }
                    b'\t' => {
                        let blanks = &[b' '; TAB][line.column % TAB..];
                        self.add_plain(&mut line, blanks, limit);
                    }
                    _ => {
                        let mut escape = [0; 6];
                        let len = escaped(char, &mut escape);
                        self.add_plain(&mut line, &escape[..len], limit);
                    }
                },
            }
        }
        self.end_piece(&mut line, Break::End);
    }

    /// Adds printable ASCII to the line, going on to new pieces where there is no room.
    fn add_plain(&mut self, line: &mut Line, mut text: &[u8], limit: usize) {
        line.column += text.len();
        while line.width + text.len() > limit {
            let room = limit.saturating_sub(line.width);
            // A piece holds a character at least.
            let room = if line.width == 0 { room.max(1) } else { room };
            let (fits, rest) = text.split_at(room);
            self.bytes.extend_from_slice(fits);
            line.width += fits.len();
            text = rest;
            if text.is_empty() {
                return;
            }
            self.end_piece(line, Break::Wrap);
        }
        self.bytes.extend_from_slice(text);
        line.width += text.len();
    }

    /// Adds a character to the line, on a new piece if there is no room.
    fn add(&mut self, line: &mut Line, char: &[u8], columns: usize, limit: usize) {
        if line.width + columns > limit && self.bytes.len() > line.start {
            self.end_piece(line, Break::Wrap);
        }
        self.bytes.extend_from_slice(char);
        line.width += columns;
        line.column += columns;
    }

    fn end_piece(&mut self, line: &mut Line, after: Break) {
        line.start = self.bytes.len();
        self.pieces.push(Kept::new(line.start, line.width, after));
        line.width = 0;
    }
}

/// The piece being built.
struct Line {
    start: usize,
    width: usize,
    /// Columns since the last newline, which tab stops count from.
    column: usize,
}

/// Writes a control character other than newline and tab as psql shows it; returns the length.
fn escaped(char: &[u8], to: &mut [u8; 6]) -> usize {
    let mut left = to.as_mut_slice();
    let written = match char {
        b"\r" => left.write_all(b"\\r"),
        [byte] => write!(left, "\\x{byte:02X}"),
        // A control character beyond ASCII is U+0080 to U+009F: two bytes, the second the code.
        [.., byte] => write!(left, "\\u00{byte:02X}"),
        [] => Ok(()),
    };
    debug_assert!(written.is_ok());
    let left = left.len();
    to.len() - left
}
