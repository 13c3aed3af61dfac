//! A grid of cells that dots are set in: eight to a cell as braille, or one as a mark of its series.

use super::drawing::{Line, Style};

/// How dots are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dots {
    /// Two by four to a cell; series differ by their colours alone.
    Braille,
    /// One to a cell, a mark for each series.
    Marks,
}

/// The marks of series, the first first.
pub(super) const MARKS: [char; 6] = ['*', 'o', '+', 'x', '#', '@'];

/// The bits of the dots of a braille pattern, by column and row.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
const FIRST_BRAILLE: u32 = 0x2800;

#[derive(Clone, Copy, Default)]
struct Cell {
    bits: u8,
    series: usize,
}

/// A grid of dots; the dot 0, 0 is at the bottom on the left.
pub(super) struct Canvas {
    dots: Dots,
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

impl Dots {
    /// How many dots a cell has from left to right, and from top to bottom.
    fn per_cell(self) -> (usize, usize) {
        match self {
            Dots::Braille => (2, 4),
            Dots::Marks => (1, 1),
        }
    }
}

impl Canvas {
    pub fn new(columns: usize, rows: usize, dots: Dots) -> Canvas {
        Canvas { dots, columns, rows, cells: vec![Cell::default(); columns * rows] }
    }

    /// How many dots there are from left to right.
    pub fn width(&self) -> usize {
        self.columns * self.dots.per_cell().0
    }

    /// How many there are from bottom to top.
    pub fn height(&self) -> usize {
        self.rows * self.dots.per_cell().1
    }

    /// Sets a dot; beyond the edges there is none.
    pub fn set(&mut self, x: usize, y: usize, series: usize) {
        let (wide, high) = self.dots.per_cell();
        let Some(from_top) = self.height().checked_sub(y + 1) else { return };
        let (column, row) = (x / wide, from_top / high);
        if column >= self.columns {
            return;
        }
        let cell = &mut self.cells[row * self.columns + column];
        cell.bits |= BITS[x % wide][from_top % high];
        cell.series = series;
    }

    /// Sets the dots of a straight line.
    pub fn line(&mut self, from: (usize, usize), to: (usize, usize), series: usize) {
        let distance = |a: usize, b: usize| b as f64 - a as f64;
        let (dx, dy) = (distance(from.0, to.0), distance(from.1, to.1));
        let steps = dx.abs().max(dy.abs()).max(1.0);
        for step in 0..=steps as usize {
            let share = step as f64 / steps;
            let at = |start: usize, way: f64| (start as f64 + way * share).round() as usize;
            self.set(at(from.0, dx), at(from.1, dy), series);
        }
    }

    /// Adds a row of cells, counted from the top, to a line.
    pub fn write_row(&self, row: usize, line: &mut Line) {
        for cell in &self.cells[row * self.columns..][..self.columns] {
            if cell.bits == 0 {
                line.push(Style::Plain, " ");
                continue;
            }
            let shown = match self.dots {
                Dots::Braille => {
                    char::from_u32(FIRST_BRAILLE + u32::from(cell.bits)).unwrap_or(' ')
                }
                Dots::Marks => MARKS[cell.series % MARKS.len()],
            };
            line.push(Style::Series(cell.series), shown.encode_utf8(&mut [0; 4]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(canvas: &Canvas) -> Vec<String> {
        let row = |row| {
            let mut line = Line::default();
            canvas.write_row(row, &mut line);
            String::from_utf8(line.text()).unwrap()
        };
        (0..canvas.rows).map(row).collect()
    }

    #[test]
    fn lines_of_dots() {
        let mut canvas = Canvas::new(3, 2, Dots::Braille);
        assert_eq!((canvas.width(), canvas.height()), (6, 8));
        canvas.line((0, 0), (5, 7), 0);
        assert_eq!(shown(&canvas), [" ⢀⠎", "⡰⠁ "]);
        let mut canvas = Canvas::new(3, 3, Dots::Marks);
        canvas.line((0, 2), (2, 0), 0);
        canvas.set(0, 0, 1);
        canvas.set(2, 2, 7);
        // Beyond the edges.
        canvas.set(3, 0, 0);
        canvas.set(0, 3, 0);
        assert_eq!(shown(&canvas), ["* o", " * ", "o *"]);
    }
}
