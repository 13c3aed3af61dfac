//! Which words the user uses often and lately.
//!
//! Owns what counts as a word (names, never a literal) and how it is written in lines that several
//! shells add to. Knows no file and no clock.

use super::keyword::is_reserved;
use super::name::Typed;
use super::token::{Kind, Token, tokens};
use crate::sort::sort_by;
use std::collections::HashMap;

/// After so many seconds a use counts half: two weeks.
const HALF_LIFE: f64 = 14.0 * 24.0 * 3600.0;
/// How many words are kept.
pub const CAPACITY: usize = 2000;
/// Names that are longer are nobody's.
const LONGEST: usize = 63;

/// Words and how much they are used.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    words: HashMap<Vec<u8>, Use>,
}

/// How often a word was used, as of a time in seconds.
#[derive(Clone, Copy, Debug)]
struct Use {
    score: f64,
    at: i64,
}

/// One, halved so many times: exact for whole numbers, straight between them. The mathematical
/// library would be loaded for this alone, at each start.
fn halved(times: f64) -> f64 {
    let whole = times.min(1000.0) as i32;
    let rest = times.min(1000.0) - f64::from(whole);
    (1.0 - rest / 2.0) * 2f64.powi(-whole)
}

/// The natural logarithm of a number of at least one: exact for powers of two, straight between them.
fn logarithm(number: f64) -> f64 {
    let (mut whole, mut rest) = (0, number);
    while rest >= 2.0 && whole < 64 {
        rest /= 2.0;
        whole += 1;
    }
    (f64::from(whole) + rest - 1.0) * std::f64::consts::LN_2
}

impl Use {
    fn score_at(self, now: i64) -> f64 {
        let age = now.saturating_sub(self.at).max(0);
        self.score * halved(age as f64 / HALF_LIFE)
    }
}

impl Usage {
    /// Takes in a line; one that is none says nothing.
    pub fn add_line(&mut self, line: &[u8]) {
        if let Some((word, used)) = parse(line) {
            self.add(word, used);
        }
    }

    /// Counts words used now.
    pub fn count(&mut self, words: &[Vec<u8>], now: i64) {
        for word in words {
            self.add(word, Use { score: 1.0, at: now });
        }
        if self.words.len() > 2 * CAPACITY {
            self.words =
                self.most_used(now).into_iter().map(|(w, used)| (w.to_vec(), used)).collect();
        }
    }

    fn add(&mut self, word: &[u8], used: Use) {
        let known = self.words.entry(word.to_vec()).or_insert(Use { score: 0.0, at: used.at });
        let at = known.at.max(used.at);
        *known = Use { score: known.score_at(at) + used.score_at(at), at };
    }

    /// How much a word is used, 0 if not at all; a candidate's text will do.
    pub fn weight(&self, word: &[u8], now: i64) -> f64 {
        let word = word.strip_suffix(b"(").or_else(|| word.strip_suffix(b".")).unwrap_or(word);
        let used = match word.starts_with(b"\\") {
            true => self.words.get(word),
            false => self.words.get(&Typed::parse(word).name),
        };
        used.map_or(0.0, |used| logarithm(1.0 + used.score_at(now)))
    }

    /// The lines that say all this, of the words that are used most.
    pub fn lines(&self, now: i64) -> Vec<Vec<u8>> {
        self.most_used(now).into_iter().map(|(word, used)| line(word, used)).collect()
    }

    fn most_used(&self, now: i64) -> Vec<(&[u8], Use)> {
        let mut words: Vec<_> = self.words.iter().map(|(word, used)| (&word[..], *used)).collect();
        sort_by(&mut words, |(a, of_a), (b, of_b)| {
            of_b.score_at(now).total_cmp(&of_a.score_at(now)).then_with(|| a.cmp(b))
        });
        words.truncate(CAPACITY);
        words
    }
}

/// The lines that add words used now.
pub fn lines_of(words: &[Vec<u8>], now: i64) -> Vec<u8> {
    let used = Use { score: 1.0, at: now };
    words.iter().flat_map(|word| [&line(word, used)[..], b"\n"].concat()).collect()
}

fn line(word: &[u8], used: Use) -> Vec<u8> {
    [format!("{} {:.3} ", used.at, used.score).as_bytes(), word].concat()
}

fn parse(line: &[u8]) -> Option<(&[u8], Use)> {
    let mut parts = line.splitn(3, |byte| *byte == b' ');
    let mut number = || std::str::from_utf8(parts.next()?).ok();
    let at = number()?.parse().ok()?;
    let score = number()?.parse().ok().filter(|score: &f64| score.is_finite() && *score >= 0.0)?;
    let word = parts.next().filter(|word| is_word(word))?;
    Some((word, Use { score, at }))
}

