//! The file of the words that are used, beside the history file.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{self, Locked};
use crate::completion::usage::{CAPACITY, Usage, lines_of};

/// The words used, in a file that several shells add to.
#[derive(Debug)]
pub struct UsageFile {
    path: PathBuf,
}

impl UsageFile {
    /// The one beside a history file; none beside what is no regular file.
    pub fn beside(history: &Path) -> Option<UsageFile> {
        if history.metadata().is_ok_and(|meta| !meta.is_file()) {
            return None;
        }
        let mut path = OsString::from(history);
        path.push(".usage");
        Some(UsageFile { path: path.into() })
    }

    /// What it says. It is written anew once it holds much more than is kept.
    ///
    /// # Errors
    /// It can't be read or written.
    pub fn read(&self, now: i64) -> io::Result<Usage> {
        let mut usage = Usage::default();
        if !self.path.exists() {
            return Ok(usage);
        }
        let Some(file) = Locked::read(&self.path)? else { return Ok(usage) };
        file.lines().for_each(|line| usage.add_line(line));
        if file.lines().count() > 4 * CAPACITY {
            file.replace(usage.lines(now).iter().map(Vec::as_slice))?;
        }
        Ok(usage)
    }

    /// Adds words used now.
    ///
    /// # Errors
    /// It can't be written.
    pub fn add(&self, words: &[Vec<u8>], now: i64) -> io::Result<()> {
        file::create_folder(&self.path)?;
        match words {
            [] => Ok(()),
            _ => file::append(&self.path, &lines_of(words, now)),
        }
    }
}
