//! A physical backup that is made from pgsh and comes alive again. The rest of what a learner does
//! with a server is in `tests/golden/mission/`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pgsh::scratch::cluster::Cluster;

use crate::harness::{self, Bench, Shell};
use crate::run::Outcome;
use crate::trial::tests;

/// Gives a tree to the account the server runs as.
fn give(path: &Path, uid: u32, gid: u32) {
    std::os::unix::fs::lchown(path, Some(uid), Some(gid)).expect("an owner");
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).expect("a directory").flatten() {
            give(&entry.path(), uid, gid);
        }
    }
}

fn a_base_backup_comes_alive() {
    let bench = Bench::new();
    let run = |shell, arguments: &[&str], stdin: &str| -> Outcome {
        let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        bench.run(shell, &arguments, stdin.as_bytes())
    };
    let script = "create table kept as select generate_series(1, 1000) as a;
        \\! pg_basebackup --checkpoint=fast --no-sync -D base || echo failed
        create table late ();\n";
    let made = run(Shell::Pgsh, &["-X", "-q"], script);
    assert_eq!(String::from_utf8_lossy(&made.render()), "[stdout]\n[stderr]\n[exit status] 0\n");

    let server = harness::server().clone();
    let directory = harness::cluster_directory("mission").join("c");
    let account = server.account.clone();
    let restored = Cluster::new(server, &directory).unwrap_or_else(|e| panic!("{e}"));
    let data = directory.join("data");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([bench.directory(Shell::Pgsh).join("base"), data.clone()])
        .status();
    assert!(copied.expect("cp").success());
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).expect("permissions");
    if let Some(account) = account {
        give(&data, account.uid, account.gid);
    }
    restored.start().unwrap_or_else(|e| panic!("{e}"));

    let host = restored.socket().to_string_lossy().into_owned();
    let look = ["-X", "-h", &host, "-c", "select count(*), sum(a) from kept", "-c", "\\dt"];
    let [ours, oracle] = [Shell::Pgsh, Shell::Oracle].map(|shell| run(shell, &look, ""));
    restored.stop().unwrap_or_else(|e| panic!("{e}"));
    let shown = String::from_utf8_lossy(&ours.stdout).into_owned();
    assert!(shown.contains("  1000 | 500500") && !shown.contains("late"), "{shown}");
    assert_eq!(ours, oracle);
}

tests! {
    a_base_backup_comes_alive,
}
