//! Publications: `\dRp`.

use super::command::Command;
use super::host::View;
use super::pattern::Names;
use super::sql::{Select, decode};
use crate::print::{Row, RowBuffer};
use crate::reported::Reported;

const NAMES: Names = Names::plain("p.pubname");

/// `\dRp`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if !command.at_least(100_000) {
        command.unsupported("publications");
        return Ok(());
    }
    if command.verbose {
        return contents(command);
    }
    let mut query = Select::new();
    query.column("Name", "p.pubname");
    properties(command, &mut query);
    query.from("pg_catalog.pg_publication p");
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("1");
    command.list(&query, "List of publications")
}

/// The columns that describe a publication.
fn properties(command: &Command, query: &mut Select) {
    query.column("Owner", "pg_catalog.pg_get_userbyid(p.pubowner)");
    query.column("All tables", "p.puballtables");
    query.column("Inserts", "p.pubinsert");
    query.column("Updates", "p.pubupdate");
    query.column("Deletes", "p.pubdelete");
    if command.at_least(110_000) {
        query.column("Truncates", "p.pubtruncate");
    }
    if command.at_least(180_000) {
        let generated = [("n", "none"), ("s", "stored")];
        query.column("Generated columns", decode("p.pubgencols", &generated));
    }
    if command.at_least(130_000) {
        query.column("Via root", "p.pubviaroot");
    }
}

/// `\dRp+`: a table for each publication, and below it what is published.
fn contents(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("oid", "p.oid");
    query.column("name", "p.pubname");
    properties(command, &mut query);
    query.from("pg_catalog.pg_publication p");
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("2");
    let found = command.query(query.sql())?;
    if found.rows.is_empty() {
        command.objects_not_found("publication");
        return Err(Reported);
    }
    let columns = found.columns.get(2..).unwrap_or_default();
    for row in found.rows.iter() {
        let oid = row.get(0).unwrap_or_default();
        let name = row.get(1).unwrap_or_default();
        let mut footers = Vec::new();
        if row.get(3) != Some(b"t") {
            list_below(command, "Tables:", &tables(command, oid), &mut footers)?;
            if command.at_least(150_000) {
                list_below(command, "Tables from schemas:", &schemas(oid), &mut footers)?;
            }
        }
        let mut rows = RowBuffer::default();
        rows.push(row.cells().skip(2));
        command.show(View {
            title: Some([b"Publication ", name].concat()),
            columns: columns.to_vec(),
            rows,
            // With nothing below it, the table ends as tables do.
            footers: (!footers.is_empty()).then_some(footers),
            expanded: None,
        })?;
    }
    Ok(())
}

/// The tables of a publication: name, columns, condition.
fn tables(command: &Command, publication: &[u8]) -> Select {
    let mut query = Select::new();
    query.column("name", "n.nspname || '.' || c.relname");
    if command.at_least(150_000) {
        query.column(
            "columns",
            "CASE WHEN pr.prattrs IS NOT NULL THEN pg_catalog.array_to_string(ARRAY(\
             SELECT a.attname FROM pg_catalog.pg_attribute a \
             WHERE a.attrelid = pr.prrelid AND a.attnum = ANY (pr.prattrs) ORDER BY a.attnum), \
             ', ') END",
        );
        query.column("condition", "pg_catalog.pg_get_expr(pr.prqual, c.oid)");
    }
    query.from("pg_catalog.pg_publication_rel pr");
    query.from("JOIN pg_catalog.pg_class c ON c.oid = pr.prrelid");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    query.filter([b"pr.prpubid = ", publication].concat()).order("n.nspname, c.relname");
    query
}

/// The schemas whose tables are all in a publication.
fn schemas(publication: &[u8]) -> Select {
    let mut query = Select::new();
    query.column("name", "n.nspname");
    query.from("pg_catalog.pg_publication_namespace pn");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = pn.pnnspid");
    query.filter([b"pn.pnpubid = ", publication].concat()).order("1");
    query
}

/// Adds `heading` and a line for each row of `query`, if there is any.
fn list_below(
    command: &mut Command,
    heading: &str,
    query: &Select,
    footers: &mut Vec<Vec<u8>>,
) -> Result<(), Reported> {
    let rows = command.query(query.sql())?.rows;
    if !rows.is_empty() {
        footers.push(heading.into());
    }
    footers.extend(rows.iter().map(member));
    Ok(())
}

/// `    "schema.table" (column, ...) WHERE condition`
fn member(row: Row) -> Vec<u8> {
    let mut line = [b"    \"", row.get(0).unwrap_or_default(), b"\""].concat();
    if let Some(columns) = row.get(1) {
        line.extend([b" (", columns, b")"].concat());
    }
    if let Some(condition) = row.get(2) {
        line.extend([b" WHERE ", condition].concat());
    }
    line
}
