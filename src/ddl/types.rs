//! Types: enumerated, composite, range, base and shell types.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::routine;
use super::script::{Phase, Script};
use super::sql::{collation, comment, function, identity, qualified};
use crate::reported::Reported;

/// Adds a type.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let row = catalog.row_of(
        object.oid,
        format!(
            "SELECT CASE WHEN NOT o.typisdefined THEN '-' ELSE o.typtype::pg_catalog.text END{}",
            super::sql::from("pg_type")
        ),
    )?;
    match row.text(0) {
        b"e" => add_enum(catalog, object, script)?,
        b"c" => add_composite(catalog, object, script)?,
        b"r" => add_range(catalog, object, script)?,
        b"b" => add_base(catalog, object, script)?,
        _ => script.add(Phase::Create, [b"CREATE TYPE ", &object.identity[..]].concat()),
    }
    common::add(catalog, object, &object.identity, script)
}

fn add_enum(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let labels = catalog.texts_of(
        object.oid,
        format!(
            "SELECT pg_catalog.quote_literal(e.enumlabel) FROM pg_catalog.pg_enum e\n\
         WHERE e.enumtypid = {ASKED} ORDER BY e.enumsortorder"
        ),
    )?;
    add_list(b" AS ENUM", &labels, object, script);
    Ok(())
}

/// `CREATE TYPE name ... (items)`
fn add_list(words: &[u8], items: &[Vec<u8>], object: &Object, script: &mut Script) {
    let start = [b"CREATE TYPE ", &object.identity[..], words, b" ("].concat();
    let text = match items {
        [] => [&start[..], b")"].concat(),
        items => [&start[..], b"\n    ", &items.join(&b",\n    "[..]), b"\n)"].concat(),
    };
    script.add(Phase::Create, text);
}

fn add_composite(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let collation = collation("a.attcollation");
    let about = comment("pg_class", "a.attrelid", "a.attnum");
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT pg_catalog.quote_ident(a.attname) || ' ' \
         || pg_catalog.format_type(a.atttypid, a.atttypmod) || COALESCE(\
         CASE WHEN a.attcollation <> y.typcollation THEN ' COLLATE ' || {collation} END, ''),\n  \
         pg_catalog.quote_ident(a.attname), {about}\n\
         FROM pg_catalog.pg_type o\n  \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = o.typrelid\n  \
         JOIN pg_catalog.pg_type y ON y.oid = a.atttypid\n\
         WHERE o.oid = {ASKED} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        ),
    )?;
    let attributes: Vec<Vec<u8>> = rows.iter().map(|row| row.text(0).to_vec()).collect();
    add_list(b" AS", &attributes, object, script);
    for row in rows {
        if let Some(text) = row.value(2) {
            let column = [&object.identity[..], b".", row.text(1)].concat();
            script.add(Phase::Create, [b"COMMENT ON COLUMN ", &column[..], b" IS ", text].concat());
        }
    }
    Ok(())
}

fn add_range(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let collation = collation("r.rngcollation");
    let [canonical, difference] = ["r.rngcanonical", "r.rngsubdiff"].map(function);
    let class = qualified("cn.nspname", "c.opcname");
    let multirange = qualified("mn.nspname", "m.typname");
    let multirange = match catalog.at_least(140_000) {
        true => format!(
            "(SELECT 'MULTIRANGE_TYPE_NAME = ' || {multirange} FROM pg_catalog.pg_type m \
             JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace WHERE m.oid = r.rngmultitypid)"
        ),
        false => "NULL".to_owned(),
    };
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT pg_catalog.array_to_string(ARRAY[\
         'SUBTYPE = ' || pg_catalog.format_type(r.rngsubtype, NULL),\n  \
         (SELECT 'SUBTYPE_OPCLASS = ' || {class} FROM pg_catalog.pg_opclass c \
         JOIN pg_catalog.pg_namespace cn ON cn.oid = c.opcnamespace \
         WHERE c.oid = r.rngsubopc AND NOT (c.opcdefault AND cn.nspname = 'pg_catalog')),\n  \
         CASE WHEN r.rngcollation <> y.typcollation THEN 'COLLATION = ' || {collation} END,\n  \
         'CANONICAL = ' || {canonical},\n  'SUBTYPE_DIFF = ' || {difference},\n  {multirange}], \
         E',\\n    ')\n\
         FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type y ON y.oid = r.rngsubtype\n\
         WHERE r.rngtypid = {ASKED}"
        ),
    )?;
    for row in rows {
        add_shell(catalog, object, script)?;
        add_list(b" AS RANGE", &[row.text(0).to_vec()], object, script);
    }
    Ok(())
}

