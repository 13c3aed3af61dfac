//! What is done with a query's result, and where it goes.

use super::copy::Stream;
use crate::encoding::Encoding;
use crate::print;

/// How one query is sent and used: what the command that sent it (`;`, `\g`, `\gset`, ...) asked.
#[derive(Debug, Default)]
pub struct Send {
    /// What happens to the result.
    pub usage: Use,
    /// A file, or a command after `|`, that gets the output instead of `\o`'s target.
    pub target: Option<Vec<u8>>,
    /// Printing options for this query alone.
    pub print: Option<Box<print::Options>>,
    /// The lexer went through the query, so psql knows which COPY of it expect data.
    pub scanned: bool,
}

impl Send {
    /// For a statement that its semicolon sends.
    pub fn statement() -> Send {
        Send { scanned: true, ..Send::default() }
    }

    /// How many COPY FROM STDIN `sql` may hold. A string that no lexer saw (`-c`, `\\gexec`) may
    /// begin with one, and holds no other.
    pub fn expected_copies(&self, sql: &[u8], encoding: Encoding) -> usize {
        match (&self.usage, self.scanned) {
            (Use::Copy(_), _) | (_, true) => crate::lexer::copy_data_blocks(sql, encoding),
            (_, false) => usize::from(crate::lexer::begins_with_copy_data(sql, encoding)),
        }
    }

    /// Where COPY data come from or go to.
    pub fn copy_stream(&self) -> &Stream {
        match &self.usage {
            Use::Copy(stream) => stream,
            Use::Print
            | Use::Set(_)
            | Use::Exec
            | Use::Describe
            | Use::Crosstab(_)
            | Use::Watch => &Stream::Script,
        }
    }
}

/// What happens to a query's result.
#[derive(Debug, Default)]
pub enum Use {
    /// Printed.
    #[default]
    Print,
    /// Stored in variables named by this prefix and the columns (`\gset`).
    Set(Vec<u8>),
    /// Each value is executed as a statement (`\gexec`).
    Exec,
    /// The statement is not run; its result's columns are described (`\gdesc`).
    Describe,
    /// Printed as a cross tabulation (`\crosstabview`): the column names or numbers given for the
    /// vertical header, the horizontal header, the data and the sorting of the horizontal header.
    Crosstab([Option<Vec<u8>>; 4]),
    /// COPY data are read from or written to this stream (`\copy`).
    Copy(Stream),
    /// Printed, the variables that tell of a query left alone (`\watch`).
    Watch,
}
