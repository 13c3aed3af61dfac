//! Names and texts that others chose, at the prompt: files that Tab completes, and what the server
//! says, with all in them that a shell or a terminal might obey.

use std::fs;
use std::path::Path;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

/// Ends a line that was begun.
const CTRL_C: &str = "\x03";

/// Files whose names would run something, or be another's, were they typed as they are: the name,
/// and how much of it is typed before Tab.
const FILES: &[(&str, &str)] = &[
    ("aa`touch x`.sql", "aa"),
    ("ab c.sql", "ab"),
    ("ac'd.sql", "ac"),
    ("ad\"e.sql", "ad"),
    ("ae\\f.sql", "ae"),
    ("ag:USER", "ag"),
    ("ah:'USER'", "ah"),
    ("ai;", "ai"),
    ("aj\nk", "aj"),
    ("al\x1b[2Jm", "al"),
    ("an\u{202e}o", "an"),
    ("ap'`touch x`'", "ap"),
    ("aq\\'`touch x`", "aq"),
    ("-r", "-"),
    ("~s", "~"),
    ("at|touch x", "at"),
];

fn write_files(folder: &Path) {
    for (number, (name, _)) in FILES.iter().enumerate() {
        let text = format!("\\echo read{number}ok\n");
        fs::write(folder.join(name), text).expect("a file");
    }
}

/// Drops the line, and waits for the next: what is typed earlier may be dropped with it.
fn abandon(terminal: &mut Terminal) {
    terminal.keys(CTRL_C).wait("^C");
    terminal.wait("=# ");
}

/// Whether a command that a name holds was run.
fn was_run(folder: &Path) -> bool {
    folder.join("x").exists()
}

fn included_files_are_those_that_tab_completes() {
    let bench = Bench::new();
    let folder = bench.directory(Shell::Pgsh);
    write_files(folder);
    let mut terminal = Terminal::start(&bench, &[]);
    for (number, (name, typed)) in FILES.iter().enumerate() {
        for command in ["\\i ", "\\ir '"] {
            terminal.keys(command).keys(typed).keys("\t\r");
            let shown = terminal.wait(&format!("\nread{number}ok\n"));
            assert!(!shown.contains("No such file"), "{name:?}: {shown}");
        }
    }
    assert!(!was_run(folder));
}

fn files_are_written_where_tab_says() {
    let bench = Bench::new();
    let folder = &bench.directory(Shell::Pgsh).join("empty");
    fs::create_dir(folder).expect("a directory");
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("create table t as select 'in the table' as c;").wait("SELECT 1\n");
    terminal.line("\\cd empty").wait("=# ");
    let pipe = ("|touch x", "'");
    for (name, typed) in FILES.iter().chain([&pipe]) {
        // None of the files but this one is there, so that nothing need be typed for some.
        let file = folder.join(name);
        for (before, after, expected) in [
            ("\\o ", "\rselect 'of o';\r\\o\r", "of o"),
            ("select 'of g' \\g ", "\r", "of g"),
            ("select 'of gx' \\gx ", "\r", "of gx"),
            ("select 'of w'\r\\w ", "\r\\r\r", "of w"),
            ("\\lo_import ", "\r\\lo_export :LASTOID back\r", ""),
        ] {
            fs::write(&file, "old").expect("a file");
            terminal.keys(before).keys(typed).keys("\t").keys(after);
            terminal.line("\\echo all' done'").wait("\nall done\n");
            if expected.is_empty() {
                let back = fs::read_to_string(folder.join("back")).expect("a file");
                assert_eq!(back, "old", "{name:?}");
            } else {
                let found = fs::read_to_string(&file).expect("a file");
                assert!(found.contains(expected), "{before}{name:?}: {found:?}");
            }
        }
        fs::remove_file(folder.join("back")).expect("no file");
        let unquoted = typed.trim_matches('\'');
        // What \copy's literals can't hold is not offered.
        if !name.contains(['\n', '\x1b', '\u{202e}']) {
            terminal.keys(&format!("\\copy t to '{unquoted}\t\r")).wait("COPY 1");
            let found = fs::read_to_string(&file).expect("a file");
            assert_eq!(found, "in the table\n", "{name:?}");
        }
        fs::remove_file(&file).expect("no file");
        assert!(!was_run(folder), "{name:?}");
    }
}

