//! The net under production as a user meets it: the class in the prompt, what holds there, what is
//! asked; and that scripts and psql know nothing of it.

use crate::harness::{Bench, Shell};
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::trial::tests;

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const SIZE: (u16, u16) = (100, 40);

/// pgsh under its own name.
fn start(bench: &Bench, environment: &[(&str, &str)]) -> Screen {
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let run = run.envs(environment.iter().copied());
    Screen::around(Terminal::run_as("pgsh", &run.command()), SIZE)
}

/// The last row, which holds the prompt.
fn prompt(screen: &Screen) -> String {
    screen.rows().last().cloned().unwrap_or_default()
}

/// Types a line, and waits for this text and a prompt behind it.
#[track_caller]
fn line(screen: &mut Screen, typed: &str, shown: &str) {
    screen.keys("\x0c").keys(&format!("{typed}\r")).wait(shown);
}

#[track_caller]
fn check_prompt(screen: &mut Screen, before: &str) {
    screen.keys("");
    let found = prompt(screen);
    assert!(found.starts_with(before), "{before:?}: {:#?}", screen.rows());
}

fn the_class_in_the_prompt() {
    let bench = Bench::new();
    let database = bench.database.clone();
    let with = |word: &str| format!("{word}{database}=#");
    let mut screen = start(&bench, &[]);
    check_prompt(&mut screen, &with(""));
    for (servers, word, color) in [
        ("prod=localhost", "prod ", vt100::Color::Idx(1)),
        ("other=*.example; test=localhost", "test ", vt100::Color::Idx(2)),
        ("x=user:nobody_here", "", vt100::Color::Default),
        ("x=user:*", "x ", vt100::Color::Idx(4)),
        ("", "", vt100::Color::Default),
    ] {
        line(&mut screen, &format!("\\set SERVERS '{servers}'"), "=#");
        check_prompt(&mut screen, &with(word));
        assert_eq!(screen.first_background(), color, "{servers}");
    }
    line(&mut screen, &format!("\\set SERVERS 'here=database:{database}'"), "here ");
    line(&mut screen, "\\set SERVERS_here yellow", "here ");
    check_prompt(&mut screen, &with("here "));
    assert_eq!(screen.first_background(), vt100::Color::Idx(3));
    // Further lines show it too, and what is wrong is not taken.
    line(&mut screen, "select", "here ");
    check_prompt(&mut screen, &format!("here {database}-#"));
    line(&mut screen, "1;", "(1 row)");
    line(
        &mut screen,
        "\\set SERVERS 'a=;b=c'",
        "a pattern expected at character 3, before \";b=c\"",
    );
    line(&mut screen, "\\set SERVERS_here rad", "a colour (red");
    check_prompt(&mut screen, &with("here "));
    line(&mut screen, "\\set PROMPT1 '<%C>=# '", "<here >=#");
    line(&mut screen, "\\unset SERVERS", "is for a class that SERVERS does not have");
    check_prompt(&mut screen, "<>=#");
}

fn without_colors() {
    let bench = Bench::new();
    for environment in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut screen = start(&bench, &[environment]);
        screen.keys("\\set SERVERS 'prod=*'\r").wait("prod ");
        assert_eq!(screen.first_background(), vt100::Color::Default);
        assert!(prompt(&screen).starts_with("prod "), "{:#?}", screen.rows());
    }
}

fn read_only() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[]);
    let shown = format!("read-only {}=", bench.database);
    let refused = "cannot execute CREATE TABLE in a read-only transaction";
    line(&mut screen, "\\set READONLY on", &shown);
    line(&mut screen, "create table a ();", refused);
    for reset in ["reset all;", "discard all;", "set default_transaction_read_only = off;"] {
        line(&mut screen, reset, "READONLY holds again");
        line(&mut screen, "create table a ();", refused);
    }
    line(&mut screen, "begin;", "=*#");
    line(&mut screen, "\\set READONLY off", "is lifted from the next transaction on");
    line(&mut screen, "create table a ();", refused);
    line(&mut screen, "rollback;", "ROLLBACK");
    check_prompt(&mut screen, &format!("{}=#", bench.database));
    line(&mut screen, "create table a ();", "CREATE TABLE");
    line(&mut screen, "begin;", "=*#");
    line(&mut screen, "\\set READONLY on", "holds from the next transaction on");
    line(&mut screen, "drop table a;", "DROP TABLE");
    line(&mut screen, "commit;", &shown);
    // A statement behind \c, with no prompt between the two.
    line(&mut screen, "\\c \\\\ create table a ();", refused);
    check_prompt(&mut screen, &shown);
    // One that the connection was lost before.
    line(&mut screen, "\\set HELPER off", &shown);
    line(&mut screen, "select pg_terminate_backend(pg_backend_pid());", &shown);
    line(&mut screen, "create table a ();", refused);
    line(&mut screen, "\\set READONLY nonsense", "Boolean expected");
}

