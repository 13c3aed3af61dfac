//! Locks held on open files, which the kernel releases when a process dies however it dies.

use std::fs::File;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::{Errno, retry_on_intr};

use super::error::Error;
use super::shutdown;

/// An exclusive lock; dropping it releases it.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Waits for the lock on the file at `path`, which is created when missing.
    ///
    /// # Errors
    /// The file can't be opened or locked, or a signal ended the wait.
    pub fn exclusive(path: &Path) -> Result<Lock, Error> {
        loop {
            if let Some(lock) = Lock::try_exclusive(path)? {
                return Ok(lock);
            }
            shutdown::check()?;
            std::thread::sleep(shutdown::PAUSE);
        }
    }

    /// As [`Lock::exclusive`], for one who tidies up: no signal ends the wait.
    ///
    /// # Errors
    /// The file can't be opened or locked.
    pub fn exclusive_uninterrupted(path: &Path) -> Result<Lock, Error> {
        let file = open(path)?;
        retry_on_intr(|| flock(&file, FlockOperation::LockExclusive))
            .map_err(|e| Error::at("could not lock", path, e.into()))?;
        Ok(Lock { file })
    }

    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// The file can't be opened or locked.
    pub fn try_exclusive(path: &Path) -> Result<Option<Lock>, Error> {
        let file = open(path)?;
        match retry_on_intr(|| flock(&file, FlockOperation::NonBlockingLockExclusive)) {
            Ok(()) => Ok(Some(Lock { file })),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(e) => Err(Error::at("could not lock", path, e.into())),
        }
    }

    /// Whether somebody holds the lock on the file at `path`. Those who ask don't take each other for a
    /// holder, and make no file.
    ///
    /// # Errors
    /// The file can't be opened or locked.
    pub fn is_held(path: &Path) -> Result<bool, Error> {
        let file = match File::open(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            opened => opened.map_err(|e| Error::at("could not open", path, e))?,
        };
        match retry_on_intr(|| flock(&file, FlockOperation::NonBlockingLockShared)) {
            Ok(()) => Ok(false),
            Err(Errno::WOULDBLOCK) => Ok(true),
            Err(e) => Err(Error::at("could not lock", path, e.into())),
        }
    }

    /// The locked file: a process that inherits it holds the lock for as long as it lives.
    pub fn into_file(self) -> File {
        self.file
    }

    /// The locked file once more: the lock lasts as long as any of them.
    ///
    /// # Errors
    /// There is no descriptor left.
    pub fn share(&self) -> std::io::Result<File> {
        self.file.try_clone()
    }
}

fn open(path: &Path) -> Result<File, Error> {
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|e| Error::at("could not open", path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_has_one_holder() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("lock");
        let first = Lock::exclusive(&path).expect("a lock");
        assert!(Lock::try_exclusive(&path).expect("no error").is_none());
        assert!(Lock::is_held(&path).expect("no error"));
        drop(first);
        assert!(!Lock::is_held(&path).expect("no error"));
        let missing = place.path().join("missing");
        assert!(!Lock::is_held(&missing).expect("no error") && !missing.exists());
        assert!(Lock::try_exclusive(&path).expect("no error").is_some());
    }
}
