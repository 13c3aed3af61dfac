//! The last results: `\last` and `\results`.

use crate::harness::{self, Bench, Shell};
use crate::pty::Terminal;
use crate::run::Outcome;
use crate::trial::tests;

/// Runs pgsh under its own name.
fn pgsh(bench: &Bench, script: &str) -> Outcome {
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["-X", "-q", "-A"]);
    run.stdin(script).outcome()
}

#[track_caller]
fn check(bench: &Bench, script: &str, expected: &str) {
    let outcome = pgsh(bench, script);
    let found = String::from_utf8_lossy(&outcome.stdout).into_owned()
        + &String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(found, expected, "{script}");
}

/// A result again: whole, in part, in other formats, elsewhere; after the server is gone as well.
fn results_are_shown_again() {
    let bench = Bench::new();
    let keep = "\\set KEEP_RESULTS 2\n\\pset footer off\n";
    let made = "select i as id, 'Name ' || i as name, null as none from generate_series(1, 3) i;\n";
    let table = "id|name|none\n1|Name 1|\n2|Name 2|\n3|Name 3|\n";
    for (script, expected) in [
        ("\\last", "id|name|none\n1|Name 1|\n2|Name 2|\n3|Name 3|\n"),
        ("\\last 1 (format=csv tuples_only=on)", "1,Name 1,\n2,Name 2,\n3,Name 3,\n"),
        ("\\last /name 2/", "id|name|none\n2|Name 2|\n"),
        ("\\last /name [12]$/ (columns=NA*,id)", "name|id\nName 1|1\nName 2|2\n"),
        ("\\last /NAME/", "id|name|none\n"),
        ("\\last (null=- columns=none)", "none\n-\n-\n-\n"),
        ("\\last (columns=id) |cat -n", "     1\tid\n     2\t1\n     3\t2\n     4\t3\n"),
        ("select 7 as seven \\g |cat\n\\last 2 (columns=id)", "seven\n7\nid\n1\n2\n3\n"),
        ("select 8 as a\\;select 9 as b;\n\\last 2", "a\n8\nb\n9\na\n8\n"),
        (
            "select 8 as a\\;select 9 as b;\n\\last 3",
            "a\n8\nb\n9\nonly 2 results are kept; \\results lists them\n",
        ),
        ("select 1/0;\n\\last (columns=id)", "id\n1\n2\n3\nERROR:  division by zero\n"),
        (
            "\\last (columns=no,id)",
            "no column of this result is called \"no\"; it has id, name, none\n",
        ),
        ("\\last /(/", "\\last: found open group without closing ')'\n"),
        ("\\last /name 2", "\\last: the slash at the end of the regular expression is missing\n"),
        ("\\last (footer", "\\last: missing right parenthesis\n"),
        ("\\last one two", "\\last: extra argument \"two\"\n"),
        ("\\last /nowhere/at/all", "/nowhere/at/all: No such file or directory\n"),
        ("\\last into", "\\last: the table's name is missing after into\n"),
        (
            "\\last (format=csv) into t",
            "\\last: a table takes no printing options, only (columns=...)\n",
        ),
        (
            "\\set KEEP_RESULTS 0\nselect 1 as a;\n\\last 1",
            "a\n1\nid|name|none\n1|Name 1|\n2|Name 2|\n3|Name 3|\n",
        ),
    ] {
        let (script, expected) = (format!("{keep}{made}{script}\n"), format!("{table}{expected}"));
        check(&bench, &script, &expected);
    }
}

/// What a script keeps unless it says so, and what psql has of all this: nothing.
fn scripts_keep_nothing_by_themselves() {
    let bench = Bench::new();
    let said = "no result is kept; a script keeps them after \\set KEEP_RESULTS 5\n";
    check(&bench, "select 1 as a;\n\\last\n", &format!("a\n1\n(1 row)\n{said}"));
    let as_psql = bench.run(
        Shell::Pgsh,
        &["-X".to_owned()],
        b"\\set KEEP_RESULTS 5\nselect 1 as a;\n\\last\n\\results\n",
    );
    let stderr = String::from_utf8_lossy(&as_psql.stderr).into_owned();
    assert_eq!(stderr, "invalid command \\last\ninvalid command \\results\n");
}

