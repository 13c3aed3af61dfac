//! Schemas: `\dn`.

use super::command::Command;
use super::host::View;
use super::pattern::Names;
use super::sql::{Select, comment, privileges};
use crate::catalog_query::literal;
use crate::reported::Reported;

/// `\dn`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Name", "n.nspname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(n.nspowner)");
    if command.verbose {
        query.column("Access privileges", privileges("n.nspacl"));
        query.column("Description", comment("n.oid", "pg_namespace"));
    }
    query.from("pg_catalog.pg_namespace n").order("1");
    if !command.system && command.pattern(0).is_none() {
        query.filter("n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'");
    }
    command.match_names(&mut query, &Names::in_database("n.nspname"), 0)?;
    let answer = command.query(query.sql())?;

    let mut footers = None;
    if let Some(pattern) = command.pattern(0)
        && command.at_least(150_000)
    {
        footers = publications(command, pattern)?;
    }
    let title = Some(b"List of schemas".to_vec());
    let (columns, rows) = (answer.columns, answer.rows);
    command.show(View { title, columns, rows, footers, expanded: None })
}

/// The publications of all tables in the schema that is called exactly `name`.
fn publications(command: &mut Command, name: &[u8]) -> Result<Option<Vec<Vec<u8>>>, Reported> {
    let mut query = Select::new();
    query.column("Name", "p.pubname");
    query.from("pg_catalog.pg_publication p");
    query.from("JOIN pg_catalog.pg_publication_namespace pn ON pn.pnpubid = p.oid");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = pn.pnnspid");
    let name = literal(name, command.context.encoding);
    query.filter([b"n.nspname = ", name.as_slice()].concat()).order("1");
    let rows = command.query(query.sql())?.rows;
    if rows.is_empty() {
        return Ok(None);
    }
    let names = rows.iter().map(|r| [b"    \"", r.get(0).unwrap_or_default(), b"\""].concat());
    Ok(Some(std::iter::once(b"Publications:".to_vec()).chain(names).collect()))
}
