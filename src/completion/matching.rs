//! How what is typed may stand for a candidate.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Utf32Str};

/// Whether `prefix` begins `text`, whatever the case.
pub(super) fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.len() >= prefix.len() && text[..prefix.len()].eq_ignore_ascii_case(prefix)
}

/// Whether the letters of `typed` stand in `text` in this order, whatever the case.
pub(super) fn holds(text: &[u8], typed: &[u8]) -> bool {
    let mut rest = text.iter();
    typed.iter().all(|letter| rest.any(|other| other.eq_ignore_ascii_case(letter)))
}

/// How a candidate holds what is typed, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// At its beginning.
    Prefix,
    /// At the beginning of a part of it: behind `_` or a dot.
    PartStart,
    /// Letter by letter, so well: the score is less the better.
    Fuzzy(i64),
}

/// Compares candidates with a word.
pub(super) struct Matcher<'w> {
    word: &'w [u8],
    pattern: Pattern,
    matcher: nucleo_matcher::Matcher,
    characters: Vec<char>,
}

impl<'w> Matcher<'w> {
    pub fn new(word: &'w [u8]) -> Matcher<'w> {
        let text = String::from_utf8_lossy(word);
        Matcher {
            word,
            pattern: Pattern::new(
                &text,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
            ),
            matcher: nucleo_matcher::Matcher::new(Config::DEFAULT),
            characters: Vec::new(),
        }
    }

    /// How `text` holds the word, if it does.
    pub fn find(&mut self, text: &[u8]) -> Option<Match> {
        if starts_with_ignoring_case(text, self.word) {
            return Some(Match::Prefix);
        }
        // What stands in quotes is found without them.
        if let [b'"' | b'\'', inner @ ..] = text
            && starts_with_ignoring_case(inner, self.word)
        {
            return Some(Match::Prefix);
        }
        let parts = (1..text.len()).filter(|at| matches!(text[at - 1], b'_' | b'.' | b'-' | b' '));
        let mut starts = parts.map(|at| &text[at..]);
        if starts.any(|part| starts_with_ignoring_case(part, self.word)) {
            return Some(Match::PartStart);
        }
        let text = String::from_utf8_lossy(text);
        let text = Utf32Str::new(&text, &mut self.characters);
        let score = self.pattern.score(text, &mut self.matcher)?;
        Some(Match::Fuzzy(-i64::from(score)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_matches_come_first() {
        let mut matcher = Matcher::new(b"ord");
        let mut find = |text: &str| matcher.find(text.as_bytes());
        assert_eq!(find("orders"), Some(Match::Prefix));
        assert_eq!(find("ORDER"), Some(Match::Prefix));
        assert_eq!(find("\"orders\""), Some(Match::Prefix));
        assert_eq!(find("'order'"), Some(Match::Prefix));
        assert_eq!(find("customer_orders"), Some(Match::PartStart));
        assert_eq!(find("shop.orders"), Some(Match::PartStart));
        assert!(matches!(find("owner_ids"), Some(Match::Fuzzy(_))));
        assert!(find("recorded") < find("xoxxrxxd"));
        assert_eq!(find("odr"), None);
    }

    #[test]
    fn nothing_typed_begins_everything() {
        assert_eq!(Matcher::new(b"").find(b"x"), Some(Match::Prefix));
    }
}
