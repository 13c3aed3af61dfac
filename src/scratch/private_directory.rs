//! Directories that belong to one account.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use super::error::Error;
use super::server_account::Account;

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
    let wrong = if found.is_symlink() {
        "is a symbolic link".to_owned()
    } else if !found.is_dir() {
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
    fn a_directory_others_write_to_is_refused() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("mine");
        private_directory(&path, None).expect("made");
        private_directory(&path, None).expect("found");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("permissions");
        assert!(private_directory(&path, None).is_err());
    }
}
