//! The list of candidates for a word, as it is put together.

use super::catalog::{Catalog, Name, Presentation};
use super::kind::CandidateKind;
use super::matching::{holds, starts_with_ignoring_case};
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::{is_safe, is_unsafe};
use crate::variables::KeywordCase;
use std::collections::HashSet;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What replaces the text from the start up to the cursor.
    pub text: Vec<u8>,
    /// What a list of candidates shows.
    pub shown: Vec<u8>,
    /// What it is.
    pub kind: CandidateKind,
    /// What a menu says of it, on one line and harmless: a type, a signature; mostly nothing.
    pub note: String,
    /// How near it is to the statement.
    pub(super) nearness: Nearness,
}

/// How near a candidate is to the statement, the nearest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// The meta-command itself takes it.
    Command,
    /// The statement lists it already, and needs it here.
    Listed,
    /// It belongs to something the statement speaks of.
    InScope,
    /// It needs no more said.
    #[default]
    Plain,
    /// It is the system's own.
    System,
    /// Only the system itself calls it.
    Internal,
}

impl Nearness {
    /// Of what is in this schema.
    fn of_schema(schema: &[u8]) -> Nearness {
        match schema {
            b"pg_catalog" | b"information_schema" | b"pg_toast" => Nearness::System,
            _ => Nearness::Plain,
        }
    }
}

impl Candidate {
    /// A candidate of which nothing more is to be said.
    pub fn new(text: Vec<u8>, kind: CandidateKind) -> Candidate {
        let shown = text.clone();
        Candidate { text, shown, kind, note: String::new(), nearness: Nearness::default() }
    }

    /// A candidate for a name the catalog knows; `text` is how it is written.
    pub(super) fn of_name(text: Vec<u8>, kind: CandidateKind, name: &Name) -> Candidate {
        let candidate = Candidate::new(text, kind).near(Nearness::of_schema(&name.schema));
        match CandidateKind::of_word(&name.note) {
            Some(exact) if kind.is_relation() => {
                Candidate { kind: exact, ..candidate }.with_note(&name.schema)
            }
            _ => candidate.with_note(&name.note),
        }
    }

    /// With this note: whatever a terminal would obey in it, and further lines, become blanks.
    pub(super) fn with_note(self, note: &[u8]) -> Candidate {
        let harmless = |c: char| if c.is_control() || is_unsafe(c) { ' ' } else { c };
        let note = String::from_utf8_lossy(note).chars().map(harmless).collect::<String>();
        Candidate { note: note.trim().to_owned(), ..self }
    }

    pub(super) fn nearness(&self) -> Nearness {
        self.nearness
    }

    pub(super) fn near(self, nearness: Nearness) -> Candidate {
        Candidate { nearness, ..self }
    }

    /// The whole word, with the backslash that a meta-command's text leaves out.
    pub fn word(&self) -> &[u8] {
        if self.kind == CandidateKind::MetaCommand { &self.shown } else { &self.text }
    }

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
    presentation: Presentation,
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
            presentation: catalog.presentation(),
            encoding: catalog.encoding(),
            found: Vec::new(),
            texts: HashSet::new(),
        }
    }

    /// Whether nothing is typed, and names should not be hidden by whatever else might follow.
    pub fn is_terse(&self) -> bool {
        self.word.is_empty() && self.presentation == Presentation::List
    }

    /// Whether they are for a menu, which begins with what is likely.
    pub fn is_for_menu(&self) -> bool {
        self.presentation == Presentation::Menu
    }

    /// Whether what is typed of a name may stand for this one.
    pub fn admits_name(&self, name: &[u8], typed: &[u8]) -> bool {
        match self.presentation {
            Presentation::List => name.starts_with(typed),
            Presentation::Menu => holds(name, typed),
        }
    }

    /// Whether what is typed may stand for `text`, whatever the case.
    pub fn admits(&self, text: &[u8]) -> bool {
        match self.presentation {
            Presentation::List => starts_with_ignoring_case(text, self.word),
            Presentation::Menu => holds(text, self.word),
        }
    }

    pub fn push(&mut self, text: Vec<u8>, kind: CandidateKind) {
        self.add(Candidate::new(text, kind));
    }

    pub fn add(&mut self, candidate: Candidate) {
        if self.texts.insert(candidate.text.clone()) {
            self.found.push(candidate);
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

    /// Leaves out those found since `from` that are not wanted.
    pub fn retain_from(&mut self, from: usize, wanted: impl Fn(&Candidate) -> bool) {
        for candidate in self.found.split_off(from) {
            if wanted(&candidate) {
                self.found.push(candidate);
            } else {
                self.texts.remove(&candidate.text);
            }
        }
    }

    /// Adds a key word (in upper case) if the word begins it, in the case COMP_KEYWORD_CASE says.
    pub fn keyword(&mut self, keyword: &str) {
        self.keyword_of(keyword, CandidateKind::Keyword);
    }

    /// Adds a key word that is called like a function.
    pub fn call_of_keyword(&mut self, keyword: &str) {
        if self.admits(keyword.as_bytes()) {
            let text = [self.in_case(keyword).as_bytes(), b"("].concat();
            self.push(text, CandidateKind::Function);
        }
    }

    /// Adds a key word that names something of this kind.
    pub fn keyword_of(&mut self, keyword: &str, kind: CandidateKind) {
        if self.admits(keyword.as_bytes()) {
            self.push(self.in_case(keyword).into_bytes(), kind);
        }
    }

    fn in_case(&self, keyword: &str) -> String {
        let first = self.word.first().copied().unwrap_or(0);
        let lower = match self.case {
            KeywordCase::Lower => true,
            KeywordCase::Upper => false,
            KeywordCase::PreserveLower => !first.is_ascii_uppercase(),
            KeywordCase::PreserveUpper => first.is_ascii_lowercase(),
        };
        if lower { keyword.to_ascii_lowercase() } else { keyword.to_owned() }
    }

    /// Adds those of `values` that the word begins, whatever its case.
    pub fn values(&mut self, values: &[&str], kind: CandidateKind) {
        for value in values {
            if self.admits(value.as_bytes()) {
                self.push(value.as_bytes().to_vec(), kind);
            }
        }
    }

    /// Adds those of the meta-command's own words that the word begins: they go before all else.
    pub fn own_words(&mut self, words: &[&str], kind: CandidateKind) {
        let from = self.found.len();
        self.values(words, kind);
        self.make_own(from);
    }

    /// Has those found since `from` be what the meta-command itself takes.
    pub fn make_own(&mut self, from: usize) {
        for candidate in &mut self.found[from..] {
            candidate.nearness = Nearness::Command;
        }
    }

    /// The list; a space follows the only candidate, unless more of it must be typed.
    pub fn finish(mut self, start: usize) -> (usize, Vec<Candidate>) {
        // Read in another encoding, a character of UTF-8 may swallow the quote behind it.
        if !self.encoding.is_ascii_safe() {
            self.found.retain(|candidate| candidate.text.is_ascii());
        }
        if self.presentation == Presentation::List
            && let [only] = self.found.as_mut_slice()
            && !matches!(only.text.last(), Some(b'.' | b'(' | b'/' | b'=' | b' '))
        {
            only.text.push(b' ');
        }
        (start, self.found)
    }
}
