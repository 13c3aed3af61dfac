//! Access privileges: `\dp` (or `\z`), `\ddp`.

use super::command::Command;
use super::pattern::Names;
use super::relation::list::{KINDS, NAMES};
use super::sql::{Select, decode, privileges};
use crate::reported::Reported;

/// `\dp`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "c.relname");
    query.column("Type", decode("c.relkind", KINDS));
    query.column("Access privileges", privileges("c.relacl"));
    query.column(
        "Column privileges",
        "pg_catalog.array_to_string(ARRAY(\
         SELECT a.attname || E':\\n  ' || pg_catalog.array_to_string(a.attacl, E'\\n  ') \
         FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attacl IS NOT NULL \
         ORDER BY a.attnum), E'\\n')",
    );
    if command.at_least(90_500) {
        query.column("Policies", policies(command));
    }
    query.from("pg_catalog.pg_class c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    query.filter("c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p')");
    command.hide_system(&mut query, "n.nspname");
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("1, 2");
    command.list(&query, "Access privileges")
}

/// A table's row security policies, one below the other.
fn policies(command: &Command) -> String {
    let restrictive = if command.at_least(100_000) {
        " || CASE WHEN p.polpermissive THEN '' ELSE ' (RESTRICTIVE)' END"
    } else {
        ""
    };
    format!(
        "pg_catalog.array_to_string(ARRAY(\
         SELECT p.polname{restrictive} \
         || CASE WHEN p.polcmd = '*' THEN '' \
         ELSE ' (' || p.polcmd::pg_catalog.text || ')' END || ':' \
         || COALESCE(E'\\n  (u): ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') \
         || COALESCE(E'\\n  (c): ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '') \
         || CASE WHEN p.polroles = '{{0}}' THEN '' \
         ELSE E'\\n  to: ' || pg_catalog.array_to_string(ARRAY(\
         SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles) \
         ORDER BY 1), ', ') END \
         FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid), E'\\n')"
    )
}

/// `\ddp`
pub fn defaults(command: &mut Command) -> Result<(), Reported> {
    let kinds = [
        ("r", "table"),
        ("S", "sequence"),
        ("f", "function"),
        ("T", "type"),
        ("n", "schema"),
        ("L", "large object"),
    ];
    let owner = "pg_catalog.pg_get_userbyid(d.defaclrole)";
    let mut query = Select::new();
    query.column("Owner", owner);
    query.column("Schema", "n.nspname");
    query.column("Type", decode("d.defaclobjtype", &kinds));
    query.column("Access privileges", privileges("d.defaclacl"));
    query.from("pg_catalog.pg_default_acl d");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace");
    command.match_names(&mut query, &Names::undivided("n.nspname").or(owner), 0)?;
    query.order("1, 2, 3");
    command.list(&query, "Default access privileges")
}
