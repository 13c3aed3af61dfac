//! Results in the table viewer, as a user sees them: when they open there, while they come, and what
//! remains when the viewer is left.

use crate::harness::Bench;
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::trial::tests;

const CTRL_C: &str = "\x03";

/// pgsh at its prompt, with these variables, and no pager named.
fn screen(bench: &Bench, environment: &[(&str, &str)]) -> Screen {
    let environment: Vec<(&str, &str)> = [("TERM", "xterm-256color"), ("NO_COLOR", "1")]
        .into_iter()
        .chain(environment.iter().copied())
        .collect();
    Screen::around(Terminal::open_own(bench, &["-X"], &environment), (80, 24))
}

/// Some rows that come and then, after a while, others: the server sends what fills its buffer.
fn slow(first: u32, sleep: &str) -> String {
    format!(
        "select i, repeat('x', 2000) as text, case when i > {first} then pg_sleep({sleep})::text end \
         as later from generate_series(1, 400) i;\r"
    )
}

#[track_caller]
fn assert_no_row(screen: &Screen, text: &str) {
    assert!(
        !screen.rows().iter().any(|row| row.contains(text)),
        "{text:?} in {:#?}",
        screen.rows()
    );
}

/// A long result opens by itself; one line of it remains. What fits is printed.
fn a_long_result_opens() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys("select i as n, 'v' || i as v from generate_series(1, 500) i;\r");
    screen.wait("row 1 of 500");
    screen.keys("G").wait("row 500 of 500").wait("v500");
    screen.keys("q").wait("(500 rows)");
    assert_no_row(&screen, "v500");
    screen.keys("select i as n from generate_series(1, 3) i;\r").wait("(3 rows)");
    assert_no_row(&screen, "row 1 of 3");
    // One that is only too wide.
    screen.keys("select repeat('w', 300) as wide;\r").wait("row 1 of 1");
    screen.keys("q").wait("(1 row)");
    // Again, also what fit; and others.
    screen.keys("\\view 2\r").wait("row 1 of 3");
    screen.keys("q");
    screen.keys("\\view 3\r").wait("row 1 of 500");
    screen.keys("q");
    screen.keys("\\view 9\r").wait("only 3 results are kept");
    screen.keys("\\view x\r").wait("\"x\" is no number of a result");
    screen.keys("\\x on\rselect i as n, 'v' || i as v from generate_series(1, 9) i;\r");
    screen.wait("row 1 of 9");
    screen.keys("q").wait("(9 rows)");
}

/// A result is printed as long as all of it stands above the prompt; one row more, and it opens.
fn what_fits_above_the_prompt() {
    let bench = Bench::new();
    let rows = |count: u32| format!("select i from generate_series(1, {count}) i;\r");
    let mut screen = screen(&bench, &[]);
    for (setting, most, back) in [
        ("", 19, ""),
        ("\\timing on\r", 18, "\\timing off\r"),
        ("\\set PROMPT1 'above\\n%R%# '\r", 18, "\\set PROMPT1 '%/%R%# '\r"),
        ("\\pset tuples_only on\r", 22, "\\pset tuples_only off\r"),
        ("\\x on\r", 11, ""),
    ] {
        screen.keys(&format!("\x0c{setting}{}", rows(most))).wait(&format!(" {most}")).wait("=#");
        assert_no_row(&screen, "row 1 of");
        screen.keys(&rows(most + 1)).wait(&format!("row 1 of {}", most + 1));
        screen.keys(&format!("q{back}"));
    }
    // One row is printed in any case.
    let mut screen = Screen::around(Terminal::open_own(&bench, &["-X"], &[]), (40, 5));
    screen.keys("select 'on' || 'ly' as only;\r").wait("(1 row)");
    assert_no_row(&screen, "row 1 of");
}

/// Who names a pager, or wants none, has what psql has.
fn another_pager_is_kept() {
    let bench = Bench::new();
    let query = "select i as n from generate_series(1, 99) i;\r";
    for (variable, value, setting, expected) in [
        ("PAGER", "sed s/^/paged:/", "on", "paged: 99"),
        ("PSQL_PAGER", "sed s/^/paged:/", "on", "paged: 99"),
        ("PAGER", "", "on", " 99"),
        ("PAGER", "sed s/^/paged:/", "view", "row 1 of 99"),
        ("NONE", "", "off", " 99"),
        ("NONE", "", "view", "row 1 of 99"),
    ] {
        let mut screen = screen(&bench, &[(variable, value)]);
        screen.keys(&format!("\\pset pager {setting}\r"));
        screen.keys(query).wait(expected);
        screen.keys("q").wait("(99 rows)");
    }
    let mut screen = screen(&bench, &[]);
    // What is no table is printed, and so is what goes elsewhere.
    screen.keys("\\pset pager off\r");
    for command in ["\\g (format=csv)", "\\g |cat"] {
        screen
            .keys(&format!("\\pset pager on\rselect i from generate_series(1, 30) i {command}\r"));
        screen.wait("22");
        assert_no_row(&screen, "row 1 of");
        screen.keys("q\x15");
    }
    screen.keys("\\pset pager always\rselect 1 as one;\r").wait("row 1 of 1");
    screen.keys("q").wait("(1 row)");
}

/// The first rows are seen while others come; leaving cancels what only reads.
fn rows_are_seen_while_they_come() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys(&slow(100, "60")).wait("so far");
    screen.keys("q").wait("canceling statement due to user request");
    screen.keys("select 'on' || 'ward';\r").wait("onward");
    // Ctrl-C stops the rows, and what came stays to be looked at.
    screen.keys(&slow(100, "60")).wait("so far");
    screen.keys(CTRL_C).keys("j").wait("then: canceling statement");
    screen.keys("q").wait("ERROR:  canceling statement due to user request");
    screen.keys("select 'after' || 'wards';\r").wait("afterwards");
}

