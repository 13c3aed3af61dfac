//! Poolers and kin: pgbouncer in session and transaction mode, and a hot standby. What scripts do
//! there, they do alike in both shells.
//!
//! pgbouncer is the system's (`tests/tools/pooler` installs it where it can).

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{self, Shell, difference, on_both, words};
use crate::own_server::{OwnServer, free_port};
use crate::run::{Outcome, Run};
use crate::trial::{Missing, Ran, tests};

/// The pooler's program.
fn program() -> Result<PathBuf, Missing> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    let mut places = std::env::split_paths(&path).chain(system);
    let found =
        places.find_map(|place| Some(place.join("pgbouncer")).filter(|program| program.is_file()));
    found.ok_or_else(|| Missing("no pgbouncer: see tests/tools/pooler".to_owned()))
}

/// A pooler before a server; dropping it stops it.
struct Pooler {
    port: u16,
    child: Child,
}

impl Pooler {
    /// `more` are lines of its configuration.
    fn start(program: &Path, name: &str, server: &OwnServer, more: &str) -> Pooler {
        let directory = harness::cluster_directory(name);
        let port = free_port();
        let to = format!("host={} port={} dbname=d", server.socket(), server.port);
        let configuration = format!(
            "[databases]\n\
             session = {to} pool_mode=session\n\
             transaction = {to} pool_mode=transaction\n\
             down = host=127.0.0.1 port=1 dbname=d\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = scram-sha-256\nauth_file = {here}/users\nadmin_users = postgres\n\
             logfile = {here}/log\nquery_wait_timeout = 2\n{more}",
            here = directory.display(),
        );
        fs::write(directory.join("ini"), configuration).expect("a configuration");
        let users = "\"postgres\" \"right\"\n\"someone\" \"right\"\n";
        fs::write(directory.join("users"), users).expect("a list of users");
        let mut command = Command::new(program);
        command.arg(directory.join("ini")).stdin(Stdio::null()).stderr(Stdio::null());
        if let Some(account) = &harness::server().account {
            chown(&directory, Some(account.uid), Some(account.gid)).expect("the account's own");
            command.uid(account.uid).gid(account.gid).current_dir("/");
        }
        let child = command.process_group(0).spawn().expect("the pooler runs");
        let deadline = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "no pooler");
            std::thread::sleep(Duration::from_millis(10));
        }
        Pooler { port, child }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server with a pooler before it and a standby behind it.
struct Place {
    server: OwnServer,
    standby: OwnServer,
}

fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let hba =
            "local all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 trust\n";
        let server = OwnServer::start("primary", hba, "log_connections = on\n");
        server.execute(&[
            "CREATE ROLE someone LOGIN",
            "CREATE DATABASE d",
            "ALTER DATABASE d OWNER TO someone",
        ]);
        let standby = server.standby("standby", "hot_standby = on\n");
        Place { server, standby }
    })
}

/// A shell with these variables and arguments.
fn run(shell: Shell, environment: &[(&str, &str)], arguments: &str) -> Run {
    harness::shell(shell, Path::new("/tmp"))
        .without("HOME")
        .arg("-X")
        .env("PGUSER", "someone")
        .env("PGSSLMODE", "disable")
        .env("PGCONNECT_TIMEOUT", "20")
        .envs(environment.iter().copied())
        .args(words(arguments))
}

/// Output without what differs from one session to the next: process IDs, OIDs, times.
fn settled(outcome: &Outcome) -> Vec<u8> {
    let text = outcome.render();
    let lines = text.split_inclusive(|b| *b == b'\n');
    let differs = |line: &[u8]| {
        line.starts_with(b"Backend PID")
            || line.starts_with(b"lo_import ")
            || line.ends_with(b"(every 0.05s)\n")
    };
    lines.filter(|line| !differs(line)).flatten().copied().collect()
}

/// Runs both shells; what differs, if anything.
fn compare(environment: &[(&str, &str)], arguments: &str, stdin: &str) -> Option<String> {
    let outcome = |shell| settled(&run(shell, environment, arguments).stdin(stdin).outcome());
    // Two at once could be given each other's connection between two steps of a statement.
    let [ours, oracle] = match arguments.contains("transaction") {
        true => [Shell::Pgsh, Shell::Oracle].map(outcome),
        false => on_both(outcome),
    };
    if std::env::var_os("PGSH_SHOW").is_some() {
        eprintln!("== {arguments} <<< {stdin}\n{}", String::from_utf8_lossy(&oracle));
    }
    (ours != oracle).then(|| format!("{arguments} <<< {stdin}\n{}", difference(&oracle, &ours)))
}

