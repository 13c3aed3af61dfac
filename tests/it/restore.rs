//! `\restore` and `\restore?`: what comes back is what was there, whatever the format and the names; what
//! stands in the way is told before; what goes wrong leaves no half database.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{self, Shell};
use crate::pty::Terminal;
use crate::run::{Outcome, Run};
use crate::trial::{Missing, Ran, tests, trial};
use crate::versions::{MAJORS, Subject, Version, on_each};

/// Names that quotes, patterns and lists would break at.
const HOSTILE: &str = r#"
CREATE SCHEMA "My.Schema";
CREATE SCHEMA sales;
CREATE TYPE sales.mood AS ENUM ('good', 'so ''so''');
CREATE FUNCTION sales.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS $f$
SELECT $1 * 2 -- COPY x FROM stdin;
$f$;
CREATE TABLE sales.orders (id serial PRIMARY KEY, note text, m sales.mood DEFAULT 'good');
CREATE INDEX ON sales.orders (sales.twice(id));
INSERT INTO sales.orders (note) SELECT E'a\tb\\\n' || n FROM generate_series(1, 500) n;
INSERT INTO sales.orders (note) VALUES (E'\\.'), ('BEGIN;'), ('SET transaction_timeout = 0;'), (NULL);
COMMENT ON TABLE sales.orders IS E'ours\nCOPY sales.orders FROM stdin;\n1\n\\.\n';
CREATE TABLE "My.Schema"."it's ""a*b?"" ; Type: TABLE" ("x y" int REFERENCES sales.orders, v bytea);
INSERT INTO "My.Schema"."it's ""a*b?"" ; Type: TABLE" SELECT n, decode('00ff', 'hex') FROM generate_series(1, 9) n;
CREATE TABLE "My.Schema"."line
feed" AS SELECT n, n / 7.0 AS f FROM generate_series(1, 77) n;
CREATE TABLE "UPPER" (d timestamptz, j jsonb);
INSERT INTO "UPPER" VALUES ('infinity', '{"a": [1, null]}'), ('2024-02-29 12:00+01', NULL);
CREATE TABLE parted (a int) PARTITION BY RANGE (a);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
INSERT INTO parted SELECT generate_series(1, 50);
CREATE VIEW sales.late AS SELECT * FROM sales.orders WHERE m = 'good';
CREATE MATERIALIZED VIEW sales.counted AS SELECT count(*) FROM sales.late;
SELECT lo_from_bytea(4711, 'large');
"#;

/// A sum over each table, and the large object.
const SUMS: &str = r#"
SELECT 1, md5(string_agg(t::text, ',' ORDER BY id)) FROM sales.orders t UNION ALL
SELECT 2, md5(string_agg(t::text, ',' ORDER BY "x y")) FROM "My.Schema"."it's ""a*b?"" ; Type: TABLE" t UNION ALL
SELECT 3, md5(string_agg(t::text, ',' ORDER BY n)) FROM "My.Schema"."line
feed" t UNION ALL
SELECT 4, md5(string_agg(t::text, ',' ORDER BY d)) FROM "UPPER" t UNION ALL
SELECT 5, md5(string_agg(t::text, ',' ORDER BY a)) FROM parted t UNION ALL
SELECT 6, md5(string_agg(t::text, ',')) FROM sales.counted t UNION ALL
SELECT 7, md5(lo_get(4711)) ORDER BY 1
"#;

/// A server with a database of hostile names, and a directory for dumps.
struct Desk {
    subject: Subject,
}

impl Desk {
    fn new(version: Version, name: &str) -> Result<Desk, crate::trial::Missing> {
        let desk = Desk { subject: version.start(name)? };
        desk.done("postgres", &["-c", "CREATE DATABASE shop TEMPLATE template0"]);
        let script = desk.path("shop.sql");
        fs::write(&script, HOSTILE).expect("a script");
        desk.done("shop", &["-q", "-v", "ON_ERROR_STOP=1", "-f", "shop.sql"]);
        fs::remove_file(script).expect("a script");
        Ok(desk)
    }

    fn home(&self) -> &Path {
        &self.subject.directory
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home().join(name)
    }

