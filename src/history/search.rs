//! A fuzzy search among the entries, key by key.
//!
//! What holds the query as it stands comes first, then what holds each of its words, then what
//! holds their letters in order; the newest first, in the last class the best. A word in lower case
//! matches any case, as far as that is ASCII.
//!
//! Each key costs a bounded time, however many entries there are: a growing query looks only at
//! what matched before, and looking ends once there are more matches than anybody reads.

use super::entry::{Context, Entry};
use super::list::Entries;
use memchr::memmem::Finder;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::collections::HashSet;
use std::ops::Range;

/// The most matches that are told of. More, and the query is too short to mean anything.
const MOST: usize = 1000;
/// The most entries whose letters are rated.
const MOST_RATED: usize = 300;
/// The shortest word that letters are looked for one by one.
const SHORTEST_FUZZY: usize = 3;
/// What a letter must count for on average. One that stands alone in a word counts less.
const LEAST_PER_LETTER: u32 = 12;

/// Which databases' entries are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Databases {
    /// Those of all.
    #[default]
    All,
    /// Those that ran in the present one.
    This,
}

/// Which outcomes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcomes {
    /// All.
    #[default]
    All,
    /// Not those that failed.
    Succeeded,
    /// Only those that failed.
    Failed,
}

/// Which entries are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// By where they ran.
    pub databases: Databases,
    /// By how they ended.
    pub outcomes: Outcomes,
}

impl Filter {
    /// Whether an entry is wanted.
    fn admits(&self, entry: &Entry, here: &Context) -> bool {
        let by_database = self.databases == Databases::All || entry.ran_in(here);
        by_database
            && match self.outcomes {
                Outcomes::All => true,
                Outcomes::Succeeded => !entry.has_failed(),
                Outcomes::Failed => entry.has_failed(),
            }
    }
}

/// An entry that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its place in the list.
    pub index: usize,
    class: Class,
}

/// How an entry matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// It holds the query as it stands.
    Phrase,
    /// It holds each of its words.
    Words,
    /// It holds the letters of its words.
    Letters,
}

/// Whether an entry matches a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It does.
    Now(Class),
    /// It may match one that goes on.
    Later,
    /// It matches none that goes on.
    Never,
}

/// A search in progress. The list must not change meanwhile, save that entries are added, which
/// are not found then.
pub struct Search {
    /// The entries' texts in lower case, as far as that is ASCII: their offsets are the same.
    folded: String,
    ends: Vec<usize>,
    matcher: Matcher,
    query: Query,
    filter: Filter,
    /// The entries that may match a query that goes on like the last one, the newest first.
    candidates: Vec<u32>,
    matches: Vec<Match>,
}

impl Search {
    /// A search among these entries; nothing is asked yet.
    pub fn new(entries: &Entries) -> Search {
        let mut folded = String::new();
        let mut ends = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            folded.push_str(entry.text());
            ends.push(folded.len());
        }
        folded.make_ascii_lowercase();
        Search {
            folded,
            ends,
            matcher: Matcher::new(Config::DEFAULT),
            query: Query::default(),
            filter: Filter::default(),
            candidates: Vec::new(),
            matches: Vec::new(),
        }
    }

    /// The matches, the best first. Of entries with the same text the newest is one; an empty query
    /// matches all.
    pub fn find(
        &mut self,
        entries: &Entries,
        query: &str,
        filter: Filter,
        here: &Context,
    ) -> &[Match] {
        let goes_on = !self.query.text.is_empty()
            && query.starts_with(&self.query.text)
            && filter == self.filter;
        self.query = Query::new(query);
        self.filter = filter;
        if !goes_on {
            self.candidates = (0..self.ends.len().min(entries.len()) as u32).rev().collect();
            self.candidates.retain(|&index| {
                entries.get(index as usize).is_some_and(|entry| filter.admits(entry, here))
            });
        }
        self.look(entries);
        &self.matches
    }

    /// The parts of a match's text to mark, as ranges of bytes.
    pub fn marks(&mut self, entries: &Entries, found: Match) -> Vec<Range<usize>> {
        let Some(entry) = entries.get(found.index) else { return Vec::new() };
        let text = Text { text: entry.text(), folded: self.folded(found.index as u32) };
        let mut ranges: Vec<Range<usize>> = match found.class {
            Class::Phrase => self.query.phrase.find(text).into_iter().collect(),
            Class::Words => self.query.words.iter().filter_map(|w| w.find(text)).collect(),
            Class::Letters => self.query.letters(entry.text(), &mut self.matcher),
        };
        ranges.retain(|range| !range.is_empty());
        ranges.sort_by_key(|range| range.start);
        // One word may stand within another.
        ranges.dedup_by(|next, range| {
            let overlaps = next.start < range.end;
            if overlaps {
                range.end = range.end.max(next.end);
            }
            overlaps
        });
        ranges
    }

    fn look(&mut self, entries: &Entries) {
        let mut candidates = std::mem::take(&mut self.candidates);
        let (mut phrases, mut words, mut letters) = (Vec::new(), Vec::new(), Vec::new());
        let mut texts = HashSet::new();
        let (mut kept, mut looked) = (0, 0);
        while looked < candidates.len() && phrases.len() < MOST {
            let index = candidates[looked];
            looked += 1;
            let Some(entry) = entries.get(index as usize) else { continue };
            let text = Text { text: entry.text(), folded: self.folded(index) };
            let fit = self.query.fit(text, letters.len() < MOST_RATED);
            if fit == Fit::Never {
                continue;
            }
            candidates[kept] = index;
            kept += 1;
            let Fit::Now(class) = fit else { continue };
            if class == Class::Words && words.len() == MOST || !texts.insert(entry.text()) {
                continue;
            }
            let found = Match { index: index as usize, class };
            match class {
                Class::Phrase => phrases.push(found),
                Class::Words => words.push(found),
                Class::Letters => letters.push(found),
            }
        }
        // What was not looked at may match as well.
        candidates.drain(kept..looked);
        self.candidates = candidates;
        self.matches = phrases;
        self.matches.append(&mut words);
        if self.matches.len() < MOST {
            let rated = self.rated(entries, letters);
            self.matches.extend(rated);
        }
        self.matches.truncate(MOST);
    }

    /// Those whose letters stand well together, the best first.
    fn rated(&mut self, entries: &Entries, found: Vec<Match>) -> Vec<Match> {
        let query = &self.query;
        let least = LEAST_PER_LETTER * query.letter_count();
        let mut rated: Vec<(u32, Match)> = found
            .into_iter()
            .filter_map(|found| {
                let text = entries.get(found.index)?.text();
                let rating = query.rating(text, &mut self.matcher)?;
                (rating >= least).then_some((rating, found))
            })
            .collect();
        // The newest of those that are rated the same stay first.
        rated.sort_by_key(|(rating, _)| std::cmp::Reverse(*rating));
        rated.into_iter().map(|(_, found)| found).collect()
    }

    fn folded(&self, index: u32) -> &str {
        let index = index as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.folded[start..self.ends[index]]
    }
}

