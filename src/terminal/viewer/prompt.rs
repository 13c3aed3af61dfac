//! A line that is typed in the last row: what to look for.
//!
//! Owns its text. Never knows what becomes of it.

use rustyline::{KeyCode, KeyEvent, Modifiers};

/// The most characters of it.
const MOST: usize = 1000;

/// A line being typed.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    text: String,
    /// What Up brings back.
    last: String,
}

/// How it goes on after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// More may come.
    More,
    /// This is it.
    Done(String),
    /// It was given up.
    GivenUp,
}

impl Prompt {
    /// An empty line; Up brings back what was typed last.
    pub fn new(last: &str) -> Prompt {
        Prompt { text: String::new(), last: last.to_owned() }
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a text, of which line ends and the like are left out.
    pub fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.text.chars().count());
        self.text.extend(text.chars().filter(|c| !c.is_control()).take(room));
    }

    /// Takes a key.
    pub fn key(&mut self, KeyEvent(code, modifiers): KeyEvent) -> Typed {
        match (code, modifiers) {
            (KeyCode::Char('C' | 'G' | 'D'), Modifiers::CTRL) | (KeyCode::Esc, _) => {
                return Typed::GivenUp;
            }
            (KeyCode::Enter, _) | (KeyCode::Char('J' | 'M'), Modifiers::CTRL) => {
                return Typed::Done(std::mem::take(&mut self.text));
            }
            // As in less: nothing is left to take away.
            (KeyCode::Backspace, _) | (KeyCode::Char('H'), Modifiers::CTRL) => {
                return match self.text.pop() {
                    Some(_) => Typed::More,
                    None => Typed::GivenUp,
                };
            }
            (KeyCode::Char('U'), Modifiers::CTRL) => self.text.clear(),
            (KeyCode::Char('W'), Modifiers::CTRL) => {
                let kept = self.text.trim_end();
                let end = kept.rfind(char::is_whitespace).map_or(0, |at| at + 1);
                self.text.truncate(end);
            }
            (KeyCode::Up, _) => self.text.clone_from(&self.last),
            (KeyCode::Char(c), Modifiers::NONE | Modifiers::SHIFT) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            _ => {}
        }
        Typed::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing() {
        let mut prompt = Prompt::new("before");
        let key = |c| KeyEvent::from(c);
        for c in "ab cd".chars() {
            assert_eq!(prompt.key(key(c)), Typed::More);
        }
        prompt.key(KeyEvent::ctrl('W'));
        assert_eq!(prompt.text(), "ab ");
        prompt.insert("x\ny");
        assert_eq!(prompt.key(KeyEvent(KeyCode::Backspace, Modifiers::NONE)), Typed::More);
        assert_eq!(prompt.text(), "ab x");
        prompt.key(KeyEvent(KeyCode::Up, Modifiers::NONE));
        assert_eq!(
            prompt.key(KeyEvent(KeyCode::Enter, Modifiers::NONE)),
            Typed::Done("before".into())
        );
        assert_eq!(prompt.key(KeyEvent(KeyCode::Backspace, Modifiers::NONE)), Typed::GivenUp);
        assert_eq!(prompt.key(KeyEvent(KeyCode::Esc, Modifiers::NONE)), Typed::GivenUp);
    }
}
