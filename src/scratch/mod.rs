//! Scratch databases: a throwaway database on a server of our own, for `--scratch`.
//!
//! Owns finding a server ([`find`]), installing one ([`install`]), one cluster per user and major
//! version ([`cluster`]), a lease on it per session, and the list of the databases that are kept under a
//! name (`kept.rs`). Never knows what a database is for.
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
mod kept;
mod lease;
mod leased_database;
mod lock;
mod name;
mod private_directory;
mod server;
mod server_account;
mod shutdown;
mod trust;
mod ways_out;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use admin::connect;
pub use error::Error;
pub use kept::KeptDatabase;
pub use server::Server;
pub use server_account::Account;

use cluster::Cluster;
use leased_database::LeasedDatabase;
use private_directory::private_directory;

/// Why this program in the directory `bin` is not to be run, if so: somebody else may have put it there.
pub fn objection(bin: &Path, program: &str) -> Option<String> {
    trust::objection(bin, &[program], None)
}

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

/// Leaves Ctrl-C to who watches for it by now. Whether it came since [`open`] began its work: too late
/// for that to end by it.
pub fn leave_interrupts() -> bool {
    shutdown::leave_interrupts()
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

/// The databases that `--scratch=NAME` has kept, by name, without a server being started.
///
/// # Errors
/// The cache directory isn't ours, or can't be read.
pub fn list() -> Result<Vec<KeptDatabase>, Error> {
    list_in(&cache_directory()?)
}

/// As [`list`], of what is kept under the directory `cache`.
///
/// # Errors
/// As [`list`]'s.
pub fn list_in(cache: &Path) -> Result<Vec<KeptDatabase>, Error> {
    if fs::symlink_metadata(cache).is_err() {
        return Ok(Vec::new());
    }
    private_directory(cache, None)?;
    kept::list(cache)
}

/// The major version of the server that [`open`] would use, if there is one.
///
/// # Errors
/// As [`find::find`]'s.
pub fn major() -> Result<Option<u32>, Error> {
    Ok(find::find(&cache_directory()?)?.map(|server| server.major))
}

/// Drops a database of [`list`]. A signal that ends the process waits for it; Ctrl-C gives it up.
///
/// # Errors
/// It is in use, its server is no longer there, or something fails on the way.
pub fn drop_kept(database: &KeptDatabase) -> Result<(), Error> {
    let current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    shutdown::watch_interrupts();
    let dropped = cache_directory().and_then(|cache| drop_kept_in(&cache, database));
    // A signal's own end waits for it.
    drop(current);
    shutdown::wait_for_signal();
    dropped
}

/// As [`drop_kept`], of what is kept under the directory `cache`.
///
/// # Errors
/// As [`drop_kept`]'s.
pub fn drop_kept_in(cache: &Path, database: &KeptDatabase) -> Result<(), Error> {
    let major = database.major;
    let server = find::for_major(cache, major)?.filter(|server| server.major == major);
    let server = server.ok_or_else(|| {
        Error::new(format!(
            "scratch database \"{}\" is one of PostgreSQL {major}, which was not found on this machine\n\
             HINT:  {}=DIRECTORY names that server's programs.",
            database.name,
            find::OVERRIDE
        ))
    })?;
    let (lock, leased) = LeasedDatabase::enter(server, cache)?;
    let dropped = leased.drop_kept(&database.name);
    drop(lock);
    let ended = leased.end();
    dropped.and(ended)
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
        name::check(name)?;
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
        None => return Err(Error::new(ways_out::no_server())),
    };
    let wanted = request.name.as_deref().map_or(Database::Fresh, Database::Named);
    let (scratch, database) = Scratch::open(server, cache, wanted)?;
    report(&format!("scratch database \"{database}\" on {}", scratch.cluster().server()));
    Ok(scratch)
}

fn install_question(cache: &Path) -> String {
    format!(
        "No PostgreSQL server was found. Install one (14 MB to download) in \"{}\"? [y/N] ",
        cache.display()
    )
}

/// The environment variable that names the directory of the installed server and the clusters.
pub const CACHE_OVERRIDE: &str = "PGSH_CACHE_DIR";

/// Where the installed server and the clusters are: where [`CACHE_OVERRIDE`] says, or else in the user's
/// cache. Root's are where the account that runs the server can reach them.
///
/// # Errors
/// The user has no home, or the variable holds no absolute path.
pub fn cache_directory() -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os(CACHE_OVERRIDE).filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        // Where we are may change.
        return match named.is_absolute() {
            true => Ok(named),
            false => Err(Error::new(format!(
                "{CACHE_OVERRIDE} is \"{}\", which is not an absolute path",
                named.display()
            ))),
        };
    }
    if rustix::process::geteuid().is_root() {
        let system = if cfg!(target_os = "macos") { "/Library/Caches" } else { "/var/cache" };
        return Ok(Path::new(system).join("pgsh"));
    }
    let caches = dirs::cache_dir().ok_or_else(|| {
        Error::new(format!(
            "there is no home directory to keep a scratch server in\n\
                 HINT:  {CACHE_OVERRIDE}=DIRECTORY names another."
        ))
    })?;
    let caches = caches.join("pgsh");
    // A home may be given relative to where we are, which no server is.
    Ok(std::path::absolute(&caches).unwrap_or(caches))
}

impl Scratch {
    fn open(
        server: Server,
        cache: &Path,
        wanted: Database<'_>,
    ) -> Result<(Scratch, String), Error> {
        let (lock, leased) = LeasedDatabase::enter(server, cache)?;
        let own = leased.own_name();
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
            ("host", leased.cluster().socket().to_string_lossy().into_owned()),
            ("port", cluster::PORT.to_owned()),
            ("user", user),
            ("dbname", database.clone()),
        ];
        let none = none.map(|(keyword, value)| (keyword, value.to_owned()));
        let settings = none.into_iter().chain(given).collect();
        let scratch = Scratch { settings, leased: Arc::new(leased) };
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
        self.leased.cluster()
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

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done here; the next session cleans up.
        let _ = self.end();
    }
}
