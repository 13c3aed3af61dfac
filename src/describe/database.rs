//! Databases: `\l`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, decode, privileges, shared_comment};
use crate::reported::Reported;

/// `\l`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let providers = [("b", "builtin"), ("c", "libc"), ("i", "icu")];
    let provider = if command.at_least(150_000) {
        decode("d.datlocprovider", &providers)
    } else {
        "'libc'".into()
    };
    let locale = match command.context.version {
        170_000.. => "d.datlocale",
        150_000.. => "d.daticulocale",
        _ => "NULL",
    };
    let rules = if command.at_least(160_000) { "d.daticurules" } else { "NULL" };

    let mut query = Select::new();
    query.column("Name", "d.datname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(d.datdba)");
    query.column("Encoding", "pg_catalog.pg_encoding_to_char(d.encoding)");
    query.column("Locale Provider", provider);
    query.column("Collate", "d.datcollate");
    query.column("Ctype", "d.datctype");
    query.column("Locale", locale);
    query.column("ICU Rules", rules);
    query.column("Access privileges", privileges("d.datacl"));
    query.from("pg_catalog.pg_database d");
    if command.verbose {
        let mut may_see = String::from("pg_catalog.has_database_privilege(d.datname, 'CONNECT')");
        if command.at_least(100_000) {
            may_see += " OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')";
        }
        query.column(
            "Size",
            format!(
                "CASE WHEN {may_see} \
                 THEN pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(d.datname)) \
                 ELSE 'No Access' END"
            ),
        );
        query.column("Tablespace", "t.spcname");
        query.column("Description", shared_comment("d.oid", "pg_database"));
        query.from("JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace");
    }
    command.match_names(&mut query, &Names::plain("d.datname"), 0)?;
    query.order("1");
    command.list(&query, "List of databases")
}
