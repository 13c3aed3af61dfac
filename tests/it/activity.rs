//! The operator's desk: who is connected and at what, who waits for whom, and who is ended; on the
//! pinned server and on old ones.

use std::process::Stdio;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use pgsh::scratch;
use pgsh::session::Session;

use crate::harness::{self, Shell};
use crate::own_server::OwnServer;
use crate::place::Place;
use crate::pty::Terminal;
use crate::trial::tests;
use crate::versions::{Subject, Version, on_each};

/// How long a test waits for what should happen.
const PATIENCE: Duration = Duration::from_secs(60);
const HBA: &str = "local all all trust\n";
/// A database of these tests that nobody is connected to from the start.
const BUSY: &str = "busy";

/// A server with somebody on it.
fn place(name: &str, settings: &str) -> Place {
    let server = OwnServer::start(&format!("activity-{name}"), HBA, settings);
    server.execute(&[
        "CREATE DATABASE busy TEMPLATE template0",
        "CREATE ROLE ann LOGIN",
        "CREATE ROLE bob LOGIN",
    ]);
    Place::new(server, &["-v", "ON_ERROR_STOP=on"])
}

/// The shell at a terminal, which pages nothing.
fn terminal(place: &Place, database: &str) -> Terminal {
    let mut terminal = place.terminal(database);
    terminal.line("\\pset pager off").wait("Pager usage is off.");
    terminal.wait("=# ");
    terminal
}

impl Place {
    /// Sessions in the busy database.
    fn crowd(&self, size: usize) -> Vec<Session> {
        (0..size).map(|_| self.server.session(BUSY)).collect()
    }

    /// How many are in the busy database.
    fn count(&self) -> String {
        self.server.value("SELECT count(*) FROM pg_stat_activity WHERE datname = 'busy'")
    }

