//! Tab, and the menu as one types: what they do to the text.

use std::io;
use std::time::Duration;

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::candidates::{Candidates, text_of};
use super::input::{read, wait_for_key};
use super::line::Line;
use super::list::{self, Turn};
use super::menu::MAX_ROWS;
use super::open_menu::OpenMenu;
use crate::completion::{self, Candidate};
use crate::terminal::drawing::Size;
use crate::terminal::editing::Input;
use crate::terminal::editor_host::{Occasion, TypedLine};
use crate::terminal::stdout::write;
use crate::terminal::wait::is_readable;
use crate::variables::CompletionMode;

/// How long a key that follows a Tab in one go may take.
const AT_ONCE: Duration = Duration::from_millis(1);
/// So many bytes of text behind a Tab nobody has typed.
const PASTED: usize = 3;

impl Line<'_> {
    /// How candidates are offered on this terminal.
    fn mode(&self) -> CompletionMode {
        match (self.parts.settings.disable_completion, self.host.completion()) {
            (true, _) => CompletionMode::Off,
            (false, CompletionMode::Menu) if self.parts.canvas.is_plain() => CompletionMode::List,
            (false, mode) => mode,
        }
    }

    /// Candidates for the word at the cursor: for a menu in rank order, for a list as psql has them.
    fn candidates(&mut self, ranked: bool, occasion: Occasion) -> Option<Candidates> {
        let cursor = self.parts.editing.cursor();
        let text = format!("{}{}", self.earlier, self.parts.editing.text());
        let catalog = self.host.catalog(occasion)?;
        let at = self.earlier.len() + cursor;
        let (start, found) = match ranked {
            true => completion::ranked(text.as_bytes(), at, catalog),
            false => completion::complete(text.as_bytes(), at, catalog),
        };
        Some(Candidates::new(start, found, self.earlier.len(), cursor))
    }

    /// Tab.
    pub fn tab(&mut self) -> io::Result<()> {
        let mode = self.mode();
        if self.kind == TypedLine::Data || mode == CompletionMode::Off || self.is_in_paste()? {
            self.parts.editing.insert("\t");
            self.changed();
            return Ok(());
        }
        let Some(mut candidates) = self.candidates(false, Occasion::Key) else { return Ok(()) };
        // Before a letter is typed, a list holds back most of what may follow: what is left there is
        // not the only way on.
        if mode == CompletionMode::Menu && candidates.range.is_empty() {
            candidates = self.candidates(true, Occasion::Key).unwrap_or(candidates);
        }
        let common = candidates.common_prefix();
        if !candidates.found.is_empty() && common.len() > candidates.range.len() {
            let common = self.without_second_space(common, candidates.range.end, mode).to_owned();
            self.parts.editing.replace(candidates.range.clone(), &common);
            self.menu = None;
            self.changed();
            if mode == CompletionMode::Menu && candidates.found.len() > 1 {
                self.open_menu(Occasion::Key);
            }
            return self.say_if_ambiguous(candidates.found.len(), mode);
        }
        match candidates.found.as_slice() {
            [only] => {
                let text = text_of(&only.text).to_owned();
                self.parts.editing.replace(candidates.range.clone(), &text);
                self.menu = None;
                self.changed();
                Ok(())
            }
            _ if mode == CompletionMode::Menu => {
                match &mut self.menu {
                    Some(open) => open.menu.next(),
                    None => self.open_menu(Occasion::Key),
                }
                Ok(())
            }
            [] => self.ring(),
            _ if self.lists_next || self.parts.settings.show_all_if_ambiguous => {
                self.list(&candidates.found)
            }
            found => {
                self.lists_next = true;
                self.say_if_ambiguous(found.len(), mode)
            }
        }
    }

    /// What is inserted, without the space at its end where one follows already.
    fn without_second_space<'t>(&self, text: &'t str, end: usize, mode: CompletionMode) -> &'t str {
        let follows = self.parts.editing.text()[end..].starts_with(' ');
        match text.strip_suffix(' ') {
            Some(shorter) if follows && mode == CompletionMode::Menu => shorter,
            _ => text,
        }
    }

    /// Lists ring where there is more than one way on; menus never do.
    fn say_if_ambiguous(&mut self, count: usize, mode: CompletionMode) -> io::Result<()> {
        if count < 2 {
            return Ok(());
        }
        self.lists_next = true;
        match mode {
            CompletionMode::Menu => Ok(()),
            CompletionMode::List | CompletionMode::Off => self.ring(),
        }
    }

    /// Whether so much follows the Tab at once that it was not pressed, but pasted.
    fn is_in_paste(&mut self) -> io::Result<bool> {
        loop {
            let (count, ends) = self.parts.keys.text_ahead();
            if count >= PASTED || ends || !is_readable(AT_ONCE) || !read(self.parts)? {
                return Ok(count >= PASTED);
            }
        }
    }

    /// Opens the menu, if there is something to choose from.
    fn open_menu(&mut self, occasion: Occasion) {
        self.menu = self.candidates(true, occasion).and_then(OpenMenu::new);
    }

    /// After a pause: the menu, where a word is being typed.
    pub fn offer_menu(&mut self) {
        let is_chosen = self.menu.as_ref().is_some_and(|open| open.menu.chosen().is_some());
        if self.mode() != CompletionMode::Menu || is_chosen {
            return;
        }
        let editing = &self.parts.editing;
        let (text, cursor) = (editing.text(), editing.cursor());
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '\\' | '"' | '$');
        let is_word = text[..cursor].chars().next_back().is_some_and(is_part);
        let is_ended = !text[cursor..].chars().next().is_some_and(is_part);
        // A menu that Tab opened where no word is begun stays.
        if !is_word || !is_ended || self.menu_is_hidden {
            return;
        }
        let earlier = self.menu.take();
        self.open_menu(Occasion::Pause);
        if self.host.awaits_names() {
            // Half of the candidates are none: they come together.
            self.menu = earlier;
            return;
        }
        // What is typed already is nothing to choose.
        if self.menu.as_ref().is_some_and(|open| open.is_pointless(self.parts.editing.text())) {
            self.menu = None;
        }
    }

    /// After a pause: what the call takes that the cursor is in.
    pub fn find_signature(&mut self) {
        let at = self.earlier.len() + self.parts.editing.cursor();
        let text = format!("{}{}", self.earlier, self.parts.editing.text());
        let is_wanted = self.mode() == CompletionMode::Menu;
        let catalog = if is_wanted { self.host.catalog(Occasion::Pause) } else { None };
        let found = catalog.and_then(|c| completion::signature(text.as_bytes(), at, c));
        if found.is_some() || !self.host.awaits_names() {
            self.signature = found;
        }
    }

    /// While the menu is open and more is typed: what still begins so.
    pub fn narrow_menu(&mut self) {
        self.menu_is_hidden = false;
        let editing = &self.parts.editing;
        self.menu =
            self.menu.take().and_then(|open| open.narrowed(editing.text(), editing.cursor()));
    }

    /// A key while the menu is open; whether it was the menu's.
    pub fn menu_key(&mut self, key: KeyEvent) -> io::Result<bool> {
        let Some(open) = &mut self.menu else { return Ok(false) };
        let KeyEvent(code, modifiers) = key;
        let is_chosen = open.menu.chosen().is_some();
        let page = MAX_ROWS as isize;
        match (code, modifiers) {
            (KeyCode::Down, Modifiers::NONE) => open.menu.next(),
            (KeyCode::Up, Modifiers::NONE) if is_chosen => open.menu.previous(),
            (KeyCode::BackTab, _) => open.menu.previous(),
            (KeyCode::PageDown, _) if is_chosen => open.menu.page(page),
            (KeyCode::PageUp, _) if is_chosen => open.menu.page(-page),
            (KeyCode::Tab, Modifiers::NONE) if is_chosen => open.menu.next(),
            (KeyCode::Enter | KeyCode::Right, Modifiers::NONE) if is_chosen => self.take_chosen(),
            (KeyCode::Esc, Modifiers::NONE) | (KeyCode::Char('G'), Modifiers::CTRL) => {
                self.menu = None;
                self.menu_is_hidden = true;
                // vi's Escape leaves insert mode all the same.
                return Ok(!self.parts.is_vi());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Puts the chosen candidate into the text.
    fn take_chosen(&mut self) {
        let Some(open) = self.menu.take() else { return };
        let Some(candidate) = open.chosen() else { return };
        let mut text = text_of(&candidate.text).to_owned();
        let behind = self.parts.editing.text()[open.candidates.range.end..].chars().next();
        let goes_on = text.ends_with(['.', '(', '/', '=', ' ', ':']);
        if !goes_on && !behind.is_some_and(|c| c == ' ' || c == ')' || c == ',' || c == ';') {
            text.push(' ');
        }
        let range = open.candidates.range.clone();
        self.parts.editing.replace(range, &text);
        self.changed();
        self.menu_is_hidden = true;
    }

    /// readline's menu-complete: opens the menu and chooses.
    pub fn choose_next(&mut self, forward: bool) -> io::Result<()> {
        if self.mode() != CompletionMode::Menu {
            return self.tab();
        }
        if self.menu.is_none() {
            self.open_menu(Occasion::Key);
        }
        match &mut self.menu {
            Some(open) if forward => open.menu.next(),
            Some(open) => open.menu.previous(),
            None => {}
        }
        Ok(())
    }

    /// readline's tilde-expand: the home before the word at the cursor.
    pub fn expand_tilde(&mut self) {
        let editing = &self.parts.editing;
        let (text, cursor) = (editing.text(), editing.cursor());
        let start = text[..cursor].rfind([' ', '\n', '\'']).map_or(0, |at| at + 1);
        let end = text[start..].find([' ', '\n', '/']).map_or(text.len(), |at| start + at);
        let home = dirs::home_dir().filter(|_| &text[start..end] == "~");
        if let Some(home) = home.as_deref().and_then(std::path::Path::to_str) {
            self.parts.editing.replace(start..end, home);
            self.changed();
        }
    }

    /// readline's possible-completions.
    pub fn list_candidates(&mut self) -> io::Result<()> {
        match self.candidates(false, Occasion::Key) {
            Some(candidates) if !candidates.found.is_empty() => self.list(&candidates.found),
            _ => Ok(()),
        }
    }

    /// readline's insert-completions.
    pub fn insert_candidates(&mut self) -> io::Result<()> {
        let Some(candidates) = self.candidates(false, Occasion::Key) else { return Ok(()) };
        let words: Vec<&str> =
            candidates.found.iter().map(|c| text_of(&c.text).trim_end()).collect();
        if !words.is_empty() {
            let text = words.join(" ") + " ";
            self.parts.editing.replace(candidates.range.clone(), &text);
            self.changed();
        }
        Ok(())
    }

    /// Lists candidates below the line, as readline does: with a question before a long list, and
    /// after each page.
    fn list(&mut self, found: &[Candidate]) -> io::Result<()> {
        let size = self.size();
        self.menu = None;
        self.draw()?;
        let out = self.parts.canvas.leave();
        write(&out)?;
        self.list_rows(found, size)?;
        self.lists_next = false;
        self.begin()
    }

    fn list_rows(&mut self, found: &[Candidate], size: Size) -> io::Result<()> {
        if self.parts.asks_before(found.len()) {
            write(list::question(found.len()).as_bytes())?;
            let answer = self.answer()?;
            write(b"\n")?;
            if !matches!(answer, Some('y' | 'Y' | ' ')) {
                return Ok(());
            }
        }
        let rows = list::rows(found, size.columns);
        let page = size.rows.saturating_sub(1).max(1);
        let mut left = page;
        for (at, row) in rows.iter().enumerate() {
            write(format!("{row}\n").as_bytes())?;
            left -= 1;
            if left == 0 && at + 1 < rows.len() && self.parts.settings.page_completions {
                write(list::MORE.as_bytes())?;
                let turn = match self.answer()? {
                    Some(' ' | 'y' | 'Y' | '\t') => Turn::Page,
                    Some('\r' | '\n') => Turn::Row,
                    _ => Turn::End,
                };
                write(format!("\r{}\r", " ".repeat(list::MORE.len())).as_bytes())?;
                left = match turn {
                    Turn::Page => page - 1,
                    Turn::Row => 1,
                    Turn::End => return Ok(()),
                };
            }
        }
        Ok(())
    }

    /// The key that answers a question. Ctrl-C and Ctrl-D are left for who reads the next key.
    fn answer(&mut self) -> io::Result<Option<char>> {
        loop {
            if let Some(input) = self.parts.keys.next(false) {
                return Ok(match input {
                    Input::Key(KeyEvent(KeyCode::Char(c), Modifiers::NONE)) => Some(c),
                    Input::Key(KeyEvent(KeyCode::Enter, _)) => Some('\r'),
                    Input::Key(KeyEvent(KeyCode::Tab, _)) => Some('\t'),
                    Input::Key(KeyEvent(KeyCode::Char('C'), Modifiers::CTRL)) => {
                        self.parts.keys.feed(b"\x03");
                        None
                    }
                    _ => None,
                });
            }
            if !wait_for_key(self.parts, self.interrupts)? {
                return Ok(None);
            }
        }
    }
}
