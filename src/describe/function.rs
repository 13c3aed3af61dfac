//! Functions and procedures: `\df`, and aggregates: `\da`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, decode, privileges, yes_no};
use super::types;
use crate::reported::Reported;

/// Functions of `pg_proc p`, in schemas `n`.
const NAMES: Names =
    Names::in_schema("n.nspname", "p.proname", "pg_catalog.pg_function_is_visible(p.oid)");

/// A function can have no more arguments than this (documentation, "PostgreSQL Limits").
const MAX_ARGUMENTS: usize = 100;

/// The kinds of `\df` by letter, with the condition that tells them.
const KINDS: [(u8, &str); 4] = [
    (b'a', "p.prokind = 'a'"),
    (b'p', "p.prokind = 'p'"),
    (b't', IS_TRIGGER),
    (b'w', "p.prokind = 'w'"),
];

/// The same before version 11, which knew no procedures.
const OLD_KINDS: [(u8, &str); 3] =
    [(b'a', "p.proisagg"), (b't', IS_TRIGGER), (b'w', "p.proiswindow")];

const IS_TRIGGER: &str = "p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype";

/// `\da`
pub fn aggregates(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "p.proname");
    query.column("Result data type", "pg_catalog.format_type(p.prorettype, NULL)");
    query.column(
        "Argument data types",
        "CASE p.pronargs WHEN 0 THEN '*' ELSE pg_catalog.pg_get_function_arguments(p.oid) END",
    );
    query.column("Description", comment("p.oid", "pg_proc"));
    query.from("pg_catalog.pg_proc p");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace");
    query.filter(if command.at_least(110_000) { "p.prokind = 'a'" } else { "p.proisagg" });
    command.hide_system(&mut query, "n.nspname");
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("1, 2, 4");
    command.list(&query, "List of aggregate functions")
}

/// `\df`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let letters = command.name.get(2..).unwrap_or_default();
    if letters.iter().any(|letter| !b"anptwSx+".contains(letter)) {
        command.error(b"\\df only takes [anptwSx+] as options");
        return Ok(());
    }
    let has_procedures = command.at_least(110_000);
    if letters.contains(&b'p') && !has_procedures {
        let version = command.version();
        let text = format!("\\df does not take a \"p\" option with server version {version}");
        command.error(text.as_bytes());
        return Ok(());
    }

    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "p.proname");
    query.column("Result data type", "pg_catalog.pg_get_function_result(p.oid)");
    query.column("Argument data types", "pg_catalog.pg_get_function_arguments(p.oid)");
    query.column(
        "Type",
        if has_procedures {
            "CASE p.prokind WHEN 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' \
             ELSE 'func' END"
                .to_owned()
        } else {
            format!(
                "CASE WHEN p.proisagg THEN 'agg' WHEN p.proiswindow THEN 'window' \
                 WHEN {IS_TRIGGER} THEN 'trigger' ELSE 'func' END"
            )
        },
    );
    query.from("pg_catalog.pg_proc p");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace");
    if command.verbose {
        details(command, &mut query);
    }
    let kinds: &[(u8, &str)] = if has_procedures { &KINDS } else { &OLD_KINDS };
    if let Some(condition) = kind_condition(letters, kinds) {
        query.filter(condition);
    }
    command.hide_system(&mut query, "n.nspname");
    command.match_names(&mut query, &NAMES, 0)?;
    for index in 0..command.patterns().len().saturating_sub(1).min(MAX_ARGUMENTS) {
        let oid = format!("p.proargtypes[{index}]");
        types::match_argument(command, &mut query, index + 1, &oid)?;
    }
    query.order("1, 2, 4");
    command.list(&query, "List of functions")
}

/// The columns that `+` adds.
fn details(command: &Command, query: &mut Select) {
    let volatility = [("i", "immutable"), ("s", "stable"), ("v", "volatile")];
    query.column("Volatility", decode("p.provolatile", &volatility));
    if command.at_least(90_600) {
        let parallel = [("s", "safe"), ("r", "restricted"), ("u", "unsafe")];
        query.column("Parallel", decode("p.proparallel", &parallel));
    }
    query.column("Owner", "pg_catalog.pg_get_userbyid(p.proowner)");
    query.column("Security", "CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END");
    query.column("Leakproof?", yes_no("p.proleakproof"));
    query.column("Access privileges", privileges("p.proacl"));
    query.column("Language", "l.lanname");
    query.column("Internal name", "CASE WHEN l.lanname IN ('c', 'internal') THEN p.prosrc END");
    query.column("Description", comment("p.oid", "pg_proc"));
    query.from("LEFT JOIN pg_catalog.pg_language l ON l.oid = p.prolang");
}

/// What the letters after `\df` ask for; `None` for everything. `n` is what is of no other kind.
fn kind_condition(letters: &[u8], kinds: &[(u8, &str)]) -> Option<String> {
    let mut wanted: Vec<String> = kinds
        .iter()
        .filter(|(letter, _)| letters.contains(letter))
        .map(|(_, condition)| (*condition).to_owned())
        .collect();
    if letters.contains(&b'n') {
        let all: Vec<&str> = kinds.iter().map(|(_, condition)| *condition).collect();
        wanted.push(format!("NOT ({})", all.join(" OR ")));
    }
    (!wanted.is_empty()).then(|| format!("({})", wanted.join(" OR ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (letters, expected) in [
            ("", None),
            ("S+", None),
            ("a", Some("(p.prokind = 'a')")),
            ("wp+", Some("(p.prokind = 'p' OR p.prokind = 'w')")),
        ] {
            assert_eq!(kind_condition(letters.as_bytes(), &KINDS).as_deref(), expected);
        }
        assert_eq!(
            kind_condition(b"na", &OLD_KINDS),
            Some(format!("(p.proisagg OR NOT (p.proisagg OR {IS_TRIGGER} OR p.proiswindow))"))
        );
    }
}
