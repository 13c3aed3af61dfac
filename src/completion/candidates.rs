//! The list of candidates for a word, as it is put together.

use super::catalog::Catalog;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::is_safe;
use crate::variables::KeywordCase;
use std::collections::HashSet;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What replaces the text from the start up to the cursor.
    pub text: Vec<u8>,
    /// What a list of candidates shows.
    pub shown: Vec<u8>,
}

impl Candidate {
    /// Whether it can be typed and shown as it is: a terminal would neither obey a part of it nor
    /// show it as something else.
    pub fn is_harmless(&self) -> bool {
        is_safe(&self.text)
            && !self.text.iter().any(u8::is_ascii_control)
            && std::str::from_utf8(&self.text).is_ok()
    }
}

/// Builds a list of candidates for the word being typed.
pub(super) struct Candidates<'a> {
    /// The word as typed.
    pub word: &'a [u8],
    case: KeywordCase,
    pub encoding: Encoding,
    pub found: Vec<Candidate>,
    /// The texts of those found.
    texts: HashSet<Vec<u8>>,
}

impl<'a> Candidates<'a> {
    pub fn new(word: &'a [u8], catalog: &dyn Catalog) -> Candidates<'a> {
        Candidates {
            word,
            case: catalog.keyword_case(),
            encoding: catalog.encoding(),
            found: Vec::new(),
            texts: HashSet::new(),
        }
    }

    pub fn push(&mut self, text: Vec<u8>) {
        if self.texts.insert(text.clone()) {
            self.found.push(Candidate { shown: text.clone(), text });
        }
    }

    /// Adds `behind` to the texts found since `from`, except to names of schemas.
    pub fn append(&mut self, from: usize, behind: &[u8]) {
        for candidate in &mut self.found[from..] {
            if candidate.text.last() != Some(&b'.') {
                self.texts.remove(&candidate.text);
                candidate.text.extend_from_slice(behind);
                self.texts.insert(candidate.text.clone());
            }
        }
    }

    /// Adds a key word (in upper case) if the word begins it, in the case COMP_KEYWORD_CASE says.
    pub fn keyword(&mut self, keyword: &str) {
        if !starts_with_ignoring_case(keyword.as_bytes(), self.word) {
            return;
        }
        let first = self.word.first().copied().unwrap_or(0);
        let lower = match self.case {
            KeywordCase::Lower => true,
            KeywordCase::Upper => false,
            KeywordCase::PreserveLower => !first.is_ascii_uppercase(),
            KeywordCase::PreserveUpper => first.is_ascii_lowercase(),
        };
        let text = if lower { keyword.to_ascii_lowercase() } else { keyword.to_owned() };
        self.push(text.into_bytes());
    }

    /// Adds those of `values` that the word begins, whatever its case.
    pub fn values(&mut self, values: &[&str]) {
        for value in values {
            if starts_with_ignoring_case(value.as_bytes(), self.word) {
                self.push(value.as_bytes().to_vec());
            }
        }
    }

    /// The list; a space follows the only candidate, unless more of it must be typed.
    pub fn finish(mut self, start: usize) -> (usize, Vec<Candidate>) {
        // Read in another encoding, a character of UTF-8 may swallow the quote behind it.
        if !self.encoding.is_ascii_safe() {
            self.found.retain(|candidate| candidate.text.is_ascii());
        }
        if let [only] = self.found.as_mut_slice()
            && !matches!(only.text.last(), Some(b'.' | b'(' | b'/' | b'=' | b' '))
        {
            only.text.push(b' ');
        }
        (start, self.found)
    }
}

/// Whether `prefix` begins `text`, whatever the case.
pub(super) fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.len() >= prefix.len() && text[..prefix.len()].eq_ignore_ascii_case(prefix)
}
