//! Asks the catalog: queries as text, rows as values.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::catalog_query::CatalogQuery;
use crate::describe::{Context, Host};
use crate::reported::Reported;

/// The server's catalog, asked through a [`Host`].
pub struct Catalog<'a> {
    context: &'a Context,
    host: &'a mut dyn Host,
    /// The objects that are asked about together, by the OID of each.
    groups: HashMap<u32, Rc<[u32]>>,
    /// What was answered of objects, by the query; `None` once it was handed out.
    answers: HashMap<String, HashMap<u32, Option<Vec<Row>>>>,
}

/// Stands in a query about an object for its OID.
pub const ASKED: &str = "asked.oid";

/// How many objects are asked about at once, at most.
const GROUP: usize = 500;

/// A row of an answer.
#[derive(Clone, Debug, Default)]
pub struct Row(Vec<Option<Vec<u8>>>);

impl<'a> Catalog<'a> {
    /// The catalog of the server behind `host`.
    pub fn new(context: &'a Context, host: &'a mut dyn Host) -> Catalog<'a> {
        Catalog { context, host, groups: HashMap::new(), answers: HashMap::new() }
    }

    /// What is asked of one of these objects, of the same kind, is asked of all of them from now on.
    pub fn group(&mut self, oids: &[u32]) {
        // Who stands there twice would have each row twice.
        let oids: Vec<u32> = oids.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect();
        for part in oids.chunks(GROUP) {
            let group: Rc<[u32]> = part.into();
            self.groups.extend(part.iter().map(|&oid| (oid, Rc::clone(&group))));
        }
    }

    /// The rows that a query gives of an object, which it calls [`ASKED`].
    ///
    /// # Errors
    /// It failed.
    pub fn rows_of(&mut self, oid: u32, query: impl Into<String>) -> Result<Vec<Row>, Reported> {
        let query = query.into();
        let known = self.answers.entry(query.clone()).or_default();
        if let Some(rows) = known.get_mut(&oid).and_then(Option::take) {
            return Ok(rows);
        }
        let group = self.groups.get(&oid).cloned().unwrap_or_else(|| [oid].into());
        // Not about those whose answer still waits.
        let waits = |oid: &u32| matches!(known.get(oid), Some(Some(_)));
        let group: Vec<u32> = group.iter().copied().filter(|oid| !waits(oid)).collect();
        let mut found: HashMap<u32, Vec<Row>> = group.iter().map(|&oid| (oid, vec![])).collect();
        for mut row in self.rows(of_all(&query, &group))? {
            let of = std::str::from_utf8(row.text(0)).ok().and_then(|oid| oid.parse().ok());
            // The OID and the place.
            row.0.drain(..2.min(row.0.len()));
            if let Some(rows) = of.and_then(|of: u32| found.get_mut(&of)) {
                rows.push(row);
            }
        }
        let rows = found.remove(&oid).unwrap_or_default();
        let known = self.answers.entry(query).or_default();
        known.insert(oid, None);
        known.extend(found.into_iter().map(|(oid, rows)| (oid, Some(rows))));
        Ok(rows)
    }

    /// The first of [`Catalog::rows_of`], or one of nothing: the object is gone.
    ///
    /// # Errors
    /// It failed.
    pub fn row_of(&mut self, oid: u32, query: impl Into<String>) -> Result<Row, Reported> {
        Ok(self.rows_of(oid, query)?.into_iter().next().unwrap_or_default())
    }

    /// The values of the first column of [`Catalog::rows_of`] that are not NULL.
    ///
    /// # Errors
    /// It failed.
    pub fn texts_of(
        &mut self,
        oid: u32,
        query: impl Into<String>,
    ) -> Result<Vec<Vec<u8>>, Reported> {
        let first = |row: Row| row.0.into_iter().next().flatten();
        Ok(self.rows_of(oid, query)?.into_iter().filter_map(first).collect())
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

/// A query about one object asked of several: the OID comes before the other columns, and the order of the
/// rows of each is kept.
fn of_all(query: &str, oids: &[u32]) -> String {
    let oids: Vec<String> = oids.iter().map(u32::to_string).collect();
    format!(
        "SELECT asked.oid, answer.* FROM pg_catalog.unnest('{{{}}}'::pg_catalog.oid[]) asked(oid), \
         LATERAL (SELECT pg_catalog.row_number() OVER () AS place, one.* FROM (\n{query}\n) one) answer\n\
         ORDER BY 1, 2",
        oids.join(",")
    )
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
