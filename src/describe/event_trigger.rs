//! Event triggers: `\dy`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, decode};
use crate::reported::Reported;

/// `\dy`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if !command.at_least(90_300) {
        command.unsupported("event triggers");
        return Ok(());
    }
    let enabled = [("O", "enabled"), ("R", "replica"), ("A", "always"), ("D", "disabled")];
    let mut query = Select::new();
    query.column("Name", "e.evtname");
    query.column("Event", "e.evtevent");
    query.column("Owner", "pg_catalog.pg_get_userbyid(e.evtowner)");
    query.column("Enabled", decode("e.evtenabled", &enabled));
    query.column("Function", "e.evtfoid::pg_catalog.regproc");
    query.column("Tags", "COALESCE(pg_catalog.array_to_string(e.evttags, ', '), '')");
    if command.verbose {
        query.column("Description", comment("e.oid", "pg_event_trigger"));
    }
    query.from("pg_catalog.pg_event_trigger e");
    command.match_names(&mut query, &Names::plain("e.evtname"), 0)?;
    query.order("1");
    command.list(&query, "List of event triggers")
}
