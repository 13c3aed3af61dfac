//! `\watch` on one screen: what changed is marked, and the screen before comes back.

use crate::harness::{Bench, Shell};
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::trial::tests;

/// The beginning of what goes to the terminal's other screen.
const OTHER_SCREEN: &[u8] = b"\x1b[?1049h";
/// An interval that no test waits for: the next run is asked for by the space bar.
const LONG: &str = "i=1000";

fn execute(bench: &Bench, sql: &str) {
    let outcome = bench.run(Shell::Pgsh, &["-Xqc".to_owned(), sql.to_owned()], b"");
    assert_eq!(String::from_utf8_lossy(&outcome.stderr), "", "{sql}");
}

fn start(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Screen {
    Screen::around(Terminal::open_own(bench, arguments, environment), (80, 16))
}

/// A table `t` of five rows.
fn bench() -> Bench {
    let bench = Bench::new();
    let rows = "select i as id, i * 10 as n, null::text as note from generate_series(1, 5) i";
    execute(&bench, &format!("create table t as {rows}"));
    bench
}

/// Cells that changed, rows that came and went; the last result stays behind, and is kept.
fn changes_are_marked() {
    let bench = bench();
    let mut screen = start(&bench, &[], &[]);
    screen.keys(&format!("select * from t order by id \\watch {LONG}\r")).wait("5 rows");
    let rows = screen.rows();
    assert!(rows[0].contains(" (every 1000s)") && rows[0].ends_with(" ms"), "{rows:#?}");
    assert_eq!(rows[1..4], [" id | n  | note", "----+----+------", "  1 | 10 |"]);
    assert_eq!(rows[15], "5 rows".to_owned() + &" ".repeat(51) + "q ends, space asks now");
    assert_eq!(screen.texts(vt100::Cell::bold), ["id", "n", "note"]);
    screen.keys(" ").wait("5 rows: no change");
    execute(&bench, "update t set n = n + 1, note = 'über' where id = 2");
    execute(&bench, "delete from t where id = 4; insert into t values (6, -1)");
    screen.keys(" ").wait("5 rows: 1 came, 1 went (4), 2 cells changed");
    assert_eq!(screen.texts(vt100::Cell::inverse), ["21", "über"]);
    let green = |cell: &vt100::Cell| cell.fgcolor() == vt100::Color::Idx(2);
    assert_eq!(screen.texts(green), ["+", "6", "-1"]);
    assert_eq!(screen.rows()[7], "+ 6 | -1 |");
    // What became NULL is marked where it was.
    execute(&bench, "update t set note = null");
    screen.keys(" ").wait("5 rows: 1 cell changed");
    assert_eq!(screen.texts(vt100::Cell::inverse), ["    "]);
    screen.keys("q").wait("(5 rows)");
    let rows = screen.rows();
    assert!(rows.iter().any(|row| row == "  6 | -1 |"), "{rows:#?}");
    assert!(rows.iter().any(|row| row.contains("\\watch i=1000")), "{rows:#?}");
    assert!(!screen.is_other(), "{rows:#?}");
    screen.keys("\\last (columns=id format=csv)\r").wait("6");
    // A primary key names rows wherever it stands.
    execute(&bench, "create table jobs (state text, id int primary key)");
    execute(&bench, "insert into jobs values ('new', 1), ('new', 2), ('done', 3)");
    screen.keys(&format!("select state, id from jobs order by id \\watch {LONG}\r")).wait("3 rows");
    execute(&bench, "update jobs set state = 'done' where id = 2; delete from jobs where id = 1");
    screen.keys(" ").wait("2 rows: 1 went (1), 1 cell changed").keys("q");
}

/// Numbers per second, and their last values as bars.
fn numbers_by_second_and_bars() {
    let bench = bench();
    let mut screen = start(&bench, &[], &[]);
    screen.keys(&format!("select id, n, note from t order by id \\watch {LONG} delta spark\r"));
    screen.wait("5 rows");
    assert_eq!(screen.rows()[1].split_whitespace().nth(2), Some("n"));
    execute(&bench, "update t set n = n + 1000000 where id = 2");
    screen.keys(" ").wait("5 rows: 1 cell changed");
    let rows = screen.rows();
    assert_eq!(rows[1].split_whitespace().collect::<Vec<_>>(), ["id", "|", "n/s", "|", "note"]);
    assert_eq!(rows[3].split_whitespace().collect::<Vec<_>>(), ["1", "|", "0", "▁", "|"]);
    let rate: f64 = rows[4].split_whitespace().nth(2).expect("a number").parse().expect("one");
    assert!((1.0..1e9).contains(&rate), "{rows:#?}");
    screen.keys(" ").wait("5 rows: no change");
    assert!(screen.rows()[4].contains(" 0       █▁ |"), "{:#?}", screen.rows());
    screen.keys("\x03").wait("(5 rows)");
    assert!(!screen.is_other());
    let mut screen = start(&bench, &["-n"], &[]);
    screen.keys("select 1 \\watch 1 delta\r").wait("\\watch: delta and spark are shown on a");
}

/// More rows and columns than the screen has, records, other sizes, wide characters, two results.
fn what_is_larger_than_the_screen() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[], &[]);
    let query =
        "select i, repeat('中', 30) as a, repeat('x', 60) as b, i from generate_series(1, 90) i";
    screen.keys(&format!("{query} \\watch {LONG}\r"));
    screen.wait("90 rows  [lines 1-12 of 90, arrows scroll]");
    screen.keys("\x1b[6~\x1b[B").wait("[lines 13-24 of 90");
    assert!(screen.rows()[3].starts_with(" 13 | 中"), "{:#?}", screen.rows());
    screen.keys(&"\x1b[C".repeat(20));
    assert!(screen.rows()[3].ends_with(" | 13"), "{:#?}", screen.rows());
    screen.keys("\x1b[F").wait("[lines 79-90 of 90");
    screen.keys(" ").wait("90 rows: no change  [lines 79-90 of 90");
    screen.resize(40, 8);
    assert_eq!(screen.rows().len(), 8, "{:#?}", screen.rows());
    assert!(screen.rows()[7].starts_with("90 rows: no change"), "{:#?}", screen.rows());
    screen.resize(150, 30);
    assert!(screen.rows()[28].starts_with(" 90 | 中"), "{:#?}", screen.rows());
    screen.keys("q").wait("(90 rows, the first 23 here; \\last shows all)");
    screen.keys(&format!("\\x \\\\ select 1 as a, null as bcd \\watch {LONG}\r")).wait("1 row");
    assert_eq!(screen.rows()[1..4], ["-[ RECORD 1 ]", "a   | 1", "bcd |"].map(str::to_owned));
    screen.keys("q").wait("[ RECORD 1 ]").keys("\\x\r");
    screen.keys(&format!("select 1 as a\\; select 2 as b \\watch {LONG}\r")).wait("1 row; 1 row");
    screen.keys("q").wait(" b").keys("select where false \\watch 1000\r").wait("0 rows");
    screen.keys("q").wait("(0 rows)");
    assert!(!screen.is_other());
}

