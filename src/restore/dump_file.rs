//! A dump as it lies on the disk: a file or a directory, compressed or not.

use crate::archive::compression::Compression;
use crate::archive::kind::{self, Kind};
use crate::backup::{Failure, FailureKind};
use crate::session::error_text;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A dump, looked at.
#[derive(Clone, Debug)]
pub struct DumpFile {
    path: PathBuf,
    kind: Kind,
    compression: Option<Compression>,
    bytes: u64,
    read: Arc<AtomicU64>,
}

/// The names that the contents of a directory archive may have.
const CONTENTS: [&str; 4] = ["toc.dat", "toc.dat.gz", "toc.dat.lz4", "toc.dat.zst"];
/// What shows that a directory is a base backup.
const BASE_BACKUP: [&str; 7] = [
    "PG_VERSION",
    "backup_manifest",
    "backup_label",
    "base.tar",
    "base.tar.gz",
    "base.tar.lz4",
    "base.tar.zst",
];

impl DumpFile {
    /// Looks at what is there.
    ///
    /// # Errors
    /// It can't be read.
    pub fn open(path: &Path) -> Result<DumpFile, Failure> {
        let failed = |error: io::Error| {
            let text = format!("could not read \"{}\": {}", path.display(), error_text(&error));
            Failure::new(FailureKind::Place, text)
        };
        let found = fs::metadata(path).map_err(failed)?;
        if found.is_dir() {
            return Ok(DumpFile::directory(path));
        }
        if !found.is_file() {
            let text = format!("\"{}\" is neither a file nor a directory", path.display());
            return Err(Failure::new(FailureKind::Place, text));
        }
        let mut file = DumpFile {
            path: path.to_owned(),
            kind: Kind::Other,
            compression: None,
            bytes: found.len(),
            read: Arc::default(),
        };
        let mut head = head(&mut File::open(path).map_err(failed)?).map_err(failed)?;
        file.compression = Compression::of(&head);
        if file.is_readable() && file.compression.is_some() {
            head = file.reader().and_then(|mut reader| self::head(&mut reader)).map_err(failed)?;
        }
        if file.is_readable() {
            file.kind = kind::of(&head);
        }
        let is_contents =
            path.file_name().is_some_and(|name| CONTENTS.iter().any(|known| name == *known));
        match path.parent() {
            Some(parent) if is_contents && file.kind == Kind::DirectoryContents => {
                let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                Ok(DumpFile::directory(parent))
            }
            _ => Ok(file),
        }
    }

    fn directory(path: &Path) -> DumpFile {
        let has = |names: &[&str]| names.iter().any(|name| path.join(name).is_file());
        let kind = match () {
            () if has(&CONTENTS) => Kind::DirectoryContents,
            () if has(&BASE_BACKUP) => Kind::BaseBackupTar,
            () => Kind::Other,
        };
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let bytes =
            entries.filter_map(|entry| entry.metadata().ok()).map(|found| found.len()).sum();
        DumpFile { path: path.to_owned(), kind, compression: None, bytes, read: Arc::default() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What compressed the whole file.
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many of its bytes were read.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Whether `pg_restore` reads it.
    pub fn is_archive(&self) -> bool {
        matches!(self.kind, Kind::Custom(_) | Kind::Tar | Kind::DirectoryContents)
    }

    fn is_readable(&self) -> bool {
        !matches!(self.compression, Some(Compression::Xz | Compression::Bzip2))
    }

    /// Reads it, decompressed.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        self.read.store(0, Ordering::Relaxed);
        let counted = Counted { file: File::open(&self.path)?, read: Arc::clone(&self.read) };
        let file = BufReader::with_capacity(128 * 1024, counted);
        let unreadable = || io::Error::other("its compression is not read here");
        match self.compression {
            Some(method) => method.reader(Box::new(file)).ok_or_else(unreadable),
            None => Ok(Box::new(file)),
        }
    }
}

/// Counts what is read.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// The first bytes; fewer where a compressed file is cut short behind them.
fn head(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    match file.take(kind::ENOUGH as u64).read_to_end(&mut head) {
        Err(error) if head.is_empty() => Err(error),
        _ => Ok(head),
    }
}
