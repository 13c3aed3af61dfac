//! Every describe command on old servers: the same bytes as the oracle's. And the helper on them.
//!
//! Each command with each combination of modifiers and each kind of pattern, in one script per
//! server, over a database with one of every kind of object (`tests/golden/describe/versions.psql`).
//! The pinned server and those that `tests/tools/servers` installs take part. The describe commands
//! only read, so both shells meet the same database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use pgsh::progress;
use pgsh::scratch::cluster::{self, Cluster};
use pgsh::scratch::{self, Account, Server};
use pgsh::session::helper::{Helper, HelperEvent};

use crate::harness::{self, Shell, difference, execute, on_both};
use crate::models::{self, Models};
use crate::pty::Terminal;
use crate::run::{Outcome, Run};
use crate::trial::{
    Missing, Outcome as Ends, Ran, is_all_asked_for, only_if_asked_for, tests, trial,
};

/// The old majors there are servers of.
pub const MAJORS: std::ops::RangeInclusive<u32> = 10..=17;

/// The modifiers put behind each command, where it takes them or not, that servers are asked by.
pub const MODIFIERS: [&str; 4] = ["", "S", "+", "S+"];

/// Those that only change how answers are shown.
const MODIFIERS_OF_LOOKS: [&str; 2] = ["x", "Sx+"];

