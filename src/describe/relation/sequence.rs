//! Sequences: the body of `\d SEQUENCE`.

use super::pg_class::{Relation, oids};
use crate::catalog_query::identifier;
use crate::describe::command::Command;
use crate::describe::host::Answer;
use crate::print::{Column, RowBuffer};
use crate::reported::Reported;

/// The parameters of sequences, by their OIDs.
#[derive(Default)]
pub struct Sequences {
    answer: Answer,
}

/// Asks for the parameters of those of the relations that are sequences.
pub fn query(command: &mut Command, relations: &[Relation]) -> Result<Sequences, Reported> {
    let Some(oids) = oids(relations, |r| r.kind == b'S') else {
        return Ok(Sequences::default());
    };
    let parameters = if command.at_least(100_000) {
        let source = "SELECT seqrelid, pg_catalog.format_type(seqtypid, NULL) AS type, \
            seqstart, seqmin, seqmax, seqincrement, seqcycle, seqcache \
            FROM pg_catalog.pg_sequence WHERE seqrelid = ANY (";
        [source.as_bytes(), &oids, b")"].concat()
    } else {
        // Before 10 each sequence holds its parameters itself.
        let sources: Vec<Vec<u8>> = relations
            .iter()
            .filter(|r| r.kind == b'S')
            .map(|r| {
                let start = b"SELECT ";
                let middle = b"::pg_catalog.oid AS seqrelid, 'bigint'::pg_catalog.text AS type, \
                    start_value AS seqstart, min_value AS seqmin, max_value AS seqmax, \
                    increment_by AS seqincrement, is_cycled AS seqcycle, cache_value AS seqcache \
                    FROM ";
                [start, &r.oid[..], middle, &identifier(&r.schema), b".", &identifier(&r.name)]
                    .concat()
            })
            .collect();
        sources.join(&b"\nUNION ALL "[..])
    };
    let columns = "SELECT seqrelid AS \"Relation\", type AS \"Type\", seqstart AS \"Start\", \
        seqmin AS \"Minimum\", seqmax AS \"Maximum\", seqincrement AS \"Increment\", \
        CASE WHEN seqcycle THEN 'yes' ELSE 'no' END AS \"Cycles?\", seqcache AS \"Cache\"\n\
        FROM (";
    let answer = command.query([columns.as_bytes(), &parameters, b") s"].concat())?;
    Ok(Sequences { answer })
}

impl Sequences {
    /// The table of one sequence.
    pub fn table(&self, oid: &[u8]) -> (Vec<Column>, RowBuffer) {
        let mut rows = RowBuffer::default();
        for row in self.answer.rows.iter().filter(|r| r.get(0) == Some(oid)) {
            rows.push(row.cells().skip(1));
        }
        (self.answer.columns.iter().skip(1).cloned().collect(), rows)
    }
}
