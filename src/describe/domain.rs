//! Domains: `\dD`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, privileges};
use crate::reported::Reported;

/// `\dD`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "t.typname");
    query.column("Type", "pg_catalog.format_type(t.typbasetype, t.typtypmod)");
    query.column(
        "Collation",
        "(SELECT l.collname FROM pg_catalog.pg_collation l, pg_catalog.pg_type b \
         WHERE l.oid = t.typcollation AND b.oid = t.typbasetype \
         AND b.typcollation <> t.typcollation)",
    );
    query.column("Nullable", "CASE WHEN t.typnotnull THEN 'not null' END");
    query.column("Default", "t.typdefault");
    query.column(
        "Check",
        "pg_catalog.array_to_string(ARRAY(\
         SELECT pg_catalog.pg_get_constraintdef(k.oid, true) FROM pg_catalog.pg_constraint k \
         WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname), ' ')",
    );
    if command.verbose {
        query.column("Access privileges", privileges("t.typacl"));
        query.column("Description", comment("t.oid", "pg_type"));
    }
    query.from("pg_catalog.pg_type t");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace");
    query.filter("t.typtype = 'd'");
    command.hide_system(&mut query, "n.nspname");
    let visible = "pg_catalog.pg_type_is_visible(t.oid)";
    command.match_names(&mut query, &Names::in_schema("n.nspname", "t.typname", visible), 0)?;
    query.order("1, 2");
    command.list(&query, "List of domains")
}
