//! Configuration parameters: `\dconfig`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, privileges};
use crate::reported::Reported;

/// `\dconfig`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Parameter", "s.name");
    query.column("Value", "pg_catalog.current_setting(s.name)");
    query.from("pg_catalog.pg_settings s");
    if command.verbose {
        query.column("Type", "s.vartype");
        query.column("Context", "s.context");
        if command.at_least(150_000) {
            query.column("Access privileges", privileges("p.paracl"));
            query.from(
                "LEFT JOIN pg_catalog.pg_parameter_acl p ON p.parname = pg_catalog.lower(s.name)",
            );
        } else {
            query.column("Access privileges", "NULL");
        }
    }
    if command.pattern(0).is_some() {
        command.match_names(&mut query, &Names::dotted("pg_catalog.lower(s.name)"), 0)?;
    } else {
        query.filter("s.source <> 'default' AND (s.setting <> s.boot_val OR s.boot_val IS NULL)");
    }
    query.order("1");
    let title = match command.pattern(0) {
        Some(_) => "List of configuration parameters",
        None => "List of non-default configuration parameters",
    };
    command.list(&query, title)
}
