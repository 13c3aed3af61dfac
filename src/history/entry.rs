//! One entry: a statement or a meta-command as it was typed, and how it went.

use std::sync::Arc;
use std::time::Duration;

/// Where a statement ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Context {
    /// The database; empty without a connection.
    pub database: String,
    /// The server's host or socket directory, with its port if that is not the usual one.
    pub host: String,
    /// The user's name there.
    pub user: String,
}

impl Context {
    /// Whether it is the same database of the same server, whoever asks.
    pub fn is_same_database(&self, other: &Context) -> bool {
        self.database == other.database && self.host == other.host
    }
}

/// An SQLSTATE: five characters of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlState([u8; 5]);

impl SqlState {
    /// The code that a text is, if it is one.
    pub fn parse(text: &[u8]) -> Option<SqlState> {
        let code: [u8; 5] = text.try_into().ok()?;
        code.iter().all(u8::is_ascii_alphanumeric).then_some(SqlState(code))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// How a statement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it was to do.
    Succeeded,
    /// It failed: at the server, which says why, or in the shell.
    Failed(Option<SqlState>),
}

/// One run of an entry: when, where, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began, in seconds since 1970.
    pub began: i64,
    /// Where.
    pub context: Arc<Context>,
    /// How long the server took; `None` if nothing was sent.
    pub duration: Option<Duration>,
    /// How it ended.
    pub outcome: Outcome,
    /// The rows that came, or that it changed.
    pub rows: Option<u64>,
}

/// How long an entry is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// In the file, for the shells to come.
    File,
    /// In this session alone: it seems to hold a secret.
    Secret,
    /// In this session alone: it was given up before it was whole.
    Abandoned,
}

/// A statement or a meta-command as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(super) text: Box<str>,
    pub(super) keeping: Keeping,
    pub(super) run: Option<Run>,
    /// Where in the text the server found an error, in bytes.
    pub(super) error_at: Option<usize>,
}

impl Entry {
    /// An entry of which nothing more is known.
    pub fn new(text: impl Into<Box<str>>, keeping: Keeping) -> Entry {
        Entry { text: text.into(), keeping, run: None, error_at: None }
    }

    /// What was typed, perhaps several lines.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How long it is kept.
    pub fn keeping(&self) -> Keeping {
        self.keeping
    }

    /// How it went, if that is known.
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// Where in the text the server found an error, in bytes; known in the session it ran in.
    pub fn error_at(&self) -> Option<usize> {
        self.error_at
    }

    /// Whether it is known to have failed.
    pub fn has_failed(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.outcome != Outcome::Succeeded)
    }

    /// Whether it is known to have run in this database.
    pub fn ran_in(&self, context: &Context) -> bool {
        self.run.as_ref().is_some_and(|run| run.context.is_same_database(context))
    }
}
