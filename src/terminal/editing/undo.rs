//! What was changed in a text, to take it back.

use rustyline::line_buffer::{ChangeListener, DeleteListener, Direction};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Insert { start: usize, end: usize },
    Delete { start: usize, text: String },
}

/// The most characters that are taken back as one, however fast they were typed.
const TYPED_TOGETHER: usize = 20;

/// A text's changes, the last at the end, each with its group: what is taken back together.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    changes: Vec<(usize, Change)>,
    /// The number of the group last begun.
    last_group: usize,
    /// How many groups are open; only the outermost counts.
    open: usize,
    /// Whether a group began or ended since the last change.
    is_apart: bool,
}

/// What to do to a text to take a change back.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Take this out.
    Delete { start: usize, end: usize },
    /// Put this back.
    Insert { start: usize, text: String },
}

impl Undo {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Begins a group.
    pub fn begin(&mut self) {
        if self.open == 0 {
            self.last_group += 1;
            self.is_apart = true;
        }
        self.open += 1;
    }

    /// Ends a group.
    pub fn end(&mut self) {
        if self.open == 1 {
            self.is_apart = true;
        }
        self.open = self.open.saturating_sub(1);
    }

    /// Ends all groups.
    pub fn end_all(&mut self) {
        self.is_apart |= self.open > 0;
        self.open = 0;
    }

    /// Takes the last change out, with its group: the steps to make, in their order.
    pub fn take_back(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        let Some((group, _)) = self.changes.last() else { return steps };
        let group = *group;
        while let Some((_, change)) = self.changes.pop_if(|(other, _)| *other == group) {
            steps.push(match change {
                Change::Insert { start, end } => Step::Delete { start, end },
                Change::Delete { start, text } => Step::Insert { start, text },
            });
        }
        steps
    }

    /// Notes a character that was typed: it goes with those before it.
    pub fn typed(&mut self, start: usize, end: usize) {
        if let Some((_, Change::Insert { start: first, end: last })) = self.changes.last_mut()
            && *last == start
            && *last - *first < TYPED_TOGETHER
            && !self.is_apart
        {
            *last = end;
            return;
        }
        self.add(Change::Insert { start, end });
    }

    fn add(&mut self, change: Change) {
        if self.open == 0 {
            self.last_group += 1;
        }
        self.is_apart = false;
        self.changes.push((self.last_group, change));
    }
}

impl DeleteListener for Undo {
    fn delete(&mut self, start: usize, text: &str, _: Direction) {
        if !text.is_empty() {
            self.add(Change::Delete { start, text: text.to_owned() });
        }
    }
}

impl ChangeListener for Undo {
    fn insert_char(&mut self, start: usize, c: char) {
        self.add(Change::Insert { start, end: start + c.len_utf8() });
    }

    fn insert_str(&mut self, start: usize, text: &str) {
        if !text.is_empty() {
            self.add(Change::Insert { start, end: start + text.len() });
        }
    }

    fn replace(&mut self, start: usize, old: &str, new: &str) {
        if old.is_empty() || new.is_empty() {
            self.delete(start, old, Direction::Forward);
            self.insert_str(start, new);
            return;
        }
        self.begin();
        self.delete(start, old, Direction::Forward);
        self.insert_str(start, new);
        self.end();
    }
}
