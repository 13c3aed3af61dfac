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
mod environment;
mod name;
mod plain_argument;
mod quote;
mod rules;
mod scanner;
#[cfg(test)]
mod tests;
mod token;

pub use argument::{Argument, ArgumentKind, Case, dequote};
pub use copy_data::{begins_with_copy_data, copy_data_blocks, only_reads};
pub use environment::{Environment, Severity};
pub use name::DottedName;
#[cfg(test)]
pub(crate) use plain_argument::Strict;
pub use plain_argument::plain_argument;
pub use quote::{InvalidCharacter, Quoting, quote_identifier, quote_literal, shell_quote};
pub use rules::mask as masked;
pub use scanner::{End, Lexer, Progress, Prompt};
pub use token::{Token, TokenKind, tokens};
