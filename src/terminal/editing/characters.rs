//! Steps over what a reader takes for one character: a letter with its accents, a joined emoji.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

/// Where the character at `position` ends; the text's end if there is none.
pub fn next(text: &str, position: usize) -> usize {
    let mut cursor = GraphemeCursor::new(position, text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// Where the character before `position` begins; the text's start if there is none.
pub fn previous(text: &str, position: usize) -> usize {
    let mut cursor = GraphemeCursor::new(position, text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// The place `count` characters on, and how many there were.
pub fn forward(text: &str, position: usize, count: usize) -> (usize, usize) {
    let mut at = position;
    for done in 0..count {
        if at == text.len() {
            return (at, done);
        }
        at = next(text, at);
    }
    (at, count)
}

/// The place `count` characters back, and how many there were.
pub fn backward(text: &str, position: usize, count: usize) -> (usize, usize) {
    let mut at = position;
    for done in 0..count {
        if at == 0 {
            return (at, done);
        }
        at = previous(text, at);
    }
    (at, count)
}

/// How many characters there are from `start` to `end`.
pub fn steps_between(text: &str, start: usize, end: usize) -> usize {
    text[start..end].graphemes(true).count()
}

/// The first letter of the character at `position`.
pub fn at(text: &str, position: usize) -> Option<char> {
    text[position..].chars().next()
}

/// The place at or before `position` between two characters.
pub fn floor(text: &str, position: usize) -> usize {
    let mut place = position.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

/// Where the line begins that `position` is in.
pub fn line_start(text: &str, position: usize) -> usize {
    text[..position].rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line ends that `position` is in, before its `\n`.
pub fn line_end(text: &str, position: usize) -> usize {
    text[position..].find('\n').map_or(text.len(), |at| position + at)
}

/// The place in the line from `start` to `end` that is `column` columns in, or its end.
pub fn at_column(text: &str, start: usize, end: usize, column: usize) -> usize {
    let mut passed = 0;
    for (at, character) in text[start..end].grapheme_indices(true) {
        passed += character.width();
        if passed > column {
            return start + at;
        }
    }
    end
}

/// The columns that a piece of a line takes.
pub fn width(text: &str) -> usize {
    text.width()
}
