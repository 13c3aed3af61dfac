//! Whether what was restored has the rows it should have: those counted when it was dumped, or those that
//! the dump itself holds.

use crate::archive::summary::Summary;
use crate::backup::{self, Failure, FailureKind, SideSession, Source, counts_file, number, text};
use crate::catalog_query::{CatalogQuery, literal};
use crate::console::Console;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A table's name: schema and name.
type Name = (Vec<u8>, Vec<u8>);

/// What a table should have.
struct Expected {
    rows: u64,
    checksum: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many tables were compared.
    pub tables: usize,
    /// How many rows they have.
    pub rows: u64,
    /// Whether sums over the rows were compared, too.
    pub has_checksums: bool,
}

/// Compares the tables that were restored.
///
/// # Errors
/// They differ, or the server does not tell.
pub fn verify(
    console: &Console,
    source: &Source<'_>,
    dump: &Path,
    restored: &Summary,
) -> Result<Verified, Failure> {
    let mut session = source.ask(console)?;
    session.ask(&backup::settle())?;
    session.ask(&backup::settle_values())?;
    let mut expected: BTreeMap<Name, Expected> = BTreeMap::new();
    for table in &restored.tables {
        let name = (table.schema.clone(), table.name.clone());
        let one = expected.entry(name).or_insert(Expected { rows: 0, checksum: None });
        one.rows += table.rows;
    }
    let file = counts_file(dump);
    let has_checksums = file.is_file();
    if has_checksums {
        let names: BTreeSet<Name> = expected.keys().cloned().collect();
        expected = counted(&mut session, &file)?;
        expected.retain(|name, _| names.contains(name));
    }
    let mut verified = Verified { tables: expected.len(), rows: 0, has_checksums };
    let mut wrong = Vec::new();
    for ((schema, table), expected) in &expected {
        let schema: &[u8] = if schema.is_empty() { b"public" } else { schema };
        let found = backup::count(&mut session, schema, table)?;
        verified.rows += found.rows();
        let name = String::from_utf8_lossy(&[schema, b".", table].concat()).into_owned();
        if found.rows() != expected.rows {
            wrong.push(format!("{name} has {} rows and not {}", found.rows(), expected.rows));
        } else if expected.checksum.as_ref().is_some_and(|sum| sum != found.checksum()) {
            wrong.push(format!("{name} has {} rows, but others", found.rows()));
        }
    }
    if wrong.is_empty() {
        return Ok(verified);
    }
    let text = format!("what was restored is not what was dumped: {}", super::checks::list(&wrong));
    Err(Failure::new(FailureKind::Proof, text))
}

/// What the file beside a dump tells; the server reads it.
fn counted(session: &mut SideSession, file: &Path) -> Result<BTreeMap<Name, Expected>, Failure> {
    let json = std::fs::read(file).map_err(|error| {
        let reason = crate::session::error_text(&error);
        Failure::new(FailureKind::Place, format!("could not read \"{}\": {reason}", file.display()))
    })?;
    let encoding = session.encoding();
    let query = [
        &b"SELECT e.value ->> 'schema', e.value ->> 'table', e.value ->> 'rows', e.value ->> 'checksum' \
           FROM pg_catalog.json_array_elements("[..],
        &literal(&json, encoding),
        b"::pg_catalog.json -> 'tables') e",
    ]
    .concat();
    let rows = session.ask(&CatalogQuery::new(query, encoding))?;
    let name =
        |row: &[Option<Vec<u8>>], at: usize| row.get(at).cloned().flatten().unwrap_or_default();
    let expected = rows.iter().map(|row| {
        let expected = Expected { rows: number(row, 2), checksum: Some(text(row, 3)) };
        ((name(row, 0), name(row, 1)), expected)
    });
    Ok(expected.collect())
}
