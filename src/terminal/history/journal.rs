//! The journal's file, beside the history file.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{self, Locked};
use crate::history::{Entry, Run, journal};

/// The longest text that is kept with how it went.
const LONGEST: usize = 100 << 10;

/// The journal of a history file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal beside a history file.
    pub fn of(history: &Path) -> Journal {
        let mut path = OsString::from(history);
        path.push(".journal");
        Journal { path: path.into() }
    }

    /// Its entries, the newest `limit` of them. It is written anew once it holds much more.
    pub fn read(&self, limit: Option<usize>) -> io::Result<Vec<Entry>> {
        let Some(file) = Locked::read(&self.path)? else { return Ok(Vec::new()) };
        let limit = limit.unwrap_or(usize::MAX);
        let count = file.lines().count();
        let newest = file.lines().skip(count.saturating_sub(limit));
        if count > limit.saturating_add(limit / 10) {
            file.replace(newest.clone())?;
        }
        let mut reader = journal::Reader::default();
        Ok(newest.filter_map(|line| reader.entry(line)).collect())
    }

    /// Adds how an entry went, unless its text is of a length that nobody types.
    pub fn add(&self, text: &str, run: &Run) -> io::Result<()> {
        if text.len() > LONGEST {
            return Ok(());
        }
        file::append(&self.path, &journal::line(text, run))
    }
}
