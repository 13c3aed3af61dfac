//! Functions, procedures and aggregates.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::script::{Phase, Script};
use super::sql::{function, operator, qualified};
use crate::reported::Reported;

/// Adds a function, procedure or aggregate.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    if object.kind == Kind::Aggregate {
        return add_aggregate(catalog, object, script);
    }
    let oid = object.oid;
    script.extend(
        Phase::Create,
        catalog.texts_of(
            oid,
            format!("SELECT pg_catalog.pg_get_functiondef({ASKED}::pg_catalog.oid)"),
        )?,
    );
    let name = qualified("n.nspname", "p.proname");
    let names = catalog.texts_of(
        oid,
        format!(
            "SELECT {name} || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'\n\
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n\
         WHERE p.oid = {ASKED}"
        ),
    )?;
    common::add(catalog, object, &names.concat(), script)
}

fn add_aggregate(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    // Each option that isn't as it would be by itself, in the order of the documentation.
    let name = qualified("n.nspname", "p.proname");
    let arguments =
        |call: &str| format!("CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_catalog.{call}(p.oid) END");
    let [arguments, identity] =
        ["pg_get_function_arguments", "pg_get_function_identity_arguments"].map(arguments);
    let modify = |column: &str, final_function: &str| {
        catalog.since(110_000, column, "'r'").to_owned() + "|" + final_function
    };
    let modifies = |spec: String, words: &str| {
        let (column, of) = spec.split_once('|').unwrap_or((&spec, ""));
        format!(
            "CASE WHEN {of} <> 0 AND {column} <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END \
             THEN '{words} = ' || CASE {column} WHEN 'r' THEN 'READ_ONLY' \
             WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END"
        )
    };
    let has_modify = catalog.at_least(110_000);
    let final_modify = match has_modify {
        true => modifies(modify("a.aggfinalmodify", "a.aggfinalfn"), "FINALFUNC_MODIFY"),
        false => "NULL".to_owned(),
    };
    let moving_modify = match has_modify {
        true => modifies(modify("a.aggmfinalmodify", "a.aggmfinalfn"), "MFINALFUNC_MODIFY"),
        false => "NULL".to_owned(),
    };
    let named = |words: &str, column: &str| format!("'{words} = ' || {}", function(column));
    let flag = |words: &str, column: &str| format!("CASE WHEN {column} THEN '{words}' END");
    let parts = [
        named("SFUNC", "a.aggtransfn"),
        "'STYPE = ' || pg_catalog.format_type(a.aggtranstype, NULL)".to_owned(),
        "'SSPACE = ' || CASE WHEN a.aggtransspace <> 0 THEN a.aggtransspace END".to_owned(),
        named("FINALFUNC", "a.aggfinalfn"),
        flag("FINALFUNC_EXTRA", "a.aggfinalextra"),
        final_modify,
        named("COMBINEFUNC", "a.aggcombinefn"),
        named("SERIALFUNC", "a.aggserialfn"),
        named("DESERIALFUNC", "a.aggdeserialfn"),
        "'INITCOND = ' || pg_catalog.quote_literal(a.agginitval)".to_owned(),
        named("MSFUNC", "a.aggmtransfn"),
        named("MINVFUNC", "a.aggminvtransfn"),
        "CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || \
         pg_catalog.format_type(a.aggmtranstype, NULL) END"
            .to_owned(),
        "'MSSPACE = ' || CASE WHEN a.aggmtransspace <> 0 THEN a.aggmtransspace END".to_owned(),
        named("MFINALFUNC", "a.aggmfinalfn"),
        flag("MFINALFUNC_EXTRA", "a.aggmfinalextra"),
        moving_modify,
        "'MINITCOND = ' || pg_catalog.quote_literal(a.aggminitval)".to_owned(),
        format!("'SORTOP = ' || {}", operator("a.aggsortop")),
        "CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' \
         END"
        .to_owned(),
        flag("HYPOTHETICAL", "a.aggkind = 'h'"),
    ];
    let parts = parts.join(",\n  ");
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT {name} || '(' || {identity} || ')', {name} || '(' || {arguments} || ')',\n  \
         pg_catalog.array_to_string(ARRAY[{parts}], E',\\n    ')\n\
         FROM pg_catalog.pg_aggregate a\n  \
         JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid::pg_catalog.oid\n  \
         JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n\
         WHERE p.oid = {ASKED}"
        ),
    )?;
    for row in rows {
        let text = [b"CREATE AGGREGATE ", row.text(1), b" (\n    ", row.text(2), b"\n)"];
        script.add(Phase::Create, text.concat());
        common::add(catalog, object, row.text(0), script)?;
    }
    Ok(())
}
