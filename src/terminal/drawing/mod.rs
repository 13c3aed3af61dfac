//! Drawing on the screen: text as cells in rows, and the fewest bytes that show them.
//!
//! Owns what the prompt's editor and the table viewer draw with. Never knows what is shown, reads no
//! key and writes to no terminal.

mod cells;
mod row;
mod screen;
mod size;

pub use cells::{Cell, Layout, Position, Row, Style, width};
pub use row::RowBuilder;
pub use screen::{Frame, Screen};
pub use size::Size;