/// An error, too few rows, so many runs, Ctrl-C in a run: as psql ends, with what was said.
fn ends() {
    let bench = bench();
    let mut screen = start(&bench, &[], &[]);
    let divides = "select id, 100 / (id - (select max(n) from t) / 10 + 5) as d from t order by id";
    screen.keys(&format!("{divides} \\watch {LONG}\r")).wait("5 rows");
    execute(&bench, "update t set n = 60 where id = 5");
    screen.keys(" ").wait("ERROR:  division by zero");
    let rows = screen.rows();
    let at = |text: &str| rows.iter().position(|row| row.contains(text));
    assert!(at("(5 rows)").is_some() && at("(5 rows)") < at("ERROR:"), "{rows:#?}");
    assert!(!screen.is_other());
    screen.keys("\x0cselect id from t where n < 60 \\watch i=1000 m=4\r").wait("4 rows");
    execute(&bench, "delete from t where id = 1");
    screen.keys(" ").wait("(3 rows)");
    assert!(!screen.is_other());
    screen.keys("\x0cselect 42 as c \\watch i=0.01 c=3\r").wait("(1 row)");
    assert!(!screen.is_other());
    screen.keys("\x0cselect pg_sleep(case when count(*) < 4 then 600 else 0 end) as nap from t");
    screen.keys(&format!(" \\watch {LONG}\r")).wait("1 row");
    execute(&bench, "delete from t where id = 2");
    screen.keys(" ").wait("(Ctrl-C cancels)").keys("\x03").wait("ERROR:  canceling statement");
    assert!(!screen.is_other());
}

