//! Where a base backup's tablespaces go: elsewhere than where the server has them.

use super::failure::{Failure, FailureKind};
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::server_tools::Removal;
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A tablespace that is written elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    from: String,
    to: PathBuf,
}

impl Mapping {
    /// As `pg_basebackup` takes it.
    pub fn argument(&self) -> OsString {
        let mut argument = b"--tablespace-mapping=".to_vec();
        let paths = [self.from.as_bytes(), self.to.as_os_str().as_bytes()];
        let escaped = paths
            .map(|path| path.split(|byte| *byte == b'=').collect::<Vec<_>>().join(&b"\\="[..]));
        argument.extend(escaped.join(&b'='));
        OsString::from_vec(argument)
    }

    /// Makes the directory that it goes to, which is removed unless it is kept.
    ///
    /// # Errors
    /// It can't be made: another backup may have made it meanwhile, which is not to be removed.
    pub fn make_directory(&self) -> Result<Removal, Failure> {
        let parents = self.to.parent().map_or(Ok(()), std::fs::create_dir_all);
        parents.and_then(|()| DirBuilder::new().mode(0o700).create(&self.to)).map_err(|error| {
            let reason = crate::session::error_text(&error);
            let text = format!("could not make \"{}\": {reason}", self.to.display());
            Failure::new(FailureKind::Place, text)
        })?;
        Ok(Removal::of(&self.to))
    }
}

/// Where each tablespace goes, of those that the server has (their names and paths).
///
/// # Errors
/// One has no place, or none that is free.
pub fn mappings(
    known: &[(String, String)],
    wanted: &[(Vec<u8>, Vec<u8>)],
    place: &Path,
) -> Result<Vec<Mapping>, Failure> {
    let is_meant = |(name, location): &(String, String), wanted: &[u8]| {
        name.as_bytes() == wanted || location.as_bytes() == wanted
    };
    for (wanted, _) in wanted {
        if !known.iter().any(|one| is_meant(one, wanted)) {
            let name = String::from_utf8_lossy(wanted);
            let text = format!("the server has no tablespace \"{name}\" outside of its directory");
            return Err(Failure::new(FailureKind::Refused, text));
        }
    }
    let to = |one: &(String, String)| {
        wanted.iter().find(|(wanted, _)| is_meant(one, wanted)).map(|(_, path)| absolute(path))
    };
    let left: Vec<_> = known.iter().filter(|one| to(one).is_none()).collect();
    if !left.is_empty() {
        let names: Vec<_> = left.iter().map(|(name, at)| format!("{name} ({at})")).collect();
        let names = names.join(", ");
        let text = format!(
            "a plain backup writes tablespaces to the same paths as the server has: {names}"
        );
        let hint = "\"tablespace NAME=PATH\" says where one goes; \"tar\" keeps each in a file \
                    beside the others.";
        return Err(Failure::new(FailureKind::Refused, text).with_hint(hint));
    }
    let place = std::path::absolute(place).unwrap_or_else(|_| place.to_owned());
    let mut found: Vec<Mapping> = Vec::new();
    for (one, to) in known.iter().filter_map(|one| to(one).map(|to| (one, to))) {
        if let Some(why) = objection(&to, &place, &found) {
            let text = format!("\"{}\", for tablespace {}, {why}", to.display(), one.0);
            return Err(Failure::new(FailureKind::Place, text));
        }
        found.push(Mapping { from: one.1.clone(), to });
    }
    Ok(found)
}

fn absolute(path: &[u8]) -> PathBuf {
    let path = expand_tilde(path);
    let path = Path::new(bytes_to_os(&path));
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Why nothing can be written there, if so.
fn objection(to: &Path, place: &Path, others: &[Mapping]) -> Option<&'static str> {
    let within = |a: &Path, b: &Path| a.starts_with(b) || b.starts_with(a);
    match () {
        () if to.symlink_metadata().is_ok() => Some("is there already"),
        () if within(to, place) => Some("is within the backup's own directory, or holds it"),
        () if others.iter().any(|other| within(to, &other.to)) => Some("is for two tablespaces"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_tablespaces_go() {
        let home = tempfile::tempdir().expect("a directory");
        let there = home.path().to_str().expect("a path");
        let inside = format!("{there}/base/fast");
        let place = home.path().join("base");
        let known = [("fast".to_owned(), "/srv/fa=st".to_owned())];
        let two = [known[0].clone(), ("slow".to_owned(), "/srv/slow".to_owned())];
        let bytes = |(a, b): &(&str, &str)| (a.as_bytes().to_vec(), b.as_bytes().to_vec());
        for (known, wanted, expected) in [
            (&known[..], &[][..], "same paths as the server has: fast (/srv/fa=st)"),
            (&known, &[("none", "/x")], "no tablespace \"none\""),
            (&known, &[("fast", there)], "is there already"),
            (&known, &[("fast", &inside)], "within the backup's own directory"),
            (&two, &[("fast", "/n/a"), ("slow", "/n/a/b")], "is for two tablespaces"),
            (&two, &[("fast", "/n/a")], "same paths as the server has: slow (/srv/slow)"),
        ] {
            let wanted: Vec<_> = wanted.iter().map(bytes).collect();
            let told = mappings(known, &wanted, &place).expect_err(expected);
            let told = &told.messages()[0].text;
            assert!(told.contains(expected), "{told}");
        }
        for name in ["fast", "/srv/fa=st"] {
            let found = mappings(&known, &[bytes(&(name, "/new/f=g"))], &place).expect("a mapping");
            let argument = found[0].argument();
            assert_eq!(argument, "--tablespace-mapping=/srv/fa\\=st=/new/f\\=g");
        }
        // What another backup has made meanwhile stays.
        let to = home.path().join("a/b");
        let path = to.to_str().expect("a path");
        let found = mappings(&known, &[bytes(&("fast", path))], &place).expect("a mapping");
        let made = found[0].make_directory().expect("a directory");
        let told = found[0].make_directory().expect_err("is there");
        assert!(told.messages()[0].text.contains("exists"));
        assert!(to.is_dir());
        drop(made);
        assert!(!to.exists());
    }
}
