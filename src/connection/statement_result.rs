//! The result of one statement.

use super::row_store::RowStore;
use crate::console::{Console, Reported, os_error_text};
use crate::session::{ErrorFields, Field};
use std::io;

/// A result with rows.
#[derive(Debug, Default)]
pub struct ResultSet {
    /// The columns.
    pub fields: Vec<Field>,
    /// The rows.
    pub rows: RowStore,
    /// The command tag; empty for a part that more rows follow.
    pub tag: Vec<u8>,
}

/// How much of a result is fetched at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchMode {
    /// All rows.
    Whole,
    /// So many rows (FETCH_COUNT).
    Rows(u64),
    /// The rows as they come, some `CHUNK` bytes of them.
    Bytes,
}

/// A complete result of a statement.
#[derive(Debug)]
pub enum StatementResult {
    /// Rows, all of them or the last part.
    Rows(ResultSet),
    /// As many rows as were asked for; more may follow.
    Part(ResultSet),
    /// A command without rows: its tag.
    Command(Vec<u8>),
    /// The query was empty.
    Empty,
    /// The server waits for COPY data.
    CopyIn {
        /// Whether the data are binary.
        binary: bool,
    },
    /// The server is about to send COPY data.
    CopyOut,
    /// The server speaks a streaming protocol that a shell has no use for.
    CopyBoth,
    /// The server refused.
    Error(ErrorFields),
    /// The connection is gone, for this reason.
    Lost(Vec<u8>),
    /// The rows couldn't be kept.
    NotKept(io::Error),
}

/// Reports that a result's rows had nowhere to go until they could be shown.
pub fn report_not_kept(console: &mut Console, error: &io::Error) -> Reported {
    if error.kind() == io::ErrorKind::OutOfMemory {
        console.publish_own_failure();
        return console.info("out of memory for query result");
    }
    console.error(format!("could not keep the result: {}", os_error_text(error)))
}
