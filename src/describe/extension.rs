//! Extensions: `\dx`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment};
use crate::reported::Reported;

const NAMES: Names = Names::plain("e.extname");

/// `\dx`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if command.verbose {
        return contents(command);
    }
    let mut query = Select::new();
    query.column("Name", "e.extname");
    query.column("Version", "e.extversion");
    query.column("Default version", "a.default_version");
    query.column("Schema", "n.nspname");
    query.column("Description", comment("e.oid", "pg_extension"));
    query.from("pg_catalog.pg_extension e");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace");
    query.from("LEFT JOIN pg_catalog.pg_available_extensions() a ON a.name = e.extname");
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("1");
    command.list(&query, "List of installed extensions")
}

/// `\dx+`: a table for each extension with the objects that belong to it.
fn contents(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("name", "e.extname").column("oid", "e.oid");
    query.from("pg_catalog.pg_extension e");
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("1");
    let found = command.query(query.sql())?.rows;
    if found.is_empty() {
        command.objects_not_found("extension");
        return Err(Reported);
    }
    for row in found.iter() {
        let (name, oid) = (row.get(0).unwrap_or_default(), row.get(1).unwrap_or_default());
        let mut query = Select::new();
        query.column("Object description", "pg_catalog.pg_describe_object(d.classid, d.objid, 0)");
        query.from("pg_catalog.pg_depend d");
        query.filter("d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass");
        query.filter([b"d.refobjid = ", oid].concat());
        query.filter("d.deptype = 'e'").order("1");
        let answer = command.query(query.sql())?;
        command.show_answer(answer, [b"Objects in extension \"", name, b"\""].concat())?;
    }
    Ok(())
}
