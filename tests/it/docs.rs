//! Every block of README.md and of the chapters of `docs/`, run: each chapter on a server of its own,
//! or in a database of its own on one that several share. What a chapter says not to run is reported
//! as ignored, with its reasons.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};

use pgsh::scratch::cluster::USER;

use crate::chapter::{Chapter, Home, Language, Skipped, Step};
use crate::harness::{self, Shell};
use crate::own_server::OwnServer;
use crate::run::Outcome;
use crate::trial::{Missing, Ran, tests, trial};

/// Who may connect to a chapter's server: everybody, to replicate too.
const HBA: &str = "local all all trust\nlocal replication all trust\n\
                   host all all all trust\nhost replication all all trust\n";

/// A chapter's server, the directory its blocks run in, and that of programs they find.
struct Desk {
    server: Arc<OwnServer>,
    directory: PathBuf,
    programs: PathBuf,
}

impl Desk {
    fn new(name: &str, chapter: &Chapter) -> Desk {
        let directory = harness::cluster_directory(&format!("docs-{name}-home"));
        // The server's account writes here as well.
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).expect("permissions");
        let programs = harness::cluster_directory(&format!("docs-{name}-programs")).join(".bin");
        fs::create_dir(&programs).expect("a directory");
        fs::set_permissions(&programs, fs::Permissions::from_mode(0o755)).expect("permissions");
        symlink(env!("CARGO_BIN_EXE_pgsh"), programs.join("pgsh")).expect("a link");
        plant_pg_ctl(&programs.join("pg_ctl"));
        for name in ["pg_basebackup", "pg_combinebackup"] {
            plant_unsynced(&programs.join(name), name);
        }
        let server = match chapter.home {
            Home::Own => {
                Arc::new(OwnServer::start(&format!("docs-{name}"), HBA, &chapter.settings))
            }
            Home::Shared => shared_server(),
        };
        server.execute(&[&format!("CREATE DATABASE {} TEMPLATE template0", chapter.database)]);
        Desk { server, directory, programs }
    }

    /// Runs a block. Standard error goes where standard output does, as on a terminal.
    fn run(&self, database: &str, step: &Step) -> Outcome {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let ours = [self.programs.clone(), harness::server().bin.clone()];
        let path = std::env::join_paths(ours.into_iter().chain(std::env::split_paths(&path)));
        let run = self.server.shell(Shell::Pgsh, &self.directory);
        let run = run.env("PATH", path.expect("a path")).env("PGUSER", USER);
        let run = run.env("PGDATABASE", database).env("TZ", "UTC");
        let stop = if step.failure.is_some() { "off" } else { "on" };
        match step.language {
            Language::Sh => run.instead("sh", ["-e", "-c", &format!("exec 2>&1\n{}", step.text)]),
            Language::Sql => {
                let shell = format!("exec pgsh -X -v ON_ERROR_STOP={stop} 2>&1");
                run.instead("sh", ["-c", &shell]).stdin(&step.text)
            }
        }
        .outcome()
    }
}

/// The server of chapters that need none of their own.
fn shared_server() -> Arc<OwnServer> {
    static SERVER: OnceLock<Arc<OwnServer>> = OnceLock::new();
    let start = || Arc::new(OwnServer::start("docs", HBA, ""));
    Arc::clone(SERVER.get_or_init(start))
}

/// `pg_ctl` as a chapter's reader runs it: under the server's account, whoever runs the tests. The
/// server it starts does not wait for the disk.
fn plant_pg_ctl(path: &Path) {
    let server = harness::server();
    let mut script = "#!/bin/sh\n".to_owned();
    let mut under = String::new();
    if let Some(account) = &server.account {
        let (uid, gid) = (account.uid, account.gid);
        script.push_str(&format!("chown -R {uid}:{gid} \"$2\"\n"));
        under = format!("setpriv --reuid={uid} --regid={gid} --clear-groups ");
    }
    let real = server.bin.join("pg_ctl");
    script.push_str(&format!("exec {under}{} \"$@\" -o '-c fsync=off'\n", real.display()));
    plant(path, &script);
}

/// A program of the server's that does not wait for the disk: nothing it writes outlives the test.
fn plant_unsynced(path: &Path, name: &str) {
    let real = harness::server().bin.join(name);
    plant(path, &format!("#!/bin/sh\nexec {} \"$@\" --no-sync\n", real.display()));
}

