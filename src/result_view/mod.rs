//! What is looked at in the table viewer: a result's rows by their number, while they still come.
//!
//! Owns what can be asked of such rows ([`TableSource`]), what values are sorted by, how one is laid out
//! whole, which are copied. Does no input or output of its own, and
//! never knows a screen, a key or a session.

mod array_lines;
mod cell;
mod chosen_rows;
mod hex_dump;
mod json_indent;
mod number_key;
mod sort_key;
mod source;

pub use self::cell::whole_cell;
pub use self::chosen_rows::ChosenRows;
pub use self::sort_key::{Session, SortKey};
pub use self::source::{Arrival, Available, CellBeginning, Order, Sorting, TableSource};
