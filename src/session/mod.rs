//! The wire edge: one connection to a server and the protocol spoken on it.
//!
//! Owns connecting, authenticating, framing and the messages of the frontend/backend protocol
//! (PostgreSQL's documentation, part "Internals"). Synchronous, one thread: it blocks in
//! `poll(2)` on the socket and on an interrupt descriptor. It never prints and never decides what
//! an answer means; whoever called it reads [`Event`]s in the order the server sent them.
//!
//! A server's message is untrusted: lengths are checked, allocations capped, and nothing panics.

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
#[allow(missing_docs)]
pub struct Field {
    pub name: Vec<u8>,
    pub table_oid: u32,
    pub column_number: i16,
    pub type_oid: u32,
    pub type_size: i16,
    pub type_modifier: i32,
    /// 0 text, 1 binary.
    pub format: i16,
}

/// The fields of an ErrorResponse or NoticeResponse, by their one-byte codes (protocol
/// documentation, "Error and Notice Message Fields").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorFields {
    fields: Vec<(u8, Vec<u8>)>,
}

impl ErrorFields {
    /// The value of the field with this code: `b'M'` the message, `b'C'` the SQLSTATE, ...
    pub fn get(&self, code: u8) -> Option<&[u8]> {
        self.fields.iter().find(|(c, _)| *c == code).map(|(_, v)| v.as_slice())
    }

    /// Adds a field.
    pub fn push(&mut self, code: u8, value: Vec<u8>) {
        self.fields.push((code, value));
    }
}

/// What arrived from the server, or from the person ([`Event::Interrupted`]).
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
    /// CopyInResponse: the server waits for data. Overall and per-column formats, 1 is binary.
    CopyIn {
        /// Whether the data are binary.
        binary: bool,
        /// How many columns the data have.
        columns: usize,
    },
    /// CopyOutResponse.
    CopyOut {
        /// Whether the data are binary.
        binary: bool,
        /// How many columns the data have.
        columns: usize,
    },
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
    /// ParameterDescription: the statement's parameter types.
    ParameterDescription(Vec<u32>),
    /// FunctionCallResponse's value (large objects).
    FunctionResult(Option<&'a [u8]>),
    /// The interrupt descriptor became readable; nothing was read from the server. The caller
    /// sends a cancel request and goes on reading.
    Interrupted,
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

/// The connection is gone or spoke nonsense; the text is what psql shows, several lines perhaps,
/// without a last newline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// The message: `server closed the connection unexpectedly\n\tThis probably means ...`.
    pub message: Vec<u8>,
}

/// Why no session could be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectError {
    /// psql's text, without the `psql: error: ` prefix and the last newline: `connection to server
    /// on socket "..." failed: ...`.
    pub message: Vec<u8>,
    /// The server asked for a password and none was known.
    pub needs_password: bool,
    /// The person pressed Ctrl-C.
    pub interrupted: bool,
}

/// A connection to a server.
///
/// Sending methods only fill a buffer; [`Session::flush`] or [`Session::next`] write it.
pub struct Session {}

#[allow(unused_variables, missing_docs, clippy::missing_errors_doc)]
impl Session {
    /// Opens a connection as `settings` say: hosts in turn, authentication, start-up parameters.
    pub fn connect(
        settings: &crate::conninfo::Settings,
        interrupt: Option<std::os::fd::OwnedFd>,
    ) -> Result<Session, ConnectError> {
        todo!()
    }
    /// The last value of a ParameterStatus.
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        todo!()
    }
    /// `server_version` as a number: 180006; 0 if it can't be told.
    pub fn server_version(&self) -> i32 {
        todo!()
    }
    /// From the `client_encoding` parameter.
    pub fn encoding(&self) -> crate::encoding::Encoding {
        todo!()
    }
    pub fn transaction_status(&self) -> TransactionStatus {
        todo!()
    }
    pub fn backend_pid(&self) -> i32 {
        todo!()
    }
    /// The settings this connection was opened with, resolved (defaults filled in).
    pub fn settings(&self) -> &crate::conninfo::Settings {
        todo!()
    }
    /// The host connected to: a name, an address or a socket directory, as PQhost would say.
    pub fn host(&self) -> &str {
        todo!()
    }
    /// The address connected to, as text; empty for a Unix socket.
    pub fn host_address(&self) -> &str {
        todo!()
    }
    pub fn port(&self) -> u16 {
        todo!()
    }
    pub fn user(&self) -> &[u8] {
        todo!()
    }
    pub fn database(&self) -> &[u8] {
        todo!()
    }
    /// Whether the server asked for a password and one was sent.
    pub fn used_password(&self) -> bool {
        todo!()
    }
    /// The protocol version spoken: 30000 or 30002.
    pub fn protocol_version(&self) -> i32 {
        todo!()
    }
    /// What a cancel request needs; usable while the session is busy.
    pub fn cancel_token(&self) -> CancelToken {
        todo!()
    }

    /// Queues a simple Query.
    pub fn query(&mut self, sql: &[u8]) {
        todo!()
    }
    /// Queues Parse.
    pub fn parse(&mut self, name: &[u8], sql: &[u8], types: &[u32]) {
        todo!()
    }
    /// Queues Bind of text parameters, asking for text results.
    pub fn bind(&mut self, portal: &[u8], statement: &[u8], values: &[Option<Vec<u8>>]) {
        todo!()
    }
    /// Queues Describe of a portal.
    pub fn describe_portal(&mut self, portal: &[u8]) {
        todo!()
    }
    /// Queues Describe of a statement.
    pub fn describe_statement(&mut self, name: &[u8]) {
        todo!()
    }
    /// Queues Execute; `max_rows` 0 is all.
    pub fn execute(&mut self, portal: &[u8], max_rows: i32) {
        todo!()
    }
    /// Queues Close of a statement.
    pub fn close_statement(&mut self, name: &[u8]) {
        todo!()
    }
    /// Queues Sync.
    pub fn sync(&mut self) {
        todo!()
    }
    /// Queues Flush (the server sends what it has).
    pub fn flush_request(&mut self) {
        todo!()
    }
    /// Queues CopyData, writing when the buffer is large; watches for an early error meanwhile, so
    /// that neither side can block the other.
    pub fn copy_data(&mut self, data: &[u8]) -> Result<(), Lost> {
        todo!()
    }
    /// Queues CopyDone.
    pub fn copy_done(&mut self) {
        todo!()
    }
    /// Queues CopyFail.
    pub fn copy_fail(&mut self, reason: &[u8]) {
        todo!()
    }
    /// Queues FunctionCall with binary arguments (large objects: lo_creat, lo_write, ...).
    pub fn function_call(&mut self, function_oid: u32, arguments: &[&[u8]]) {
        todo!()
    }
    /// Writes everything queued.
    pub fn flush(&mut self) -> Result<(), Lost> {
        todo!()
    }
    /// Flushes, then waits for the next message (or an interrupt).
    pub fn next(&mut self) -> Result<Event<'_>, Lost> {
        todo!()
    }
    /// A message that is already here, without waiting (notifications at the prompt).
    pub fn try_next(&mut self) -> Result<Option<Event<'_>>, Lost> {
        todo!()
    }
    /// The socket, to poll at an idle prompt.
    pub fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        todo!()
    }
}

/// What a cancel request needs.
#[derive(Clone, Debug)]
pub struct CancelToken {}

impl CancelToken {
    /// Asks the server, on a connection of its own, to cancel what the session runs.
    ///
    /// # Errors
    /// The text of what went wrong.
    pub fn cancel(&self) -> Result<(), Vec<u8>> {
        todo!()
    }
}
