//! One row, filled from the left and cut where there is no more room.

use unicode_segmentation::UnicodeSegmentation;

use super::cells::{Cell, Layout, Row, Style, width};

/// A row being filled, cut at its room.
pub struct RowBuilder {
    layout: Layout,
    left: usize,
    width: usize,
}

impl RowBuilder {
    /// With room for so many columns.
    pub fn new(room: usize) -> RowBuilder {
        RowBuilder { layout: Layout::new(room + 2), left: room, width: 0 }
    }

    /// Adds what there is room for of a text; line breaks and tabs in it as blanks.
    pub fn add(&mut self, text: &str, style: &Style) {
        for grapheme in text.graphemes(true) {
            let shown = if matches!(grapheme, "\n" | "\r\n" | "\t") { " " } else { grapheme };
            let columns = width(shown);
            if columns > self.left {
                self.left = 0;
                return;
            }
            self.left -= columns;
            self.width += columns;
            self.layout.push_grapheme(shown, style);
        }
    }

    /// Adds a text in so many columns.
    pub fn add_padded(&mut self, text: &str, columns: usize, style: &Style) {
        self.add(text, style);
        let rest = columns.saturating_sub(width(text));
        self.add(&" ".repeat(rest), style);
    }

    /// Adds what there is room for of cells.
    pub fn add_cells(&mut self, cells: impl IntoIterator<Item = Cell>) {
        for cell in cells {
            if cell.width > self.left {
                self.left = 0;
                return;
            }
            self.left -= cell.width;
            self.width += cell.width;
            self.layout.push(cell);
        }
    }

    /// Adds this character as often as it takes to fill so many columns.
    pub fn fill(&mut self, character: char, columns: usize, style: &Style) {
        let columns = columns.min(self.left);
        self.add_cells(std::iter::repeat_n(Cell::plain(character, style), columns));
    }

    /// Adds this character as often as it takes to have so many columns filled in all.
    pub fn fill_to(&mut self, character: char, column: usize, style: &Style) {
        self.fill(character, column.saturating_sub(self.width), style);
    }

    /// The columns filled.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The row.
    pub fn into_row(self) -> Row {
        self.layout.into_rows().into_iter().next().unwrap_or_default()
    }
}