/// A command's patterns: exact, with a wildcard, quoted, of a schema, regular expressions. Those
/// that name nothing, and too much, are common to all.
pub const COMMANDS: &[(&str, &[&str])] = &[
    ("d", &["plain", "rel.part*", "\"Odd View\"", "rel.*", "pg_catalog.pg_am", "item_pkey"]),
    ("da", &["total", "t*", "\"total\"", "app.*"]),
    ("dA", &["heap_again", "b*", "\"heap_again\"", "btree.x"]),
    ("dAc", &["btree", "h*", "\"btree\"", "btree tint", "* app.mood", "gist p*"]),
    ("dAf", &["btree", "h*", "\"btree\"", "btree int4", "* tint"]),
    ("dAo", &["btree", "h*", "\"btree\"", "btree app.*", "* float_ops", "gist point_ops"]),
    ("dAp", &["btree", "h*", "\"btree\"", "btree app.*", "* float_ops", "hash rel.*"]),
    ("db", &["pg_default", "d*", "\"dsc_space\"", "a.b"]),
    ("dc", &["latin1_again", "*again", "\"latin1_again\"", "app.*"]),
    ("dconfig", &["work_mem", "*_mem", "\"Work_Mem\"", "dsc.*"]),
    ("dC", &["tint", "m*", "\"tint\"", "app.*"]),
    ("dd", &["chk", "*r*", "\"chk\"", "app.*"]),
    ("dD", &["positive", "p*", "\"positive\"", "app.*"]),
    ("ddp", &["rel", "a*", "\"app\"", "app.*"]),
    ("dE", &["remote_plain", "r*", "\"remote_plain\"", "rel.*"]),
    ("des", &["near", "n*", "\"near\"", "app.*"]),
    ("det", &["remote_plain", "r*", "\"remote_plain\"", "rel.*"]),
    ("deu", &["near", "n*", "\"near\"", "app.*"]),
    ("dew", &["dummy", "d*", "\"picky\"", "app.*"]),
    ("df", &["add_em", "a*", "\"add_em\"", "app.*", "add_em int", "add_em text text[] -", "to* *"]),
    ("dfa", &["total", "t*", "\"total\"", "app.*", "max int"]),
    ("dfn", &["add_em", "add*", "\"add_em\"", "app.*"]),
    ("dfp", &["do_nothing", "d*", "\"do_nothing\"", "app.*"]),
    ("dft", &["on_change", "on*", "\"on_change\"", "rel.*"]),
    ("dfw", &["rank", "r*", "\"rank\"", "app.*"]),
    ("dfatw", &["total", "r*", "\"on_change\"", "rel.*"]),
    ("dF", &["english_again", "e*", "\"english\"", "app.*"]),
    ("dFd", &["simple_english", "s*", "\"simple\"", "app.*"]),
    ("dFp", &["default", "d*", "\"default\"", "app.*"]),
    ("dFt", &["simple", "s*", "\"simple\"", "app.*"]),
    ("dg", &["dsc_login", "d*", "\"Dsc Quoted\"", "app.*"]),
    ("di", &["item_pkey", "rel.i*", "\"item_pkey\"", "rel.*"]),
    ("dl", &["4711", "4*", "\"4711\"", "app.*"]),
    ("dL", &["pltwice", "pl*", "\"sql\"", "app.*"]),
    ("dm", &["counted", "c*", "\"counted\"", "rel.*"]),
    ("dn", &["app", "a*", "\"App Quoted\"", "app.*"]),
    ("do", &["=", "@*", "\"<\"", "app.*", "< tint tint", "- NONE int4", "!! * -"]),
    ("dO", &["code_points", "c*", "\"C\"", "app.*"]),
    ("dp", &["plain", "rel.p*", "\"Odd View\"", "app.*"]),
    ("dP", &["parted", "rel.p*", "\"parted\"", "rel.*"]),
    ("dPi", &["parted_index", "rel.p*", "\"parted\"", "rel.*"]),
    ("dPt", &["parted", "rel.p*", "\"parted\"", "rel.*"]),
    ("dPn", &["parted", "rel.p*", "\"parted\"", "rel.*"]),
    ("dPitn", &["parted", "rel.p*", "\"parted\"", "rel.*"]),
    ("drds", &["dsc_login", "d*", "\"dsc_login\"", "app.*", "* v*"]),
    ("drg", &["dsc_login", "d*", "\"Dsc Quoted\"", "app.*"]),
    ("dRp", &["part", "e*", "\"nothing\"", "app.*"]),
    ("dRs", &["dsc_subscription", "d*", "\"Dsc Two\"", "app.*"]),
    ("ds", &["owned", "rel.o*", "\"down\"", "rel.*"]),
    ("dt", &["plain", "rel.p*", "\"plain\"", "rel.*", "pg_toast.pg_toast_12*"]),
    ("dT", &["pair", "t*", "\"Odd Type\"", "app.*", "int", "int[]", "bool"]),
    ("du", &["dsc_login", "d*", "\"Dsc Quoted\"", "app.*"]),
    ("dv", &["checked", "c*", "\"Odd View\"", "app.*"]),
    ("dx", &["fuzzystrmatch", "t*", "\"plpgsql\"", "app.*"]),
    ("dX", &["rel.every_kind", "rel.o*", "\"rel\".\"one_kind\"", "rel.*"]),
    ("dy", &["after_ddl", "a*", "\"Replica\"", "app.*"]),
    ("dtvmsE", &["plain", "rel.p*", "\"Odd View\"", "rel.*"]),
    ("l", &["postgres", "p*", "\"Dsc Other\"", "a.b"]),
    ("list", &["postgres"]),
    ("lo_list", &[]),
    ("z", &["plain", "rel.p*", "\"Odd View\"", "app.*"]),
    (
        "d",
        &[
            "\"größe.$*\".*",
            "größe*.n*",
            "rel.clone*",
            "rel.*_index",
            "\"größe.$*\".\"v*\"",
            "pg_toast.pg_toast_1262",
        ],
    ),
    ("df", &["\"größe.$*\".*", "*ü*", "add_em *.int4 *", "* \"größe.$*\".*"]),
    ("dn", &["\"größe.$*\"", "größ*"]),
    ("dtvs", &["\"größe.$*\".*", "n*"]),
    ("dT", &["\"größe.$*\".*"]),
    ("dD", &["\"größe.$*\".*"]),
    ("dp", &["\"größe.$*\".*", "größ*.*ä*\"q\"*"]),
    ("dX", &["\"größe.$*\".*"]),
    ("dRp", &["\"p ü\"", "p*"]),
    ("sf", &["add_em(int, int)", "app.pairs", "\"add_em\"", "app.\"Odd Name\"", "on_change"]),
    ("sv", &["checked", "app.item_names", "\"Odd View\"", "rel.view_options"]),
];

/// Patterns for every command: none, and not found.
const COMMON: [&str; 2] = ["", "no_such"];

/// Patterns that every command is given without modifiers: another database, too many names, every character
/// that regular expressions or patterns know.
const ODD: [&str; 12] = [
    "nowhere.app.plain",
    "versions.app.*",
    "a.b.c.d",
    "..",
    "[a-d]*(m|n)?",
    "^\\d+$|x.y{1}",
    "\"a*b?\".\"c$.d\"",
    "\"\"\"\"",
    "\"open",
    "PLAIN",
    "größe",
    "[",
];

