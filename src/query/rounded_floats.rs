//! Floats that the server has rounded: those before 12 do, unless told otherwise.

use super::runner::QueryRunner;
use crate::catalog_query::CatalogQuery;
use crate::connection::Connection;
use crate::print::{Column, Format, Rows};

/// Servers from here on write floats whole.
const WRITES_WHOLE: i32 = 120_000;
/// The setting that those before write them whole under.
const WHOLE: i32 = 3;

impl QueryRunner<'_> {
    /// Behind a result in a format that is for programs: says that floats in it may be rounded, once for
    /// each connection. The session's setting is the user's, and is not touched.
    pub(super) fn report_rounded_floats(&mut self, columns: &[Column], format: Format) {
        let is_for_programs = matches!(
            format,
            Format::Insert | Format::Json | Format::Ndjson | Format::Parquet | Format::Xlsx
        );
        // float4, float8, and arrays of them.
        let is_float = |column: &Column| matches!(column.type_oid, 700 | 701 | 1021 | 1022);
        if is_for_programs && columns.iter().any(is_float) && self.rounds_floats() {
            self.connection.note_rounded_floats();
            self.console.info(
                "This server rounds floats; SET extra_float_digits = 3 before the query to have them whole.",
            );
        }
    }

    /// Whether that is known, and the user does not know it yet.
    fn rounds_floats(&mut self) -> bool {
        let is_old = |connection: &Connection| {
            connection.session().is_some_and(|session| session.server_version() < WRITES_WHOLE)
        };
        if !is_old(self.connection)
            || self.connection.knows_of_rounded_floats()
            || !self.connection.can_be_asked()
        {
            return false;
        }
        let sql = "SELECT pg_catalog.current_setting('extra_float_digits')";
        let query = CatalogQuery::new(sql, self.console.encoding());
        let Some(mut set) = self.connection.run_quietly(self.console, query.as_bytes()) else {
            return false;
        };
        let row = set.rows.rewind().and_then(|()| set.rows.next()).ok().flatten();
        let digits = row.and_then(|row| std::str::from_utf8(row.get(0)?).ok()?.parse().ok());
        digits.is_some_and(|digits: i32| digits < WHOLE)
    }
}
