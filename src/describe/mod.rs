//! The `\d` family: which catalog queries answer a command, and how the answers are shown.
//!
//! Owns our own catalog queries, written from the documentation of the system catalogs, for
//! servers from 9.2. It executes nothing: a [`Host`] runs the queries and prints the tables.

mod access_method;
mod cast;
mod collation;
mod command;
mod comment;
mod conversion;
mod database;
pub mod definition;
mod domain;
mod event_trigger;
mod extension;
mod foreign;
mod function;
mod language;
mod large_object;
mod operator;
mod pattern;
mod privilege;
mod publication;
mod relation;
mod role;
mod schema;
mod setting;
mod sql;
mod statistics;
mod subscription;
mod tablespace;
mod text_search;
mod types;

use crate::catalog_query::CatalogQuery;
use crate::print::{Column, RowBuffer};
use command::{Command, Handler};

/// One describe command as typed, its arguments read.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The command without its backslash: `d`, `dtvS+`, `dFp`, `l+`.
    pub command: &'a [u8],
    /// The patterns in order, double quotes kept (see `ArgumentKind::SqlIdKeepQuotes`).
    pub patterns: &'a [Vec<u8>],
}

/// The server and the settings that describe commands depend on.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The server's version as `server_version_num` has it: 180006.
    pub version: i32,
    /// The database connected to (cross-database references must name it).
    pub database: Vec<u8>,
    /// The client encoding.
    pub encoding: crate::encoding::Encoding,
    /// Whether backslashes in literals are ordinary characters.
    pub standard_strings: bool,
    /// HIDE_TABLEAM is on.
    pub hide_table_am: bool,
    /// HIDE_TOAST_COMPRESSION is on.
    pub hide_toast_compression: bool,
    /// QUIET is on: nothing is said when nothing was found.
    pub quiet: bool,
    /// `\pset expanded` is on or auto; `\d` of a relation never is.
    pub expanded: crate::print::Expanded,
    /// `\pset tuples_only` is on.
    pub tuples_only: bool,
}

/// What a describe query gave.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: RowBuffer,
}

/// A table for the person.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The title, if any.
    pub title: Option<Vec<u8>>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: RowBuffer,
    /// Lines below; `None` means the default `(n rows)`, an empty list no footer.
    pub footers: Option<Vec<Vec<u8>>>,
    /// Expanded output whatever `\pset expanded` says (`x`), or as set (`None`).
    pub expanded: Option<crate::print::Expanded>,
}

/// Whether a command was one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Done,
    /// There is no such command; nothing was sent or said.
    Unknown,
}

/// The command failed and the reason was already reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed;

/// The shell around a describe command.
pub trait Host {
    /// Runs a catalog query (echoed under ECHO_HIDDEN); an error is reported by the host.
    fn query(&mut self, query: &CatalogQuery) -> Result<Answer, Failed>;
    /// Runs a query that looks something up for the shell (`\sf`, `\ev`). Of an error only severity
    /// and message are reported, as [`Host::error`] does.
    fn query_briefly(&mut self, query: &CatalogQuery) -> Result<Answer, Failed> {
        self.query(query)
    }
    /// Prints a table to the query output, through the pager where that is right. `\pset null`
    /// holds, `\pset title` doesn't.
    fn show(&mut self, view: View) -> Result<(), Failed>;
    /// Reports an error of the command's own, without the program's prefix: `Did not find any
    /// relation named "x".`
    fn error(&mut self, text: &[u8]);
    /// Writes a line to the query output (`\sf`, footers of no table).
    fn line(&mut self, text: &[u8]);
}

/// Runs a describe command. Servers older than 9.2, and what is no PostgreSQL, are asked as 9.2 is,
/// and say themselves what they don't know.
///
/// # Errors
/// [`Failed`] when the command failed; the host has reported why.
pub fn run(request: &Request, context: &Context, host: &mut dyn Host) -> Result<Outcome, Failed> {
    let Some(Handler { run, .. }) = handler(request.command) else {
        return Ok(Outcome::Unknown);
    };
    let mut command = Command::new(request, context, host);
    run(&mut command)?;
    Ok(Outcome::Done)
}

