//! What is looked for: a text or, where it has signs of one, a regular expression.
//!
//! Owns what fits. With a capital letter it is looked for as it is written, else whatever the case.

use std::ops::Range;

use memchr::memmem::Finder;
use regex_lite::{Regex, RegexBuilder};

/// The bytes of a value in which a regular expression is looked for: it takes its time.
const MOST_FOR_REGEX: usize = 1 << 20;

/// What is looked for.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// This text.
    Exact(Box<Finder<'static>>),
    /// This ASCII text, whatever the case.
    AnyCase(Vec<u8>),
    /// What fits.
    Regex(Regex),
}

impl Pattern {
    /// Of what the user typed.
    ///
    /// # Errors
    /// It is no regular expression.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let has_capital = text.chars().any(char::is_uppercase);
        let is_plain = !text.contains(|c| r"\.+*?()|[]{}^$".contains(c));
        if is_plain && (has_capital || !text.chars().any(char::is_alphabetic)) {
            return Ok(Pattern::Exact(Box::new(Finder::new(text.as_bytes()).into_owned())));
        }
        if is_plain && text.is_ascii() {
            return Ok(Pattern::AnyCase(text.as_bytes().to_vec()));
        }
        let expression = match is_plain {
            true => text.chars().map(any_case).collect(),
            false => text.to_owned(),
        };
        let built = RegexBuilder::new(&expression).case_insensitive(!has_capital).build();
        built.map(Pattern::Regex).map_err(|error| error.to_string())
    }

    /// The first place at or behind `from` where it is; never an empty one.
    pub fn find(&self, value: &[u8], from: usize) -> Option<Range<usize>> {
        let rest = value.get(from..)?;
        let (at, length) = match self {
            Pattern::Exact(finder) => (finder.find(rest)?, finder.needle().len()),
            Pattern::AnyCase(text) => (find_any_case(rest, text)?, text.len()),
            Pattern::Regex(regex) => {
                let text = beginning(rest, MOST_FOR_REGEX);
                let found = regex.find_iter(text).find(|found| !found.is_empty())?;
                (found.start(), found.len())
            }
        };
        (length > 0).then(|| from + at..from + at + length)
    }

    /// Where the last one begins. No text is read twice, however often it fits.
    pub fn find_last(&self, value: &[u8]) -> Option<usize> {
        let (mut last, mut from) = (None, 0);
        while from < value.len() {
            let read = match self {
                Pattern::Regex(regex) => {
                    let text = beginning(&value[from..], MOST_FOR_REGEX);
                    let found = regex.find_iter(text).filter(|found| !found.is_empty()).last();
                    last = found.map(|found| from + found.start()).or(last);
                    text.len()
                }
                Pattern::Exact(_) | Pattern::AnyCase(_) => {
                    let Some(found) = self.find(value, from) else { break };
                    last = Some(found.start);
                    found.end - from
                }
            };
            if read == 0 {
                break;
            }
            from += read;
        }
        last
    }
}

/// A letter in either case: of others than ASCII's the regular expressions know none.
fn any_case(letter: char) -> String {
    let upper: String = letter.to_uppercase().collect();
    match letter.is_ascii() || upper.chars().eq([letter]) {
        true => letter.to_string(),
        false => format!("(?:{letter}|{upper})"),
    }
}

fn find_any_case(value: &[u8], text: &[u8]) -> Option<usize> {
    let first = *text.first()?;
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let last = value.len().checked_sub(text.len())?;
    memchr::memchr2_iter(lower, upper, &value[..=last])
        .find(|at| value[*at..*at + text.len()].eq_ignore_ascii_case(text))
}

/// So much of a value as is text; what is none ends it.
fn beginning(value: &[u8], most: usize) -> &str {
    let value = &value[..value.len().min(most)];
    match std::str::from_utf8(value) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&value[..error.valid_up_to()]).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits() {
        for (pattern, value, expected) in [
            ("ab", "xABab", Some(1..3)),
            ("Ab", "xABAb", Some(3..5)),
            ("12", "x12", Some(1..3)),
            ("a b", "A B", Some(0..3)),
            ("abc", "ab", None),
            ("ä", "xÄ", Some(1..3)),
            ("a.c", "xAbC", Some(1..4)),
            ("^a", "ba", None),
            ("x*", "aaxx", Some(2..4)),
            ("", "a", None),
        ] {
            let found = Pattern::new(pattern).unwrap().find(value.as_bytes(), 0);
            assert_eq!(found, expected, "{pattern} {value}");
        }
        let pattern = Pattern::new("a").unwrap();
        assert_eq!(pattern.find(b"a-a", 1), Some(2..3));
        assert_eq!(pattern.find(b"a", 7), None);
        assert_eq!(Pattern::new("a.").unwrap().find(b"ab\xff", 0), Some(0..2));
        assert!(Pattern::new("(").is_err());
    }

    #[test]
    fn the_last_that_fits() {
        for (pattern, value, expected) in [
            ("ab", "xABab", Some(3)),
            ("Ab", "AbAbab", Some(2)),
            ("ä", "äxÄ", Some(3)),
            ("^a", "aaa", Some(0)),
            ("x*", "axxa", Some(1)),
            ("[bc]", "ad", None),
            ("a", "", None),
        ] {
            let found = Pattern::new(pattern).unwrap().find_last(value.as_bytes());
            assert_eq!(found, expected, "{pattern} {value}");
        }
        // Longer than what is read at once.
        let long = ["x".repeat(63), "7".into()].concat().repeat(MOST_FOR_REGEX / 64 + 10);
        let found = Pattern::new("[0-9]").unwrap().find_last(long.as_bytes());
        assert_eq!(found, Some(long.len() - 1));
    }
}
