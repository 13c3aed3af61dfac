//! What arrives from a server: messages as values.
//!
//! Knows neither how they are written on the wire nor what becomes of them.

use crate::error_fields::ErrorFields;

/// What the server says about the transaction in ReadyForQuery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransactionStatus {
    /// Not in a transaction.
    #[default]
    Idle,
    /// In a transaction block.
    InTransaction,
    /// In a failed transaction block.
    Failed,
    /// A command is under way.
    Active,
    /// The connection is lost.
    Unknown,
}

/// One column of a RowDescription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Vec<u8>,
    /// The table it is a column of; 0 if it is none.
    pub table_oid: u32,
    /// Its number in that table.
    pub column_number: i16,
    /// Its type.
    pub type_oid: u32,
    /// The type's size; negative if it varies.
    pub type_size: i16,
    /// What the type was declared with: a length, a precision.
    pub type_modifier: i32,
    /// 0 text, 1 binary.
    pub format: i16,
}

/// What arrived from the server, or from the user ([`Event::Interrupted`]).
#[derive(Debug)]
pub enum Event<'a> {
    /// RowDescription: a result with rows begins.
    RowDescription(Vec<Field>),
    /// The body of a DataRow, its framing checked (see `print::Row`).
    DataRow(&'a [u8]),
    /// CommandComplete with its tag: `INSERT 0 1`.
    CommandComplete(&'a [u8]),
    /// EmptyQueryResponse.
    EmptyQuery,
    /// CopyInResponse: the server waits for data.
    CopyIn {
        /// Whether the data are binary.
        binary: bool,
    },
    /// CopyOutResponse.
    CopyOut,
    /// CopyBothResponse (streaming replication).
    CopyBoth,
    /// A CopyData's bytes.
    CopyData(&'a [u8]),
    /// CopyDone.
    CopyDone,
    /// ErrorResponse.
    Error(ErrorFields),
    /// NoticeResponse.
    Notice(ErrorFields),
    /// NotificationResponse.
    Notification(Notification),
    /// ParameterStatus; the session has already taken note of it.
    ParameterStatus {
        /// The parameter's name.
        name: &'a [u8],
        /// Its new value.
        value: &'a [u8],
    },
    /// ReadyForQuery.
    Ready(TransactionStatus),
    /// ParseComplete.
    ParseComplete,
    /// BindComplete.
    BindComplete,
    /// CloseComplete.
    CloseComplete,
    /// NoData: the statement described returns no rows.
    NoData,
    /// PortalSuspended.
    PortalSuspended,
    /// ParameterDescription, whose types nobody asks for.
    ParameterDescription,
    /// FunctionCallResponse's value (large objects).
    FunctionResult(Option<&'a [u8]>),
    /// The interrupt descriptor became readable; nothing was read from the server. The caller
    /// sends a cancel request and goes on reading.
    Interrupted,
}

impl Event<'_> {
    /// Whether it is a result or a part of one.
    pub fn is_answer(&self) -> bool {
        use Event::{
            CloseComplete, CommandComplete, CopyBoth, CopyIn, CopyOut, DataRow, EmptyQuery,
            ParseComplete, RowDescription,
        };
        matches!(
            self,
            RowDescription(_)
                | DataRow(_)
                | CommandComplete(_)
                | EmptyQuery
                | ParseComplete
                | CloseComplete
                | CopyIn { .. }
                | CopyOut
                | CopyBoth
        )
    }
}

/// A NotificationResponse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notification {
    /// The notifying backend's process ID.
    pub pid: i32,
    /// The channel.
    pub channel: Vec<u8>,
    /// The payload, empty if none was given.
    pub payload: Vec<u8>,
}

/// Consecutive DataRow messages, just as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowRun<'a> {
    /// For each row the byte `D`, a 32-bit length that counts itself, and the body.
    pub bytes: &'a [u8],
    /// How many rows there are.
    pub count: u64,
}

/// What has come behind rows that were taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComesNext {
    /// Nothing, or a part of a message.
    Nothing,
    /// A notice, a notification or a parameter.
    Message,
    /// The statement's error.
    Error(ErrorFields),
    /// No more rows.
    End,
}
