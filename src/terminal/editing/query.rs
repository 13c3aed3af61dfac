//! A text that is asked for, to look for it in the history.

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::buffer::Buffer;

/// The text as it is typed.
#[derive(Debug)]
pub struct Query {
    buffer: Buffer,
    prompt: &'static str,
    /// Whether earlier entries are looked at.
    pub is_backward: bool,
}

/// What a key does to it.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// It goes on.
    Edited,
    /// It is whole.
    Whole(String),
    /// It was given up.
    Abandoned,
}

impl Query {
    /// Asks, with a prompt of one character.
    pub fn new(prompt: char, is_backward: bool) -> Query {
        let prompt = match prompt {
            '/' => "/",
            '?' => "?",
            _ => ":",
        };
        Query { buffer: Buffer::default(), prompt, is_backward }
    }

    /// What to show: before the text, the text, and the cursor in it.
    pub fn shown(&self) -> (&str, &str, usize) {
        (self.prompt, self.buffer.text(), self.buffer.cursor())
    }

    /// Inserts a text, of a paste.
    pub fn insert(&mut self, text: &str) {
        self.buffer.insert(text);
    }

    /// Takes a key.
    pub fn key(&mut self, KeyEvent(code, modifiers): KeyEvent) -> Answer {
        let cursor = self.buffer.cursor();
        match (code, modifiers) {
            (KeyCode::Enter, Modifiers::NONE) | (KeyCode::Char('J'), Modifiers::CTRL) => {
                return Answer::Whole(self.buffer.text().to_owned());
            }
            (KeyCode::Esc, _) | (KeyCode::Char('C' | 'G'), Modifiers::CTRL) => {
                return Answer::Abandoned;
            }
            (KeyCode::Backspace, _) | (KeyCode::Char('H'), Modifiers::CTRL) => {
                if cursor == 0 {
                    return Answer::Abandoned;
                }
                self.buffer.move_characters(-1);
                self.buffer.delete(self.buffer.cursor()..cursor);
            }
            (KeyCode::Char('U'), Modifiers::CTRL) => self.buffer.delete(0..cursor),
            (KeyCode::Char('W'), Modifiers::CTRL) => {
                let before = self.buffer.text()[..cursor].trim_end();
                let start = before.trim_end_matches(|c: char| !c.is_whitespace()).len();
                self.buffer.delete(start..cursor);
            }
            (KeyCode::Left, _) => drop(self.buffer.move_characters(-1)),
            (KeyCode::Right, _) => drop(self.buffer.move_characters(1)),
            (KeyCode::Char(c), Modifiers::NONE) => self.buffer.insert(c.encode_utf8(&mut [0; 4])),
            _ => {}
        }
        Answer::Edited
    }
}
