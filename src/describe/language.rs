//! Procedural languages: `\dL`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, privileges};
use crate::reported::Reported;

/// `\dL`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Name", "l.lanname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(l.lanowner)");
    query.column("Trusted", "l.lanpltrusted");
    if command.verbose {
        query.column("Internal language", "NOT l.lanispl");
        query.column("Call handler", "l.lanplcallfoid::pg_catalog.regprocedure");
        query.column("Validator", "l.lanvalidator::pg_catalog.regprocedure");
        query.column("Inline handler", "l.laninline::pg_catalog.regprocedure");
        query.column("Access privileges", privileges("l.lanacl"));
    }
    query.column("Description", comment("l.oid", "pg_language"));
    query.from("pg_catalog.pg_language l");
    command.match_names(&mut query, &Names::in_database("l.lanname"), 0)?;
    if !command.system && command.pattern(0).is_none() {
        query.filter("l.lanplcallfoid <> 0");
    }
    query.order("1");
    command.list(&query, "List of languages")
}
