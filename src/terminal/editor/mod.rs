//! The line editor: prompt, text, colours, ghost text, the menu of candidates and the search in the
//! history, on the terminal.
//!
//! Owns the screen from the prompt down while a text is typed. What keys do to the text is
//! [`super::editing`]'s; what Tab offers, and what comes in meanwhile, is asked of an [`EditorHost`].
//!
//! A whole statement is edited as one text of several lines; Enter accepts all of it once it is
//! complete, and [`Editor::read_line`] hands its lines out one after the other, as the shell reads
//! them. The shell adds each statement to the history with [`Editor::history_mut`].

mod candidates;
mod canvas;
mod colours;
mod completing;
mod ghost;
mod input;
mod key_help;
mod line;
mod list;
mod menu;
mod open_menu;
mod parts;
mod plain_screen;
mod resize;
mod search;
mod searching;
mod typing;
mod view;

use std::collections::VecDeque;
use std::io;

use super::editing::{Editing, Inputrc, KeyReader, Mode};
use super::editor_host::EditorHost;
use super::history::History;
use super::read_line::ReadLine;
use super::signal::{self, Interrupts, Suspension};
use super::wait::Signals;
use crate::help::{KeyMode, KeyRow};
use crate::palette::Palette;
use canvas::Canvas;
use line::Line;
use parts::Parts;

/// An editor's options.
pub struct Options<'a> {
    /// The terminal's name (TERM).
    pub term: Option<&'a str>,
    /// Reads keys and settings, as the user's inputrc has them.
    pub read_inputrc: fn() -> Inputrc,
    /// The colours, if what is typed is coloured.
    pub palette: Option<Palette>,
    /// The text to come is shown behind what is typed.
    pub ghost: bool,
}

/// The line editor of one shell.
pub struct Editor {
    parts: Parts,
    /// Further lines of a text accepted at once: a statement of several lines, a paste.
    accepted: VecDeque<Vec<u8>>,
}

impl Editor {
    /// An editor with a history.
    ///
    /// # Errors
    /// When the terminal can't be used.
    pub fn new(options: &Options<'_>, history: History) -> io::Result<Editor> {
        let canvas = Canvas::new(options.term);
        let inputrc = (options.read_inputrc)();
        let marks_pastes = inputrc.settings.enable_bracketed_paste && !canvas.is_plain();
        signal::restore_terminal_when_killed(marks_pastes)?;
        let parts = Parts {
            editing: Editing::new(&inputrc),
            keys: KeyReader::new(),
            canvas,
            history,
            signals: Signals::install()?,
            suspension: Suspension::new(marks_pastes)?,
            settings: inputrc.settings,
            palette: options.palette,
            ghost: options.ghost,
            last_query: String::new(),
            abandoned: String::new(),
            read_inputrc: options.read_inputrc,
        };
        Ok(Editor { parts, accepted: VecDeque::new() })
    }

    /// Reads one line. `prompt` is a rendered prompt with its marks
    /// ([`prompt::render`](crate::prompt::render)); `earlier` is what was read of the statement so
    /// far, in whole lines.
    ///
    /// # Errors
    /// When the terminal fails, or sends bytes that are not UTF-8 ([`io::ErrorKind::InvalidData`]):
    /// that line is lost, and the next one can be read.
    pub fn read_line(
        &mut self,
        prompt: &[u8],
        earlier: &[u8],
        interrupts: Option<&Interrupts>,
        host: &mut dyn EditorHost,
    ) -> io::Result<ReadLine> {
        if let Some(line) = self.accepted.pop_front() {
            return Ok(ReadLine::Line(line));
        }
        let line = Line::new(&mut self.parts, host, interrupts, prompt, earlier);
        let read = typing::read_text(line)?;
        let ReadLine::Line(text) = read else { return Ok(read) };
        self.accepted.extend(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        Ok(ReadLine::Line(self.accepted.pop_front().unwrap_or_default()))
    }

    /// Begins the next text with this one, the cursor behind it.
    pub fn set_text(&mut self, text: &str) {
        self.parts.editing.start(text, text.len(), self.parts.history.entries());
    }

    /// Whether the terminal can do no more than show text.
    pub fn is_plain(&self) -> bool {
        self.parts.canvas.is_plain()
    }

    /// Whether lines of a text already accepted wait to be read; no prompt is shown for them.
    pub fn has_accepted_lines(&self) -> bool {
        !self.accepted.is_empty()
    }

    /// Drops the rest of a text already accepted: after Ctrl-C, as the kernel drops what was typed
    /// ahead.
    pub fn drop_accepted_lines(&mut self) {
        self.accepted.clear();
    }

    /// How many lines of a text already accepted wait to be read and have something on them.
    pub fn count_accepted_lines(&self) -> usize {
        self.accepted.iter().filter(|line| !line.trim_ascii().is_empty()).count()
    }

    /// Drops the keys that were read with a paste, behind it.
    pub fn drop_keys(&mut self) {
        self.parts.keys = KeyReader::new();
    }

    /// What Ctrl-C gave up, which is forgotten then.
    pub fn take_abandoned(&mut self) -> String {
        std::mem::take(&mut self.parts.abandoned)
    }

    /// The keys, by mode.
    pub fn keys(&self) -> Vec<KeyMode> {
        let modes: &[(&str, Mode)] = match self.parts.is_vi() {
            true => &[("vi, inserting", Mode::ViInsert), ("vi, commands", Mode::ViCommand)],
            false => &[("emacs", Mode::Emacs)],
        };
        let bound = modes.iter().map(|(title, mode)| KeyMode {
            title: (*title).to_owned(),
            rows: self.parts.editing.key_rows(*mode),
        });
        let fixed = key_help::SECTIONS.iter().map(|(title, rows)| {
            let row = |(keys, description): &(&[&str], &str)| KeyRow {
                keys: keys.iter().map(|key| (*key).to_owned()).collect(),
                function: None,
                description: (*description).to_owned(),
            };
            KeyMode { title: (*title).to_owned(), rows: rows.iter().map(row).collect() }
        });
        bound.chain(fixed).collect()
    }

    /// The history.
    pub fn history(&self) -> &History {
        &self.parts.history
    }

    /// The history, to add to it.
    pub fn history_mut(&mut self) -> &mut History {
        &mut self.parts.history
    }
}