fn a_pipe_is_never_completed() {
    let bench = Bench::new();
    let folder = bench.directory(Shell::Pgsh);
    fs::write(folder.join("|touch x"), "").expect("a file");
    fs::write(folder.join("touch x"), "").expect("a file");
    let mut terminal = Terminal::start(&bench, &[]);
    for typed in ["\\o |", "\\g |", "\\w |", "\\o |to", "\\o '|"] {
        terminal.keys(typed).keys("\t\t");
        abandon(&mut terminal);
    }
    terminal.line("\\echo `ls`").wait("touch x");
    assert!(!was_run(folder));
}

fn directories_are_entered_that_tab_completes() {
    let bench = Bench::new();
    let folder = bench.directory(Shell::Pgsh);
    let mut terminal = Terminal::start(&bench, &[]);
    for (number, (name, typed)) in FILES.iter().enumerate() {
        let inner = folder.join(name);
        fs::create_dir(&inner).expect("a directory");
        fs::write(inner.join("in side.sql"), format!("\\echo in{number}side\n")).expect("a file");
        // Two presses: the directory, and the file in it.
        terminal.keys("\\i ").keys(typed).keys("\t\t\r").wait(&format!("\nin{number}side\n"));
        terminal.keys("\\cd '").keys(typed).keys("\t'\r");
        terminal.line("\\i 'in side.sql'").wait(&format!("\nin{number}side\n"));
        terminal.line("\\cd ..").line("\\echo b'ack'").wait("\nback\n");
        fs::remove_dir_all(&inner).expect("no directory");
        assert!(!was_run(folder), "{name:?}");
    }
}

/// What an author of names and texts may put into them: a title, a cleared screen, by either kind of
/// control character, text that runs the other way, and text that can't be seen.
const PAYLOAD: &str = "chr(27)||']0;owned'||chr(7)||chr(155)||'2J'||chr(157)||'0;x'||chr(156)\
    ||chr(8238)||chr(8294)||chr(8203)||chr(917569)||chr(127)||chr(13)||'end'";

/// Bytes that must not come to a terminal.
fn find_unsafe(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let bad = match c {
            '\u{7f}'..='\u{9f}' | '\x07' | '\u{202a}'..='\u{202e}' => true,
            '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}' => true,
            // The editor's own are all CSI sequences.
            c => before == '\x1b' && c != '[',
        };
        if bad {
            let from = text[..at].char_indices().rev().nth(60).map_or(0, |(from, _)| from);
            return Some(text[from..at + c.len_utf8()].escape_debug().to_string());
        }
        before = c;
    }
    None
}

/// A path that only begins with something special once it is shortened is a file's still.
fn paths_are_not_read_twice() {
    let bench = Bench::new();
    let folder = bench.directory(Shell::Pgsh);
    fs::create_dir(folder.join("~")).expect("a directory");
    fs::write(folder.join("~/f"), "\\echo in the folder\n").expect("a file");
    fs::write(folder.join("-"), "\\echo in the file\n").expect("a file");
    let script = "\\i ./~/f\n\\ir ./~/f\n\\i ./-\nselect 1 \\w './|touch x'\n\\r\n";
    let outcome = bench.run(Shell::Pgsh, &["-X".to_owned()], script.as_bytes());
    let rendered = outcome.render();
    let text = String::from_utf8_lossy(&rendered);
    assert!(text.contains("in the folder\nin the folder\nin the file\n"), "{text}");
    assert_eq!(fs::read_to_string(folder.join("|touch x")).expect("a file"), "select 1 \n");
    assert!(!was_run(folder));
}

/// Statements that show what the server sent, each way that there is.
fn statements() -> Vec<String> {
    let mut all: Vec<String> = [
        "do $$ begin execute format('create table %I (%I int)', 't' || payload(), payload()); end $$;",
        "do $$ begin execute format('comment on table %I is %L', 't' || payload(), payload()); end $$;",
        "do $$ begin raise notice '%', payload(); end $$;",
        "do $$ begin raise exception '%', payload() using detail = payload(), hint = payload(); end $$;",
        "\\errverbose",
        "\\d",
        "\\d t*",
        "\\dt+ t*",
        "\\d nothing",
        "select payload() as v, 't' || payload() as t \\gset",
        "\\set",
        "\\C :v",
        "select * from :\"t\";",
        "\\C",
        "copy (select payload()) to stdout;",
        "\\copy (select payload()) to stdout",
        "listen x;",
        "do $$ begin perform pg_notify('x', payload()); end $$;",
        "select 'select ' || quote_literal(payload()) \\gexec",
        "select 1 as a, payload() as b, payload() as c \\crosstabview",
        "select payload() \\gdesc",
        "\\set ECHO queries",
        "select :'v';",
        "\\set ECHO none",
        "select payload() as p, 1 \\watch c=1 i=0.01",
        "\\set FETCH_COUNT 1",
        "select payload();",
        "\\unset FETCH_COUNT",
        "\\pset null :v",
        "\\pset",
        "select null;",
        "\\i :v",
        "\\lo_import :v",
        "\\connect :v",
    ]
    .map(str::to_owned)
    .into();
    for format in [
        "aligned",
        "wrapped",
        "unaligned",
        "csv",
        "html",
        "asciidoc",
        "latex",
        "latex-longtable",
        "troff-ms",
        "markdown",
        "json",
        "ndjson",
        "fitted",
    ] {
        all.push(format!("\\pset format {format}"));
        all.push("select payload() as \"a\", :'v' as :\"t\";".to_owned());
        all.push("select payload() as \"a\", :'v' as :\"t\" \\gx".to_owned());
    }
    all
}

