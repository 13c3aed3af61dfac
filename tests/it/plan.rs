//! `\plan`: plans drawn, carried out and taken back, compared, saved, read.

use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::run::Outcome;
use crate::trial::tests;
use crate::versions::{Subject, Version, on_each};

const TABLES: &str = "create table plan_o as select g as id, g % 100 as c, \
    case when g % 100 = 0 then 'open' else 'done' end as status from generate_series(1, 20000) g; \
    create table plan_c as select g as id from generate_series(1, 100) g; \
    alter table plan_c replica identity full; create sequence plan_s; analyze plan_o; analyze plan_c;\n";

/// The script's output and errors, one text.
fn text(outcome: &Outcome) -> String {
    [&outcome.stdout, &outcome.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

fn told(subject: &Subject, script: &str) -> String {
    let run = subject.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["-XAq"]);
    text(&run.stdin(script).outcome())
}

fn pgsh(bench: &Bench, script: &str) -> String {
    let run = bench.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["-XAq"]);
    text(&run.stdin(script).outcome())
}

/// On servers of several versions, each with what it knows.
fn what_is_drawn(subject: Subject) {
    told(&subject, TABLES);
    for (script, expected) in [
        (
            "\\plan select * from plan_o where c = 1",
            &["self cost", "Seq Scan on plan_o", "Filter: (c = 1)"][..],
        ),
        ("select 1 from plan_o\n\\plan", &["Seq Scan on plan_o", "Planning "]),
        ("select 1 as a from plan_c limit 1;\n\\plan", &["Limit", "Seq Scan on plan_c"]),
        (
            "\\plan explain (analyze, costs off) select * from plan_c",
            &["Seq Scan on plan_c", "self cost"],
        ),
        (
            "\\plan+ select * from plan_o where status = 'open'",
            &[
                "rows expected",
                "execution ",
                "1. Seq Scan on plan_o: ",
                "the filter drops 99",
                "is a condition for an index",
            ],
        ),
        (
            "\\plan+ with gone as (delete from plan_c returning id) select count(*) from gone",
            &["CTE gone: Delete on plan_c", "rolled back: nothing of it stays"],
        ),
        ("\\plan+ create table plan_n as table plan_c", &["Seq Scan on plan_c", "rolled back"]),
        ("\\plan+ select nextval('plan_s')", &["Sequences stay as nextval"]),
        (
            "prepare q(int) as select * from plan_o where id = $1;\n\\plan+ execute q(7)",
            &["Filter", "Seq Scan on plan_o"],
        ),
        ("\\plan declare x cursor for table plan_c", &["Seq Scan on plan_c"]),
        ("\\plan select 1; select 2", &["Plan 1 of 2", "Plan 2 of 2"]),
        (
            "set work_mem = '64kB';\n\\plan+ select * from plan_o order by c, status",
            &[": in memory it would need"],
        ),
        (
            "\\plan+ select pg_terminate_backend(0)",
            &["\\plan+: this can't be run for its plan: what pg_terminate_backend"],
        ),
        // What the first does changes where the server sees the second end.
        (
            "\\plan+ select set_config('standard_conforming_strings', 'off', false); \
             select 'a\\' || '; commit; delete from plan_c; --'\n\
             set standard_conforming_strings = on;",
            &["\\plan: standard_conforming_strings is off"],
        ),
        ("\\plan refresh materialized view x", &["EXPLAIN shows no plan of REFRESH"]),
        ("\\plan vacuum", &["\\plan: VACUUM has no plan"]),
        ("\\plan select * frm plan_o", &["syntax error", "LINE 1: select * frm plan_o\n"]),
        ("\\plan ;", &["there is no statement to explain"]),
        ("\\plan+ select $1::int", &["the parameters have no values"]),
        ("select $1::int as a \\bind 7 \\plan+", &["Result"]),
    ] {
        for (before, behind) in [
            ("", ""),
            ("begin;\n", "\n\\echo still :SERVER_VERSION_NUM\nselect 'usable' as u;\nrollback;"),
        ] {
            let shown = told(&subject, &format!("{before}{script}{behind}\n"));
            for text in expected {
                assert!(shown.contains(text), "{before}{script}: no {text:?} in\n{shown}");
            }
            assert!(before.is_empty() || shown.contains("usable"), "{script}:\n{shown}");
        }
    }
    let left =
        told(&subject, "select count(*) from plan_c; select to_regclass('plan_n') is null;\n");
    assert!(left.contains("\n100\n") && left.contains("\nt\n"), "{left}");
    let version = told(&subject, "\\echo :SERVER_VERSION_NUM\n");
    let version: u32 = version.trim().parse().expect("a version");
    let shown = told(&subject, "\\plan select * from plan_o where id = $1\n");
    let expected = if version >= 160_000 { "Filter: (id = $1)" } else { "only servers from 16 on" };
    assert!(shown.contains(expected), "{shown}");
    let shown = told(&subject, "begin; select 1/0;\n\\plan select 1\n");
    assert!(shown.contains("\\plan: the transaction has failed; ROLLBACK ends it"), "{shown}");
    // EXPLAIN's text, as psql prints it, gives the same drawing.
    let query =
        "select count(*) from plan_o join plan_c on plan_o.c = plan_c.id where status = 'open'";
    let script = format!(
        "\\pset format aligned\n\\o plan.txt\nexplain {query};\n\\o plan.json\nexplain (format json) {query};\n\\o\n\
         \\plan < plan.txt\n\\echo half\n\\plan < plan.json\n"
    );
    let shown = told(&subject, &script);
    let (first, second) = shown.split_once("half\n").expect("two drawings");
    assert!(first.contains("Hash Join") && first == second, "{shown}");
}

