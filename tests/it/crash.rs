//! The server goes away: its backend is terminated or killed, or all of it stops, while a statement
//! runs or between two. Both shells must say the same and end alike; a person gets a new connection.

use std::path::Path;

use crate::harness::{Shell, difference, on_both};
use crate::own_server::OwnServer;
use crate::run::Run;
use crate::trial::tests;

/// How the server goes: the signal, and the variable that names the process.
const TERMINATED: (&str, &str) = ("TERM", "PID");
const KILLED: (&str, &str) = ("KILL", "PID");
const SHUT_DOWN: (&str, &str) = ("INT", "POSTMASTER");

/// It goes while the next statement runs, or before it.
const SOON: &str = "\\! (sleep 0.3; kill -$SIGNAL $WHO) >/dev/null 2>&1 &\n";
const NOW: &str = "\\! kill -$SIGNAL $WHO; for i in $(seq 500); do \
    if [ $SIGNAL = INT ]; then test -e $PGHOST/.s.PGSQL.$PGPORT; else kill -0 $WHO 2>/dev/null; fi || break; \
    sleep 0.02; done\n";

/// A name, when the server goes, and the rest of the script.
const SCRIPTS: &[(&str, &str, &str)] = &[
    ("query", SOON, "select 'before'; select pg_sleep(9); select 'after';\nselect 'next';\n"),
    ("next", NOW, "select 'next';\nselect 'more';\n"),
    ("verbose", SOON, "\\set VERBOSITY verbose\nselect pg_sleep(9);\nselect 'next';\n"),
    ("terse", SOON, "\\set VERBOSITY terse\nselect pg_sleep(9);\nselect 'next';\n"),
    ("sqlstate", SOON, "\\set VERBOSITY sqlstate\nselect pg_sleep(9);\nselect 'next';\n"),
    ("copy out", SOON, "copy (select pg_sleep(9)) to stdout;\nselect 'next';\n"),
    (
        "copy in",
        SOON,
        "\\copy t from program 'for i in 1 2 3 4 5; do echo $i; sleep 0.2; done'\n\\echo\n",
    ),
    ("copy from the script", NOW, "copy t from stdin;\na\nb\n\\.\nselect 'next';\n"),
    (
        "pipeline",
        SOON,
        "\\startpipeline\nselect 1 \\bind \\sendpipeline\nselect pg_sleep(9) \\bind \\sendpipeline\n\
         select 3 \\bind \\sendpipeline\n\\endpipeline\nselect 'next';\n",
    ),
    ("bind", SOON, "select pg_sleep($1) \\bind 9 \\g\nselect 'next';\n"),
    ("gexec", SOON, "select 'select pg_sleep(9)' \\gexec\nselect 'next';\n"),
    ("gset", SOON, "select pg_sleep(9) as x \\gset\n\\echo :x :ERROR :SQLSTATE\n"),
    ("watch", SOON, "select 1 as w \\watch i=0.6 c=4\nselect 'next';\n"),
    ("fetch count", SOON, "\\set FETCH_COUNT 1\nselect pg_sleep(9);\nselect 'next';\n"),
    ("transaction", SOON, "begin;\nselect pg_sleep(9);\nselect 'next';\n"),
    ("describe", NOW, "\\d t\n\\echo here\nselect 'next';\n"),
    ("large object", NOW, "\\lo_import /etc/hostname\nselect 'next';\n"),
    ("connect", NOW, "\\c\nselect 'next';\n"),
    ("connect after", SOON, "select pg_sleep(9);\n\\c\nselect 'next';\n"),
    ("errverbose", SOON, "select pg_sleep(9);\n\\errverbose\nselect 'next';\n"),
];

fn run_of(server: &OwnServer, shell: Shell) -> Run {
    server
        .shell(shell, Path::new("/tmp"))
        .without("HOME")
        .arg("-X")
        .env("PGUSER", "postgres")
        .env("POSTMASTER", server.pid().to_string())
}