/// A text, and the same in lower case.
#[derive(Clone, Copy)]
struct Text<'a> {
    text: &'a str,
    folded: &'a str,
}

/// What is looked for.
#[derive(Default)]
struct Query {
    text: String,
    phrase: Word,
    words: Vec<Word>,
}

impl Query {
    fn new(text: &str) -> Query {
        Query {
            text: text.to_owned(),
            phrase: Word::new(text.trim()),
            words: text.split_whitespace().map(Word::new).collect(),
        }
    }

    /// How a text fits; letters are only looked for where they are wanted.
    fn fit(&self, text: Text<'_>, wants_letters: bool) -> Fit {
        if self.phrase.find(text).is_some() {
            return Fit::Now(Class::Phrase);
        }
        let mut fit = Fit::Now(Class::Words);
        for word in &self.words {
            if word.find(text).is_some() {
                continue;
            }
            if wants_letters && !word.has_letters(text) {
                return Fit::Never;
            }
            let is_enough = wants_letters && fit != Fit::Later && word.is_fuzzy();
            fit = if is_enough { Fit::Now(Class::Letters) } else { Fit::Later };
        }
        fit
    }

    /// How well the letters stand together.
    fn rating(&self, text: &str, matcher: &mut Matcher) -> Option<u32> {
        let mut chars = Vec::new();
        let text = as_chars(text, &mut chars);
        self.words.iter().map(|word| word.atom.score(text, matcher).map(u32::from)).sum()
    }

    fn letter_count(&self) -> u32 {
        self.words.iter().map(|word| word.word.chars().count() as u32).sum()
    }

    /// Where the letters stand.
    fn letters(&self, text: &str, matcher: &mut Matcher) -> Vec<Range<usize>> {
        let mut chars = Vec::new();
        let chars = as_chars(text, &mut chars);
        let mut places = Vec::new();
        for word in &self.words {
            word.atom.indices(chars, matcher, &mut places);
        }
        places.sort_unstable();
        places.dedup();
        ranges(text, &places)
    }
}

/// The ranges of bytes that the characters at these places fill, neighbours together.
fn ranges(text: &str, places: &[u32]) -> Vec<Range<usize>> {
    let mut places = places.iter().map(|place| *place as usize).peekable();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (number, (at, c)) in text.char_indices().enumerate() {
        if places.next_if_eq(&number).is_none() {
            continue;
        }
        let end = at + c.len_utf8();
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => ranges.push(at..end),
        }
    }
    ranges
}

/// A text as the matcher takes it.
fn as_chars<'a>(text: &'a str, chars: &'a mut Vec<char>) -> Utf32Str<'a> {
    if text.is_ascii() {
        return Utf32Str::Ascii(text.as_bytes());
    }
    chars.extend(text.chars());
    Utf32Str::Unicode(chars)
}

/// A word of the query, or all of it.
struct Word {
    word: String,
    /// Finds it as it stands.
    finder: Finder<'static>,
    /// Rates how its letters stand together.
    atom: Atom,
    /// It has a capital, so the case counts.
    has_case: bool,
}

impl Default for Word {
    fn default() -> Word {
        Word::new("")
    }
}

impl Word {
    fn new(word: &str) -> Word {
        let has_case = word.chars().any(char::is_uppercase);
        let case = if has_case { CaseMatching::Respect } else { CaseMatching::Ignore };
        Word {
            word: word.to_owned(),
            finder: Finder::new(word).into_owned(),
            atom: Atom::new(word, case, Normalization::Never, AtomKind::Fuzzy, false),
            has_case,
        }
    }

    fn in_case<'a>(&self, text: Text<'a>) -> &'a str {
        if self.has_case { text.text } else { text.folded }
    }

    /// Where the word stands.
    fn find(&self, text: Text<'_>) -> Option<Range<usize>> {
        let at = self.finder.find(self.in_case(text).as_bytes())?;
        Some(at..at + self.word.len())
    }

    /// Whether its letters need not stand together.
    fn is_fuzzy(&self) -> bool {
        self.word.len() >= SHORTEST_FUZZY
    }

    /// Whether its letters stand there in order.
    fn has_letters(&self, text: Text<'_>) -> bool {
        let mut rest = self.in_case(text).as_bytes();
        self.word.bytes().all(|byte| {
            let at = memchr::memchr(byte, rest);
            rest = at.map_or(&[], |at| &rest[at + 1..]);
            at.is_some()
        })
    }
}
