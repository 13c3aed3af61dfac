//! `\dryrun`: what a statement would do is told, and nothing of it stays.

use libtest_mimic::Trial;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;
use crate::versions::{Subject, Version, on_each};

const TABLES: &str = "create table dry_t (a int primary key, b text); \
    insert into dry_t select g, 'x' from generate_series(1, 500) g; \
    create table dry_c (a int references dry_t deferrable initially deferred); \
    create sequence dry_s; analyze;\n";

/// The script's output and errors, one text.
fn told(subject: &Subject, script: &str) -> String {
    let arguments = ["-XAq", "-P", "footer=off"];
    let run = subject.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), arguments);
    let outcome = run.stdin(script).outcome();
    let texts = [outcome.stdout, outcome.stderr];
    texts.map(|text| String::from_utf8_lossy(&text).into_owned()).concat()
}

/// On servers of several versions.
fn what_statements_would_do(subject: Subject) {
    told(&subject, TABLES);
    for (statement, expected) in [
        (
            "delete from dry_t where a > 100;",
            &["400 rows deleted; ", "public.dry_t|table|ROW EXCLUSIVE|"][..],
        ),
        ("delete from dry_t; update dry_t set b = ''", &["500 rows deleted; "]),
        (
            "alter table dry_t alter a type bigint",
            &[
                "ALTER TABLE; ",
                "public.dry_t|table|ACCESS EXCLUSIVE|rewritten, ",
                "public.dry_t_pkey|index|ACCESS EXCLUSIVE|rewritten, ",
                "\nACCESS EXCLUSIVE stops everything, even SELECT.\n",
            ],
        ),
        ("alter table dry_t add d int", &["public.dry_t|table|ACCESS EXCLUSIVE|\n"]),
        ("truncate dry_t cascade", &["rewritten, 0 bytes", "public.dry_c|table|ACCESS EXCLUSIVE"]),
        ("drop table dry_c", &["public.dry_c|table|ACCESS EXCLUSIVE|dropped"]),
        ("create table dry_n as table dry_t", &["CREATE TABLE AS; ", "|created, "]),
        (
            "create index on dry_t (b)",
            &[
                "public.dry_t|table|SHARE|\n",
                "|created, ",
                "\nSHARE stops INSERT, UPDATE, DELETE.\n",
            ],
        ),
        (
            "select nextval('dry_s')",
            &["1 row returned", "gave numbers", "Sequences stay as nextval"],
        ),
        ("select 1", &["nothing changed, 1 row returned; "]),
        (
            "insert into dry_c values (1000)",
            &["violates foreign key constraint", "what COMMIT would say"],
        ),
        ("delete from nowhere", &["relation \"nowhere\" does not exist"]),
        ("commit", &["\\dryrun: this can't be tried: it controls the transaction"]),
        ("select begin atomic from dry_t; commit", &["\\dryrun: this can't be tried"]),
        ("vacuum dry_t", &["\\dryrun: this can't be tried: it can't run in a transaction"]),
        ("select 1; copy dry_t to stdout", &["its data would travel"]),
        (";", &["there is no statement to try"]),
        ("-- select 1", &["there is no statement to try"]),
        ("--elsewhere delete from dry_t", &["\\dryrun: there is no option \"--elsewhere\""]),
    ] {
        for (before, behind) in [("", ""), ("begin;\n", "\\echo :ERROR\nrollback;\n")] {
            let shown = told(&subject, &format!("{before}\\dryrun {statement}\n{behind}"));
            for text in expected {
                assert!(shown.contains(text), "{before}{statement}: no {text:?} in\n{shown}");
            }
            assert!(!shown.contains("aborted"), "{shown}");
        }
    }
    let script =
        "set standard_conforming_strings = off;\n\\dryrun select '\\''; commit; select ';'\n";
    let shown = told(&subject, script);
    assert!(shown.contains("SET it on first"), "{shown}");
    // The query buffer, and nothing is left of anything.
    let shown =
        told(&subject, "delete from dry_t\n\\dryrun\n\\echo <:AUTOCOMMIT>\n\\p\nselect 7;\n");
    assert!(shown.contains("500 rows deleted") && shown.contains("\n7\n"), "{shown}");
    let script = "select count(*), min(pg_typeof(a)::text) from dry_t; select count(*) from dry_c; \
                  show lock_timeout; select to_regclass('dry_n');\n";
    let shown = told(&subject, script);
    assert!(shown.contains("500|integer") && shown.contains("lock_timeout\n0\n"), "{shown}");
    // What the transaction had done and locked before is as it was.
    let script = "begin; delete from dry_t where a = 1; \n\\dryrun delete from dry_t\nselect count(*) from dry_t;\n";
    let shown = told(&subject, script);
    assert!(shown.contains("499 rows deleted") && shown.contains("\n499\n"), "{shown}");
    assert!(!shown.contains("public.dry_t|table"), "{shown}");
}

const SCHEMA: &str = "create schema \"App\"; create extension pg_trgm schema \"App\"; \
    create type \"App\".mood as enum ('sad'); \
    create table \"App\".people (id int primary key, name text, m \"App\".mood); \
    insert into \"App\".people select g, 'x' from generate_series(1, 1000) g; \
    create policy p on \"App\".people to dry_bob using (true); \
    comment on schema \"App\" is 'kept out'; analyze \"App\".people;\n";