/// In a transaction nothing is cancelled that would fail with it, nor is what writes.
fn what_would_be_lost_is_read_to_its_end() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys(&format!("begin;\r{}", slow(399, "2"))).wait("so far");
    screen.keys("q").wait("(400 rows)");
    screen.keys("select 'still' || ' on';\r").wait("still on");
    screen.keys("rollback;\rcreate table t (i int, text text);\r").wait("CREATE TABLE");
    screen.keys(
        "insert into t select i, repeat('x', 2000) from generate_series(1, 3000) i returning *;\r",
    );
    screen.wait("row 1 of ");
    screen.keys("q").wait("INSERT 0 3000");
    screen.keys("select count(*) from t;\r").wait("3000");
}

/// What is prepared may write. Of more notices than are kept the rest is counted.
fn what_may_write_is_not_cancelled() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys("create table t (i int, text text);\r").wait("CREATE TABLE");
    screen.keys(
        "prepare filling as insert into t select i, repeat('x', 2000) from generate_series(1, 20000) i \
         returning *;\r",
    );
    screen.wait("PREPARE");
    screen.keys("execute filling;\r").wait("row 1 of ");
    screen.keys("q").wait("INSERT 0 20000");
    screen.keys("select 'in: ' || count(*) from t;\r").wait("in: 20000");
    screen.keys(
        "create function told(i int) returns int language plpgsql as $$begin raise notice 'told'; \
         return i; end$$;\r",
    );
    screen.wait("CREATE FUNCTION");
    screen.keys("select told(i), text from t order by t.i;\r").wait("row 1 of 20,000");
    screen.keys("q").wait("more notices came while the result was looked at.");
}

/// An error behind rows is told there and afterwards; nothing of it is kept.
fn an_error_behind_rows() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys("\\set VERBOSITY terse\rselect 'kept';\r").wait("(1 row)");
    screen
        .keys("select i, repeat('x', 2000) as t, 1 / (300 - i) from generate_series(1, 400) i;\r");
    screen.wait("then: division by zero");
    screen.keys("q").wait("ERROR:  division by zero");
    screen.keys("\\view\r").wait("row 1 of 1");
    screen.keys("q");
    // What came beside the rows waits for its turn.
    screen.keys(
        "create function tell(i int) returns int language plpgsql as \
         $$begin if i = 50 then raise notice 'fifty'; end if; return i; end$$;\r",
    );
    screen.keys("select tell(i) from generate_series(1, 99) i;\r").wait("row 1 of 99");
    assert_no_row(&screen, "NOTICE");
    screen.keys("q").wait("NOTICE:  fifty").wait("(99 rows)");
}

/// The time that is told is the statement's, not the user's in the viewer.
fn the_users_time_does_not_count() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys("\\timing on\rselect i from generate_series(1, 99) i;\r").wait("row 1 of 99");
    std::thread::sleep(std::time::Duration::from_secs(2));
    screen.keys("q").wait("Time: ");
    let time = screen
        .rows()
        .into_iter()
        .find_map(|row| row.strip_prefix("Time: ")?.split(' ').next()?.parse::<f64>().ok());
    assert!(time.is_some_and(|time| time < 2000.0), "{:#?}", screen.rows());
}

/// Sorted by what values mean, whatever the order of their letters.
fn sorted_by_type() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys("select i * 7 % 500 as n, nullif(i, 77) as m from generate_series(1, 499) i;\r");
    screen.wait("row 1 of 499");
    let first = |screen: &Screen| {
        let row = screen.rows().into_iter().nth(2).unwrap_or_default();
        row.chars().filter(|c| c.is_ascii_digit() || *c == '│').collect::<String>()
    };
    assert_eq!(first(&screen), "7│1");
    screen.keys("s").wait("by n");
    assert!(first(&screen).starts_with("1│"), "{:#?}", screen.rows());
    screen.keys("s");
    assert!(first(&screen).starts_with("499│"), "{:#?}", screen.rows());
    screen.keys("s");
    assert_eq!(first(&screen), "7│1");
    screen.keys("q").wait("(499 rows)");
}

/// A value whole, laid out by its type.
fn a_value_whole() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys(
        "select '{\"a\": {\"b\": [1, 2]}, \"c\": \"d\"}'::jsonb as j, '\\x48692100'::bytea as b, \
         array['x', null, 'y z'] as a, i from generate_series(1, 99) i;\r",
    );
    screen.wait("row 1 of 99");
    screen.keys("\r").wait("\"b\": [1, 2]");
    screen.keys("q");
    screen.keys("l\r").wait("|Hi!.|");
    screen.keys("q");
    screen.keys("l\r").wait("[2] NULL").wait("[3] y z");
    screen.keys("qq").wait("(99 rows)");
}

/// What comes in an encoding of one byte per character is read, and found, as on any screen.
fn other_encodings() {
    let bench = Bench::new();
    let mut screen = screen(&bench, &[]);
    screen.keys("\\encoding latin1\r");
    screen.keys("select chr(228) || i as s, i from generate_series(1, 99) i;\r");
    screen.wait(">ä1 ").keys("/ä42\r").wait("row 42 of 99");
    screen.keys("\r").wait("s · row 42");
    assert!(screen.rows().iter().any(|row| row == "ä42"), "{:#?}", screen.rows());
}

tests! {
    a_long_result_opens,
    what_fits_above_the_prompt,
    other_encodings,
    another_pager_is_kept,
    rows_are_seen_while_they_come,
    what_would_be_lost_is_read_to_its_end,
    what_may_write_is_not_cancelled,
    an_error_behind_rows,
    the_users_time_does_not_count,
    sorted_by_type,
    a_value_whole,
}
