//! `\backup` and `\basebackup`: what is restored from them is what was there; what stands in the way is told
//! before; whatever goes wrong leaves no half file, no password, and a status that tells what it was.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use pgsh::scratch::cluster::USER;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{self, Shell};
use crate::own_server::{self, OwnServer};
use crate::pty::Terminal;
use crate::run::{Outcome, Run};
use crate::trial::{Ran, as_root, tests};
use crate::versions::{Version, on_each};

/// Everybody is let in, to replicate too, but who needs a password.
const HBA: &str = "local all secretive scram-sha-256\nlocal all,replication all trust\n";

/// What is backed up.
const SHOP: &[&str] = &[
    "CREATE TABLE orders AS SELECT n, md5(n::text) AS text, n * 1.5 AS price, now() AS at \
     FROM generate_series(1, 5000) n",
    "CREATE SCHEMA \"Odd Schema\"",
    "CREATE TABLE \"Odd Schema\".\"it's \"\"one\"\"\" AS SELECT 'ä' AS \"ä\", ARRAY[1, NULL] AS list",
    "CREATE VIEW cheap AS SELECT * FROM orders WHERE price < 10",
    "CREATE SEQUENCE numbers START 42",
];

/// A sum over each table.
const SUMS: &str = "SELECT md5(string_agg(o::text, ',' ORDER BY n)) FROM orders o \
    UNION ALL SELECT md5(string_agg(o::text, ',')) FROM \"Odd Schema\".\"it's \"\"one\"\"\" o \
    UNION ALL SELECT md5(count(*)::text) FROM cheap";

/// A server, and the directory where backups are made.
struct Desk {
    server: OwnServer,
    home: PathBuf,
}

impl Desk {
    fn new(name: &str, settings: &str) -> Desk {
        let home = harness::cluster_directory(&format!("backup-{name}-home"));
        // The server's account starts servers on what is written here.
        fs::set_permissions(&home, fs::Permissions::from_mode(0o777)).expect("permissions");
        fs::create_dir(home.join("private")).expect("a directory");
        Desk { server: OwnServer::start(&format!("backup-{name}"), HBA, settings), home }
    }

    fn with_shop(name: &str) -> Desk {
        let desk = Desk::new(name, "");
        desk.server.execute(SHOP);
        desk
    }

    /// A program, with what leads it to the server.
    fn program<T: AsRef<std::ffi::OsStr>>(
        &self,
        program: impl AsRef<std::ffi::OsStr>,
        arguments: impl IntoIterator<Item = T>,
    ) -> Run {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bin = harness::server().bin.clone();
        let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&path)));
        self.server
            .shell(Shell::Pgsh, &self.home)
            .instead(program, arguments)
            .env("PATH", path.expect("a path"))
            .env("PGUSER", USER)
            .env("PGDATABASE", "postgres")
            .env("TMPDIR", self.home.join("private"))
            .env("TZ", "UTC")
    }

    fn shell(&self, commands: &[&str]) -> Run {
        let words = commands.iter().flat_map(|command| ["-c", command]);
        self.program(env!("CARGO_BIN_EXE_pgsh"), ["-X"].into_iter().chain(words))
    }

    fn run(&self, command: &str) -> Outcome {
        self.shell(&[command]).outcome()
    }

    /// Runs what must succeed; what it printed.
    fn done(&self, command: &str) -> String {
        succeeded(command, self.run(command))
    }

    /// What is in the directory of backups.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.home).expect("a directory").flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name != "private");
        names.sort();
        names
    }

    /// That nothing private is left, nor anything unfinished.
    fn assert_tidy(&self, expected: &[&str]) {
        let private = fs::read_dir(self.home.join("private")).expect("a directory");
        assert_eq!(
            private.flatten().map(|entry| entry.path()).collect::<Vec<_>>(),
            [""; 0].map(PathBuf::from)
        );
        assert_eq!(self.files(), expected);
    }

    fn sums(&self, database: &str) -> String {
        let run = self
            .program(env!("CARGO_BIN_EXE_pgsh"), ["-X", "-A", "-t", "-d", database, "-c", SUMS]);
        succeeded(SUMS, run.outcome())
    }
}

