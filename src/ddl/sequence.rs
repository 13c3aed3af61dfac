//! Sequences, those of identity columns too.

use super::catalog::{ASKED, Catalog, Row};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::script::{Phase, Script};
use super::sql::{identity, qualified};
use crate::reported::Reported;

/// Adds a sequence.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let row = look_up(catalog, object.oid)?;
    let what: &[u8] = match row.text(8) {
        b"u" => b"UNLOGGED SEQUENCE",
        b"t" => b"TEMPORARY SEQUENCE",
        _ => b"SEQUENCE",
    };
    let mut text = [b"CREATE ", what, b" ", &object.identity].concat();
    if row.text(0) != b"bigint" {
        text.extend([b" AS ", row.text(0)].concat());
    }
    for option in options(&row) {
        text.extend([b" ", &option[..]].concat());
    }
    script.add(Phase::Create, text);
    common::add(catalog, object, &object.identity, script)?;
    if let Some(column) = row.value(9) {
        let text = [b"ALTER SEQUENCE ", &object.identity[..], b" OWNED BY ", column].concat();
        script.add(Phase::Index, text);
    }
    Ok(())
}

/// What an identity column says of its sequence in brackets; empty if the server would choose the
/// same for this table and column (their quoted names).
///
/// # Errors
/// A query failed.
pub fn identity_options(
    catalog: &mut Catalog<'_>,
    oid: u32,
    table: &[u8],
    column: &[u8],
) -> Result<Vec<u8>, Reported> {
    let row = look_up(catalog, oid)?;
    let mut parts = Vec::new();
    let usual = [table, b"_", column, b"_seq"].concat();
    if row.text(7) != usual {
        parts.push([b"SEQUENCE NAME ", row.text(10)].concat());
    }
    parts.extend(options(&row));
    Ok(parts.join(&b' '))
}

/// Has the sequences of the tables' identity columns asked about together.
///
/// # Errors
/// The query failed.
pub fn group_of_identity(catalog: &mut Catalog<'_>, objects: &[Object]) -> Result<(), Reported> {
    let tables = objects.iter().filter(|object| object.kind.is_table());
    let tables: Vec<String> = tables.map(|table| table.oid.to_string()).collect();
    if tables.len() < 2 {
        return Ok(());
    }
    let sequences = catalog.texts(format!(
        "SELECT d.objid FROM pg_catalog.pg_depend d\n  \
         JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'\n\
         WHERE d.refobjid = ANY ('{{{}}}'::pg_catalog.oid[]) AND d.deptype = 'i' \
         AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass ORDER BY 1",
        tables.join(",")
    ))?;
    let number = |oid: &Vec<u8>| std::str::from_utf8(oid).ok()?.parse().ok();
    catalog.group(&sequences.iter().filter_map(number).collect::<Vec<u32>>());
    Ok(())
}

/// Adds what is said of the sequences of a table's identity columns themselves.
///
/// # Errors
/// A query failed.
pub fn add_of_identity(
    catalog: &mut Catalog<'_>,
    table: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let name = identity("pg_class", "c.oid");
    let rows = catalog.rows_of(
        table.oid,
        format!(
            "SELECT c.oid, {name}, CASE WHEN c.relpersistence <> t.relpersistence \
         THEN CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' WHEN 'p' THEN 'LOGGED' END END\n\
         FROM pg_catalog.pg_depend d\n  \
         JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'\n  \
         JOIN pg_catalog.pg_class t ON t.oid = d.refobjid\n\
         WHERE d.refobjid = {ASKED} AND d.deptype = 'i' \
         AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass ORDER BY 2"
        ),
    )?;
    for row in rows {
        let Some(sequence) = Object::from_row(Kind::Sequence, &row) else { continue };
        if let Some(how) = row.value(2) {
            let start = [b"ALTER SEQUENCE ", &sequence.identity[..]].concat();
            script.add(Phase::Create, [&start[..], b" SET ", how].concat());
        }
        common::add_to_owned(catalog, &sequence, script)?;
    }
    Ok(())
}

fn look_up(catalog: &mut Catalog<'_>, oid: u32) -> Result<Row, Reported> {
    let [table, name] = [qualified("tn.nspname", "t.relname"), qualified("n.nspname", "c.relname")];
    catalog.row_of(oid, format!(
        "SELECT pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,\n  \
         s.seqmax, s.seqcache, s.seqcycle, pg_catalog.quote_ident(c.relname), c.relpersistence,\n  \
         (SELECT {table} || '.' || pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_depend d \
         JOIN pg_catalog.pg_class t ON t.oid = d.refobjid \
         JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid \
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid \
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'a'), {name}\n\
         FROM pg_catalog.pg_sequence s\n  \
         JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid\n  \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
         WHERE s.seqrelid = {ASKED}"
    ))
}

/// The options that differ from what CREATE SEQUENCE takes by itself.
fn options(row: &Row) -> Vec<Vec<u8>> {
    let number = |column: usize| {
        std::str::from_utf8(row.text(column)).ok().and_then(|text| text.parse::<i128>().ok())
    };
    let (least, most) = match row.text(0) {
        b"smallint" => (i128::from(i16::MIN), i128::from(i16::MAX)),
        b"integer" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    let (start, increment, min, max) = (number(1), number(2), number(3), number(4));
    let ascends = increment.is_none_or(|step| step > 0);
    let [usual_min, usual_max] = if ascends { [1, most] } else { [least, -1] };
    let usual_start = if ascends { min } else { max };
    let mut options = Vec::new();
    let mut add = |words: &str, value: Option<i128>, usual: Option<i128>| {
        if let Some(value) = value.filter(|value| Some(*value) != usual) {
            options.push(format!("{words} {value}").into_bytes());
        }
    };
    add("INCREMENT BY", increment, Some(1));
    add("MINVALUE", min, Some(usual_min));
    add("MAXVALUE", max, Some(usual_max));
    add("START WITH", start, usual_start);
    add("CACHE", number(5), Some(1));
    if row.is(6) {
        options.push(b"CYCLE".to_vec());
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unusual() {
        const MAX: &str = "9223372036854775807";
        for (row, expected) in [
            (["bigint", "1", "1", "1", MAX, "1", "f"], ""),
            (["bigint", "5", "7", "1", MAX, "1", "f"], "INCREMENT BY 7 START WITH 5"),
            (
                ["smallint", "-1", "-2", "-100", "-1", "5", "t"],
                "INCREMENT BY -2 MINVALUE -100 CACHE 5 CYCLE",
            ),
            (["integer", "1", "1", "1", "2147483647", "1", "f"], ""),
            (["integer", "1", "1", "0", "9", "1", "f"], "MINVALUE 0 MAXVALUE 9 START WITH 1"),
        ] {
            let found = options(&Row::of(&row.map(Some))).join(&b' ');
            assert_eq!(String::from_utf8_lossy(&found), expected, "{row:?}");
        }
    }
}
