//! Text as a terminal shows it: cells of one character each, laid out in rows of a given width.
//!
//! Owns how many columns text takes. Never knows what the text means, nor what is on the screen.
//!
//! What terminals disagree about is not drawn: the joiners of emoji, their selectors and skin tones.
//! So every terminal counts the columns alike, and the cursor stands where it is thought to.

use std::rc::Rc;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use crate::encoding::terminal_safe::is_unsafe;

/// Columns from one tab stop to the next.
const TAB_STOP: usize = 8;

/// How a cell looks: the escape sequences (SGR) that select it, none for plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style(Option<Rc<str>>);

impl Style {
    /// What these sequences select; they begin with everything off.
    pub fn new(sequences: &str) -> Style {
        Style((!sequences.is_empty()).then(|| Rc::from(sequences)))
    }

    /// The sequences; empty for plain text.
    pub fn sequences(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

/// One character, with the marks that combine with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character.
    pub character: char,
    /// What combines with it.
    pub marks: Option<Box<str>>,
    /// One or two columns.
    pub width: usize,
    /// How it looks.
    pub style: Style,
}

impl Cell {
    /// A character in this style, which no mark combines with. It must be one that is drawn.
    pub fn plain(character: char, style: &Style) -> Cell {
        let width = character.width().unwrap_or(1).max(1);
        Cell { character, marks: None, width, style: style.clone() }
    }
}

/// A row of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// From the left edge.
    pub cells: Vec<Cell>,
    /// Whether the text goes on in the next row because this one is full.
    pub wraps: bool,
}

impl Row {
    /// The columns it takes.
    pub fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.width).sum()
    }
}

/// Where something stands: rows and columns from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// Rows being filled with text.
#[derive(Debug)]
pub struct Layout {
    columns: usize,
    rows: Vec<Row>,
    /// The columns the last row takes.
    width: usize,
}

impl Layout {
    /// Of a screen of so many columns.
    pub fn new(columns: usize) -> Layout {
        Layout { columns: columns.max(2), rows: vec![Row::default()], width: 0 }
    }

    /// Where the next character goes: at the end of a full row, the next one's start.
    pub fn position(&mut self) -> Position {
        if self.width == self.columns {
            self.wrap();
        }
        Position { row: self.rows.len() - 1, column: self.width }
    }

    /// Goes on in a new row.
    pub fn break_line(&mut self) {
        self.rows.push(Row::default());
        self.width = 0;
    }

    fn wrap(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.wraps = true;
        }
        self.break_line();
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: Cell) {
        if self.width + cell.width > self.columns {
            self.wrap();
        }
        self.width += cell.width;
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(cell);
        }
    }

    /// Adds a grapheme cluster as it is drawn: control characters as `^X`, tabs as blanks, what a
    /// terminal would obey not at all.
    pub fn push_grapheme(&mut self, grapheme: &str, style: &Style) {
        let mut base: Option<Cell> = None;
        for character in grapheme.chars() {
            match character {
                '\t' => {
                    let column = self.position().column;
                    let blanks = TAB_STOP - column % TAB_STOP;
                    for _ in 0..blanks.min(self.columns - column) {
                        self.push(Cell::plain(' ', style));
                    }
                }
                '\0'..='\x1f' | '\x7f' => {
                    self.push(Cell::plain('^', style));
                    self.push(Cell::plain(char::from(character as u8 ^ 0x40), style));
                }
                _ if is_unsafe(character) || is_emoji_part(character) => {}
                _ if character.width() == Some(0) => {
                    if let Some(cell) = &mut base {
                        let marks = cell.marks.take().unwrap_or_default();
                        cell.marks = Some(format!("{marks}{character}").into());
                    }
                }
                _ => {
                    if let Some(cell) = base.replace(Cell::plain(character, style)) {
                        self.push(cell);
                    }
                }
            }
        }
        if let Some(cell) = base {
            self.push(cell);
        }
    }

    /// Adds text in one style; line breaks in it begin new rows.
    pub fn push_text(&mut self, text: &str, style: &Style) {
        for grapheme in text.graphemes(true) {
            match grapheme {
                "\n" | "\r\n" => self.break_line(),
                _ => self.push_grapheme(grapheme, style),
            }
        }
    }

    /// Adds text that carries its own SGR sequences; other escape sequences are left out.
    pub fn push_styled(&mut self, text: &str) {
        let mut sequences = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('\x1b') {
            self.push_text(&rest[..at], &Style::new(&sequences));
            let (sequence, after) = rest[at..].split_at(escape_sequence_length(&rest[at..]));
            rest = after;
            if let Some(parameters) =
                sequence.strip_prefix("\x1b[").and_then(|s| s.strip_suffix('m'))
            {
                if matches!(parameters, "" | "0") {
                    sequences.clear();
                } else {
                    sequences.push_str(sequence);
                }
            }
        }
        self.push_text(rest, &Style::new(&sequences));
    }

    /// The rows.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

