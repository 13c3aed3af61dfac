//! The clipboard: `\clip`, through the terminal and by programs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::harness::{self, Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

/// What a user copies first in each test.
const ORDERS: &str = "select i as id, 'Ü ' || i as name from generate_series(1, 2) i;";

/// Variables of a terminal that is reached from elsewhere, whatever the tests' own environment is.
const SSH: (&str, &str) = ("SSH_CONNECTION", "198.51.100.7 50000 198.51.100.8 22");

/// What the terminal was asked to take, one text after the other.
fn copied(terminal: &Terminal) -> Vec<String> {
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    let sequences = written.split("\x1b]52;c;").skip(1);
    let text = |sequence: &str| {
        let encoded = sequence.split('\x07').next().expect("an end");
        String::from_utf8(BASE64_STANDARD.decode(encoded).expect("base64")).expect("UTF-8")
    };
    sequences.map(text).collect()
}

/// Forms of a result, parts of it, and the query, through the terminal.
fn what_is_copied() {
    let bench = Bench::new();
    let mut terminal = Terminal::own(&bench, &[], &[SSH]);
    terminal.line(ORDERS).wait("(2 rows)");
    let tsv = "id\tname\n1\tÜ 1\n2\tÜ 2\n";
    for (command, said, expected) in [
        ("\\clip", "2 rows as tsv, 22 bytes, through the terminal (OSC 52)", tsv),
        ("\\clip csv", "2 rows as csv, 22 bytes", "id,name\n1,Ü 1\n2,Ü 2\n"),
        (
            "\\clip json (columns=name)",
            "2 rows as json",
            "[\n{\"name\":\"Ü 1\"},\n{\"name\":\"Ü 2\"}\n]\n",
        ),
        (
            "\\clip markdown",
            "2 rows as markdown",
            "| id | name |\n| ---: | --- |\n| 1 | Ü 1 |\n| 2 | Ü 2 |\n",
        ),
        (
            "\\clip (title=T) text",
            "2 rows as text",
            "     T\n id | name \n----+------\n  1 | Ü 1\n  2 | Ü 2\n(2 rows)\n",
        ),
        ("\\clip (tuples_only)", "2 rows as tsv", "1\tÜ 1\n2\tÜ 2\n"),
        ("\\clip query", "the query, ", ORDERS),
    ] {
        terminal.line(command).wait(&format!("Copied {said}"));
        terminal.wait("=# ");
        assert_eq!(copied(&terminal).last().map(String::as_str), Some(expected), "{command}");
    }
    // A value alone has nothing around it; an older result is still there.
    terminal.line("select E'one\\ntwo' as a;").wait("(1 row)");
    terminal.line("\\clip").wait("Copied a value, 7 bytes");
    terminal.line("\\clip 2").wait("Copied 2 rows as tsv");
    terminal.line("select 7 \\clip query").wait("Copied the query, 9 bytes");
    terminal.line(";").wait("(1 row)");
    assert_eq!(copied(&terminal)[7..], ["one\ntwo", tsv, "select 7 "]);
}