/// Which of the patterns a server is asked for with which modifiers.
#[derive(Clone, Copy)]
pub enum Share {
    /// Each with each.
    All,
    /// Every fourth; those of the next numbers, of majors or rows, are the rest.
    Of(usize),
}

impl Share {
    /// A part, or all where all is asked for.
    pub fn usual(which: usize) -> Share {
        if is_all_asked_for() { Share::All } else { Share::Of(which) }
    }

    fn has(self, number: usize) -> bool {
        match self {
            Share::All => true,
            Share::Of(which) => (number + which).is_multiple_of(4),
        }
    }
}

/// Every command with each of these modifiers and its patterns.
pub fn commands(modifiers: &[&str], share: Share) -> Vec<String> {
    let mut commands = Vec::new();
    let mut known = BTreeSet::new();
    for (name, patterns) in COMMANDS {
        for (row, modifiers) in modifiers.iter().enumerate() {
            for (column, pattern) in COMMON.iter().chain(*patterns).enumerate() {
                // Thousands of functions with their sources take time and tell little.
                let long = modifiers.contains('S') && modifiers.len() > 1 && pattern.is_empty();
                let is_short = pattern.is_empty() && !modifiers.contains('S');
                let is_asked = is_short || share.has(row + column);
                let command = command(name, modifiers, pattern);
                if !(long && name.starts_with("df")) && is_asked && known.insert(command.clone()) {
                    commands.push(command);
                }
            }
        }
    }
    commands
}

/// Every command with the odd patterns.
pub fn odd_commands(share: Share) -> Vec<String> {
    let patterns = || ODD.iter().enumerate().filter(|(row, _)| share.has(*row));
    let names: BTreeSet<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    let all = names.iter();
    all.flat_map(|name| patterns().map(|(_, pattern)| command(name, "", pattern))).collect()
}

fn command(name: &str, modifiers: &str, pattern: &str) -> String {
    format!("\\{name}{modifiers} {pattern}").trim_end().to_owned()
}

/// Options that the pinned server's commands are seen with as well.
pub const OPTIONS: [&[&str]; 5] = [
    &["-x"],
    &["-A", "-q"],
    &["--csv", "-v", "HIDE_TABLEAM=on", "-v", "HIDE_TOAST_COMPRESSION=on"],
    &["-t"],
    &["-U", "dsc_reader"],
];

/// What separates the outputs of the commands, on both streams.
const MARK: &str = "== next ==\n";

fn script(commands: &[String]) -> String {
    let mut script = "SET search_path = public, rel;\n".to_owned();
    for command in commands {
        let mark = MARK.trim_end();
        writeln!(script, "\\echo {mark}\n\\warn {mark}\n{command}").expect("a string grows");
    }
    script
}

/// A cluster that both shells read, with its database.
pub struct Subject {
    pub cluster: Cluster,
    pub directory: PathBuf,
}