fn a_script_ends_when_its_server_goes() {
    let all: Vec<_> = SCRIPTS.iter().map(|script| (TERMINATED, script)).collect();
    let some = |how, names: &'static [&'static str]| {
        SCRIPTS.iter().filter(|s| names.contains(&s.0)).map(move |script| (how, script))
    };
    let killed = some(KILLED, &["query", "next", "copy in", "pipeline"]);
    let shut_down =
        some(SHUT_DOWN, &["query", "verbose", "next", "copy from the script", "connect"]);
    let cases: Vec<_> = all.into_iter().chain(killed).chain(shut_down).collect();
    let [ours, oracle] = on_both(|shell| {
        let name = format!("crash-{}", shell as usize);
        let mut server = OwnServer::start(&name, "local all all trust\n", "");
        let run = |((signal, who), (_, when, rest)): &((&str, &str), &(&str, &str, &str))| {
            server.wait_until_up();
            let starts = server.starts();
            let script = format!(
                "select pg_backend_pid() as \"PID\" \\gset\n\\setenv PID :PID\n\
                 create temp table t (a text);\n{}{rest}",
                when.replace("$WHO", &format!("${who}")),
            );
            let run = run_of(&server, shell).env("SIGNAL", signal).stdin(script);
            let run = run.mask(server.socket(), "<socket>");
            let outcome = run.mask(format!(".{}", server.port), ".<port>").outcome();
            if *signal == KILLED.0 {
                // It ends its other processes before it goes on.
                server.wait_for_start(starts + 1);
            }
            without_times(&outcome.render())
        };
        cases.iter().map(run).collect::<Vec<_>>()
    });
    for (((signal, who), (name, ..)), (ours, oracle)) in cases.iter().zip(ours.iter().zip(&oracle))
    {
        assert!(ours == oracle, "{name}, {signal} {who}\n{}", difference(oracle, ours));
    }
}

/// What \watch heads its results with.
fn without_times(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|b| *b == b'\n');
    lines.filter(|line| !line.ends_with(b"(every 0.6s)\n")).flatten().copied().collect()
}

fn a_person_is_told_and_connected_again() {
    let mut server = OwnServer::start("crash-person", "local all all trust\n", "");
    let run = run_of(&server, Shell::Pgsh).args(["-n", "-P", "pager=off"]);
    let mut terminal = run.env("PSQL_HISTORY", "/dev/null").terminal();
    terminal.wait("=# ");
    // Terminated while a statement runs: the reason, the reset, a new connection.
    terminal.line("select pg_backend_pid() as pid \\gset").wait("=# ");
    terminal.line("\\setenv PID :pid").wait("=# ");
    terminal.line("\\! (sleep 0.3; kill -TERM $PID) &").wait("=# ");
    terminal.line("select pg_sleep(20);");
    terminal.wait("FATAL:  terminating connection due to administrator command\n");
    terminal.wait("server closed the connection unexpectedly\n");
    terminal.wait("The connection to the server was lost. Attempting reset: Succeeded.\n");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
    terminal.wait("=# ");
    // Stopped between two statements.
    server.stop();
    terminal.wait("FATAL:  terminating connection due to administrator command\n");
    terminal.wait("server closed the connection unexpectedly\n");
    terminal.line("\\echo still here").wait("still here\n");
    terminal.line("select 1;");
    terminal.wait("The connection to the server was lost. Attempting reset: Failed.\n");
    terminal.wait("!?> ");
    terminal.line("select 1;").wait("You are currently not connected to a database.\n");
    terminal.line("\\c").wait("No such file or directory");
    // And up again: what the connection was is not forgotten.
    server.wait_until_up();
    terminal
        .line("\\c")
        .wait("You are now connected to database \"postgres\" as user \"postgres\"");
    terminal.wait("=# ");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

tests! {
    a_script_ends_when_its_server_goes,
    a_person_is_told_and_connected_again,
}
