//! Servers and shells for the tests.
//!
//! A run of the tests has two clusters of its own, one for pgsh and one for the oracle, so that
//! both shells meet databases and roles of the same names. They are started on first use and
//! stopped by a watchdog when this process ends, however it ends. The server is the one
//! `pgsh --scratch-install` installs, unless PGSH_SERVER_BIN names another; its psql is the oracle.
//! PGSH_TEST_SHELL puts another shell in pgsh's place: the oracle itself, to see that a test is
//! stable.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use pgsh::scratch::cluster::{self, Cluster};
use pgsh::scratch::{self, Account, Server, find, install};
use pgsh::session::{Event, Session};
use rustix::fs::{StatVfsMountFlags, statvfs};

use crate::own_server;
use crate::run::{Outcome, Run};
use crate::trial::tests;

/// Which of the two shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Pgsh,
    Oracle,
}

/// The directory of this run of the tests; the watchdog removes it.
struct Place {
    path: PathBuf,
}

/// One shell's cluster, sessions of its superuser that nobody uses now, and a link named `psql` to
/// the shell.
struct Side {
    cluster: Cluster,
    idle: Mutex<Vec<Session>>,
    link: PathBuf,
}

impl Side {
    /// Runs `sql` as the superuser, outside of the databases that are dropped; how many rows came.
    fn administers(&self, sql: &str) -> usize {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let used = idle().pop();
        let mut session = used.unwrap_or_else(|| connect(&self.cluster, "postgres"));
        let rows = execute(&mut session, sql);
        idle().push(session);
        rows
    }
}

/// A directory for clusters a test starts itself; they end with the run at the latest.
pub fn cluster_directory(name: &str) -> PathBuf {
    let path = place().path.join(name);
    fs::create_dir(&path).expect("a directory");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o711)).expect("permissions");
    path
}

/// The pinned server, installed on the first run.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        if let Some(bin) = std::env::var_os(find::OVERRIDE) {
            let account = Account::for_server().expect("an account for the server");
            return Server::at(Path::new(&bin), &account)
                .expect("a server where PGSH_SERVER_BIN says");
        }
        let cache = scratch::cache_directory().expect("a cache directory");
        install::install(&cache, &mut |text| eprintln!("{text}")).unwrap_or_else(|e| panic!("{e}"))
    })
}

/// The cache of the shells, where their scratch servers are: a directory of this run's, in which an
/// installed server is the one of the user's own.
pub fn cache() -> &'static Path {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    CACHE.get_or_init(|| {
        // There by now, if it is to be installed.
        server();
        let cache = cluster_directory("cache");
        let installed = scratch::cache_directory().ok().map(|own| install::home(&own));
        if let Some(installed) = installed.filter(|home| home.exists()) {
            symlink(&installed, install::home(&cache)).expect("a link");
        }
        cache
    })
}

fn place() -> &'static Place {
    /// Of its path: a golden file shows a table as wide as a socket's.
    const LENGTH: usize = 19;
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let (root, prefix) = (root(), "pgsh-");
        let path = tempfile::Builder::new()
            .prefix(prefix)
            .rand_bytes(LENGTH - root.as_os_str().len() - "/".len() - prefix.len())
            .tempdir_in(root)
            .expect("a directory")
            .keep();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o711)).expect("permissions");
        watch(&path);
        Place { path }
    })
}

/// Where clusters and other files are made: in memory if there is room, where a database takes a tenth
/// of the time it takes on a disk, else in /tmp. The servers' account reaches both, and a socket's path
/// is short.
pub fn root() -> &'static Path {
    const ROOM: u64 = 4 << 30;
    static ROOT: OnceLock<&Path> = OnceLock::new();
    ROOT.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let fits = statvfs(memory).is_ok_and(|system| {
            let is_roomy = system.f_bavail.saturating_mul(system.f_frsize) >= ROOM;
            is_roomy && !system.f_flag.contains(StatVfsMountFlags::NOEXEC)
        });
        // A file system in memory tells how much it may take, not how much there is.
        if fits && available_memory() >= 2 * ROOM { memory } else { Path::new("/tmp") }
    })
}

/// In bytes, as far as the system tells.
fn available_memory() -> u64 {
    let told = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let number = kilobytes.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    number.unwrap_or(0) << 10
}

