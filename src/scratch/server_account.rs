//! The account that the server runs under.

use crate::account;

use super::error::Error;

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
    /// The account to run a server under when this process is root's; `None` is our own.
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
