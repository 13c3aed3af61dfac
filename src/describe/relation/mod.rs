//! Relations: their lists (`\dt`, `\dP`) and their details (`\d NAME`).
//!
//! The details of all relations that a pattern names come from a few queries for all of them
//! together, never from queries per relation.

mod attached;
mod columns;
mod constraint;
mod footer;
mod inheritance;
pub mod list;
pub mod partitioned;
mod sequence;

use super::command::Command;
use super::sql::Select;
use super::{Failed, View};
use crate::print::{Expanded, Row, RowBuffer};
use list::NAMES;
use std::collections::HashMap;

/// So many relations are described together; a bound on memory and on the queries' length.
const BATCH: usize = 500;

/// What the details of a relation depend on (catalog `pg_class`).
#[derive(Clone, Debug, Default)]
struct Relation {
    oid: Vec<u8>,
    schema: Vec<u8>,
    name: Vec<u8>,
    /// `relkind`
    kind: u8,
    /// `relpersistence`
    persistence: u8,
    has_index: bool,
    has_checks: bool,
    has_rules: bool,
    has_triggers: bool,
    has_oids: bool,
    is_partition: bool,
    row_security: bool,
    force_row_security: bool,
    /// `relreplident`
    replica_identity: u8,
    /// The type of a typed table.
    of_type: Vec<u8>,
    /// Unless it is the database's default.
    tablespace: Vec<u8>,
    access_method: Vec<u8>,
    options: Vec<u8>,
}

impl Relation {
    fn is(&self, kinds: &[u8]) -> bool {
        kinds.contains(&self.kind)
    }

    /// `Table "schema.name"`
    fn title(&self) -> Vec<u8> {
        let unlogged = self.persistence == b'u';
        let kind = match self.kind {
            b'r' if unlogged => "Unlogged table",
            b'r' => "Table",
            b'v' => "View",
            b'm' if unlogged => "Unlogged materialized view",
            b'm' => "Materialized view",
            b'S' if unlogged => "Unlogged sequence",
            b'S' => "Sequence",
            b'i' if unlogged => "Unlogged index",
            b'i' => "Index",
            b'I' if unlogged => "Unlogged partitioned index",
            b'I' => "Partitioned index",
            b't' => "TOAST table",
            b'c' => "Composite type",
            b'f' => "Foreign table",
            b'p' if unlogged => "Unlogged partitioned table",
            b'p' => "Partitioned table",
            other => return [b"?", &[other][..], b"? ", &self.quoted()].concat(),
        };
        [kind.as_bytes(), b" ", &self.quoted()].concat()
    }

    fn quoted(&self) -> Vec<u8> {
        [b"\"", &self.schema[..], b".", &self.name, b"\""].concat()
    }
}

/// Rows by the relation they belong to, which is their first column.
type ByRelation<'r> = HashMap<&'r [u8], Vec<Row<'r>>>;

fn by_relation(rows: &RowBuffer) -> ByRelation<'_> {
    let mut grouped = ByRelation::new();
    for row in rows.iter() {
        grouped.entry(row.get(0).unwrap_or_default()).or_default().push(row);
    }
    grouped
}

/// `\d` without a pattern lists, with one describes.
pub fn describe(command: &mut Command) -> Result<(), Failed> {
    if command.pattern(0).is_none() {
        return list::list(command);
    }
    let relations = find(command)?;
    if relations.is_empty() {
        command.not_found("relation");
        return Err(Failed);
    }
    for batch in relations.chunks(BATCH) {
        show(command, batch)?;
    }
    Ok(())
}

