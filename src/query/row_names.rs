//! Which columns of a result name its rows, as far as the server knows: a primary key among them.

use super::runner::QueryRunner;
use crate::catalog_query::CatalogQuery;
use crate::encoding::Encoding;
use crate::print::Rows;
use crate::session::Field;

impl QueryRunner<'_> {
    /// The columns that are the primary key of a table, of the first that has all of its own in the
    /// result.
    pub(super) fn primary_key(&mut self, fields: &[Field]) -> Option<Vec<usize>> {
        let mut tables: Vec<u32> = fields.iter().map(|field| field.table_oid).collect();
        tables.retain(|table| *table != 0);
        tables.dedup();
        if tables.is_empty() || self.connection.pipeline().is_on() {
            return None;
        }
        let query = keys_query(&tables, self.console.encoding());
        // Without an answer rows are told apart by what stands in them.
        let mut set = self.connection.run_own(self.console, query.as_bytes()).ok()?;
        set.rows.rewind().ok()?;
        let mut keys = Vec::new();
        while let Some(row) = set.rows.next().ok()? {
            let number = |column| std::str::from_utf8(row.get(column)?).ok()?.parse().ok();
            let (Some(table), Some(columns)) = (number(0), row.get(1)) else { continue };
            keys.extend(places(fields, table, columns));
        }
        keys.into_iter().min()
    }
}

/// Asks for the primary keys of tables: the table, and the numbers of its columns.
fn keys_query(tables: &[u32], encoding: Encoding) -> CatalogQuery {
    let tables: Vec<String> = tables.iter().map(u32::to_string).collect();
    let query = format!(
        "SELECT i.indrelid, pg_catalog.array_to_string(i.indkey, ' ') FROM pg_catalog.pg_index i \
         WHERE i.indisprimary AND i.indrelid IN ({})",
        tables.join(", ")
    );
    CatalogQuery::new(query.into_bytes(), encoding)
}

/// Where a table's columns of these numbers, between blanks, stand in a result, if all of them do.
fn places(fields: &[Field], table: u32, columns: &[u8]) -> Option<Vec<usize>> {
    let columns = std::str::from_utf8(columns).ok()?;
    let place = |number: &str| {
        let number: i16 = number.parse().ok()?;
        fields.iter().position(|f| (f.table_oid, f.column_number) == (table, number))
    };
    columns.split(' ').map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_a_result() {
        let field =
            |(table_oid, column_number)| Field { table_oid, column_number, ..Field::default() };
        let fields: Vec<Field> = [(0, 0), (7, 2), (7, 1), (8, 1)].map(field).to_vec();
        for (table, columns, expected) in [
            (7, "1", Some(vec![2])),
            (7, "1 2", Some(vec![2, 1])),
            (7, "1 3", None),
            (8, "1", Some(vec![3])),
            (9, "1", None),
            (7, "", None),
        ] {
            assert_eq!(places(&fields, table, columns.as_bytes()), expected);
        }
    }
}