impl Drop for Subject {
    fn drop(&mut self) {
        // What doesn't end now is the watchdog's.
        let _ = self.cluster.stop();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

impl Subject {
    /// One in this directory whose database is made now.
    fn make(server: Server, directory: &Path) -> Subject {
        let tablespace = directory.join("space");
        fs::create_dir_all(&tablespace).expect("a directory");
        if let Some(account) = &server.account {
            std::os::unix::fs::chown(&tablespace, Some(account.uid), Some(account.gid))
                .expect("an owner");
        }
        let cluster = harness::start_cluster(server, &directory.join("c"));
        let mut admin = scratch::connect(&cluster, "postgres").unwrap_or_else(|e| panic!("{e}"));
        // Nothing may change between the two shells' looks.
        execute(&mut admin, "ALTER SYSTEM SET autovacuum TO off");
        execute(&mut admin, "ALTER SYSTEM SET timezone TO 'UTC'");
        execute(&mut admin, "SELECT pg_reload_conf()");
        execute(&mut admin, "CREATE DATABASE versions TEMPLATE template0");
        let subject = Subject { cluster, directory: directory.to_owned() };
        let run = subject.shell(Shell::Oracle).args(["-X", "-q", "-f", "versions.psql"]);
        let run = run.args(["-v", &format!("tablespace={}", tablespace.display())]);
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/describe");
        let made = run.within(scripts).outcome();
        assert!(made.status == 0, "{}", String::from_utf8_lossy(&made.stderr));
        subject
    }

    /// One in this directory that is a copy of a model.
    fn copy(server: Server, model: &Path, directory: &Path) -> Subject {
        let cluster = Cluster::new(server, &directory.join("c")).unwrap_or_else(|e| panic!("{e}"));
        for part in ["space", "c/data"] {
            models::copy(&model.join(part), &directory.join(part));
        }
        let links = directory.join("c/data/pg_tblspc");
        for link in fs::read_dir(links).expect("a cluster's files") {
            let link = link.expect("a cluster's files").path();
            let space = directory.join("space");
            fs::remove_file(&link).and_then(|()| symlink(space, link)).expect("a link");
        }
        cluster.start().unwrap_or_else(|e| panic!("{e}"));
        // The first session of a database writes a file there, which counts as the database's size.
        for database in ["postgres", "versions"] {
            drop(scratch::connect(&cluster, database).unwrap_or_else(|e| panic!("{e}")));
        }
        Subject { cluster, directory: directory.to_owned() }
    }

    /// Stops it and leaves its files as a model.
    fn rest(self) {
        self.cluster.stop().unwrap_or_else(|e| panic!("{e}"));
        std::mem::forget(self);
    }

    /// Where its files are.
    pub fn home(&self) -> &Path {
        &self.directory
    }

    /// A run of the shell on the database.
    pub fn shell(&self, shell: Shell) -> Run {
        harness::shell(shell, &self.directory)
            .env("PGHOST", self.cluster.socket())
            .env("PGPORT", cluster::PORT)
            .env("PGUSER", cluster::USER)
            .env("PGDATABASE", "versions")
    }

    /// Runs the shortcuts of psqlrc.example in both shells, one after the other; returns what was
    /// said against them.
    fn shortcuts(&self) -> Vec<String> {
        let run = |shell| {
            let example = concat!(env!("CARGO_MANIFEST_DIR"), "/psqlrc.example");
            let run = self.shell(shell).env("PSQLRC", example).stdin(SHORTCUTS);
            run.args(["-v", "QUIET=on", "-v", "ON_ERROR_STOP=on"]).outcome()
        };
        let mut failures = Vec::new();
        for shell in [Shell::Oracle, Shell::Pgsh] {
            let outcome = run(shell);
            let shown = String::from_utf8_lossy(&outcome.stdout);
            let in_zone = shown.contains("Output: '2024-07-01 14:00:00+02'");
            if !outcome.stderr.is_empty() || outcome.status != 0 || !in_zone {
                let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
                failures.push(format!("psqlrc.example, {shell:?}: {shown}"));
            }
            let mut admin =
                scratch::connect(&self.cluster, "versions").unwrap_or_else(|e| panic!("{e}"));
            execute(&mut admin, "DROP EXTENSION IF EXISTS pg_stat_statements");
        }
        failures
    }

    /// Runs the commands in both shells; returns what differs.
    fn compare(&self, options: &[&str], commands: &[String]) -> Vec<String> {
        fs::write(self.directory.join("script.sql"), script(commands)).expect("a script");
        let [ours, oracle] = on_both(|shell| {
            self.shell(shell).arg("-X").args(options).args(["-f", "script.sql"]).outcome()
        });
        differences(&ours, &oracle, commands)
    }
}

/// What psqlrc.example sets up, used once each. EXPLAIN looks at names without running anything:
/// pg_stat_statements would have to be preloaded.
const SHORTCUTS: &str = "\\set QUIET on
create extension pg_stat_statements;
set timezone to 'Europe/Zurich';
:eav select timestamptz '2024-07-01 12:00+00';
:activity
:blocked
:sizes
explain :slow
";

/// What stands between the marks.
fn parts(text: &[u8]) -> Vec<&[u8]> {
    let (mut parts, mut begin) = (Vec::new(), 0);
    for end in memchr::memmem::find_iter(text, MARK) {
        parts.push(&text[begin..end]);
        begin = end + MARK.len();
    }
    parts.push(&text[begin..]);
    parts
}

/// The differences of two runs, each with its command.
fn differences(ours: &Outcome, oracle: &Outcome, commands: &[String]) -> Vec<String> {
    let names: Vec<&str> =
        std::iter::once("(start)").chain(commands.iter().map(String::as_str)).collect();
    let mut found = Vec::new();
    for (stream, ours, oracle) in
        [("stdout", &ours.stdout, &oracle.stdout), ("stderr", &ours.stderr, &oracle.stderr)]
    {
        let (ours, oracle) = (parts(ours), parts(oracle));
        if oracle.len() != names.len() || ours.len() != names.len() {
            found.push(format!("{stream}: {} and {} of {}", ours.len(), oracle.len(), names.len()));
        }
        for ((name, ours), oracle) in names.iter().zip(&ours).zip(&oracle) {
            if ours != oracle {
                found.push(format!("{name}: {stream}\n{}", difference(oracle, ours)));
            }
        }
    }
    if ours.status != oracle.status {
        found.push(format!("exit status: {}, expected {}", ours.status, oracle.status));
    }
    found
}

/// Where `tests/tools/servers` puts them.
pub fn directory() -> PathBuf {
    match std::env::var_os("PGSH_SERVERS_DIR") {
        Some(directory) => directory.into(),
        None => scratch::cache_directory().expect("a cache directory").join("servers"),
    }
}

/// An old server, if `tests/tools/servers` has put it there.
fn installed(major: u32) -> Result<Server, Missing> {
    static FOUND: Mutex<BTreeMap<u32, Option<Server>>> = Mutex::new(BTreeMap::new());
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    let server = found.entry(major).or_insert_with(|| {
        let account = Account::for_server().expect("an account for the server");
        Server::at(&directory().join(major.to_string()).join("bin"), &account)
    });
    server.clone().ok_or_else(|| Missing(format!("no server {major}: run tests/tools/servers")))
}

/// The pinned server, the one of all tests, or an old one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    Pinned,
    Old(u32),
}

impl Version {
    /// All of them, from the newest.
    pub fn all() -> impl Iterator<Item = Version> {
        std::iter::once(Version::Pinned).chain(MAJORS.rev().map(Version::Old))
    }

