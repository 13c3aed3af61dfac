//! Data types: `\dT`; and patterns for types, which other commands take too.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, privileges};
use crate::reported::Reported;

/// Names of SQL's for types that the catalog calls otherwise. psql knows no more of them.
const ALIASES: [(&[u8], &[u8]); 7] = [
    (b"decimal", b"numeric"),
    (b"float", b"double precision"),
    (b"int", b"integer"),
    (b"bool[]", b"boolean[]"),
    (b"decimal[]", b"numeric[]"),
    (b"float[]", b"double precision[]"),
    (b"int[]", b"integer[]"),
];

/// `\dT`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "pg_catalog.format_type(t.oid, NULL)");
    if command.verbose {
        query.column("Internal name", "t.typname");
        query.column(
            "Size",
            "CASE WHEN t.typrelid <> 0 THEN 'tuple' WHEN t.typlen < 0 THEN 'var' \
             ELSE t.typlen::pg_catalog.text END",
        );
        query.column(
            "Elements",
            "pg_catalog.array_to_string(ARRAY(SELECT e.enumlabel FROM pg_catalog.pg_enum e \
             WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder), E'\\n')",
        );
        query.column("Owner", "pg_catalog.pg_get_userbyid(t.typowner)");
        query.column("Access privileges", privileges("t.typacl"));
    }
    query.column("Description", comment("t.oid", "pg_type"));
    query.from("pg_catalog.pg_type t");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace");
    // Of row types only those made by CREATE TYPE.
    query.filter(
        "(t.typrelid = 0 OR EXISTS (SELECT 1 FROM pg_catalog.pg_class c \
         WHERE c.oid = t.typrelid AND c.relkind = 'c'))",
    );
    // Array types only where the pattern looks like one.
    if !command.pattern(0).is_some_and(|p| p.windows(2).any(|two| two == b"[]")) {
        query.filter("t.oid NOT IN (SELECT a.typarray FROM pg_catalog.pg_type a)");
    }
    command.hide_system(&mut query, "n.nspname");
    for condition in conditions(command, "n", "t", 0)? {
        query.filter(condition);
    }
    query.order("1, 2");
    command.list(&query, "List of data types")
}

/// Restricts `query` by the pattern at `index`, which is for the type whose OID `oid` gives; `-`
/// stands for no such argument.
pub fn match_argument(
    command: &mut Command,
    query: &mut Select,
    index: usize,
    oid: &str,
) -> Result<(), Reported> {
    let (table, schema) = (format!("t{index}"), format!("n{index}"));
    query.from(format!("LEFT JOIN pg_catalog.pg_type {table} ON {table}.oid = {oid}"));
    query.from(format!(
        "LEFT JOIN pg_catalog.pg_namespace {schema} ON {schema}.oid = {table}.typnamespace"
    ));
    if command.pattern(index) == Some(b"-") {
        query.filter(format!("{table}.oid IS NULL"));
        return Ok(());
    }
    for condition in conditions(command, &schema, &table, index)? {
        query.filter(condition);
    }
    Ok(())
}

/// The conditions of the pattern at `index` on the type `table` in the schema `schema`, SQL's
/// names understood.
fn conditions(
    command: &mut Command,
    schema: &str,
    table: &str,
    index: usize,
) -> Result<Vec<Vec<u8>>, Reported> {
    let pattern = command.pattern(index).map(catalog_name);
    with_names(schema, table, |names| names.conditions(pattern, command.context))
        .map_err(|text| command.fail(&text))
}

/// A type's name in the catalog for SQL's name of it; other patterns as they are.
fn catalog_name(pattern: &[u8]) -> &[u8] {
    let alias = ALIASES.iter().find(|(alias, _)| pattern.eq_ignore_ascii_case(alias));
    alias.map_or(pattern, |(_, name)| name)
}

/// Calls `act` with the names of the type `table` in the schema `schema`: a type may be asked for
/// by its catalog name or as it is shown.
pub fn with_names<R>(schema: &str, table: &str, act: impl FnOnce(&Names) -> R) -> R {
    let schema = format!("{schema}.nspname");
    let name = format!("{table}.typname");
    let shown = format!("pg_catalog.format_type({table}.oid, NULL)");
    let visible = format!("pg_catalog.pg_type_is_visible({table}.oid)");
    act(&Names::in_schema(&schema, &name, &visible).or(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases() {
        for (pattern, expected) in [
            ("int", "integer"),
            ("INT[]", "integer[]"),
            ("Float", "double precision"),
            ("bool", "bool"),
            ("bool[]", "boolean[]"),
            ("\"int\"", "\"int\""),
            ("int*", "int*"),
        ] {
            assert_eq!(catalog_name(pattern.as_bytes()), expected.as_bytes());
        }
    }
}
