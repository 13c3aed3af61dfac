//! The command history: in memory for the editor, in files for the next shell.
//!
//! Owns the history file, which is psql's in its form, and beside it the journal, which tells of
//! each entry how it went. Entries are appended one by one, so shells may share the files and a
//! killed one loses nothing. Never knows what an entry means, save that it may hold a secret: then
//! it is kept in this session alone.

mod file;
mod journal;
mod navigation;
pub mod usage;

use std::io;
use std::path::{Path, PathBuf};

use self::file::Locked;
use self::journal::Journal;
use crate::history::{Entries, Entry, Keeping, Run, merge, psql};
use crate::secret::holds_secret;
use crate::variables::HistControl;

/// HISTSIZE if nobody sets it.
const USUAL_SIZE: usize = 500;
/// How many entries the journal then keeps.
const JOURNAL_SIZE: usize = 100_000;

/// Where a history is kept, and how much of it.
#[derive(Debug, Default)]
pub struct Options {
    /// The history file, if entries are kept at all.
    pub file: Option<PathBuf>,
    /// A history file of psql's, which a new one begins with.
    pub origin: Option<PathBuf>,
    /// The most entries to keep (HISTSIZE); `None` is no limit.
    pub limit: Option<usize>,
    /// What is not kept (HISTCONTROL).
    pub control: HistControl,
}

/// The history of one shell.
#[derive(Debug, Default)]
pub struct History {
    entries: Entries,
    /// Where entries are kept, if anywhere.
    files: Option<Files>,
    /// The most entries to keep in the history file; `None` is no limit.
    limit: Option<usize>,
    /// What the next run is of.
    running: Running,
    /// How many entries came from psql's history file.
    imported: usize,
}

/// The files of a history.
#[derive(Debug)]
struct Files {
    history: PathBuf,
    /// None beside what is no regular file, and where it can't be read.
    journal: Option<Journal>,
}

/// What the next run is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Running {
    /// Of nothing that is kept.
    #[default]
    Nothing,
    /// Of the newest entry.
    Newest,
}

impl History {
    /// Reads the history kept in a file (none need exist) and shortens it to the newest entries.
    /// The folder is created if it is missing, for its owner alone.
    ///
    /// # Errors
    /// When a file can be neither created nor read. Without its file the history is kept in memory
    /// only, without its journal in its file alone.
    pub fn open(options: Options) -> (History, io::Result<()>) {
        let mut history = History { limit: options.limit, ..History::default() };
        let opened = history.load(options);
        (history, opened)
    }

    fn load(&mut self, options: Options) -> io::Result<()> {
        let Some(path) = options.file else { return Ok(()) };
        file::create_folder(&path)?;
        let is_new = !path.exists();
        let Some(file) = Locked::read(&path)? else {
            self.files = Some(Files { history: path, journal: None });
            return Ok(());
        };
        // Another shell may have begun it meanwhile.
        let is_new = is_new && file.lines().next().is_none();
        let texts = match options.origin.filter(|_| is_new) {
            Some(origin) => self.import(&file, &origin),
            None => self.read(&file)?,
        };
        drop(file);
        let journal = Journal::of(&path);
        let (known, journal, read) = match journal.read(self.most_entries()) {
            Ok(known) => (known, Some(journal), Ok(())),
            Err(error) => (Vec::new(), None, Err(error)),
        };
        let mut list = merge(known, &texts);
        if ignores_duplicates(options.control) {
            // The newer one tells how it went last.
            list.reverse();
            list.dedup_by(|older, newer| older.text() == newer.text());
            list.reverse();
        }
        self.entries = Entries::new(list);
        self.files = Some(Files { history: path, journal });
        read
    }

    /// The entries of the history file, which is shortened if it holds too many.
    fn read(&self, file: &Locked<'_>) -> io::Result<Vec<String>> {
        let newest = file.lines().skip(self.too_many(file.lines().count()));
        if self.too_many(file.lines().count()) > 0 {
            file.replace(newest.clone())?;
        }
        Ok(newest.map(psql::decode).collect())
    }

    /// Begins a new history file with the entries of psql's, those with secrets left out. One that
    /// can't be read is none.
    fn import(&mut self, file: &Locked<'_>, origin: &Path) -> Vec<String> {
        let text = std::fs::read(origin).unwrap_or_default();
        let lines: Vec<_> = psql::lines(&text).collect();
        let lines = lines[self.too_many(lines.len())..].iter().map(|line| &**line);
        let kept = lines.filter(|line| !holds_secret(psql::decode(line).as_bytes()));
        if file.replace(kept.clone()).is_err() {
            return Vec::new();
        }
        let texts: Vec<String> = kept.map(psql::decode).collect();
        self.imported = texts.len();
        texts
    }

