//! Files that nobody else can read, in a directory of their own: the password, and what has no variable.
//!
//! Where the system has a place of the user's own in memory (`XDG_RUNTIME_DIR`), no disk ever sees them.

use super::at_end::Removal;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A directory of private files, which is removed with them.
#[derive(Debug)]
pub(super) struct PrivateFiles {
    directory: Removal,
}

impl PrivateFiles {
    /// An empty one.
    pub fn new() -> io::Result<PrivateFiles> {
        let place = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let place = place.filter(|place| place.is_absolute() && place.is_dir());
        PrivateFiles::within(&place.unwrap_or_else(std::env::temp_dir))
    }

    fn within(place: &Path) -> io::Result<PrivateFiles> {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix("pgsh-").permissions(Permissions::from_mode(0o700));
        let directory = Removal::of(&builder.tempdir_in(place)?.keep());
        Ok(PrivateFiles { directory })
    }

    /// Writes a file; its path.
    pub fn write(&self, name: &str, text: &[u8]) -> io::Result<PathBuf> {
        let path = self.directory.path().join(name);
        let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(text)?;
        Ok(path)
    }
}

/// The password file that has this password for every server.
pub(super) fn password_file(password: &[u8]) -> Zeroizing<Vec<u8>> {
    // Room enough: growing would leave copies of the password behind.
    let mut text = Zeroizing::new(Vec::with_capacity(password.len() * 2 + 10));
    text.extend_from_slice(b"*:*:*:*:");
    for &byte in password {
        if matches!(byte, b':' | b'\\') {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text.push(b'\n');
    text
}

/// The service file that has these settings, under the name `pgsh`.
pub(super) fn service_file(settings: &[(&str, &[u8])]) -> Zeroizing<Vec<u8>> {
    let room =
        settings.iter().map(|(keyword, value)| keyword.len() + value.len() + 2).sum::<usize>();
    let mut text = Zeroizing::new(Vec::with_capacity(room + 8));
    text.extend_from_slice(b"[pgsh]\n");
    for (keyword, value) in settings {
        for part in [keyword.as_bytes(), b"=", value, b"\n"] {
            text.extend_from_slice(part);
        }
    }
    text
}

/// Whether a service file can hold the value: lines end at a newline, and lose blanks at their end.
pub(super) fn fits_service_file(value: &[u8]) -> bool {
    let blank = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
    !value.contains(&b'\n') && !value.contains(&0) && !blank(value.first()) && !blank(value.last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn nobody_else_reads_them_and_nothing_stays() {
        let place = tempfile::tempdir().expect("a directory");
        let files = PrivateFiles::within(place.path()).expect("private files");
        let path = files.write("password", b"x").expect("a file");
        let mode = |path: &Path| fs::metadata(path).expect("a file").mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().expect("a parent"))), (0o600, 0o700));
        drop(files);
        assert_eq!(fs::read_dir(place.path()).expect("a directory").count(), 0);
    }

    #[test]
    fn texts() {
        for password in [&b"plain"[..], b"a:b\\c", b" blank ", b"\xff"] {
            let text = password_file(password);
            let found = crate::conninfo::passfile::find(&text, [b"h", b"1", b"d", b"u"]);
            assert_eq!(found.as_deref(), Some(password));
        }
        let text = service_file(&[("keepalives", b"1"), ("sslpassword", b"a b")]);
        assert_eq!(&text[..], b"[pgsh]\nkeepalives=1\nsslpassword=a b\n");
        let values: [&[u8]; 5] = [b"a b", b"", b"a ", b"\ta", b"a\nb"];
        assert_eq!(values.map(fits_service_file), [true, true, false, false, false]);
    }
}
