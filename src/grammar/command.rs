//! A meta-command and its arguments, an SQL command: what the tables hold.

use super::completion::Completion;
use crate::lexer::ArgumentKind;

/// Whose commands they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// psql's.
    Psql,
    /// Ours; a shell that is called `psql` doesn't have them.
    Own,
}

/// A section of `\?`.
#[derive(Debug)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// Whose commands it holds.
    pub origin: Origin,
    /// A line below the heading, with its indentation.
    pub note: Option<&'static str>,
    /// The commands, in the order of `\?`.
    pub commands: Vec<MetaCommand>,
}

/// A meta-command.
#[derive(Debug)]
pub struct MetaCommand {
    /// The names; the first is the canonical one.
    pub names: Vec<Name>,
    /// Whose it is.
    pub origin: Origin,
    /// The arguments in order.
    pub(super) arguments: Vec<Argument>,
    /// The lines of `\?`, which may hold placeholders such as `{timing}`.
    pub help: Vec<&'static str>,
}

impl MetaCommand {
    /// The canonical name, without backslash: `include` for `\i`, `dt` for `\dtS+`.
    pub fn name(&self) -> &'static str {
        self.names[0].text
    }

    /// How the argument at `position` (from 0) is read; `None` for one too many.
    pub fn argument(&self, position: usize) -> Option<&Argument> {
        self.arguments.get(position).or_else(|| self.arguments.last().filter(|a| a.repeats))
    }
}

/// A name of a meta-command and what may follow it.
#[derive(Debug)]
pub struct Name {
    /// The name, without backslash and modifiers.
    pub text: &'static str,
    /// The letters that mean something after the name: `x+` of `\l[x+]`.
    pub modifiers: &'static str,
    /// Whether further letters are accepted whatever they are.
    pub(super) open: bool,
}

impl Name {
    pub(super) fn accepts(&self, word: &[u8]) -> bool {
        let Some(rest) = word.strip_prefix(self.text.as_bytes()) else { return false };
        let known = |letter: &u8| self.modifiers.as_bytes().contains(letter);
        match rest.first() {
            None => true,
            Some(first) if self.open => self.modifiers.is_empty() || known(first),
            Some(_) => {
                rest.iter().all(known) && (1..rest.len()).all(|i| !rest[..i].contains(&rest[i]))
            }
        }
    }
}

/// An argument of a meta-command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// How it is read.
    pub kind: ArgumentKind,
    /// Whether unquoted semicolons at its end are dropped.
    pub drops_semicolons: bool,
    /// Whether any number of arguments of this kind may come.
    pub repeats: bool,
    /// What completes it.
    pub completion: Completion,
}

/// An SQL command as `\h` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlCommand {
    /// The name in upper case: `CREATE TABLE AS`.
    pub name: &'static str,
    /// One line of description.
    pub description: &'static str,
    /// The name of its page in PostgreSQL's documentation: `sql-createtableas`.
    pub page: &'static str,
    /// The synopsis, several lines, without a last newline.
    pub synopsis: &'static str,
}