/// A server's version without the part that changes nothing: `9.6`, `18`.
pub fn short_version(version: i32) -> String {
    if version < 100_000 {
        format!("{}.{}", version / 10_000, version / 100 % 100)
    } else {
        (version / 10_000).to_string()
    }
}

/// How many patterns a command takes; `None` if there is no such command.
pub fn max_patterns(command: &[u8]) -> Option<usize> {
    handler(command).map(|h| h.patterns)
}

/// Finds who answers a command. psql looks at the first letters only: what follows them is
/// searched for `S`, `+` and `x` and otherwise ignored, except where listed here.
fn handler(command: &[u8]) -> Option<Handler> {
    let one = |run| Some(Handler { run, patterns: 1 });
    let two = |run| Some(Handler { run, patterns: 2 });
    let letters = match command {
        [b'd', letters @ ..] => letters,
        [b'l', b'o', b'_', b'l', b'i', b's', b't', ..] => return one(large_object::list),
        [b'l', b'i', b's', b't', rest @ ..] | [b'l', rest @ ..] if only(rest, b"+x") => {
            return one(database::list);
        }
        [b'z', rest @ ..] if only(rest, b"Sx") => return one(privilege::list),
        b"sf" | b"sf+" => return one(definition::show_function),
        b"sv" | b"sv+" => return one(definition::show_view),
        _ => return None,
    };
    match letters {
        [] | [b'+' | b'S', ..] => one(relation::describe),
        [b't' | b'i' | b'v' | b'm' | b's' | b'E', ..] => one(relation::list::list),
        [b'a', ..] => one(function::aggregates),
        [b'A'] | [b'A', b'+' | b'x', ..] => one(access_method::list),
        [b'A', b'c', ..] => two(access_method::classes),
        [b'A', b'f', ..] => two(access_method::families),
        [b'A', b'o', ..] => two(access_method::operators),
        [b'A', b'p', ..] => two(access_method::functions),
        [b'b', ..] => one(tablespace::list),
        [b'c', b'o', b'n', b'f', b'i', b'g', ..] => one(setting::list),
        [b'c', ..] => one(conversion::list),
        [b'C', ..] => one(cast::list),
        [b'd', b'p', ..] => one(privilege::defaults),
        [b'd', ..] => one(comment::list),
        [b'D', ..] => one(domain::list),
        [b'e', b's', ..] => one(foreign::servers),
        [b'e', b't', ..] => one(foreign::tables),
        [b'e', b'u', ..] => one(foreign::user_mappings),
        [b'e', b'w', ..] => one(foreign::wrappers),
        [b'f'] | [b'f', b'a' | b'n' | b'p' | b't' | b'w' | b'S' | b'+' | b'x', ..] => {
            Some(Handler { run: function::list, patterns: 1 + function::MAX_ARGUMENTS })
        }
        [b'F'] | [b'F', b'+' | b'x', ..] => one(text_search::configurations),
        [b'F', b'd', ..] => one(text_search::dictionaries),
        [b'F', b'p', ..] => one(text_search::parsers),
        [b'F', b't', ..] => one(text_search::templates),
        [b'g' | b'u', ..] => one(role::list),
        [b'l', ..] => one(large_object::list),
        [b'L', ..] => one(language::list),
        [b'n', ..] => one(schema::list),
        [b'p', ..] => one(privilege::list),
        [b'P'] | [b'P', b'i' | b't' | b'n' | b'+' | b'x', ..] => one(relation::partitioned::list),
        [b'o', ..] => Some(Handler { run: operator::list, patterns: 1 + function::MAX_ARGUMENTS }),
        [b'O', ..] => one(collation::list),
        [b'r', b'd', b's', ..] => two(role::settings),
        [b'r', b'g', ..] => one(role::grants),
        [b'R', b'p', ..] => one(publication::list),
        [b'R', b's', ..] => one(subscription::list),
        [b'T', ..] => one(types::list),
        [b'x', ..] => one(extension::list),
        [b'X', ..] => one(statistics::list),
        [b'y', ..] => one(event_trigger::list),
        _ => None,
    }
}

/// Whether only modifiers of `allowed` follow, none of them twice.
fn only(rest: &[u8], allowed: &[u8]) -> bool {
    rest.iter().enumerate().all(|(i, m)| allowed.contains(m) && !rest[..i].contains(m))
}

#[cfg(test)]
mod tests;
