//! Asks the catalog: queries as text, rows as values.

use crate::catalog_query::CatalogQuery;
use crate::describe::{Context, Host};
use crate::reported::Reported;

/// The server's catalog, asked through a [`Host`].
pub struct Catalog<'a> {
    context: &'a Context,
    host: &'a mut dyn Host,
}

/// A row of an answer.
#[derive(Clone, Debug, Default)]
pub struct Row(Vec<Option<Vec<u8>>>);

impl<'a> Catalog<'a> {
    /// The catalog of the server behind `host`.
    pub fn new(context: &'a Context, host: &'a mut dyn Host) -> Catalog<'a> {
        Catalog { context, host }
    }

    /// The server and its settings.
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// Whether the server is of this version or newer.
    pub fn at_least(&self, version: i32) -> bool {
        self.context.version >= version
    }

    /// An expression that servers know from a version on, or what stands for it before.
    pub fn since<'e>(&self, version: i32, expression: &'e str, before: &'e str) -> &'e str {
        if self.at_least(version) { expression } else { before }
    }

    /// The rows that a query gives.
    ///
    /// # Errors
    /// It failed.
    pub fn rows(&mut self, sql: impl AsRef<[u8]>) -> Result<Vec<Row>, Reported> {
        let answer = self.host.query(&CatalogQuery::new(sql, self.context.encoding))?;
        let (rows, columns) = (&answer.rows, answer.columns.len());
        let row = |index| {
            let cells = (0..columns).map(|cell| rows.row(index).get(cell).map(<[u8]>::to_vec));
            Row(cells.collect())
        };
        Ok((0..rows.len()).map(row).collect())
    }

    /// The first row that a query gives, or one of nothing: the object is gone.
    ///
    /// # Errors
    /// It failed.
    pub fn row(&mut self, sql: impl AsRef<[u8]>) -> Result<Row, Reported> {
        Ok(self.rows(sql)?.into_iter().next().unwrap_or_default())
    }

    /// The values of a query's first column that are not NULL.
    ///
    /// # Errors
    /// It failed.
    pub fn texts(&mut self, sql: impl AsRef<[u8]>) -> Result<Vec<Vec<u8>>, Reported> {
        let first = |row: Row| row.0.into_iter().next().flatten();
        Ok(self.rows(sql)?.into_iter().filter_map(first).collect())
    }

    /// Reports an error and is it.
    pub fn fail(&mut self, text: impl AsRef<[u8]>) -> Reported {
        self.host.error(text.as_ref());
        Reported
    }
}

impl Row {
    /// A value, empty if NULL.
    pub fn text(&self, column: usize) -> &[u8] {
        self.value(column).unwrap_or_default()
    }

    /// A value, if it is not NULL.
    pub fn value(&self, column: usize) -> Option<&[u8]> {
        self.0.get(column)?.as_deref()
    }

    /// Whether a value is true.
    pub fn is(&self, column: usize) -> bool {
        self.text(column) == b"t"
    }

    /// A row of these values.
    #[cfg(test)]
    pub fn of(values: &[Option<&str>]) -> Row {
        Row(values.iter().map(|value| value.map(|value| value.as_bytes().to_vec())).collect())
    }
}
