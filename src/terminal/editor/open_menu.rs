//! A menu that is open, and the candidates it is about.

use super::candidates::{Candidates, text_of};
use super::menu::{Item, Menu, MenuStyle};
use crate::completion::Candidate;
use crate::terminal::drawing::{Row, Size};

/// A menu that is open, and the candidates it is about.
#[derive(Debug)]
pub(super) struct OpenMenu {
    pub menu: Menu,
    pub candidates: Candidates,
}

impl OpenMenu {
    /// A menu of these, if there are any.
    pub fn new(candidates: Candidates) -> Option<OpenMenu> {
        let items: Vec<Item> = candidates.found.iter().map(item).collect();
        (!items.is_empty()).then(|| OpenMenu { menu: Menu::new(items), candidates })
    }

    /// Where the word begins that is completed.
    pub fn start(&self) -> usize {
        self.candidates.range.start
    }

    /// The candidate chosen, and whether one is.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.candidates.found.get(self.menu.chosen()?)
    }

    /// The menu for a text that goes on with more of the word: of what still begins so.
    pub fn narrowed(self, text: &str, cursor: usize) -> Option<OpenMenu> {
        let start = self.start();
        let typed = text.get(start..cursor).filter(|typed| !typed.is_empty())?;
        let mut found = self.candidates.found;
        found.retain(|candidate| {
            let begin = candidate.text.get(..typed.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(typed.as_bytes()))
        });
        OpenMenu::new(Candidates { range: start..cursor, found })
    }

    /// Whether there is nothing to choose: the only candidate is typed already.
    pub fn is_pointless(&self, text: &str) -> bool {
        let typed = text.get(self.candidates.range.clone());
        matches!(&self.candidates.found[..], [only] if Some(text_of(&only.text).trim_end()) == typed)
    }

    /// The rows: see [`Menu::rows`].
    pub fn rows(&mut self, size: Size, column: usize, room: usize, style: &MenuStyle) -> Vec<Row> {
        self.menu.rows(size, column, room, style)
    }
}

fn item(candidate: &Candidate) -> Item {
    Item {
        word: text_of(&candidate.shown).trim_end().to_owned(),
        kind: candidate.kind.word(),
        note: candidate.note.clone(),
    }
}