fn what_holds_in_a_class() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[]);
    let settings =
        "\\set SERVERS_prod 'readonly confirm=destructive autocommit=off statement_timeout=7s'";
    line(&mut screen, "\\set SERVERS 'prod=localhost'", "prod ");
    line(&mut screen, settings, "This is prod: read-only");
    let values = "\\echo <:READONLY-:CONFIRM-:AUTOCOMMIT>";
    line(&mut screen, values, "<on-destructive-off>");
    line(&mut screen, "show statement_timeout;", "7s");
    line(&mut screen, "rollback;", "ROLLBACK");
    line(&mut screen, "reset all;", "RESET");
    line(&mut screen, "rollback;", "ROLLBACK");
    // What was changed by hand stays, until the user connects anew.
    line(&mut screen, "\\set READONLY off", "prod ");
    line(&mut screen, "create table a (); rollback;", "ROLLBACK");
    line(&mut screen, "show statement_timeout;", "7s");
    line(&mut screen, "rollback;", "ROLLBACK");
    line(&mut screen, values, "<off-destructive-off>");
    line(&mut screen, "\\c", "This is prod: read-only");
    line(&mut screen, values, "<on-destructive-off>");
    line(&mut screen, "\\set AUTOCOMMIT on", "prod ");
    line(&mut screen, "\\set CONFIRM typed", "prod ");
    line(&mut screen, "\\unset SERVERS_prod", "prod ");
    line(&mut screen, values, "<off-typed-on>");
    line(&mut screen, "create table a ();", "CREATE TABLE");
}

/// Creates what the questions are about: two tables of 500 rows.
fn with_tables(bench: &Bench) -> Screen {
    let mut screen = start(bench, &[]);
    for table in ["a", "b"] {
        let sql =
            format!("create table {table} as select generate_series(1, 500) x; analyze {table};");
        line(&mut screen, &sql, "ANALYZE");
    }
    line(&mut screen, "\\set CONFIRM destructive", "=#");
    screen
}

fn questions() {
    let bench = Bench::new();
    let mut screen = with_tables(&bench);
    let place = format!("database \"{}\" on the socket in", bench.database);
    for (typed, told) in [
        ("delete from a;", "delete from a has no WHERE: about 500 rows, the planner expects"),
        ("update a set x = 1;", "update a has no WHERE: about 500 rows"),
        ("with d as (delete from a returning 1) table d;", "delete from a has no WHERE: about 500"),
        ("delete from a \\; truncate b;", "truncate b: about 500 rows, 32 kB in b"),
        ("drop table a, b;", "about 500 rows, 32 kB in a; about 500 rows, 32 kB in b"),
        ("drop view nowhere;", "drop view nowhere"),
        ("delete from nowhere;", "relation \"nowhere\" does not exist"),
        ("alter table a drop x;", "alter table a drop x"),
        ("drop table a \\g", "drop table a: about"),
        ("prepare p as delete from a;", "delete from a has no WHERE"),
    ] {
        line(&mut screen, typed, told);
        screen.wait(&place).wait("Run it? [y/N]");
        line(&mut screen, "", "Nothing was sent.");
    }
    for answer in ["n\r", "no\r", "x\r", "yess\r", CTRL_C, CTRL_D, " \r"] {
        line(&mut screen, "drop table a;", "Run it?");
        screen.keys(answer).wait("Nothing was sent.");
    }
    // What was typed before the question can't answer it.
    for ahead in ["", "select 1 from pg_sleep(0.3);\r"] {
        screen.keys("\x0c").keys(&format!("{ahead}drop table a;\ry\r")).wait("Run it?");
        screen.keys("\r").wait("Nothing was sent.");
    }
    line(&mut screen, "\x03\x0cselect count(*) from a;", "500");
    // In a transaction it stays as it was, whatever the server says to the estimate.
    line(&mut screen, "begin;", "=*#");
    for (statement, status) in [("delete from nowhere;", "=*#"), ("delete from a;", "=*#")] {
        line(&mut screen, statement, "Run it?");
        line(&mut screen, "n", status);
    }
    line(&mut screen, "rollback;", "ROLLBACK");
    // What is asked about each value, and ended by Ctrl-C.
    line(&mut screen, "select 'drop table a' from generate_series(1, 9) \\gexec", "Run it?");
    screen.keys(CTRL_C).wait("Nothing was sent.");
    check_prompt(&mut screen, &format!("{}=#", bench.database));
    // Nobody asks about these.
    for (typed, shown) in [
        ("explain delete from a;", "QUERY PLAN"),
        ("delete from a where true \\gdesc", "no result"),
        ("delete from a \\gdesc", "no result"),
        ("delete from a where x = 1;", "DELETE 1"),
    ] {
        line(&mut screen, typed, shown);
    }
    line(&mut screen, "delete from a;", "Run it?");
    screen.keys("y\r").wait("DELETE 499");
    line(&mut screen, "\\set CONFIRM typed", "=#");
    line(&mut screen, "drop table a;", "Type the name of the database");
    line(&mut screen, "yes", "Nothing was sent.");
    line(&mut screen, "drop table a;", "Type the name of the database");
    line(&mut screen, &bench.database, "DROP TABLE");
    line(&mut screen, "\\set CONFIRM off", "=#");
    line(&mut screen, "drop table b;", "DROP TABLE");
}

