//! Servers that a test sets up its own way: pg_hba.conf, settings, a TCP port, a standby.
//!
//! Both shells meet the same server, so what a test does there leaves nothing behind or does no
//! harm.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use pgsh::conninfo::{self, Settings};
use pgsh::scratch::Server;
use pgsh::scratch::cluster::USER;
use pgsh::session::{ConnectError, Event, Session};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{self, Shell};
use crate::models::{self, Models};
use crate::run::{Run, as_account, found};

/// How long a server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a cluster of its own; dropping it stops it at once and removes its files.
pub struct OwnServer {
    programs: &'static Server,
    directory: PathBuf,
    pub port: u16,
    child: Option<Child>,
}

impl OwnServer {
    /// A server that listens on a Unix socket and on 127.0.0.1. `name` is that of its directory,
    /// `hba` its pg_hba.conf, `settings` the lines of its configuration.
    pub fn start(name: &str, hba: &str, settings: &str) -> OwnServer {
        OwnServer::start_with(harness::server(), name, hba, settings, &[])
    }

    /// The same, run by the `programs` of another server, with more files in its cluster.
    pub fn start_with(
        programs: &'static Server,
        name: &str,
        hba: &str,
        settings: &str,
        files: &[(&str, &str)],
    ) -> OwnServer {
        let directory = directory(name);
        copy_template(harness::server(), &directory.join("data"));
        let server = OwnServer { programs, directory, port: free_port(), child: None };
        server.write("pg_hba.conf", hba);
        for (file, content) in files {
            server.write(file, content);
        }
        server.running(settings)
    }

    /// A hot standby of this server, which must let replication in by "trust".
    pub fn standby(&self, name: &str, settings: &str) -> OwnServer {
        let directory = directory(name);
        let port = free_port();
        let done = command(harness::server(), "pg_basebackup")
            .args(["-D", &text(&directory.join("data")), "-h", &self.socket(), "-U", USER])
            .args(["-p", &self.port.to_string(), "-R", "-c", "fast", "-X", "stream"])
            .status()
            .expect("pg_basebackup runs");
        assert!(done.success(), "pg_basebackup failed");
        OwnServer { programs: self.programs, directory, port, child: None }.running(settings)
    }

    fn running(mut self, settings: &str) -> OwnServer {
        self.write(
            "postgresql.auto.conf",
            &[&self.read("postgresql.auto.conf"), settings].concat(),
        );
        self.run();
        self
    }

