//! What vi's `.` repeats: the keys of the last change.

use rustyline::KeyEvent;

use super::keys::Input;
use super::macros::MOST_PLAYED;
use super::state::Count;

/// A change, as the keys that made it.
#[derive(Debug, Clone)]
pub struct Change {
    inputs: Vec<Input>,
    count: Count,
    /// Whether it is typing, which a number repeats as a whole.
    is_typing: bool,
}

impl Change {
    /// A command, which begins with this key.
    pub fn command(key: KeyEvent, count: Count) -> Change {
        Change { inputs: vec![Input::Key(key)], count, is_typing: false }
    }

    /// Typing, which begins with this key and ends with another.
    pub fn typing(key: KeyEvent, count: Count) -> Change {
        Change { is_typing: true, ..Change::command(key, count) }
    }

    /// The keys to play, with the number to give to the first.
    fn keys(&self, count: Count) -> (Vec<Input>, Count) {
        match self.inputs.as_slice() {
            [first, typed @ .., last] if self.is_typing => {
                let times = count.times().min(MOST_PLAYED / typed.len().max(1));
                let mut keys = vec![first.clone()];
                keys.extend(std::iter::repeat_n(typed, times).flatten().cloned());
                keys.push(last.clone());
                (keys, Count::NONE)
            }
            keys => (keys.to_vec(), count),
        }
    }
}

/// The change that is being made, and the last one.
#[derive(Debug, Default)]
pub struct Repeat {
    current: Option<Change>,
    last: Option<Change>,
    /// While `.` repeats a change nothing is noted.
    is_running: bool,
}

impl Repeat {
    /// Whether there is a change to repeat.
    pub fn has_change(&self) -> bool {
        self.last.is_some()
    }

    /// Begins to note a change.
    pub fn begin(&mut self, change: Change) {
        if !self.is_running {
            self.current = Some(change);
        }
    }

    /// Notes a key or a paste of the change.
    pub fn note(&mut self, input: Input) {
        if let Some(change) = &mut self.current {
            change.inputs.push(input);
        }
    }

    /// The change is whole.
    pub fn end(&mut self) {
        if !self.is_running && self.current.is_some() {
            self.last = self.current.take();
        }
    }

    /// The change is none.
    pub fn abandon(&mut self) {
        self.current = None;
    }

    /// Begins to repeat: the keys to play, and the number before them. A number given now stays.
    pub fn start_again(&mut self, count: Count) -> Option<(Vec<Input>, Count)> {
        let last = self.last.as_mut().filter(|_| !self.is_running)?;
        if count.is_explicit {
            last.count = count;
        }
        self.is_running = true;
        Some(last.keys(last.count))
    }

    /// It was repeated.
    pub fn finish_again(&mut self) {
        self.is_running = false;
    }
}
