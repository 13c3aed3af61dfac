//! A file that appears under its name only once it is whole: until then what was there stays.
//!
//! On Linux it has no name at all until then, so that nothing lies about whatever ends the shell;
//! elsewhere it has one beside the final one, which is removed unless the shell is killed.

use super::path::bytes_to_os;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Bytes gathered before a write.
const BUFFER: usize = 64 << 10;
/// What a file may be used for unless the user's mask says less.
const MODE: u32 = 0o666;
/// How many names are tried for a file that is to take the place of another.
const TRIES: u32 = 100;
/// In a directory with this bit files are replaced by their owner alone, or the directory's.
const STICKY: u32 = 0o1000;
/// What lies here are names of open files, which others write to as well.
const OPEN_FILES: [&str; 5] = ["/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/proc"];

/// A file on its way.
#[derive(Debug)]
pub struct WholeFile {
    writer: BufWriter<File>,
    /// Its name to be, links followed.
    path: PathBuf,
    /// Its name until then, where it can't be without one.
    temporary: Option<TempPath>,
    content: Content,
}

/// How much of what it is for is in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// No result.
    None,
    /// A result, of which the end is missing.
    Half,
    /// Nothing but whole results.
    Whole,
    /// A result whose end never came.
    Broken,
}

impl WholeFile {
    /// Begins a file; `None` for what can only be written to at once: what is no regular file, a file
    /// that is open already, and one that may be written to but not replaced.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn create(name: &[u8]) -> io::Result<Option<WholeFile>> {
        let name = std::path::absolute(bytes_to_os(name))?;
        if OPEN_FILES.iter().any(|place| name.starts_with(place)) {
            return Ok(None);
        }
        let former = match fs::metadata(&name) {
            Ok(former) if !former.is_file() && !former.is_dir() => return Ok(None),
            Ok(former) => {
                // Who may not write to the file may not replace it either.
                File::options().append(true).open(&name)?;
                Some(former)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let path = followed(name, former.is_some())?;
        let beside = open_beside(&path);
        let (file, temporary) = match (&former, beside) {
            (Some(former), _) if !may_replace(&path, former)? => return Ok(None),
            (Some(_), Err(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Ok(None);
            }
            (_, beside) => beside?,
        };
        if let Some(former) = former {
            take_after(&file, &former)?;
        }
        let writer = BufWriter::with_capacity(BUFFER, file);
        Ok(Some(WholeFile { writer, path, temporary, content: Content::None }))
    }

    /// The stream to write to.
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.writer
    }

    /// A result, or a part of one, is written from now on.
    pub fn begin(&mut self, is_first_part: bool) {
        self.content = match self.content {
            // Another one begins, but the last never ended.
            Content::Half if is_first_part => Content::Broken,
            Content::Broken => Content::Broken,
            Content::None | Content::Half | Content::Whole => Content::Half,
        };
    }

    /// The result was written whole.
    pub fn end(&mut self) {
        if self.content == Content::Half {
            self.content = Content::Whole;
        }
    }

    /// Whether there is anything in it.
    fn is_written(&self) -> io::Result<bool> {
        Ok(!self.writer.buffer().is_empty() || self.writer.get_ref().metadata()?.len() > 0)
    }

    /// Gives the file its name if all that was begun is whole, and forgets it otherwise.
    ///
    /// # Errors
    /// The rest could not be written, or the name not be given.
    pub fn close(self) -> io::Result<Closed> {
        match self.content {
            Content::None if !self.is_written()? => return Ok(Closed::Unused),
            Content::Half | Content::Broken => return Ok(Closed::Broken(self.path)),
            Content::None | Content::Whole => {}
        }
        let file = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        match self.temporary {
            Some(temporary) => temporary.persist(&self.path).map_err(|error| error.error)?,
            None => name_beside(&file, &self.path)?,
        }
        Ok(Closed::Named)
    }
}

/// Writes a whole file at once; what has a name but is no regular file is written as it is.
///
/// # Errors
/// What the operating system said.
pub fn write_whole(name: &[u8], text: &[u8]) -> io::Result<()> {
    let Some(mut file) = WholeFile::create(name)? else {
        return fs::write(bytes_to_os(name), text);
    };
    file.begin(true);
    file.writer().write_all(text)?;
    file.end();
    file.close().map(drop)
}

/// What became of the file.
#[derive(Debug, PartialEq, Eq)]
pub enum Closed {
    /// It has its name.
    Named,
    /// Nothing was written: what was there stays.
    Unused,
    /// What was there under this name stays: the new content is not whole.
    Broken(PathBuf),
}

/// The file that a name leads to, links followed.
fn followed(name: PathBuf, is_there: bool) -> io::Result<PathBuf> {
    if is_there {
        return fs::canonicalize(name);
    }
    match fs::read_link(&name) {
        // A link to what is not there yet.
        Ok(target) => Ok(directory(&name).join(target)),
        Err(_) => Ok(name),
    }
}

fn directory(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// Whether the user may put another file in the place of this one, as far as a sticky directory or a
/// mount has a say in that.
fn may_replace(path: &Path, former: &Metadata) -> io::Result<bool> {
    let user = rustix::process::geteuid().as_raw();
    Ok(!is_mount(path) && !keeps_from(user, &fs::metadata(directory(path))?, former))
}

/// Whether another file is mounted here, as containers do with single files.
#[cfg(target_os = "linux")]
fn is_mount(path: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let found = statx(CWD, path, AtFlags::empty(), StatxFlags::empty());
    found.is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(target_os = "linux"))]
fn is_mount(_path: &Path) -> bool {
    false
}

fn keeps_from(user: u32, directory: &Metadata, file: &Metadata) -> bool {
    directory.mode() & STICKY != 0 && ![0, directory.uid(), file.uid()].contains(&user)
}

/// The new file is to be used by whom the former one was for, as far as that can be had.
fn take_after(file: &File, former: &Metadata) -> io::Result<()> {
    let _ = std::os::unix::fs::fchown(file, Some(former.uid()), Some(former.gid()));
    file.set_permissions(Permissions::from_mode(former.mode() & 0o7777))
}

/// Opens a file in the directory of `path`, without a name if that is possible.
fn open_beside(path: &Path) -> io::Result<(File, Option<TempPath>)> {
    if let Some(file) = open_nameless(directory(path)) {
        return Ok((file, None));
    }
    let temporary = tempfile::Builder::new()
        .prefix(".pgsh-")
        .permissions(Permissions::from_mode(MODE))
        .tempfile_in(directory(path))
        .map_err(plain)?;
    let (file, path) = temporary.into_parts();
    Ok((file, Some(path)))
}

/// The error without the path that the crate puts into its text.
fn plain(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::from_raw_os_error(libc::ENOENT),
        io::ErrorKind::PermissionDenied => io::Error::from_raw_os_error(libc::EACCES),
        _ => error,
    }
}

