//! The history as the keys go through it.

use crate::history::Entries;
use crate::terminal::editing;

impl editing::Entries for Entries {
    fn len(&self) -> usize {
        Entries::len(self)
    }

    fn get(&self, index: usize) -> Option<&str> {
        Entries::get(self, index).map(crate::history::Entry::text)
    }
}