    /// How many entries of the history file are too many.
    fn too_many(&self, count: usize) -> usize {
        self.limit.map_or(0, |limit| count.saturating_sub(limit))
    }

    /// How many entries are kept in memory and in the journal: many more than in the history file,
    /// unless the user has said how many.
    fn most_entries(&self) -> Option<usize> {
        match self.limit {
            Some(USUAL_SIZE) => Some(JOURNAL_SIZE),
            limit => limit,
        }
    }

    /// How many entries came from psql's history file just now.
    pub fn imported(&self) -> usize {
        self.imported
    }

    /// Adds an entry in memory and to the file; `false` if it is not kept in the file. It is not
    /// kept at all if it is empty or excluded by `control`; one that holds a secret is kept in this
    /// session alone.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn add_entry(&mut self, text: &[u8], control: HistControl) -> io::Result<bool> {
        self.running = Running::Nothing;
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        if !self.takes(text, control) {
            return Ok(false);
        }
        let entry = String::from_utf8_lossy(text);
        if ignores_duplicates(control)
            && self.entries.last_kept().is_some_and(|e| e.text() == entry)
        {
            if self.entries.last().is_some_and(|e| e.keeping() == Keeping::File) {
                self.running = Running::Newest;
            }
            return Ok(false);
        }
        let keeping = if holds_secret(text) { Keeping::Secret } else { Keeping::File };
        self.entries.push(Entry::new(entry, keeping));
        self.running = Running::Newest;
        self.shorten();
        match &self.files {
            Some(files) if keeping == Keeping::File => {
                file::append(&files.history, &psql::encode(text))?;
            }
            _ => {}
        }
        Ok(keeping == Keeping::File)
    }

    /// Adds what was given up before it was whole; it can be recalled in this session.
    pub fn add_abandoned(&mut self, text: &[u8], control: HistControl) {
        self.running = Running::Nothing;
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let entry = String::from_utf8_lossy(text);
        if self.takes(text, control) && self.entries.last().is_none_or(|e| e.text() != entry) {
            self.entries.push(Entry::new(entry, Keeping::Abandoned));
            self.shorten();
        }
    }

    /// Whether such a text is kept for a while at least.
    fn takes(&self, text: &[u8], control: HistControl) -> bool {
        let ignores_space = matches!(control, HistControl::IgnoreSpace | HistControl::IgnoreBoth);
        !text.is_empty() && self.limit != Some(0) && !(ignores_space && text.starts_with(b" "))
    }

    /// Tells how the entry that was added last went, and where in it the server found an error.
    ///
    /// # Errors
    /// When the journal can't be written.
    pub fn end_run(&mut self, run: Run, error_at: Option<usize>) -> io::Result<()> {
        if std::mem::take(&mut self.running) == Running::Nothing {
            return Ok(());
        }
        let journal = self.files.as_ref().and_then(|files| files.journal.as_ref());
        let entry = self.entries.last().filter(|entry| entry.keeping() == Keeping::File);
        let written = match (journal, entry) {
            (Some(journal), Some(entry)) => journal.add(entry.text(), &run),
            _ => Ok(()),
        };
        self.entries.set_last_run(run, error_at);
        written
    }

    /// All entries, the newest last, also those that are kept in this session alone.
    pub fn entries(&self) -> &Entries {
        &self.entries
    }

    /// The texts that the history file keeps, the newest last.
    pub fn kept_texts(&self) -> impl Iterator<Item = &str> {
        let kept = || self.entries.iter().filter(|entry| entry.keeping() == Keeping::File);
        kept().skip(self.too_many(kept().count())).map(Entry::text)
    }

    /// Changes how many entries are kept.
    pub fn set_limit(&mut self, limit: Option<usize>) {
        self.limit = limit;
        self.shorten();
    }

    /// Forgets the oldest entries once there are too many; of a great many not at each new one.
    fn shorten(&mut self) {
        if let Some(most) = self.most_entries()
            && self.entries.len() > most + most / 10
        {
            self.entries.shorten(most);
        }
    }
}

fn ignores_duplicates(control: HistControl) -> bool {
    matches!(control, HistControl::IgnoreDups | HistControl::IgnoreBoth)
}

#[cfg(test)]
mod tests;
