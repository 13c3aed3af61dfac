//! What the formats say that hold UTF-8 alone, of a text that can't be converted.

use std::io;

/// Where a value stands.
pub(super) fn place(row: u64, column: &str) -> String {
    format!("row {row}, column \"{column}\"")
}

/// The text of `what` can't be had in UTF-8.
pub(super) fn not_utf8(what: &str) -> io::Error {
    io::Error::other(format!(
        "{what}: text is UTF-8 in this format, and this can't be converted; \\encoding UTF8 before the query"
    ))
}
