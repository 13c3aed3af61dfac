//! Results that are looked at in the table viewer: their rows by number, searched and sorted, while
//! they still come.
//!
//! Owns the way from a row's number to its bytes, and the files of sorted numbers. Never knows a
//! screen or a key.

mod arriving;
mod browsed;
mod feed;
mod row_access;
mod row_numbers;
mod sort;
mod sort_runs;
mod window;

pub use self::arriving::Arriving;
pub use self::browsed::{Browsed, Meaning};
pub use self::feed::Whole;
