//! The text: cursor, mark, undo, and the steps that commands are made of.
//!
//! Owns rustyline's line buffer. All changes go through `LineBuffer::replace`, which grows as needed; its
//! `insert`, `yank` and `update` would cut the text without a word.

use std::ops::Range;

use rustyline::line_buffer::{ChangeListener, DeleteListener, Direction, LineBuffer};
use rustyline::{At, Word};

use super::characters;
use super::undo::{Step, Undo};

/// A text of any number of lines.
#[derive(Debug)]
pub struct Buffer {
    line: LineBuffer,
    mark: usize,
    undo: Undo,
    /// The column to keep while the cursor goes up and down, and where it was last put for it.
    column: Option<(usize, usize)>,
}

/// A text put aside, with what was changed in it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub text: String,
    cursor: usize,
    undo: Undo,
}

impl Draft {
    /// A text with nothing changed.
    pub fn of(text: &str) -> Draft {
        Draft { text: text.to_owned(), ..Draft::default() }
    }
}

/// Takes no note of a change.
struct Unrecorded;

impl DeleteListener for Unrecorded {
    fn delete(&mut self, _: usize, _: &str, _: Direction) {}
}

impl ChangeListener for Unrecorded {
    fn insert_char(&mut self, _: usize, _: char) {}
    fn insert_str(&mut self, _: usize, _: &str) {}
    fn replace(&mut self, _: usize, _: &str, _: &str) {}
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer {
            line: LineBuffer::with_capacity(256),
            mark: 0,
            undo: Undo::default(),
            column: None,
        }
    }
}

impl Buffer {
    /// The text.
    pub fn text(&self) -> &str {
        self.line.as_str()
    }

    /// The cursor, in bytes.
    pub fn cursor(&self) -> usize {
        self.line.pos()
    }

    /// Moves the cursor, as far as the text goes.
    pub fn set_cursor(&mut self, position: usize) {
        let place = characters::floor(self.text(), position);
        self.line.set_pos(place);
    }

    /// The mark, in bytes.
    pub fn mark(&self) -> usize {
        characters::floor(self.text(), self.mark)
    }

    /// Sets the mark.
    pub fn set_mark(&mut self, position: usize) {
        self.mark = position;
    }

    /// What is between the mark and the cursor.
    pub fn region(&self) -> Range<usize> {
        let (mark, cursor) = (self.mark(), self.cursor());
        mark.min(cursor)..mark.max(cursor)
    }

    /// Replaces a part; the cursor stands behind it then.
    pub fn replace(&mut self, range: Range<usize>, text: &str) {
        self.line.replace(range, text, &mut self.undo);
    }

    /// Deletes a part; the cursor stands there then.
    pub fn delete(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Inserts at the cursor.
    pub fn insert(&mut self, text: &str) {
        let at = self.cursor();
        self.replace(at..at, text);
    }

    /// Inserts a character at the cursor that was typed.
    pub fn type_character(&mut self, text: &str) {
        let at = self.cursor();
        self.line.replace(at..at, text, &mut Unrecorded);
        self.undo.typed(at, at + text.len());
    }

    /// Replaces all of the text, as one change.
    pub fn set(&mut self, text: &str, cursor: usize) {
        self.replace(0..self.text().len(), text);
        self.set_cursor(cursor);
    }

    /// Puts the text aside.
    pub fn draft(&self) -> Draft {
        let mut undo = self.undo.clone();
        undo.end_all();
        Draft { text: self.text().to_owned(), cursor: self.cursor(), undo }
    }

    /// Takes another text, with its changes.
    pub fn load(&mut self, draft: Draft) {
        self.line.replace(0..self.line.len(), &draft.text, &mut Unrecorded);
        self.undo = draft.undo;
        self.mark = 0;
        self.column = None;
        self.set_cursor(draft.cursor);
    }

    /// Begins what is undone as one.
    pub fn begin_group(&mut self) {
        self.undo.begin();
    }

    /// Ends what is undone as one.
    pub fn end_group(&mut self) {
        self.undo.end();
    }

    /// Ends whatever was to be undone as one.
    pub fn end_groups(&mut self) {
        self.undo.end_all();
    }

    /// Whether there is a change to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Forgets the changes made so far: they can't be undone then.
    pub fn forget_changes(&mut self) {
        self.undo = Undo::default();
    }

    /// Undoes the last change; the cursor stands where it was.
    pub fn undo(&mut self) -> bool {
        let steps = self.undo.take_back();
        let is_any = !steps.is_empty();
        for step in steps {
            match step {
                Step::Delete { start, end } => self.line.replace(start..end, "", &mut Unrecorded),
                Step::Insert { start, text } => {
                    self.line.replace(start..start, &text, &mut Unrecorded);
                }
            }
        }
        is_any
    }

    /// Moves by characters; returns whether it could go all the way.
    pub fn move_characters(&mut self, count: i64) -> bool {
        let steps = steps(count);
        let (place, done) = if count >= 0 {
            characters::forward(self.text(), self.cursor(), steps)
        } else {
            characters::backward(self.text(), self.cursor(), steps)
        };
        self.line.set_pos(place);
        done == steps
    }

    /// Moves by words as emacs has them: to the end of one on the right, to the start of one on the left.
    pub fn move_words(&mut self, count: i64) {
        let steps = u16::try_from(steps(count)).unwrap_or(u16::MAX);
        if count > 0 {
            self.line.move_to_next_word(At::AfterEnd, Word::Emacs, steps);
        } else if count < 0 {
            self.line.move_to_prev_word(Word::Emacs, steps);
        }
    }

    /// Where a move leads, without moving.
    pub fn peek(&mut self, walk: impl FnOnce(&mut Buffer)) -> usize {
        let before = self.cursor();
        walk(self);
        let there = self.cursor();
        self.line.set_pos(before);
        there
    }

    /// Exchanges the word at the cursor with one before it.
    pub fn transpose_words(&mut self, count: u16) -> bool {
        let before = self.cursor();
        self.undo.begin();
        let is_done = self.line.transpose_words(count, &mut self.undo);
        self.undo.end();
        if !is_done {
            self.line.set_pos(before);
        }
        is_done
    }

    /// Where the cursor's line begins.
    pub fn line_start(&self) -> usize {
        characters::line_start(self.text(), self.cursor())
    }

    /// Where the cursor's line ends.
    pub fn line_end(&self) -> usize {
        characters::line_end(self.text(), self.cursor())
    }

    /// Goes to the line above, keeping the column; returns whether there is one.
    pub fn up(&mut self) -> bool {
        let start = self.line_start();
        let Some(end) = start.checked_sub(1) else { return false };
        self.go_to_line(characters::line_start(self.text(), end), end);
        true
    }

    /// Goes to the line below, keeping the column; returns whether there is one.
    pub fn down(&mut self) -> bool {
        let end = self.line_end();
        if end == self.text().len() {
            return false;
        }
        self.go_to_line(end + 1, characters::line_end(self.text(), end + 1));
        true
    }

    fn go_to_line(&mut self, start: usize, end: usize) {
        let column = match self.column {
            Some((column, place)) if place == self.cursor() => column,
            _ => characters::width(&self.text()[self.line_start()..self.cursor()]),
        };
        let place = characters::at_column(self.text(), start, end, column);
        self.line.set_pos(place);
        self.column = Some((column, place));
    }
}

fn steps(count: i64) -> usize {
    usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(text: &str, cursor: usize) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.load(Draft::of(text));
        buffer.set_cursor(cursor);
        buffer
    }

