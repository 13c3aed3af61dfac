//! Results drawn: `\chart`.

use std::fs;

use libtest_mimic::Trial;

use crate::harness::{self, Bench, Shell};
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::run::Outcome;
use crate::trial::tests;
use crate::versions::{Subject, Version, on_each};

/// Runs pgsh under its own name; results are kept, and not printed.
fn pgsh(bench: &Bench, script: &str) -> Outcome {
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["-X", "-q"]);
    run.stdin(format!("\\set KEEP_RESULTS 2\n\\pset columns 50\n{script}")).outcome()
}

#[track_caller]
fn check(bench: &Bench, script: &str, expected: &str) {
    let outcome = pgsh(bench, script);
    let found = String::from_utf8_lossy(&outcome.stdout).into_owned()
        + &String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(found, expected, "{script}");
}

const BARS: &str = "\
Bars of sold by shop
Wien 15 │█████████████████████████████████████████
Graz  5 │█████████████▋
        ┬─────────────┬────────────┬─────────────┬
        0             5           10            15
";

/// What is drawn of which result, and what is said where nothing can be.
fn results_are_drawn() {
    let bench = Bench::new();
    let made = "\\o /dev/null\n\
        select * from (values ('Wien', 15), ('Graz', 5)) as t (shop, sold);\n\
        select 'x' as text, null as nothing, 'infinity'::float8 as far, i::float8 / 0.5 as \"Number\"\n\
        from generate_series(1, 3) i;\n\\o\n";
    for (script, expected) in [
        ("\\chart 2", BARS),
        ("\\chart 2 BAR Shop 2", BARS),
        ("\\chart 2 |head -n 1", "Bars of sold by shop\n"),
        (
            "\\chart hist \"Number\" |head -n 2",
            "Histogram of Number, 3 values\n[2, 2.5) 1 │██████████████████████████████████████\n",
        ),
        ("\\chart hist far", "\\chart: there is nothing to draw. Not drawn: 3 infinite values.\n"),
        (
            "\\chart line Number \"number\"",
            "\\chart: no column of this result is called \"number\"; it has text, nothing, far, Number\n",
        ),
        ("\\chart text", "\\chart: there is no number or time in text\n"),
        ("\\chart 3", "only 2 results are kept; \\results lists them\n"),
        ("\\chart bar text |cat >/nowhere/at/all", "sh: 1: cannot create /nowhere/at/all: "),
    ] {
        let outcome = pgsh(&bench, &format!("{made}{script}\n"));
        let found = String::from_utf8_lossy(&outcome.stdout).into_owned()
            + &String::from_utf8_lossy(&outcome.stderr);
        match script.contains("/nowhere") {
            // Every shell says it in its own words.
            true => assert!(found.contains("/nowhere/at/all"), "{found}"),
            false => assert_eq!(found, expected, "{script}"),
        }
    }
    check(
        &bench,
        "\\o /dev/null\nselect 1 as a where false;\n\\o\n\\chart\n",
        "\\chart: the result has no rows\n",
    );
    let said = "no result is kept yet: run a query that returns rows\n";
    check(&bench, "\\chart\n", said);
    let as_psql = bench.run(
        Shell::Pgsh,
        &["-X".to_owned()],
        b"\\set KEEP_RESULTS 5\n\\chart\n\\echo still here\n",
    );
    assert_eq!(String::from_utf8_lossy(&as_psql.stderr), "invalid command \\chart\n");
    assert_eq!(String::from_utf8_lossy(&as_psql.stdout), "still here\n");
}

/// A drawing goes where results go; in an encoding that has no braille it is of ASCII.
fn drawings_go_where_results_go() {
    let bench = Bench::new();
    let file = bench.directory(Shell::Pgsh).join("drawn");
    check(
        &bench,
        "\\o /dev/null\nselect 'Wien' as shop, 15 as sold union all select 'Graz', 5;\n\
         \\o drawn\n\\chart\n\\o\n\\echo done\n",
        "done\n",
    );
    assert_eq!(fs::read_to_string(&file).expect("a drawing"), BARS);
    check(
        &bench,
        "\\encoding LATIN1\n\\o /dev/null\n\
         select '\u{c3}' || 'Wien' as shop, 15 as sold union all select 'Graz', 5;\n\
         \\o\n\\encoding UTF8\n\\chart |cut -c 1-20 |iconv -f LATIN1 -t UTF8\n",
        "Bars of sold by shop\n\u{c3}\u{83}Wien 15 |#########\nGraz    5 |#########\n\
         \u{20}         +---------\n          0         \n",
    );
}

