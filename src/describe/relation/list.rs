//! Lists of relations: `\d`, `\dt \di \ds \dv \dm \dE` and any mix of their letters.

use crate::describe::command::Command;
use crate::describe::pattern::Names;
use crate::describe::sql::{Select, decode};
use crate::reported::Reported;

/// Relations by the name that is not schema-qualified, as most families match them.
pub const NAMES: Names =
    Names::in_schema("n.nspname", "c.relname", "pg_catalog.pg_table_is_visible(c.oid)");

/// The words of `pg_class.relkind`.
pub const KINDS: &[(&str, &str)] = &[
    ("r", "table"),
    ("v", "view"),
    ("m", "materialized view"),
    ("i", "index"),
    ("S", "sequence"),
    ("t", "TOAST table"),
    ("f", "foreign table"),
    ("p", "partitioned table"),
    ("I", "partitioned index"),
];

/// What a letter of the command stands for.
struct Listed {
    letter: u8,
    /// In titles and messages.
    name: &'static str,
    /// Codes of `pg_class.relkind`.
    kinds: &'static [&'static str],
    /// Whether bare `\d` lists it.
    by_default: bool,
    /// Whether it is stored by an access method.
    stored: bool,
}

const LISTED: &[Listed] = &[
    Listed { letter: b't', name: "tables", kinds: &["r", "p"], by_default: true, stored: true },
    Listed { letter: b'v', name: "views", kinds: &["v"], by_default: true, stored: false },
    Listed {
        letter: b'm',
        name: "materialized views",
        kinds: &["m"],
        by_default: true,
        stored: true,
    },
    Listed { letter: b'i', name: "indexes", kinds: &["i", "I"], by_default: false, stored: true },
    Listed { letter: b's', name: "sequences", kinds: &["S"], by_default: true, stored: false },
    Listed { letter: b'E', name: "foreign tables", kinds: &["f"], by_default: true, stored: false },
];

/// `\dt` and its kin.
pub fn list(command: &mut Command) -> Result<(), Reported> {
    // `\d+v` is `\d+`: letters count where they are first.
    let letters = match &command.name[1..] {
        [b'+' | b'S' | b'x', ..] => &[],
        letters => letters,
    };
    let mut listed: Vec<&Listed> = LISTED.iter().filter(|l| letters.contains(&l.letter)).collect();
    let title = match listed[..] {
        [only] => only.name,
        _ => "relations",
    };
    if listed.is_empty() {
        listed = LISTED.iter().filter(|l| l.by_default).collect();
    }
    let indexes = listed.iter().any(|l| l.letter == b'i');

    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "c.relname");
    query.column("Type", decode("c.relkind", KINDS));
    query.column("Owner", "pg_catalog.pg_get_userbyid(c.relowner)");
    query.from("pg_catalog.pg_class c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    if indexes {
        query.column("Table", "indexed.relname");
        query.from("LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid");
        query.from("LEFT JOIN pg_catalog.pg_class indexed ON indexed.oid = i.indrelid");
    }
    if command.verbose {
        let persistence = [("p", "permanent"), ("t", "temporary"), ("u", "unlogged")];
        query.column("Persistence", decode("c.relpersistence", &persistence));
        if command.at_least(120_000)
            && !command.context.hide_table_am
            && listed.iter().any(|l| l.stored)
        {
            query.column("Access method", "am.amname");
            query.from("LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam");
        }
        query.column("Size", "pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid))");
        // A join, where `comment` would keep parallel workers from measuring the sizes.
        query.column("Description", "ds.description");
        query.from(
            "LEFT JOIN pg_catalog.pg_description ds ON ds.objoid = c.oid \
             AND ds.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND ds.objsubid = 0",
        );
    }
    let mut kinds: Vec<&str> = listed.iter().flat_map(|l| l.kinds).copied().collect();
    if (command.system || command.pattern(0).is_some()) && kinds.contains(&"r") {
        kinds.push("t");
    }
    query.filter(format!("c.relkind IN ('{}')", kinds.join("', '")));
    hide_system(command, &mut query);
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("1, 2");

    let answer = command.query(query.sql())?;
    if answer.rows.is_empty() && !command.context.quiet {
        command.not_found(title);
        return Ok(());
    }
    command.show_answer(answer, format!("List of {title}"))
}

/// Leaves out the system's relations, those of TOAST among them, unless they are asked for.
pub fn hide_system(command: &Command, query: &mut Select) {
    command.hide_system(query, "n.nspname");
    if !command.system && command.pattern(0).is_none() {
        query.filter("n.nspname !~ '^pg_toast'");
    }
}
