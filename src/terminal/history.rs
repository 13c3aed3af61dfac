//! The command history: in memory for the editor, in a file for the next shell.
//!
//! Owns the history file: one entry a line, a line break inside an entry written as `\x01`, which
//! is psql's format. Entries are appended one by one under a lock, so shells may share a file and
//! a killed one loses nothing. Never knows what an entry means, save that it may hold a secret:
//! then it is not kept.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;
use rustyline::history::{History as Navigation, SearchDirection, SearchResult};

use crate::secret::holds_secret;
use crate::variables::HistControl;

/// Stands for a line break inside an entry of the file.
const BREAK: u8 = 1;

/// The history of one shell.
#[derive(Debug, Default)]
pub struct History {
    entries: VecDeque<String>,
    /// Where entries are kept, if anywhere.
    file: Option<PathBuf>,
    /// The most entries to keep; `None` is no limit.
    limit: Option<usize>,
}

impl History {
    /// Reads the history kept in `file` (none need exist) and shortens it to the newest `limit`
    /// entries. The folder is created if it is missing, for its owner alone.
    ///
    /// # Errors
    /// When the file can be neither created nor read; the history is then kept in memory only.
    pub fn open(file: Option<PathBuf>, limit: Option<usize>) -> (History, io::Result<()>) {
        let mut history = History { limit, ..History::default() };
        let Some(path) = file else { return (history, Ok(())) };
        match history.load(&path) {
            Ok(()) => history.file = Some(path),
            Err(error) => return (history, Err(error)),
        }
        (history, Ok(()))
    }

