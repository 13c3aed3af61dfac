//! What settings are read from beside those given: the environment, service and password files, the
//! system's accounts.

use crate::account;
use crate::conninfo;
use crate::console::path::bytes_to_os;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Where the system-wide start-up file lies, and the service file if PGSYSCONFDIR does not say.
pub const SYSTEM_DIRECTORY: &str = "/etc/postgresql-common";

/// A variable of the environment as [`conninfo::resolve`] sees it: there is a home and a directory of
/// the system's settings also where the environment names none.
pub(super) fn environment(name: &str) -> Option<Vec<u8>> {
    let value = match name {
        conninfo::CHARMAP => return Some(crate::terminal::charmap()),
        "HOME" => dirs::home_dir().map(Into::into),
        "PGSYSCONFDIR" => std::env::var_os(name).or_else(|| Some(SYSTEM_DIRECTORY.into())),
        _ => std::env::var_os(name),
    };
    value.map(OsStringExt::into_vec)
}

/// The name of the user the process runs as. The environment is not believed.
pub(super) fn os_user() -> Result<Vec<u8>, conninfo::Error> {
    let id = rustix::process::geteuid().as_raw();
    account::name(id).ok_or_else(|| conninfo::Error::no_account(id))
}

/// The account whose socket this is, if it is neither root's, ours nor the server's.
pub(super) fn stranger(socket: &[u8]) -> Option<u32> {
    let owner_of = |path: &[u8]| {
        let metadata = std::fs::metadata(bytes_to_os(path)).ok()?;
        Some(metadata.uid())
    };
    let owner = owner_of(socket)?;
    let trusted = owner == 0
        || owner == rustix::process::geteuid().as_raw()
        || owner_of(b"/var/run/postgresql") == Some(owner)
        || account::name(owner).is_some_and(|name| name == b"postgres");
    (!trusted).then_some(owner)
}

/// Reads a service or password file; a password file that others may read is refused with a
/// warning.
pub(super) fn read_file(file: conninfo::File<'_>, warnings: &mut Vec<Vec<u8>>) -> Option<Vec<u8>> {
    let (name, secret) = match file {
        conninfo::File::Service(name) => (name, false),
        conninfo::File::Password(name) => (name, true),
        conninfo::File::Existing(path) => {
            return Path::new(bytes_to_os(path)).exists().then(Vec::new);
        }
        conninfo::File::Socket(path) => {
            let metadata = std::fs::metadata(bytes_to_os(path)).ok()?;
            return metadata.file_type().is_socket().then(Vec::new);
        }
    };
    let path = bytes_to_os(name);
    // What is refused anyhow is not waited for.
    let flags = if secret { rustix::fs::OFlags::NONBLOCK } else { rustix::fs::OFlags::empty() };
    let flags = flags.bits().cast_signed();
    let mut file = File::options().read(true).custom_flags(flags).open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if secret {
        let reason = if !metadata.is_file() {
            Some("is not a plain file")
        } else if metadata.permissions().mode() & 0o077 != 0 {
            Some("has group or world access; permissions should be u=rw (0600) or less")
        } else {
            None
        };
        if let Some(reason) = reason {
            warnings.push(
                [b"WARNING: password file \"", name, b"\" ", reason.as_bytes(), b"\n"].concat(),
            );
            return None;
        }
    }
    // Room enough: growing would leave copies of passwords behind.
    let mut text = Vec::with_capacity(usize::try_from(metadata.len()).ok()? + 1);
    // A directory is read as an empty file.
    let _ = file.read_to_end(&mut text);
    Some(text)
}
