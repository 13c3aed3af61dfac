//! What the lexer needs from the shell around it.

use super::quote::Quoting;
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
    /// `value` quoted for SQL, or `None` after reporting why it can't be: no connection, or
    /// [`InvalidCharacter`](super::quote::InvalidCharacter), whose message psql prints without a severity. The reference is then
    /// left as it stands.
    fn quote(&mut self, value: &[u8], quoting: Quoting) -> Option<Vec<u8>>;
    /// The output of a shell command in backquotes without its last newline, or `None` after
    /// reporting why it failed.
    fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>>;
    /// Reports a warning or an error of the lexer, without the program's prefix.
    fn report(&mut self, severity: Severity, text: &[u8]);
}

/// How serious a report of the lexer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was done differently than asked.
    Warning,
    /// Something was not done.
    Error,
}
