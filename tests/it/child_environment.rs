//! Programs started at the prompt are led to the server that the shell is connected to; those of
//! scripts find the environment as it was.

use std::fs;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::run::Run;
use crate::trial::tests;

/// Prints what leads a program to a server.
const SHOW: &str = "echo \"<$PGDATABASE|$PGUSER|$PGSERVICE|$PGHOSTADDR|$PGSSLMODE|$PGPASSWORD>\"";

/// A shell whose environment would lead its children elsewhere.
fn misled(bench: &Bench) -> Run {
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    fs::write(bench.directory(Shell::Pgsh).join("show"), format!("{SHOW}\n")).expect("a script");
    run.env("PGSSLMODE", "disable").env("PGPASSWORD", "own")
}

/// Waits for a prompt, gives a line, and what is printed up to the next prompt.
fn answer(terminal: &mut Terminal, line: &str) -> String {
    terminal.line(line).line("\\echo 'the' 'end'").wait("the end\n")
}

fn every_program_of_the_prompt() {
    let bench = Bench::new();
    let other = &bench.database;
    let mut terminal = Terminal::run_as("pgsh", &misled(&bench).command());
    terminal.wait("=# ");
    terminal.line("create role joe superuser login;").wait("CREATE ROLE");
    terminal.line("\\c \"dbname=postgres user=joe sslmode=allow\"").wait("You are now connected");
    let expected = "<postgres|joe|||allow|own>";
    for line in [
        "\\! sh show",
        "\\echo `sh show`",
        "select 1 \\g |sh show",
        "\\copy (select 1) to program 'sh show'",
        "\\o |sh show\n\\o",
        "select 1 \\w |sh show\n\\r",
        "\\setenv PSQL_PAGER 'sh show'\n\\pset pager always\nselect 1;\n\\pset pager off",
    ] {
        let shown = answer(&mut terminal, line);
        assert!(shown.contains(expected), "{line}\n{shown}");
    }
    // What the user says now counts.
    let shown = answer(&mut terminal, "\\setenv PGDATABASE mine\n\\! sh show");
    assert!(shown.contains("<mine|joe|||allow|own>"), "{shown}");
    let shown = answer(&mut terminal, &format!("\\c {other}\n\\! sh show"));
    assert!(shown.contains(&format!("<{other}|joe|||allow|own>")), "{shown}");
    // A script that the prompt runs is a script.
    fs::write(bench.directory(Shell::Pgsh).join("script"), "\\! sh show\n").expect("a script");
    for line in ["\\i script", "\\set CHILD_ENVIRONMENT off\n\\! sh show"] {
        let shown = answer(&mut terminal, line);
        assert!(shown.contains("<mine|") && shown.contains("|disable|own>"), "{line}\n{shown}");
    }
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

/// A service decides before the environment does, so it is passed on only while it says the same.
fn a_service_that_leads_elsewhere() {
    let bench = Bench::new();
    let home = bench.directory(Shell::Pgsh);
    let file = format!("[here]\ndbname={}\n", bench.database);
    fs::write(home.join(".pg_service.conf"), file).expect("a service file");
    let run = misled(&bench).without("PGDATABASE").env("PGSERVICE", "here");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    let shown = answer(&mut terminal, "\\! sh show");
    assert!(shown.contains(&format!("<{}|", bench.database)), "{shown}");
    assert!(shown.contains("|here||disable|own>"), "{shown}");
    let shown = answer(&mut terminal, "\\c postgres\n\\! sh show");
    assert!(shown.contains("<postgres|") && shown.contains("|||disable|own>"), "{shown}");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

/// Neither scripts nor a shell called psql.
fn nothing_elsewhere() {
    let bench = Bench::new();
    let before = "<mine|nobody|||disable|own>";
    let run = misled(&bench).env("PGDATABASE", "mine").env("PGUSER", "nobody");
    let database = format!("dbname={} user=postgres", bench.database);
    let run = run.args(["-d", &database]);
    for script in ["\\! sh show\n", "\\echo `sh show`\n", "select 1 \\g |sh show\n"] {
        let outcome = run.clone().called_pgsh().stdin(script).outcome();
        let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
        assert!(shown.contains(before), "{script}{shown}");
    }
    let outcome = run.clone().called_pgsh().args(["-c", "\\! sh show"]).outcome();
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), format!("{before}\n"));
    let mut terminal = Terminal::run_as("psql", &run.command());
    terminal.wait("=# ");
    let shown = answer(&mut terminal, "\\! sh show");
    assert!(shown.contains(before), "{shown}");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

tests! {
    every_program_of_the_prompt,
    a_service_that_leads_elsewhere,
    nothing_elsewhere,
}
