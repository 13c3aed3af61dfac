//! The wire edge: one connection to a server and the protocol spoken on it.
//!
//! Owns connecting, authenticating, framing and the messages of the frontend/backend protocol
//! (PostgreSQL's documentation, part "Internals"). Synchronous, one thread: it blocks in
//! `poll(2)` on the socket and on an interrupt descriptor. It never prints and never decides what
//! an answer means; whoever called it reads [`Event`]s in the order the server sent them.
//!
//! A server's message is untrusted: lengths are checked, allocations capped, and nothing panics.
//!
//! ```text
//! stream.rs   what carries the bytes: a socket, or tls/        cancel.rs  cancel requests
//! frame.rs    the buffers, and where messages begin and end    auth.rs    passwords, SASL
//! message.rs  messages to values and back                      scram.rs   SCRAM-SHA-256
//! connect.rs  hosts, addresses, sockets, encryption or not     startup.rs the start-up phase
//! tls/        encryption
//! helper/     a second connection on a thread of its own, for questions in the background
//! lookup.rs   the addresses of a name                      version.rs the server's version
//! ```

mod auth;
mod cancel;
mod connect;
mod frame;
pub mod helper;
pub mod lookup;
pub mod message;
mod pace;
mod scram;
mod startup;
mod stream;
pub mod tls;
mod version;

pub use auth::{md5_verifier, scram_verifier};
pub use cancel::CancelToken;
pub use connect::account_name;
pub use stream::error_text;
pub use version::number as version_number;

use crate::conninfo::Settings;
use crate::encoding::Encoding;
use bytes::BufMut;
use cancel::Cancels;
use connect::Place;
use frame::{Arrival, Frame, WRITE_CHUNK, Wire};
use postgres_protocol::message::frontend;
use std::collections::BTreeMap;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Instant;

/// So many parameters of the server's are kept; it has some fifteen to report.
const MAX_PARAMETERS: usize = 1000;

/// libpq keeps so much of a command's tag.
const MAX_TAG: usize = 63;

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
                | CopyOut { .. }
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

impl Lost {
    fn new(message: impl Into<Vec<u8>>) -> Lost {
        Lost { message: message.into() }
    }
}

/// Consecutive DataRow messages, just as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowRun<'a> {
    /// For each row the byte `D`, a 32-bit length that counts itself, and the body.
    pub bytes: &'a [u8],
    /// How many rows there are.
    pub count: u64,
}

/// A connection to a server.
///
/// Sending methods only fill a buffer; [`Session::flush`] or [`Session::next`] write it.
/// Dropping a session says good-bye to the server.
pub struct Session {
    wire: Wire,
    parameters: BTreeMap<Vec<u8>, Vec<u8>>,
    status: TransactionStatus,
    pid: i32,
    /// The secret of cancel requests: 4 bytes in protocol 3.0, up to 256 later.
    key: Vec<u8>,
    /// Columns of the result under way.
    columns: Option<u16>,
    /// An error came, and ReadyForQuery has not.
    refused: bool,
    cancels: Cancels,
    /// A Sync ends the query under way, not the server's own accord.
    synced: bool,
    /// Set once the connection is of no more use.
    lost: Option<Lost>,
    notices: Vec<ErrorFields>,
    settings: Settings,
    place: Place,
    /// How the connection is encrypted, if it is.
    tls: Option<tls::Config>,
    used_password: bool,
    /// As the protocol writes it: `0x0003_0000`.
    version: i32,
}

impl Session {
    /// Opens a connection as `settings` (from `conninfo::resolve`) say: hosts in turn, authentication,
    /// start-up parameters. `interrupt` becomes readable when the person presses Ctrl-C; the session
    /// empties it whenever it reports an interrupt.
    ///
    /// # Errors
    /// psql's text, and whether a password would help.
    pub fn connect(
        settings: &Settings,
        interrupt: Option<OwnedFd>,
    ) -> Result<Session, ConnectError> {
        connect::connect(settings, interrupt)
    }

    /// A session over a connected stream, before its start-up phase.
    fn new(wire: Wire, settings: Settings, place: Place) -> Session {
        Session {
            wire,
            parameters: BTreeMap::new(),
            status: TransactionStatus::Unknown,
            pid: 0,
            key: Vec::new(),
            columns: None,
            refused: false,
            cancels: Cancels::default(),
            synced: false,
            lost: None,
            notices: Vec::new(),
            settings,
            place,
            tls: None,
            used_password: false,
            version: 0x0003_0000,
        }
    }

