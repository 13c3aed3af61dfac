//! The history that remembers: the journal beside psql's file, `\history`, and what a new history
//! begins with.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

const CTRL_C: &str = "\x03";

/// pgsh under its own name, its history where it is by itself.
fn start(bench: &Bench) -> Terminal {
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm").env("TZ", "UTC");
    Terminal::run_as("pgsh", &run.command())
}

fn state(bench: &Bench, name: &str) -> PathBuf {
    bench.directory(Shell::Pgsh).join(".local/state/pgsh").join(name)
}

/// What a command shows, with its own echo.
fn shown_by(terminal: &mut Terminal, line: &str) -> String {
    terminal.line(line).line("\\echo 'the' 'end'").wait("the end\n")
}

/// The journal's lines without what differs from run to run: database, outcome, rows, text.
fn journal(bench: &Bench) -> Vec<[String; 4]> {
    let text = fs::read_to_string(state(bench, "history.journal")).expect("a journal");
    let line = |line: &str| {
        let fields: Vec<&str> = line.splitn(8, '\t').collect();
        [1, 5, 6, 7].map(|field| fields[field].to_owned())
    };
    text.lines().map(line).collect()
}

fn statements_are_remembered_with_how_they_went() {
    let bench = Bench::new();
    let mut terminal = start(&bench);
    terminal.wait("=# ");
    for (line, shown) in [
        ("create table t as select generate_series(1, 3) x;", "SELECT 3"),
        ("select * from t;", "(3 rows)"),
        ("select * from", "-# "),
        ("  nowhere;", "does not exist"),
        ("select 1/0; select 7;", "(1 row)"),
        ("\\dt t", "(1 row)"),
        ("\\set", "VERSION_NUM"),
        ("\\nowhere", "invalid command"),
        ("create role r password 'hidden'; drop role r;", "DROP ROLE"),
        ("delete from t where x > 1;", "DELETE 2"),
    ] {
        terminal.line(line).wait(shown);
        if shown != "-# " {
            terminal.wait("=# ");
        }
    }
    let database = &bench.database;
    let rows = [
        ["ok", "3", "create table t as select generate_series(1, 3) x;"],
        ["ok", "3", "select * from t;"],
        ["42P01", "", "select * from\u{1}  nowhere;"],
        ["22012", "1", "select 1/0; select 7;"],
        ["ok", "", "\\dt t"],
        ["ok", "", "\\set"],
        ["failed", "", "\\nowhere"],
        ["ok", "2", "delete from t where x > 1;"],
    ];
    let expected =
        rows.map(|[outcome, rows, text]| [database, outcome, rows, text].map(str::to_owned));
    assert_eq!(journal(&bench), expected);
    terminal.line("\\pset format csv").wait("Output format is csv.");
    let listed = shown_by(&mut terminal, "\\history FROM*t;");
    assert!(listed.contains("When,Database,Duration (ms),Rows,Outcome,Statement\n"), "{listed}");
    assert!(listed.contains(",3,ok,select * from t;\n"), "{listed}");
    assert!(!listed.contains("nowhere") && !listed.contains("1/0"), "{listed}");
    let listed = shown_by(&mut terminal, "\\history+ from*nowhere");
    assert!(listed.contains("When,Database,Host,User,Duration (ms)"), "{listed}");
    assert!(listed.contains(",42P01,\"select * from\n  nowhere;\"\n"), "{listed}");
    let listed = shown_by(&mut terminal, "\\history role");
    assert!(!listed.contains("role r"), "{listed}");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn only_the_newest_are_listed_unless_all_are_asked_for() {
    let bench = Bench::new();
    fs::create_dir_all(state(&bench, "")).expect("a folder");
    let lines: String = (0..60).map(|number| format!("select {number};\n")).collect();
    fs::write(state(&bench, "history"), lines).expect("a history");
    let mut terminal = start(&bench);
    terminal.wait("=# ");
    terminal.line("\\pset pager off").wait("Pager usage is off.");
    let listed = shown_by(&mut terminal, "\\history select");
    assert!(listed.contains("select 11;") && !listed.contains("select 10;"), "{listed}");
    assert!(listed.contains("The newest 50 of 61; \\history+ lists all."), "{listed}");
    let listed = shown_by(&mut terminal, "\\history+ select");
    assert!(listed.contains("select 0;") && listed.contains("(62 rows)"), "{listed}");
}

fn a_shell_called_psql_has_no_such_command() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("\\history").wait("invalid command \\history");
    terminal.wait("=# ");
    terminal.keys("\\hist\t\t").keys(CTRL_C).wait("\\hist\x07\x07^C");
    terminal.line("\\pset pager off").wait("Pager usage is off.");
    let help = shown_by(&mut terminal, "\\?");
    assert!(help.contains("\\syncpipeline") && !help.contains("\\history"), "{help}");
}

