//! Views and materialized views.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::script::{Phase, Script};
use super::sql::{parameters, tablespace};
use super::table::{self, index, rule, trigger};
use crate::reported::Reported;

/// Adds a view or materialized view.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let is_materialized = object.kind == Kind::MaterializedView;
    let options = parameters("o.reloptions", "");
    let tablespace = tablespace("o.reltablespace");
    let row = catalog.row_of(oid, format!(
        "SELECT pg_catalog.pg_get_viewdef(o.oid), o.relpersistence, {options}, {tablespace},\n  \
         (SELECT pg_catalog.quote_ident(am.amname) FROM pg_catalog.pg_am am \
         WHERE am.oid = o.relam AND am.amname <> 'heap'), o.relispopulated\n\
         FROM pg_catalog.pg_class o\nWHERE o.oid = {ASKED}"
    ))?;
    let what: &[u8] = match (is_materialized, row.text(1)) {
        (true, _) => b"MATERIALIZED VIEW",
        (false, b"t") => b"TEMPORARY VIEW",
        (false, _) => b"VIEW",
    };
    let mut text = [b"CREATE ", what, b" ", &object.identity].concat();
    let mut clause = |words: &[u8], value: Option<&[u8]>, end: &[u8]| {
        if let Some(value) = value {
            text.extend([words, value, end].concat());
        }
    };
    clause(b"\nUSING ", row.value(4), b"");
    clause(b" WITH (", row.value(2), b")");
    clause(b"\nTABLESPACE ", row.value(3), b"");
    let query = row.text(0).trim_ascii_end();
    clause(b" AS\n", Some(query.strip_suffix(b";").unwrap_or(query)), b"");
    clause(b"\nWITH NO DATA", (is_materialized && !row.is(5)).then_some(b""), b"");
    script.add(Phase::Create, text);
    add_columns(catalog, object, script)?;
    common::add(catalog, object, &object.identity, script)?;
    table::add_comments_and_privileges(catalog, object, script)?;
    index::add_of_table(catalog, oid, Phase::Index, script)?;
    rule::add_of_relation(catalog, oid, script)?;
    trigger::add_of_relation(catalog, object, script)
}

/// What is said of columns behind the query: defaults, statistics, storage.
fn add_columns(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let (oid, word) = (object.oid, object.kind.traits().sql_word);
    let options = parameters("a.attoptions", "");
    let compression = catalog.since(
        140_000,
        "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
        "NULL",
    );
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT pg_catalog.quote_ident(a.attname),\n  \
         ' SET DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid),\n  \
         ' SET STATISTICS ' || CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,\n  \
         ' SET (' || {options} || ')',\n  \
         CASE WHEN a.attstorage <> y.typstorage AND c.relkind = 'm' THEN ' SET STORAGE ' || \
         CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' \
         ELSE 'EXTENDED' END END,\n  ' SET COMPRESSION ' || {compression}\n\
         FROM pg_catalog.pg_attribute a\n  \
         JOIN pg_catalog.pg_class c ON c.oid = a.attrelid\n  \
         JOIN pg_catalog.pg_type y ON y.oid = a.atttypid\n  \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum\n\
         WHERE a.attrelid = {ASKED} AND a.attnum > 0 ORDER BY a.attnum"
        ),
    )?;
    for row in rows {
        for change in (1..=5).filter_map(|column| row.value(column)) {
            let start = [b"ALTER ", word.as_bytes(), b" ", &object.identity].concat();
            script
                .add(Phase::Create, [&start[..], b" ALTER COLUMN ", row.text(0), change].concat());
        }
    }
    Ok(())
}