/// Whether a character only changes the emoji beside it, and terminals disagree by how much.
fn is_emoji_part(character: char) -> bool {
    matches!(character, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// The bytes of the escape sequence that `text` begins with: CSI up to its final byte, OSC up to its
/// end, else two characters.
fn escape_sequence_length(text: &str) -> usize {
    let end_of = |skip: usize, is_end: fn(char) -> bool| {
        let end = text[skip..].char_indices().find(|(_, c)| is_end(*c));
        end.map_or(text.len(), |(at, c)| skip + at + c.len_utf8())
    };
    match text.as_bytes().get(1) {
        Some(b'[') => end_of(2, |c| ('@'..='~').contains(&c)),
        Some(b']') => {
            let bell = text.find('\x07').map(|at| at + 1);
            let terminator = text.find("\x1b\\").map(|at| at + 2);
            match (bell, terminator) {
                (Some(a), Some(b)) => a.min(b),
                (one, other) => one.or(other).unwrap_or(text.len()),
            }
        }
        Some(_) => end_of(1, |_| true),
        None => text.len(),
    }
}

/// The columns of a text in one row, as it is drawn.
pub fn width(text: &str) -> usize {
    let mut layout = Layout::new(usize::MAX / 2);
    layout.push_text(text, &Style::default());
    layout.width
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows as text, a `\` behind those that wrap.
    fn shown(layout: Layout) -> Vec<String> {
        let row = |row: Row| {
            let mut text = String::new();
            for cell in &row.cells {
                text.push(cell.character);
                text.push_str(cell.marks.as_deref().unwrap_or_default());
            }
            text + if row.wraps { "\\" } else { "" }
        };
        layout.into_rows().into_iter().map(row).collect()
    }

    #[test]
    fn rows() {
        for (columns, text, expected) in [
            (4, "", &[""][..]),
            (4, "abcd", &["abcd"]),
            (4, "abcde", &["abcd\\", "e"]),
            (4, "abc\u{4e2d}", &["abc\\", "\u{4e2d}"]),
            (4, "a\nb", &["a", "b"]),
            (9, "a\tb", &["a       b"]),
            (9, "\x01", &["^A"]),
            (9, "e\u{301}x", &["e\u{301}x"]),
            (9, "a\u{202e}b\u{9b}c", &["abc"]),
            (9, "\u{1f468}\u{200d}\u{1f469}!", &["\u{1f468}\u{1f469}!"]),
        ] {
            let mut layout = Layout::new(columns);
            layout.push_text(text, &Style::default());
            assert_eq!(shown(layout), expected, "{text:?}");
        }
    }

    #[test]
    fn the_end_of_a_full_row_is_the_next_ones_start() {
        let mut layout = Layout::new(4);
        layout.push_text("abcd", &Style::default());
        assert_eq!(layout.position(), Position { row: 1, column: 0 });
    }

    #[test]
    fn styles() {
        let mut layout = Layout::new(20);
        layout.push_styled("a\x1b[1mb\x1b[32mc\x1b[0md\x1b]0;title\x07e");
        let rows = layout.into_rows();
        let styles: Vec<_> = rows[0].cells.iter().map(|cell| cell.style.sequences()).collect();
        assert_eq!(styles, ["", "\x1b[1m", "\x1b[1m\x1b[32m", "", ""]);
        assert_eq!(width("\u{4e2d}\x01"), 4);
    }
}
