//! What a query came to, for whoever shows it otherwise than one result below the other.

use crate::connection::ResultSet;

/// One result.
#[derive(Debug)]
pub(super) enum Gathered {
    /// Rows.
    Rows(ResultSet),
    /// The tag of a command without any.
    Command(Vec<u8>),
    /// Data of a COPY, which were written as they came.
    Data,
}
