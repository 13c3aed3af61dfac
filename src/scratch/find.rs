//! Finding a PostgreSQL server's programs on this machine, and the account to run them under.
//!
//! Owns the places looked at and their order. Starts nothing but `postgres --version`.

use std::fmt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::account;

use super::{Error, install, trust};

/// The environment variable that names a server's `bin` directory and ends every search.
pub const OVERRIDE: &str = "PGSH_SERVER_BIN";

/// What is run of a server.
const PROGRAMS: [&str; 2] = ["postgres", "initdb"];

/// The oldest major version a scratch cluster can be run with.
const OLDEST: u32 = 10;

/// An account of the operating system: the server refuses to run as root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its user ID.
    pub uid: u32,
    /// Its group ID.
    pub gid: u32,
}

impl Account {
    /// The account to run a server under when this process is root's; `None` is: our own.
    ///
    /// # Errors
    /// We are root, and there is neither a `postgres` nor a `nobody`.
    pub fn for_server() -> Result<Option<Account>, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| {
                let (uid, gid) = account::ids(name)?;
                Some(Some(Account { name: name.to_owned(), uid, gid }))
            })
            .ok_or_else(|| {
                Error::new(
                    "the server can't run as root, and there is no user \"postgres\" or \"nobody\"",
                )
            })
    }
}

/// A server's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The directory of `postgres` and `initdb`.
    pub bin: PathBuf,
    /// As the server says it: `18.6`, `19beta1`.
    pub version: String,
    /// The major version.
    pub major: u32,
    /// The account it runs under, if that isn't ours.
    pub account: Option<Account>,
}

impl Server {
    /// The server in the directory `bin`, if there is one that runs and that nobody else has put there.
    pub fn at(bin: &Path, account: &Option<Account>) -> Option<Server> {
        let mut server = Server {
            bin: bin.to_owned(),
            version: String::new(),
            major: 0,
            account: account.clone(),
        };
        let here = bin.is_absolute() && server.bin.join("initdb").is_file();
        if !here || trust::objection(bin, &PROGRAMS, account.as_ref()).is_some() {
            return None;
        }
        let said =
            server.command("postgres").arg("--version").stderr(Stdio::null()).output().ok()?;
        server.version = parse_version(&String::from_utf8_lossy(&said.stdout))?;
        let digits =
            server.version.find(|c: char| !c.is_ascii_digit()).unwrap_or(server.version.len());
        server.major = server.version[..digits].parse().ok()?;
        (server.major >= OLDEST).then_some(server)
    }

    /// A command that runs `program` of this server under its account. Of the environment it has what
    /// it needs and no more: whoever may look at a process of that account sees no secret, and
    /// nothing leads it astray.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.stdin(Stdio::null()).env_clear();
        // Where `COPY ... PROGRAM` finds programs; the cluster's time zone; a build's own libraries.
        let kept = ["PATH", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
        let kept = if self.account.is_some() { &kept[..2] } else { &kept };
        for name in kept {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid).current_dir("/");
        }
        command
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {} ({})", self.version, self.bin.display())
    }
}

/// `18.6` of `postgres (PostgreSQL) 18.6 (Debian 18.6-1)`.
fn parse_version(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("(PostgreSQL) ")?;
    rest.split_whitespace().next().map(str::to_owned)
}

/// The first server of this machine: the override's, one on `PATH`, one where packages put it,
/// one installed earlier under `cache`.
///
/// # Errors
/// The override names a directory without a server; there is no account to run it under.
pub fn find(cache: &Path) -> Result<Option<Server>, Error> {
    let account = Account::for_server()?;
    if let Some(bin) = std::env::var_os(OVERRIDE).filter(|bin| !bin.is_empty()) {
        let bin = std::path::absolute(&bin).unwrap_or_else(|_| PathBuf::from(&bin));
        return Server::at(&bin, &account).map(Some).ok_or_else(|| {
            if let Some(objection) = trust::objection(&bin, &PROGRAMS, account.as_ref()) {
                return Error::new(format!("{OVERRIDE} is not used: {objection}"));
            }
            let whom =
                account.map(|a| format!(" that user \"{}\" could run", a.name)).unwrap_or_default();
            Error::new(format!(
                "{OVERRIDE} is \"{}\", but there is no server{whom} in it",
                bin.display()
            ))
        });
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::split_paths(&path)
        .chain(package_places())
        .chain([install::bin(cache)])
        .find_map(|bin| Server::at(&bin, &account)))
}

/// Where packages put servers, the newest version of each kind first.
fn package_places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    places.extend(versions("/usr/lib/postgresql", "", "bin")); // Debian, Ubuntu
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        places.extend(versions(prefix, "postgresql@", "bin"));
        places.push(Path::new(prefix).join("postgresql/bin"));
    }
    places.extend(versions("/Applications/Postgres.app/Contents/Versions", "", "bin"));
    places.extend(versions("/usr", "pgsql-", "bin")); // Red Hat and its kin
    places
}

/// The directories `parent/prefixNUMBER/child`, the highest number first.
fn versions(parent: &str, prefix: &str, child: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join(child)))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_texts() {
        let check =
            |said, version: Option<&str>| assert_eq!(parse_version(said).as_deref(), version);
        check("postgres (PostgreSQL) 18.6\n", Some("18.6"));
        check("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", Some("15.14"));
        check("postgres (PostgreSQL) 19beta1\n", Some("19beta1"));
        check("something else", None);
    }

    #[test]
    fn newest_version_first() {
        let place = tempfile::tempdir().expect("a directory");
        for name in ["pg-9", "pg-18", "pg-17", "pg-x", "other"] {
            std::fs::create_dir(place.path().join(name)).expect("a directory");
        }
        let found = versions(place.path().to_str().expect("text"), "pg-", "bin");
        let names: Vec<_> =
            found.iter().map(|p| p.parent().and_then(Path::file_name).expect("a name")).collect();
        assert_eq!(names, ["pg-18", "pg-17", "pg-9"]);
    }
}
