//! Large objects: `\dl`, `\lo_list`.

use super::command::Command;
use super::sql::{Select, comment, privileges};
use crate::reported::Reported;

/// `\dl`; a pattern is read and ignored.
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("ID", "m.oid");
    query.column("Owner", "pg_catalog.pg_get_userbyid(m.lomowner)");
    if command.verbose {
        query.column("Access privileges", privileges("m.lomacl"));
    }
    query.column("Description", comment("m.oid", "pg_largeobject"));
    query.from("pg_catalog.pg_largeobject_metadata m").order("m.oid");
    command.list(&query, "Large objects")
}
