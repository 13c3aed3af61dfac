//! What describe commands and the shell know of each other: a request and the settings it depends on
//! go in, queries and tables come out through a [`Host`].

use crate::catalog_query::CatalogQuery;
use crate::print::{Column, RowBuffer};
use crate::reported::Reported;

/// One describe command as typed, its arguments read.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The command without its backslash: `d`, `dtvS+`, `dFp`, `l+`.
    pub command: &'a [u8],
    /// The patterns in order, double quotes kept.
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
    /// HIDE_TABLEAM is on.
    pub hide_table_am: bool,
    /// HIDE_TOAST_COMPRESSION is on.
    pub hide_toast_compression: bool,
    /// QUIET is on: nothing is said when nothing was found.
    pub quiet: bool,
}

/// What a describe query gave.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: RowBuffer,
}

/// A table to show.
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

/// The shell around a describe command.
pub trait Host {
    /// Runs a catalog query (echoed under ECHO_HIDDEN); an error is reported by the host.
    fn query(&mut self, query: &CatalogQuery) -> Result<Answer, Reported>;
    /// Runs a query that looks something up for the shell (`\sf`, `\ev`). Of an error only severity
    /// and message are reported, as [`Host::error`] does.
    fn query_briefly(&mut self, query: &CatalogQuery) -> Result<Answer, Reported> {
        self.query(query)
    }
    /// Prints a table to the query output, through the pager where that is right. `\pset null`
    /// holds, `\pset title` doesn't.
    fn show(&mut self, view: View) -> Result<(), Reported>;
    /// Reports an error of the command's own, without the program's prefix: `Did not find any
    /// relation named "x".`
    fn error(&mut self, text: &[u8]);
    /// Writes a line to the query output (`\sf`, footers of no table).
    fn line(&mut self, text: &[u8]);
}

/// A server's version without the part that changes nothing: `9.6`, `18`.
pub fn short_version(version: i32) -> String {
    if version < 100_000 {
        format!("{}.{}", version / 10_000, version / 100 % 100)
    } else {
        (version / 10_000).to_string()
    }
}
