//! Finding a PostgreSQL server's programs on this machine.
//!
//! Owns the places looked at and their order.

use std::path::{Path, PathBuf};

use super::error::Error;
pub use super::server::OVERRIDE;
use super::server::{PROGRAMS, Server};
use super::server_account::Account;
use super::{install, trust};
use crate::sort::sort_by;

/// The first server of this machine: the override's, one on `PATH`, one where packages put it,
/// one installed earlier under `cache`.
///
/// # Errors
/// The override names a directory without a server; there is no account to run it under.
pub fn find(cache: &Path) -> Result<Option<Server>, Error> {
    let account = Account::for_server()?;
    if let Some(server) = named(&account) {
        return server.map(Some);
    }
    Ok(places(cache).find_map(|bin| Server::at(&bin, &account)))
}

/// The server of this machine that takes what one of this major version has: of the same version, or
/// else the nearest newer one.
///
/// # Errors
/// As [`find`]'s.
pub fn for_major(cache: &Path, major: u32) -> Result<Option<Server>, Error> {
    let account = Account::for_server()?;
    if let Some(server) = named(&account) {
        return server.map(|server| Some(server).filter(|server| server.major >= major));
    }
    let found = places(cache).filter_map(|bin| Server::at(&bin, &account));
    Ok(found.filter(|server| server.major >= major).min_by_key(|server| server.major))
}

/// The server that the override names, if it is set.
fn named(account: &Option<Account>) -> Option<Result<Server, Error>> {
    let bin = std::env::var_os(OVERRIDE).filter(|bin| !bin.is_empty())?;
    let bin = std::path::absolute(&bin).unwrap_or_else(|_| PathBuf::from(&bin));
    Some(Server::at(&bin, account).ok_or_else(|| {
        if let Some(objection) = trust::objection(&bin, &PROGRAMS, account.as_ref()) {
            return Error::new(format!("{OVERRIDE} is not used: {objection}"));
        }
        let whom = account
            .as_ref()
            .map(|a| format!(" that user \"{}\" could run", a.name))
            .unwrap_or_default();
        Error::new(format!(
            "{OVERRIDE} is \"{}\", but there is no server{whom} in it",
            bin.display()
        ))
    }))
}

/// The directories to look in.
fn places(cache: &Path) -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    path.into_iter().chain(package_places()).chain([install::bin(cache)])
}

/// Where packages put servers, the newest version of each kind first.
pub fn package_places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    places.extend(versions("/usr/lib/postgresql", "", "bin")); // Debian, Ubuntu
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        places.extend(versions(prefix, "postgresql@", "bin"));
        places.push(Path::new(prefix).join("postgresql/bin"));
    }
    places.extend(versions("/Applications/Postgres.app/Contents/Versions", "", "bin"));
    places.extend(versions("/usr", "pgsql-", "bin")); // Red Hat and its kin
    places.extend(versions("/usr/lib", "postgresql", "bin")); // SUSE
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
    sort_by(&mut found, |a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
