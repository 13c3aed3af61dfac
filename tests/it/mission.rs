//! A physical backup that is made from pgsh and comes alive again. The rest of what a learner does
//! with a server is in `tests/golden/mission/`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pgsh::scratch::cluster::{Cluster, PORT, USER};

use crate::harness::{self, Shell};
use crate::own_server::OwnServer;
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
    // Nobody else's checkpoints take the WAL away before it is streamed.
    let source = OwnServer::start("mission-source", "local all,replication all trust\n", "");
    let home = harness::cluster_directory("mission-home");
    let shell = |shell| source.shell(shell, &home).env("PGUSER", USER).arg("-X");
    let script = format!(
        "create table kept as select generate_series(1, 1000) as a;
        \\! {}/pg_basebackup --checkpoint=fast --no-sync -D base || echo failed
        create table late ();\n",
        harness::server().bin.display()
    );
    let made = shell(Shell::Pgsh).arg("-q").stdin(script).outcome();
    assert_eq!(String::from_utf8_lossy(&made.render()), "[stdout]\n[stderr]\n[exit status] 0\n");

    let server = harness::server().clone();
    let directory = harness::cluster_directory("mission").join("c");
    let account = server.account.clone();
    let restored = Cluster::new(server, &directory).unwrap_or_else(|e| panic!("{e}"));
    let data = directory.join("data");
    let copied =
        std::process::Command::new("cp").arg("-a").args([home.join("base"), data.clone()]).status();
    assert!(copied.expect("cp").success());
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).expect("permissions");
    if let Some(account) = account {
        give(&data, account.uid, account.gid);
    }
    restored.start().unwrap_or_else(|e| panic!("{e}"));

    let look = ["-c", "select count(*), sum(a) from kept", "-c", "\\dt"];
    let [ours, oracle] = [Shell::Pgsh, Shell::Oracle].map(|one| {
        let run = shell(one).env("PGHOST", restored.socket()).env("PGPORT", PORT);
        run.args(look).outcome()
    });
    restored.stop().unwrap_or_else(|e| panic!("{e}"));
    let shown = String::from_utf8_lossy(&ours.stdout).into_owned();
    assert!(shown.contains("  1000 | 500500") && !shown.contains("late"), "{shown}");
    assert_eq!(ours, oracle);
}

tests! {
    a_base_backup_comes_alive,
}
