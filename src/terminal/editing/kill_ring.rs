//! What was killed, for yanks.

use std::collections::VecDeque;

/// The most texts that are kept.
const SIZE: usize = 60;

/// On which side of the cursor a text was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Behind the cursor.
    After,
    /// Before the cursor.
    Before,
}

/// The texts killed, the last one first.
#[derive(Debug, Default)]
pub struct KillRing {
    texts: VecDeque<String>,
}

impl KillRing {
    /// Keeps a text; `joins` adds it to the last one.
    pub fn kill(&mut self, text: &str, side: Side, joins: bool) {
        match self.texts.front_mut().filter(|_| joins) {
            Some(last) => match side {
                Side::After => last.push_str(text),
                Side::Before => last.insert_str(0, text),
            },
            None => {
                self.texts.push_front(text.to_owned());
                self.texts.truncate(SIZE);
            }
        }
    }

    /// The text to yank.
    pub fn last(&self) -> Option<&str> {
        self.texts.front().map(String::as_str)
    }

    /// Goes on to the text before, which is the one to yank then.
    pub fn rotate(&mut self) {
        if !self.texts.is_empty() {
            self.texts.rotate_left(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_are_joined_and_gone_through() {
        let mut ring = KillRing::default();
        assert_eq!(ring.last(), None);
        ring.rotate();
        ring.kill("b", Side::After, true);
        ring.kill("c", Side::After, true);
        ring.kill("a", Side::Before, true);
        assert_eq!(ring.last(), Some("abc"));
        ring.kill("x", Side::After, false);
        assert_eq!(ring.last(), Some("x"));
        ring.rotate();
        assert_eq!(ring.last(), Some("abc"));
        for n in 0..2 * SIZE {
            ring.kill(&n.to_string(), Side::After, false);
        }
        assert_eq!(ring.texts.len(), SIZE);
    }
}
