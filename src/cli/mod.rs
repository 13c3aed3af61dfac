//! The command line: which options there are, and what was written.
//!
//! Owns one table of the options, from which they are read, described (`--help`) and handed on as a
//! [`clap::Command`], and the rules by which `getopt_long` reads them. It opens no file, sets no
//! variable and connects to nothing: `startup` acts on the [`Options`].

mod command;
mod getopt;
mod help_text;
mod options;
mod spec;
mod table;

pub use command::command;
pub use getopt::{Ending, Exit, hint, parse};
pub use help_text::help_text;
pub use options::{Action, Options, PasswordPrompt, PsqlLink, Scratch, Setting};

#[cfg(test)]
mod tests;
