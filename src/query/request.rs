//! What a query is sent for: its text, the protocol, what becomes of its result and where that goes.

use crate::connection::protocol::Protocol;
use crate::encoding::Encoding;
use crate::print;
use std::fs::File;

/// One query, and all that is asked of it.
#[derive(Debug)]
pub struct QueryRequest<'a> {
    /// The statement, or several of them.
    pub text: &'a [u8],
    /// Who cut the text.
    pub cut: Cut,
    /// How it is sent.
    pub protocol: Protocol,
    /// What becomes of its result.
    pub plan: ResultPlan,
}

/// Who cut a query's text out of what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The lexer, which sent it at its semicolon: psql knows which COPY of it expect data.
    AtSemicolon,
    /// Nobody looked into it: a `-c` string, a query buffer that a meta-command sends.
    Nowhere,
}

impl<'a> QueryRequest<'a> {
    /// A statement whose result is printed, by the simple protocol.
    pub fn plain(text: &'a [u8]) -> QueryRequest<'a> {
        QueryRequest {
            text,
            cut: Cut::Nowhere,
            protocol: Protocol::Simple,
            plan: ResultPlan::default(),
        }
    }

    /// How many COPY FROM STDIN the text may hold. One that no lexer saw may begin with one, and
    /// holds no other.
    pub fn expected_copies(&self, encoding: Encoding) -> usize {
        match (&self.plan.action, self.cut) {
            (ResultAction::Copy(_), _) | (_, Cut::AtSemicolon) => {
                crate::lexer::copy_data_blocks(self.text, encoding)
            }
            (_, Cut::Nowhere) => {
                usize::from(crate::lexer::begins_with_copy_data(self.text, encoding))
            }
        }
    }
}

/// What becomes of a query's result: what the command that sent it (`;`, `\g`, `\gset`, ...) asked.
#[derive(Debug, Default)]
pub struct ResultPlan {
    /// What is done with it.
    pub action: ResultAction,
    /// A file, or a command after `|`, that gets the output instead of `\o`'s target.
    pub target: Option<Vec<u8>>,
    /// Printing options for this query alone.
    pub print: Option<Box<print::Options>>,
}

impl ResultPlan {
    /// This is done with the result, and no more was asked.
    pub fn new(action: ResultAction) -> ResultPlan {
        ResultPlan { action, ..ResultPlan::default() }
    }

    /// Where COPY data come from or go to.
    pub fn copy_stream(&self) -> &CopyStream {
        match &self.action {
            ResultAction::Copy(stream) => stream,
            ResultAction::Print
            | ResultAction::SetVariables(_)
            | ResultAction::Execute
            | ResultAction::Describe
            | ResultAction::Crosstab(_)
            | ResultAction::Watch
            | ResultAction::Gather => &CopyStream::Script,
        }
    }
}

/// The stream COPY data are read from or written to.
#[derive(Debug, Default)]
pub enum CopyStream {
    /// The current source, or where query results go.
    #[default]
    Script,
    /// The process's standard input or output.
    Standard,
    /// A file, or the pipe to or from a command.
    Opened(CopyFile),
}

/// A file, or the pipe to or from a command, opened for COPY data.
#[derive(Debug)]
pub struct CopyFile {
    /// What was opened.
    pub file: File,
    /// What a user is told of the data on their way; nothing where a command has the terminal that
    /// may page them, or ask.
    pub progress: Option<CopyProgress>,
}

/// What a user is told of COPY data on their way.
#[derive(Debug)]
pub struct CopyProgress {
    /// `\copy from harvest.csv`
    pub what: String,
    /// How many bytes there are, if that is known.
    pub total: Option<u64>,
}

/// What is done with a query's result.
#[derive(Debug, Default)]
pub enum ResultAction {
    /// It is printed.
    #[default]
    Print,
    /// It is stored in variables named by this prefix and the columns (`\gset`).
    SetVariables(Vec<u8>),
    /// Each value is executed as a statement (`\gexec`).
    Execute,
    /// The statement is not run; its result's columns are described (`\gdesc`).
    Describe,
    /// It is printed as a cross tabulation (`\crosstabview`): the column names or numbers given for
    /// the vertical header, the horizontal header, the data and the sorting of the horizontal
    /// header.
    Crosstab([Option<Vec<u8>>; 4]),
    /// COPY data are read from or written to this stream (`\copy`).
    Copy(CopyStream),
    /// It is printed, and the variables that tell of a query are left alone (`\watch`).
    Watch,
    /// It is given to whoever sent the query, and the variables are left alone (`\watch` on a screen).
    Gather,
}
