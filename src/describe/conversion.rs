//! Conversions between encodings: `\dc`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, yes_no};
use crate::reported::Reported;

/// `\dc`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "c.conname");
    query.column("Source", "pg_catalog.pg_encoding_to_char(c.conforencoding)");
    query.column("Destination", "pg_catalog.pg_encoding_to_char(c.contoencoding)");
    query.column("Default?", yes_no("c.condefault"));
    if command.verbose {
        query.column("Description", comment("c.oid", "pg_conversion"));
    }
    query.from("pg_catalog.pg_conversion c");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace");
    command.hide_system(&mut query, "n.nspname");
    let visible = "pg_catalog.pg_conversion_is_visible(c.oid)";
    command.match_names(&mut query, &Names::in_schema("n.nspname", "c.conname", visible), 0)?;
    query.order("1, 2");
    command.list(&query, "List of conversions")
}
