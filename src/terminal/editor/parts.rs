//! What an editor keeps from one text to the next.

use super::canvas::Canvas;
use super::menu::MenuStyle;
use crate::palette::Palette;
use crate::terminal::drawing::Style;
use crate::terminal::editing::{BellStyle, Editing, EditingMode, Inputrc, KeyReader, Settings};
use crate::terminal::history::History;
use crate::terminal::signal::Suspension;
use crate::terminal::wait::Signals;

/// What an editor keeps from one text to the next: parts that know nothing of each other.
pub(super) struct Parts {
    pub editing: Editing,
    pub keys: KeyReader,
    pub canvas: Canvas,
    pub history: History,
    pub signals: Signals,
    pub suspension: Suspension,
    pub settings: Settings,
    /// The colours, if what is typed is coloured.
    pub palette: Option<Palette>,
    /// The text to come is shown behind what is typed.
    pub ghost: bool,
    /// What was looked for last.
    pub last_query: String,
    /// What Ctrl-C gave up.
    pub abandoned: String,
    /// Reads the user's inputrc.
    pub read_inputrc: fn() -> Inputrc,
}

impl Parts {
    /// Reads the user's inputrc again.
    pub fn read_inputrc(&mut self) {
        let inputrc = (self.read_inputrc)();
        self.editing.configure(&inputrc);
        self.settings = inputrc.settings;
    }

    /// Where another entry of the history is shown than `before`, and the server found an error in it,
    /// puts the cursor there.
    pub fn show_error(&mut self, before: Option<usize>) {
        let Some(index) = self.editing.history_index().filter(|now| before != Some(*now)) else {
            return;
        };
        let entry = self.history.entries().get(index);
        let place = entry.filter(|entry| entry.text() == self.editing.text());
        if let Some(place) = place.and_then(|entry| entry.error_at()) {
            self.editing.set_cursor(place);
        }
    }

    /// Whether pastes are marked by the terminal.
    pub fn marks_pastes(&self) -> bool {
        self.settings.enable_bracketed_paste && !self.canvas.is_plain()
    }

    /// Whether a key that can't do anything rings.
    pub fn rings(&self) -> bool {
        self.settings.bell_style != BellStyle::None
    }

    /// Whether the keys are vi's.
    pub fn is_vi(&self) -> bool {
        self.settings.editing_mode == EditingMode::Vi
    }

    /// Whether it is asked before so many candidates are listed.
    pub fn asks_before(&self, count: usize) -> bool {
        usize::try_from(self.settings.completion_query_items).is_ok_and(|limit| limit <= count)
    }

    /// How the rows below the line look; without colours, by marks alone.
    pub fn menu_style(&self) -> MenuStyle {
        if self.palette.is_none() {
            return MenuStyle::default();
        }
        MenuStyle {
            plain: Style::default(),
            faint: Style::new("\x1b[2m"),
            chosen: Style::new("\x1b[7m"),
            mark: Style::new("\x1b[1m"),
        }
    }
}
