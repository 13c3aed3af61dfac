//! Casts: `\dC`.

use super::command::Command;
use super::sql::{Select, comment, decode, yes_no};
use super::types;
use crate::reported::Reported;

/// `\dC`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Source type", "pg_catalog.format_type(c.castsource, NULL)");
    query.column("Target type", "pg_catalog.format_type(c.casttarget, NULL)");
    query.column(
        "Function",
        "CASE c.castmethod WHEN 'b' THEN '(binary coercible)' WHEN 'i' THEN '(with inout)' \
         ELSE p.proname END",
    );
    let contexts = [("e", "no"), ("a", "in assignment"), ("i", "yes")];
    query.column("Implicit?", decode("c.castcontext", &contexts));
    if command.verbose {
        query.column("Leakproof?", yes_no("p.proleakproof"));
        query.column("Description", comment("c.oid", "pg_cast"));
    }
    query.from("pg_catalog.pg_cast c");
    query.from("LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc");
    for (table, schema, oid) in [("s", "sn", "c.castsource"), ("t", "tn", "c.casttarget")] {
        query.from(format!("LEFT JOIN pg_catalog.pg_type {table} ON {table}.oid = {oid}"));
        query.from(format!(
            "LEFT JOIN pg_catalog.pg_namespace {schema} ON {schema}.oid = {table}.typnamespace"
        ));
    }
    // The pattern may name either type.
    let source = types::with_names("sn", "s", |names| command.conditions(names, 0))?;
    let target = types::with_names("tn", "t", |names| command.conditions(names, 0))?;
    if !source.is_empty() {
        let (source, target) = (source.join(&b" AND "[..]), target.join(&b" AND "[..]));
        query.filter([b"((", &source[..], b") OR (", &target, b"))"].concat());
    }
    query.order("1, 2");
    command.list(&query, "List of casts")
}