/// What scripts do, each alone on a connection.
const SCRIPTS: &[&str] = &[
    "select 1; select 'two'; select 3/0; select 4;\n",
    "begin;\ncreate temp table t (a int);\ninsert into t values (1), (2);\nselect * from t;\nrollback;\n",
    "begin;\ncreate temp table t (a int) on commit drop;\ncopy t from stdin;\n1\n2\n\\.\n\
     copy t to stdout;\n\\copy t to stdout\ncommit;\n",
    "copy (select generate_series(1, 3)) to stdout;\n\\copy (select 'x') to stdout\n",
    "do $$ begin raise notice 'hello'; raise warning 'you'; end $$;\n",
    "select $1 \\bind 7 \\g\nselect $1::int + $2 \\bind 1 2 \\gx\n",
    "begin;\nselect $1 as p \\parse s\n\\bind_named s 5 \\g\n\\close_prepared s\n\\bind_named s 5 \\g\nrollback;\n",
    "\\startpipeline\nselect 1 \\bind \\sendpipeline\nselect 2 \\bind \\sendpipeline\n\\endpipeline\n",
    "\\startpipeline\nselect 1 \\bind \\sendpipeline\n\\syncpipeline\nselect 1/0 \\bind \\sendpipeline\n\
     select 2 \\bind \\sendpipeline\n\\endpipeline\nselect 'on';\n",
    "\\set FETCH_COUNT 2\nselect generate_series(1, 5);\n",
    "select 'w' as w \\watch i=0.05 c=3\n",
    "\\echo :ENCODING\nset client_encoding to latin1;\n\\echo :ENCODING\nselect 'x';\n\\encoding utf8\n\\encoding\n",
    "set timezone to 'Asia/Tokyo';\nshow timezone;\nset application_name to 'me';\nshow application_name;\n",
    "show application_name;\n\\echo :DBNAME :USER :SERVER_VERSION_NUM\n",
    "\\d nothing\n\\dn\nselect 1 as a, 'b' as b \\gdesc\n",
    "select 1 as one \\gset\n\\echo :one\nselect 'select ' || :one \\gexec\n",
    "begin;\n\\lo_import /etc/hostname\nrollback;\n\\echo :ERROR\n",
    "\\set AUTOCOMMIT off\nselect 1;\nselect 1/0;\nselect 2;\nrollback;\nselect 3;\n",
    "\\set ON_ERROR_ROLLBACK on\nbegin;\nselect 1/0;\nselect 2;\ncommit;\n",
    "\\c\nselect 1;\n\\c - - - 1\nselect 2;\n",
    "\\c transaction\nselect current_database();\n\\c nosuch\n",
    "select pg_terminate_backend(pg_backend_pid());\nselect 2;\n",
    "\\a\n\\conninfo\n",
];

/// Command lines.
const ROWS: &[&str] = &[
    "-d nosuch",
    "-d down -c 'select 1'",
    "-d session -U nobody",
    "-d 'dbname=session password=wrong'",
    "-d 'dbname=session options=-cwork_mem=1MB' -c 'show work_mem'",
    "-d 'dbname=session client_encoding=latin1' -c 'show client_encoding'",
    "-d 'dbname=session application_name=größe' -c 'show application_name'",
    "-d 'dbname=session replication=database' -c 'IDENTIFY_SYSTEM'",
    "-d 'dbname=session max_protocol_version=3.2' -A -c \\conninfo",
    "-d 'dbname=session min_protocol_version=3.2' -A -c \\conninfo",
    "-d 'dbname=session target_session_attrs=read-write' -c 'select 1'",
    "-d 'dbname=session target_session_attrs=standby' -c 'select 1'",
    "-d 'dbname=transaction target_session_attrs=primary' -c 'select 1'",
    "-d session -l -At -F:",
    "-d pgbouncer -U postgres -c 'show version'",
    "-d pgbouncer -U postgres -c 'show nonsense'",
    "-d pgbouncer -U postgres -c 'select $1 \\bind 1 \\g'",
    "-d pgbouncer -U postgres -c 'show databases; show version'",
];