/// Starts a process that outlives this one just long enough to stop the servers under `path` and
/// remove it: it reads a pipe whose other end closes with us. The pipe's end is never closed here.
#[expect(clippy::zombie_processes, reason = "it outlives us")]
fn watch(path: &Path) {
    const SCRIPT: &str = r#"
        trap '' INT HUP TERM
        read -r _
        pids=
        for pid_file in "$1"/*/data/postmaster.pid "$1"/*/*/data/postmaster.pid; do
            pid=$(head -n 1 "$pid_file" 2>/dev/null) && kill -QUIT "$pid" && pids="$pids $pid"
        done
        tries=0
        while [ $tries -lt 50 ] && kill -0 $pids 2>/dev/null; do sleep 0.02; tries=$((tries + 1)); done
        rm -rf "$1" || { sleep 1; rm -rf "$1"; }
    "#;
    let mut child = Command::new("sh")
        .args(["-c", SCRIPT, "sh"])
        .arg(path)
        .stdin(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("a watchdog");
    std::mem::forget(child.stdin.take());
}

/// The shell's program.
pub fn program(shell: Shell) -> PathBuf {
    match shell {
        Shell::Pgsh => std::env::var_os("PGSH_TEST_SHELL")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_pgsh")), PathBuf::from),
        Shell::Oracle => server().bin.join("psql"),
    }
}

/// A run of the shell, whose home this is.
pub fn shell(shell: Shell, home: &Path) -> Run {
    Run::new(program(shell), home)
}

fn side(shell: Shell) -> &'static Side {
    static SIDES: [OnceLock<Side>; 2] = [const { OnceLock::new() }; 2];
    let (index, name) = match shell {
        Shell::Pgsh => (0, "p"),
        Shell::Oracle => (1, "o"),
    };
    SIDES[index].get_or_init(|| {
        let server = server().clone();
        let program = program(shell);
        let directory = place().path.join(name);
        let cluster = start_cluster(server, &directory);
        let bin = directory.join("bin");
        fs::create_dir(&bin).expect("a directory");
        let link = bin.join("psql");
        symlink(program, &link).expect("a link to the shell");
        let side = Side { cluster, idle: Mutex::default(), link };
        side.administers("ALTER SYSTEM SET timezone TO 'UTC'");
        side.administers("ALTER SYSTEM SET log_timezone TO 'UTC'");
        side.administers("SELECT pg_reload_conf()");
        side
    })
}

/// Starts a server on a new cluster in this directory.
pub fn start_cluster(programs: Server, directory: &Path) -> Cluster {
    let cluster = Cluster::new(programs.clone(), directory).unwrap_or_else(|e| panic!("{e}"));
    own_server::copy_template(&programs, &directory.join("data"));
    cluster.start().unwrap_or_else(|e| panic!("{e}"));
    cluster
}

fn connect(cluster: &Cluster, database: &str) -> Session {
    scratch::connect(cluster, database).unwrap_or_else(|e| panic!("{e}"))
}