fn succeeded(what: &str, outcome: Outcome) -> String {
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    assert_eq!(outcome.status, 0, "{what}: {text}{}", String::from_utf8_lossy(&outcome.stderr));
    text
}

fn errors(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stderr).into_owned()
}

fn what_is_restored_is_what_was_there() {
    let desk = Desk::with_shop("formats");
    let before = desk.sums("postgres");
    for (at, (words, name)) in [
        ("", "a.dump"),
        ("format custom compress none", "b.dump"),
        ("format tar", "c.tar"),
        ("format directory jobs 2", "d"),
        ("format plain", "e.sql"),
        ("format plain compress gzip:1", "f.sql.gz"),
    ]
    .into_iter()
    .enumerate()
    {
        let said = desk.done(&format!("\\backup database {words} to {name} verify"));
        let shown =
            format!("Backed up database \"postgres\" to \"{}/{name}\": ", desk.home.display());
        assert!(said.starts_with(&shown), "{said}");
        assert!(said.contains("5001 rows of 2 tables were counted"), "{said}");
        let counts =
            fs::read_to_string(desk.home.join(format!("{name}.counts.json"))).expect("counts");
        let counts: serde_json::Value = serde_json::from_str(&counts).expect("JSON");
        assert_eq!(counts["tables"][1]["rows"], 5000, "{counts}");
        let target = format!("again{at}");
        succeeded(
            "createdb",
            desk.program("psql", ["-c", &format!("CREATE DATABASE {target} TEMPLATE template0")])
                .outcome(),
        );
        let restored = match name {
            "e.sql" => {
                desk.program("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", &target, "-f", name])
            }
            "f.sql.gz" => {
                let script = format!("gzip -dc {name} | psql -q -v ON_ERROR_STOP=1 -d {target}");
                desk.program("sh", ["-c", &script])
            }
            _ => desk.program("pg_restore", ["--exit-on-error", "-d", &target, name]),
        };
        succeeded(name, restored.outcome());
        assert_eq!(desk.sums(&target), before, "{name}");
    }
}

/// The program reads names in the database's encoding, whatever the session speaks.
fn names_under_another_client_encoding() {
    let desk = Desk::new("encoding", "");
    desk.server.execute(&[
        "CREATE SCHEMA \"größe\"",
        "CREATE TABLE \"größe\".\"zähler\" AS SELECT 1 AS a",
        "CREATE DATABASE \"übung\"",
    ]);
    for (command, file) in [
        (&b"\\backup table \"gr\xf6\xdfe\".\"z\xe4hler\" format plain to t.sql"[..], "t.sql"),
        (b"\\backup database \xfcbung format plain to d.sql", "d.sql"),
        (b"\\backup schema '\"gr\xf6\xdfe\"' format plain to s.sql", "s.sql"),
    ] {
        let script = [b"\\encoding latin1\n", command, b"\n"].concat();
        let run = desk.shell(&[]).stdin(script);
        succeeded(file, run.outcome());
        let dump = fs::read_to_string(desk.home.join(file)).expect("a dump");
        if file == "d.sql" {
            continue;
        }
        assert!(dump.contains("CREATE TABLE \"größe\".\"zähler\""), "{dump}");
    }
}

/// Two of them within a second have names of their own.
fn names_of_the_same_second() {
    let desk = Desk::with_shop("same-second");
    let commands = ["\\backup table orders"; 3];
    succeeded("three", desk.shell(&commands).outcome());
    assert_eq!(desk.files().len(), 3, "{:?}", desk.files());
}

