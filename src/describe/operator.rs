//! Operators: `\do`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, yes_no};
use super::types;
use crate::reported::Reported;

/// `\do`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "o.oprname");
    query.column("Left arg type", argument("o.oprleft"));
    query.column("Right arg type", argument("o.oprright"));
    query.column("Result type", "pg_catalog.format_type(o.oprresult, NULL)");
    query.from("pg_catalog.pg_operator o");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace");
    if command.verbose {
        query.column("Function", "o.oprcode");
        query.column("Leakproof?", yes_no("p.proleakproof"));
        query.from("LEFT JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode");
    }
    query.column(
        "Description",
        format!(
            "COALESCE({}, {})",
            comment("o.oid", "pg_operator"),
            comment("o.oprcode", "pg_proc")
        ),
    );
    command.hide_system(&mut query, "n.nspname");
    let visible = "pg_catalog.pg_operator_is_visible(o.oid)";
    let names = Names::in_schema("n.nspname", "o.oprname", visible).of_operators();
    command.match_names(&mut query, &names, 0)?;
    // A single type asks for prefix operators.
    match command.patterns().len() {
        0 | 1 => {}
        2 => {
            query.filter("o.oprkind = 'l'");
            types::match_argument(command, &mut query, 1, "o.oprright")?;
        }
        _ => {
            types::match_argument(command, &mut query, 1, "o.oprleft")?;
            types::match_argument(command, &mut query, 2, "o.oprright")?;
        }
    }
    query.order("1, 2, 3, 4");
    command.list(&query, "List of operators")
}

/// An argument's type; 0 is none.
fn argument(oid: &str) -> String {
    format!("CASE WHEN {oid} <> 0 THEN pg_catalog.format_type({oid}, NULL) END")
}
