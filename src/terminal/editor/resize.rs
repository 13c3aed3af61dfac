//! Where rows are after the terminal was resized.
//!
//! Terminals do one of two things when their width changes: they wrap lines anew, or they leave rows
//! as they are and cut them. Owns the arithmetic of both. Which one it was is told by where the
//! cursor is afterwards.

use crate::terminal::drawing::{Cell, Layout, Position, Row};

/// The rows and the cursor after a terminal of `columns` has wrapped the lines anew.
pub fn rewrapped(rows: &[Row], cursor: Position, columns: usize) -> (Vec<Row>, Position) {
    let mut layout = Layout::new(columns);
    let mut place = Position::default();
    for (index, row) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in &row.cells {
            if index == cursor.row && column == cursor.column {
                place = layout.position();
            }
            column += cell.width;
            layout.push(cell.clone());
        }
        if index == cursor.row && column <= cursor.column {
            // In the blanks behind the text, which count as far as the cursor.
            let Position { row, column: end } = layout.position();
            let blanks = cursor.column - column;
            place =
                Position { row: row + (end + blanks) / columns, column: (end + blanks) % columns };
        }
        if !row.wraps && index + 1 < rows.len() {
            layout.break_line();
        }
    }
    (layout.into_rows(), place)
}

/// The rows and the cursor after a terminal has cut its rows at `columns`.
pub fn cut(rows: &[Row], cursor: Position, columns: usize) -> (Vec<Row>, Position) {
    let cut_row = |row: &Row| {
        let mut width = 0;
        let fits = |cell: &&Cell| {
            width += cell.width;
            width <= columns
        };
        let cells: Vec<Cell> = row.cells.iter().take_while(fits).cloned().collect();
        Row { wraps: false, cells }
    };
    let column = cursor.column.min(columns.saturating_sub(1));
    (rows.iter().map(cut_row).collect(), Position { column, ..cursor })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::drawing::Style;

    fn rows(columns: usize, text: &str) -> Vec<Row> {
        let mut layout = Layout::new(columns);
        layout.push_text(text, &Style::default());
        layout.into_rows()
    }

    #[test]
    fn lines_are_wrapped_anew_or_cut() {
        let old = rows(10, "=# select 1, 2\n-# x");
        assert_eq!(old.len(), 3);
        let cursor = Position { row: 1, column: 2 };
        let (new, place) = rewrapped(&old, cursor, 5);
        assert_eq!(new, rows(5, "=# select 1, 2\n-# x"));
        assert_eq!(place, Position { row: 2, column: 2 });
        let (wide, place) = rewrapped(&old, cursor, 40);
        assert_eq!((wide.len(), place), (2, Position { row: 0, column: 12 }));
        let (less, place) = cut(&old, Position { row: 0, column: 9 }, 5);
        assert_eq!((less.len(), place), (3, Position { row: 0, column: 4 }));
    }
}