fn schemas_and_tables_by_their_names() {
    let desk = Desk::with_shop("names");
    let listed = |name: &str| {
        let list = succeeded(name, desk.program("pg_restore", ["-l", name]).outcome());
        let lines = list.lines().filter(|line| line.contains(" TABLE DATA "));
        lines
            .map(|line| line.split(" TABLE DATA ").last().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let (odd, orders) = ("Odd Schema it's \"one\" postgres", "public orders postgres");
    for (at, (words, expected)) in [
        ("schema \"Odd Schema\"", vec![odd]),
        ("schema PUBLIC", vec![orders]),
        ("schema public \"Odd Schema\"", vec![odd, orders]),
        ("table ORDERS", vec![orders]),
        ("table ord*", vec![orders]),
        ("table \"Odd Schema\".*", vec![odd]),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{at}.dump");
        desk.done(&format!("\\backup {words} to {name}"));
        let mut listed = listed(&name);
        listed.sort();
        assert_eq!(listed, expected, "{words}");
    }
    for words in ["schema \"odd schema\"", "schema pub*", "table \"ord*\""] {
        let outcome = desk.run(&format!("\\backup {words} to none.dump"));
        assert_eq!(outcome.status, 12, "{words}: {}", errors(&outcome));
        assert!(errors(&outcome).contains("no matching"), "{}", errors(&outcome));
    }
    // Whatever a database is called, it is that one.
    for name in ["Two Words", "dbname=postgres", "it's \\ \"q\"", "postgresql://x"] {
        let quoted = name.replace('"', "\"\"");
        desk.server.execute(&[&format!("CREATE DATABASE \"{quoted}\"")]);
        let word = quoted.replace('\'', "''").replace('\\', "\\\\");
        let said = desk.done(&format!(
            "\\backup database '\"{word}\"' to {}/x.dump overwrite",
            desk.home.display()
        ));
        assert!(said.starts_with(&format!("Backed up database \"{name}\" to")), "{said}");
    }
}

fn the_whole_cluster_and_what_belongs_to_no_database() {
    let desk = Desk::with_shop("cluster");
    desk.server.execute(&["CREATE ROLE clerk LOGIN PASSWORD 'hidden'"]);
    desk.done("\\backup all to all.sql");
    desk.done("\\backup globals to globals.sql");
    desk.done("\\backup globals without passwords to plain.sql");
    let text = |name: &str| fs::read_to_string(desk.home.join(name)).expect("a script");
    assert!(text("all.sql").contains("CREATE TABLE public.orders"));
    assert!(
        text("globals.sql").contains("SCRAM-SHA-256") && !text("globals.sql").contains("orders")
    );
    assert!(
        text("plain.sql").contains("CREATE ROLE clerk") && !text("plain.sql").contains("SCRAM")
    );
    desk.assert_tidy(&["all.sql", "globals.sql", "plain.sql"]);
}

/// A server on a copy of a cluster, until this is dropped.
struct Restarted {
    child: Child,
    socket: PathBuf,
}

impl Restarted {
    fn on(data: &Path, socket: &Path) -> Restarted {
        let programs = harness::server();
        if let Some(account) = &programs.account {
            let owner = format!("{}:{}", account.uid, account.gid);
            let done = Command::new("chown").arg("-R").arg(owner).arg(data).status();
            assert!(done.expect("chown runs").success());
        }
        let log = fs::File::create(socket.join("log")).expect("a log");
        let child = own_server::command(programs, "postgres")
            .arg("-D")
            .arg(data)
            .arg("-k")
            .arg(socket)
            .args(["-p", "5432", "-c", "listen_addresses="])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("a server");
        Restarted { child, socket: socket.to_owned() }
    }

    /// Runs a program on it, as soon as it takes connections.
    fn run(&self, desk: &Desk, program: &str, arguments: &[&str]) -> String {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let run =
                desk.program(program, arguments).env("PGHOST", &self.socket).env("PGPORT", "5432");
            let outcome = run.outcome();
            if outcome.status == 0 || Instant::now() > deadline {
                let log = fs::read_to_string(self.socket.join("log")).unwrap_or_default();
                return succeeded(&format!("{program}: {log}"), outcome);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Restarted {
    fn drop(&mut self) {
        // At once, but so that it leaves no shared memory.
        let _ = kill_process(Pid::from_child(&self.child), Signal::QUIT);
        let _ = self.child.wait();
    }
}

fn a_base_backup_starts_as_a_server() {
    let desk = Desk::new("base", "summarize_wal = on\n");
    desk.server.execute(SHOP);
    let before = desk.sums("postgres");
    let said = desk.done("\\basebackup to base fast");
    assert!(said.contains("agrees: every file is as the manifest says."), "{said}");
    desk.server.execute(&["INSERT INTO orders SELECT 6000"]);
    let said = desk.done("\\basebackup to packed tar compress gzip fast json");
    let told: serde_json::Value = serde_json::from_str(&said).expect("a line of JSON");
    assert_eq!((told["status"].as_str(), told["format"].as_str()), (Some("done"), Some("tar")));
    assert!(desk.home.join("packed/base.tar.gz").is_file());
    desk.done("\\basebackup to later incremental base fast");
    let combined = ["base", "later", "-o", "combined"];
    succeeded("pg_combinebackup", desk.program("pg_combinebackup", combined).outcome());
    let after = desk.sums("postgres");
    assert_ne!(before, after);
    for (data, expected) in [("base", &before), ("combined", &after)] {
        let socket = harness::cluster_directory(&format!("backup-restarted-{data}"));
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).expect("permissions");
        let server = Restarted::on(&desk.home.join(data), &socket);
        assert_eq!(&server.run(&desk, "psql", &["-X", "-A", "-t", "-c", SUMS]), expected, "{data}");
        server.run(&desk, "pg_amcheck", &["--heapallindexed", "--install-missing", "postgres"]);
    }
}

fn the_password_is_private_and_gone() {
    let desk = Desk::new("password", "");
    desk.server.execute(&[
        "CREATE ROLE secretive LOGIN PASSWORD 'open:\\sesame'",
        "CREATE DATABASE kept OWNER secretive",
    ]);
    fs::write(desk.home.join("passwords"), "*:*:*:secretive:open\\:\\\\sesame\n").expect("a file");
    fs::set_permissions(desk.home.join("passwords"), fs::Permissions::from_mode(0o600))
        .expect("permissions");
    // What would lead it elsewhere is not heeded.
    let bin = desk.home.join("bin");
    fs::create_dir(&bin).expect("a directory");
    let real = harness::server().bin.join("pg_dump");
    let spy = format!(
        "#!/bin/sh\ncase $1 in --version) exec {real} --version;; esac\n\
         env > {home}/seen; echo \"$@\" >> {home}/seen; stat -c '%a %n' \"$PGPASSFILE\" \"$(dirname \"$PGPASSFILE\")\" >> {home}/seen\n\
         exec {real} \"$@\"\n",
        real = real.display(),
        home = desk.home.display()
    );
    fs::write(bin.join("pg_dump"), spy).expect("a program");
    fs::set_permissions(bin.join("pg_dump"), fs::Permissions::from_mode(0o755))
        .expect("permissions");
    for (at, (name, value)) in
        [("PGPASSFILE", "passwords"), ("PGPASSWORD", "open:\\sesame")].into_iter().enumerate()
    {
        let run = desk.shell(&[
            "\\setenv PGHOST /nowhere",
            "\\setenv PGSERVICE none",
            &format!("\\backup database to {at}.dump"),
        ]);
        let run = run.env("PGUSER", "secretive").env("PGDATABASE", "kept").env(name, value);
        succeeded(name, run.env("PGSH_SERVER_BIN", &bin).outcome());
        let seen = fs::read_to_string(desk.home.join("seen")).expect("what the program saw");
        assert!(!seen.contains("sesame") && !seen.contains("/nowhere"), "{seen}");
        assert!(seen.contains("\n600 ") && seen.contains("\n700 "), "{seen}");
        fs::remove_file(desk.home.join("seen")).expect("removed");
    }
    desk.assert_tidy(&["0.dump", "1.dump", "bin", "passwords"]);
}

fn everything_that_stands_in_the_way_is_told_at_once() {
    let desk = Desk::with_shop("checks");
    desk.server.execute(&[
        "CREATE ROLE clerk LOGIN",
        "CREATE TABLE hidden (a int)",
        "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY",
        "GRANT SELECT ON hidden TO clerk",
    ]);
    fs::write(desk.home.join("there"), "old").expect("a file");
    let outcome = desk
        .shell(&["\\backup database to there compress zstd json"])
        .env("PGUSER", "clerk")
        .outcome();
    let said = errors(&outcome);
    for part in [
        "\\backup: \"clerk\" may not read ",
        "Odd Schema.it's \"one\", public.numbers, public.orders\n",
        "HINT:  GRANT pg_read_all_data TO \"clerk\"",
        "row security hides rows from \"clerk\" in public.hidden",
        "there\" is there already; \"overwrite\" would replace it",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(outcome.status, 13, "{said}");
    let told: serde_json::Value = serde_json::from_slice(&outcome.stdout).expect("a line of JSON");
    assert_eq!((told["status"].as_str(), told["reason"].as_str()), (Some("failed"), Some("place")));
    assert_eq!(told["messages"].as_array().map(Vec::len), Some(3));
    let outcome =
        desk.shell(&["\\basebackup to base incremental there"]).env("PGUSER", "clerk").outcome();
    let said = errors(&outcome);
    for part in ["\"clerk\" may not make base backups", "summarize_wal is off"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(outcome.status, 10, "{said}");
    let outcome = desk.shell(&["\\backup globals to g.sql"]).env("PGUSER", "clerk").outcome();
    assert!(errors(&outcome).contains("without passwords"), "{}", errors(&outcome));
    desk.shell(&["\\backup globals without passwords to g.sql"]).env("PGUSER", "clerk").outcome();
    desk.assert_tidy(&["g.sql", "there"]);
    assert_eq!(fs::read_to_string(desk.home.join("there")).expect("a file"), "old");
}

fn a_lock_of_ones_own_is_told() {
    let desk = Desk::with_shop("locks");
    let script = "BEGIN; LOCK orders;\n\\backup database to x.dump\n\\echo still :SQLSTATE\nROLLBACK;\n\\backup database to x.dump\n";
    let outcome = desk.program(env!("CARGO_BIN_EXE_pgsh"), ["-X", "-q"]).stdin(script).outcome();
    assert!(
        errors(&outcome).contains("this session itself has orders locked"),
        "{}",
        errors(&outcome)
    );
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), "still 00000\n");
    desk.assert_tidy(&["x.dump"]);
}

fn servers_that_make_no_base_backups_say_so() {
    let desk = Desk::new("minimal", "wal_level = minimal\nmax_wal_senders = 0\n");
    let outcome = desk.run("\\basebackup to base");
    for part in ["wal_level is minimal", "max_wal_senders is 0"] {
        assert!(errors(&outcome).contains(part), "{part}: {}", errors(&outcome));
    }
    assert_eq!(outcome.status, 10);
    let desk = Desk::new("closed", "");
    desk.server.write("pg_hba.conf", "local all all trust\n");
    desk.server.reload();
    let deadline = Instant::now() + Duration::from_secs(30);
    let said = loop {
        let outcome = desk.run("\\basebackup to base fast");
        if outcome.status == 10 || Instant::now() > deadline {
            break errors(&outcome);
        }
        let _ = fs::remove_dir_all(desk.home.join("base"));
    };
    assert!(said.contains("does not let us in for replication"), "{said}");
    assert!(said.contains("pg_hba.conf") && said.contains("HINT:  A line in "), "{said}");
    desk.assert_tidy(&[]);
}

/// Faults, each with the status that tells of it and a part of what is said.
fn faults_leave_nothing_half_done() {
    let desk = Desk::with_shop("faults");
    let bin = desk.home.join("bin");
    fs::create_dir(&bin).expect("a directory");
    let program = |script: &str| {
        let real = harness::server().bin.join("pg_dump");
        let text = format!(
            "#!/bin/sh\ncase $1 in --version) exec {} --version;; esac\n{script}\n",
            real.display()
        );
        fs::write(bin.join("pg_dump"), text).expect("a program");
        fs::set_permissions(bin.join("pg_dump"), fs::Permissions::from_mode(0o755))
            .expect("permissions");
    };
    let write = "for a; do case $a in --file=*) echo half > \"${a#--file=}\";; esac; done";
    for (script, status, part) in [
        (format!("{write}; kill -9 $$"), 12, "ended by signal 9 (Killed)"),
        (
            format!("{write}; echo 'pg_dump: error: it broke' >&2; exit 1"),
            12,
            "pg_dump: error: it broke",
        ),
        (
            format!(
                "{write}; echo 'pg_dump: error: could not write to output file: No space left on device' >&2; exit 1"
            ),
            13,
            "exit status 1",
        ),
        (
            format!(
                "{write}; echo 'pg_dump: error: server closed the connection unexpectedly' >&2; exit 1"
            ),
            2,
            "exit status 1",
        ),
        (write.to_owned(), 14, "the archive can't be read again"),
    ] {
        program(&script);
        let run = desk.shell(&["\\backup database to x.dump"]).env("PGSH_SERVER_BIN", &bin);
        let outcome = run.outcome();
        assert!(errors(&outcome).contains(part), "{script}: {}", errors(&outcome));
        assert_eq!(outcome.status, status, "{script}: {}", errors(&outcome));
        assert_eq!(outcome.stdout, b"", "{script}");
        desk.assert_tidy(&["bin"]);
    }
    // A file can't grow beyond 64 kB.
    let pgsh = env!("CARGO_BIN_EXE_pgsh");
    let limited =
        format!("ulimit -f 64; exec {pgsh} -X -c '\\backup database compress none to x.dump'");
    let outcome = desk.program("bash", ["-c", &limited]).outcome();
    assert!(matches!(outcome.status, 12 | 13), "{}", errors(&outcome));
    for (command, status, part) in [
        ("\\backup database to none/x.dump", 13, "No such file or directory"),
        ("\\backup database nowhere to x.dump", 2, "database \"nowhere\" does not exist"),
        ("\\backup view x", 1, "\"view\" can't be backed up"),
        ("\\basebackup", 1, "where to is missing"),
    ] {
        let outcome = desk.run(command);
        assert!(errors(&outcome).contains(part), "{command}: {}", errors(&outcome));
        assert_eq!(outcome.status, status, "{command}: {}", errors(&outcome));
    }
    desk.assert_tidy(&["bin"]);
}

fn who_may_not_write_there_is_told() -> Ran {
    as_root()?;
    let desk = Desk::new("closed-place", "");
    let closed = desk.home.join("closed");
    fs::create_dir(&closed).expect("a directory");
    let outcome = desk
        .shell(&[&format!("\\backup database to {}/x.dump", closed.display())])
        .by_user(4711)
        .outcome();
    assert!(errors(&outcome).contains("could not write into"), "{}", errors(&outcome));
    assert_eq!(outcome.status, 13);
    Ok(())
}

/// Ends the sessions of a dump that waits for a lock.
fn a_connection_that_is_cut_leaves_nothing() {
    let desk = Desk::with_shop("cut");
    let mut holder = desk.server.session("postgres");
    harness::execute(&mut holder, "BEGIN; LOCK orders");
    let ended = std::thread::scope(|scope| {
        let dump = scope.spawn(|| desk.run("\\backup database to x.dump"));
        let deadline = Instant::now() + Duration::from_secs(30);
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'pg_dump'";
        while desk.server.value(end) == "0" {
            assert!(Instant::now() < deadline, "no dump");
            std::thread::sleep(Duration::from_millis(20));
        }
        dump.join().expect("an outcome")
    });
    assert_eq!(ended.status, 2, "{}", errors(&ended));
    assert!(
        errors(&ended).contains("has orders locked: the dump waits for it"),
        "{}",
        errors(&ended)
    );
    desk.assert_tidy(&[]);
}

/// A dump that waits for a lock, at the prompt.
fn waiting_dump(desk: &Desk) -> Terminal {
    let run = desk
        .program(env!("CARGO_BIN_EXE_pgsh"), ["-X"])
        .env("TERM", "xterm")
        .env("PGPASSWORD", "x");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    terminal.line("\\backup database to x.dump").wait("dumping");
    // There is a file with a password now, and an unfinished dump.
    assert_eq!(fs::read_dir(desk.home.join("private")).expect("a directory").count(), 1);
    terminal
}

fn ctrl_c_and_signals_leave_nothing() {
    let desk = Desk::with_shop("ctrl-c");
    let mut holder = desk.server.session("postgres");
    harness::execute(&mut holder, "BEGIN; LOCK orders");
    let mut terminal = waiting_dump(&desk);
    terminal.keys("\x03");
    terminal.wait("\\backup: stopped: pg_dump");
    terminal.wait("=# ");
    let stopped = |name: &str| !name.starts_with(".local") && !name.starts_with(".cache");
    let files = || desk.files().into_iter().filter(|name| stopped(name)).collect::<Vec<_>>();
    assert_eq!(files(), [""; 0]);
    terminal.line("\\echo 'still' 'there'").wait("still there");
    terminal.line("\\q");
    let terminal = waiting_dump(&desk);
    let pid = rustix::process::Pid::from_raw(terminal.pid() as i32).expect("a process");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal");
    drop(terminal.rest());
    assert_eq!(files(), [""; 0]);
    assert_eq!(fs::read_dir(desk.home.join("private")).expect("a directory").count(), 0);
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'";
    let deadline = Instant::now() + Duration::from_secs(30);
    while desk.server.value(waiting) != "0" {
        assert!(Instant::now() < deadline, "the program goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn cron_hears_nothing_but_what_went_wrong() {
    let desk = Desk::with_shop("cron");
    let quiet = |command: &str| {
        desk.program(env!("CARGO_BIN_EXE_pgsh"), ["-X", "-q", "-c", command]).outcome()
    };
    fs::create_dir(desk.home.join("nightly")).expect("a directory");
    let outcome = quiet("\\backup database to nightly");
    assert_eq!((outcome.status, outcome.stdout, outcome.stderr), (0, Vec::new(), Vec::new()));
    let made: Vec<_> =
        fs::read_dir(desk.home.join("nightly")).expect("a directory").flatten().collect();
    let name = made[0].file_name().to_string_lossy().into_owned();
    let stamp = name.strip_prefix("postgres-").and_then(|rest| rest.strip_suffix(".dump"));
    assert_eq!((made.len(), stamp.map(str::len)), (1, Some(15)), "{name}");
    assert!(made[0].metadata().expect("a file").size() > 1000);
    // A script goes on, as behind any command that fails, and under psql's name there is none.
    let script = "\\backup database to none/x\n\\echo next\n";
    let outcome = desk.program(env!("CARGO_BIN_EXE_pgsh"), ["-X"]).stdin(script).outcome();
    assert_eq!((outcome.status, &outcome.stdout[..]), (0, &b"next\n"[..]));
    let stopping =
        desk.program(env!("CARGO_BIN_EXE_pgsh"), ["-X", "-v", "ON_ERROR_STOP=1"]).stdin(script);
    assert_eq!(stopping.outcome().status, 3);
}

fn the_plan_names_its_commands() {
    let desk = Desk::with_shop("plan");
    desk.server.execute(&["CREATE DATABASE \"Two Words\""]);
    let plan = desk.done("\\backup plan");
    for part in [
        "PostgreSQL ",
        "2 databases",
        "\\backup globals to /backups/",
        "\\backup database \"Two Words\" to",
        "-c '\\backup database to /backups/'",
    ] {
        assert!(plan.contains(part), "{part}: {plan}");
    }
}

fn an_old_server_is_dumped(version: Version) -> Ran {
    let subject = version.start("backup")?;
    let home = subject.directory.clone();
    let run = |words: &[&str]| {
        let run = subject.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["-X"]);
        let bin = harness::server().bin.clone();
        run.args(words).env("PATH", bin).within(&home).env("TMPDIR", &home).outcome()
    };
    let dump = home.join("old.dump");
    let outcome = run(&["-c", &format!("\\backup database to {} verify", dump.display())]);
    let told = succeeded("backup", outcome.clone());
    // The program of the server's own version is taken where there is one.
    let is_same = told.contains(&format!("(pg_dump {}.", version.name()));
    assert_eq!(errors(&outcome).contains("newer than the server"), !is_same, "{told}");
    assert!(dump.is_file());
    succeeded("plan", run(&["-c", "\\backup plan"]));
    let space = home.join("space-of-backup");
    fs::create_dir(&space).expect("a directory");
    let programs = subject.cluster.server();
    if let Some(account) = &programs.account {
        std::os::unix::fs::chown(&space, Some(account.uid), Some(account.gid)).expect("an owner");
    }
    let create = format!("CREATE TABLESPACE outside LOCATION '{}'", space.display());
    succeeded("tablespace", run(&["-c", &create]));
    let base = home.join("base");
    let outcome = run(&["-c", &format!("\\basebackup to {} fast", base.display())]);
    let said = errors(&outcome);
    assert!(said.contains("same paths as the server has: ") && said.contains("outside"), "{said}");
    succeeded("table", run(&["-c", "CREATE TABLE there TABLESPACE outside AS SELECT 1 AS a"]));
    let [base_in_tar, moved] = ["base-in-tar", "moved"].map(|name| home.join(name));
    let to_tar = format!("\\basebackup to {} tar fast", base_in_tar.display());
    succeeded("base", run(&["-c", &to_tar]));
    assert!(base_in_tar.join("base.tar").is_file());
    // Where it is to be, from the beginning; nothing of it stays where something fails.
    let to = format!(
        "\\basebackup to {} fast tablespace outside={moved} tablespace dsc_space={moved}-too",
        base.display(),
        moved = moved.display()
    );
    fs::create_dir(&base).expect("a directory");
    assert!(errors(&run(&["-c", &to])).contains("is there already"));
    assert!(!moved.exists());
    fs::remove_dir(&base).expect("removed");
    succeeded("mapped", run(&["-c", &to]));
    let links = fs::read_dir(base.join("pg_tblspc")).expect("a directory").flatten();
    let targets: Vec<_> = links.map(|link| fs::read_link(link.path()).expect("a link")).collect();
    assert!(targets.len() == 2 && targets.contains(&moved), "{targets:?}");
    assert!(fs::read_dir(&moved).expect("a directory").count() > 0);
    Ok(())
}

fn old_servers() -> Vec<Trial> {
    on_each("backup::old_servers", [15, 12].map(Version::Old), an_old_server_is_dumped)
}

tests! {
    what_is_restored_is_what_was_there,
    schemas_and_tables_by_their_names,
    names_under_another_client_encoding,
    names_of_the_same_second,
    the_whole_cluster_and_what_belongs_to_no_database,
    a_base_backup_starts_as_a_server,
    the_password_is_private_and_gone,
    everything_that_stands_in_the_way_is_told_at_once,
    a_lock_of_ones_own_is_told,
    servers_that_make_no_base_backups_say_so,
    faults_leave_nothing_half_done,
    who_may_not_write_there_is_told,
    a_connection_that_is_cut_leaves_nothing,
    ctrl_c_and_signals_leave_nothing,
    cron_hears_nothing_but_what_went_wrong,
    the_plan_names_its_commands;
    old_servers()
}
