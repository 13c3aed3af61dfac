//! The entries of one shell, the newest last.

use super::entry::{Entry, Keeping, Run};
use std::sync::OnceLock;

/// The entries of one shell, the newest last.
#[derive(Debug, Default)]
pub struct Entries {
    list: Vec<Entry>,
    /// Their places in the order of their texts, once somebody asks for it.
    by_text: OnceLock<Vec<u32>>,
}

impl Entries {
    /// These entries, the newest last.
    pub fn new(list: Vec<Entry>) -> Entries {
        Entries { list, by_text: OnceLock::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The entry at a place; 0 is the oldest.
    pub fn get(&self, index: usize) -> Option<&Entry> {
        self.list.get(index)
    }

    /// The newest entry.
    pub fn last(&self) -> Option<&Entry> {
        self.list.last()
    }

    /// The entries from the oldest to the newest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.list.iter()
    }

    /// Adds the newest entry.
    pub fn push(&mut self, entry: Entry) {
        let index = self.list.len() as u32;
        if let Some(order) = self.by_text.get_mut() {
            let at = order.partition_point(|&i| self.list[i as usize].text <= entry.text);
            order.insert(at, index);
        }
        self.list.push(entry);
    }

    /// Tells of the newest entry how it went, and where the server found an error in it.
    pub fn set_last_run(&mut self, run: Run, error_at: Option<usize>) {
        if let Some(entry) = self.list.last_mut() {
            entry.error_at = error_at.filter(|at| entry.text.is_char_boundary(*at));
            entry.run = Some(run);
        }
    }

    /// Forgets all but the newest `limit` entries.
    pub fn shorten(&mut self, limit: usize) {
        let too_many = self.list.len().saturating_sub(limit);
        if too_many > 0 {
            self.list.drain(..too_many);
            self.by_text = OnceLock::new();
        }
    }

    /// The newest entry that is kept for the shells to come.
    pub fn last_kept(&self) -> Option<&Entry> {
        self.list.iter().rev().find(|entry| entry.keeping == Keeping::File)
    }

    /// The places of the entries that begin with `prefix`, in the order of their texts.
    pub(super) fn beginning_with(&self, prefix: &str) -> &[u32] {
        let order = self.by_text.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.list.len() as u32).collect();
            order.sort_by(|&a, &b| self.text(a).cmp(self.text(b)));
            order
        });
        let first = order.partition_point(|&index| self.text(index) < prefix);
        let count = order[first..].partition_point(|&index| self.text(index).starts_with(prefix));
        &order[first..first + count]
    }

    fn text(&self, index: u32) -> &str {
        &self.list[index as usize].text
    }
}
