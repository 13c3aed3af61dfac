//! Connection strings, service files and password files: from text to settings.
//!
//! Owns libpq's keywords and their meaning (PostgreSQL's documentation, "Connection Strings",
//! "Parameter Key Words", "Environment Variables", "The Password File", "The Connection Service
//! File"). Reads no file and no environment itself: both come in as text and closures.

use std::collections::BTreeMap;

/// Connection settings by libpq's keyword: `host`, `port`, `dbname`, ...
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, Vec<u8>>,
}

impl Settings {
    /// The value of `keyword`; an empty value is as good as none.
    pub fn get(&self, keyword: &str) -> Option<&[u8]> {
        self.values.get(keyword).map(Vec::as_slice).filter(|v| !v.is_empty())
    }

    /// Sets `keyword`.
    pub fn set(&mut self, keyword: &str, value: impl Into<Vec<u8>>) {
        self.values.insert(keyword.to_owned(), value.into());
    }
}
