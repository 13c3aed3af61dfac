//! The accounts of the operating system, from wherever it keeps them: names, IDs, homes.

use nix::unistd::User;
use std::path::PathBuf;

/// The name of the account with this ID.
pub fn name(uid: u32) -> Option<Vec<u8>> {
    let user = User::from_uid(uid.into()).ok().flatten()?;
    Some(user.name.into_bytes())
}

/// The user and group IDs of the account with this name.
pub fn ids(name: &str) -> Option<(u32, u32)> {
    let user = User::from_name(name).ok().flatten()?;
    Some((user.uid.as_raw(), user.gid.as_raw()))
}

/// The home of the account with this name.
pub fn home(name: &str) -> Option<PathBuf> {
    Some(User::from_name(name).ok().flatten()?.dir)
}
