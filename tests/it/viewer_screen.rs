//! The table viewer and the terminal: its screen, its size, its mouse, and that it has its own screen
//! back whatever way the viewer ends.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{self, Bench, Shell};
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::trial::tests;

const CTRL_Z: &str = "\x1a";
const SIZE: (u16, u16) = (80, 24);
/// A result that opens in the viewer.
const LONG: &str = "select i as n, 'v' || i as v from generate_series(1, 99) i;\r";

/// pgsh at its prompt, below what it wrote before, with no pager named.
fn screen(bench: &Bench) -> Screen {
    let mut screen = Screen::around(Terminal::open_own(bench, &[], &[]), SIZE);
    screen.keys("\\echo before\r").wait("before");
    screen
}

/// Waits until the terminal has its first screen back, and what was there is.
#[track_caller]
fn assert_restored(screen: &mut Screen) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while screen.is_full_screen() {
        assert!(Instant::now() < deadline, "{:#?}", screen.rows());
        screen.keys("");
    }
    assert!(screen.rows().iter().any(|row| row == "before"), "{:#?}", screen.rows());
    assert!(!screen.rows().iter().any(|row| row.contains("v20")), "{:#?}", screen.rows());
}

fn the_screen_is_restored() {
    let bench = Bench::new();
    for signal in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let mut screen = screen(&bench);
        assert!(!screen.is_full_screen());
        screen.keys(LONG).wait("row 1 of 99");
        assert!(screen.is_full_screen());
        match signal {
            None => drop(screen.keys("q")),
            Some(signal) => {
                let pid = Pid::from_raw(screen.pid().cast_signed()).expect("a process");
                kill_process(pid, signal).expect("to send a signal");
            }
        }
        assert_restored(&mut screen);
        if signal.is_none() {
            screen.keys("select 'as' || ' ever';\r").wait("as ever");
        }
    }
}

/// Ctrl-Z gives the terminal to the shell as it was, and fg brings the table back.
fn ctrl_z_and_fg() {
    let bench = Bench::new();
    let pgsh = bench.shell(Shell::Pgsh).env("TERM", "xterm").env("PSQL_HISTORY", "/dev/null");
    let mut terminal = pgsh.instead("bash", ["--norc", "--noediting", "-i"]).terminal();
    terminal.wait("psql-");
    terminal.line("PS1='shell> '").wait("\nshell> ");
    terminal.line(&format!("{} -X", harness::program(Shell::Pgsh).display()));
    let mut screen = Screen::around(terminal, SIZE);
    screen.keys("\\echo before\r").wait("before").keys(LONG).wait("row 1 of 99");
    screen.keys("j").wait("row 2 of 99").keys(CTRL_Z).wait("Stopped").wait("shell> ");
    assert_restored(&mut screen);
    screen.keys("fg\r").wait("row 2 of 99");
    assert!(screen.is_full_screen());
    screen.keys("q").wait("(99 rows)");
    assert_restored(&mut screen);
}

fn the_table_follows_the_size_of_the_screen() {
    let bench = Bench::new();
    let mut screen = screen(&bench);
    screen.keys(LONG).wait("row 1 of 99");
    for (columns, rows) in [(40, 10), (120, 40), (20, 5), (80, 24)] {
        screen.resize(columns, rows);
        let shown = screen.rows();
        assert_eq!(shown.len(), usize::from(rows), "{shown:#?}");
        assert!(shown[0].starts_with("  n │ v"), "{shown:#?}");
        assert!(shown.last().is_some_and(|row| row.starts_with(" row 1 of 99")), "{shown:#?}");
    }
    screen.keys("q").wait("(99 rows)");
    assert!(!screen.is_full_screen());
}

fn the_mouse_chooses_and_turns() {
    let bench = Bench::new();
    let mut screen = screen(&bench);
    screen.keys(LONG).wait("row 1 of 99");
    screen.keys("\x1b[<0;8;6M\x1b[<0;8;6m").wait("row 4 of 99").wait("column 2 of 2");
    screen.keys("\x1b[<65;8;6M").wait("> 4 │ v4");
    assert_eq!(screen.rows()[2], "> 4 │ v4");
    // Once more opens the cell.
    screen.keys("\x1b[<0;8;3M").wait("v · row 4");
    screen.keys("qq");
    assert_restored(&mut screen);
}

/// 1600 columns, and values that no terminal may get.
fn wide_and_hostile_results() {
    let bench = Bench::new();
    let mut screen = screen(&bench);
    screen.keys(
        "select 'create view wide as select ' || string_agg(format('i+%s as c%s', k, k), ', ' \
         order by k) || ' from generate_series(1, 99) i' from generate_series(1, 1600) k \\gexec\r",
    );
    screen.wait("CREATE VIEW").keys("table wide;\r").wait("column 1 of 1600");
    screen.keys("$").wait("column 1600 of 1600");
    assert!(screen.rows()[0].ends_with(" c1600"), "{:#?}", screen.rows());
    screen.keys("0f$").wait("│ c1600");
    assert!(screen.rows()[0].contains("c1 ║"), "{:#?}", screen.rows());
    screen.keys("q");
    screen.keys(
        "select E'\\x1b]0;owned\\x07\\x1b[2J' || chr(8238) || E'\\nnext' as a, '中文' as b from \
         generate_series(1, 99);\r",
    );
    screen.wait("row 1 of 99").wait("\\x1B]0;owned\\x07\\x1B[2J\\u202E↵next │ 中文");
    screen.keys("\r").wait("\\x1B]0;owned");
    screen.keys("qq");
    assert!(!String::from_utf8_lossy(screen.written()).contains("\x1b]0;owned"));
    assert_restored(&mut screen);
}

/// A terminal that can't move its cursor shows a table as ever, whatever the pager is to be.
fn not_on_a_terminal_that_can_only_write() {
    let bench = Bench::new();
    for term in ["dumb", "unknown"] {
        let mut terminal = Terminal::own(&bench, &[], &[("TERM", term), ("PAGER", "cat")]);
        terminal.line("\\pset pager view").wait("=# ");
        terminal.line(LONG.trim_end()).wait("(99 rows)");
        assert!(!terminal.written().contains(&0x1b), "{term}");
    }
}

tests! {
    the_screen_is_restored,
    ctrl_z_and_fg,
    the_table_follows_the_size_of_the_screen,
    the_mouse_chooses_and_turns,
    wide_and_hostile_results,
    not_on_a_terminal_that_can_only_write,
}