    /// A program beside the pinned server's, of whose `pg_dump` and `pg_restore` these tests are.
    fn program(&self, program: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> Run {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bin = harness::server().bin.clone();
        let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&path)));
        let run = self.subject.shell(Shell::Pgsh).instead(program, words);
        run.env("PATH", path.expect("a path")).within(self.home())
    }

    fn run(&self, database: &str, words: &[&str]) -> Outcome {
        let run = self.program(env!("CARGO_BIN_EXE_pgsh"), &["-X"]);
        run.args(words).env("PGDATABASE", database).outcome()
    }

    /// Runs what must succeed; what it printed.
    fn done(&self, database: &str, words: &[&str]) -> String {
        let outcome = self.run(database, words);
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        assert_eq!(outcome.status, 0, "{words:?}: {text}{}", errors(&outcome));
        text
    }

    fn command(&self, database: &str, command: &str) -> String {
        self.done(database, &["-c", command])
    }

    /// Runs what must fail, with this status and words.
    fn fails(&self, database: &str, command: &str, status: i32, words: &[&str]) {
        let outcome = self.run(database, &["-c", command]);
        let said = errors(&outcome);
        assert_eq!(outcome.status, status, "{command}: {said}");
        for word in words {
            assert!(said.contains(word), "{command}: {word} is not in: {said}");
        }
    }

    fn sums(&self, database: &str) -> String {
        self.done(database, &["-At", "-c", "SET timezone TO 'UTC'", "-c", SUMS])
    }

    fn databases(&self) -> String {
        self.done("postgres", &["-Atc", "SELECT datname FROM pg_database ORDER BY 1"])
    }

    /// A dump of the shop by `pg_dump` itself.
    fn dump(&self, name: &str, words: &[&str]) {
        let file = format!("--file={name}");
        let all: Vec<&str> = words.iter().copied().chain([file.as_str(), "shop"]).collect();
        let outcome = self.program("pg_dump", &all).outcome();
        assert_eq!(outcome.status, 0, "{words:?}: {}", errors(&outcome));
    }
}

fn errors(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stderr).into_owned()
}

/// Every format of the pinned server's `pg_dump`, from and to a server of this version.
fn every_format_comes_back(version: Version) -> Ran {
    let desk = Desk::new(version, "restore")?;
    let before = desk.sums("shop");
    for (at, (name, words)) in [
        ("a.dump", &["--format=custom"][..]),
        ("b.dump", &["--format=custom", "--compress=0"]),
        ("c.tar", &["--format=tar"]),
        ("d", &["--format=directory", "--jobs=2"]),
        ("e.sql", &["--format=plain"]),
        ("f.sql.gz", &["--format=plain", "--compress=gzip"]),
        ("g.sql", &["--format=plain", "--inserts"]),
    ]
    .into_iter()
    .enumerate()
    {
        desk.dump(name, words);
        let database = format!("It's \"copy\" {at}");
        let into = format!("\\restore {name} into '{}' verify", database.replace('\'', "''"));
        let told = desk.command("postgres", &into);
        assert!(told.contains("rows that were dumped."), "{told}");
        assert_eq!(desk.sums(&database), before, "{name}");
        let listed = desk.command("postgres", &format!("\\restore? {name}"));
        for expected in ["it's \"a*b?\" ; Type: TABLE", "UPPER", "1 function"] {
            assert!(listed.contains(expected), "{expected} is not in: {listed}");
        }
    }
    // An archive that was compressed as a whole is read as it passes.
    let zipped = desk.program("gzip", &["-k", "c.tar", "b.dump"]).outcome();
    assert_eq!(zipped.status, 0, "{}", errors(&zipped));
    for name in ["c.tar.gz", "b.dump.gz"] {
        desk.command("postgres", &format!("\\restore {name} into zipped"));
        assert_eq!(desk.sums("zipped"), before, "{name}");
        desk.command("postgres", "DROP DATABASE zipped");
    }
    // Whoever reads the list has seen enough long before the end of what is fed.
    let fed = "{ cat b.dump; head -c 1000000 /dev/zero; } | gzip > h.dump.gz";
    assert_eq!(desk.program("sh", &["-c", fed]).outcome().status, 0);
    desk.command("postgres", "\\restore? h.dump.gz");
    Ok(())
}

