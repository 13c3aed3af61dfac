//! Going through the history, where each entry keeps its edits until a text is accepted.

use std::collections::HashMap;

use super::buffer::{Buffer, Draft};

/// The history's entries, the oldest first.
pub trait Entries {
    /// How many there are.
    fn len(&self) -> usize;
    /// An entry's text.
    fn get(&self, index: usize) -> Option<&str>;
}

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To earlier entries.
    Back,
    /// To later ones.
    On,
}

/// How an entry has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It begins with the text.
    Prefix,
    /// It holds the text.
    Anywhere,
}

/// Where one is in the history, and what was edited on the way.
#[derive(Debug, Default)]
pub struct Walk {
    /// The entry that is shown; nothing: the text being written.
    index: Option<usize>,
    /// The text being written, while an entry is shown.
    own: Draft,
    /// The entries that were left with edits.
    edited: HashMap<usize, Draft>,
}

impl Walk {
    /// The entry that is shown.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// Where one is, counting the text being written as behind the last entry.
    pub fn place(&self, history: &dyn Entries) -> usize {
        self.index.unwrap_or(history.len()).min(history.len())
    }

    /// Goes to an entry, or past the last one to the text being written. The buffer's text is kept.
    pub fn go_to(&mut self, place: usize, buffer: &mut Buffer, history: &dyn Entries) {
        let target = (place < history.len()).then_some(place);
        if target == self.index {
            return;
        }
        let left = buffer.draft();
        match self.index {
            None => self.own = left,
            Some(index) if history.get(index) == Some(&left.text) => {}
            Some(index) => drop(self.edited.insert(index, left)),
        }
        let draft = match target {
            None => std::mem::take(&mut self.own),
            Some(index) => {
                let entry = || Draft::of(history.get(index).unwrap_or_default());
                self.edited.remove(&index).unwrap_or_else(entry)
            }
        };
        self.index = target;
        buffer.load(draft);
    }

    /// Begins anew with the text being written.
    pub fn clear(&mut self) {
        *self = Walk::default();
    }

    /// The nearest entry that matches, from `place` on, `place` itself left out. Entries that read as
    /// `shown` are passed over.
    pub fn find(
        place: usize,
        way: Way,
        how: Match,
        wanted: &str,
        shown: Option<&str>,
        history: &dyn Entries,
    ) -> Option<usize> {
        let matches = |index: &usize| {
            history.get(*index).is_some_and(|entry| {
                Some(entry) != shown
                    && match how {
                        Match::Prefix => entry.starts_with(wanted),
                        Match::Anywhere => entry.contains(wanted),
                    }
            })
        };
        match way {
            Way::Back => (0..place.min(history.len())).rev().find(matches),
            Way::On => (place.saturating_add(1)..history.len()).find(matches),
        }
    }
}