fn help_at_the_prompt_tells_of_it() {
    let bench = Bench::new();
    let mut terminal = start(&bench);
    terminal.wait("=# ");
    terminal.line("\\pset pager off").line("\\?").wait("Beyond psql");
    terminal.wait("\\history[+] [PATTERN]");
    terminal.keys("\\hist\t").wait("\\history ");
}

fn without_a_prompt_there_is_no_history() {
    let bench = Bench::new();
    let program = env!("CARGO_BIN_EXE_pgsh");
    let run = bench.shell(Shell::Pgsh).instead(program, ["-X"]).stdin("\\history\n");
    let outcome = run.outcome();
    let reason = "\\history: there is no history without the line editor, which works at a \
                  terminal's prompt alone\n";
    assert_eq!(String::from_utf8_lossy(&outcome.stderr), reason);
}

fn a_new_history_begins_with_psqls() {
    let bench = Bench::new();
    let psqls = bench.directory(Shell::Pgsh).join(".psql_history");
    let text = "_HiStOrY_V2_\nselect\\0401\\001\\040+\\0401;\nalter\\040role\\040x\\040password\\040'y';\n\\134dt\n";
    fs::write(&psqls, text).expect("a history");
    let mut terminal = start(&bench);
    terminal.wait("begins with 2 entries of ~/.psql_history, which stays as it is.");
    terminal.wait("=# ");
    terminal.keys("\x1b[A\x1b[A").wait("+ 1;");
    terminal.keys("\r").wait("(1 row)");
    terminal.wait("=# ");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
    let kept = fs::read_to_string(state(&bench, "history")).expect("a history");
    assert_eq!(kept, "select 1\u{1} + 1;\n\\dt\nselect 1\u{1} + 1;\n\\q\n");
    assert_eq!(fs::read_to_string(&psqls).expect("a history"), text);
    let shown = start(&bench).wait("=# ");
    assert!(!shown.contains("psql_history"), "{shown}");
}

fn what_was_edited_elsewhere_is_kept() {
    let bench = Bench::new();
    let editor = bench.directory(Shell::Pgsh).join("editor");
    let script = "#!/bin/sh\nprintf 'select 6 *\\n  7;\\n' > \"$1\"\n";
    fs::write(&editor, script).expect("an editor");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("permissions");
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm").env("PSQL_EDITOR", &editor);
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    terminal.line("\\e").wait("42");
    terminal.wait("=# ");
    assert_eq!(
        fs::read_to_string(state(&bench, "history")).expect("a history"),
        "\\e\nselect 6 *\u{1}  7;\n"
    );
}

fn what_was_given_up_can_be_recalled() {
    let bench = Bench::new();
    let mut terminal = start(&bench);
    terminal.wait("=# ");
    terminal.line("select 'half',").wait("-# ");
    terminal.keys(CTRL_C).wait("=# ");
    terminal.keys("\x1b[A").wait("select 'half',");
    terminal.keys(" 2;\r").wait("(1 row)");
    terminal.wait("=# ");
    assert_eq!(
        fs::read_to_string(state(&bench, "history")).expect("a history"),
        "select 'half', 2;\n"
    );
}

tests! {
    statements_are_remembered_with_how_they_went,
    only_the_newest_are_listed_unless_all_are_asked_for,
    a_shell_called_psql_has_no_such_command,
    help_at_the_prompt_tells_of_it,
    without_a_prompt_there_is_no_history,
    a_new_history_begins_with_psqls,
    what_was_edited_elsewhere_is_kept,
    what_was_given_up_can_be_recalled,
}
