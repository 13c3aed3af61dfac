//! The helper connection: Tab where the session could not answer, what a long statement waits for,
//! and what nobody should notice.
//!
//! What is completed in a failed transaction was looked up by the helper: the session can't.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::harness::Shell;
use crate::own_server::OwnServer;
use crate::pty::Terminal;
use crate::run::Run;
use crate::trial::tests;

const CTRL_C: &str = "\x03";
/// How long a test waits for what should happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server for these tests, where a superuser needs a password and another role has no more than
/// one connection.
fn server() -> &'static OwnServer {
    static SERVER: OnceLock<OwnServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let hba = "local all secret scram-sha-256\nlocal all all trust\nhost all all all trust\n";
        let server = OwnServer::start("helper", hba, "");
        server.execute(&[
            "CREATE ROLE secret SUPERUSER LOGIN PASSWORD 'right'",
            "CREATE ROLE crowded LOGIN CONNECTION LIMIT 1",
        ]);
        server
    })
}

/// A database with a table `harvest`, and where the shells run.
struct Place {
    database: String,
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let place = Place {
            database: format!("helper_{}", COUNT.fetch_add(1, Ordering::Relaxed)),
            home: tempfile::tempdir().expect("a directory"),
        };
        place.create_database(&place.database);
        place.execute(&place.database, "CREATE TABLE harvest (apples int, pears int)");
        place
    }

    fn create_database(&self, name: &str) {
        server().execute(&[&format!("CREATE DATABASE {name} TEMPLATE template0")]);
    }

    fn execute(&self, database: &str, sql: &str) {
        crate::harness::execute(&mut server().session(database), sql);
    }

    /// A shell on a terminal, not at its prompt yet.
    fn open(&self, user: &str) -> Terminal {
        let history = self.home.path().join("history");
        let run = self.shell().arg("-X").env("PGUSER", user).env("TERM", "xterm");
        run.env("PSQL_HISTORY", history).terminal()
    }

    /// A shell under its own name, which shows what psql doesn't.
    fn start_own(&self) -> Terminal {
        let run = self.shell().arg("-X").env("TERM", "xterm");
        let run = run.env("PSQL_HISTORY", self.home.path().join("history"));
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        terminal.wait("=# ");
        terminal
    }

    /// pgsh, to be connected with the database.
    fn shell(&self) -> Run {
        let run = server().shell(Shell::Pgsh, self.home.path());
        run.env("PGUSER", "postgres").env("PGDATABASE", &self.database)
    }

    fn start(&self) -> Terminal {
        let mut terminal = self.open("postgres");
        terminal.wait("=# ");
        terminal
    }

    /// A shell whose transaction has failed.
    fn start_failed(&self) -> Terminal {
        let mut terminal = self.start();
        fail(&mut terminal);
        terminal
    }

    /// The names of the connections to a database, sorted.
    fn connections(&self, database: &str) -> String {
        server().value(&format!(
            "SELECT string_agg(application_name, ', ' ORDER BY application_name) \
             FROM pg_stat_activity WHERE datname = '{database}' \
             AND backend_type = 'client backend'"
        ))
    }

    /// Waits until these are the connections.
    #[track_caller]
    fn wait_for_connections(&self, database: &str, expected: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.connections(database) != expected {
            assert!(
                Instant::now() < deadline,
                "{expected:?}, not {:?}",
                self.connections(database)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Types a line and waits for the next prompt; what came before it.
#[track_caller]
fn run(terminal: &mut Terminal, line: &str) -> String {
    terminal.line(line).wait("\n");
    terminal.wait("# ")
}

fn fail(terminal: &mut Terminal) {
    run(terminal, "begin;");
    run(terminal, "select 1/0;");
}

/// Types this and Tab until that comes of it, for a helper may need a moment, and takes the line
/// back.
#[track_caller]
fn tab(terminal: &mut Terminal, typed: &str, completed: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !tab_once(terminal, typed).contains(completed) {
        assert!(Instant::now() < deadline, "no {completed:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What comes of Tab behind this.
fn tab_once(terminal: &mut Terminal, typed: &str) -> String {
    terminal.keys(typed).wait(typed);
    let seen = terminal.keys("\t").keys("|").wait("|");
    terminal.keys(CTRL_C).wait("\n");
    // The next prompt tells the database.
    terminal.wait("helper_");
    seen
}

fn tab_answers_in_transactions() {
    let place = Place::new();
    let mut terminal = place.start();
    run(&mut terminal, "begin;");
    tab(&mut terminal, "table har", "vest ");
    tab(&mut terminal, "select * from harvest where app", "les ");
    run(&mut terminal, "create table mine ();");
    tab(&mut terminal, "table mi", "ne ");
    tab(&mut terminal, "table har", "vest ");
    run(&mut terminal, "rollback;");
    fail(&mut terminal);
    tab(&mut terminal, "table har", "vest ");
    run(&mut terminal, "rollback;");
    assert_eq!(place.connections(&place.database), "psql, psql (helper)");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
    place.wait_for_connections(&place.database, "");
}

fn only_tab_wakes_it() {
    let place = Place::new();
    let mut terminal = place.start();
    run(&mut terminal, "select 1;");
    run(&mut terminal, "\\d");
    assert!(run(&mut terminal, "\\echo :HELPER_STATUS").starts_with(":HELPER_STATUS\n"));
    assert_eq!(place.connections(&place.database), "psql");
    tab(&mut terminal, "table har", "vest ");
    assert_eq!(place.connections(&place.database), "psql, psql (helper)");
    assert!(run(&mut terminal, "\\echo :HELPER_STATUS").starts_with("connected\n"));
    run(&mut terminal, "\\set HELPER off");
    tab(&mut terminal, "table har", "vest ");
    place.wait_for_connections(&place.database, "psql");
}

fn scripts_have_one_connection() {
    let place = Place::new();
    // What made the database may not have gone yet.
    place.wait_for_connections(&place.database, "");
    let script = "select 1;\nbegin;\nselect count(*) from pg_stat_activity \
                   where datname = current_database() and backend_type = 'client backend';\n";
    let outcome = place.shell().arg("-XAt").stdin(script).outcome();
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), "1\nBEGIN\n1\n");
}

fn what_others_create_shows_up() {
    let place = Place::new();
    let mut terminal = place.start_failed();
    tab(&mut terminal, "table har", "vest ");
    // The answer that there is none is remembered, but not for long.
    assert!(!tab_once(&mut terminal, "table foreig").contains("ners"));
    place.execute(&place.database, "CREATE TABLE foreigners ()");
    tab(&mut terminal, "table foreig", "ners ");
}

fn it_comes_back_when_killed() {
    let place = Place::new();
    let mut terminal = place.start_failed();
    // Ever shorter, so that no answer is remembered.
    for (typed, completed) in
        [("table harv", "est "), ("table har", "vest "), ("table ha", "rvest ")]
    {
        tab(&mut terminal, typed, completed);
        let killed = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE datname = '{}' AND application_name LIKE '%helper%'",
            place.database
        );
        assert_eq!(server().value(&killed), "1");
        place.wait_for_connections(&place.database, "psql");
    }
}

fn it_follows_the_session() {
    let place = Place::new();
    let other = format!("{}_other", place.database);
    place.create_database(&other);
    place.execute(&other, "CREATE TABLE orchard ()");
    let mut terminal = place.start();
    tab(&mut terminal, "table har", "vest ");
    run(&mut terminal, &format!("\\c {other}"));
    fail(&mut terminal);
    tab(&mut terminal, "table orc", "hard ");
    place.wait_for_connections(&place.database, "");
    assert_eq!(place.connections(&other), "psql, psql (helper)");
}

fn it_sees_what_the_session_sees() {
    let place = Place::new();
    let mut terminal = place.start();
    run(&mut terminal, "create schema \"In side\" create table walls ();");
    run(&mut terminal, "set search_path to \"In side\";");
    tab(&mut terminal, "table wal", "ls ");
    fail(&mut terminal);
    tab(&mut terminal, "table wall", "s ");
    run(&mut terminal, "rollback;");
    // A module that only the session has loaded has settings.
    run(&mut terminal, "do $$ begin end $$;");
    tab(&mut terminal, "set plpgsql.var", "iable_conflict TO ");
    tab(&mut terminal, "set plpgsql.variable_conflict to use_c", "olumn ");
    // But a transaction stays as it is.
    run(&mut terminal, "begin;");
    tab(&mut terminal, "set interval", "style TO ");
    let set = run(&mut terminal, "set transaction isolation level serializable;");
    assert!(set.contains("SET") && !set.contains("ERROR"), "{set:?}");
    run(&mut terminal, "rollback;");
    // Only the session has these.
    run(&mut terminal, "create temp table fleeting ();");
    tab(&mut terminal, "table flee", "ting ");
    run(&mut terminal, "prepare sentence as select 1;");
    tab(&mut terminal, "execute sent", "ence ");
}

fn without_a_connection_left_the_session_answers() {
    let place = Place::new();
    let mut terminal = place.open("crowded");
    terminal.wait("=> ");
    tab(&mut terminal, "table har", "vest ");
    terminal.line("\\echo :HELPER_STATUS").wait("too many connections for role \"crowded\"");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn it_logs_in_with_the_password_that_was_typed() {
    let place = Place::new();
    let mut terminal = place.open("secret");
    terminal.wait("Password for user secret: ");
    run(&mut terminal, "right");
    fail(&mut terminal);
    tab(&mut terminal, "table har", "vest ");
}

fn it_makes_way_for_statements_about_databases() {
    let place = Place::new();
    let mut terminal = place.start();
    tab(&mut terminal, "table har", "vest ");
    assert_eq!(place.connections(&place.database), "psql, psql (helper)");
    let database = &place.database;
    let copy = format!("create database {database}_copy template {database};");
    terminal.line(&copy).wait("CREATE DATABASE");
}

fn a_long_statement_tells_what_it_waits_for() {
    let place = Place::new();
    let mut other = server().session(&place.database);
    crate::harness::execute(&mut other, "SET application_name = 'mill'");
    crate::harness::execute(&mut other, "BEGIN");
    crate::harness::execute(&mut other, "LOCK harvest");
    let mut terminal = place.start_own();
    terminal.line("select count(*) from harvest;");
    // It fits the terminal's 100 columns.
    let holder = "(mill, postgres, idle in transaction, began 0:";
    terminal.wait(&format!("waiting for process {} {holder}", other.backend_pid()));
    terminal.wait(" (Ctrl-C cancels)");
    crate::harness::execute(&mut other, "COMMIT");
    terminal.wait("(1 row)");
    terminal.wait("# ");
    // Who does not want to see it does not.
    run(&mut terminal, "\\set PROGRESS off");
    crate::harness::execute(&mut other, "BEGIN");
    crate::harness::execute(&mut other, "LOCK harvest");
    terminal.line("select count(*) from harvest;").wait("from harvest;\n");
    std::thread::sleep(Duration::from_secs(3));
    crate::harness::execute(&mut other, "COMMIT");
    let seen = terminal.wait("(1 row)");
    assert!(!seen.contains("waiting"), "{seen:?}");
}

/// Without a helper as well, whatever the statement does.
fn a_long_statement_shows_a_clock() {
    let place = Place::new();
    let mut terminal = place.start_own();
    run(&mut terminal, "\\set HELPER off");
    terminal.line("select pg_sleep(60);").wait("0:02 (Ctrl-C cancels)");
    terminal.keys(CTRL_C).wait("canceling statement due to user request");
    terminal.wait("# ");
    // What the server says meanwhile is no reason to hide it.
    let talkative = "do $$ begin for i in 1..40 loop raise notice 'x'; perform pg_sleep(0.1); end loop; end $$;";
    terminal.line(talkative).wait("0:02 (Ctrl-C cancels)");
    terminal.wait("NOTICE:  x\n");
    terminal.wait("DO\n");
    terminal.wait("# ");
    terminal
        .line("select repeat('x', 9999), pg_sleep(0.1) from generate_series(1, 40) \\g /dev/null");
    terminal.wait("0:02 (Ctrl-C cancels)");
    terminal.wait("# ");
    assert_eq!(place.connections(&place.database), "pgsh");
}

fn a_long_copy_tells_how_much_and_how_fast() {
    let place = Place::new();
    let mut terminal = place.start_own();
    let program = "while seq 100000; do sleep 0.5; done";
    terminal.line(&format!("copy harvest (apples) from program '{program}';"));
    terminal.wait("COPY FROM harvest ");
    for part in [" MB (", "/s)", " rows (", "/s) (Ctrl-C cancels)"] {
        terminal.wait(part);
    }
    terminal.keys("\x03").wait("canceling statement due to user request");
}

tests! {
    tab_answers_in_transactions,
    only_tab_wakes_it,
    scripts_have_one_connection,
    what_others_create_shows_up,
    it_comes_back_when_killed,
    it_follows_the_session,
    it_sees_what_the_session_sees,
    without_a_connection_left_the_session_answers,
    it_logs_in_with_the_password_that_was_typed,
    it_makes_way_for_statements_about_databases,
    a_long_statement_tells_what_it_waits_for,
    a_long_statement_shows_a_clock,
    a_long_copy_tells_how_much_and_how_fast,
}