/// Values of every kind come back as they were, in columns of their types. Of a domain (k) the protocol
/// tells the type that it is made of.
fn a_result_becomes_a_table() {
    let bench = Bench::new();
    check(
        &bench,
        r#"\set KEEP_RESULTS 9
\pset footer off
create type mood as enum ('sad', 'ok');
create type pair as (a int, b text);
create domain positive as int check (value > 0);
create table source as select 1::int2 as a, 1.50::numeric(6, 2) as b, E'q"''\\ \t\n\\.'::text as c,
  ''::text as d, null::date as e, '{1,null}'::int[] as f, 'ok'::mood as g, row(1, 'x,"y"')::pair as h,
  '[1,5)'::int4range as i, '\x00ff'::bytea as j, 7::positive as k, '{"a": [1]}'::jsonb as l,
  'ab'::varchar(5) as m, 'c'::char(3) as n, true as o, 'infinity'::timestamptz as p, 'x'::"char" as q;
\o |cat >/dev/null
select * from source;
values (null), (''), (E'\\.');
select 1 as a, 2 as a, row(1, 2), pg_sleep(0);
select from generate_series(1, 3);
\o
\last 4 into copied
\last 3 into "One Column"
\last 2 into doubles
\last into nothing
select count(*) from (select t::text from source t except select t::text from copied t) x;
select count(*) from (select attname, atttypid, atttypmod from pg_attribute where attrelid = 'source'::regclass
  except select attname, atttypid, atttypmod from pg_attribute where attrelid = 'copied'::regclass) x
  where attname not in ('k', 'tableoid');
select count(*), count(column1), max(column1) from "One Column";
select a_2, "row", pg_typeof("row"), pg_sleep from doubles;
select count(*) from nothing;
begin;
\last into copied
select 'still here' as a;
commit;
\last 99 into too_far
"#,
        "count\n0\ncount\n0\ncount|count|max\n3|2|\\.\n\
         a_2|row|pg_typeof|pg_sleep\n2|(1,2)|text|\ncount\n3\n\
         a\nstill here\n\
         ERROR:  relation \"copied\" already exists\n\
         only 9 results are kept; \\results lists them\n",
    );
}

/// What bytes and types mean depends on where they came from.
fn a_result_of_another_encoding_or_connection() {
    let bench = Bench::new();
    let script = r#"\set KEEP_RESULTS 2
\pset format aligned
create type mood as enum ('sad', 'ok');
select 'ä' as a, 'ok'::mood as b;
\encoding LATIN1
\last
\last (border=2)
\last into t
\encoding UTF8
\last
\last into t
\c -
\last into u
select attrelid::regclass, atttypid::regtype from pg_attribute
  where attrelid in (to_regclass('t'), to_regclass('u')) and attname = 'b';
select a from u;
"#;
    let table = " a | b  \n---+----\n ä | ok\n(1 row)\n\n";
    let bordered = "+---+----+\n| a | b  |\n+---+----+\n| ä | ok |\n+---+----+\n(1 row)\n\n";
    let types = " attrelid | atttypid \n----------+----------\n u        | text\n(1 row)\n\n";
    let value = " a \n---\n ä\n(1 row)\n\n";
    let told = "It is in UTF8, as it came; LATIN1 is spoken now.\n";
    let refused = "the result came in UTF8; \\encoding UTF8 first\n";
    check(
        &bench,
        script,
        &format!("{table}{table}{bordered}{table}{types}{value}{told}{told}{refused}"),
    );
}

/// At the prompt the last five are kept by themselves, and listed.
fn the_prompt_keeps_the_last_five() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm").env("TZ", "UTC");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    for number in 1..=6 {
        terminal.line(&format!("select {number} * 100 as n;")).wait("(1 row)");
        terminal.wait("=# ");
    }
    terminal.line("\\pset format csv").wait("Output format is csv.");
    let shown = terminal.line("\\last 5").wait("200\n");
    assert!(!shown.contains("(1 row)"), "{shown}");
    let listed = terminal.line("\\results").line("\\echo 'the' 'end'").wait("the end\n");
    assert!(listed.contains("N,When,Time (ms),Rows,Size,Statement\n1,"), "{listed}");
    assert!(listed.contains("bytes,select 6 * 100 as n;\n"), "{listed}");
    assert_eq!(listed.matches("* 100 as n;").count(), 5, "{listed}");
    terminal.line("\\last 6").wait("only 5 results are kept; \\results lists them");
}

tests! {
    a_result_becomes_a_table,
    a_result_of_another_encoding_or_connection,
    scripts_keep_nothing_by_themselves,
    the_prompt_keeps_the_last_five,
    results_are_shown_again,
}