/// Saved, read, compared, pasted; and what is wrong with files.
fn plans_are_taken_along() {
    let bench = Bench::new();
    pgsh(&bench, TABLES);
    let before = "\\plan+ select * from plan_o where id = 7\n";
    let index = "create index plan_i on plan_o (id); analyze plan_o;\n";
    let shown = pgsh(&bench, &format!("{before}{index}{before}\\plan diff\n"));
    for text in
        ["before", "after", "was Seq Scan", "Index Scan using plan_i on plan_o", " before, "]
    {
        assert!(shown.contains(text), "no {text:?} in\n{shown}");
    }
    let script =
        "\\plan select 1\n\\plan save plan.json\n\\plan < plan.json\n\\plan last\n\\! ls -A\n";
    let shown = pgsh(&bench, script);
    assert_eq!(shown.matches("self cost").count(), 3, "{shown}");
    assert!(shown.ends_with("\nplan.json\n"), "{shown}");
    let pasted = "\\plan <\n QUERY PLAN \n------\n Seq Scan on pasted  (cost=0.00..1.05 rows=5 width=4)\n\\.\n\\echo next\n";
    let shown = pgsh(&bench, pasted);
    assert!(shown.contains("Seq Scan on pasted") && shown.ends_with("next\n"), "{shown}");
    // What only one of both has is shown too.
    for (first, second, heading) in [
        ("1; select 2; select 3", "1", "Plan 3, only before\n"),
        ("1", "1; select 2", "Plan 2, only after\n"),
    ] {
        let script = format!("\\plan select {first}\n\\plan select {second}\n\\plan diff\n");
        let shown = pgsh(&bench, &script);
        let (_, last) = shown.split_once(heading).unwrap_or_else(|| panic!("{shown}"));
        assert!(last.contains("Result") && shown.contains("Plan 1\n"), "{shown}");
    }
    for (script, expected) in [
        ("\\plan last", "\\plan: there is no plan yet\n"),
        ("\\plan diff", "\\plan: two plans are compared: ask for them by \\plan first\n"),
        ("\\plan save x", "\\plan: there is no plan yet\n"),
        ("\\plan save", "\\plan: the file's name is missing after save\n"),
        ("\\plan < nowhere", "nowhere: No such file or directory\n"),
        ("\\plan < plan.json x", "plan.json x: No such file or directory\n"),
        (
            "\\! echo none > none\n\\plan < none",
            "\\plan: none holds no plan in EXPLAIN's text or JSON\n",
        ),
        ("\\plan select 1\n\\plan save no/where/x", "no/where/x: No such file or directory\n"),
    ] {
        let shown = pgsh(&bench, &format!("{script}\n"));
        assert!(shown.ends_with(expected), "{script}: {shown}");
    }
    let as_psql = bench.run(Shell::Pgsh, &["-X".to_owned()], b"\\plan select 1\n");
    assert_eq!(String::from_utf8_lossy(&as_psql.stderr), "invalid command \\plan\n");
}

