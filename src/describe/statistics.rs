//! Extended statistics: `\dX`.

use super::command::Command;
use super::pattern::Names;
use super::sql::Select;
use crate::reported::Reported;

/// `\dX`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if !command.at_least(100_000) {
        command.unsupported("extended statistics");
        return Ok(());
    }
    let columns = if command.at_least(140_000) {
        "pg_catalog.pg_get_statisticsobjdef_columns(s.oid)"
    } else {
        "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.place) \
         FROM pg_catalog.unnest(s.stxkeys) WITH ORDINALITY k(attnum, place) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.attnum)"
    };
    let has = |kind| format!("CASE WHEN '{kind}' = ANY (s.stxkind) THEN 'defined' END");

    // psql quotes the schema's name here, and matches patterns with what that gives.
    let schema = "s.stxnamespace::pg_catalog.regnamespace::pg_catalog.text";

    let mut query = Select::new();
    query.column("Schema", schema);
    query.column("Name", "s.stxname");
    query.column(
        "Definition",
        format!("{columns} || ' FROM ' || s.stxrelid::pg_catalog.regclass::pg_catalog.text"),
    );
    query.column("Ndistinct", has('d'));
    query.column("Dependencies", has('f'));
    if command.at_least(120_000) {
        query.column("MCV", has('m'));
    }
    query.from("pg_catalog.pg_statistic_ext s");
    let visible = "pg_catalog.pg_statistics_obj_is_visible(s.oid)";
    command.match_names(&mut query, &Names::in_schema(schema, "s.stxname", visible), 0)?;
    query.order("1, 2");
    command.list(&query, "List of extended statistics")
}