    /// Waits until a query of the superuser's returns this.
    #[track_caller]
    fn wait_for(&self, query: &str, expected: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.server.value(query) != expected {
            assert!(Instant::now() < deadline, "{query}: not {expected}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Sends a statement and does not wait for its end.
fn begin(session: &mut Session, sql: &str) {
    session.query(sql.as_bytes());
    session.flush().expect("a live connection");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn ten_clients_are_ended() {
    let place = place("ten", "");
    let _crowd = place.crowd(10);
    let refused = place.script("postgres", "\\terminate database busy\n");
    assert_eq!(refused.status, 3);
    let reason = "10 sessions would be ended, and nobody can be asked here: -y stands for the \
                  answer\n";
    assert!(text(&refused.stderr).ends_with(reason), "{}", text(&refused.stderr));
    assert_eq!(text(&refused.stdout).matches("| busy ").count(), 10, "{}", text(&refused.stdout));
    assert_eq!(place.count(), "10");
    let ended = place.script("postgres", "\\terminate -y database busy\ndrop database busy;\n");
    assert_eq!((text(&ended.stderr).as_str(), ended.status), ("", 0));
    let shown = text(&ended.stdout);
    assert_eq!(shown.matches("| ended\n").count(), 10, "{shown}");
    assert!(shown.ends_with("DROP DATABASE\n"), "{shown}");
    let none = place.script("postgres", "\\terminate -y database postgres\n");
    assert_eq!((text(&none.stdout).as_str(), none.status), ("No session to end.\n", 0));
}

fn what_can_not_be_ended_is_told() {
    let place = place("rights", "");
    let mut others = place.crowd(1);
    place.server.execute(&["GRANT pg_signal_backend TO bob"]);
    let pid = others[0].backend_pid();
    let check = |user: &str, command: &str, stdout: &str, stderr: &str| {
        let outcome = place.script(user, &format!("\\pset format csv\n{command}\n"));
        let [shown, reported] = [&outcome.stdout, &outcome.stderr].map(|stream| text(stream));
        assert!(shown.contains(stdout), "{user} {command}: {shown}");
        assert_eq!(reported, stderr, "{user} {command}: {shown}");
        assert_eq!(outcome.status, if stderr.is_empty() { 0 } else { 3 }, "{user} {command}");
    };
    let none = "0 of 1 session ended\n";
    check("ann", &format!("\\terminate -y {pid}"), "it takes a superuser", none);
    check("bob", "\\terminate -y user postgres", "it takes a superuser", none);
    check("postgres", "\\terminate -y 1", "", "there is no process 1 of the server's\n");
    check("postgres", "\\terminate -y user nobody", "", "there is no role \"nobody\"\n");
    check("postgres", "\\terminate -y database none", "", "there is no database \"none\"\n");
    check(
        "postgres",
        &format!("\\cancel -y {pid}"),
        "it runs nothing",
        "0 of 1 session cancelled\n",
    );
    let checkpointer =
        place.server.value("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    check(
        "postgres",
        &format!("\\terminate -y {checkpointer}"),
        "a process of the server's own",
        none,
    );
    check("postgres", "\\terminate -y idle 1 h", "No session to end.", "");
    check(
        "postgres",
        "select pg_backend_pid() as me \\gset\n\\terminate -y :me",
        "it is this session",
        none,
    );
    // Ann's session stays when a statement is cancelled.
    let script = "select pg_sleep(100);\nselect pg_sleep(100);\n";
    std::fs::write(place.home.path().join("ann.sql"), script).expect("a script");
    let mut ann = place.run("ann").args(["-f", "ann.sql"]).command();
    let ann = ann.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = ann.spawn().expect("a shell");
    let works = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ann' AND state = 'active'";
    place.wait_for(works, "1");
    check("bob", "\\cancel -y user ann", ",told to; what it does is hidden", "");
    place.wait_for(works, "1");
    check("bob", "\\terminate -y user ann", ",ended", "");
    child.wait().expect("its end");
    harness::execute(&mut others[0], "SELECT 1");
}

fn idlers_are_ended_and_workers_stay() {
    let place = place("idle", "");
    let mut crowd = place.crowd(3);
    harness::execute(&mut crowd[0], "BEGIN");
    begin(&mut crowd[1], "SELECT pg_sleep(600)");
    let working = crowd[1].backend_pid();
    place.wait_for(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(600)%' \
                    AND pid <> pg_backend_pid()",
        "1",
    );
    std::thread::sleep(Duration::from_millis(60));
    let ended = place.script("postgres", "\\terminate -y database busy idle 50 ms\n");
    assert_eq!((text(&ended.stderr).as_str(), ended.status), ("", 0));
    assert_eq!(text(&ended.stdout).matches("| ended\n").count(), 2);
    let left = place.server.value("SELECT pid FROM pg_stat_activity WHERE datname = 'busy'");
    assert_eq!(left, working.to_string());
    // In a transaction of the script's own, the present is what counts.
    let script = format!(
        "begin;\nselect count(*) > 0 from pg_stat_activity;\n\\cancel -y {working}\n\
         \\terminate -y {working}\n\\activity busy\n"
    );
    let ended = place.script("postgres", &script);
    let shown = text(&ended.stdout);
    assert!(shown.contains("| cancelled\n") && shown.contains("| ended\n"), "{shown}");
    assert!(shown.contains("(0 rows)"), "{shown}");
}

fn what_others_do_may_be_hidden() {
    let place = place("hidden", "");
    let _crowd = place.crowd(2);
    let outcome = place.script("ann", "\\activity busy\n");
    let shown = text(&outcome.stdout);
    assert_eq!(shown.matches("<insufficient privilege>").count(), 2, "{shown}");
    let footer = "What 2 sessions of others do is hidden; pg_read_all_stats, which pg_monitor \
                  includes, would show it.";
    assert!(shown.contains(footer), "{shown}");
    place.server.execute(&["GRANT pg_monitor TO ann"]);
    let shown = text(&place.script("ann", "\\activity busy\n").stdout);
    assert!(!shown.contains("insufficient") && !shown.contains("hidden"), "{shown}");
}

fn hostile_names_and_long_queries() {
    let place = place("hostile", "track_activity_query_size = 200kB\n");
    let mut crowd = place.crowd(1);
    harness::execute(&mut crowd[0], "SET application_name = E'a\\x1b[31m\\nb\u{202e}c'");
    let long = format!("SELECT pg_sleep(600), '\u{202e}{}'", "x".repeat(100_000));
    begin(&mut crowd[0], &long);
    place.wait_for("SELECT count(*) FROM pg_stat_activity WHERE length(query) > 100000", "1");
    let shown = text(&place.script("postgres", "\\activity busy\n").stdout);
    assert!(!shown.contains('\u{1b}') && shown.len() < 2000, "{shown}");
    assert!(shown.contains("xxx...\n"), "{shown}");
    let shown = text(&place.script("postgres", "\\pset format csv\n\\activity+ busy\n").stdout);
    assert!(shown.contains(&long), "{}", shown.len());
    let mut terminal = terminal(&place, "postgres");
    let seen = terminal.line("\\activity busy").wait("(1 row)");
    assert!(!seen.contains('\u{202e}'), "{seen:?}");
    // Each row has its line: the terminal has 100 columns.
    let row = seen.lines().find(|line| line.contains("...")).expect("a row");
    assert!(row.replace("\\u202E", "").chars().count() <= 100, "{row:?}");
}

fn a_failed_transaction_asks_its_helper() {
    let place = place("failed", "");
    let crowd = place.crowd(2);
    let mut terminal = terminal(&place, "busy");
    terminal.line("begin;").wait("BEGIN");
    terminal.line("select 1/0;").wait("division by zero");
    terminal.wait("# ");
    let seen = terminal.line("\\activity").wait("its helper.");
    assert!(seen.contains("(this question)") && seen.contains("failed"), "{seen}");
    terminal.wait("# ");
    terminal.line("\\locks").wait("Nobody waits for a lock.");
    terminal.wait("# ");
    terminal.line("\\terminate database busy").wait("End these 2 sessions on this machine:");
    terminal.wait(" (database busy, as postgres)? [y/N] ");
    terminal.line("n").wait("Nothing was done.");
    terminal.wait("# ");
    assert_eq!(place.count(), "4");
    terminal.line(&format!("\\terminate {}", crowd[0].backend_pid())).wait("End this session");
    terminal.wait("? [y/N] ");
    terminal.line("y").wait("| ended");
    terminal.wait("# ");
    terminal.line("\\set HELPER off").wait("# ");
    terminal.line("\\activity").wait(
        "the transaction has failed, so the server answers nothing before ROLLBACK (HELPER is off)",
    );
    terminal.wait("# ");
    terminal.line("rollback;").wait("ROLLBACK");
    let outcome =
        place.script("postgres", "begin;\n\\set ON_ERROR_STOP off\nselect 1/0;\n\\activity\n");
    assert!(
        text(&outcome.stderr).ends_with("before ROLLBACK (a script has no other connection)\n")
    );
}

fn lists_go_on_with_watch() {
    let place = place("watch", "");
    let _crowd = place.crowd(1);
    let shown =
        text(&place.script("postgres", "\\activity busy \\watch i=0.1 c=3\n\\echo done\n").stdout);
    assert_eq!(shown.matches("(every 0.1s)").count(), 3, "{shown}");
    assert_eq!(shown.matches("(1 row)").count(), 3, "{shown}");
    assert!(shown.ends_with("\ndone\n"), "{shown}");
    let shown = text(&place.script("postgres", "\\locks \\watch 0.1 m=1\n\\echo done\n").stdout);
    assert_eq!(shown.matches("Nobody waits for a lock.").count(), 1, "{shown}");
    let wrong = place.script("postgres", "\\activity \\watch never\n");
    assert_eq!(text(&wrong.stderr), "\\watch: incorrect interval value \"never\"\n");
    // It is no argument of a statement's \watch.
    let shown = text(&place.script("postgres", "select 5 \\watch i=0.1 c=2\n").stdout);
    assert_eq!(shown.matches("(1 row)").count(), 2, "{shown}");
    let mut terminal = terminal(&place, "postgres");
    terminal.line("\\activity busy \\watch 0.2").wait("(every 0.2s)");
    terminal.wait("(every 0.2s)");
    terminal.keys("\x03").wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

fn a_database_in_use_tells_by_whom() {
    let place = place("drop", "");
    let crowd = place.crowd(1);
    let mut terminal = terminal(&place, "postgres");
    terminal.line("drop database busy;").wait("is being accessed by other users");
    terminal
        .wait(&format!("Connected to busy: postgres (pid {}, idle for ", crowd[0].backend_pid()));
    terminal.wait("\\terminate database busy ends that session.");
    terminal.wait("# ");
    terminal.line("\\terminate -y database busy").wait("| ended");
    terminal.wait("# ");
    terminal.line("drop database busy;").wait("DROP DATABASE");
    // A script is told what psql tells.
    place.server.execute(&["CREATE DATABASE busy TEMPLATE template0"]);
    let _crowd = place.crowd(1);
    let outcome = place.script("postgres", "drop database busy;\n");
    assert!(text(&outcome.stderr).ends_with("using the database.\n"), "{}", text(&outcome.stderr));
}

fn a_shell_called_psql_has_no_such_commands() {
    harness::Bench::reused(|bench| {
        for name in ["activity", "locks", "cancel", "terminate"] {
            let outcome = bench.run(Shell::Pgsh, &["-X".into()], format!("\\{name}\n").as_bytes());
            assert_eq!(text(&outcome.stderr), format!("invalid command \\{name}\n"));
        }
    });
}

/// Everything once, on a server of some version.
fn on_a_server(subject: &Subject) {
    let session =
        || scratch::connect(&subject.cluster, "versions").unwrap_or_else(|e| panic!("{e}"));
    let run = |script: &str| {
        let run = subject.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["-X"]);
        let outcome = run.args(["-v", "ON_ERROR_STOP=on"]).stdin(script).outcome();
        assert_eq!((text(&outcome.stderr).as_str(), outcome.status), ("", 0), "{script}");
        text(&outcome.stdout)
    };
    let [mut holder, mut waiter, mut third] = [session(), session(), session()];
    let pids = [&holder, &waiter, &third].map(Session::backend_pid);
    harness::execute(&mut holder, "BEGIN; LOCK TABLE rel.plain");
    begin(&mut waiter, "SELECT 'waiter' FROM rel.plain");
    begin(&mut third, "SELECT 'third', pg_advisory_lock(1, -1) FROM rel.plain");
    let deadline = Instant::now() + PATIENCE;
    while !run("\\locks\n").contains("2 sessions wait") {
        assert!(Instant::now() < deadline, "nobody waits");
        std::thread::sleep(Duration::from_millis(20));
    }
    let shown = run("\\locks\n");
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[3].starts_with(&format!(" {} ", pids[0])), "{shown}");
    assert!(lines[3].contains("idle in transaction"), "{shown}");
    assert!(lines[4].starts_with("   ") && lines[5].starts_with("   "), "{shown}");
    assert!(lines[4].contains("AccessShareLock on rel.plain"), "{shown}");
    let shown = run("\\activity rel.plain\n");
    assert!(shown.contains(&format!("Lock: relation | {}", pids[0])), "{shown}");
    assert!(run("\\activity+ checkpointer\n").contains("checkpointer"));
    let shown = run(&format!("\\cancel -y {}\n", pids[1]));
    assert!(shown.contains("| cancelled"), "{shown}");
    let shown = run(&format!("\\terminate -y {} {}\n", pids[0], pids[2]));
    assert_eq!(shown.matches("| ended").count(), 2, "{shown}");
    assert_eq!(run("\\locks\n"), "Nobody waits for a lock.\n");
    let shown = run("\\terminate -y database versions user postgres idle 0s\n");
    assert_eq!(shown.matches("| ended").count(), 1, "{shown}");
}

fn on_servers() -> Vec<Trial> {
    let wanted = [Version::Pinned, Version::Old(15), Version::Old(12)];
    on_each("activity::on_a_server", wanted, |version| {
        version.start("activity").map(|subject| on_a_server(&subject))
    })
}

tests! {
    ten_clients_are_ended,
    what_can_not_be_ended_is_told,
    idlers_are_ended_and_workers_stay,
    what_others_do_may_be_hidden,
    hostile_names_and_long_queries,
    a_failed_transaction_asks_its_helper,
    lists_go_on_with_watch,
    a_database_in_use_tells_by_whom,
    a_shell_called_psql_has_no_such_commands;
    on_servers()
}