fn pgbouncer_in_session_and_transaction_mode() -> Ran {
    let program = program()?;
    let plain = Pooler::start(&program, "pooler", &place().server, "");
    let lax = Pooler::start(
        &program,
        "lax-pooler",
        &place().server,
        "ignore_startup_parameters = options,geqo,extra_float_digits\n",
    );
    let mut failures = Vec::new();
    for pooler in [&plain, &lax] {
        let port = pooler.port.to_string();
        let environment =
            [("PGHOST", "127.0.0.1"), ("PGPORT", port.as_str()), ("PGPASSWORD", "right")];
        let tell = |more: &[(&'static str, &'static str)]| [&environment[..], more].concat();
        if std::ptr::eq(pooler, &plain) {
            for database in ["session", "transaction"] {
                for script in SCRIPTS {
                    let arguments = format!("-d {database}");
                    failures.extend(compare(&environment, &arguments, script));
                }
            }
        }
        for row in ROWS {
            failures.extend(compare(&environment, row, "select 1 as reached;\n"));
        }
        for more in [
            ("PGTZ", "Asia/Tokyo"),
            ("PGDATESTYLE", "German"),
            ("PGGEQO", "off"),
            ("PGOPTIONS", "-cwork_mem=1MB"),
            ("PGCLIENTENCODING", "LATIN1"),
            ("PGAPPNAME", "me"),
        ] {
            let arguments = "-d session -c 'show timezone' -c 'show datestyle' -c 'show work_mem'";
            failures.extend(compare(&tell(&[more]), arguments, ""));
        }
        // Through the pooler, cancelling takes the pooler's key.
        for database in ["session", "transaction"] {
            let [ours, oracle] = on_both(|shell| {
                let arguments = format!("-d {database} -c 'select pg_sleep(30)'");
                cancelled(run(shell, &environment, &arguments))
            });
            if ours != oracle {
                failures.push(format!("cancel: {}", difference(&oracle, &ours)));
            }
            let text = String::from_utf8_lossy(&ours).into_owned();
            assert!(text.contains("canceling statement due to user request"), "{text}");
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    Ok(())
}

/// Interrupts a shell when its server is busy.
fn cancelled(run: Run) -> Vec<u8> {
    let interrupted = std::sync::atomic::AtomicBool::new(false);
    // Its process ID is known from the start: the shell takes the place of another one.
    let pid_file = tempfile::NamedTempFile::new_in("/tmp").expect("a file");
    let run = run.after(format!("echo $$ > {}", pid_file.path().display()));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let deadline = Instant::now() + Duration::from_secs(60);
            let pid = loop {
                let text = fs::read_to_string(pid_file.path()).expect("a process ID");
                match text.trim().parse().ok().and_then(Pid::from_raw) {
                    Some(pid) => break pid,
                    None => assert!(Instant::now() < deadline, "no process ID"),
                }
                std::thread::sleep(Duration::from_millis(10));
            };
            std::thread::sleep(Duration::from_millis(1500));
            // The shell may be gone before this thread runs again.
            interrupted.store(true, std::sync::atomic::Ordering::Relaxed);
            kill_process(pid, Signal::INT).expect("to interrupt");
        });
        let outcome = run.outcome();
        assert!(interrupted.load(std::sync::atomic::Ordering::Relaxed), "{outcome:?}");
        settled(&outcome)
    })
}

fn long_keys_cancel_too() {
    let port = place().server.port.to_string();
    let environment = [("PGHOST", "127.0.0.1"), ("PGPORT", port.as_str())];
    let arguments =
        "-d 'dbname=d max_protocol_version=3.2' -A -c '\\conninfo' -c 'select pg_sleep(30)'";
    let [ours, oracle] = on_both(|shell| cancelled(run(shell, &environment, arguments)));
    assert!(ours == oracle, "{}", difference(&oracle, &ours));
    let text = String::from_utf8_lossy(&ours).into_owned();
    assert!(text.contains("canceling statement") && text.contains("|3.2"), "{text}");
}

fn a_hot_standby() {
    let Place { server, standby } = place();
    let (primary, second) = (server.port.to_string(), standby.port.to_string());
    let mut failures = Vec::new();
    let attributes = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];
    for wanted in attributes {
        for ports in [
            primary.clone(),
            second.clone(),
            format!("{primary},{second}"),
            format!("{second},{primary}"),
            format!("1,{second},{primary}"),
            format!("{primary},1"),
        ] {
            let hosts = ports.split(',').map(|_| "127.0.0.1").collect::<Vec<_>>().join(",");
            let row = format!(
                "-d 'host={hosts} port={ports} dbname=d target_session_attrs={wanted}' \
                 -Atc 'select pg_is_in_recovery()' -c '\\echo :PORT'"
            );
            failures.extend(compare(&[], &row, ""));
        }
    }
    let environment = [("PGHOST", "127.0.0.1"), ("PGPORT", second.as_str()), ("PGDATABASE", "d")];
    for script in [
        "\\a\n\\conninfo\n",
        "create table t ();\nbegin;\nselect 1;\ninsert into t values (1);\nselect 2;\nrollback;\n",
        "begin read write;\nselect nextval('x');\nset transaction_read_only to off;\n",
        "select 'w' as w \\watch i=0.05 c=3\n",
        "\\lo_import /etc/hostname\n\\dn\n\\l d\n",
        "create temp table t ();\nlisten x;\nvacuum;\n\\copy nothing from stdin\n1\n\\.\n",
        "\\startpipeline\nselect 1 \\bind \\sendpipeline\ncreate table t () \\bind \\sendpipeline\n\\endpipeline\n",
        "\\set FETCH_COUNT 2\nselect generate_series(1, 5);\n",
        "\\set ON_ERROR_ROLLBACK on\nbegin;\ncreate table t ();\nselect 2;\ncommit;\n",
    ] {
        failures.extend(compare(&environment, "", script));
    }
    failures.extend(compare(&environment, "-1 -v ON_ERROR_STOP=1", "select 1;\ndelete from t;\n"));
    let sleep = "-c 'select pg_sleep(30)'";
    let [ours, oracle] = on_both(|shell| cancelled(run(shell, &environment, sleep)));
    if ours != oracle {
        failures.push(format!("cancel: {}", difference(&oracle, &ours)));
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

tests! {
    pgbouncer_in_session_and_transaction_mode,
    long_keys_cancel_too,
    a_hot_standby,
}
