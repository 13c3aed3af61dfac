//! Candidates for the word at the cursor, as far as the editor deals with them.
//!
//! Owns what is inserted. Never knows why a candidate is one.

use std::ops::Range;

use crate::completion::Candidate;

/// The most candidates that are looked at.
const MOST: usize = 5000;

/// What the text in `range` may become.
#[derive(Debug)]
pub struct Candidates {
    /// Bytes of the text, up to the cursor.
    pub range: Range<usize>,
    /// In the order they are shown.
    pub found: Vec<Candidate>,
}

impl Candidates {
    /// Those that can be typed and shown as they are. `start` is where the word begins in a text whose
    /// first `earlier` bytes were read before.
    pub fn new(start: usize, found: Vec<Candidate>, earlier: usize, cursor: usize) -> Candidates {
        let start = start.saturating_sub(earlier).min(cursor);
        let found = found.into_iter().filter(Candidate::is_harmless).take(MOST).collect();
        Candidates { range: start..cursor, found }
    }

    /// What the candidates' texts have in common at their beginning, in whole characters.
    pub fn common_prefix(&self) -> &str {
        let Some((first, others)) = self.found.split_first() else { return "" };
        let common = others.iter().fold(first.text.len(), |length, other| {
            let same = first.text.iter().zip(&other.text).take_while(|(a, b)| a == b).count();
            length.min(same)
        });
        text_of(&first.text[..common])
    }
}

/// A candidate's text as far as it is whole characters; those that are harmless are.
pub fn text_of(text: &[u8]) -> &str {
    match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::CandidateKind;

    #[test]
    fn what_candidates_have_in_common() {
        for (texts, common) in [
            (&["tab1 "][..], "tab1 "),
            (&["mytab123", "mytab246"], "mytab"),
            (&["a", "b"], ""),
            // Not half a character: é and è begin with the same byte.
            (&["xé", "xè"], "x"),
            (&[], ""),
        ] {
            let new = |text: &&str| Candidate::new(text.as_bytes().into(), CandidateKind::Keyword);
            let found = texts.iter().map(new);
            let candidates = Candidates::new(3, found.collect(), 1, 5);
            assert_eq!(candidates.common_prefix(), common, "{texts:?}");
            assert_eq!(candidates.range, 2..5);
        }
    }
}
