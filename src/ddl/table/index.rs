//! Indexes, and the keys that they are behind.

use crate::ddl::catalog::{ASKED, Catalog, Row};
use crate::ddl::common;
use crate::ddl::find::Object;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sql::{comment, identity, tablespace};
use crate::reported::Reported;

/// Adds the indexes of a table or materialized view; `keys` is when its keys are made.
pub fn add_of_table(
    catalog: &mut Catalog<'_>,
    oid: u32,
    keys: Phase,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, oid, &format!("i.indrelid = {ASKED}"), keys, script)
}

/// Adds an index by itself.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, object.oid, &format!("i.indexrelid = {ASKED}"), Phase::Index, script)
}

/// Adds the indexes of which a condition over `pg_index i` holds.
pub fn add_where(
    catalog: &mut Catalog<'_>,
    oid: u32,
    condition: &str,
    keys: Phase,
    script: &mut Script,
) -> Result<(), Reported> {
    let [index, table, parent] =
        ["i.indexrelid", "i.indrelid", "h.inhparent"].map(|oid| identity("pg_class", oid));
    let tablespace = tablespace("c.reltablespace");
    let [of_index, of_key] =
        [comment("pg_class", "i.indexrelid", "0"), comment("pg_constraint", "k.oid", "0")];
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT {index}, {table}, pg_catalog.quote_ident(c.relname),\n  \
         pg_catalog.quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid),\n  \
         pg_catalog.pg_get_indexdef(i.indexrelid), {tablespace},\n  \
         ' WHERE ' || pg_catalog.pg_get_expr(i.indpred, i.indrelid),\n  \
         ' WHERE (' || pg_catalog.pg_get_expr(i.indpred, i.indrelid) || ')',\n  \
         CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END \
         || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END,\n  \
         i.indisclustered, i.indisreplident,\n  \
         (SELECT {parent} FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid),\n  \
         {of_index}, {of_key},\n  \
         (SELECT pg_catalog.string_agg(a.attnum || ' SET STATISTICS ' || a.attstattarget, ',' \
         ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid \
         AND a.attstattarget >= 0),\n  \
         NOT i.indisunique AND c.relkind = 'I' AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits fi \
         JOIN pg_catalog.pg_class fc ON fc.oid = fi.inhrelid AND fc.relkind = 'f' \
         WHERE fi.inhparent = i.indrelid)\n\
         FROM pg_catalog.pg_index i\n  \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n  \
         LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid \
         AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')\n\
         WHERE {condition}\n\
         ORDER BY k.contype IS NULL, k.contype, c.relname"
        ),
    )?;
    for row in rows {
        add_index(&row, keys, script);
    }
    Ok(())
}

fn add_index(row: &Row, keys: Phase, script: &mut Script) {
    let (index, table, name) = (row.text(0), row.text(1), row.text(2));
    let phase = match (row.value(3), row.is(16)) {
        (Some(_), _) => keys,
        (None, true) => Phase::IndexOfAll,
        (None, false) => Phase::Index,
    };
    match row.value(3) {
        Some(key) => {
            let definition = key_definition(row);
            let text =
                [b"ALTER TABLE ONLY ", table, b" ADD CONSTRAINT ", key, b" ", &definition].concat();
            script.add(phase, text);
            if let Some(comment) = row.value(14) {
                common::add_constraint_comment(key, table, comment, phase, script);
            }
        }
        None => {
            let definition = with_tablespace(row.text(5), row.text(7), b"", row.value(6));
            script.add(phase, if row.is(16) { of_all(&definition, name) } else { definition });
        }
    }
    if let Some(comment) = row.value(13) {
        script.add(phase, [b"COMMENT ON INDEX ", index, b" IS ", comment].concat());
    }
    for column in row.text(15).split(|&byte| byte == b',').filter(|column| !column.is_empty()) {
        script.add(phase, [b"ALTER INDEX ", index, b" ALTER COLUMN ", column].concat());
    }
    if row.is(10) {
        script.add(phase, [b"ALTER TABLE ", table, b" CLUSTER ON ", name].concat());
    }
    if row.is(11) {
        let text = [b"ALTER TABLE ONLY ", table, b" REPLICA IDENTITY USING INDEX ", name].concat();
        script.add(phase, text);
    }
    if let Some(parent) = row.value(12) {
        let text = [b"ALTER INDEX ", parent, b" ATTACH PARTITION ", index].concat();
        script.add(Phase::AttachIndex, text);
    }
}

/// An index that stands on all partitions but the foreign ones, which have none: attached one by one,
/// they would never be all.
fn of_all(definition: &[u8], name: &[u8]) -> Vec<u8> {
    let start = [b"CREATE INDEX ", name, b" ON "].concat();
    let rest = definition.strip_prefix(&start[..]).and_then(|rest| rest.strip_prefix(b"ONLY "));
    rest.map_or_else(|| definition.to_vec(), |rest| [&start[..], rest].concat())
}

/// A key's definition with its tablespace in its place.
fn key_definition(row: &Row) -> Vec<u8> {
    let end = [row.text(8), row.text(9)].concat();
    with_tablespace(row.text(4), &end, b"USING INDEX ", row.value(6))
}

/// `definition` with `TABLESPACE name` before its `end`.
fn with_tablespace(definition: &[u8], end: &[u8], words: &[u8], name: Option<&[u8]>) -> Vec<u8> {
    match (name, definition.strip_suffix(end)) {
        (Some(name), Some(start)) => [start, b" ", words, b"TABLESPACE ", name, end].concat(),
        _ => definition.to_vec(),
    }
}
