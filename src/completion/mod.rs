//! What may come next at the cursor, and which candidates there are.
//!
//! Owns the whole decision: the tokens before the cursor, walked along the synopses of
//! `grammar/sql` or the argument lists of `grammar/metacommands.txt`, tell what is expected; names
//! come from a [`Catalog`]. Never executes anything: [`query::query`] writes the catalog queries, the
//! shell runs them.

mod file_name;
pub mod keyword;
pub mod memo;
mod meta;
mod name;
pub mod query;
mod scope;
mod sql;
mod synopsis;
pub mod token;

use crate::encoding::Encoding;
use crate::variables::KeywordCase;
use file_name::Place;
use std::collections::HashSet;
use token::Kind;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What replaces the text from the start up to the cursor.
    pub text: Vec<u8>,
    /// What a list of candidates shows.
    pub shown: Vec<u8>,
}

/// A kind of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Object {
    AccessMethod,
    Aggregate,
    AvailableExtension,
    Channel,
    Collation,
    /// Columns of [`Wanted::of`].
    Column,
    /// Constraints of [`Wanted::of`], or all.
    Constraint,
    Conversion,
    Cursor,
    Database,
    Directory,
    Domain,
    Encoding,
    /// Labels of the enum type [`Wanted::of`].
    EnumLabel,
    EnvironmentVariable,
    EventTrigger,
    Extension,
    File,
    ForeignDataWrapper,
    ForeignTable,
    Function,
    Index,
    Language,
    MaterializedView,
    OperatorClass,
    OperatorFamily,
    PartitionedRelation,
    /// Policies of [`Wanted::of`], or all.
    Policy,
    PreparedStatement,
    Procedure,
    Publication,
    /// What a query can read: tables, views and their kin.
    Relation,
    /// Relations that have the constraint [`Wanted::of`].
    RelationOfConstraint,
    /// Relations that have the policy [`Wanted::of`].
    RelationOfPolicy,
    /// Relations that have the rule [`Wanted::of`].
    RelationOfRule,
    /// Relations that have the trigger [`Wanted::of`].
    RelationOfTrigger,
    Role,
    Routine,
    /// Rules of [`Wanted::of`], or all.
    Rule,
    Schema,
    Sequence,
    Server,
    Setting,
    /// Values of the setting [`Wanted::of`].
    SettingValue,
    Statistics,
    Subscription,
    Table,
    Tablespace,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    /// Triggers of [`Wanted::of`], or all.
    Trigger,
    Type,
    /// A variable of the shell.
    Variable,
    View,
}

impl Object {
    /// Whether such names live in schemas.
    pub fn is_in_schema(self) -> bool {
        use Object::*;
        matches!(
            self,
            Aggregate
                | Collation
                | Conversion
                | Domain
                | ForeignTable
                | Function
                | Index
                | MaterializedView
                | OperatorClass
                | OperatorFamily
                | PartitionedRelation
                | Procedure
                | Relation
                | RelationOfConstraint
                | RelationOfPolicy
                | RelationOfRule
                | RelationOfTrigger
                | Routine
                | Sequence
                | Statistics
                | Table
                | TextSearchConfiguration
                | TextSearchDictionary
                | TextSearchParser
                | TextSearchTemplate
                | Type
                | View
        )
    }

    /// Whether the shell itself knows the names; the others are the server's.
    pub fn is_local(self) -> bool {
        use Object::*;
        matches!(self, Directory | EnvironmentVariable | File | Variable)
    }
}

/// Which names are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Of what kind.
    pub object: Object,
    /// Those of this schema; without one, those visible without a schema.
    pub schema: Option<&'a [u8]>,
    /// What they belong to: a table, a type, a setting.
    pub of: Option<&'a Qualified>,
}

/// A name with its schema, if given, both without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Qualified {
    pub schema: Option<Vec<u8>>,
    pub name: Vec<u8>,
}

/// Who knows the names. The shell answers from the server with [`query::query`], read only and within
/// a time limit; an unanswered question is an empty list.
pub trait Catalog {
    /// Tab was pressed: the look-ups that follow are for one answer.
    fn begin(&mut self) {}
    /// Names that begin with `prefix`, without quotes, sorted.
    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Vec<u8>>;
    /// `COMP_KEYWORD_CASE`.
    fn keyword_case(&self) -> KeywordCase;
    /// The client encoding, in which what is typed will be read.
    fn encoding(&self) -> Encoding {
        Encoding::Utf8
    }
}

/// What may replace the text between a start and the cursor. `text` is the statement so far,
/// earlier lines included, and what follows the cursor.
pub fn complete(text: &[u8], cursor: usize, catalog: &mut dyn Catalog) -> (usize, Vec<Candidate>) {
    catalog.begin();
    let cursor = cursor.min(text.len());
    let before = &text[..cursor];
    let tokens = token::tokens(before);
    if let Some(last) = tokens.last()
        && last.end == cursor
        && last.kind == Kind::Comment
        && (last.open || before[last.start..].starts_with(b"--"))
    {
        return (cursor, Vec::new());
    }
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let meta = tokens.iter().rposition(|token| token.kind == Kind::MetaCommand);
    match meta {
        Some(at)
            if tokens[at].start >= line
                && tokens[at..].iter().all(|token| token.kind != Kind::Symbol) =>
        {
            meta::complete(before, &tokens[at..], catalog)
        }
        _ => sql::complete(text, cursor, &tokens, Place::Sql, catalog),
    }
}

/// Builds a list of candidates for the word being typed.
struct Candidates<'a> {
    /// The word as typed.
    word: &'a [u8],
    case: KeywordCase,
    encoding: Encoding,
    found: Vec<Candidate>,
    /// The texts of those found.
    texts: HashSet<Vec<u8>>,
}

impl<'a> Candidates<'a> {
    fn new(word: &'a [u8], catalog: &dyn Catalog) -> Candidates<'a> {
        Candidates {
            word,
            case: catalog.keyword_case(),
            encoding: catalog.encoding(),
            found: Vec::new(),
            texts: HashSet::new(),
        }
    }

    fn push(&mut self, text: Vec<u8>) {
        if self.texts.insert(text.clone()) {
            self.found.push(Candidate { shown: text.clone(), text });
        }
    }

    /// Adds `behind` to the texts found since `from`, except to names of schemas.
    fn append(&mut self, from: usize, behind: &[u8]) {
        for candidate in &mut self.found[from..] {
            if candidate.text.last() != Some(&b'.') {
                self.texts.remove(&candidate.text);
                candidate.text.extend_from_slice(behind);
                self.texts.insert(candidate.text.clone());
            }
        }
    }

    /// Adds a key word (in upper case) if the word begins it, in the case COMP_KEYWORD_CASE says.
    fn keyword(&mut self, keyword: &str) {
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
    fn values(&mut self, values: &[&str]) {
        for value in values {
            if starts_with_ignoring_case(value.as_bytes(), self.word) {
                self.push(value.as_bytes().to_vec());
            }
        }
    }

    /// The list; a space follows the only candidate, unless more of it must be typed.
    fn finish(mut self, start: usize) -> (usize, Vec<Candidate>) {
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

fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.len() >= prefix.len() && text[..prefix.len()].eq_ignore_ascii_case(prefix)
}

#[cfg(test)]
mod tests;
