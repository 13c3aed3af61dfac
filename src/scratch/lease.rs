//! The leases on a cluster: a file for each session that uses it, locked while the session lives.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::lock::Lock;

/// One session's lease.
#[derive(Debug)]
pub(super) struct Lease {
    name: String,
    _lock: Lock,
}

/// The directory of the leases on the cluster in `place`.
pub(super) fn directory(place: &Path) -> PathBuf {
    place.join("leases")
}

/// Removes the file of a lease that ended.
pub(super) fn remove(place: &Path, name: &str) {
    // If it stays, the next session takes it for that of a dead one.
    let _ = fs::remove_file(directory(place).join(name));
}

/// The database that a lease's session uses, if it told.
pub(super) fn database(place: &Path, name: &str) -> String {
    fs::read_to_string(directory(place).join(name)).unwrap_or_default()
}

impl Lease {
    /// A new lease: `PID_N`. A dead process with the same ID may have left its own behind.
    ///
    /// # Errors
    /// The file can't be created or locked.
    pub fn take(place: &Path) -> Result<Lease, Error> {
        let mut number = 1;
        loop {
            let name = format!("{}_{number}", std::process::id());
            let path = directory(place).join(&name);
            if !path.exists()
                && let Some(lock) = Lock::try_exclusive(&path)?
            {
                return Ok(Lease { name, _lock: lock });
            }
            number += 1;
        }
    }

    /// Tells the others which database it comes with.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn tell_database(&self, place: &Path, database: &str) -> Result<(), Error> {
        let path = directory(place).join(&self.name);
        fs::write(&path, database).map_err(|e| Error::at("could not write", &path, e))
    }

    /// Its name, which is part of the name of the session's database.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The leases of other sessions.
#[derive(Default)]
pub(super) struct Leases {
    /// The databases of those in use, as far as they told.
    pub live: Vec<String>,
    /// Those whose sessions are dead.
    pub dead: Vec<String>,
}

impl Leases {
    /// The leases of everyone else on the cluster in `place`.
    ///
    /// # Errors
    /// They can't be read.
    pub fn of_others(place: &Path, ours: Option<&Lease>) -> Result<Leases, Error> {
        let mut leases = Leases::default();
        let directory = directory(place);
        let entries =
            fs::read_dir(&directory).map_err(|e| Error::at("could not read", &directory, e))?;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if ours.is_some_and(|ours| ours.name == name) {
                continue;
            }
            match Lock::is_held(&entry.path())? {
                false => leases.dead.push(name),
                true => leases.live.push(database(place, &name)),
            }
        }
        Ok(leases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leases_of_dead_sessions_are_told_from_live_ones() {
        let place = tempfile::tempdir().expect("a directory");
        fs::create_dir(place.path().join("leases")).expect("a directory");
        let first = Lease::take(place.path()).expect("a lease");
        let second = Lease::take(place.path()).expect("a lease");
        assert_ne!(first.name, second.name);
        let path = place.path().join("leases").join(&first.name);
        assert!(Lock::try_exclusive(&path).expect("no error").is_none());
        drop(first);
        assert!(Lock::try_exclusive(&path).expect("no error").is_some());
        assert_ne!(Lease::take(place.path()).expect("a lease").name, second.name);
    }
}
