//! What is on a terminal that can't move its cursor (TERM=dumb, or unset), and the text and
//! backspaces that make it what it shall be.
//!
//! Owns the row that is typed in, which has no end: where it leaves the screen is the terminal's
//! business. Never writes an escape sequence.

use crate::terminal::drawing::{Cell, Frame, Row};

/// The last row as it is.
#[derive(Debug, Default)]
pub struct PlainScreen {
    cells: Vec<Cell>,
    /// The cells before the cursor.
    cursor: usize,
}

impl PlainScreen {
    /// Begins with a prompt, written as it came.
    pub fn begin(&mut self, prompt: &[u8], frame: Frame) -> Vec<u8> {
        let (cells, cursor) = last_row(frame);
        *self = PlainScreen { cells, cursor };
        prompt.to_vec()
    }

    /// Makes the row look as `frame` says.
    pub fn draw(&mut self, frame: Frame) -> Vec<u8> {
        let (cells, cursor) = last_row(frame);
        let alike = |(a, b): &(&Cell, &Cell)| a.character == b.character && a.marks == b.marks;
        let same = self.cells.iter().zip(&cells).take_while(alike).count();
        let mut out = Vec::new();
        if same < self.cells.len() || same < cells.len() {
            let left = columns(&self.cells[same..]);
            self.move_to(&mut out, same);
            self.cells = cells;
            self.move_to(&mut out, self.cells.len());
            let blanks = left.saturating_sub(columns(&self.cells[same..]));
            out.extend(std::iter::repeat_n(b' ', blanks));
            out.extend(std::iter::repeat_n(0x08, blanks));
        }
        self.move_to(&mut out, cursor);
        out
    }

    /// Goes to the row below.
    pub fn leave(&mut self) -> Vec<u8> {
        *self = PlainScreen::default();
        b"\n".to_vec()
    }

    /// Moves the cursor: back by backspaces, on by writing what stands there.
    fn move_to(&mut self, out: &mut Vec<u8>, to: usize) {
        if to < self.cursor {
            out.extend(std::iter::repeat_n(0x08, columns(&self.cells[to..self.cursor])));
        } else {
            for cell in &self.cells[self.cursor..to] {
                let mut buffer = [0; 4];
                out.extend_from_slice(cell.character.encode_utf8(&mut buffer).as_bytes());
                out.extend_from_slice(cell.marks.as_deref().unwrap_or_default().as_bytes());
            }
        }
        self.cursor = to;
    }
}

fn columns(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

/// The row that the cursor is in, and the cells before it.
fn last_row(frame: Frame) -> (Vec<Cell>, usize) {
    let Frame { rows, cursor } = frame;
    let Row { cells, .. } = rows.into_iter().nth(cursor.row).unwrap_or_default();
    let mut column = 0;
    let before = |cell: &&Cell| {
        column += cell.width;
        column <= cursor.column
    };
    let count = cells.iter().take_while(before).count();
    (cells, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::drawing::{Layout, Position, Style, width};

    fn frame(before: &str, behind: &str) -> Frame {
        let mut layout = Layout::new(1000);
        layout.push_text(before, &Style::default());
        layout.push_text(behind, &Style::default());
        let cursor = Position { row: 0, column: width(before) };
        Frame { rows: layout.into_rows(), cursor }
    }

    #[test]
    fn text_and_backspaces() {
        let mut screen = PlainScreen::default();
        assert_eq!(screen.begin(b"=# ", frame("=# ", "")), b"=# ");
        for (before, behind, written) in [
            ("=# ab", "", "ab"),
            ("=# a", "b", "\x08"),
            ("=# ax", "b", "xb\x08"),
            ("=# axb", "", "b"),
            ("=# a", "", "\x08\x08  \x08\x08"),
            ("=# \u{4e2d}", "", "\x08\u{4e2d}"),
            ("=# ", "", "\x08\x08  \x08\x08"),
        ] {
            let out = screen.draw(frame(before, behind));
            assert_eq!(String::from_utf8(out).unwrap(), written, "{before:?} {behind:?}");
        }
    }
}
