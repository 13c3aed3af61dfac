//! The screen's size.

/// The screen's size in columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// At least two.
    pub columns: usize,
    /// At least one.
    pub rows: usize,
}
