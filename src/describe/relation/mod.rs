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
mod pg_class;
mod section;
mod sequence;

use super::command::Command;
use super::host::View;
use crate::print::{Expanded, Row, RowBuffer};
use crate::reported::Reported;
use pg_class::Relation;
use std::collections::HashMap;

/// So many relations are described together; a bound on memory and on the queries' length.
const BATCH: usize = 500;

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
pub fn describe(command: &mut Command) -> Result<(), Reported> {
    if command.pattern(0).is_none() {
        return list::list(command);
    }
    let relations = pg_class::find(command)?;
    if relations.is_empty() {
        command.not_found("relation");
        return Err(Reported);
    }
    for batch in relations.chunks(BATCH) {
        show(command, batch)?;
    }
    Ok(())
}

/// Shows the details of some relations.
fn show(command: &mut Command, relations: &[Relation]) -> Result<(), Reported> {
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
