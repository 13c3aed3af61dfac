//! Answers of the server, remembered for a while: what Tab offers when it is pressed again, when
//! more of a word was typed, or when the server is slow.
//!
//! Knows no clock and no server: answers come in with the time they were asked for.

use super::catalog::{Name, Object, Qualified, Wanted};
use super::query::LIMIT;
use std::time::{Duration, Instant};

/// How old an answer may be that is taken for the present one.
pub const FRESH: Duration = Duration::from_secs(5);
/// How many answers are kept.
const CAPACITY: usize = 50;

/// What was asked: a [`Wanted`] and a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    object: Object,
    schema: Option<Vec<u8>>,
    of: Option<Qualified>,
    prefix: Vec<u8>,
}

impl Question {
    /// The question for these names.
    pub fn new(wanted: &Wanted<'_>, prefix: &[u8]) -> Question {
        Question {
            object: wanted.object,
            schema: wanted.schema.map(<[u8]>::to_vec),
            of: wanted.of.cloned(),
            prefix: prefix.to_vec(),
        }
    }
}

#[derive(Debug)]
struct Entry {
    question: Question,
    names: Vec<Name>,
    asked: Instant,
    invalidated: bool,
}

impl Entry {
    /// Whether the answer holds all names that answer `question`. It does if that is the same
    /// question or asks for fewer of its names, unless some were left out: those beyond the limit,
    /// and the system's own, which come only once something is typed.
    fn answers(&self, question: &Question) -> bool {
        let mine = &self.question;
        let whole = self.names.len() < LIMIT && !mine.prefix.is_empty();
        (mine.object, &mine.schema, &mine.of) == (question.object, &question.schema, &question.of)
            && question.prefix.starts_with(&mine.prefix)
            && (whole || mine.prefix.len() == question.prefix.len())
    }
}

/// The answers, the latest last.
#[derive(Debug, Default)]
pub struct CompletionCache {
    entries: Vec<Entry>,
}

impl CompletionCache {
    /// Keeps the answer to a question asked at that time.
    pub fn keep(&mut self, question: Question, names: Vec<Name>, asked: Instant) {
        self.entries.retain(|entry| entry.question != question);
        if self.entries.len() == CAPACITY {
            self.entries.remove(0);
        }
        self.entries.push(Entry { question, names, asked, invalidated: false });
    }

    /// The answer to a question, if it is known; and whether it is to be trusted, being young.
    pub fn find(&self, question: &Question, now: Instant) -> Option<(Vec<Name>, bool)> {
        let entry = self.entries.iter().rev().find(|entry| entry.answers(question))?;
        let names = entry.names.iter().filter(|name| name.name.starts_with(&question.prefix));
        let fresh = !entry.invalidated && now.saturating_duration_since(entry.asked) < FRESH;
        Some((names.cloned().collect(), fresh))
    }

    /// Trusts no answer any more: something has changed.
    pub fn invalidate(&mut self) {
        for entry in &mut self.entries {
            entry.invalidated = true;
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(object: Object, prefix: &str) -> Question {
        Question::new(&Wanted { object, schema: None, of: None }, prefix.as_bytes())
    }

    fn names(names: &[&str]) -> Vec<Name> {
        names.iter().map(|name| Name::from(*name)).collect()
    }

    #[test]
    fn an_answer_serves_longer_words_too() {
        let now = Instant::now();
        let mut cache = CompletionCache::default();
        cache.keep(question(Object::Table, ""), names(&["apples", "pears"]), now);
        cache.keep(question(Object::Table, "ap"), names(&["apples", "apricots"]), now);
        let check = |object, prefix: &str, expected: Option<&[&str]>| {
            let found = cache.find(&question(object, prefix), now).map(|(names, _)| names);
            assert_eq!(found, expected.map(names), "{object:?} {prefix}");
        };
        check(Object::Table, "ap", Some(&["apples", "apricots"]));
        check(Object::Table, "app", Some(&["apples"]));
        check(Object::Table, "apx", Some(&[]));
        check(Object::Table, "", Some(&["apples", "pears"]));
        // Nothing typed leaves the system's names out.
        check(Object::Table, "pg", None);
        check(Object::View, "ap", None);
    }

    #[test]
    fn an_answer_cut_short_serves_only_itself() {
        let now = Instant::now();
        let mut cache = CompletionCache::default();
        cache.keep(question(Object::Table, "t"), vec![Name::from("t1"); LIMIT], now);
        assert!(cache.find(&question(Object::Table, "t"), now).is_some());
        assert!(cache.find(&question(Object::Table, "t1"), now).is_none());
    }

    #[test]
    fn answers_grow_old() {
        let now = Instant::now();
        let asked = question(Object::Table, "t");
        let fresh = |cache: &CompletionCache, now| cache.find(&asked, now).map(|(_, fresh)| fresh);
        let mut cache = CompletionCache::default();
        cache.keep(asked.clone(), names(&["t1"]), now);
        assert_eq!(fresh(&cache, now), Some(true));
        assert_eq!(fresh(&cache, now + FRESH), Some(false));
        cache.invalidate();
        assert_eq!(fresh(&cache, now), Some(false));
        cache.keep(asked.clone(), names(&["t1", "t2"]), now);
        assert_eq!(fresh(&cache, now), Some(true));
        for n in 0..CAPACITY {
            cache.keep(question(Object::View, &n.to_string()), Vec::new(), now);
        }
        assert_eq!(fresh(&cache, now), None);
    }
}
