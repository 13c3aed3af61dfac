//! What the types of a result are made of, for the formats that show arrays as arrays and rows as
//! objects.

use super::runner::QueryRunner;
use crate::encoding::Encoding;
use crate::print::Column;
use crate::type_parts::{FIRST_ASSIGNED, TypeParts};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long the helper may take to answer; it may have to connect first.
const PATIENCE: Duration = Duration::from_secs(5);

impl QueryRunner<'_> {
    /// What the columns' types are made of that only the server knows. Where the session can't be
    /// asked now (more is to come, a pipeline, a transaction that failed), its helper is. Of which
    /// columns nobody tells, the user is told.
    pub(super) fn types_within(&mut self, columns: &[Column]) -> Option<Rc<TypeParts>> {
        let mut asked: Vec<u32> = columns.iter().map(|column| column.type_oid).collect();
        asked.retain(|type_oid| *type_oid >= FIRST_ASSIGNED);
        if asked.is_empty() {
            return None;
        }
        let mut types = self.connection.type_parts(self.console, &asked);
        asked.retain(|type_oid| !types.has_whole(*type_oid));
        if !asked.is_empty() {
            self.ask_helper_for_types(&asked, &mut types);
            self.report_untold(columns, &types);
        }
        Some(Rc::new(types))
    }

    fn ask_helper_for_types(&mut self, asked: &[u32], types: &mut TypeParts) {
        // What this transaction has changed, the helper doesn't see.
        if self.connection.changes().uncommitted {
            return;
        }
        let query = self.connection.type_query(self.console, asked);
        let began = Instant::now();
        let (console, connection) = (&mut *self.console, &mut *self.connection);
        let Some(rows) = self.interactive.ask_helper(console, connection, &query, PATIENCE) else {
            if connection.has_helper() && began.elapsed() >= PATIENCE {
                // What is asked next is not to wait behind this.
                connection.give_up_helper(console, "no answer in time");
            }
            return;
        };
        let mut told = TypeParts::default();
        for at in 0..rows.len() {
            let row = rows.row(at);
            let name = row.get(3).unwrap_or_default();
            if console.encoding() != Encoding::Utf8 && name.contains(&b'?') {
                // The helper's answer has this for characters that may not be there.
                return;
            }
            told.learn([0, 1, 2, 3].map(|cell| row.get(cell)));
        }
        connection.add_type_parts(types, &told, asked);
    }

    fn report_untold(&mut self, columns: &[Column], types: &TypeParts) {
        let untold = |column: &&Column| {
            column.type_oid >= FIRST_ASSIGNED && !types.has_whole(column.type_oid)
        };
        let names: Vec<String> = columns
            .iter()
            .filter(untold)
            .map(|column| format!("\"{}\"", String::from_utf8_lossy(&column.name)))
            .collect();
        if !names.is_empty() {
            let names = names.join(", ");
            self.console.info(format!(
                "{names}: what the type is made of could not be asked now; all values are strings"
            ));
        }
    }
}