    /// The last value of a ParameterStatus.
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.parameters.get(name.as_bytes()).map(Vec::as_slice)
    }

    /// `server_version` as a number: 180006; 0 if it can't be told.
    pub fn server_version(&self) -> i32 {
        self.parameter("server_version").map_or(0, version::number)
    }

    /// From the `client_encoding` parameter.
    pub fn encoding(&self) -> Encoding {
        self.parameter("client_encoding").map_or(Encoding::SingleByte, Encoding::from_name)
    }

    /// The name of the client's encoding. Who asks for `UNICODE` is told that he has it, for the sake
    /// of old drivers; it is another name of UTF8's.
    pub fn encoding_name(&self) -> &[u8] {
        match self.parameter("client_encoding") {
            Some(b"UNICODE") => b"UTF8",
            name => name.unwrap_or_default(),
        }
    }

    /// From the last ReadyForQuery.
    pub fn transaction_status(&self) -> TransactionStatus {
        self.status
    }

    /// The process ID of the server's backend.
    pub fn backend_pid(&self) -> i32 {
        self.pid
    }

    /// The settings this connection was opened with, resolved (defaults filled in).
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Forgets the passwords of the password file: who connects again, looks there again.
    pub fn forget_filed_passwords(&mut self) {
        self.settings.forget_filed_passwords();
        self.place.given.password = None;
    }

    /// The host connected to: a name, an address or a socket directory.
    pub fn host(&self) -> &[u8] {
        &self.place.host
    }

    /// The address connected to, as text; empty for a Unix socket.
    pub fn host_address(&self) -> &str {
        &self.place.address
    }

    /// The port connected to, as it was written.
    pub fn port(&self) -> &[u8] {
        &self.place.given.port
    }

    /// The user who connected.
    pub fn user(&self) -> &[u8] {
        self.settings.get("user").unwrap_or_default()
    }

    /// The database connected to.
    pub fn database(&self) -> &[u8] {
        self.settings.get("dbname").unwrap_or_default()
    }

    /// Whether the server asked for a password and one was sent.
    pub fn used_password(&self) -> bool {
        self.used_password
    }

    /// The protocol version spoken: 30000 or 30002.
    pub fn protocol_version(&self) -> i32 {
        (self.version >> 16) * 10000 + (self.version & 0xffff)
    }

    /// What a cancel request needs; usable while the session is busy.
    pub fn cancel_token(&self) -> CancelToken {
        let (settings, place) = (self.settings.clone(), self.place.clone());
        CancelToken::new(settings, place, self.tls.clone(), self.pid, self.key.clone())
    }

    /// What is known of the connection's encryption; `None` if it has none.
    pub fn tls(&self) -> Option<&tls::Info> {
        self.wire.tls()
    }

    /// What the person is to know of the connection's encryption: whole lines; empty when asked
    /// again.
    pub fn take_warnings(&self) -> Vec<Vec<u8>> {
        self.tls.as_ref().map(tls::Config::take_warnings).unwrap_or_default()
    }

    /// Notices that came while connecting, oldest first; empty when asked again.
    pub fn take_notices(&mut self) -> Vec<ErrorFields> {
        std::mem::take(&mut self.notices)
    }

    /// Something was sent that the server answers.
    fn begin_answer(&mut self) {
        self.status = TransactionStatus::Active;
        self.refused = false;
        self.cancels = Cancels::default();
    }

    /// Whether the server has sent an error and is not ready since: it has no more to say.
    pub fn has_failed(&self) -> bool {
        self.refused
    }

    /// Queues a simple Query.
    pub fn query(&mut self, sql: &[u8]) {
        self.begin_answer();
        self.synced = false;
        message::query(&mut self.wire.output, sql);
    }

    /// Queues Parse.
    pub fn parse(&mut self, name: &[u8], sql: &[u8], types: &[u32]) {
        self.begin_answer();
        message::parse(&mut self.wire.output, name, sql, types);
    }

    /// Queues Bind of text parameters (at most 65535), asking for text results.
    pub fn bind(&mut self, portal: &[u8], statement: &[u8], values: &[Vec<u8>]) {
        self.begin_answer();
        message::bind(&mut self.wire.output, portal, statement, values);
    }

    /// Queues Describe of a portal.
    pub fn describe_portal(&mut self, portal: &[u8]) {
        message::about(&mut self.wire.output, b'D', b'P', portal);
    }

    /// Queues Describe of a statement.
    pub fn describe_statement(&mut self, name: &[u8]) {
        message::about(&mut self.wire.output, b'D', b'S', name);
    }

    /// Queues Execute; `max_rows` 0 is all.
    pub fn execute(&mut self, portal: &[u8], max_rows: i32) {
        message::execute(&mut self.wire.output, portal, max_rows);
    }

    /// Queues Close of a statement.
    pub fn close_statement(&mut self, name: &[u8]) {
        self.begin_answer();
        message::about(&mut self.wire.output, b'C', b'S', name);
    }

    /// Queues Sync.
    pub fn sync(&mut self) {
        self.synced = true;
        frontend::sync(&mut self.wire.output);
    }

    /// Queues Flush (the server sends what it has).
    pub fn flush_request(&mut self) {
        frontend::flush(&mut self.wire.output);
    }

    /// Queues CopyData, writing when the buffer is large and reading meanwhile, so that neither
    /// side can block the other; see [`Session::has_news`].
    ///
    /// # Errors
    /// The connection is gone.
    pub fn copy_data(&mut self, data: &[u8]) -> Result<(), Lost> {
        // A message's length has 31 bits, and the server takes no more than 1 GB in one.
        for part in data.chunks(1 << 20) {
            message::write(&mut self.wire.output, Some(b'd'), |out| out.put_slice(part));
            if self.wire.output.len() >= WRITE_CHUNK {
                self.flush()?;
                let glance = self.wire.glance();
                self.note(glance)?;
            }
        }
        Ok(())
    }

    /// How many bytes are queued and not written.
    pub fn queued(&self) -> usize {
        self.wire.output.len()
    }

    /// Whether something arrived while data were sent: a notice, an early error (the server
    /// ignores the data after it) or an interrupt, to be taken with [`Session::try_next`]. Costs
    /// no system call, so it may be asked after every line.
    pub fn has_news(&self) -> bool {
        self.wire.has_news()
    }

    /// Whether the next message is an error that came while data were sent: the server has refused
    /// them and ignores the rest. Costs no system call.
    pub fn has_refused(&self) -> bool {
        self.wire.next_kind() == Some(b'E')
    }

    /// Whether the next message, as far as it has come, is a notice or a notification. Costs no
    /// system call.
    pub fn has_notice(&self) -> bool {
        matches!(self.wire.next_kind(), Some(b'N' | b'A'))
    }

    /// A notice, a notification or a parameter that arrived while data were sent; nothing is read.
    ///
    /// # Errors
    /// As [`Session::next`].
    pub fn next_aside(&mut self) -> Result<Option<Event<'_>>, Lost> {
        match self.wire.next_kind() {
            Some(b'N' | b'A' | b'S') => self.next_received(),
            _ => Ok(None),
        }
    }

    /// What the server sends unasked, without waiting: a notice, a notification, a parameter, or the
    /// error that says why it is about to hang up.
    ///
    /// # Errors
    /// As [`Session::next`].
    pub fn listen(&mut self) -> Result<Option<Event<'_>>, Lost> {
        self.alive()?;
        if !self.is_at_rest() {
            return Ok(None);
        }
        // The connection's end shall not be seen before what came ahead of it.
        if !self.wire.has_frame() {
            let glance = self.wire.glance();
            self.note(glance)?;
        }
        if self.is_at_rest() { self.next_received() } else { Ok(None) }
    }

    /// Whether the connection stands and nothing has come that only an answer may hold, which is left
    /// for the next query to report.
    pub fn is_at_rest(&self) -> bool {
        self.alive().is_ok() && self.wire.next_kind().is_none_or(|kind| b"NASE".contains(&kind))
    }

    /// Notes that the user wants the answer to end. The connection is given up, and true returned, if
    /// the server was asked often enough: it is silent, or never comes to an end.
    pub fn gives_up(&mut self) -> bool {
        let last = self.cancels.is_last();
        if last {
            self.break_off("server did not react to cancel requests");
        }
        last
    }

    /// Ends the connection for this reason.
    pub fn break_off(&mut self, reason: &str) {
        let _ = self.note::<()>(Err(Lost::new(reason)));
    }

    /// Queues CopyDone.
    pub fn copy_done(&mut self) {
        frontend::copy_done(&mut self.wire.output);
        self.sync_again();
    }

    /// Forgets COPY data that are queued: CopyFail comes next.
    pub fn discard_copy_data(&mut self) {
        self.wire.discard_output();
    }

    /// Queues CopyFail.
    pub fn copy_fail(&mut self, reason: &[u8]) {
        message::copy_fail(&mut self.wire.output, reason);
        self.sync_again();
    }

    /// A Sync that the server read while it waited for COPY data did not count.
    fn sync_again(&mut self) {
        if self.synced {
            self.sync();
        }
    }

    /// Queues FunctionCall with binary arguments (large objects: lo_creat, lo_write, ...).
    pub fn function_call(&mut self, function_oid: u32, arguments: &[&[u8]]) {
        self.begin_answer();
        message::function_call(&mut self.wire.output, function_oid, arguments);
    }

    /// Writes everything queued. If the person interrupts meanwhile, it comes back early with
    /// bytes still queued, and the next event is [`Event::Interrupted`].
    ///
    /// # Errors
    /// The connection is gone.
    pub fn flush(&mut self) -> Result<(), Lost> {
        self.alive()?;
        let flushed = self.wire.flush();
        self.note(flushed)
    }

    /// Flushes, then waits for the next message (or an interrupt).
    ///
    /// # Errors
    /// The connection is gone, or the server sent nonsense; every later call says the same.
    // Not an iterator: what it gives borrows from the session.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Event<'_>, Lost> {
        self.alive()?;
        let arrival = self.wire.wait_frame();
        match self.note(arrival)? {
            Arrival::Frame(frame) => self.event(frame),
            Arrival::Interrupted => Ok(Event::Interrupted),
            Arrival::TimedOut => Err(Lost::new("timeout expired")),
        }
    }

    /// Flushes, then waits for the first sign of an answer (or an interrupt); false if it came before
    /// the deadline. Taking it is left to [`Session::next`], and so are errors.
    pub fn is_quiet_until(&mut self, deadline: Instant) -> bool {
        if self.lost.is_some() {
            return false;
        }
        let usual = self.wire.deadline.replace(deadline);
        let mut quiet = Ok(false);
        while !self.wire.has_news() && quiet == Ok(false) {
            quiet = self.wire.receive();
        }
        self.wire.deadline = usual;
        quiet == Ok(true)
    }

    /// A message that is already here, without waiting (notifications at the prompt).
    ///
    /// # Errors
    /// As [`Session::next`].
    pub fn try_next(&mut self) -> Result<Option<Event<'_>>, Lost> {
        self.alive()?;
        if self.wire.take_interrupted() {
            return Ok(Some(Event::Interrupted));
        }
        let frame = self.wire.try_frame();
        match self.note(frame)? {
            Some(frame) => self.event(frame).map(Some),
            None => Ok(None),
        }
    }

    /// A message that was received along with others and not taken yet; nothing is read.
    ///
    /// # Errors
    /// As [`Session::next`].
    pub fn next_received(&mut self) -> Result<Option<Event<'_>>, Lost> {
        self.alive()?;
        let frame = self.wire.take_frame();
        match self.note(frame)? {
            Some(frame) => self.event(frame).map(Some),
            None => Ok(None),
        }
    }

    /// After [`Event::CopyData`]: hands the data of the messages behind it that are here already
    /// to `take`, one after the other, as long as it likes them.
    ///
    /// # Errors
    /// As [`Session::next`].
    pub fn copy_data_received(&mut self, take: impl FnMut(&[u8]) -> bool) -> Result<(), Lost> {
        self.alive()?;
        let run = self.wire.take_run(b'd', take);
        self.note(run).map(drop)
    }

    /// After [`Event::DataRow`]: the rows behind it that are here already, all at once. Their
    /// framing is checked as that of a single row. Often empty; go on with [`Session::next`].
    ///
    /// # Errors
    /// As [`Session::next`].
    pub fn rows(&mut self) -> Result<RowRun<'_>, Lost> {
        self.alive()?;
        let columns = self.columns;
        let mut count = 0;
        let run = self.wire.take_run(b'D', |body| {
            // A row that is wrong stays, for `next` to report.
            let good = message::data_row_columns(body).is_some_and(|c| Some(c) == columns);
            count += u64::from(good);
            good
        });
        let run = self.note(run)?;
        Ok(RowRun { bytes: self.wire.bytes(run), count })
    }

    /// The socket, to poll at an idle prompt.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.wire.as_fd()
    }

    fn alive(&self) -> Result<(), Lost> {
        self.lost.clone().map_or(Ok(()), Err)
    }

    /// Remembers that the connection is gone.
    fn note<T>(&mut self, result: Result<T, Lost>) -> Result<T, Lost> {
        if let Err(lost) = &result {
            self.lost = Some(lost.clone());
            self.status = TransactionStatus::Unknown;
        }
        result
    }

    /// Turns a message into an event.
    #[inline]
    fn event(&mut self, frame: Frame) -> Result<Event<'_>, Lost> {
        let kind = frame.kind;
        let body = self.wire.bytes(frame.body);
        if kind == b'D' {
            match message::data_row_columns(body) {
                Some(count) if Some(count) == self.columns => return Ok(Event::DataRow(body)),
                _ => {
                    let lost = Lost::new(bad_row(body, self.columns));
                    self.lost = Some(lost.clone());
                    self.status = TransactionStatus::Unknown;
                    return Err(lost);
                }
            }
        }
        let event = match kind {
            b'T' => message::row_description(body).map(|fields| {
                self.columns = u16::try_from(fields.len()).ok();
                Event::RowDescription(fields)
            }),
            b'C' => message::one_string(body)
                .map(|tag| Event::CommandComplete(&tag[..tag.len().min(MAX_TAG)])),
            b'I' => Some(Event::EmptyQuery),
            b'Z' => message::ready_for_query(body).map(|status| {
                self.status = status;
                self.refused = false;
                self.cancels = Cancels::default();
                Event::Ready(status)
            }),
            b'E' => {
                self.refused = self.status == TransactionStatus::Active;
                message::error_fields(body).map(Event::Error)
            }
            b'N' => message::error_fields(body).map(Event::Notice),
            b'A' => message::notification(body).map(Event::Notification),
            b'S' => message::parameter_status(body).map(|(name, value)| {
                if self.parameters.len() < MAX_PARAMETERS || self.parameters.contains_key(name) {
                    self.parameters.insert(name.to_vec(), value.to_vec());
                }
                Event::ParameterStatus { name, value }
            }),
            b'G' => message::copy_response(body)
                .map(|(binary, columns)| Event::CopyIn { binary, columns }),
            b'H' => message::copy_response(body)
                .map(|(binary, columns)| Event::CopyOut { binary, columns }),
            b'W' => message::copy_response(body).map(|_| Event::CopyBoth),
            b'd' => Some(Event::CopyData(body)),
            b'c' => Some(Event::CopyDone),
            b'1' => Some(Event::ParseComplete),
            b'2' => Some(Event::BindComplete),
            b'3' => Some(Event::CloseComplete),
            b'n' => Some(Event::NoData),
            b's' => Some(Event::PortalSuspended),
            b't' => message::parameter_description(body).map(Event::ParameterDescription),
            b'V' => message::function_result(body).map(Event::FunctionResult),
            _ => None,
        };
        event.ok_or_else(|| {
            let lost = Lost::new(bad_message(kind));
            self.lost = Some(lost.clone());
            self.status = TransactionStatus::Unknown;
            lost
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A server that never was ready is left without a word.
        if self.lost.is_none() && self.status != TransactionStatus::Unknown {
            frontend::terminate(&mut self.wire.output);
            self.wire.send_last();
        }
    }
}

