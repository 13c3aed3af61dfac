//! How large the relations are that a scratch copy has without their rows.

use crate::number::counted;
use std::collections::BTreeMap;

/// The size of relations by their names, in words.
#[derive(Clone, Debug, Default)]
pub struct Sizes {
    by_name: BTreeMap<Vec<u8>, String>,
}

impl Sizes {
    /// Adds a relation: its rows, if it has any of its own, and its bytes in words.
    pub fn add(&mut self, name: Vec<u8>, rows: Option<u64>, bytes: &str) {
        let words = match rows {
            Some(rows) => format!("{}, {bytes}", counted(rows, "row")),
            None => bytes.to_owned(),
        };
        self.by_name.insert(name, words);
    }

    /// What is known of a relation.
    pub(super) fn get(&self, name: &[u8]) -> &str {
        self.by_name.get(name).map_or("", String::as_str)
    }
}