/// A file without a name that can still be given one.
#[cfg(target_os = "linux")]
fn open_nameless(directory: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(directory, flags, Mode::from_raw_mode(MODE)).ok()?);
    // It will be named through here.
    own_name(&file).exists().then_some(file)
}

#[cfg(not(target_os = "linux"))]
fn open_nameless(_directory: &Path) -> Option<File> {
    None
}

/// The name that the system has for an open file.
fn own_name(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// Names a file that has none: beside `path`, and from there in the place of what `path` is. No step
/// leaves `path` without a file.
fn name_beside(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    let process = std::process::id();
    for number in 0..TRIES {
        let beside = directory(path).join(format!(".pgsh-{process}-{number}"));
        match linkat(CWD, own_name(file), CWD, &beside, AtFlags::SYMLINK_FOLLOW) {
            Ok(()) => {
                return fs::rename(&beside, path).inspect_err(|_| {
                    let _ = fs::remove_file(&beside);
                });
            }
            Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    /// What is in a directory: names, and what the files hold.
    fn content(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<String> = entries
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                format!("{name}={}", fs::read_to_string(path).unwrap_or_default())
            })
            .collect();
        found.sort();
        found
    }

    fn begun(path: &Path, text: &str) -> WholeFile {
        let mut file = WholeFile::create(path.as_os_str().as_bytes()).unwrap().unwrap();
        file.begin(true);
        file.writer().write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn only_what_is_whole_gets_the_name() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        let file = begun(&path, "half");
        assert!(matches!(file.close(), Ok(Closed::Broken(_))));
        assert_eq!(content(home.path()), [""; 0]);
        for text in ["whole", "another"] {
            let mut file = begun(&path, text);
            file.end();
            assert_eq!(file.close().unwrap(), Closed::Named);
            assert_eq!(content(home.path()), [format!("a={text}")]);
        }
        let mut file = begun(&path, "one ");
        file.end();
        file.begin(true);
        file.begin(true);
        file.end();
        assert!(matches!(file.close(), Ok(Closed::Broken(_))), "a result was left half");
        drop(begun(&path, "dropped"));
        let file = WholeFile::create(path.as_os_str().as_bytes()).unwrap().unwrap();
        assert_eq!(file.close().unwrap(), Closed::Unused);
        assert_eq!(content(home.path()), ["a=another"]);
    }

    #[test]
    fn links_and_permissions_stay() {
        let home = tempfile::tempdir().unwrap();
        let (path, link) = (home.path().join("a"), home.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a", &link).unwrap();
        let mut file = begun(&link, "new");
        file.end();
        file.close().unwrap();
        assert_eq!(content(home.path()), ["a=new", "link=new"]);
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
    }

    #[test]
    fn sticky_directories_keep_files() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        fs::write(&path, "old").unwrap();
        let file = fs::metadata(&path).unwrap();
        for (mode, user, is_kept) in [
            (0o777, file.uid() + 1, false),
            (0o1777, file.uid() + 1, true),
            (0o1777, file.uid(), false),
            (0o1777, 0, false),
        ] {
            fs::set_permissions(home.path(), Permissions::from_mode(mode)).unwrap();
            let directory = fs::metadata(home.path()).unwrap();
            assert_eq!(keeps_from(user, &directory, &file), is_kept, "{mode:o} {user}");
        }
    }

    #[test]
    fn what_is_no_file_is_left_alone() {
        assert!(WholeFile::create(b"/dev/null").unwrap().is_none());
        write_whole(b"/dev/null", b"x").unwrap();
        assert!(WholeFile::create(b"/").is_err());
        // A name of a file that is open already, as where standard output is a file.
        let open = tempfile::tempfile().unwrap();
        let name = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&open));
        assert!(WholeFile::create(name.as_bytes()).unwrap().is_none());
        let missing = WholeFile::create(b"/nowhere/at/all").unwrap_err();
        assert_eq!(missing.raw_os_error(), Some(libc::ENOENT));
    }
}