/// Why a message can't be taken.
fn bad_message(kind: u8) -> Vec<u8> {
    const KNOWN: &[u8] = b"TCIZENASGHWdc123nstV";
    let text: &[u8] = if KNOWN.contains(&kind) {
        b"message contents do not agree with length in message type \""
    } else {
        b"unexpected response from server; first received character was \""
    };
    [text, &[kind], b"\""].concat()
}

/// Why a DataRow can't be taken.
fn bad_row(body: &[u8], columns: Option<u16>) -> &'static str {
    let mut reader = message::Reader(body);
    let count = reader.count();
    match columns {
        None => "server sent data (\"D\" message) without prior row description (\"T\" message)",
        Some(_) if count.is_some() && count != columns => "unexpected field count in \"D\" message",
        Some(columns) => {
            for _ in 0..columns {
                let value = match reader.int32() {
                    Some(-1) => Some(&[][..]),
                    Some(..-1) => return "invalid length of a value in \"D\" message",
                    Some(len) => usize::try_from(len).ok().and_then(|len| reader.bytes(len)),
                    None => None,
                };
                if value.is_none() {
                    return "insufficient data in \"D\" message";
                }
            }
            "message contents do not agree with length in message type \"D\""
        }
    }
}

#[cfg(test)]
mod tests;