    /// Starts it, again perhaps, and waits until it takes connections.
    pub fn run(&mut self) {
        let log = File::options().create(true).append(true).open(self.directory.join("log"));
        let log = log.expect("a log");
        let child = command(self.programs, "postgres")
            .arg("-D")
            .arg(self.directory.join("data"))
            .args(["-k", &self.socket(), "-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "log_timezone=UTC", "-c", "timezone=UTC"])
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .process_group(0)
            .spawn();
        self.child = Some(child.expect("the server runs"));
        let deadline = Instant::now() + PATIENCE;
        // The eighth line of this file tells the server's state.
        while self.read("postmaster.pid").lines().nth(7).map(str::trim) != Some("ready") {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().expect("a status"));
            assert!(ended.is_none() && Instant::now() < deadline, "no server: {}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Has it read its files again; connections made from now on meet the new settings.
    pub fn reload(&self) {
        let pid = self.child.as_ref().and_then(|child| Pid::from_raw(child.id() as i32));
        kill_process(pid.expect("a server"), Signal::HUP).expect("to reach the server");
    }

    /// Stops it, cutting sessions off, and waits for its end.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let pid = Pid::from_raw(child.id() as i32).expect("a process");
        kill_process(pid, Signal::INT).expect("to stop the server");
        child.wait().expect("the server's end");
    }

    /// Waits until it takes connections, after a crash perhaps; starts it again if it was stopped.
    pub fn wait_until_up(&mut self) {
        if self.child.as_mut().is_none_or(|child| child.try_wait().expect("a status").is_some()) {
            self.run();
        }
        let deadline = Instant::now() + PATIENCE;
        while self.try_session("postgres").is_err() {
            assert!(Instant::now() < deadline, "no server: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
            if self
                .child
                .as_mut()
                .is_some_and(|child| child.try_wait().expect("a status").is_some())
            {
                self.run();
            }
        }
    }

    /// How often it began to take connections: when it was started, and after each crash.
    pub fn starts(&self) -> usize {
        self.log().matches("database system is ready to accept connections").count()
    }

    /// Waits until it has begun to take connections so often.
    pub fn wait_for_start(&self, starts: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.starts() < starts {
            assert!(Instant::now() < deadline, "no new start: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A run of the shell on this server, by its socket; the home is this.
    pub fn shell(&self, shell: Shell, home: &Path) -> Run {
        harness::shell(shell, home)
            .env("PGHOST", self.socket())
            .env("PGPORT", self.port.to_string())
    }

    /// The postmaster's process ID.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a server that runs").id()
    }

    /// The directory of its Unix socket.
    pub fn socket(&self) -> String {
        text(&self.directory)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        let log = fs::read(self.directory.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Runs statements as the superuser, each in a transaction of its own; they must succeed.
    pub fn execute(&self, statements: &[&str]) {
        let mut session = self.session("postgres");
        for statement in statements {
            harness::execute(&mut session, statement);
        }
    }

    /// The one value that a query returns to the superuser.
    pub fn value(&self, query: &str) -> String {
        let mut session = self.session("postgres");
        session.query(query.as_bytes());
        let mut value = String::new();
        loop {
            match session.next_event().expect("a live connection") {
                Event::DataRow(body) => {
                    let row = pgsh::print::Row::trusted(body);
                    value = String::from_utf8_lossy(row.get(0).unwrap_or_default()).into_owned();
                }
                Event::Error(fields) => panic!("{query}: {fields:?}"),
                Event::Ready(_) => return value,
                _ => {}
            }
        }
    }

    /// A session of the superuser's.
    pub fn session(&self, database: &str) -> Session {
        self.try_session(database).expect("a connection")
    }

    fn try_session(&self, database: &str) -> Result<Session, ConnectError> {
        self.try_connection(&[("user", USER), ("dbname", database)])
    }

    /// A connection with these settings, by the socket unless they name a host.
    pub fn try_connection(&self, settings: &[(&str, &str)]) -> Result<Session, ConnectError> {
        let mut given = Settings::default();
        given.set("host", self.socket());
        given.set("port", self.port.to_string());
        for (name, value) in settings {
            given.set(name, *value);
        }
        let settings =
            conninfo::resolve(&given, &|_| None, &|_| None, &|| Ok(b"postgres".to_vec()));
        Session::connect(&settings.expect("settings"), None)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.directory.join("data").join(file)).unwrap_or_default()
    }

    /// Writes a file of the cluster's, for the server to read.
    pub fn write(&self, file: &str, content: &str) {
        let path = self.directory.join("data").join(file);
        fs::write(&path, content).expect("a file of the cluster");
        // A server wants its private key to itself.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
        own(&path);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // What doesn't end now is the watchdog's.
            let pid = Pid::from_raw(child.id() as i32);
            if pid.is_some_and(|pid| kill_process(pid, Signal::QUIT).is_ok()) {
                let _ = child.wait();
            }
        }
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}

/// As [`Server::command`], by [`as_account`].
pub fn command(server: &Server, program: &str) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let setpriv = found("setpriv", &path);
    let (Some(account), Some(setpriv)) = (&server.account, setpriv) else {
        return server.command(program);
    };
    let mut command = Command::new(setpriv);
    command.args(as_account(account.uid, Some(account.gid))).arg(server.bin.join(program));
    command.env_clear().env("PATH", path).current_dir("/").stdin(Stdio::null());
    command
}

/// Copies the files of a cluster of this server that was just made: faster than initdb.
pub fn copy_template(server: &Server, to: &Path) {
    static TEMPLATES: Models = Models::new("template");
    let template = TEMPLATES.get(&text(&server.bin), |directory| {
        hand_over(directory);
        new_cluster(server, &directory.join("data"));
    });
    models::copy(&template.join("data"), to);
}

fn new_cluster(server: &Server, data: &Path) {
    let done = command(server, "initdb")
        .args(["-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"])
        .arg("-D")
        .arg(data)
        .stdout(Stdio::null())
        .status();
    assert!(done.expect("initdb runs").success(), "initdb failed");
}

/// A directory of the server's account.
fn directory(name: &str) -> PathBuf {
    let directory = harness::cluster_directory(name);
    hand_over(&directory);
    directory
}

/// Makes a directory the server's account's own, for all to read.
fn hand_over(directory: &Path) {
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).expect("permissions");
    own(directory);
}

fn own(path: &Path) {
    if let Some(account) = &harness::server().account {
        chown(path, Some(account.uid), Some(account.gid)).expect("the account's own");
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

/// A port nobody listens on, and that no connection is given for its own end: systems take those from
/// above.
pub fn free_port() -> u16 {
    const FIRST: u16 = 10_000;
    const PORTS: u16 = 22_000;
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    // Where another run of the tests hardly is.
    let start = (std::process::id() % u32::from(PORTS)) as u16;
    (0..PORTS)
        .map(|_| FIRST + (start + GIVEN.fetch_add(1, Ordering::Relaxed) % PORTS) % PORTS)
        .find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
        .expect("a port")
}
