//! What is looked at in the table viewer: a result's rows by their number, while they still come.
//!
//! Owns what can be asked of such rows ([`TableSource`]). Does no input or output of its own, and
//! never knows a screen, a key or a session.

mod interval;
mod number_key;
mod sort_key;
mod source;

pub use self::sort_key::{Session, SortKey};
pub use self::source::{Arrival, Available, CellBeginning, Order, Sorting, TableSource};