/// What a paste has behind the line that is asked about neither answers nor runs by that answer.
fn pastes() {
    let bench = Bench::new();
    let mut screen = with_tables(&bench);
    let paste = |lines: &str| format!("\x1b[200~{lines}\x1b[201~\r");
    let lines = "drop table a;\ny\nselect 'came ' || 'along';";
    screen.keys(&paste(lines)).wait("Run it?");
    screen.keys("\r").wait("Nothing was sent.");
    check_prompt(&mut screen, &format!("{}=#", bench.database));
    for (answer, told) in [("\x03", "Nothing was sent."), ("n\r", "DROP TABLE")] {
        // Without the question before, which would be taken for the one to come.
        screen.keys("\x0c").keys(&paste(&lines.replace("y\n", ""))).wait("Run it?");
        screen.keys("y\r").wait("1 more line came with it. Go on with what is there?");
        screen.keys(answer).wait(told);
        check_prompt(&mut screen, &format!("{}=#", bench.database));
    }
    screen.wait("What came with it is not run.");
    let rows = screen.rows().join("\n");
    assert!(!rows.contains("came along"), "{rows}");
    // Each that destroys is asked about.
    screen
        .keys("\x0c")
        .keys(&paste("delete from b;\n\ntruncate b;\nselect 'went ' || 'along';"))
        .wait("Run it?");
    screen.keys("y\r").wait("2 more lines came with it.");
    screen.keys("y\r").wait("truncate b: ");
    screen.keys("y\r").wait("1 more line came with it.");
    screen.keys("y\r").wait("TRUNCATE TABLE").wait("went along");
    // Keys that come with the paste and behind it are no answer either.
    screen.keys("\x0c").keys(&(paste("drop table b;") + "y\ry\r")).wait("Run it?");
    screen.keys("\r").wait("Nothing was sent.");
}

/// Someone else's lock keeps no question waiting.
fn a_locked_table_is_asked_about() {
    let bench = Bench::new();
    let mut screen = with_tables(&bench);
    let mut other = start(&bench, &[]);
    line(&mut other, "begin; lock table a;", "LOCK TABLE");
    line(&mut screen, "delete from a;", "canceling statement due to lock timeout");
    screen.wait("Run it?");
    line(&mut screen, "n", "Nothing was sent.");
}

fn scripts_that_are_included() {
    let bench = Bench::new();
    let path = bench.directory(Shell::Pgsh).join("drop.sql");
    std::fs::write(&path, "drop table a; drop table b;").expect("a script");
    let mut screen = with_tables(&bench);
    line(&mut screen, "\\i drop.sql", "is not asked about statement by statement");
    screen.wait("Run it?");
    line(&mut screen, "n", "Nothing was sent.");
    line(&mut screen, "\\i drop.sql", "Run it?");
    line(&mut screen, "y", "DROP TABLE");
}

fn what_a_transaction_has_done() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[]);
    line(&mut screen, "create table a (x int);", "CREATE TABLE");
    line(&mut screen, "\\set AUTOCOMMIT off", "=#");
    line(&mut screen, "insert into a select generate_series(1, 3);", "INSERT 0 3");
    line(&mut screen, "update a set x = 2 where x = 1;", "UPDATE 1");
    line(&mut screen, "create table b as table a;", "SELECT 3");
    let done = "This transaction: 3 rows inserted, 1 updated, CREATE TABLE AS.";
    line(&mut screen, "commit;", done);
    line(&mut screen, "commit;", "no transaction");
    assert!(!screen.rows().iter().any(|row| row.contains("This transaction")));
    line(&mut screen, "\\set CONFIRM destructive", "=#");
    line(&mut screen, "delete from a where x = 2;", "DELETE 2");
    line(&mut screen, "end;", "This transaction: 2 rows deleted.");
    line(&mut screen, "n", "Nothing was sent.");
    line(&mut screen, "end;", "Commit it? [y/N]");
    line(&mut screen, "y", "COMMIT");
    // What was committed is not the next one's, by a chain or in an included script.
    line(&mut screen, "\\set CONFIRM off", "=#");
    line(&mut screen, "insert into a values (7);", "INSERT 0 1");
    line(&mut screen, "commit and chain;", "This transaction: 1 row inserted.");
    line(&mut screen, "delete from a where x = 7;", "DELETE 1");
    line(&mut screen, "commit;", "This transaction: 1 row deleted.");
    line(&mut screen, "\\set AUTOCOMMIT on", "=#");
    let path = bench.directory(Shell::Pgsh).join("open.sql");
    let script = "insert into a values (8);\nbegin;\ndelete from a where x = 8;\n";
    std::fs::write(&path, script).expect("a script");
    line(&mut screen, "\\i open.sql", "DELETE 1");
    line(&mut screen, "\\q", "A transaction is open (1 row deleted); leaving");
    line(&mut screen, "n", "=*#");
}

