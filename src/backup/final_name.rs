//! Where a backup is written: in a directory of its own beside its place, from where it gets its name when
//! it is whole. Until then nobody sees it, and if it comes to nothing, nothing stays.

use super::request::Existing;
use crate::server_tools::Removal;
use crate::session::error_text;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What makes a directory one that an earlier backup left: `pg_dump`'s, `pg_basebackup`'s.
const MARKS: [&str; 5] = ["toc.dat", "backup_manifest", "backup_label", "base.tar", "base.tar.gz"];
/// What a server has in its data directory while it runs.
const RUNNING: &str = "postmaster.pid";

/// A backup being written.
#[derive(Debug)]
pub struct Unfinished {
    place: PathBuf,
    existing: Existing,
    directory: Removal,
    file: PathBuf,
}

impl Unfinished {
    /// Prepares to write a backup that is to be at `place`.
    ///
    /// # Errors
    /// It is there already, there is no such directory, or nothing can be written there.
    pub fn new(place: &Path, existing: Existing) -> Result<Unfinished, String> {
        let place = std::path::absolute(place).map_err(|error| could_not("find", place, &error))?;
        let Some(name) = place.file_name() else {
            return Err(format!("\"{}\" is no name for a backup", place.display()));
        };
        check_existing(&place, existing)?;
        let parent = parent(&place);
        let mut builder = tempfile::Builder::new();
        let builder =
            builder.prefix(".pgsh-unfinished-").permissions(Permissions::from_mode(0o700));
        let directory =
            builder.tempdir_in(parent).map_err(|error| could_not("write into", parent, &error))?;
        let file = directory.path().join(name);
        let directory = Removal::of(&directory.keep());
        Ok(Unfinished { place, existing, directory, file })
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// Where it is to be.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// It is whole: it is forced to disk and gets its name.
    ///
    /// # Errors
    /// It can't be; then it is gone.
    pub fn finish(self) -> Result<(), String> {
        sync(&self.file).map_err(|error| could_not("write", &self.place, &error))?;
        self.rename().map_err(|error| could_not("write", &self.place, &error))?;
        sync(parent(&self.place)).map_err(|error| could_not("write", &self.place, &error))
    }

    fn rename(&self) -> io::Result<()> {
        match self.existing {
            Existing::Refused => rename_to_free(&self.file, &self.place),
            Existing::Overwritten => {
                let old = self.directory.path().join(".old");
                let is_file =
                    |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
                let replaces = is_file(&self.file) && is_file(&self.place);
                // A file takes the place of another at once; a directory can't.
                let moved = !replaces && fs::rename(&self.place, &old).is_ok();
                fs::rename(&self.file, &self.place).inspect_err(|_| {
                    if moved {
                        let _ = fs::rename(&old, &self.place);
                    }
                })
            }
        }
    }
}

/// How many bytes a file or all files of a directory have.
pub fn size(path: &Path) -> u64 {
    let Ok(found) = fs::symlink_metadata(path) else { return 0 };
    if !found.is_dir() {
        return found.len();
    }
    fs::read_dir(path).into_iter().flatten().flatten().map(|entry| size(&entry.path())).sum()
}

/// How many bytes can still be written beside a place.
pub fn free_space(place: &Path) -> Option<u64> {
    let place = std::path::absolute(place).ok()?;
    let found = rustix::fs::statvfs(parent(&place)).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

/// Refuses to replace what is there, unless that was said and it is a backup.
fn check_existing(place: &Path, existing: Existing) -> Result<(), String> {
    let shown = place.display();
    let Ok(found) = fs::symlink_metadata(place) else { return Ok(()) };
    if existing == Existing::Refused {
        return Err(format!("\"{shown}\" is there already; \"overwrite\" would replace it"));
    }
    let has = |name: &&str| place.join(name).exists();
    if found.is_file() {
        return Ok(());
    }
    if !found.is_dir() {
        return Err(format!("\"{shown}\" is no plain file or directory, and is not replaced"));
    }
    if has(&RUNNING) {
        return Err(format!("\"{shown}\" is the data directory of a server, and is not replaced"));
    }
    let is_empty = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty || MARKS.iter().any(has) {
        return Ok(());
    }
    Err(format!("\"{shown}\" is a directory that holds no backup, and is not replaced"))
}

fn parent(place: &Path) -> &Path {
    place.parent().unwrap_or(Path::new("/"))
}

/// Forces a file to disk; of a directory its own entries, for the programs see to what is in it.
fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Renames, unless there is something by that name.
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
        renamed => return renamed.map_err(io::Error::from),
    }
    // Not every file system can do both at once.
    if fs::symlink_metadata(to).is_ok() {
        return Err(Errno::EXIST.into());
    }
    fs::rename(from, to)
}

fn could_not(what: &str, path: &Path, error: &io::Error) -> String {
    let reason = error_text(error);
    format!("could not {what} \"{}\": {reason}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(place: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(place)
            .expect("a directory")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_name_when_whole_and_nothing_before() {
        let home = tempfile::tempdir().expect("a directory");
        let place = home.path().join("x.dump");
        let begun = Unfinished::new(&place, Existing::Refused).expect("a place");
        fs::write(begun.path(), "half").expect("a file");
        assert!(!place.exists());
        drop(begun);
        assert_eq!(entries(home.path()), [""; 0]);
        let begun = Unfinished::new(&place, Existing::Refused).expect("a place");
        fs::write(begun.path(), "whole").expect("a file");
        begun.finish().expect("its name");
        assert_eq!(entries(home.path()), ["x.dump"]);
        assert_eq!(size(home.path()), 5);
    }

    #[test]
    fn what_is_there_is_not_replaced_by_accident() {
        let home = tempfile::tempdir().expect("a directory");
        let place = home.path().join("x.dump");
        let begun = Unfinished::new(&place, Existing::Refused).expect("a place");
        fs::write(begun.path(), "new").expect("a file");
        // Somebody else was faster.
        fs::write(&place, "old").expect("a file");
        assert!(begun.finish().expect_err("refused").contains("File exists"));
        assert_eq!(fs::read_to_string(&place).expect("a file"), "old");
        assert!(
            Unfinished::new(&place, Existing::Refused).expect_err("refused").contains("overwrite")
        );
        let begun = Unfinished::new(&place, Existing::Overwritten).expect("a place");
        fs::create_dir(begun.path()).expect("a directory");
        begun.finish().expect("its name");
        assert!(place.is_dir());
        assert_eq!(entries(home.path()), ["x.dump"]);
    }

    #[test]
    fn directories_that_are_no_backups_stay() {
        let home = tempfile::tempdir().expect("a directory");
        for (name, files, replaced) in [
            ("empty", &[][..], true),
            ("dump", &["toc.dat", "1.dat"], true),
            ("base", &["backup_manifest", "PG_VERSION"], true),
            ("running", &["backup_manifest", "postmaster.pid"], false),
            ("home", &["thesis.tex"], false),
        ] {
            let place = home.path().join(name);
            fs::create_dir(&place).expect("a directory");
            files.iter().for_each(|file| fs::write(place.join(file), "").expect("a file"));
            let begun = Unfinished::new(&place, Existing::Overwritten);
            assert_eq!(begun.is_ok(), replaced, "{name}: {begun:?}");
        }
        for wrong in ["none/x", "/"] {
            assert!(
                Unfinished::new(&home.path().join(wrong), Existing::Overwritten).is_err(),
                "{wrong}"
            );
        }
    }
}
