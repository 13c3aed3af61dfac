//! Loads `grammar/`: the meta-commands and the SQL commands, as data.
//!
//! Owns the notation (`grammar/README.md`). It binds no handler and prints nothing: dispatch,
//! `\?`, `\h`, argument reading and completion read these tables.

mod command;
mod completion;
mod notation;

use crate::packed::Packed;
pub use command::{Argument, MetaCommand, Name, Origin, Section, SqlCommand};
pub use completion::Completion;
use notation::{parse_prose, parse_sections, parse_sql_command};
use std::sync::OnceLock;

/// Statements as people type them, key words in upper case.
pub fn usual_statements() -> &'static str {
    static TEXT: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/usual.packed")));
    TEXT.text()
}

/// The sections of `\?` with their commands.
pub fn sections() -> &'static [Section] {
    static SECTIONS: OnceLock<Vec<Section>> = OnceLock::new();
    SECTIONS.get_or_init(|| {
        parse_sections(include_str!("../../grammar/metacommands.txt"))
            .unwrap_or_else(|line| panic!("grammar/metacommands.txt is malformed: {line}"))
    })
}

/// The meta-command that `name` (as typed, without backslash) means.
pub fn lookup(name: &[u8]) -> Option<&'static MetaCommand> {
    lookup_of(name, true)
}

/// As [`lookup`], among those of our own perhaps.
pub fn lookup_of(name: &[u8], has_own: bool) -> Option<&'static MetaCommand> {
    // psql takes this one name in capitals too.
    let name = if name.eq_ignore_ascii_case(b"copy") { b"copy" } else { name };
    let sections =
        sections().iter().filter(move |section| has_own || section.origin == Origin::Psql);
    sections
        .flat_map(|section| &section.commands)
        .flat_map(|command| command.names.iter().map(move |name| (name, command)))
        .filter(|(candidate, _)| candidate.accepts(name))
        .max_by_key(|(candidate, _)| candidate.text.len())
        .map(|(_, command)| command)
}

/// The names of the meta-commands, those of our own perhaps.
pub fn command_names(has_own: bool) -> impl Iterator<Item = &'static str> {
    let sections =
        sections().iter().filter(move |section| has_own || section.origin == Origin::Psql);
    let commands = sections.flat_map(|section| &section.commands);
    commands.flat_map(|command| &command.names).map(|name| name.text)
}

/// The SQL commands, sorted by name.
pub fn sql_commands() -> &'static [SqlCommand] {
    static FILES: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/sql.packed")));
    static COMMANDS: OnceLock<Vec<SqlCommand>> = OnceLock::new();
    COMMANDS.get_or_init(|| {
        let malformed = |line| panic!("a file of grammar/sql is malformed: {line}");
        FILES
            .text()
            .split('\x0c')
            .map(|text| parse_sql_command(text).unwrap_or_else(malformed))
            .collect()
    })
}

/// What the synopses leave to prose: headings, and what stands below them in the same notation.
pub fn prose() -> &'static [(&'static str, &'static str)] {
    static TEXT: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/prose.packed")));
    static PROSE: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    PROSE.get_or_init(|| parse_prose(TEXT.text()))
}

/// The commands of a replication connection, as [`prose`] has others.
pub fn replication() -> &'static [(&'static str, &'static str)] {
    static REPLICATION: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    REPLICATION.get_or_init(|| parse_prose(include_str!("../../grammar/replication.txt")))
}

#[cfg(test)]
mod tests;