fn rows_are_compared_with_those_counted_beside_the_dump() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-verify")?;
    desk.command("shop", "\\backup database to shop.dump verify");
    let told = desk.command("postgres", "\\restore shop.dump into copy verify");
    assert!(told.contains("and their checksums."), "{told}");
    assert_eq!(desk.sums("copy"), desk.sums("shop"));
    let json = desk.command("postgres", "\\restore shop.dump into other verify json");
    assert!(json.contains("\"verified_by\":\"checksums\"") && json.lines().count() == 1, "{json}");
    let file = desk.path("shop.dump.counts.json");
    let counts = fs::read_to_string(&file).expect("counts");
    fs::write(&file, counts.replace("\"rows\":77", "\"rows\":78")).expect("counts");
    desk.fails("postgres", "\\restore shop.dump into wrong verify", 14, &["77 rows and not 78"]);
    // Another dump of that name has none: its own rows are what is compared.
    desk.command("shop", "DELETE FROM parted WHERE a < 10");
    desk.command("shop", "\\backup database to shop.dump overwrite");
    assert!(!file.exists());
    let told = desk.command("postgres", "\\restore shop.dump into less verify");
    assert!(told.contains("Verified:") && !told.contains("checksums"), "{told}");
    Ok(())
}

fn a_table_dropped_by_mistake() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-table")?;
    let before = desk.sums("shop");
    desk.dump("shop.dump", &["--format=custom"]);
    desk.fails("shop", "\\restore shop.dump only orders", 10, &["has sales.orders already"]);
    desk.fails(
        "shop",
        "\\restore shop.dump only order",
        1,
        &["nothing in the dump is named \"order\""],
    );
    desk.command("shop", "DROP TABLE sales.orders CASCADE");
    let outcome = desk.run("shop", &["-c", "\\restore shop.dump only orders late counted verify"]);
    let said = errors(&outcome);
    assert_eq!(outcome.status, 0, "{said}");
    assert!(
        said.contains("foreign keys of other tables") && said.contains("type sales.mood"),
        "{said}"
    );
    assert_eq!(desk.sums("shop"), before);
    let shown = desk.command("shop", "\\d sales.orders");
    for part in ["nextval(", "orders_pkey", "twice"] {
        assert!(shown.contains(part), "{shown}");
    }
    // Into a new database what it needs comes along, and a partitioned table with its partitions.
    desk.command("postgres", "\\restore shop.dump into part only counted parted");
    let relations = desk.done(
        "part",
        &[
            "-Atc",
            "SELECT relname FROM pg_class WHERE relkind IN ('r','p','v','m') AND relnamespace \
          NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information)') ORDER BY 1",
        ],
    );
    assert_eq!(relations, "counted\nlate\norders\nparted\nparted_1\n");
    desk.command(
        "shop",
        "\\restore shop.dump clean only \"My.Schema\".\"it's \"\"a*b?\"\" ; Type: TABLE\"",
    );
    assert_eq!(desk.sums("shop"), before);
    Ok(())
}

fn what_stands_in_the_way_is_told() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-refused")?;
    let owners =
        "CREATE ROLE gone; ALTER TABLE \"UPPER\" OWNER TO gone; GRANT SELECT ON parted TO gone";
    desk.command("shop", owners);
    desk.dump("shop.dump", &["--format=custom"]);
    desk.dump("shop.sql", &[]);
    desk.command(
        "shop",
        "REASSIGN OWNED BY gone TO CURRENT_USER; DROP OWNED BY gone; DROP ROLE gone",
    );
    desk.command("postgres", "CREATE ROLE poor LOGIN");
    fs::create_dir(desk.path("base")).expect("a directory");
    fs::write(desk.path("base/PG_VERSION"), "18\n").expect("a file");
    fs::write(desk.path("empty"), "").expect("a file");
    fs::write(desk.path("x.xz"), b"\xfd7zXZ\0\0").expect("a file");
    let databases = desk.databases();
    for (command, status, words) in [
        ("\\restore shop.dump into new", 10, &["no role gone", "without owners"][..]),
        ("\\restore shop.dump", 10, &["is not empty", "6 tables", "no role gone"]),
        ("\\restore shop.sql into new only x", 1, &["needs an archive"]),
        ("\\restore shop.dump into new sideways", 1, &["\"sideways\" is not understood"]),
        ("\\restore base", 10, &["base backup", "pg_ctl"]),
        ("\\restore empty", 10, &["is empty"]),
        ("\\restore x.xz", 10, &["compressed by xz", "unxz"]),
        ("\\restore nowhere", 13, &["No such file"]),
        ("\\restore? nowhere", 13, &["No such file"]),
        ("\\restore", 1, &["what to restore is missing"]),
    ] {
        desk.fails("shop", command, status, words);
    }
    let poor =
        desk.run("postgres", &["-U", "poor", "-c", "\\restore shop.dump into new without owners"]);
    assert!(
        poor.status == 10 && errors(&poor).contains("may not make databases"),
        "{}",
        errors(&poor)
    );
    assert_eq!(desk.databases(), databases);
    desk.command("postgres", "\\restore shop.dump into new without owners");
    assert_eq!(desk.sums("new"), desk.sums("shop"));
    Ok(())
}