/// Every type that is drawn, as the server writes it under its settings.
fn types_under_all_settings() {
    let bench = Bench::new();
    for settings in [
        "set datestyle = iso; set intervalstyle = postgres;",
        "set datestyle = german; set intervalstyle = postgres_verbose;",
        "set datestyle = sql, dmy; set intervalstyle = sql_standard;",
        "set datestyle = postgres, mdy; set intervalstyle = iso_8601;",
    ] {
        for (column, drawn) in [
            ("i::int2", "9 values"),
            ("i * 1000000000000::int8", "9 values"),
            ("i::numeric(20, 10) / 3", "9 values"),
            ("i::float4", "9 values"),
            ("(i * 1234.5)::numeric::money", "9 values"),
            ("i * interval '1 mon -2 days 3 hours 0.25 s'", "9 values"),
            ("-i * interval '1 hour'", "9 values"),
            ("date '2024-02-25' + i", "9 values"),
            ("timestamp '2024-02-25 12:00:00.5' + i * interval '1 day'", "9 values"),
            ("timestamptz '0044-03-15 BC' + i * interval '1 day'", "9 values"),
            ("time '12:00' + i * interval '1 hour'", "9 values"),
            ("timetz '12:00+05:30' + i * interval '1 hour'", "9 values"),
        ] {
            let script = format!(
                "{settings}\n\\o /dev/null\nselect {column} as x from generate_series(1, 9) i;\n\
                 \\o\n\\chart hist\n"
            );
            let outcome = pgsh(&bench, &script);
            let found = String::from_utf8_lossy(&outcome.stdout);
            let first = found.lines().next().unwrap_or_default();
            let errors = String::from_utf8_lossy(&outcome.stderr);
            assert_eq!(first, format!("Histogram of x, {drawn}"), "{script}{found}{errors}");
            assert!(!found.contains("Not drawn"), "{script}{found}");
        }
    }
}

/// At the prompt: in colours, of braille, columns completed.
fn at_the_prompt() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    terminal.line("\\set COMPLETION list").wait("=# ");
    terminal
        .line("select i as \"Number\", i * i as square, 9 - i as falling from generate_series(1, 9) i;")
        .wait("(9 rows)");
    terminal.wait("=# ");
    terminal.keys("\\chart li\t").wait("line ");
    terminal.keys("\"N\t").wait("\"Number\" ");
    terminal.keys("sq\t").wait("square ");
    let drawn = terminal.line("falling").wait("=# ");
    assert!(drawn.contains("Line of square, falling by Number"), "{drawn}");
    assert!(drawn.contains("⠶ square   ⠶ falling"), "{drawn}");
    assert!(drawn.contains("100 ┤"), "{drawn}");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

/// On servers of several versions: drawn, and watched as they change.
fn on_a_server(subject: &Subject) {
    let run = subject.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["-X", "-q"]);
    let script = "\\set KEEP_RESULTS 1\n\\pset columns 50\n\\o /dev/null\n\
        select * from (values ('Wien', 15), ('Graz', 5)) as t (shop, sold);\n\\o\n\\chart 1\n\
        \\o /dev/null\nselect i, interval '1 day' * i as age, date '2020-01-01' + i as day\n\
        from generate_series(1, 9) i;\n\\o\n\\chart line day i\n\\chart hist age\n";
    let outcome = run.stdin(script).outcome();
    let drawn = String::from_utf8_lossy(&outcome.stdout).into_owned()
        + &String::from_utf8_lossy(&outcome.stderr);
    let rest = drawn.strip_prefix(BARS).unwrap_or_else(|| panic!("{drawn}"));
    for text in ["Line of i by day, ", "Histogram of age, 9 values\n"] {
        assert!(rest.contains(text), "{text}: {drawn}");
    }
    let run = subject.shell(Shell::Pgsh).args(["-X", "-q"]).env("TERM", "xterm-256color");
    let mut screen = Screen::around(Terminal::run_as("pgsh", &run.command()), (80, 16));
    screen.keys("create temp sequence s;\r");
    screen.keys("select 'a' as a, nextval('s') as n \\watch i=1000 delta\r").wait("1 row");
    screen.keys(" ").wait("1 row: 1 cell changed").keys("q").wait("(1 row)");
}

fn cases() -> Vec<Trial> {
    on_each("chart::on", Version::all(), |version| {
        version.start("chart").map(|subject| on_a_server(&subject))
    })
}

tests! {
    results_are_drawn,
    drawings_go_where_results_go,
    types_under_all_settings,
    at_the_prompt;
    cases()
}
