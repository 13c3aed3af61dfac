//! Tablespaces: `\db`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, privileges, shared_comment};
use crate::reported::Reported;

/// `\db`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Name", "t.spcname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(t.spcowner)");
    query.column("Location", "pg_catalog.pg_tablespace_location(t.oid)");
    if command.verbose {
        query.column("Access privileges", privileges("t.spcacl"));
        query.column("Options", "t.spcoptions");
        query.column("Size", "pg_catalog.pg_size_pretty(pg_catalog.pg_tablespace_size(t.oid))");
        query.column("Description", shared_comment("t.oid", "pg_tablespace"));
    }
    query.from("pg_catalog.pg_tablespace t");
    command.match_names(&mut query, &Names::plain("t.spcname"), 0)?;
    query.order("1");
    command.list(&query, "List of tablespaces")
}
