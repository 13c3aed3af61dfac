//! What rustyline's editor needs to walk and search the history. [`History::add_entry`] adds
//! entries, when a statement is complete.

use std::borrow::Cow;
use std::path::Path;

use rustyline::history::{History as Navigation, SearchDirection, SearchResult};

use super::History;

impl History {
    fn result_at(&self, idx: usize, pos: usize) -> Option<SearchResult<'_>> {
        let entry = self.entries.get(idx)?;
        Some(SearchResult { entry: Cow::Borrowed(entry.text()), idx, pos })
    }

    /// The nearest entry from `start` in a direction for which `test` gives a position.
    fn find(
        &self,
        start: usize,
        direction: SearchDirection,
        test: impl Fn(&str) -> Option<usize>,
    ) -> Option<SearchResult<'_>> {
        let at = |index: usize| {
            let pos = test(self.entries.get(index)?.text())?;
            self.result_at(index, pos)
        };
        match direction {
            SearchDirection::Reverse => {
                (0..self.entries.len().min(start.saturating_add(1))).rev().find_map(at)
            }
            SearchDirection::Forward => (start..self.entries.len()).find_map(at),
        }
    }
}

impl Navigation for History {
    fn get(&self, index: usize, _: SearchDirection) -> rustyline::Result<Option<SearchResult<'_>>> {
        Ok(self.result_at(index, 0))
    }

    fn add(&mut self, _: &str) -> rustyline::Result<bool> {
        Ok(false)
    }

    fn add_owned(&mut self, _: String) -> rustyline::Result<bool> {
        Ok(false)
    }

    fn len(&self) -> usize {
        self.entries.len()
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn set_max_len(&mut self, len: usize) -> rustyline::Result<()> {
        self.set_limit(Some(len));
        Ok(())
    }

    fn ignore_dups(&mut self, _: bool) -> rustyline::Result<()> {
        Ok(())
    }

    fn ignore_space(&mut self, _: bool) {}

    fn save(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn append(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn load(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> rustyline::Result<()> {
        self.entries.shorten(0);
        Ok(())
    }

    fn search(
        &self,
        term: &str,
        start: usize,
        direction: SearchDirection,
    ) -> rustyline::Result<Option<SearchResult<'_>>> {
        if term.is_empty() {
            return Ok(None);
        }
        Ok(self.find(start, direction, |entry| entry.find(term)))
    }

    fn starts_with(
        &self,
        term: &str,
        start: usize,
        direction: SearchDirection,
    ) -> rustyline::Result<Option<SearchResult<'_>>> {
        if term.is_empty() {
            return Ok(None);
        }
        Ok(self.find(start, direction, |entry| entry.starts_with(term).then_some(term.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::HistControl;

    #[test]
    fn searching() {
        let mut history = History::default();
        for text in ["select 1", "\\d t", "select 2"] {
            history.add_entry(text.as_bytes(), HistControl::None).unwrap();
        }
        let find = |term, start, direction| {
            let hit = history.search(term, start, direction).unwrap();
            hit.map(|h| (h.idx, h.pos))
        };
        assert_eq!(find("lect", 2, SearchDirection::Reverse), Some((2, 2)));
        assert_eq!(find("lect", 1, SearchDirection::Reverse), Some((0, 2)));
        assert_eq!(find("2", 0, SearchDirection::Forward), Some((2, 7)));
        assert_eq!(find("x", 9, SearchDirection::Reverse), None);
        let hit = history.starts_with("sel", 1, SearchDirection::Reverse).unwrap().unwrap();
        assert_eq!((hit.idx, hit.pos), (0, 3));
    }
}
