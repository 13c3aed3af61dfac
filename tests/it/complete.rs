//! `--complete`: candidates without a terminal.

use std::os::unix::fs::PermissionsExt;

use crate::harness::{self, Bench, Shell, words};
use crate::trial::tests;

/// What the shell, by its own name, prints for a text.
fn offered(bench: &Bench, text: &str) -> Vec<Vec<String>> {
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["--complete"]);
    let outcome = run.stdin(text).outcome();
    assert_eq!((outcome.status, outcome.stderr.as_slice()), (0, &b""[..]), "{text}");
    let lines = String::from_utf8(outcome.stdout).expect("UTF-8");
    lines.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn words_kinds_and_notes() {
    let bench = Bench::new();
    let setup = "create table fruit (id int primary key, name text not null);\n\
                 create view ripe as select * from fruit;\n\
                 create function fruitful(name text, n int default 1) returns bigint\n\
                 language sql as 'select 1::bigint';";
    assert_eq!(bench.run(Shell::Pgsh, &words("-Xq"), setup.as_bytes()).status, 0);
    for (text, expected) in [
        ("select * from fru", ["fruit", "table", "public"]),
        ("select * from ri", ["ripe", "view", "public"]),
        ("select name from fruit where na", ["name", "column", "text"]),
        ("select name from fruit where i", ["id", "column", "integer, pk"]),
        ("select fruitf", ["fruitful(", "function", "(name text, n integer DEFAULT 1) -> bigint"]),
        ("sel", ["select", "keyword", ""]),
        ("\\dconf", ["\\dconfig", "command", ""]),
    ] {
        let offered = offered(&bench, text);
        assert!(offered.iter().any(|line| line == &expected), "{text}: {offered:?}");
    }
}

fn nothing_is_run_and_no_file_is_read() {
    let bench = Bench::new();
    std::fs::write(bench.directory(Shell::Pgsh).join("rc"), "\\echo read\n").expect("a file");
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["--complete"]);
    let outcome = run.env("PSQLRC", "rc").stdin("create table made ();\n\\echo run\n").outcome();
    assert_eq!(outcome.status, 0);
    assert!(!String::from_utf8_lossy(&outcome.stdout).contains("read\n"));
    assert!(!offered(&bench, "select * from ma").iter().any(|line| line[0] == "made"));
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["--complete"]);
    let outcome = run.env("PGPORT", "1").env("PGHOST", "127.0.0.1").outcome();
    assert_eq!((outcome.status, outcome.stdout.as_slice()), (2, &b""[..]));
}

/// What succeeded at the prompt is offered first; literals and failures leave no trace.
fn what_is_used_comes_first() {
    let bench = Bench::new();
    let setup = "create table pears (); create table plums (); create table prunes ();";
    assert_eq!(bench.run(Shell::Pgsh, &words("-Xq"), setup.as_bytes()).status, 0);
    let history = bench.directory(Shell::Pgsh).join("history");
    let first = |text: &str| {
        let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["--complete"]);
        let outcome = run.env("PSQL_HISTORY", &history).stdin(text).outcome();
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        text.split('\t').next().unwrap_or_default().to_owned()
    };
    assert_eq!(first("select * from p"), "pears");
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = run.env("PSQL_HISTORY", &history).terminal();
    terminal.wait("=# ");
    terminal.line("select from prunes where 'xyzzy' <> '';").wait("=# ");
    terminal.line("select from failing;").wait("=# ");
    terminal.line("alter role postgres password 'xyzzy';").wait("=# ");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(first("select * from p"), "prunes");
    let path = bench.directory(Shell::Pgsh).join("history.usage");
    let kept = std::fs::read_to_string(&path).expect("what is used");
    assert!(kept.contains(" prunes\n") && !kept.contains("xyzzy") && !kept.contains("failing"));
    let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

tests! {
    what_is_used_comes_first,
    words_kinds_and_notes,
    nothing_is_run_and_no_file_is_read,
}
