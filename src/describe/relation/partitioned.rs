//! Partitioned tables and indexes: `\dP`.

use super::list::{NAMES, hide_system};
use crate::describe::command::Command;
use crate::describe::sql::{Select, comment, decode};
use crate::reported::Reported;

/// `\dP[itn]`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if !command.at_least(100_000) {
        command.unsupported("declarative table partitioning");
        return Ok(());
    }
    let letters = &command.name[1..];
    let has = |letter| letters.contains(&letter);
    let (tables, indexes) = (has(b't') || !has(b'i'), has(b'i') || !has(b't'));
    let nested = has(b'n');
    // A pattern may name partitions, which are not listed otherwise.
    let parents = nested || command.pattern(0).is_some();

    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "c.relname");
    query.column("Owner", "pg_catalog.pg_get_userbyid(c.relowner)");
    query.from("pg_catalog.pg_class c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    let mut order = vec!["\"Schema\""];
    if tables && indexes {
        let kinds = [("p", "partitioned table"), ("I", "partitioned index")];
        query.column("Type", decode("c.relkind", &kinds));
        order.push("\"Type\" DESC");
    }
    if parents {
        query.column("Parent name", "i.inhparent::pg_catalog.regclass");
        query.from("LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid");
        order.push("\"Parent name\" NULLS FIRST");
    } else {
        query.filter("NOT c.relispartition");
    }
    if indexes {
        query.column("Table", "x.indrelid::pg_catalog.regclass");
        query.from("LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid");
    }
    if command.verbose {
        query.column("Access method", "am.amname");
        query.from("LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam");
        sizes(command, &mut query, nested);
        query.column("Description", comment("c.oid", "pg_class"));
    }
    order.push("\"Name\"");
    let kinds = match (tables, indexes) {
        (true, false) => "'p'",
        (false, true) => "'I'",
        _ => "'p', 'I'",
    };
    query.filter(format!("c.relkind IN ({kinds})"));
    hide_system(command, &mut query);
    command.match_names(&mut query, &NAMES, 0)?;
    query.order(&order.join(", "));
    let title = match (tables, indexes) {
        (true, false) => "List of partitioned tables",
        (false, true) => "List of partitioned indexes",
        _ => "List of partitioned relations",
    };
    command.list(&query, title)
}

/// Sizes of the partitions below, and of those directly below if partitions are listed themselves.
fn sizes(command: &Command, query: &mut Select, nested: bool) {
    // Before 12, partitioned tables among those directly below count as well.
    let (tree, leaf) = if command.at_least(120_000) {
        ("SELECT relid, level, isleaf FROM pg_catalog.pg_partition_tree(c.oid)", "t.isleaf AND ")
    } else {
        (
            "WITH RECURSIVE below AS (\
             SELECT inhrelid AS relid, 1 AS level FROM pg_catalog.pg_inherits \
             WHERE inhparent = c.oid \
             UNION ALL SELECT i.inhrelid, b.level + 1 FROM below b \
             JOIN pg_catalog.pg_inherits i ON i.inhparent = b.relid) SELECT * FROM below",
            "",
        )
    };
    query.from(format!(
        "CROSS JOIN LATERAL (SELECT \
         pg_catalog.sum(pg_catalog.pg_table_size(t.relid)) AS every, \
         pg_catalog.sum(CASE WHEN {leaf}t.level = 1 \
         THEN pg_catalog.pg_table_size(t.relid) ELSE 0 END) AS leaves \
         FROM ({tree}) t) size"
    ));
    if nested {
        query.column("Leaf partition size", "pg_catalog.pg_size_pretty(size.leaves)");
    }
    query.column("Total size", "pg_catalog.pg_size_pretty(size.every)");
}
