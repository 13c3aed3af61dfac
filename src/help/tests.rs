//! Expected texts were printed by psql 18.6.

use super::*;
use crate::print::Expanded;

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn meta_commands_are_listed_as_by_psql() {
    let expected = include_str!("../testdata/help_commands.txt");
    assert_eq!(text(commands(&State::default())), expected);
}

#[test]
fn meta_commands_show_the_state() {
    let with = |state: &State| text(commands(state));
    let changes = |state: &State| {
        let (before, after) = (with(&State::default()), with(state));
        let differ = before.lines().zip(after.lines()).filter(|(old, new)| old != new);
        differ.map(|(_, new)| new.trim().to_owned()).collect::<Vec<_>>()
    };
    let state = State { html: true, tuples_only: true, timing: true, ..State::default() };
    assert_eq!(
        changes(&state),
        [
            r"\H                     toggle HTML output mode (currently on)",
            r"\t [on|off]            show only rows (currently on)",
            r"\timing [on|off]       toggle timing of commands (currently on)",
        ]
    );
    let state = State { expanded: Expanded::Auto, database: Some(b"a\"b"), ..State::default() };
    assert_eq!(
        changes(&state),
        [
            r"\x [on|off|auto]       toggle expanded output (currently auto)",
            "connect to new database (currently \"a\"b\")",
        ]
    );
}

#[test]
fn the_program_is_named_as_called() {
    let rows = [("psql", "psql"), ("/a/b/pgsh", "pgsh"), ("./x", "x"), ("a/b/", ""), ("", "")];
    for (argv0, name) in rows {
        assert_eq!(program(argv0.as_bytes()), name.as_bytes());
    }
    assert_eq!(version(b"psql"), b"psql (PostgreSQL) 18.6\n");
    assert!(version(b"pgsh").starts_with(b"pgsh 0."));
}

#[test]
fn sql_commands_are_listed_to_the_screens_width() {
    // The width, the number of lines, the first and the last line with names.
    let rows = [
        (5, 186, "  ABORT", "  WITH"),
        (68, 186, "  ABORT", "  WITH"),
        (
            69,
            94,
            "  ABORT                            CREATE USER MAPPING",
            "  CREATE USER                      ",
        ),
        (
            101,
            94,
            "  ABORT                            CREATE USER MAPPING",
            "  CREATE USER                      ",
        ),
        (
            102,
            63,
            "  ABORT                            CREATE FOREIGN DATA WRAPPER      DROP ROUTINE",
            "  CREATE EXTENSION                 DROP ROLE                        ",
        ),
    ];
    for (width, lines, first, last) in rows {
        let listed = text(sql(b"", width));
        let found: Vec<_> = listed.lines().collect();
        assert_eq!(found.len(), lines, "{width}");
        assert_eq!((found[0], found[1]), ("Available help:", first), "{width}");
        assert_eq!(found[lines - 1], last, "{width}");
    }
}

/// The first commands that psql shows for a topic, and how many it shows.
#[test]
fn topics_match_as_in_psql() {
    let rows = [
        ("create table", 1, "CREATE TABLE"),
        ("Create Table As;", 1, "CREATE TABLE AS"),
        ("drop table ; ;", 1, "DROP TABLE"),
        ("create t", 10, "CREATE TABLE,CREATE TABLE AS,CREATE TABLESPACE"),
        ("CREATE TABLE foo", 3, "CREATE TABLE,CREATE TABLE AS,CREATE TABLESPACE"),
        ("create table as foo bar", 3, "CREATE TABLE,CREATE TABLE AS,CREATE TABLESPACE"),
        ("create foreign data", 1, "CREATE FOREIGN DATA WRAPPER"),
        ("create foreign data x", 2, "CREATE FOREIGN DATA WRAPPER,CREATE FOREIGN TABLE"),
        ("create foo", 42, "CREATE ACCESS METHOD"),
        ("create  t", 42, "CREATE ACCESS METHOD"),
        ("al   tab", 42, "ALTER AGGREGATE"),
        ("a", 44, "ABORT,ALTER AGGREGATE"),
        ("rollback", 1, "ROLLBACK"),
        ("rollbac", 3, "ROLLBACK,ROLLBACK PREPARED,ROLLBACK TO SAVEPOINT"),
        ("rollback to foo", 1, "ROLLBACK TO SAVEPOINT"),
        ("commit pq", 2, "COMMIT,COMMIT PREPARED"),
        ("commit  x", 1, "COMMIT PREPARED"),
        ("set  x", 4, "SET CONSTRAINTS,SET ROLE"),
        ("select x y z", 2, "SELECT,SELECT INTO"),
        ("drop user", 1, "DROP USER"),
        ("drop user m", 1, "DROP USER MAPPING"),
        ("drop text x", 4, "DROP TEXT SEARCH CONFIGURATION"),
        ("c t", 50, "CALL,CHECKPOINT"),
        ("ab \\h se", 1, "ABORT"),
        ("* ;", 185, "ABORT,ALTER AGGREGATE"),
        ("* foo", 0, ""),
        ("**", 0, ""),
        ("create\ttable", 0, ""),
        ("select;;;x", 0, ""),
    ];
    for (topic, count, first) in rows {
        let shown = text(sql(topic.as_bytes(), 80));
        let names: Vec<_> = shown.lines().filter_map(|l| l.strip_prefix("Command:     ")).collect();
        assert_eq!(names.len(), count, "{topic}");
        assert!(names.join(",").starts_with(first), "{topic}: {names:?}");
    }
}

#[test]
fn an_entry_looks_as_in_psql() {
    let expected = "\
Command:     ABORT
Description: abort the current transaction
Syntax:
ABORT [ WORK | TRANSACTION ] [ AND [ NO ] CHAIN ]

URL: https://www.postgresql.org/docs/18/sql-abort.html

";
    assert_eq!(text(sql(b"abort", 80)), expected);
    assert_eq!(
        sql(b"zz \xff;  ", 80),
        b"No help available for \"zz \xff\".\nTry \\h with no arguments to see available help.\n"
    );
}

#[test]
fn what_psql_does_not_have_stands_last() {
    let own = text(commands(&State { has_own: true, ..State::default() }));
    let psqls = text(commands(&State::default()));
    assert!(own.starts_with(&psqls) && own[psqls.len()..].contains("\n  \\? NAME "));
    assert!(variables(true).starts_with(VARIABLES) && variables(true).contains("\n  COMPLETION\n"));
    assert_eq!(variables(false), VARIABLES);
    let lines = [&own[psqls.len()..], OWN_VARIABLES].map(str::lines).into_iter().flatten();
    for line in lines {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