/// What can't be copied is told, and nothing is sent.
fn what_is_refused() {
    let bench = Bench::new();
    let mut terminal = Terminal::own(&bench, &[], &[SSH]);
    terminal.line("\\clip").wait("no result is kept yet");
    terminal.line("\\clip query").wait("\\clip: there is no query yet");
    terminal.line(ORDERS).wait("(2 rows)");
    for (command, said) in [
        ("\\clip pdf", "\\clip: unknown format \"pdf\"; there are text, tsv, csv, json,"),
        ("\\clip csv tsv", "\\clip: extra argument \"tsv\""),
        ("\\clip 9", "only one result is kept"),
        ("\\clip (columns=no)", "no column of this result is called \"no\"; it has id, name"),
    ] {
        terminal.line(command).wait(said);
    }
    terminal.line("\\pset pager off").line("select repeat('x', 80000) as a \\g |wc -c").wait("\n");
    terminal.line("\\clip").wait(
        "\\clip: nothing was copied: the clipboard takes 73 kB here, and this is more; \\last FILE \
         writes it to a file",
    );
    terminal.line("\\encoding LATIN1").line("select 'ä' as a \\g |wc -c").wait("\n");
    terminal.line("\\clip").wait("\\clip: the result came in LATIN1, and a clipboard takes UTF-8");
    assert_eq!(copied(&terminal), Vec::<String>::new());
    // A terminal without escape sequences, and none at all.
    for (arguments, environment) in [(&["-n"][..], ("A", "b")), (&[], ("TERM", "dumb"))] {
        let mut terminal = Terminal::own(&bench, arguments, &[SSH, environment]);
        terminal.line(ORDERS).wait("(2 rows)");
        terminal.line("\\clip").wait("\\clip: no clipboard can be reached: the terminal takes no");
        assert!(!terminal.written().contains(&0x1b), "{}", terminal.written().escape_ascii());
    }
    let script = format!("\\set KEEP_RESULTS 1\n{ORDERS}\n\\clip\n");
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["-X", "-o", "out"]);
    let outcome = run.stdin(script).outcome();
    assert_eq!(
        String::from_utf8_lossy(&outcome.stderr),
        "\\clip: there is nobody at a terminal to paste anything\n"
    );
}

/// A directory of programs that write what they get to a file of their name, or fail.
fn programs(directory: &Path, all: &[(&str, &str)]) -> String {
    let bin = directory.join("clipboards");
    fs::create_dir_all(&bin).expect("a directory");
    for (name, script) in all {
        let file = bin.join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("a program");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    format!("{}:/usr/bin:/bin", bin.display())
}

/// A program where there is a display; if it fails the next, the terminal at last.
fn programs_go_first_where_there_is_a_display() {
    let bench = Bench::new();
    let here = bench.directory(Shell::Pgsh).to_owned();
    let path = programs(
        &here,
        &[
            ("wl-copy", "cat > wl-copied"),
            ("xclip", "echo no display >&2; exit 1"),
            ("xsel", "cat > xsel-copied; echo \"$@\" >> xsel-copied"),
            ("tmux", "cat > tmux-copied; exit $(cat tmux-status)"),
        ],
    );
    let tmux = ("TMUX", "/nowhere,1,0");
    fs::write(here.join("tmux-status"), "0").expect("a file");
    for (environment, said, file, expected) in [
        (&[("WAYLAND_DISPLAY", "w"), ("DISPLAY", ":0")][..], "by wl-copy.", "wl-copied", "1"),
        (&[("DISPLAY", ":0")], "by xsel.", "xsel-copied", "1--clipboard --input\n"),
        (&[tmux], "by tmux.", "tmux-copied", "1"),
    ] {
        let path = ("PATH", path.as_str());
        let mut terminal = Terminal::own(&bench, &[], &[environment, &[path]].concat());
        terminal.line("select 1 as a;").wait("(1 row)");
        terminal.line("\\clip").wait(&format!("Copied a value, 1 byte, {said}"));
        assert_eq!(fs::read_to_string(here.join(file)).expect("a file"), expected);
        assert_eq!(copied(&terminal), Vec::<String>::new());
    }
    // A tmux that knows no clipboard gets the sequence, as it is and to be passed on.
    fs::write(here.join("tmux-status"), "1").expect("a file");
    for (variable, start, end) in [
        (tmux, "\x1b]52;c;MQ==\x07\x1bPtmux;\x1b\x1b]52;c;", "\x07\x1b\\"),
        (("STY", "1.tty"), "\x1bP\x1b]52;c;", "\x07\x1b\\"),
    ] {
        let mut terminal = Terminal::own(&bench, &[], &[("PATH", &path), variable]);
        terminal.line("select 1 as a;").wait("(1 row)");
        terminal.line("\\clip").wait("through the terminal (OSC 52).");
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert!(written.contains(&format!("{start}MQ=={end}")), "{}", written.escape_debug());
    }
}

tests! {
    programs_go_first_where_there_is_a_display,
    what_is_copied,
    what_is_refused,
}
