//! What commands work on, and how they are called.

use std::collections::HashMap;

use rustyline::{KeyCode, KeyEvent};

use super::buffer::Buffer;
use super::characters;
use super::effect::Effect;
use super::function::Function;
use super::keymap::Mode;
use super::kill_ring::{KillRing, Side};
use super::settings::Settings;
use super::vi_motion::Find;
use super::walk::{Match, Walk};

/// The text and all that commands keep from one key to the next.
#[derive(Debug)]
pub struct State {
    pub buffer: Buffer,
    pub kills: KillRing,
    pub walk: Walk,
    pub mode: Mode,
    pub settings: Settings,
    /// Whether what is typed overwrites.
    pub is_overwriting: bool,
    /// What the command before was, for those that go on with it.
    pub last: Last,
    /// What the command that runs is, for the next one.
    pub now: Last,
    /// What was looked for last in the history.
    pub wanted: String,
    pub vi: Vi,
}

/// What vi's commands remember.
#[derive(Debug, Default)]
pub struct Vi {
    /// For `;` and `,`.
    pub find: Option<Find>,
    pub marks: HashMap<char, usize>,
    /// Whether the last search in the history went back, for `n` and `N`.
    pub searched_on: bool,
    /// While `R` overwrites: what each character took the place of.
    pub overstruck: Option<Vec<Option<String>>>,
    /// Whether the text was in command mode already: what was typed before is not undone.
    pub was_in_command: bool,
}

/// What a command was, as far as the next one cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Last {
    #[default]
    Other,
    Kill,
    /// A yank, which put text from there to the cursor.
    Yank {
        start: usize,
    },
    /// yank-last-arg: the place in the history it took a word of, what it put in from where on, which
    /// word, and whether it goes back.
    EntryWord {
        place: usize,
        start: usize,
        word: Option<i64>,
        goes_back: bool,
    },
    /// A search in the history for what stood before the cursor.
    Search {
        how: Match,
        wanted: String,
    },
}

/// A number before a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Nothing was typed: 1.
    pub is_explicit: bool,
    pub value: i64,
}

impl Count {
    /// No number.
    pub const NONE: Count = Count { is_explicit: false, value: 1 };

    /// How often, whatever the direction.
    pub fn times(self) -> usize {
        usize::try_from(self.value.unsigned_abs()).unwrap_or(usize::MAX)
    }

    /// The other direction.
    pub fn reversed(self) -> Count {
        Count { value: -self.value, ..self }
    }
}

/// A function, called by a key.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub function: Function,
    pub count: Count,
    /// The last key of the sequence, which tells `d` from `D`.
    pub key: KeyEvent,
}

impl Call {
    /// The letter the function was called by.
    pub fn letter(self) -> char {
        match self.key.0 {
            KeyCode::Char(c) => c,
            _ => '\0',
        }
    }

    /// Whether it was called by a capital letter.
    pub fn is_capital(self) -> bool {
        self.letter().is_ascii_uppercase()
    }
}

/// What a command comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done(Effect),
    /// The next character belongs to it.
    Character(Wants),
    /// A motion belongs to it.
    Motion(Operator, Count),
    /// A text is asked for, to look for in the history.
    Query {
        is_backward: bool,
        prompt: char,
    },
}

/// What a character is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// To insert it as it is.
    Quoted(Count),
    /// To go to it, with what to do on the way.
    Find { is_forward: bool, is_till: bool, count: Count, operator: Option<(Operator, Count)> },
    /// To put it in the place of others.
    Replacement(Count),
    /// To name a mark.
    SetMark,
    /// To name a mark to go to.
    GotoMark(Option<(Operator, Count)>),
}

/// What vi does on the way of a motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Delete,
    Change,
    Yank,
}

/// The largest text that a repetition may make.
const LARGEST: usize = 64 << 20;

impl State {
    /// A state with nothing in it.
    pub fn new(settings: Settings) -> State {
        State {
            buffer: Buffer::default(),
            kills: KillRing::default(),
            walk: Walk::default(),
            mode: Mode::Emacs,
            settings,
            is_overwriting: false,
            last: Last::Other,
            now: Last::Other,
            wanted: String::new(),
            vi: Vi::default(),
        }
    }

    /// Deletes a part and keeps it for yanks.
    pub fn kill(&mut self, range: std::ops::Range<usize>, side: Side) {
        self.keep(range.clone(), side);
        self.buffer.delete(range);
    }

    /// Keeps a part for yanks.
    pub fn keep(&mut self, range: std::ops::Range<usize>, side: Side) {
        if !range.is_empty() {
            let text = self.buffer.text()[range].to_owned();
            self.keep_text(&text, side);
        }
    }

    /// Keeps a text for yanks.
    pub fn keep_text(&mut self, text: &str, side: Side) {
        let joins = self.last == Last::Kill && self.mode == Mode::Emacs;
        self.kills.kill(text, side, joins);
        self.now = Last::Kill;
    }

    /// Inserts a text so often; returns whether there is room.
    pub fn insert_times(&mut self, text: &str, times: usize) -> bool {
        if text.len().saturating_mul(times) > LARGEST {
            return false;
        }
        self.buffer.insert(&text.repeat(times));
        true
    }

    /// In command mode the cursor stands on a character, not behind the line's last.
    pub fn rest_on_character(&mut self) {
        let (cursor, start) = (self.buffer.cursor(), self.buffer.line_start());
        if self.mode == Mode::ViCommand && cursor > start && cursor == self.buffer.line_end() {
            let place = characters::previous(self.buffer.text(), cursor);
            self.buffer.set_cursor(place);
        }
    }
}

/// Whether something could be done.
pub fn changed_or_bell(is_done: bool) -> Outcome {
    Outcome::Done(if is_done { Effect::Changed } else { Effect::Bell })
}

/// Whether the cursor could move.
pub fn moved_or_bell(is_done: bool) -> Outcome {
    Outcome::Done(if is_done { Effect::Nothing } else { Effect::Bell })
}