/// On a copy of the schema nothing is locked, and what can't be rolled back can be tried.
fn on_a_scratch_copy(subject: Subject) {
    // A copy of a database of everything, and those of a small one.
    let (large, small) = ("", "\\c small\n");
    told(
        &subject,
        &format!("create role dry_bob; {SCHEMA}create database small;\n{small}{SCHEMA}"),
    );
    let check = |database: &str, statement: &str, expected: &[&str]| {
        let script =
            format!("{database}set search_path = \"App\";\n\\dryrun --on-scratch {statement}\n");
        let shown = told(&subject, &script);
        for text in expected {
            assert!(shown.contains(text), "{statement}: no {text:?} in\n{shown}");
        }
    };
    check(
        large,
        "alter table people alter id type bigint",
        &[
            "was copied to a scratch server (PostgreSQL ",
            "ALTER TABLE; ",
            "It was done on the copy, which is dropped.",
            "\"App\".people|table|ACCESS EXCLUSIVE|rewritten|1000 rows, ",
            "objects could not be made there; the first because: ",
        ],
    );
    for (statement, expected) in [
        ("create index concurrently on people (name)", &["What changed", "|index|created|\n"][..]),
        (
            "create index on people using gin (name \"App\".gin_trgm_ops)",
            &["|index|ACCESS EXCLUSIVE|created|"],
        ),
        ("vacuum full people", &["VACUUM; ", "\"App\".people|table|rewritten|1000 rows, "]),
        (
            "alter type mood add value 'happy'; insert into people values (1, '', 'happy')",
            &["1 row inserted, ALTER TYPE; "],
        ),
        ("drop table people; begin; commit", &["\"App\".people|table|dropped|1000 rows, "]),
        ("drop table nowhere", &["table \"nowhere\" does not exist"]),
        ("vacuum nowhere", &["relation \"nowhere\" does not exist"]),
        ("create database d", &["can't be tried: it reaches beyond the database"]),
        ("copy people to program 'true'", &["can't be tried: it runs a program"]),
    ] {
        check(small, statement, expected);
    }
    let shown = told(&subject, "\\dryrun vacuum\nselect count(*) from \"App\".people;\n");
    assert!(shown.contains("--on-scratch tries it") && shown.contains("\n1000\n"), "{shown}");
}

/// Ctrl-C ends the statement on the copy, and nothing of the copy stays.
fn ctrl_c_on_a_scratch_copy() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    let process = terminal.pid();
    terminal.line("\\dryrun --on-scratch select pg_sleep(100)").wait("(Ctrl-C cancels)");
    terminal.keys("\x03").wait("canceling statement");
    terminal.wait("=# ");
    let left = format!(
        "select count(*) from pg_database where datname like 'scratch\\_{process}\\_%' \
         union all select count(*) from pg_roles where rolname like 'scratch\\_{process}\\_%'"
    );
    let run = bench.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["--scratch", "-XAqt"]);
    let outcome = run.args(["-c", &left]).outcome();
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), "0\n0\n", "{outcome:?}");
}

/// The one that is in the way is named.
fn what_it_would_wait_for() {
    let bench = Bench::new();
    let start = || {
        let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        terminal.wait("=# ");
        terminal
    };
    let (mut holder, mut asker) = (start(), start());
    holder.line("create table held (); begin; lock table held;").wait("LOCK TABLE");
    asker.line("\\dryrun drop table held;").wait("lock timeout");
    asker.wait("It would wait for process ");
    asker.wait("lock table held");
    asker.wait("=# ");
    holder.line("rollback;").wait("ROLLBACK");
    asker.line("\\dryrun drop table held;").wait("dropped");
}

/// A connection that was lost meanwhile is opened anew.
fn it_goes_to_a_new_connection() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    // Each is gone before the answer comes.
    let others = "select pg_terminate_backend(pid, 60000) from pg_stat_activity \
                  where datname = current_database() and pid <> pg_backend_pid();\n";
    for (statement, expected) in [
        ("select 1 \\dryrun", "It was rolled back."),
        ("select 'run ' || 2 as a \\watch c=1", "run 2"),
    ] {
        bench.shell(Shell::Pgsh).args(["-X", "-q"]).stdin(others).outcome();
        terminal.line(statement).wait("Attempting reset: Succeeded.");
        terminal.wait("it is sent now.");
        terminal.wait(expected);
        terminal.wait("=# ");
    }
}

/// A session that is to be read-only may try what writes: nothing of it stays.
fn a_read_only_session_may_try() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    terminal.line("create table t ();").wait("CREATE TABLE");
    terminal.line("\\set READONLY on").wait("read-only ");
    terminal.line("drop table t \\dryrun").wait("It was rolled back.");
    terminal.wait("dropped");
    terminal.line("drop table t;").wait("read-only transaction");
}

fn cases() -> impl Iterator<Item = Trial> {
    of_versions("dry_run", what_statements_would_do)
        .into_iter()
        .chain(of_versions("dry_run_on_scratch", on_a_scratch_copy))
}

fn of_versions(name: &'static str, test: fn(Subject)) -> Vec<Trial> {
    let wanted = [Version::Pinned, Version::Old(15), Version::Old(12)];
    on_each(name, wanted, move |version| version.start(name).map(test))
}

tests! {
    ctrl_c_on_a_scratch_copy,
    what_it_would_wait_for,
    it_goes_to_a_new_connection,
    a_read_only_session_may_try;
    cases()
}
