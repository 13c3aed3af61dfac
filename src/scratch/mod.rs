//! Scratch databases: a throwaway database on a server of our own, for `--scratch`.
//!
//! Owns finding a server ([`find`]), installing one ([`install`]), one cluster per user and major
//! version ([`cluster`]), and a lease on it per session. Never knows what the database is for.
//!
//! The cluster's server runs while anyone holds a lease: a locked file named after the session's
//! database. Locks end with their process, so a lease that can be locked is a dead session's, and
//! whoever comes next drops its database. The last to leave stops the server.
//!
//! What a signal ends cleans up first ([`end_when_killed`], [`ending`]); only SIGKILL leaves a
//! server behind, until the next session's end.

pub mod cluster;
pub mod ending;
pub mod find;
pub mod install;
mod lock;
mod trust;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::conninfo::{self, Settings};
use crate::session::{Event, Session};

use cluster::Cluster;
use find::Server;
use lock::{Lock, private_directory};

/// Every session's own database is named so, with the lease's name behind.
const PREFIX: &str = "scratch_";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The database to keep under this name; without a name, one of our own that is dropped.
    pub name: Option<String>,
    /// What to do when there is no server.
    pub may_install: Install,
    /// Say nothing on stderr.
    pub quiet: bool,
}

/// Whether a server may be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Install {
    /// After asking.
    Ask,
    /// Without asking.
    Yes,
    /// Never.
    No,
}

/// Why there is no scratch database: a text for the person, in several lines perhaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    /// Ctrl-C ended it.
    pub interrupted: bool,
}

