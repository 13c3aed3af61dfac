//! The one lexer: finds where SQL statements end, reads meta-commands and their arguments, and
//! interpolates variables.
//!
//! Owns the rules of psql's input language (psql's documentation, "Meta-Commands", "Variables",
//! "SQL Interpolation", and SQL's lexical structure). It never reads input, runs a command or
//! sees a session: what it must know comes through [`Environment`].
//!
//! The text being scanned is a stack of frames: the line at the bottom, and above it the values
//! of the variables being expanded. The state survives from line to line, so a statement or a
//! comment may span any number of them.

mod argument;
mod copy_data;
mod plain_argument;
mod quote;
mod rules;
mod scanner;
#[cfg(test)]
mod tests;
mod token;

pub use argument::{Argument, dequote};
pub use copy_data::{begins_with_copy_data, copy_data_blocks, only_reads};
#[cfg(test)]
pub(crate) use plain_argument::Strict;
pub use plain_argument::plain_argument;
pub use quote::{InvalidCharacter, quote_identifier, quote_literal, shell_quote};
pub use rules::is_variable_char;
pub use scanner::{Lexer, Progress};
pub use token::{Token, TokenKind, tokens};

use crate::encoding::Encoding;

/// What the lexer needs from the shell around it.
pub trait Environment {
    /// The value of a variable, if set.
    fn variable(&self, name: &[u8]) -> Option<&[u8]>;
    /// The client encoding now.
    fn encoding(&self) -> Encoding;
    /// Whether backslashes in '...' are ordinary characters (`standard_conforming_strings`).
    fn standard_strings(&self) -> bool;
    /// Whether the end of a line ends a statement (SINGLELINE).
    fn single_line(&self) -> bool;
    /// `value` as an SQL literal (`identifier` false) or identifier (true), or `None` after
    /// reporting why it can't be quoted: no connection, or [`InvalidCharacter`], whose message
    /// psql prints without a severity. The reference is then left as it stands.
    fn quote(&mut self, value: &[u8], identifier: bool) -> Option<Vec<u8>>;
    /// The output of a shell command in backquotes without its last newline, or `None` after
    /// reporting why it failed.
    fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>>;
    /// Reports a warning or an error of the lexer, without the program's prefix.
    fn complain(&mut self, complaint: Complaint, text: &[u8]);
}

/// How serious a complaint of the lexer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Something was done differently than asked.
    Warning,
    /// Something was not done.
    Error,
}

/// Why [`Lexer::scan_sql`] stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A semicolon (or the line's end under SINGLELINE) ended a statement; the semicolon is in
    /// the query text.
    Statement,
    /// A backslash begins a meta-command; it was consumed, the name comes next.
    Backslash,
    /// The line is used up; a statement, a quote, a comment or a parenthesis is open.
    Incomplete(Prompt),
    /// The line is used up and no statement is open.
    Empty,
}

/// What the continuation prompt has to say (`%R` in PROMPT2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    /// No statement is open.
    #[default]
    Ready,
    /// A statement is open: `-`.
    Continue,
    /// In a comment: `*`.
    Comment,
    /// In a '...' string: `'`.
    SingleQuote,
    /// In a "..." identifier: `"`.
    DoubleQuote,
    /// In a $tag$...$tag$ string: `$`.
    DollarQuote,
    /// In parentheses: `(`.
    Paren,
}

/// How a meta-command's argument is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A word; single quotes are removed and their escapes resolved, double quotes are kept,
    /// variables and backquotes expanded.
    Normal,
    /// An SQL identifier: unquoted letters are folded to lower case, double quotes removed.
    SqlId,
    /// As `SqlId`, but nothing is folded (`\connect`). Patterns of `\d` are `Normal`, which keeps
    /// double quotes.
    SqlIdKeepCase,
    /// As `Normal`, but a first `|` takes the rest of the line as it stands. A value that begins
    /// with `|` is a command, quoted or not.
    FileOrPipe,
    /// The rest of the line as it stands; see [`Argument::strip_semicolons`].
    WholeLine,
}