fn what_breaks_leaves_nothing() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-broken")?;
    desk.dump("shop.dump", &["--format=custom", "--compress=0"]);
    desk.dump("shop.sql", &[]);
    let script = fs::read_to_string(desk.path("shop.sql")).expect("a script");
    let archive = fs::read(desk.path("shop.dump")).expect("an archive");
    let half = script.find("\\.\n").expect("data") - 100;
    fs::write(desk.path("half.sql"), &script[..half]).expect("a file");
    let trailer = script.find("-- PostgreSQL database dump complete").expect("an end");
    fs::write(desk.path("end.sql"), &script[..trailer]).expect("a file");
    fs::write(desk.path("half.dump"), &archive[..archive.len() - 500]).expect("a file");
    let hostile = [
        ("evil.sql", "\\! touch owned\n"),
        ("indented.sql", " \\! touch owned\n"),
        ("behind.sql", "SELECT 1 \\g |touch owned\n"),
        ("second.sql", "\\restrict a \\! touch owned\n"),
        ("backquote.sql", "\\restrict `touch owned`\n"),
        ("lower.sql", "copy staff from stdin;\n\\.\n\\! touch owned\n"),
        // What the reader takes for text.
        (
            "escapes.sql",
            "SET standard_conforming_strings = off;\nSELECT '\\'';\n\\! touch owned\n--';\n",
        ),
        ("commit.sql", " COMMIT;\n"),
        ("comment.sql", "COMMIT/**/;\n"),
    ];
    for (name, more) in hostile {
        fs::write(desk.path(name), format!("{script}{more}")).expect("a file");
    }
    let wrong = script.replacen("CREATE VIEW", "CREATE VIEWS", 1);
    fs::write(desk.path("wrong.sql"), wrong).expect("a file");
    let databases = desk.databases();
    for (name, status, word) in [
        ("half.sql", 13, "cut short"),
        ("end.sql", 13, "cut short"),
        ("half.dump", 13, "end of file"),
        ("evil.sql", 13, "\\!"),
        ("indented.sql", 13, "\\!"),
        ("behind.sql", 13, "\\g"),
        ("second.sql", 13, "\\restrict"),
        ("backquote.sql", 13, "\\restrict"),
        ("lower.sql", 13, "\\!"),
        ("escapes.sql", 12, "backslash commands are restricted"),
        ("commit.sql", 13, "ends transactions by itself"),
        ("comment.sql", 13, "ends transactions by itself"),
        ("wrong.sql", 12, "syntax error"),
    ] {
        desk.fails("postgres", &format!("\\restore {name} into new"), status, &[word]);
        assert_eq!(desk.databases(), databases, "{name}");
    }
    assert!(!desk.path("owned").exists());
    let atomic = "CREATE FUNCTION public.f() RETURNS int BEGIN ATOMIC\n SELECT 1;\nEND;\n";
    fs::write(desk.path("atomic.sql"), format!("{script}{atomic}")).expect("a file");
    desk.command("postgres", "\\restore atomic.sql into atomic");
    // In a database that is there nothing has changed.
    desk.command("postgres", "CREATE DATABASE there TEMPLATE template0");
    desk.fails("there", "\\restore wrong.sql", 12, &["is as it was before"]);
    let count = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(desk.done("there", &["-Atc", count]), "0\n");
    Ok(())
}

fn several_jobs() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-jobs")?;
    desk.dump("shop", &["--format=directory"]);
    let told = desk.command("postgres", "\\restore shop into copy jobs 3 verify");
    assert!(told.contains("Verified: 5 tables"), "{told}");
    assert_eq!(desk.sums("copy"), desk.sums("shop"));
    let data = fs::read_dir(desk.path("shop")).expect("a directory").flatten();
    let file =
        data.map(|entry| entry.path()).find(|path| path.to_string_lossy().ends_with(".dat.gz"));
    fs::remove_file(file.expect("data")).expect("a file");
    let databases = desk.databases();
    desk.fails("postgres", "\\restore shop into other jobs 3", 12, &["failed"]);
    assert_eq!(desk.databases(), databases);
    Ok(())
}

