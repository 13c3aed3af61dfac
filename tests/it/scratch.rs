//! Scratch databases: shared by sessions, stopped by the last one, robust against dead ones.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::Path;

use pgsh::scratch::{Install, Request, Scratch, open_in};
use pgsh::session::{Event, Session};

use crate::harness::{self, execute};

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
        match session.next().expect("a live connection") {
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

#[test]
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

#[test]
fn a_named_database_is_kept() {
    let place = harness::cluster_directory("named");
    let first = open(&place, Some("shop \"1\""));
    execute(&mut connect(&first), "CREATE TABLE kept ()");
    first.close().expect("closed");
    let second = open(&place, Some("shop \"1\""));
    execute(&mut connect(&second), "TABLE kept");
}

#[test]
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
