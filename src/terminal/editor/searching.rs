//! Keys while the history is searched.

use rustyline::{KeyCode, Modifiers};

use super::line::Line;
use super::search::Search;
use crate::terminal::editing::Input;

/// Rows that Page Up and Page Down go.
const PAGE: isize = 8;

/// What becomes of a key.
pub(super) enum Searched {
    /// The search goes on.
    On,
    /// The search is over; the text is what was found, and is accepted.
    Accept,
    /// The search is over; the key is the line's.
    Over(Option<Input>),
}

impl Line<'_> {
    /// Ctrl-R or Ctrl-S: opens a search.
    pub fn begin_search(&mut self) {
        self.menu = None;
        self.ghost.clear();
        let typed = self.parts.editing.text();
        let mut search = Search::new(self.parts.history.entries(), typed);
        let (here, mark) = (self.host.context(), self.parts.menu_style().mark);
        search.set_query(String::new(), self.parts.history.entries(), &here, &mark);
        self.search = Some(search);
    }

    /// A key while a search is open.
    pub fn search_key(&mut self, input: Input) -> Searched {
        let Some(search) = &mut self.search else { return Searched::Over(Some(input)) };
        let entries = self.parts.history.entries();
        let (here, mark) = (self.host.context(), self.parts.menu_style().mark);
        let mut query = search.query().to_owned();
        let key = match input {
            Input::Key(key) => key,
            Input::Paste(text) => {
                query.push_str(text.trim_end());
                search.set_query(query, entries, &here, &mark);
                return Searched::On;
            }
            Input::Mouse(_) => return Searched::On,
            Input::Invalid(_) => return Searched::Over(Some(input)),
        };
        match (key.0, key.1) {
            (KeyCode::Char('R'), Modifiers::CTRL) if query.is_empty() => {
                search.set_query(self.parts.last_query.clone(), entries, &here, &mark);
            }
            (KeyCode::Char('R'), Modifiers::CTRL) | (KeyCode::Down, _) => {
                search.step(1, entries, &mark);
            }
            (KeyCode::Char('S'), Modifiers::CTRL) | (KeyCode::Up, _) => {
                search.step(-1, entries, &mark);
            }
            (KeyCode::PageDown, _) => search.step(PAGE, entries, &mark),
            (KeyCode::PageUp, _) => search.step(-PAGE, entries, &mark),
            (KeyCode::Char('d'), Modifiers::ALT) => search.toggle_database(entries, &here, &mark),
            (KeyCode::Char('f'), Modifiers::ALT) => search.toggle_failed(entries, &here, &mark),
            (KeyCode::Backspace, Modifiers::NONE) | (KeyCode::Char('H'), Modifiers::CTRL) => {
                query.pop();
                search.set_query(query, entries, &here, &mark);
            }
            (KeyCode::Char('U'), Modifiers::CTRL) => {
                search.set_query(String::new(), entries, &here, &mark);
            }
            (KeyCode::Char('W'), Modifiers::CTRL) | (KeyCode::Backspace, Modifiers::ALT) => {
                let end = query.trim_end().rfind(' ').map_or(0, |at| at + 1);
                query.truncate(end);
                search.set_query(query, entries, &here, &mark);
            }
            (KeyCode::Char(c), Modifiers::NONE | Modifiers::SHIFT) => {
                query.push(c);
                search.set_query(query, entries, &here, &mark);
            }
            (KeyCode::Char('G'), Modifiers::CTRL) => {
                self.search = None;
                self.changed();
                return Searched::Over(None);
            }
            (KeyCode::Char('C'), Modifiers::CTRL) => {
                self.search = None;
                return Searched::Over(Some(Input::Key(key)));
            }
            (KeyCode::Enter, Modifiers::NONE) | (KeyCode::Char('J'), Modifiers::CTRL) => {
                self.keep_found();
                return Searched::Accept;
            }
            (KeyCode::Esc | KeyCode::Tab, Modifiers::NONE) => {
                self.keep_found();
                return Searched::Over(None);
            }
            _ => {
                self.keep_found();
                return Searched::Over(Some(Input::Key(key)));
            }
        }
        Searched::On
    }

    /// Ends the search with what it has found on the line.
    fn keep_found(&mut self) {
        let Some(search) = self.search.take() else { return };
        search.query().clone_into(&mut self.parts.last_query);
        if let Some(index) = search.chosen() {
            let cursor = search.text(self.parts.history.entries()).len();
            self.parts.editing.recall(index, cursor, self.parts.history.entries());
        }
        self.changed();
    }
}