/// The script of a cluster with this in it.
fn cluster_script(text: &str) -> String {
    let line = |text: &str| format!("--\n-- PostgreSQL database cluster dump{text}\n--\n\n");
    format!("{}{text}\n{}", line(""), line(" complete"))
}

/// The script of a cluster goes to the databases of this server and does nothing else.
fn a_script_of_a_cluster() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-cluster")?;
    let connect = "\\encoding UTF8\n\\connect -reuse-previous=on \"dbname='a=b ü'\"\n";
    let script =
        format!("CREATE DATABASE \"a=b ü\";\n{connect}\nCREATE TABLE here AS SELECT 4711 AS n;");
    fs::write(desk.path("all.sql"), cluster_script(&script)).expect("a file");
    desk.command("postgres", "\\restore all.sql");
    assert_eq!(desk.done("a=b ü", &["-Atc", "SELECT n FROM here"]), "4711\n");
    for (text, status, word) in [
        // What the reader takes for text.
        (
            "SET standard_conforming_strings = off;\nSELECT '\\'';\n\\! touch owned\n--'\n;",
            12,
            "backslash commands are restricted",
        ),
        ("\\! touch owned", 13, "\\!"),
        ("\\connect postgres\n\n\\! touch owned", 13, "\\!"),
        ("\\connect \"host=/nowhere dbname=postgres\"", 13, "host=/nowhere"),
        ("\\connect postgres postgres /nowhere", 13, "postgres /nowhere"),
    ] {
        fs::write(desk.path("evil.sql"), cluster_script(text)).expect("a file");
        desk.fails("postgres", "\\restore evil.sql", status, &[word]);
    }
    assert!(!desk.path("owned").exists());
    Ok(())
}

/// Waits until a statement of a restore is at work.
fn wait_for_sleep(desk: &Desk) {
    let asleep = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'new.restoring' AND wait_event = 'PgSleep'";
    let deadline = Instant::now() + Duration::from_secs(30);
    while desk.done("postgres", &["-Atc", asleep]) != "1\n" {
        assert!(Instant::now() < deadline, "nothing is restored");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A terminal in the middle of a restore of "slow.sql".
fn start_a_restore(desk: &Desk) -> Terminal {
    desk.dump("shop.sql", &[]);
    let script = fs::read_to_string(desk.path("shop.sql")).expect("a script");
    let slow = script.replacen("CREATE VIEW", "SELECT pg_sleep(120);\nCREATE VIEW", 1);
    fs::write(desk.path("slow.sql"), slow).expect("a file");
    let run = desk.program(env!("CARGO_BIN_EXE_pgsh"), &["-X"]);
    let mut terminal = Terminal::run_as("pgsh", &run.env("TERM", "xterm").command());
    terminal.wait("=# ");
    terminal.line("\\restore slow.sql into new");
    wait_for_sleep(desk);
    terminal
}

/// Ctrl-C, and a connection that is cut, in the middle of a restore.
fn what_is_stopped_leaves_nothing() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-stopped")?;
    let databases = desk.databases();
    let mut terminal = start_a_restore(&desk);
    terminal.keys("\x03");
    terminal.wait("\\restore: stopped: pgsh");
    terminal.wait("=# ");
    assert_eq!(desk.databases(), databases);
    terminal.line("\\echo 'still' 'there'").wait("still there");
    terminal.line("\\restore slow.sql into new");
    wait_for_sleep(&desk);
    let end =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'new.restoring'";
    desk.command("postgres", end);
    terminal.wait("\\restore: the connection to the server was lost");
    terminal.wait("=# ");
    assert_eq!(desk.databases(), databases);
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
    Ok(())
}

/// The processes that a process has started.
fn children_of(pid: u32) -> Vec<Pid> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("a process").flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let numbers =
        lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    numbers.filter_map(|number| Pid::from_raw(number.parse().ok()?)).collect()
}