    /// As names of tests call it.
    pub fn name(self) -> String {
        match self {
            Version::Pinned => "default".to_owned(),
            Version::Old(major) => major.to_string(),
        }
    }

    /// A server of this version, if it is there.
    pub fn server(self) -> Result<Server, Missing> {
        match self {
            Version::Pinned => Ok(harness::server().clone()),
            Version::Old(major) => installed(major),
        }
    }

    /// A cluster of this version, in a directory of this name.
    pub fn start(self, name: &str) -> Result<Subject, Missing> {
        let server = self.server()?;
        let model = self.model(&server);
        Ok(Subject::copy(server, &model, &self.directory(name)))
    }

    /// The same after some work, done once for each version that there are `models` of.
    pub fn start_after(
        self,
        work: impl FnOnce(&Subject),
        models: &Models,
        name: &str,
    ) -> Result<Subject, Missing> {
        let server = self.server()?;
        let model = models.get(&self.name(), |directory| {
            let subject = Subject::copy(server.clone(), &self.model(&server), directory);
            work(&subject);
            subject.rest();
        });
        Ok(Subject::copy(server, &model, &self.directory(name)))
    }

    fn model(self, server: &Server) -> PathBuf {
        static MODELS: Models = Models::new("versions");
        MODELS.get(&self.name(), |directory| Subject::make(server.clone(), directory).rest())
    }