    #[test]
    fn up_and_down_keep_the_column() {
        let mut buffer = buffer("select 1,\n  x\nfrom somewhere", 24);
        for (is_up, is_possible, cursor) in [
            (true, true, 13),
            (true, true, 9),
            (true, false, 9),
            (false, true, 13),
            (false, true, 24),
            (false, false, 24),
        ] {
            let is_done = if is_up { buffer.up() } else { buffer.down() };
            assert_eq!((is_done, buffer.cursor()), (is_possible, cursor));
        }
        buffer.up();
        buffer.set_cursor(11);
        buffer.down();
        assert_eq!(buffer.cursor(), 15);
    }

    #[test]
    fn columns_are_those_of_the_screen() {
        let mut buffer = buffer("日本x\nabcdefg", 7);
        buffer.down();
        assert_eq!(&buffer.text()[buffer.cursor()..], "fg");
        buffer.up();
        assert_eq!(buffer.cursor(), 7);
    }

    #[test]
    fn characters_are_what_a_reader_takes_for_one() {
        let family = "👨‍👩‍👧";
        let mut buffer = buffer(&format!("a{family}e\u{301}"), 0);
        let mut places = Vec::new();
        while buffer.move_characters(1) {
            places.push(buffer.cursor());
        }
        let end = 1 + family.len();
        assert_eq!(places, [1, end, end + 3]);
        buffer.move_characters(-2);
        assert_eq!(buffer.cursor(), 1);
        buffer.set_cursor(2);
        assert_eq!(buffer.cursor(), 1);
    }

    #[test]
    fn undo_takes_typing_back_together() {
        let mut buffer = Buffer::default();
        for c in "select 1, 2, 3, 4, 5, 6".chars() {
            buffer.type_character(c.encode_utf8(&mut [0; 4]));
        }
        buffer.set("x", 1);
        buffer.begin_group();
        buffer.insert("y");
        buffer.replace(0..1, "zz");
        buffer.end_group();
        for text in ["zzy", "x", "select 1, 2, 3, 4, 5, 6", "select 1, 2, 3, 4, 5", ""] {
            assert_eq!(buffer.text(), text);
            assert_eq!(buffer.undo(), !text.is_empty());
        }
    }

    #[test]
    fn a_long_text_is_not_cut() {
        let mut buffer = Buffer::default();
        let long = "x".repeat(100_000);
        buffer.insert(&long);
        buffer.insert("y");
        buffer.type_character("z");
        buffer.load(Draft::of(&long.repeat(2)));
        assert_eq!(buffer.text().len(), 200_000);
        buffer.set(&long.repeat(3), 5);
        assert_eq!((buffer.text().len(), buffer.cursor()), (300_000, 5));
        buffer.undo();
        assert_eq!(buffer.text().len(), 200_000);
    }
}