/// A tool that is killed, a server whose disk is full: no half database, and the reason.
fn what_is_killed_or_full_leaves_nothing() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-killed")?;
    desk.dump("shop.dump", &["--format=custom"]);
    let databases = desk.databases();
    let mut terminal = start_a_restore(&desk);
    // The shell that runs the script.
    for child in children_of(terminal.pid()) {
        kill_process(child, Signal::KILL).expect("killed");
    }
    terminal.wait("ended by signal 9 (Killed)");
    terminal.wait("=# ");
    assert_eq!(desk.databases(), databases);
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
    // A pg_restore that ends in the middle of what it writes, and one that finds no room.
    let real = harness::server().bin.join("pg_restore");
    for (name, end, status, word) in [
        ("killed", "kill -9 $$", 13, "was ended: signal: 9"),
        (
            "full",
            "echo 'pg_restore: error: could not write: No space left on device' >&2; exit 1",
            13,
            "No space left on device",
        ),
    ] {
        let bin = desk.path(name);
        fs::create_dir(&bin).expect("a directory");
        let planted = format!(
            "#!/bin/sh\ncase \"$*\" in\n*--version*) echo 'pg_restore (PostgreSQL) 18.99'; exit;;\n\
             *--list*) exec {real} \"$@\";;\nesac\n{real} \"$@\" | head -c 3000\n{end}\n",
            real = real.display()
        );
        fs::write(bin.join("pg_restore"), planted).expect("a program");
        fs::set_permissions(bin.join("pg_restore"), fs::Permissions::from_mode(0o755))
            .expect("permissions");
        let run =
            desk.program(env!("CARGO_BIN_EXE_pgsh"), &["-X", "-c", "\\restore shop.dump into new"]);
        let outcome = run.env("PGSH_SERVER_BIN", &bin).env("PGDATABASE", "postgres").outcome();
        let said = errors(&outcome);
        assert!(
            outcome.status == status && said.contains(word),
            "{name} {}: {said}",
            outcome.status
        );
        assert_eq!(desk.databases(), databases, "{name}");
    }
    Ok(())
}

/// No file of whom the server starts from now on may be larger than 20 MB: what writes more hears so, as of a
/// full disk.
fn limit_files(subject: &Subject) -> Ran {
    let text = fs::read_to_string(subject.cluster.pid_file()).expect("a server");
    let pid = text.lines().next().unwrap_or_default().to_owned();
    let mut command = Command::new("prlimit");
    command.args(["--pid", &pid, "--fsize=20971520:20971520"]);
    // A process is limited by its own account.
    if let Some(account) = &subject.cluster.server().account {
        command.uid(account.uid).gid(account.gid);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        other => {
            Err(Missing(format!("prlimit, of util-linux, does not limit the server: {other:?}")))
        }
    }
}

/// A server that finds no room for the rows.
fn a_full_disk_leaves_nothing() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-full")?;
    let large = "CREATE TABLE large (a text); ALTER TABLE large ALTER a SET STORAGE PLAIN; \
                 INSERT INTO large SELECT repeat('x', 4000) FROM generate_series(1, 6000)";
    desk.done("shop", &["-qc", large]);
    desk.dump("shop.dump", &["--format=custom"]);
    let databases = desk.databases();
    limit_files(&desk.subject)?;
    for (existing, status) in [(false, 12), (true, 12)] {
        let into = if existing { "there" } else { "new" };
        if existing {
            desk.command("postgres", "CREATE DATABASE there TEMPLATE template0");
        }
        let words: &[&str] = &["File too large", "a statement of the dump failed"];
        desk.fails("postgres", &format!("\\restore shop.dump into {into}"), status, words);
    }
    let count = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(desk.done("there", &["-Atc", count]), "0\n");
    desk.command("postgres", "DROP DATABASE there");
    assert_eq!(desk.databases(), databases);
    Ok(())
}