    fn directory(self, name: &str) -> PathBuf {
        harness::cluster_directory(&format!("{name}-{}", self.name()))
    }
}

/// The helper's questions, on one server.
fn ask_helper(subject: &Subject) {
    let cluster = &subject.cluster;
    let session = scratch::connect(cluster, "postgres").unwrap_or_else(|e| panic!("{e}"));
    let mut helper = Helper::start(session.helper_params()).expect("a thread");
    let mut ask = |question: &str| {
        helper.ask(question);
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            match helper.next_event(deadline) {
                Some(HelperEvent::Connected) => {}
                Some(HelperEvent::Answer(_, rows)) => return Some(rows),
                Some(HelperEvent::Refused(_)) => return None,
                other => panic!("{question}: {other:?}"),
            }
        }
    };
    let mine = |text: &str| Some(vec![vec![Some(text.to_owned())]]);
    assert_eq!(ask("SHOW transaction_read_only"), mine("on"));
    assert_eq!(ask("SHOW statement_timeout"), mine("5s"));
    assert_eq!(ask("CREATE TABLE written ()"), None);
    // Refused after 5 seconds; after 10 the helper would have given up.
    assert_eq!(ask("SELECT pg_catalog.pg_sleep(60)"), None);
    assert_eq!(ask("SELECT 6 * 7"), mine("42"));
    // Nobody is at work on anything.
    let question = progress::query(session.backend_pid(), session.server_version());
    let question = question.expect("a question");
    let question = std::str::from_utf8(question.as_bytes()).expect("a question");
    assert_eq!(ask(question), Some(Vec::new()));
    assert_eq!(ask("SHOW search_path"), mine("\"\""));
    helper.hang_up();
}

/// What a user reads on connecting, and on connecting again, to one server.
fn greet(subject: &Subject) {
    let seen = |shell| {
        let run = subject.shell(shell).args(["-X", "-n"]).env("TERM", "dumb");
        let mut terminal = Terminal::run_as("psql", &run.command());
        let greeting = terminal.wait("=# ");
        let again = terminal.line("\\c").wait("=# ");
        terminal.line("\\q");
        [greeting, again, terminal.rest().0]
    };
    let [ours, oracle] = on_both(seen);
    assert!(oracle[0].starts_with("psql (18.6"), "{oracle:?}");
    assert_eq!(ours, oracle);
}

/// Every describe command, on one server; what differs.
fn describe(subject: &Subject, share: Share) -> Vec<String> {
    subject.compare(&[], &[commands(&MODIFIERS, share), odd_commands(share)].concat())
}

/// Answers that are shown in other ways; what differs.
fn looks(subject: &Subject) -> Vec<String> {
    let mut failures = subject.compare(&[], &commands(&MODIFIERS_OF_LOOKS, Share::usual(0)));
    for (number, options) in OPTIONS.iter().enumerate() {
        let found = subject.compare(options, &commands(&["+"], Share::usual(number)));
        failures.extend(found.iter().map(|text| format!("{}: {text}", options.join(" "))));
    }
    failures
}

/// A test on each of these servers: the pinned one and the last, the oldest; on others only when
/// asked for.
pub fn on_each<T: Ends>(
    name: &'static str,
    versions: impl IntoIterator<Item = Version>,
    test: impl Fn(Version) -> T + Copy + Send + 'static,
) -> Vec<Trial> {
    let versions: Vec<Version> = versions.into_iter().collect();
    let usual = [Some(&Version::Pinned), versions.last()];
    let one = |version: &Version| {
        let (is_usual, version) = (usual.contains(&Some(version)), *version);
        let test = trial(format!("{name}::{}", version.name()), move || test(version));
        if is_usual { test } else { only_if_asked_for(test) }
    };
    versions.iter().map(one).collect()
}

fn no_failures(failures: &[Vec<String>]) {
    let failures = failures.concat();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs a test on a server that is there.
fn on(subject: &Result<Subject, Missing>, test: impl FnOnce(&Subject)) -> Ran {
    subject.as_ref().map(test).map_err(Missing::clone)
}

/// Three tests for each server, on one cluster.
fn cases() -> impl Iterator<Item = Trial> {
    Version::all().flat_map(|version| {
        let subject = Arc::new(LazyLock::new(move || version.start("versions")));
        let [again, once_more] = std::array::from_fn(|_| Arc::clone(&subject));
        let name = version.name();
        [
            trial(format!("versions::describe::{name}"), move || {
                on(&subject, |subject| {
                    no_failures(&match version {
                        Version::Pinned => vec![describe(subject, Share::All), looks(subject)],
                        Version::Old(major) => {
                            vec![describe(subject, Share::usual(major as usize))]
                        }
                    });
                    no_failures(&[subject.shortcuts()]);
                })
            }),
            trial(format!("versions::helper::{name}"), move || on(&again, ask_helper)),
            trial(format!("versions::greeting::{name}"), move || on(&once_more, greet)),
        ]
    })
}

tests! { ; cases() }