/// What the server says meanwhile comes when the screen is left.
fn notices_wait() {
    let bench = bench();
    execute(
        &bench,
        "create function say() returns int language plpgsql as \
         'begin raise notice ''said''; return 7; end'",
    );
    let mut screen = start(&bench, &[], &[]);
    screen.keys(&format!("select say() \\watch {LONG}\r")).wait("1 row");
    screen.keys(" ").wait("no change");
    assert!(!screen.rows().iter().any(|row| row.contains("said")), "{:#?}", screen.rows());
    screen.keys("q").wait("NOTICE:  said").wait("(1 row)");
}

/// The lists of the operator's desk.
fn lists_are_watched_too() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[], &[]);
    screen.keys(&format!("\\activity \\watch {LONG}\r")).wait("asks now");
    assert!(screen.is_other(), "{:#?}", screen.rows());
    screen.keys("q").wait("is this session.");
    assert!(!screen.is_other(), "{:#?}", screen.rows());
    screen.keys(&format!("\\locks \\watch {LONG}\r")).wait("Nobody waits for a lock.");
    assert!(screen.is_other(), "{:#?}", screen.rows());
    screen.keys("q").wait("Nobody waits for a lock.");
    assert!(!screen.is_other(), "{:#?}", screen.rows());
}

/// One result below the other, as psql has it, for psql's name and wherever no screen is to be had.
fn psqls_way() {
    let bench = Bench::new();
    let plain = |mut terminal: Terminal, before: &str| {
        terminal.wait("=# ");
        if !before.is_empty() {
            terminal.line(before);
        }
        terminal.line("select 'rows' as a \\watch i=0.01 c=2").wait("rows");
        terminal.wait("rows");
        terminal.wait("=# ");
        let written = terminal.written();
        let is_other = memchr::memmem::find(written, OTHER_SCREEN).is_some();
        assert!(!is_other, "{before} {}", written.escape_ascii());
    };
    plain(Terminal::open(&bench, &[]), "");
    for (arguments, variable, before) in [
        (&["-n"][..], ("A", "b"), ""),
        (&[], ("TERM", "dumb"), ""),
        (&[], ("PSQL_WATCH_PAGER", "cat"), ""),
        (&[], ("A", "b"), "\\set WATCH plain"),
        (&[], ("A", "b"), "\\pset format csv"),
        (&[], ("A", "b"), "\\o |cat"),
        (&["-L", "log"], ("A", "b"), ""),
    ] {
        plain(Terminal::open_own(&bench, arguments, &[variable]), before);
    }
    // Commands say what they did one below the other.
    let mut terminal = Terminal::own(&bench, &[], &[]);
    terminal.line("create table u (); insert into u default values \\watch i=0.01 c=3");
    for _ in 0..3 {
        terminal.wait("INSERT 0 1");
    }
    terminal.line("\\set WATCH nowhere").wait("Available values are: screen, plain.");
    assert!(memchr::memmem::find(terminal.written(), OTHER_SCREEN).is_none());
    // Without colours what changed has a mark.
    let mut screen = start(&bench, &[], &[("NO_COLOR", "1")]);
    screen.keys("create sequence s; select 'a' as a, nextval('s') as n \\watch 1000\r");
    screen.wait("1 row").keys(" ").wait("1 cell changed");
    assert_eq!(screen.rows()[3], " a |*2");
    assert_eq!(screen.texts(vt100::Cell::inverse), Vec::<String>::new());
}

tests! {
    changes_are_marked,
    ends,
    lists_are_watched_too,
    notices_wait,
    numbers_by_second_and_bars,
    psqls_way,
    what_is_larger_than_the_screen,
}