fn leaving_a_transaction() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[]);
    line(&mut screen, "create table a (x int);", "CREATE TABLE");
    line(&mut screen, "begin;", "=*#");
    line(&mut screen, "insert into a values (1), (2);", "INSERT 0 2");
    let told = "A transaction is open (2 rows inserted); leaving takes back what it has done.";
    for leave in ["\\q", "quit", "exit", "\\c", "\\c postgres"] {
        line(&mut screen, leave, told);
        line(&mut screen, "n", "=*#");
    }
    screen.keys("\x0c").keys(CTRL_D).wait(told).wait("Ctrl-D once more leaves");
    line(&mut screen, "\\echo still", "still");
    line(&mut screen, "\\c", told);
    line(&mut screen, "y", "You are now connected");
    line(&mut screen, "select count(*) from a;", " 0");
    // What a function did, the server knows.
    line(&mut screen, "begin;", "=*#");
    line(&mut screen, "select txid_current() > 0;", " t");
    screen.keys("\x0c").keys(CTRL_D).wait("A transaction is open; leaving takes back");
    screen.keys(CTRL_D);
    assert_eq!(screen.end(), 0);
    // Nothing is lost with one that changed nothing, or failed.
    for work in ["select count(*) from a;", "insert into a values (1); select 1/0;"] {
        let mut screen = start(&bench, &[]);
        line(&mut screen, "begin;", "=*#");
        line(&mut screen, work, &bench.database);
        screen.keys("\\q\r");
        assert_eq!(screen.end(), 0);
    }
}

const EVERYTHING: &str = "\\set SERVERS 'prod=*'\n\
     \\set SERVERS_prod 'readonly confirm=typed autocommit=off statement_timeout=1ms'\n\
     \\set READONLY on\n\\set CONFIRM typed\n";

/// Whatever the start-up file says, a script is as it is without.
fn scripts_are_left_alone() {
    let bench = Bench::new();
    let directory = bench.directory(Shell::Pgsh);
    std::fs::write(directory.join("rc"), EVERYTHING).expect("a start-up file");
    let script = "create table t (x int); insert into t values (1); select pg_sleep(0.01);\n\
         delete from t; drop table t; show default_transaction_read_only;\n";
    std::fs::write(directory.join("s.sql"), script).expect("a script");
    let run = || bench.shell(Shell::Pgsh).env("PSQLRC", "rc").arg("-At");
    let expected = "CREATE TABLE\nINSERT 0 1\n\nDELETE 1\nDROP TABLE\noff\n";
    for run in [run().args(["-f", "s.sql"]), run().stdin(script)] {
        let outcome = run.outcome();
        assert_eq!(String::from_utf8_lossy(&outcome.stdout), expected);
        assert_eq!((String::from_utf8_lossy(&outcome.stderr).as_ref(), outcome.status), ("", 0));
    }
}

/// A shell that is called psql has none of it.
fn psql_has_none() {
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut screen = Screen::around(Terminal::run_as("psql", &run.command()), SIZE);
    line(&mut screen, "\\set SERVERS 'prod=*'", "=#");
    line(&mut screen, "\\set READONLY on", "=#");
    line(&mut screen, "\\set CONFIRM typed", "=#");
    check_prompt(&mut screen, &format!("{}=#", bench.database));
    line(&mut screen, "create table a (); drop table a;", "DROP TABLE");
    line(&mut screen, "\\set PROMPT1 '<%C>=# '", "<C>=#");
    line(&mut screen, "begin; create table a ();", "CREATE TABLE");
    screen.keys("\\q\r");
    assert_eq!(screen.end(), 0);
}

tests! {
    the_class_in_the_prompt,
    without_colors,
    read_only,
    what_holds_in_a_class,
    questions,
    pastes,
    a_locked_table_is_asked_about,
    scripts_that_are_included,
    what_a_transaction_has_done,
    leaving_a_transaction,
    scripts_are_left_alone,
    psql_has_none,
}