/// The type as a shell, and its own functions, which take or return it, if there are any.
fn add_shell(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let functions = own_functions(catalog, object.oid)?;
    if !functions.is_empty() {
        script.add(Phase::Create, [b"CREATE TYPE ", &object.identity[..]].concat());
    }
    for function in functions {
        routine::add(catalog, &function, script)?;
    }
    Ok(())
}

/// The functions that a base or range type is made of and that take or return it: they are made
/// between the shell and the type.
///
/// # Errors
/// A query failed.
pub fn own_functions(catalog: &mut Catalog<'_>, oid: u32) -> Result<Vec<Object>, Reported> {
    let name = identity("pg_proc", "p.oid");
    let columns: Vec<String> =
        FUNCTIONS.iter().map(|(_, column)| format!("{column}::pg_catalog.oid")).collect();
    let subscript = catalog.since(140_000, ", o.typsubscript::pg_catalog.oid", "");
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT p.oid, {name} FROM pg_catalog.pg_type o\n  \
         LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = o.oid\n  \
         JOIN pg_catalog.pg_proc p ON p.oid = ANY (ARRAY[{}{subscript}, \
         r.rngcanonical::pg_catalog.oid])\n\
         WHERE o.oid = {ASKED} AND o.typtype IN ('b', 'r') \
         AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
         WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid \
         AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid = o.oid)\n\
         ORDER BY 1",
            columns.join(", ")
        ),
    )?;
    Ok(rows.iter().filter_map(|row| Object::from_row(Kind::Function, row)).collect())
}

/// The columns of a base type's functions, and how CREATE TYPE calls them.
const FUNCTIONS: [(&str, &str); 7] = [
    ("INPUT", "o.typinput"),
    ("OUTPUT", "o.typoutput"),
    ("RECEIVE", "o.typreceive"),
    ("SEND", "o.typsend"),
    ("TYPMOD_IN", "o.typmodin"),
    ("TYPMOD_OUT", "o.typmodout"),
    ("ANALYZE", "o.typanalyze"),
];

fn add_base(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let mut parts: Vec<String> = FUNCTIONS
        .iter()
        .map(|(word, column)| format!("'{word} = ' || {}", function(column)))
        .collect();
    if catalog.at_least(140_000) {
        parts.push(format!(
            "CASE WHEN o.typelem = 0 OR o.typlen > 0 THEN 'SUBSCRIPT = ' || {} END",
            function("o.typsubscript")
        ));
    }
    let rest = [
        "'INTERNALLENGTH = ' || CASE WHEN o.typlen > 0 THEN o.typlen::pg_catalog.text \
         ELSE 'VARIABLE' END",
        "CASE WHEN o.typbyval THEN 'PASSEDBYVALUE' END",
        "'ALIGNMENT = ' || CASE o.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' \
         WHEN 'i' THEN 'int4' ELSE 'double' END",
        "CASE o.typstorage WHEN 'p' THEN NULL WHEN 'e' THEN 'STORAGE = external' \
         WHEN 'x' THEN 'STORAGE = extended' ELSE 'STORAGE = main' END",
        "CASE WHEN o.typcategory <> 'U' THEN 'CATEGORY = ' \
         || pg_catalog.quote_literal(o.typcategory::pg_catalog.text) END",
        "CASE WHEN o.typispreferred THEN 'PREFERRED = true' END",
        "'DEFAULT = ' || pg_catalog.quote_literal(o.typdefault)",
        "CASE WHEN o.typelem <> 0 THEN 'ELEMENT = ' || pg_catalog.format_type(o.typelem, NULL) END",
        "CASE WHEN o.typdelim <> ',' THEN 'DELIMITER = ' \
         || pg_catalog.quote_literal(o.typdelim::pg_catalog.text) END",
        "CASE WHEN o.typcollation <> 0 THEN 'COLLATABLE = true' END",
    ];
    parts.extend(rest.map(str::to_owned));
    let parts = parts.join(",\n  ");
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT pg_catalog.array_to_string(ARRAY[{parts}], E',\\n    '){}",
            super::sql::from("pg_type")
        ),
    )?;
    add_shell(catalog, object, script)?;
    for row in rows {
        add_list(b"", &[row.text(0).to_vec()], object, script);
    }
    Ok(())
}