impl Error {
    fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), interrupted: false }
    }

    fn at(what: &str, path: &Path, cause: io::Error) -> Error {
        Error::new(format!("{what} \"{}\": {cause}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A scratch database in use. Dropping it, or [`Scratch::close`], ends the lease: the database
/// goes unless it has a name of its own, and the server stops if nobody else is there.
#[derive(Debug)]
pub struct Scratch {
    /// How to connect: `host`, `hostaddr` (empty), `port`, `user` and `dbname`.
    pub settings: Vec<(&'static str, String)>,
    tenancy: Arc<Tenancy>,
}

/// What ends with the session, by whoever comes first: the session, or a signal.
#[derive(Debug)]
struct Tenancy {
    cluster: Cluster,
    place: PathBuf,
    lease: Mutex<Option<Lease>>,
}

#[derive(Debug)]
struct Lease {
    name: String,
    _lock: Lock,
}

/// Opens a scratch database as `request` says; `ask` puts a yes-or-no question to the person.
///
/// # Errors
/// There is no server and none may be installed, or something fails on the way.
pub fn open(request: &Request, ask: &mut dyn FnMut(&str) -> bool) -> Result<Scratch, Error> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    match open_with(&cache_directory()?, request, ask, ending::watch_interrupts) {
        Ok(scratch) => {
            *current = Some(Arc::clone(&scratch.tenancy));
            Ok(scratch)
        }
        Err(error) => {
            drop(current);
            ending::wait_for_the_end();
            Err(error)
        }
    }
}

/// The scratch database of this process; locked while it is being opened.
static CURRENT: Mutex<Option<Arc<Tenancy>>> = Mutex::new(None);

/// Ends the lease of this process, or gives up what is being opened: for whoever is told that a
/// signal ends the process.
pub fn end_when_killed() {
    ending::begin();
    let current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(tenancy) = current {
        let _ = tenancy.end();
    }
}

/// As [`open`], with everything kept under the directory `cache`.
///
/// # Errors
/// As [`open`]'s.
pub fn open_in(
    cache: &Path,
    request: &Request,
    ask: &mut dyn FnMut(&str) -> bool,
) -> Result<Scratch, Error> {
    open_with(cache, request, ask, || {})
}

/// Opens a scratch database; `begin` is called when there is nothing more to ask.
fn open_with(
    cache: &Path,
    request: &Request,
    ask: &mut dyn FnMut(&str) -> bool,
    begin: fn(),
) -> Result<Scratch, Error> {
    if let Some(name) = &request.name {
        check_name(name)?;
    }
    let mut say = |text: &str| {
        if !request.quiet {
            eprintln!("pgsh: {text}");
        }
    };
    if fs::symlink_metadata(cache).is_ok() {
        // Before anything of it is run.
        private_directory(cache, None)?;
    }
    let server = match find::find(cache)? {
        Some(server) => {
            begin();
            server
        }
        None if request.may_install == Install::Yes
            || request.may_install == Install::Ask && ask(&install_question(cache)) =>
        {
            begin();
            install::install(cache, &mut say)?
        }
        None => return Err(Error::new(NO_SERVER)),
    };
    let (scratch, database) = Scratch::open(server, cache, request.name.as_deref())?;
    say(&format!("scratch database \"{database}\" on {}", scratch.cluster().server()));
    Ok(scratch)
}

const NO_SERVER: &str = "no PostgreSQL server was found for a scratch database
HINT:  There are three ways out:
  - let pgsh install one in its cache, with uv or pip:  pgsh --scratch --scratch-install
  - install one with the system's packages, or name one's programs:  PGSH_SERVER_BIN=/path/to/bin pgsh --scratch
  - use a server that runs already:  pgsh -h HOST -d DATABASE";

fn install_question(cache: &Path) -> String {
    format!(
        "No PostgreSQL server was found. Install one (14 MB to download) in \"{}\"? [y/N] ",
        cache.display()
    )
}

/// Where the installed server and the clusters are. Root's are where the account that runs the
/// server can reach them.
///
/// # Errors
/// The user has no home.
pub fn cache_directory() -> Result<PathBuf, Error> {
    if rustix::process::geteuid().is_root() {
        let system = if cfg!(target_os = "macos") { "/Library/Caches" } else { "/var/cache" };
        return Ok(Path::new(system).join("pgsh"));
    }
    let caches = dirs::cache_dir()
        .ok_or_else(|| Error::new("there is no home directory to keep a scratch server in"))?;
    Ok(caches.join("pgsh"))
}

fn check_name(name: &str) -> Result<(), Error> {
    let rule = match name {
        "" => "it is empty".to_owned(),
        "postgres" | "template0" | "template1" => "it is the server's own".to_owned(),
        _ if name.len() > 63 => "it has more than 63 bytes".to_owned(),
        _ if name.starts_with(PREFIX) => format!("it begins with \"{PREFIX}\""),
        _ if name.contains(['/', '\\']) => "it is no name but a path".to_owned(),
        _ if name.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) => {
            "it has characters that can't be written".to_owned()
        }
        _ => return Ok(()),
    };
    let name = name.escape_debug();
    Err(Error::new(format!("invalid name \"{name}\" of a scratch database: {rule}")))
}

impl Scratch {
    fn open(server: Server, cache: &Path, name: Option<&str>) -> Result<(Scratch, String), Error> {
        private_directory(cache, None)?;
        let place = cache.join(format!("cluster-{}", server.major));
        let cluster = Cluster::new(server, &place)?;
        private_directory(&place.join("leases"), None)?;
        let lock = Lock::exclusive(&place.join("lock"))?;
        let lease = Lease::take(&place)?;
        let database = name.map_or_else(|| format!("{PREFIX}{}", lease.name), str::to_owned);
        // Whatever the environment asks of other servers, this one is meant.
        let none = [
            ("hostaddr", ""),
            ("password", ""),
            ("requirepeer", ""),
            ("require_auth", "none"),
            ("channel_binding", "disable"),
            ("target_session_attrs", "any"),
            ("sslmode", "disable"),
            ("sslnegotiation", "postgres"),
            ("gssencmode", "disable"),
        ];
        let given = [
            ("host", cluster.socket().to_string_lossy().into_owned()),
            ("port", cluster::PORT.to_owned()),
            ("user", cluster::USER.to_owned()),
            ("dbname", database.clone()),
        ];
        let none = none.map(|(keyword, value)| (keyword, value.to_owned()));
        let settings = none.into_iter().chain(given).collect();
        let tenancy = Arc::new(Tenancy { cluster, place, lease: Mutex::new(Some(lease)) });
        let scratch = Scratch { settings, tenancy };
        let begun = scratch.tenancy.begin(&database);
        // Given up, the lease ends as any other does, which takes the lock again.
        drop(lock);
        begun.map(|()| (scratch, database))
    }

    /// The cluster the database is in.
    pub fn cluster(&self) -> &Cluster {
        &self.tenancy.cluster
    }

    /// Ends the lease, as dropping does, and tells what went wrong.
    ///
    /// # Errors
    /// The database can't be dropped, or the server doesn't stop.
    pub fn close(self) -> Result<(), Error> {
        self.end()
    }

    fn end(&self) -> Result<(), Error> {
        let ended = self.tenancy.end();
        ending::wait_for_the_end();
        ended
    }
}

impl Tenancy {
    /// Starts the server, tidies up after the dead, creates the database.
    fn begin(&self, database: &str) -> Result<(), Error> {
        self.cluster.start()?;
        let mut admin = Admin::connect(&self.cluster)?;
        let ours = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        for dead in self.other_leases(ours.as_ref())?.dead {
            admin.drop_database(&format!("{PREFIX}{dead}"))?;
            let _ = fs::remove_file(self.place.join("leases").join(dead));
        }
        admin.create_database(database)
    }

    fn end(&self) -> Result<(), Error> {
        let mut held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lease) = held.take() else { return Ok(()) };
        let _lock = Lock::exclusive_whatever(&self.place.join("lock"))?;
        let dropped = Admin::connect(&self.cluster)
            .and_then(|mut admin| admin.drop_database(&format!("{PREFIX}{}", lease.name)));
        if dropped.is_ok() {
            let _ = fs::remove_file(self.place.join("leases").join(&lease.name));
        }
        drop(lease);
        if self.other_leases(None)?.live == 0 {
            self.cluster.stop()?;
        }
        dropped
    }

    /// The leases of everyone else.
    fn other_leases(&self, ours: Option<&Lease>) -> Result<Leases, Error> {
        let mut leases = Leases::default();
        let directory = self.place.join("leases");
        let entries =
            fs::read_dir(&directory).map_err(|e| Error::at("could not read", &directory, e))?;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if ours.is_some_and(|ours| ours.name == name) {
                continue;
            }
            match Lock::try_exclusive(&entry.path())? {
                Some(_) => leases.dead.push(name),
                None => leases.live += 1,
            }
        }
        Ok(leases)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done here; whoever comes next cleans up.
        let _ = self.end();
    }
}