    fn load(&mut self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut file = open_locked(path)?;
        if !file.metadata()?.is_file() {
            return Ok(());
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let too_many = match self.limit {
            Some(limit) => lines.clone().count().saturating_sub(limit),
            None => 0,
        };
        let kept = lines.skip(too_many);
        if too_many > 0 {
            replace(path, kept.clone())?;
        }
        self.entries = kept.map(decode).collect();
        Ok(())
    }

    /// Adds an entry in memory and to the file; `false` if it is empty, excluded by `control` or
    /// holds a secret.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn add_entry(&mut self, text: &[u8], control: HistControl) -> io::Result<bool> {
        let (ignore_space, ignore_duplicates) = match control {
            HistControl::None => (false, false),
            HistControl::IgnoreSpace => (true, false),
            HistControl::IgnoreDups => (false, true),
            HistControl::IgnoreBoth => (true, true),
        };
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let entry = String::from_utf8_lossy(text).into_owned();
        if text.is_empty()
            || self.limit == Some(0)
            || ignore_space && text.starts_with(b" ")
            || ignore_duplicates && self.entries.back() == Some(&entry)
            || holds_secret(text)
        {
            return Ok(false);
        }
        if self.limit == Some(self.entries.len()) {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        if let Some(path) = &self.file {
            let mut line: Vec<u8> =
                text.iter().map(|b| if *b == b'\n' { BREAK } else { *b }).collect();
            line.push(b'\n');
            open_locked(path)?.write_all(&line)?;
        }
        Ok(true)
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(String::as_str)
    }

    /// Changes how many entries are kept.
    pub fn set_limit(&mut self, limit: Option<usize>) {
        self.limit = limit;
        if let Some(limit) = limit {
            self.entries.drain(..self.entries.len().saturating_sub(limit));
        }
    }

    /// The nearest entry from `start` in a direction for which `test` gives a position.
    fn find(
        &self,
        start: usize,
        direction: SearchDirection,
        test: impl Fn(&str) -> Option<usize>,
    ) -> Option<SearchResult<'_>> {
        let at = |index: usize| {
            let entry = self.entries.get(index)?;
            test(entry).map(|pos| SearchResult { entry: Cow::Borrowed(entry), idx: index, pos })
        };
        match direction {
            SearchDirection::Reverse => {
                (0..self.entries.len().min(start.saturating_add(1))).rev().find_map(at)
            }
            SearchDirection::Forward => (start..self.entries.len()).find_map(at),
        }
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

/// Puts a file with these lines in the place of the one at `path` (or where it links to).
fn replace<'a>(path: &Path, lines: impl Iterator<Item = &'a [u8]>) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
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

/// An entry from its line in the file.
fn decode(line: &[u8]) -> String {
    let text: Vec<u8> = line.iter().map(|b| if *b == BREAK { b'\n' } else { *b }).collect();
    match String::from_utf8(text) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

/// What the editor needs to walk and search the history. [`History::add_entry`] adds entries, when a
/// statement is complete.
impl Navigation for History {
    fn get(&self, index: usize, _: SearchDirection) -> rustyline::Result<Option<SearchResult<'_>>> {
        let entry = self.entries.get(index);
        Ok(entry.map(|e| SearchResult { entry: Cow::Borrowed(e), idx: index, pos: 0 }))
    }

    fn add(&mut self, _: &str) -> rustyline::Result<bool> {
        Ok(false)
    }

    fn add_owned(&mut self, _: String) -> rustyline::Result<bool> {
        Ok(false)
    }

    fn len(&self) -> usize {
        self.entries.len()
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn set_max_len(&mut self, len: usize) -> rustyline::Result<()> {
        self.set_limit(Some(len));
        Ok(())
    }

    fn ignore_dups(&mut self, _: bool) -> rustyline::Result<()> {
        Ok(())
    }

    fn ignore_space(&mut self, _: bool) {}

    fn save(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn append(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn load(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> rustyline::Result<()> {
        self.entries.clear();
        Ok(())
    }

    fn search(
        &self,
        term: &str,
        start: usize,
        direction: SearchDirection,
    ) -> rustyline::Result<Option<SearchResult<'_>>> {
        if term.is_empty() {
            return Ok(None);
        }
        Ok(self.find(start, direction, |entry| entry.find(term)))
    }

    fn starts_with(
        &self,
        term: &str,
        start: usize,
        direction: SearchDirection,
    ) -> rustyline::Result<Option<SearchResult<'_>>> {
        if term.is_empty() {
            return Ok(None);
        }
        Ok(self.find(start, direction, |entry| entry.starts_with(term).then_some(term.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_survive_with_their_line_breaks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/history");
        let (mut first, opened) = History::open(Some(path.clone()), Some(500));
        opened.unwrap();
        assert!(first.add_entry(b"select 1,\n  2;\n", HistControl::None).unwrap());
        assert!(first.add_entry(b"\\d", HistControl::None).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"select 1,\x01  2;\n\\d\n");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let (second, opened) = History::open(Some(path), Some(500));
        opened.unwrap();
        assert_eq!(second.entries().collect::<Vec<_>>(), ["select 1,\n  2;", "\\d"]);
    }

    #[test]
    fn shells_that_share_a_file_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        std::thread::scope(|scope| {
            for shell in 0..4 {
                let path = path.clone();
                scope.spawn(move || {
                    for turn in 0..25 {
                        let (mut history, opened) = History::open(Some(path.clone()), Some(90));
                        opened.unwrap();
                        let text = format!("select {shell}, {turn};");
                        assert!(history.add_entry(text.as_bytes(), HistControl::None).unwrap());
                    }
                });
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() >= 90, "{}", text.lines().count());
        assert!(text.lines().all(|l| l.starts_with("select ") && l.ends_with(';')));
        let (history, _) = History::open(Some(path.clone()), Some(90));
        assert_eq!(history.entries().count(), 90);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn the_limit_keeps_the_newest() {
        let (mut history, _) = History::open(None, Some(2));
        for text in ["a", "b", "c"] {
            history.add_entry(text.as_bytes(), HistControl::None).unwrap();
        }
        assert_eq!(history.entries().collect::<Vec<_>>(), ["b", "c"]);
        history.set_limit(Some(0));
        assert!(!history.add_entry(b"d", HistControl::None).unwrap());
        assert_eq!(history.entries().count(), 0);
    }

    #[test]
    fn control() {
        let both = HistControl::IgnoreBoth;
        let (mut history, _) = History::open(None, None);
        for (text, control, kept) in [
            (" a", HistControl::None, true),
            (" a", HistControl::None, true),
            (" b", both, false),
            ("c", both, true),
            ("c", both, false),
            ("", HistControl::None, false),
        ] {
            assert_eq!(history.add_entry(text.as_bytes(), control).unwrap(), kept, "{text:?}");
        }
    }

    #[test]
    fn secrets_are_not_kept() {
        let (mut history, _) = History::open(None, None);
        for (text, kept) in [("alter role joe password 'x'", false), ("select password", true)] {
            assert_eq!(history.add_entry(text.as_bytes(), HistControl::None).unwrap(), kept);
        }
    }

    #[test]
    fn searching() {
        let (mut history, _) = History::open(None, None);
        for text in ["select 1", "\\d t", "select 2"] {
            history.add_entry(text.as_bytes(), HistControl::None).unwrap();
        }
        let find = |term, start, direction| {
            let hit = history.search(term, start, direction).unwrap();
            hit.map(|h| (h.idx, h.pos))
        };
        assert_eq!(find("lect", 2, SearchDirection::Reverse), Some((2, 2)));
        assert_eq!(find("lect", 1, SearchDirection::Reverse), Some((0, 2)));
        assert_eq!(find("2", 0, SearchDirection::Forward), Some((2, 7)));
        assert_eq!(find("x", 9, SearchDirection::Reverse), None);
        let hit = history.starts_with("sel", 1, SearchDirection::Reverse).unwrap().unwrap();
        assert_eq!((hit.idx, hit.pos), (0, 3));
    }
}
