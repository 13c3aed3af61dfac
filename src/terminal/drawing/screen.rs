//! What is on the screen, and the fewest bytes that make it what it shall be.
//!
//! Owns the rows from where it began. Never knows what stands above them, and moves only within
//! them: every position is relative to the first of them.

use std::io::Write;

use super::cells::{Cell, Position, Row, Style};

/// Rows as they shall be, and where the cursor shall stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// At least one.
    pub rows: Vec<Row>,
    /// Within the rows.
    pub cursor: Position,
}

/// The rows as they are.
#[derive(Debug, Default)]
pub struct Screen {
    columns: usize,
    rows: Vec<Row>,
    /// Where the cursor is; one column past the last while the terminal waits to wrap.
    cursor: Position,
    style: Style,
}

impl Screen {
    /// The columns it was drawn for.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The rows that are drawn, and where the cursor is in them.
    pub fn shown(&self) -> (&[Row], Position) {
        (&self.rows, self.cursor)
    }

    /// Begins with a prompt, written as it came, which looks as `frame` says.
    pub fn begin(&mut self, columns: usize, prompt: &[u8], frame: Frame) -> Vec<u8> {
        let mut out = prompt.to_vec();
        // A full row: the terminal waits to wrap.
        if frame.cursor.column == 0
            && frame.cursor.row > 0
            && frame.rows[frame.cursor.row - 1].wraps
        {
            out.extend_from_slice(b" \r");
        }
        *self = Screen { columns, rows: frame.rows, cursor: frame.cursor, style: Style::default() };
        out
    }

    /// Makes the screen look as `frame` says.
    pub fn draw(&mut self, frame: Frame) -> Vec<u8> {
        let mut out = Vec::new();
        let mut old = std::mem::take(&mut self.rows);
        for (index, row) in frame.rows.iter().enumerate() {
            match old.get(index) {
                Some(before) => self.redraw(&mut out, index, before, row),
                None => {
                    let above = index.checked_sub(1).and_then(|above| frame.rows.get(above));
                    self.open_row(&mut out, index, above);
                    self.write(&mut out, &row.cells);
                }
            }
        }
        if old.len() > frame.rows.len() {
            self.select(&mut out, &Style::default());
            self.move_to(&mut out, Position { row: frame.rows.len(), column: 0 });
            out.extend_from_slice(b"\x1b[J");
            old.truncate(frame.rows.len());
        }
        self.rows = frame.rows;
        self.select(&mut out, &Style::default());
        self.move_to(&mut out, frame.cursor);
        out
    }

    /// Draws the difference between a row as it is and as it shall be.
    fn redraw(&mut self, out: &mut Vec<u8>, index: usize, old: &Row, new: &Row) {
        let same = |(a, b): &(&Cell, &Cell)| a == b;
        let start = old.cells.iter().zip(&new.cells).take_while(same).count();
        let (old_rest, new_rest) = (&old.cells[start..], &new.cells[start..]);
        if old_rest.is_empty() && new_rest.is_empty() {
            return;
        }
        let columns = |cells: &[Cell]| cells.iter().map(|cell| cell.width).sum::<usize>();
        let column = columns(&new.cells[..start]);
        let (old_width, new_width) = (columns(old_rest), columns(new_rest));
        // What stands at the same place at the end can stay.
        let end = match old_width == new_width {
            true => old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count(),
            false => 0,
        };
        self.move_to(out, Position { row: index, column });
        self.write(out, &new_rest[..new_rest.len() - end]);
        if new_width < old_width {
            self.select(out, &Style::default());
            out.extend_from_slice(b"\x1b[K");
        }
    }

    /// Opens the row below the last. Behind a full row the terminal wraps by itself, so that the two
    /// stay one line for whoever selects or resizes them.
    fn open_row(&mut self, out: &mut Vec<u8>, index: usize, above: Option<&Row>) {
        let Some(above) = above else { return };
        let last = above.cells.last().filter(|_| above.wraps);
        if let Some(cell) = last
            && above.width() == self.columns
        {
            if self.cursor != (Position { row: index - 1, column: self.columns }) {
                self.move_to(out, Position { row: index - 1, column: self.columns - cell.width });
                self.write(out, std::slice::from_ref(cell));
            }
            // A character and back: an empty row needs one to be opened.
            self.select(out, &Style::default());
            out.extend_from_slice(b" \r");
        } else {
            self.select(out, &Style::default());
            self.move_to(out, Position { row: index - 1, column: 0 });
            out.extend_from_slice(b"\r\n");
        }
        self.cursor = Position { row: index, column: 0 };
    }

    fn write(&mut self, out: &mut Vec<u8>, cells: &[Cell]) {
        for cell in cells {
            self.select(out, &cell.style);
            let mut buffer = [0; 4];
            out.extend_from_slice(cell.character.encode_utf8(&mut buffer).as_bytes());
            out.extend_from_slice(cell.marks.as_deref().unwrap_or_default().as_bytes());
            self.cursor.column += cell.width;
        }
    }

    fn select(&mut self, out: &mut Vec<u8>, style: &Style) {
        if self.style == *style {
            return;
        }
        if self.style != Style::default() {
            out.extend_from_slice(b"\x1b[0m");
        }
        out.extend_from_slice(style.sequences().as_bytes());
        self.style = style.clone();
    }

    /// Moves the cursor to a row that is drawn.
    fn move_to(&mut self, out: &mut Vec<u8>, to: Position) {
        let from = self.cursor;
        if from == to {
            return;
        }
        let mut column = from.column;
        // Where a terminal that waits to wrap goes by a relative move is not the same everywhere.
        if column >= self.columns || (to.column == 0 && column > 0) {
            out.push(b'\r');
            column = 0;
        }
        step(out, from.row, to.row, b'B', b'A');
        let back = column.saturating_sub(to.column);
        match back {
            1..4 => out.resize(out.len() + back, 0x08),
            _ => step(out, column, to.column, b'C', b'D'),
        }
        self.cursor = to;
    }

    /// Clears what is drawn, and leaves the cursor where the prompt began.
    pub fn clear(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        self.select(&mut out, &Style::default());
        self.move_to(&mut out, Position::default());
        out.extend_from_slice(b"\r\x1b[J");
        *self = Screen { columns: self.columns, ..Screen::default() };
        out
    }

    /// Leaves what is drawn for the row below it.
    pub fn leave(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        self.select(&mut out, &Style::default());
        let last = self.rows.len().saturating_sub(1);
        if self.cursor.row != last {
            self.move_to(&mut out, Position { row: last, column: 0 });
        }
        // The terminal itself goes to the row's start.
        out.push(b'\n');
        *self = Screen { columns: self.columns, ..Screen::default() };
        out
    }

    /// Takes in that the terminal was resized, and put rows and cursor so.
    pub fn resized(&mut self, columns: usize, rows: Vec<Row>, cursor: Position) {
        self.columns = columns;
        self.rows = rows;
        self.cursor = cursor;
    }
}

/// Moves from one row or column to another.
fn step(out: &mut Vec<u8>, from: usize, to: usize, forward: u8, backward: u8) {
    let (distance, letter) = match to.checked_sub(from) {
        Some(distance) => (distance, forward),
        None => (from - to, backward),
    };
    // Writing to a vector can't fail.
    let _ = match distance {
        0 => Ok(()),
        1 => write!(out, "\x1b[{}", char::from(letter)),
        _ => write!(out, "\x1b[{distance}{}", char::from(letter)),
    };
}
