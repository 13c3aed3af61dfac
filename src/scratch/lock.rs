//! Locks held on open files, which the kernel releases when a process dies however it dies, and
//! directories that belong to one account.

use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::{Errno, retry_on_intr};

use super::{Error, ending, find::Account};

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
            ending::check()?;
            std::thread::sleep(ending::PAUSE);
        }
    }

    /// As [`Lock::exclusive`], for one who tidies up: no signal ends the wait.
    ///
    /// # Errors
    /// The file can't be opened or locked.
    pub fn exclusive_whatever(path: &Path) -> Result<Lock, Error> {
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

/// Makes sure that `path` is a directory nobody but `owner` (by default ourselves) writes to.
/// Root's own directories can be passed through, since another account runs the server below them.
///
/// # Errors
/// It can't be made, or it is there and belongs to someone else.
pub fn private_directory(path: &Path, owner: Option<&Account>) -> Result<(), Error> {
    let ours = rustix::process::geteuid();
    let mode = if ours.is_root() && owner.is_none() { 0o711 } else { 0o700 };
    let failed = |e| Error::at("could not create directory", path, e);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    match fs::DirBuilder::new().mode(mode).create(path) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(e)),
        Err(_) => {}
        Ok(()) => {
            // The umask may have taken more than it should.
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed)?;
            if let Some(account) = owner {
                std::os::unix::fs::chown(path, Some(account.uid), Some(account.gid))
                    .map_err(failed)?;
            }
        }
    }
    let found = fs::symlink_metadata(path).map_err(failed)?;
    let uid = owner.map_or(ours.as_raw(), |account| account.uid);
    let wrong = if !found.is_dir() {
        "is not a directory".to_owned()
    } else if found.uid() != uid {
        format!("belongs to user {}, not to user {uid}", found.uid())
    } else if found.mode() & 0o022 != 0 {
        "can be written by others".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(format!("\"{}\" is not used: it {wrong}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_one_holder_s() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("lock");
        let first = Lock::exclusive(&path).expect("a lock");
        assert!(Lock::try_exclusive(&path).expect("no error").is_none());
        drop(first);
        assert!(Lock::try_exclusive(&path).expect("no error").is_some());
    }

    #[test]
    fn a_directory_others_write_to_is_refused() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("mine");
        private_directory(&path, None).expect("made");
        private_directory(&path, None).expect("found");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("permissions");
        assert!(private_directory(&path, None).is_err());
    }
}
