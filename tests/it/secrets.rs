//! Where a password stays: how many copies of it are in the shell's memory once it is connected, by
//! every way of giving one and every way of asking for it.

#![cfg(target_os = "linux")]

use std::fs;
use std::ops::Range;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use crate::harness::{self, Shell};
use crate::own_server::OwnServer;
use crate::run::Run;
use crate::trial::tests;

/// Roles and how they log in.
const ROLES: [(&str, &str); 3] =
    [("secretive", "scram-sha-256"), ("plainly", "password"), ("hashed", "md5")];
const SECRET: &str = "Tr0ub4dor-given-here";

struct Place {
    server: OwnServer,
    /// A directory that holds a password file, `secret`.
    home: PathBuf,
}

fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let mut hba: String =
            ROLES.iter().map(|(role, method)| format!("local all {role} {method}\n")).collect();
        hba += "local all all trust\nhost all all all trust\n";
        let server = OwnServer::start("secrets", &hba, "");
        for (role, method) in ROLES {
            let encryption = if method == "md5" { "md5" } else { "scram-sha-256" };
            server.execute(&[&format!(
                "SET password_encryption = '{encryption}'; \
                 CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'"
            )]);
        }
        let home = harness::cluster_directory("secrets-home");
        let file = home.join("secret");
        fs::write(&file, format!("*:*:*:*:{SECRET}\n")).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
        Place { server, home }
    })
}

/// The shell, to log in there as somebody with a password yet to be given.
fn shell(user: &str) -> Run {
    let Place { server, home } = place();
    server
        .shell(Shell::Pgsh, home)
        .arg("-X")
        .env("TERM", "xterm")
        .env("PSQL_HISTORY", "/dev/null")
        .env("PGUSER", user)
        .env("PGDATABASE", "postgres")
}

/// Where the system put a process's arguments and environment.
fn given_by_the_system(pid: u32) -> Range<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process's state");
    // The name may hold blanks; the third field follows its parenthesis.
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let field = |number: usize| fields[number - 3].parse::<u64>().expect("an address");
    field(48)..field(51)
}

/// How often a process holds these bytes in memory it can write, but for what the system put there.
fn copies(pid: u32, secret: &str) -> usize {
    let given = given_by_the_system(pid);
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("the process's maps");
    let memory = fs::File::open(format!("/proc/{pid}/mem")).expect("the process's memory");
    let found = maps.lines().filter(|line| line.contains(" rw")).flat_map(|line| {
        let (from, rest) = line.split_once('-').expect("a range");
        let to = rest.split(' ').next().expect("a range");
        let number = |text| u64::from_str_radix(text, 16).expect("an address");
        let (from, to) = (number(from), number(to));
        let mut bytes = vec![0; (to - from) as usize];
        // What can't be read holds nothing.
        let _ = memory.read_exact_at(&mut bytes, from);
        let places: Vec<u64> = memchr::memmem::find_iter(&bytes, secret.as_bytes())
            .map(|at| from + at as u64)
            .collect();
        places
    });
    found.filter(|place| !given.contains(place)).count()
}

/// A script whose password is in the password file does not hold it once it is connected; nor does
/// anybody else see it.
fn a_script_forgets_its_password() {
    let place = place();
    for (user, method) in ROLES {
        let log = place.home.join(format!("{user}.log"));
        let run = shell(user).env("PGPASSFILE", place.home.join("secret")).arg("-L").arg(&log);
        let mut command =
            run.args(["-c", "\\conninfo", "-c", "\\! echo ready; sleep 20"]).command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().expect("the shell runs");
        let mut said = Vec::new();
        let mut stdout = child.stdout.take().expect("its output");
        while memchr::memmem::find(&said, b"ready\n").is_none() {
            let mut buffer = [0; 4096];
            let count = std::io::Read::read(&mut stdout, &mut buffer).expect("to read");
            assert!(count > 0, "{}", String::from_utf8_lossy(&said));
            said.extend_from_slice(&buffer[..count]);
        }
        assert!(String::from_utf8_lossy(&said).contains("Password Used        | true"));
        let pid = child.id();
        // What is there, is found.
        assert!(copies(pid, user) > 0);
        let held = copies(pid, SECRET);
        let shown = fs::read(format!("/proc/{pid}/cmdline")).expect("its command line");
        let group = rustix::process::Pid::from_raw(pid as i32).expect("a process");
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).expect("killed");
        child.wait().expect("its end");
        assert_eq!(held, 0, "{method}: the password is still in memory");
        let log = fs::read(log).expect("a log");
        for seen in [shown, log] {
            assert!(memchr::memmem::find(&seen, SECRET.as_bytes()).is_none());
        }
    }
}

/// A person may connect again, and then the password is needed again: there is one copy of it.
fn a_persons_password_is_held_once() {
    let place = place();
    let socket = place.server.socket().replace('/', "%2F");
    type Give<'a> = &'a dyn Fn(&str, Run) -> Run;
    let ways: [(&str, Give<'_>); 7] = [
        ("a URI", &|user, run| run.arg(format!("postgresql://{user}:{SECRET}@{socket}/postgres"))),
        ("-dURI", &|user, run| {
            run.arg(format!("-dpostgresql://{user}:{SECRET}@{socket}/postgres"))
        }),
        ("keywords", &|_, run| run.args(["-d", &format!("password={SECRET}")])),
        ("--dbname=keywords", &|_, run| {
            run.arg(format!("--dbname=application_name=a\\ b password='{SECRET}'"))
        }),
        ("PGPASSWORD", &|_, run| run.env("PGPASSWORD", SECRET)),
        ("the password file", &|_, run| run.env("PGPASSFILE", place.home.join("secret"))),
        ("typing it", &|_, run| run),
    ];
    for (way, give) in ways {
        for (user, method) in ROLES {
            let mut terminal = give(user, shell(user)).terminal();
            if way == "typing it" {
                terminal.wait(&format!("Password for user {user}: "));
                std::thread::sleep(Duration::from_millis(100));
                terminal.keys(SECRET).keys("\n");
            }
            terminal.wait("=> ");
            assert_eq!(copies(terminal.pid(), SECRET), 1, "{way}, {method}");
            // Again as well, and it is the one that is used.
            terminal.keys("\\c\r").wait("You are now connected");
            terminal.wait("=> ");
            assert_eq!(copies(terminal.pid(), SECRET), 1, "{way}, {method}, \\c");
        }
    }
}

/// Nothing stays of a new password.
fn a_new_password_is_not_kept() {
    const NEW: &str = "correct-horse-battery";
    place().server.execute(&["CREATE ROLE changing LOGIN"]);
    let mut terminal = shell("changing").terminal();
    terminal.wait("=> ");
    terminal.keys("\\password\r");
    for prompt in ["Enter new password for user \"changing\": ", "Enter it again: "] {
        terminal.wait(prompt);
        std::thread::sleep(Duration::from_millis(100));
        terminal.keys(NEW).keys("\n");
    }
    terminal.wait("=> ");
    assert_eq!(copies(terminal.pid(), NEW), 0);
}

tests! {
    a_script_forgets_its_password,
    a_persons_password_is_held_once,
    a_new_password_is_not_kept,
}