fn is_word(word: &[u8]) -> bool {
    (2..=LONGEST).contains(&word.len()) && !word.iter().any(u8::is_ascii_control)
}

/// The words that a statement or a meta-command uses, each once: names and commands, no literals.
pub fn words_of(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut add = |word: Vec<u8>| {
        if is_word(&word) && !words.contains(&word) {
            words.push(word);
        }
    };
    let mut takes_names = false;
    for token in tokens(text) {
        let part = token.text(text);
        match token.kind {
            Kind::Word if !is_reserved(&part.to_ascii_lowercase()) => {
                add(part.to_ascii_lowercase());
            }
            Kind::Identifier if !token.open => add(Typed::parse(part).name),
            Kind::MetaCommand => {
                takes_names = describes(&token, text);
                add(part.to_vec());
            }
            // Others may take passwords.
            Kind::Argument if takes_names && !part.contains(&b'\'') => {
                add(Typed::parse(part).name);
            }
            _ => {}
        }
    }
    words
}

/// Whether a meta-command shows or edits what it names.
fn describes(command: &Token, text: &[u8]) -> bool {
    let name = &command.text(text)[1..];
    name.starts_with(b"d") || [&b"sf"[..], b"sf+", b"sv", b"sv+", b"ef", b"ev"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let words = words_of(text.as_bytes());
        words.iter().map(|w| String::from_utf8_lossy(w)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_stands_for_the_mathematical_library() {
        for (times, expected) in [(0.0, 1.0), (1.0, 0.5), (1.5, 0.375), (3.0, 0.125), (1e9, 0.0)] {
            assert!((halved(times) - expected).abs() < 1e-9, "{times}");
        }
        for number in [1.0, 2.0, 1024.0] {
            assert!((logarithm(number) - number.ln()).abs() < 1e-9, "{number}");
        }
        assert!(logarithm(3.0) > logarithm(2.9) && (logarithm(3.0) - 3f64.ln()).abs() < 0.06);
    }

    #[test]
    fn only_names_are_counted() {
        for (text, expected) in [
            ("select Name from shop.orders o where id = 'secret'", "name shop orders id"),
            ("alter role joe password 'x'", "alter role joe password"),
            ("select \"A b\", $$x$$, 1e5, :var", "A b"),
            ("\\d+ shop.orders", "\\d+ orders"),
            ("\\c db joe", "\\c"),
            ("\\sf 'x'", "\\sf"),
            ("select \"open", ""),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn often_and_lately() {
        const DAY: i64 = 24 * 3600;
        let mut usage = Usage::default();
        let word = |word: &str| vec![word.as_bytes().to_vec()];
        for _ in 0..3 {
            usage.count(&word("often"), 0);
        }
        usage.count(&word("once"), 0);
        let weight = |usage: &Usage, word: &str, now| usage.weight(word.as_bytes(), now);
        assert!(weight(&usage, "often", 0) > weight(&usage, "once", 0));
        assert!(weight(&usage, "once", DAY) > weight(&usage, "once", 90 * DAY));
        assert!(weight(&usage, "never", 0) == 0.0);
        usage.count(&word("lately"), 90 * DAY);
        assert!(weight(&usage, "lately", 90 * DAY) > weight(&usage, "often", 90 * DAY));
        // However it is written.
        for text in ["shop.often", "often(", "often.", "\"often\"", "OFTEN"] {
            assert_eq!(weight(&usage, text, 0), weight(&usage, "often", 0), "{text}");
        }
    }

    #[test]
    fn lines_say_it_again() {
        let mut usage = Usage::default();
        usage.count(&[b"a name".to_vec(), b"other".to_vec()], 100);
        usage.count(&[b"other".to_vec()], 200);
        let mut again = Usage::default();
        usage.lines(200).iter().for_each(|line| again.add_line(line));
        lines_of(&[b"other".to_vec()], 300).split(|b| *b == b'\n').for_each(|l| again.add_line(l));
        assert!((again.weight(b"\"a name\"", 200) - usage.weight(b"\"a name\"", 200)).abs() < 0.01);
        assert!(again.weight(b"other", 300) > usage.weight(b"other", 300));
        for junk in ["", " ", "x", "1 2", "1 x ab", "x 1 ab", "1 NaN ab", "1 -1 ab", "1 inf ab"] {
            again.add_line(junk.as_bytes());
        }
        assert_eq!(again.words.len(), 2);
    }

    #[test]
    fn there_is_a_bound() {
        let mut usage = Usage::default();
        for n in 0..3 * CAPACITY {
            usage.count(&[format!("name{n}").into_bytes()], n as i64);
        }
        assert!(usage.words.len() <= 2 * CAPACITY);
        assert_eq!(usage.lines(0).len(), CAPACITY);
    }
}
