//! Foreign data: `\des`, `\det`, `\deu`, `\dew`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, privileges};
use crate::reported::Reported;

/// `\des`
pub fn servers(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Name", "s.srvname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(s.srvowner)");
    query.column("Foreign-data wrapper", "w.fdwname");
    if command.verbose {
        query.column("Access privileges", privileges("s.srvacl"));
        query.column("Type", "s.srvtype");
        query.column("Version", "s.srvversion");
        query.column("FDW options", options("s.srvoptions"));
        query.column("Description", comment("s.oid", "pg_foreign_server"));
    }
    query.from("pg_catalog.pg_foreign_server s");
    query.from("JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw");
    command.match_names(&mut query, &Names::plain("s.srvname"), 0)?;
    query.order("1");
    command.list(&query, "List of foreign servers")
}

/// `\det`
pub fn tables(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Table", "c.relname");
    query.column("Server", "s.srvname");
    if command.verbose {
        query.column("FDW options", options("f.ftoptions"));
        query.column("Description", comment("c.oid", "pg_class"));
    }
    query.from("pg_catalog.pg_foreign_table f");
    query.from("JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    query.from("JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver");
    let visible = "pg_catalog.pg_table_is_visible(c.oid)";
    command.match_names(&mut query, &Names::in_schema("n.nspname", "c.relname", visible), 0)?;
    query.order("1, 2");
    command.list(&query, "List of foreign tables")
}

/// `\deu`
pub fn user_mappings(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Server", "m.srvname");
    query.column("User name", "m.usename");
    if command.verbose {
        query.column("FDW options", options("m.umoptions"));
    }
    query.from("pg_catalog.pg_user_mappings m");
    command.match_names(&mut query, &Names::plain("m.srvname").or("m.usename"), 0)?;
    query.order("1, 2");
    command.list(&query, "List of user mappings")
}

/// `\dew`
pub fn wrappers(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Name", "w.fdwname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(w.fdwowner)");
    query.column("Handler", "w.fdwhandler::pg_catalog.regproc");
    query.column("Validator", "w.fdwvalidator::pg_catalog.regproc");
    if command.verbose {
        query.column("Access privileges", privileges("w.fdwacl"));
        query.column("FDW options", options("w.fdwoptions"));
        query.column("Description", comment("w.oid", "pg_foreign_data_wrapper"));
    }
    query.from("pg_catalog.pg_foreign_data_wrapper w");
    command.match_names(&mut query, &Names::plain("w.fdwname"), 0)?;
    query.order("1");
    command.list(&query, "List of foreign-data wrappers")
}

/// Options as they would be written: `(host 'a', "port number" '1')`; empty where there are none.
fn options(array: &str) -> String {
    format!(
        "CASE WHEN {array} IS NULL THEN '' ELSE '(' || pg_catalog.array_to_string(ARRAY(\
         SELECT pg_catalog.quote_ident(o.option_name) || ' ' \
         || pg_catalog.quote_literal(o.option_value) \
         FROM pg_catalog.pg_options_to_table({array}) o), ', ') || ')' END"
    )
}