fn a_terminal_gets_no_control_characters_of_others() {
    let bench = Bench::new();
    for arguments in [&[][..], &["-n"]] {
        let pager = ("PAGER", "cat");
        let mut terminal = Terminal::own(&bench, arguments, &[pager]);
        let make = format!(
            "create or replace function payload() returns text language sql as $$ select {PAYLOAD} $$;"
        );
        terminal.line(&make).wait("CREATE FUNCTION");
        terminal.wait("=# ");
        for pager in ["off", "always"] {
            terminal.line(&format!("\\pset pager {pager}")).wait("=# ");
            for statement in statements() {
                terminal.line(&statement).line("\\echo all' done'").wait("all done\n");
                assert_eq!(find_unsafe(terminal.written()), None, "{statement}");
            }
            terminal.line("do $$ begin execute format('drop table %I', 't' || payload()); end $$;");
            // The prompt behind what it says: what is typed before is echoed by the kernel.
            terminal.wait("DO\n");
            terminal.wait("=# ");
        }
        if arguments.is_empty() {
            // What is pasted is drawn without it.
            terminal.keys("\x1b[200~select 'p\u{9b}2J\u{202e}\u{e0041}q'\x1b[201~").wait("q'");
            abandon(&mut terminal);
        }
        assert_eq!(find_unsafe(terminal.written()), None);
    }
}

/// In a script every byte is psql's.
fn scripts_keep_the_bytes() {
    let bench = Bench::new();
    for format in ["aligned", "unaligned", "csv", "html", "asciidoc"] {
        let script = format!(
            "\\pset format {format}\nselect {PAYLOAD} as v \\gset\n\\C :v\n\
             select {PAYLOAD} as a;\ndo $$ begin raise notice '%', {PAYLOAD}; end $$;\n\
             copy (select {PAYLOAD}) to stdout;\n\\echo :v\n"
        );
        let [ours, psql] = bench.run_both(&["-X".to_owned()], script.as_bytes());
        assert_eq!(ours.render(), psql.render(), "{format}");
    }
}

/// Ctrl-C at either question of a long list of candidates drops the list, and the line.
fn ctrl_c_ends_a_list_of_candidates() {
    let bench = Bench::new();
    let folder = bench.directory(Shell::Pgsh);
    for number in 0..120 {
        fs::write(folder.join(format!("a_file_with_a_long_name_{number}")), "").expect("a file");
    }
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("\\set COMPLETION list").wait("=# ");
    for (keys, question) in [("", "(y or n)"), ("y", "--More--")] {
        terminal.keys("\\i a_fi\t").wait("a_file_with_a_long_name_");
        terminal.keys("\t").wait("(y or n)");
        terminal.keys(keys);
        if !keys.is_empty() {
            terminal.wait(question);
        }
        // The line once more, and the next.
        terminal.keys(CTRL_C).wait("=# ");
        terminal.wait("^C");
        terminal.wait("=# ");
        terminal.line("select 6 * 7;").wait("42");
        terminal.wait("=# ");
    }
    // Before the question comes, nothing is drawn anew.
    terminal.keys("\\i a_file_with_a_long_name_11\t").wait("\x07");
    terminal.keys(CTRL_C).wait("^C");
    let shown = terminal.wait("=# ");
    assert!(!shown.contains("a_file"), "{shown}");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

tests! {
    included_files_are_those_that_tab_completes,
    files_are_written_where_tab_says,
    a_pipe_is_never_completed,
    directories_are_entered_that_tab_completes,
    paths_are_not_read_twice,
    a_terminal_gets_no_control_characters_of_others,
    scripts_keep_the_bytes,
    ctrl_c_ends_a_list_of_candidates,
}