/// Two tags of a dollar quote are one where the statement before made the server read them as SJIS.
fn nothing_gets_out_of_the_transaction() {
    let bench = Bench::new();
    pgsh(&bench, TABLES);
    let script = b"\\plan+ select set_config('client_encoding', 'SJIS', false); \
        select $\x81\xca$a$\xee\xf9$; commit; delete from plan_c; --$\x81\xca$\n";
    let run = bench.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["-XAq"]);
    let shown = text(&run.env("PGCLIENTENCODING", "UTF8").stdin(script).outcome());
    assert!(shown.contains("cannot insert multiple commands"), "{shown}");
    let left = pgsh(&bench, "select count(*) from plan_c;\n");
    assert!(left.contains("\n100\n"), "{left}");
}

/// Nothing that a name holds reaches a terminal as it is, and a drawing is as wide as the screen.
fn at_a_terminal() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm").env("PAGER", "");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    terminal.line(r#"create table U&"a\001b[41mb" (a int);"#).wait("CREATE TABLE");
    terminal.line(r#"\plan table U&"a\001b[41mb""#).wait("Seq Scan on a\\x1B[41mb");
    terminal.wait("=# ");
    assert!(!terminal.written().windows(5).any(|bytes| bytes == b"\x1b[41m"));
    terminal.line("\\set READONLY on").wait("read-only ");
    terminal.line(r#"\plan+ insert into U&"a\001b[41mb" values (1)"#).wait("read-only transaction");
    terminal.line("\\set READONLY off").wait("=# ");
    terminal.line("\\set CONFIRM destructive").wait("=# ");
    terminal.line(r#"\plan+ delete from U&"a\001b[41mb""#).wait("[y/N]");
    terminal.line("n").wait("Nothing was sent.");
    terminal.line("\\plan+ select pg_sleep(60)");
    terminal.wait("Ctrl-C cancels");
    terminal.keys("\u{3}").wait("canceling statement due to user request");
    terminal.wait("=# ");
    // A FIFO that stays empty.
    let opened = bench.directory(Shell::Pgsh).join("opened");
    terminal.line("\\! mkfifo f; (exec 3> f; touch opened; sleep 50) < /dev/null > o 2>&1 &");
    terminal.wait("=# ");
    terminal.line("\\plan < f");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !opened.exists() {
        assert!(Instant::now() < deadline, "the FIFO was not opened");
        thread::sleep(Duration::from_millis(5));
    }
    let pressed = Instant::now();
    terminal.keys("\u{3}").wait("=# ");
    assert!(pressed.elapsed() < Duration::from_secs(20), "Ctrl-C was not heeded");
    terminal.line("\\echo here").wait("here\n");
    terminal.keys("\\plan di\t").wait("diff");
}

fn cases() -> Vec<Trial> {
    let wanted = [Version::Pinned, Version::Old(14), Version::Old(10)];
    on_each("plan", wanted, |version| version.start("plan").map(what_is_drawn))
}

tests! {
    plans_are_taken_along,
    nothing_gets_out_of_the_transaction,
    at_a_terminal;
    cases()
}
