//! Questions to the helper that are worth waiting for.

use super::Interactive;
use crate::catalog_query::CatalogQuery;
use crate::connection::Connection;
use crate::console::Console;
use crate::encoding::Encoding;
use crate::print::RowBuffer;
use crate::session::helper::Row;
use std::time::Duration;

impl Interactive {
    /// The helper's answer to a query in the client's encoding, if there may be a helper and it
    /// answers in time.
    pub fn ask_helper(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        query: &CatalogQuery,
        patience: Duration,
    ) -> Option<RowBuffer> {
        // One whose connection was lost meanwhile says so only now; then a new one is asked.
        let was_connected = connection.is_helper_connected();
        let mut answer = self.completion.ask_once(console, connection, query, patience);
        if answer.is_none() && was_connected && !connection.is_helper_connected() {
            answer = self.completion.ask_once(console, connection, query, patience);
        }
        answer.map(|rows| buffer(&rows, console.encoding()))
    }
}

/// An answer of the helper's, which is in UTF-8, in the client's encoding: characters that may not
/// be there become question marks.
fn buffer(rows: &[Row], encoding: Encoding) -> RowBuffer {
    let cell = |cell: &Option<String>| {
        let text = cell.as_ref()?;
        let has_all = encoding == Encoding::Utf8 || text.is_ascii();
        Some(match has_all {
            true => text.clone(),
            false => text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect(),
        })
    };
    let mut buffer = RowBuffer::default();
    for row in rows {
        let cells: Vec<Option<String>> = row.iter().map(cell).collect();
        buffer.push(cells.iter().map(|cell| cell.as_deref().map(str::as_bytes)));
    }
    buffer
}