fn plant(path: &Path, script: &str) {
    fs::write(path, script).expect("a program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
}

/// Servers that the blocks started and did not stop end with the chapter.
impl Drop for Desk {
    fn drop(&mut self) {
        for place in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            let file = fs::read_to_string(place.path().join("postmaster.pid")).unwrap_or_default();
            let pid = file.lines().next().and_then(|line| Pid::from_raw(line.parse().ok()?));
            if let Some(pid) = pid {
                let _ = kill_process(pid, Signal::QUIT);
            }
        }
    }
}

/// What is wrong with what came of a block.
fn check(step: &Step, outcome: &Outcome) -> Result<(), String> {
    let printed = String::from_utf8_lossy(&outcome.stdout);
    match &step.failure {
        None if outcome.status != 0 => return Err(format!("exit status {}", outcome.status)),
        Some(text) if !printed.contains(text.as_str()) => {
            return Err(format!("does not say {text:?}"));
        }
        _ => {}
    }
    step.shown.as_ref().map_or(Ok(()), |shown| shown.compare(&printed))
}

/// Runs a chapter; the first block that does not do what the chapter says ends it.
fn follow(name: &str, chapter: &Chapter) -> Result<(), String> {
    let desk = Desk::new(name, chapter);
    for step in &chapter.steps {
        let outcome = desk.run(&chapter.database, step);
        check(step, &outcome).map_err(|wrong| {
            let printed = String::from_utf8_lossy(&outcome.stdout).into_owned();
            format!("line {}: {wrong}\n{}--- prints\n{printed}", step.line, step.text)
        })?;
    }
    Ok(())
}

/// README.md and the chapters, by name.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(root.join("docs")).expect("docs/").map(|entry| entry.expect("a file"));
    let mut files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.push(root.join("README.md"));
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a chapter");
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), text)
    };
    files.into_iter().map(read).collect()
}

/// What is not run of a chapter.
fn not_run(skipped: &[Skipped]) -> Ran {
    let each = skipped.iter().map(|Skipped { line, reason }| format!("line {line}: {reason}"));
    let each: Vec<String> = each.collect();
    Err(Missing(format!("{} not run, {}", each.len(), each.join("; "))))
}

/// A test for each chapter, and one that is ignored where blocks are not run.
fn chapters() -> Vec<Trial> {
    let chapter = |(name, text): (String, String)| {
        let chapter = Chapter::read(&text);
        let skipped = chapter.as_ref().map(|chapter| chapter.skipped.clone()).unwrap_or_default();
        let ignored = trial(format!("docs::{name}::not_run"), move || not_run(&skipped));
        let has_skipped = chapter.as_ref().is_ok_and(|chapter| !chapter.skipped.is_empty());
        let run = trial(format!("docs::{name}"), move || {
            let outcome = chapter.and_then(|chapter| match chapter.steps.is_empty() {
                true => Ok(()),
                false => follow(&name, &chapter),
            });
            outcome.unwrap_or_else(|wrong| panic!("{name}.md, {wrong}"));
        });
        [Some(run), has_skipped.then_some(ignored)].into_iter().flatten()
    };
    texts().into_iter().flat_map(chapter).collect()
}

/// A chapter that is right, but for its last block.
const SAMPLE: &str = "<!-- run in shop -->
<!-- server: work_mem = '5MB' -->
<!-- before: sql
create table orders as select generate_series(1, 3) as number;
-->
```sql
select count(*) from orders;
show work_mem;
```
```text
 count
-------
     3
(1 row)

...
 5MB
...
```
```sh
pgsh -Atc 'table orders' | wc -l > lines
createdb other; cat lines
pgsh other -c 'select current_database()' -At
```
```text
3
other
```
<!-- fails: does not exist -->
```sql
table nowhere;
```
```text
ERROR:  relation \"nowhere\" does not exist
LINE 1: table nowhere;
...
```
```sql
select 1/0;
```
";

fn blocks_are_run_and_compared() {
    let chapter = Chapter::read(SAMPLE).expect("a sound chapter");
    let wrong = follow("sample", &chapter).expect_err("its last block divides by zero");
    assert!(wrong.starts_with("line 38: exit status 3\nselect 1/0;\n"), "{wrong}");
}

tests! {
    blocks_are_run_and_compared;
    chapters()
}
