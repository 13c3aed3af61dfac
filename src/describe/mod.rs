//! The `\d` family: which catalog queries answer a command, and how the answers are shown.
//!
//! Owns our own catalog queries, written from the documentation of the system catalogs, for
//! servers from 9.2. It executes nothing: a [`Host`] runs the queries and prints the tables.

mod command;
mod comment;
mod database;
mod large_object;
mod pattern;
mod privilege;
mod relation;
mod schema;
mod sql;
mod statistics;
mod tablespace;

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
    fn query(&mut self, sql: &[u8]) -> Result<Answer, Failed>;
    /// Prints a table to the query output, through the pager where that is right. `\pset null`
    /// holds, `\pset title` doesn't.
    fn show(&mut self, view: View) -> Result<(), Failed>;
    /// Reports an error of the command's own, without the program's prefix: `Did not find any
    /// relation named "x".`
    fn error(&mut self, text: &[u8]);
    /// Writes a line to the query output (`\sf`, footers of no table).
    fn line(&mut self, text: &[u8]);
}

/// Runs a describe command.
///
/// # Errors
/// [`Failed`] when the command failed; the host has reported why.
pub fn run(request: &Request, context: &Context, host: &mut dyn Host) -> Result<Outcome, Failed> {
    let Some(Handler { run, .. }) = handler(request.command) else {
        return Ok(Outcome::Unknown);
    };
    run(&mut Command::new(request, context, host))?;
    Ok(Outcome::Done)
}

/// How many patterns a command takes; `None` if there is no such command.
pub fn max_patterns(command: &[u8]) -> Option<usize> {
    handler(command).map(|h| h.patterns)
}

/// Finds who answers a command. psql looks at the first letters only: what follows them is
/// searched for `S`, `+` and `x` and otherwise ignored, except where listed here.
fn handler(command: &[u8]) -> Option<Handler> {
    let one = |run| Some(Handler { run, patterns: 1 });
    let letters = match command {
        [b'd', letters @ ..] => letters,
        [b'l', b'o', b'_', b'l', b'i', b's', b't', ..] => return one(large_object::list),
        [b'l', b'i', b's', b't', rest @ ..] | [b'l', rest @ ..] if only(rest, b"+x") => {
            return one(database::list);
        }
        [b'z', rest @ ..] if only(rest, b"Sx") => return one(privilege::list),
        _ => return None,
    };
    match letters {
        [] | [b'+' | b'S', ..] => one(relation::describe),
        [b't' | b'i' | b'v' | b'm' | b's' | b'E', ..] => one(relation::list::list),
        [b'b', ..] => one(tablespace::list),
        [b'd', b'p', ..] => one(privilege::defaults),
        [b'd', ..] => one(comment::list),
        [b'l', ..] => one(large_object::list),
        [b'n', ..] => one(schema::list),
        [b'p', ..] => one(privilege::list),
        [b'P'] | [b'P', b'i' | b't' | b'n' | b'+' | b'x', ..] => one(relation::partitioned::list),
        [b'X', ..] => one(statistics::list),
        _ => None,
    }
}

/// Whether only modifiers of `allowed` follow.
fn only(rest: &[u8], allowed: &[u8]) -> bool {
    rest.iter().all(|modifier| allowed.contains(modifier))
}
