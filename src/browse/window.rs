//! A part of a row store's bytes, read at once.

use crate::connection::RowStore;
use std::io;

/// Consecutive bytes of a store, and where they stand in it.
#[derive(Debug, Default)]
pub(super) struct Window {
    at: u64,
    bytes: Vec<u8>,
}

impl Window {
    /// The bytes from `position` on: at least `needed` of them, or what there is. What is read anew
    /// is `wanted` bytes.
    ///
    /// # Errors
    /// They can't be read.
    pub fn from(
        &mut self,
        store: &RowStore,
        position: u64,
        needed: usize,
        wanted: usize,
    ) -> io::Result<&[u8]> {
        if !self.holds(position, needed) {
            store.read_at(position, wanted.max(needed), &mut self.bytes)?;
            self.at = position;
        }
        let from = (position - self.at) as usize;
        Ok(&self.bytes[from..])
    }

    /// Where the bytes end.
    pub fn end(&self) -> u64 {
        self.at + self.bytes.len() as u64
    }

    /// Whether so many bytes from `position` on are here.
    pub fn holds(&self, position: u64, count: usize) -> bool {
        position >= self.at && position + count as u64 <= self.end()
    }

    /// Forgets the bytes, and gives back what room a large row took.
    pub fn forget(&mut self) {
        *self = Window::default();
    }
}
