//! Files of lines that several shells append to at once.
//!
//! Each change is made under a lock, and a line is appended by one write, so a killed shell loses
//! nothing that it had added. Such files are their owner's alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::FlockOperation;

/// Creates the folder of a file if it is missing, for its owner alone.
pub fn create_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// Opens the file for reading and appending, readable by its owner alone, and locks it. Another
/// shell may put a shortened file in its place meanwhile: then that one is opened.
fn open_locked(path: &Path) -> io::Result<File> {
    loop {
        let file =
            OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Ok(file);
        }
        rustix::fs::flock(&file, FlockOperation::LockExclusive)?;
        if meta.mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        match fs::metadata(path) {
            Ok(now) if (now.dev(), now.ino()) == (meta.dev(), meta.ino()) => return Ok(file),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

/// A file that is locked, and its text.
pub struct Locked<'a> {
    path: &'a Path,
    text: Vec<u8>,
    /// It is locked while it is open.
    _file: File,
}

impl<'a> Locked<'a> {
    /// Locks and reads a file, which is created if it is missing; `None` if it is no regular file,
    /// from which there is nothing to read.
    pub fn read(path: &'a Path) -> io::Result<Option<Locked<'a>>> {
        let mut file = open_locked(path)?;
        if !file.metadata()?.is_file() {
            return Ok(None);
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        Ok(Some(Locked { path, text, _file: file }))
    }

    /// Its lines, empty ones left out.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
    }

    /// Puts a file with these lines in its place (or where it links to).
    pub fn replace<'l>(&self, lines: impl Iterator<Item = &'l [u8]>) -> io::Result<()> {
        let path = fs::canonicalize(self.path)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        let mut text = Vec::new();
        for line in lines {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        new.write_all(&text)?;
        new.persist(&path).map_err(|e| e.error)?;
        Ok(())
    }
}

/// Appends a line, its end included.
pub fn append(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = open_locked(path)?;
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.read_at(&mut last, length - 1)?;
    }
    if last == [b'\n'] {
        return file.write_all(line);
    }
    // A line that somebody could not finish must not swallow this one.
    file.write_all(&[b"\n", line].concat())
}
