//! The line that tells how far data have come: `\copy` both ways, COPY FROM STDIN of a script.

use std::fs;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

const CTRL_C: &str = "\x03";
/// What clears the line.
const CLEAR: &str = "\r\x1b[J";

/// A table that takes its time for each row, and rows of ten kilobytes: the shell can't write ahead.
const SLOW: &str = "create table slow (x text); create function wait() returns trigger \
     language plpgsql as $$ begin perform pg_sleep(0.01); return new; end $$; \
     create trigger wait before insert on slow for each row execute function wait();";

fn rows() -> String {
    format!("{}\n", "x".repeat(10_000)).repeat(400)
}

fn start(bench: &Bench) -> Terminal {
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    for command in SLOW.replace("; create", ";\ncreate").lines() {
        terminal.line(command).wait("CREATE");
        terminal.wait("=# ");
    }
    terminal
}

/// Each way, what the line shows at least, and nothing of it is left when the command ends.
fn data_on_their_way_are_told_of() {
    let bench = Bench::new();
    let directory = bench.directory(Shell::Pgsh);
    fs::write(directory.join("rows.txt"), rows()).expect("a file");
    let script = format!("select 1;\ncopy slow from stdin;\n{}\\.\n", rows());
    fs::write(directory.join("load.sql"), script).expect("a file");
    let seen = directory.join("seen");
    let mut terminal = start(&bench);
    for (command, shown, end) in [
        ("\\copy slow from 'rows.txt'", "\\copy from rows.txt [###", "COPY 400\n"),
        ("\\i load.sql", "COPY FROM STDIN of load.sql [###", "COPY 400\n"),
        (
            "\\copy (select repeat('x', 10000), pg_sleep(0.01) from generate_series(1, 300)) to 'out.txt'",
            "\\copy to out.txt ",
            "COPY 300\n",
        ),
        (
            "\\copy slow from program 'echo a; sleep 2; echo b; until [ -e seen ]; do sleep 0.1; done; echo c'",
            "\\copy from program 4 bytes",
            "COPY 3\n",
        ),
    ] {
        // The last program waits until its line was seen.
        let _ = fs::remove_file(&seen);
        terminal.line(command).wait(shown);
        terminal.wait("(Ctrl-C cancels)");
        fs::write(&seen, "").expect("a file");
        let rest = terminal.wait(end);
        assert!(rest.ends_with(end), "{command}: {rest:?}");
        terminal.wait("=# ");
    }
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    for after in written.split("(Ctrl-C cancels)").skip(1) {
        assert!(after.starts_with("\r") && after[1..].starts_with(CLEAR), "{after:?}");
    }
}

fn ctrl_c_ends_a_copy_and_its_line() {
    let bench = Bench::new();
    fs::write(bench.directory(Shell::Pgsh).join("rows.txt"), rows()).expect("a file");
    let mut terminal = start(&bench);
    terminal.line("\\copy slow from 'rows.txt'").wait("\\copy from rows.txt");
    // Whether the server is asked to cancel, or is sent no more data, depends on the moment.
    terminal.keys(CTRL_C).wait("ERROR:  ");
    terminal.wait("=# ");
    terminal.line("\\echo 'the' 'end'").wait("the end\n");
}

/// Nothing where it is not wanted, and in a script only what was asked for.
fn who_does_not_want_it_does_not_see_it() {
    let bench = Bench::new();
    let directory = bench.directory(Shell::Pgsh);
    fs::write(directory.join("rows.txt"), rows()).expect("a file");
    fs::write(directory.join("copy.sql"), "\\copy slow from 'rows.txt'\n").expect("a file");
    let mut terminal = start(&bench);
    terminal.line("\\set PROGRESS off");
    let seen = terminal.line("\\copy slow from 'rows.txt'").wait("COPY 400\n");
    assert!(!seen.contains("Ctrl-C"), "{seen:?}");
    terminal.keys("\x04");
    for (arguments, term, is_shown) in [
        (&["-X", "-f", "copy.sql"][..], "xterm", false),
        (&["-X", "-v", "PROGRESS=on", "-f", "copy.sql"], "xterm", true),
        (&["-X", "-v", "PROGRESS=on", "-f", "copy.sql"], "dumb", false),
        (&["-X", "-v", "PROGRESS=off", "-f", "copy.sql"], "xterm", false),
    ] {
        let run = bench.shell(Shell::Pgsh).args(arguments).env("TERM", term);
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        let seen = terminal.wait("COPY 400\n");
        assert_eq!(
            seen.contains("\\copy from rows.txt ["),
            is_shown,
            "{arguments:?} {term}: {seen:?}"
        );
        let has_escapes = terminal.written().contains(&b'\x1b');
        assert_eq!(has_escapes, is_shown, "{arguments:?} {term}");
    }
}

tests! {
    data_on_their_way_are_told_of,
    ctrl_c_ends_a_copy_and_its_line,
    who_does_not_want_it_does_not_see_it,
}
