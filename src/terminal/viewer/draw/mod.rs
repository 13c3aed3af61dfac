//! What is to be seen as rows of cells: pure, from what the viewer shows.

mod pane;
mod parts;
mod record;
mod status;
mod table;

use super::state::{Over, Shape, State};
use crate::terminal::drawing::{Frame, Position, Row};

/// All rows of the screen.
pub fn frame(state: &State) -> Frame {
    let height = state.size.rows.saturating_sub(1);
    let mut drawn = match (&state.over, state.shape) {
        (Over::Cell(text), _) => pane::draw(state, text, &pane::cell_title(state)),
        (Over::Search(_, _, Some(text)), _) => pane::draw(state, text, &pane::cell_title(state)),
        (Over::Help(text), _) => pane::draw(state, text, "Keys"),
        (_, Shape::Table) => table::draw(state),
        (_, Shape::Record) => record::draw(state),
    };
    drawn.rows.resize(height, Row::default());
    let (last, cursor) = status::draw(state);
    if let Some(column) = cursor {
        drawn.cursor = Position { row: height, column };
    }
    drawn.rows.push(last);
    drawn.cursor.row = drawn.cursor.row.min(height);
    drawn.cursor.column = drawn.cursor.column.min(state.size.columns.saturating_sub(1));
    Frame { rows: drawn.rows, cursor: drawn.cursor }
}

/// Whether the cursor is where something is typed.
pub fn is_typing(state: &State) -> bool {
    matches!(state.over, Over::Search(..))
}

impl State {
    /// The columns and rows of a text in a pane.
    pub fn pane_size(&self) -> (usize, usize) {
        (self.size.columns, self.size.rows.saturating_sub(2).max(1))
    }
}