/// Adds a domain.
///
/// # Errors
/// A query failed.
pub fn add_domain(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let collation = collation("o.typcollation");
    let row = catalog.row_of(
        oid,
        format!(
            "SELECT pg_catalog.format_type(o.typbasetype, o.typtypmod),\n  \
         CASE WHEN o.typcollation <> b.typcollation THEN {collation} END,\n  \
         COALESCE(pg_catalog.pg_get_expr(o.typdefaultbin, 0), \
         pg_catalog.quote_literal(o.typdefault)), o.typnotnull, o.typname || '_not_null'\n\
         FROM pg_catalog.pg_type o JOIN pg_catalog.pg_type b ON b.oid = o.typbasetype\n\
         WHERE o.oid = {ASKED}"
        ),
    )?;
    let about = comment("pg_constraint", "k.oid", "0");
    let constraints = catalog.rows_of(
        oid,
        format!(
            "SELECT pg_catalog.quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid),\n  \
         k.convalidated, k.contype = 'n', {about}, k.conname\n\
         FROM pg_catalog.pg_constraint k WHERE k.contypid = {ASKED} ORDER BY k.conname"
        ),
    )?;
    let mut text = [b"CREATE DOMAIN ", &object.identity[..], b" AS ", row.text(0)].concat();
    let mut clause = |words: &[u8], value: Option<&[u8]>| {
        if let Some(value) = value {
            text.extend([words, value].concat());
        }
    };
    clause(b" COLLATE ", row.value(1));
    clause(b" DEFAULT ", row.value(2));
    let named =
        constraints.iter().find(|constraint| constraint.is(3) && constraint.text(5) != row.text(4));
    if row.is(3) {
        clause(b" CONSTRAINT ", named.map(|constraint| constraint.text(0)));
        clause(b" NOT NULL", Some(b""));
    }
    for constraint in constraints.iter().filter(|constraint| !constraint.is(3)) {
        if constraint.is(2) {
            clause(b"\n    CONSTRAINT ", constraint.value(0));
            clause(b" ", constraint.value(1));
        }
    }
    script.add(Phase::Create, text);
    common::add(catalog, object, &object.identity, script)?;
    for constraint in constraints {
        let (name, definition) = (constraint.text(0), constraint.text(1));
        if !constraint.is(2) {
            let start = [b"ALTER DOMAIN ", &object.identity[..]].concat();
            let text = [&start[..], b" ADD CONSTRAINT ", name, b" ", definition].concat();
            script.add(Phase::Create, text);
        }
        if let Some(comment) = constraint.value(4) {
            let on = [name, b" ON DOMAIN ", &object.identity[..]].concat();
            let text = [b"COMMENT ON CONSTRAINT ", &on[..], b" IS ", comment].concat();
            script.add(Phase::Create, text);
        }
    }
    Ok(())
}