/// What the `pg_dump` of another major version wrote comes back, to the pinned server and to one of its own
/// version; where the only `pg_restore` is older, that is said.
fn dumps_of_other_majors(major: u32) -> Ran {
    let version = Version::Old(major);
    let packaged = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
    let mut places = [version.server()?.bin, packaged].into_iter();
    let programs = places.find(|bin| bin.join("pg_dump").is_file());
    let programs = programs.ok_or_else(|| Missing(format!("no pg_dump of version {major}")))?;
    let old = Desk::new(version, "restore-major")?;
    let new = Desk::new(Version::Pinned, &format!("restore-from-{major}"))?;
    new.command("postgres", "DROP DATABASE shop");
    let before = old.sums("shop");
    let place = old.home().display().to_string();
    for (at, (name, words)) in [
        ("a.dump", &["--format=custom"][..]),
        ("b.tar", &["--format=tar"]),
        ("c.dir", &["--format=directory"]),
        ("d.sql", &["--format=plain"]),
    ]
    .into_iter()
    .enumerate()
    {
        let file = format!("--file={name}");
        let words: Vec<&str> = words.iter().copied().chain([file.as_str(), "shop"]).collect();
        let outcome = old.program(programs.join("pg_dump"), &words).outcome();
        assert_eq!(outcome.status, 0, "{name}: {}", errors(&outcome));
        for desk in [&old, &new] {
            let told =
                desk.command("postgres", &format!("\\restore {place}/{name} into c{at} verify"));
            assert!(told.contains("rows that were dumped."), "{told}");
            assert_eq!(desk.sums(&format!("c{at}")), before, "{name}");
        }
    }
    Ok(())
}

/// An archive that is newer than every `pg_restore` here.
fn an_older_restore_tool_is_told() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-older")?;
    let databases = desk.databases();
    // Where the version stands in the file that holds it.
    for (name, format, file, at) in [
        ("a.dump", "--format=custom", "a.dump", 6),
        ("b.tar", "--format=tar", "b.tar", 512 + 6),
        ("c.dir", "--format=directory", "c.dir/toc.dat", 6),
    ] {
        desk.dump(name, &[format]);
        let mut bytes = fs::read(desk.path(file)).expect("an archive");
        bytes[at] = 99;
        fs::write(desk.path(file), bytes).expect("an archive");
        let words = ["is older than the pg_dump that wrote", "unsupported version (1.99"];
        desk.fails("postgres", &format!("\\restore {name} into new"), 11, &words);
        desk.fails("postgres", &format!("\\restore? {name}"), 11, &words);
        assert_eq!(desk.databases(), databases, "{name}");
    }
    Ok(())
}

fn every_format() -> Vec<Trial> {
    let wanted = [Version::Pinned, Version::Old(15), Version::Old(12)];
    on_each("restore::every_format_comes_back", wanted, every_format_comes_back)
}

fn of_other_majors() -> impl Iterator<Item = Trial> {
    MAJORS.rev().map(|major| {
        trial(format!("restore::dumps_of_other_majors::{major}"), move || {
            dumps_of_other_majors(major)
        })
    })
}

/// At the prompt a dump in a script's place is named; a shell called psql answers as psql does.
fn a_dump_is_no_script() -> Ran {
    let desk = Desk::new(Version::Pinned, "restore-prompt")?;
    desk.dump("shop.tar", &["--format=tar"]);
    desk.dump("shop.sql.gz", &["--compress=gzip"]);
    let run = |words: &[&str]| {
        desk.program(env!("CARGO_BIN_EXE_pgsh"), words)
            .env("TERM", "xterm")
            .env("PGDATABASE", "shop")
    };
    let mut terminal = Terminal::run_as("pgsh", &run(&["-X"]).command());
    terminal.wait("=# ");
    terminal.line("\\i shop.tar").wait("is no script but archive of pg_dump, format tar");
    terminal.wait("\\restore shop.tar into NAME");
    terminal.line("\\i shop.sql.gz").wait("is no script but gzip: SQL script of pg_dump");
    terminal.line("select 6*7;").wait("42");
    terminal.line("\\restore shop.tar into typed").wait("into the new database");
    terminal.line("\\restore sh\t").wait("shop.");
    terminal.keys("\x15").line("\\q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(desk.sums("typed"), desk.sums("shop"));
    let unknown = desk.program("bash", &["-c", "exec -a psql \"$0\" -X -d shop -c '\\restore x'"]);
    let outcome = unknown.args([env!("CARGO_BIN_EXE_pgsh")]).outcome();
    assert!(errors(&outcome).contains("invalid command \\restore"), "{}", errors(&outcome));
    Ok(())
}

tests! {
    rows_are_compared_with_those_counted_beside_the_dump,
    a_table_dropped_by_mistake,
    what_stands_in_the_way_is_told,
    what_breaks_leaves_nothing,
    a_script_of_a_cluster,
    what_is_stopped_leaves_nothing,
    several_jobs,
    a_dump_is_no_script,
    what_is_killed_or_full_leaves_nothing,
    a_full_disk_leaves_nothing,
    an_older_restore_tool_is_told;
    every_format().into_iter().chain(of_other_majors())
}
