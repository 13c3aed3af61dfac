//! The words this user uses: counted where a statement succeeded, kept beside the history.

use crate::completion::usage::{Usage, words_of};
use crate::secret::holds_secret;
use crate::terminal::history::usage::UsageFile;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// What is used, and where that is kept.
#[derive(Default)]
pub(super) struct UsageStore {
    usage: Usage,
    file: Option<UsageFile>,
}

impl UsageStore {
    /// Reads what is kept beside the history. Nobody misses it where that fails.
    pub fn open(history: Option<&Path>) -> UsageStore {
        let file = history.and_then(UsageFile::beside);
        let read = file.as_ref().map(|file| file.read(now()));
        match read {
            Some(Ok(usage)) => UsageStore { usage, file },
            _ => UsageStore::default(),
        }
    }

    /// How much a word is used.
    pub fn weight(&self, word: &[u8]) -> f64 {
        self.usage.weight(word, now())
    }

    /// Counts words that were used.
    pub fn count(&mut self, words: &[Vec<u8>]) {
        self.usage.count(words, now());
        if let Some(file) = &self.file
            && file.add(words, now()).is_err()
        {
            // A full disk is told of by the history.
            self.file = None;
        }
    }
}

/// The words of what was typed, unless it should leave no trace.
pub(super) fn words(text: &[u8]) -> Vec<Vec<u8>> {
    if text.starts_with(b" ") || holds_secret(text) {
        return Vec::new();
    }
    words_of(text)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}