/// Drops a database with all that a script may have left in it, subscriptions included: those
/// keep it alive.
fn drop_database(side: &Side, name: &str) {
    const SUBSCRIPTIONS: &str = "DO $$ DECLARE s name; BEGIN
        FOR s IN SELECT subname FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid
                 WHERE datname = current_database() LOOP
            EXECUTE format('ALTER SUBSCRIPTION %I DISABLE', s);
            EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', s);
            EXECUTE format('DROP SUBSCRIPTION %I', s);
        END LOOP; END $$";
    let subscribed = format!(
        "SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid WHERE datname = '{name}'"
    );
    if side.administers(&subscribed) > 0 {
        execute(&mut connect(&side.cluster, name), SUBSCRIPTIONS);
    }
    side.administers(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
}

/// Runs `sql`, which must succeed; how many rows came.
pub fn execute(session: &mut Session, sql: &str) -> usize {
    session.query(sql.as_bytes());
    let mut failure = None;
    let mut rows = 0;
    loop {
        match session.next_event().expect("a live connection") {
            Event::Error(fields) => {
                failure = Some(
                    String::from_utf8_lossy(fields.get(b'M').unwrap_or_default()).into_owned(),
                );
            }
            Event::DataRow(_) => rows += 1,
            Event::Ready(_) => break,
            _ => {}
        }
    }
    if let Some(message) = failure {
        panic!("{sql}: {message}");
    }
    rows
}

/// A database of the same name on both clusters, made from template0 when that side's shell is first to be
/// run, and a directory that is the shells' current one. Both go when this is dropped.
pub struct Bench {
    pub database: String,
    is_made: [OnceLock<()>; 2],
    directories: [tempfile::TempDir; 2],
}

impl Bench {
    /// A bench whose database nobody else uses.
    pub fn new() -> Bench {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        Bench::named(&format!("it_{}", COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    /// Works on a bench that others work on before and after, for a database takes its time to
    /// make: what is left behind there must disturb nobody.
    pub fn reused<T>(work: impl FnOnce(&Bench) -> T) -> T {
        static IDLE: Mutex<Vec<Bench>> = Mutex::new(Vec::new());
        let idle = || IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        let used = idle().pop();
        let bench = used.unwrap_or_else(Bench::new);
        let result = work(&bench);
        idle().push(bench);
        result
    }

    /// A bench whose database has this name.
    pub fn named(database: &str) -> Bench {
        let directory = || {
            let made = tempfile::tempdir_in(&place().path).expect("a directory");
            // The server's account writes here as well (COPY TO).
            fs::set_permissions(made.path(), fs::Permissions::from_mode(0o777))
                .expect("permissions");
            made
        };
        let directories = [directory(), directory()];
        Bench { database: database.to_owned(), is_made: Default::default(), directories }
    }

    /// The current directory of a shell's runs.
    pub fn directory(&self, shell: Shell) -> &Path {
        self.directories[shell as usize].path()
    }

    /// A run of the shell on the database.
    pub fn shell(&self, shell: Shell) -> Run {
        let side = side(shell);
        self.is_made[shell as usize].get_or_init(|| {
            drop_database(side, &self.database);
            side.administers(&format!(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' \
                 STRATEGY file_copy",
                self.database
            ));
        });
        let bin = side.link.parent().expect("a directory").to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        // `psql` is the shell, pg_dump and its kin are the server's.
        let ours = [bin, server().bin.clone()];
        let path = std::env::join_paths(ours.into_iter().chain(std::env::split_paths(&path)));
        Run::new(&side.link, self.directory(shell))
            .env("PATH", path.expect("a path"))
            .env("PGHOST", side.cluster.socket())
            .env("PGPORT", cluster::PORT)
            .env("PGUSER", cluster::USER)
            .env("PGDATABASE", &self.database)
            .mask(self.directory(shell).as_os_str().as_encoded_bytes(), "<here>")
            .mask(side.cluster.socket().as_os_str().as_encoded_bytes(), "<socket>")
    }

    /// Runs the shell with these arguments and this standard input.
    pub fn run(&self, shell: Shell, arguments: &[String], stdin: &[u8]) -> Outcome {
        self.shell(shell).args(arguments).stdin(stdin).outcome()
    }

    /// Runs both shells at once.
    pub fn run_both(&self, arguments: &[String], stdin: &[u8]) -> [Outcome; 2] {
        on_both(|shell| self.run(shell, arguments, stdin))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the watchdog removes everything
        }
        for shell in [Shell::Pgsh, Shell::Oracle] {
            if self.is_made[shell as usize].get().is_some() {
                drop_database(side(shell), &self.database);
            }
        }
    }
}

/// Does the same for both shells, at once: pgsh's result first.
pub fn on_both<T: Send>(work: impl Fn(Shell) -> T + Sync) -> [T; 2] {
    std::thread::scope(|scope| {
        let oracle = scope.spawn(|| work(Shell::Oracle));
        let ours = work(Shell::Pgsh);
        [ours, oracle.join().expect("the oracle's side")]
    })
}

/// Words of a command line: separated by blanks, single or double quotes keep them together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A readable difference of two texts: the first differing line of each and what is around it.
pub fn difference(expected: &[u8], got: &[u8]) -> String {
    let lines = |text: &[u8]| -> Vec<String> {
        text.split_inclusive(|&b| b == b'\n')
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect()
    };
    let (expected, got) = (lines(expected), lines(got));
    let first = expected.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let show = |lines: &[String]| {
        let end = lines.len().min(first + 6);
        lines[first.saturating_sub(2).min(end)..end]
            .iter()
            .map(|line| format!("    {line:?}\n"))
            .collect::<String>()
    };
    format!("  line {}, expected:\n{}  got:\n{}", first + 1, show(&expected), show(&got))
}

/// Expects that both shells printed the same, unless `known_differences.txt` names this test: then
/// they must not.
#[track_caller]
pub fn agree(name: &str, oracle: &[u8], ours: &[u8]) {
    match (ours == oracle, is_known_difference(name)) {
        (true, true) => panic!("{name}: agrees now, yet is a known difference"),
        (false, false) => panic!("{name}:\n{}", difference(oracle, ours)),
        (true, false) | (false, true) => {}
    }
}

/// Whether `known_differences.txt` names this test.
pub fn is_known_difference(name: &str) -> bool {
    known_differences().iter().any(|(known, _)| known == name)
}

/// The names in `known_differences.txt`, each with its reason.
pub fn known_differences() -> Vec<(String, String)> {
    let text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known_differences.txt"),
    )
    .expect("tests/known_differences.txt");
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (name, reason) =
                line.split_once(' ').unwrap_or_else(|| panic!("no reason: {line}"));
            (name.to_owned(), reason.trim().to_owned())
        })
        .collect()
}

fn words_of_a_line() {
    assert_eq!(words("-X  -c 'select 1' -v\"a b\"=c ''"), ["-X", "-c", "select 1", "-va b=c", ""]);
}

tests! {
    words_of_a_line,
}