/// The relations that the pattern names, ordered by schema and name.
fn find(command: &mut Command) -> Result<Vec<Relation>, Failed> {
    let since = |version, expression: &'static str, before: &'static str| {
        if command.at_least(version) { expression } else { before }
    };
    let mut query = Select::new();
    // The order of these columns is the order in which they are read below.
    query.column("OID", "c.oid");
    query.column("Schema", "n.nspname");
    query.column("Name", "c.relname");
    query.column("Kind", "c.relkind");
    query.column("Persistence", "c.relpersistence");
    query.column("Has index", "c.relhasindex");
    query.column("Has checks", "c.relchecks > 0");
    query.column("Has rules", "c.relhasrules");
    query.column("Has triggers", "c.relhastriggers");
    query.column("Has OIDs", since(120_000, "false", "c.relhasoids"));
    query.column("Is partition", since(100_000, "c.relispartition", "false"));
    query.column("Row security", since(90_500, "c.relrowsecurity", "false"));
    query.column("Force row security", since(90_500, "c.relforcerowsecurity", "false"));
    query.column("Replica identity", since(90_400, "c.relreplident", "'d'"));
    query.column(
        "Of type",
        "CASE WHEN c.reloftype <> 0 \
         THEN c.reloftype::pg_catalog.regtype::pg_catalog.text END",
    );
    query.column("Tablespace", "ts.spcname");
    query.column("Access method", since(120_000, "am.amname", "NULL"));
    query.column(
        "Options",
        "pg_catalog.array_to_string(c.reloptions || ARRAY(\
         SELECT 'toast.' || o FROM pg_catalog.unnest(toast.reloptions) o), ', ')",
    );
    query.from("pg_catalog.pg_class c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    query.from("LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid");
    query.from("LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace");
    if command.at_least(120_000) {
        query.from("LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam");
    }
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("2, 3");
    let rows = command.query(query.sql())?.rows;
    Ok(rows.iter().map(read).collect())
}

fn read(row: Row<'_>) -> Relation {
    let mut cells = row.cells();
    let mut text = || cells.next().flatten().unwrap_or_default();
    let letter = |cell: &[u8]| cell.first().copied().unwrap_or_default();
    Relation {
        oid: text().to_vec(),
        schema: text().to_vec(),
        name: text().to_vec(),
        kind: letter(text()),
        persistence: letter(text()),
        has_index: text() == b"t",
        has_checks: text() == b"t",
        has_rules: text() == b"t",
        has_triggers: text() == b"t",
        has_oids: text() == b"t",
        is_partition: text() == b"t",
        row_security: text() == b"t",
        force_row_security: text() == b"t",
        replica_identity: letter(text()),
        of_type: text().to_vec(),
        tablespace: text().to_vec(),
        access_method: text().to_vec(),
        options: text().to_vec(),
    }
}

/// Shows the details of some relations.
fn show(command: &mut Command, relations: &[Relation]) -> Result<(), Failed> {
    let sequences = sequence::query(command, relations)?;
    let columns = columns::query(command, relations)?;
    let footers = footer::query(command, relations)?;
    let (columns_of, footers_of) = (by_relation(&columns), by_relation(&footers));
    for relation in relations {
        let lines = footers_of.get(&relation.oid[..]).map_or(&[][..], Vec::as_slice);
        let footers = Some(footer::lines(command, relation, lines));
        let title = Some(relation.title());
        let view = if relation.kind == b'S' {
            let (columns, rows) = sequences.table(&relation.oid);
            View { title, columns, rows, footers, expanded: None }
        } else {
            let rows = columns_of.get(&relation.oid[..]).map_or(&[][..], Vec::as_slice);
            let (columns, rows) = columns::table(command, relation, relations, rows);
            View { title, columns, rows, footers, expanded: Some(Expanded::Off) }
        };
        command.show(view)?;
    }
    Ok(())
}

/// An array literal of the OIDs of those relations that `wanted` holds for; `None` if there are
/// none.
fn oids(relations: &[Relation], wanted: impl Fn(&Relation) -> bool) -> Option<Vec<u8>> {
    let oids: Vec<&[u8]> =
        relations.iter().filter(|r| wanted(r)).map(|r| r.oid.as_slice()).collect();
    (!oids.is_empty()).then(|| [b"'{", &oids.join(&b","[..])[..], b"}'::pg_catalog.oid[]"].concat())
}
