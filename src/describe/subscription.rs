//! Subscriptions: `\dRs`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, decode};
use crate::reported::Reported;

/// `\dRs`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if !command.at_least(100_000) {
        command.unsupported("subscriptions");
        return Ok(());
    }
    let mut query = Select::new();
    query.column("Name", "s.subname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(s.subowner)");
    query.column("Enabled", "s.subenabled");
    query.column("Publication", "s.subpublications");
    if command.verbose {
        details(command, &mut query);
    }
    query.from("pg_catalog.pg_subscription s");
    query.from("JOIN pg_catalog.pg_database d ON d.oid = s.subdbid");
    query.filter("d.datname = pg_catalog.current_database()");
    command.match_names(&mut query, &Names::plain("s.subname"), 0)?;
    query.order("1");
    command.list(&query, "List of subscriptions")
}

/// The columns that `+` adds.
fn details(command: &Command, query: &mut Select) {
    if command.at_least(140_000) {
        query.column("Binary", "s.subbinary");
        if command.at_least(160_000) {
            let streaming = [("f", "off"), ("t", "on"), ("p", "parallel")];
            query.column("Streaming", decode("s.substream", &streaming));
        } else {
            query.column("Streaming", "s.substream");
        }
    }
    if command.at_least(150_000) {
        query.column("Two-phase commit", "s.subtwophasestate");
        query.column("Disable on error", "s.subdisableonerr");
    }
    if command.at_least(160_000) {
        query.column("Origin", "s.suborigin");
        query.column("Password required", "s.subpasswordrequired");
        query.column("Run as owner?", "s.subrunasowner");
    }
    if command.at_least(170_000) {
        query.column("Failover", "s.subfailover");
    }
    query.column("Synchronous commit", "s.subsynccommit");
    query.column("Conninfo", "s.subconninfo");
    if command.at_least(150_000) {
        query.column("Skip LSN", "s.subskiplsn");
    }
}
