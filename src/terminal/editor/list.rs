//! The list of candidates as readline writes it, below the line.
//!
//! Owns its shape, and its two questions. Keys come from the caller.

use super::candidates::text_of;
use crate::completion::Candidate;
use crate::terminal::drawing::width;

/// Columns between two words.
const GAP: usize = 2;

/// The rows of a list: candidates in columns, down and then across.
pub fn rows(candidates: &[Candidate], columns: usize) -> Vec<String> {
    let shown: Vec<(&str, usize)> =
        candidates.iter().map(|c| text_of(&c.shown)).map(|text| (text, width(text))).collect();
    let widest = shown.iter().map(|(_, width)| *width).max().unwrap_or(0) + GAP;
    let across = (columns / widest).max(1);
    let down = shown.len().div_ceil(across);
    let row = |row: usize| {
        let mut text = String::new();
        let mut cells = shown.iter().skip(row).step_by(down.max(1)).peekable();
        while let Some((word, width)) = cells.next() {
            text.push_str(word);
            if cells.peek().is_some() {
                text.extend(std::iter::repeat_n(' ', widest - width));
            }
        }
        text
    };
    (0..down).map(row).collect()
}

/// The question before a long list.
pub fn question(count: usize) -> String {
    format!("Display all {count} possibilities? (y or n)")
}

/// What is written at the end of a page.
pub const MORE: &str = "--More--";

/// How a list goes on after a key at [`MORE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// With a page.
    Page,
    /// With a row.
    Row,
    /// Not at all.
    End,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::CandidateKind;

    #[test]
    fn lists_stand_in_columns() {
        let candidate =
            |text: &&str| Candidate::new(text.as_bytes().into(), CandidateKind::Keyword);
        let candidates: Vec<_> = ["a", "bbb", "cc"].iter().map(candidate).collect();
        assert_eq!(rows(&candidates, 80), ["a    bbb  cc"]);
        assert_eq!(rows(&candidates, 10), ["a    cc", "bbb"]);
        assert_eq!(rows(&candidates, 1), ["a", "bbb", "cc"]);
        assert!(rows(&[], 80).is_empty());
    }
}