#[derive(Default)]
struct Leases {
    live: usize,
    dead: Vec<String>,
}

impl Lease {
    /// A new lease: `PID_N`. A dead process of the same ID may have left its own behind.
    fn take(place: &Path) -> Result<Lease, Error> {
        let mut number = 1;
        loop {
            let name = format!("{}_{number}", std::process::id());
            let path = place.join("leases").join(&name);
            if !path.exists()
                && let Some(lock) = Lock::try_exclusive(&path)?
            {
                return Ok(Lease { name, _lock: lock });
            }
            number += 1;
        }
    }
}

/// Opens a session of the superuser's on a cluster that runs, whatever the environment says.
///
/// # Errors
/// The server doesn't let us in.
pub fn connect(cluster: &Cluster, database: &str) -> Result<Session, Error> {
    let mut given = Settings::default();
    given.set("host", cluster.socket().as_os_str().as_encoded_bytes());
    given.set("port", cluster::PORT);
    given.set("user", cluster::USER);
    given.set("dbname", database);
    let resolved = conninfo::resolve(&given, &|_| None, &|_| None, &|| Ok(cluster::USER.into()));
    let settings = resolved.map_err(|e| Error::new(String::from_utf8_lossy(&e.message)))?;
    Session::connect(&settings, None).map_err(|e| Error::new(String::from_utf8_lossy(&e.message)))
}

/// The session that creates and drops databases.
struct Admin {
    session: Session,
    version: u32,
}

impl Admin {
    fn connect(cluster: &Cluster) -> Result<Admin, Error> {
        let session = connect(cluster, "postgres")?;
        Ok(Admin { session, version: cluster.server().major })
    }

    fn create_database(&mut self, name: &str) -> Result<(), Error> {
        match self.execute(&format!("CREATE DATABASE {}", quote(name)))?.as_deref() {
            None | Some("42P04") => Ok(()), // there already: kept from last time
            Some(state) => {
                Err(Error::new(format!("could not create database \"{name}\" ({state})")))
            }
        }
    }

    fn drop_database(&mut self, name: &str) -> Result<(), Error> {
        let force = if self.version >= 13 { " WITH (FORCE)" } else { "" };
        match self.execute(&format!("DROP DATABASE IF EXISTS {}{force}", quote(name)))? {
            None => Ok(()),
            Some(state) => Err(Error::new(format!("could not drop database \"{name}\" ({state})"))),
        }
    }

    /// Runs `sql`; the SQLSTATE of its error, if any.
    fn execute(&mut self, sql: &str) -> Result<Option<String>, Error> {
        self.session.query(sql.as_bytes());
        let mut state = None;
        loop {
            match self
                .session
                .next()
                .map_err(|e| Error::new(String::from_utf8_lossy(&e.message)))?
            {
                Event::Error(fields) => {
                    state = Some(
                        String::from_utf8_lossy(fields.get(b'C').unwrap_or_default()).into_owned(),
                    );
                }
                Event::Ready(_) => return Ok(state),
                _ => {}
            }
        }
    }
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests;
