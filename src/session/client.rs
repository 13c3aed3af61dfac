//! A session: the client's side of one connection, requests queued and answers read in order.
//!
//! Owns where the exchange with the server stands. Opening a connection is the business of
//! `connect.rs` and `startup.rs`; how messages look, of `message.rs`.

use super::backend::Backend;
use super::cancel::{CancelCount, CancelToken};
use super::connect_params::ConnectParams;
use super::event::{ComesNext, Event, RowRun, TransactionStatus};
use super::message;
use super::read_buffer::Frame;
use super::wire::{Arrival, Received, WRITE_CHUNK, Wire};
use crate::conninfo::{Host, Settings};
use crate::encoding::Encoding;
use crate::error_fields::ErrorFields;
use crate::network::error::{AttemptErrorKind, ConnectionLost};
use crate::network::stream::TlsInfo;
use crate::tls;
use bytes::BufMut;
use postgres_protocol::message::frontend;
use std::os::fd::BorrowedFd;
use std::time::Instant;

/// So many notices of the start-up phase are kept; a login trigger has a few.
const MAX_NOTICES: usize = 1000;

/// A connection to a server.
///
/// Sending methods only fill a buffer; [`Session::flush`] or [`Session::next_event`] write it.
/// Dropping a session terminates it.
pub struct Session {
    pub(super) wire: Wire,
    pub(super) backend: Backend,
    exchange: Exchange,
    params: ConnectParams,
    /// Whether the server asked for a password and one was sent.
    pub(super) used_password: bool,
    /// Those of the start-up phase.
    notices: Vec<ErrorFields>,
}

/// Where the exchange of requests and answers stands.
struct Exchange {
    status: TransactionStatus,
    /// Columns of the result under way.
    columns: Option<u16>,
    /// An error came, and ReadyForQuery has not.
    has_failed: bool,
    cancels: CancelCount,
    /// Whether a Sync ends the query under way, not the server's own accord.
    is_synced: bool,
    /// Set once the connection is of no more use.
    lost: Option<ConnectionLost>,
    /// The status there was when it was lost.
    status_when_lost: TransactionStatus,
}

impl Exchange {
    /// Something was sent that the server answers.
    fn begin_answer(&mut self) {
        self.status = TransactionStatus::Active;
        self.has_failed = false;
        self.cancels = CancelCount::default();
    }

    /// ReadyForQuery came.
    fn end_answer(&mut self, status: TransactionStatus) {
        self.status = status;
        self.has_failed = false;
        self.cancels = CancelCount::default();
    }

    /// Takes note that the connection is gone.
    fn lose(&mut self, lost: &ConnectionLost) {
        if self.lost.is_none() {
            self.status_when_lost = self.status;
        }
        self.lost = Some(lost.clone());
        self.status = TransactionStatus::Unknown;
    }
}

impl Session {
    /// A session over a connected stream, before its start-up phase.
    pub(super) fn new(wire: Wire, params: ConnectParams) -> Session {
        Session {
            wire,
            backend: Backend::new(),
            exchange: Exchange {
                status: TransactionStatus::Unknown,
                columns: None,
                has_failed: false,
                cancels: CancelCount::default(),
                is_synced: false,
                lost: None,
                status_when_lost: TransactionStatus::Unknown,
            },
            params,
            used_password: false,
            notices: Vec::new(),
        }
    }

    /// The last value of a ParameterStatus.
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.backend.parameter(name)
    }

    /// `server_version` as a number: 180006; 0 if it is not reported.
    pub fn server_version(&self) -> i32 {
        self.backend.server_version()
    }

    /// From the `client_encoding` parameter.
    pub fn encoding(&self) -> Encoding {
        self.backend.encoding()
    }

    /// The name of the client's encoding; UTF8 where the server reports its old name.
    pub fn encoding_name(&self) -> &[u8] {
        self.backend.encoding_name()
    }

    /// The process ID of the server's backend.
    pub fn backend_pid(&self) -> i32 {
        self.backend.key.pid
    }

    /// The protocol version spoken: 30000 or 30002.
    pub fn protocol_version(&self) -> i32 {
        self.backend.protocol_version()
    }

    /// From the last ReadyForQuery.
    pub fn transaction_status(&self) -> TransactionStatus {
        self.exchange.status
    }

    /// What the session was opened with, and where.
    pub(super) fn params(&self) -> &ConnectParams {
        &self.params
    }

    /// The settings this connection was opened with, resolved (defaults filled in).
    pub fn settings(&self) -> &Settings {
        &self.params.settings
    }

    /// Forgets the passwords of the password file: who connects again, looks there again.
    pub fn forget_passfile_passwords(&mut self) {
        self.params.forget_passfile_passwords();
    }

    /// The host connected to: a name, an address or a socket directory.
    pub fn host(&self) -> &[u8] {
        self.params.peer.host()
    }

    /// The host connected to, as the settings have it.
    pub fn given_host(&self) -> &Host {
        &self.params.peer.given
    }

    /// The address connected to, as text; empty for a Unix socket.
    pub fn host_address(&self) -> &str {
        &self.params.peer.address_text
    }

    /// The port connected to, as it was written.
    pub fn port(&self) -> &[u8] {
        &self.params.peer.given.port
    }

    /// The user who connected.
    pub fn user(&self) -> &[u8] {
        self.settings().get("user").unwrap_or_default()
    }

    /// The database connected to.
    pub fn database(&self) -> &[u8] {
        self.settings().get("dbname").unwrap_or_default()
    }

    /// Whether the server asked for a password and one was sent.
    pub fn used_password(&self) -> bool {
        self.used_password
    }

    /// What a cancel request needs; usable while the session is busy.
    pub fn cancel_token(&self) -> CancelToken {
        CancelToken::new(self.params.clone(), self.backend.key.clone())
    }

    /// What is known of the connection's encryption; `None` if it has none.
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.wire.tls()
    }

    /// What the user is to know of the connection's encryption: whole lines; empty when asked
    /// again.
    pub fn take_warnings(&self) -> Vec<Vec<u8>> {
        self.params.tls.as_ref().map(tls::Config::take_warnings).unwrap_or_default()
    }

    /// Keeps a notice that came while connecting, unless there are too many.
    pub(super) fn keep_notice(&mut self, notice: ErrorFields) {
        if self.notices.len() < MAX_NOTICES {
            self.notices.push(notice);
        }
    }

    /// Notices that came while connecting, oldest first; empty when asked again.
    pub fn take_notices(&mut self) -> Vec<ErrorFields> {
        std::mem::take(&mut self.notices)
    }

    /// Takes over the notices of attempts that failed before.
    pub(super) fn put_notices_before(&mut self, mut earlier: Vec<ErrorFields>) {
        earlier.append(&mut self.notices);
        self.notices = earlier;
    }

    /// Whether the server has sent an error, and has not been ready since: no more results come.
    pub fn has_failed(&self) -> bool {
        self.exchange.has_failed
    }

    /// Queues a simple Query.
    pub fn query(&mut self, sql: &[u8]) {
        self.exchange.begin_answer();
        self.exchange.is_synced = false;
        message::query(self.wire.output(), sql);
    }

    /// Queues Parse; the server finds the parameters' types.
    pub fn parse(&mut self, name: &[u8], sql: &[u8]) {
        self.exchange.begin_answer();
        message::parse(self.wire.output(), name, sql);
    }

    /// Queues Bind of text parameters (at most 65535) to the unnamed portal, asking for text
    /// results.
    pub fn bind(&mut self, statement: &[u8], values: &[Vec<u8>]) {
        self.exchange.begin_answer();
        message::bind(self.wire.output(), statement, values);
    }

    /// Queues Describe of the unnamed portal.
    pub fn describe_portal(&mut self) {
        message::describe_or_close(self.wire.output(), b'D', b'P', b"");
    }

    /// Queues Describe of a statement.
    pub fn describe_statement(&mut self, name: &[u8]) {
        message::describe_or_close(self.wire.output(), b'D', b'S', name);
    }

    /// Queues Execute of the unnamed portal, for all rows.
    pub fn execute(&mut self) {
        message::execute(self.wire.output());
    }

    /// Queues Close of a statement.
    pub fn close_statement(&mut self, name: &[u8]) {
        self.exchange.begin_answer();
        message::describe_or_close(self.wire.output(), b'C', b'S', name);
    }

    /// Queues Sync.
    pub fn sync(&mut self) {
        self.exchange.is_synced = true;
        frontend::sync(self.wire.output());
    }

    /// Queues Flush: the server then sends what it has.
    pub fn flush_request(&mut self) {
        frontend::flush(self.wire.output());
    }

    /// Queues CopyData, writing when the buffer is large and reading meanwhile, so that neither
    /// side can block the other; see [`Session::has_input`].
    ///
    /// # Errors
    /// The connection is gone.
    pub fn copy_data(&mut self, data: &[u8]) -> Result<(), ConnectionLost> {
        // A message's length has 31 bits, and the server takes no more than 1 GB in one.
        for part in data.chunks(1 << 20) {
            message::write(self.wire.output(), Some(b'd'), |out| out.put_slice(part));
            if self.wire.queued() >= WRITE_CHUNK {
                self.flush()?;
                let polled = self.wire.poll_input();
                self.record_loss(polled)?;
            }
        }
        Ok(())
    }

    /// How many bytes are queued and not written.
    pub fn queued(&self) -> usize {
        self.wire.queued()
    }

    /// Whether something arrived while data were sent: a notice, an early error (the server
    /// ignores the data after it) or an interrupt, to be taken with [`Session::try_next`]. Makes no
    /// system call, so it may be called for every line.
    pub fn has_input(&self) -> bool {
        self.wire.has_input()
    }

    /// Whether the next message is an error that came while data were sent: the server has refused
    /// them and ignores the rest. Makes no system call.
    pub fn has_received_error(&self) -> bool {
        self.wire.next_kind() == Some(b'E')
    }

    /// Whether the next message, as far as it has come, is a notice or a notification. Makes no
    /// system call.
    pub fn has_notice(&self) -> bool {
        matches!(self.wire.next_kind(), Some(b'N' | b'A'))
    }

    /// A notice, a notification or a parameter that arrived while data were sent; nothing is read.
    ///
    /// # Errors
    /// As [`Session::next_event`].
    pub fn next_async(&mut self) -> Result<Option<Event<'_>>, ConnectionLost> {
        match self.wire.next_kind() {
            Some(b'N' | b'A' | b'S') => self.next_received(),
            _ => Ok(None),
        }
    }

    /// What the server sends unasked, without waiting: a notice, a notification, a parameter, or the
    /// error that says why it is about to hang up.
    ///
    /// # Errors
    /// As [`Session::next_event`].
    pub fn listen(&mut self) -> Result<Option<Event<'_>>, ConnectionLost> {
        self.check_connected()?;
        if !self.is_idle() {
            return Ok(None);
        }
        // What came before the connection's end is to be seen first.
        if !self.wire.has_frame() {
            let polled = self.wire.poll_input();
            self.record_loss(polled)?;
        }
        if self.is_idle() { self.next_received() } else { Ok(None) }
    }

    /// Whether the server has hung up on an idle session, as far as can be told without waiting; if
    /// so, the transaction status there was before.
    pub fn hung_up_in(&mut self) -> Option<TransactionStatus> {
        let before = self.exchange.status;
        if self.exchange.lost.is_some() {
            return Some(self.exchange.status_when_lost);
        }
        if !self.is_idle() {
            return None;
        }
        let polled = self.wire.poll_input();
        // An error that nothing asked for is the server's last word.
        let gone = self.record_loss(polled).is_err() || self.has_received_error();
        gone.then_some(before)
    }

    /// Reads what has arrived, without waiting, for [`Session::rows`]; false if there was nothing.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn receive_more(&mut self) -> Result<bool, ConnectionLost> {
        self.check_connected()?;
        let before = self.wire.unread().len();
        let polled = self.wire.poll_input();
        self.record_loss(polled)?;
        Ok(self.wire.unread().len() > before)
    }

    /// What comes next of a result whose rows were taken ([`Session::rows`]), as far as it has come.
    pub fn comes_next(&self) -> ComesNext {
        match self.wire.next_kind() {
            None => ComesNext::Nothing,
            Some(b'N' | b'A' | b'S') => ComesNext::Message,
            // A row that is whole and was not taken is none.
            Some(b'D') if !self.wire.has_frame() => ComesNext::Nothing,
            Some(b'E') => match self.wire.peek_frame() {
                Ok(Some(frame)) => {
                    let fields = message::error_fields(self.wire.bytes(frame.body));
                    ComesNext::Error(fields.unwrap_or_default())
                }
                _ => ComesNext::Nothing,
            },
            Some(_) => ComesNext::End,
        }
    }

    /// Whether the connection stands and nothing has come that belongs to an answer, which the next
    /// query would report.
    pub fn is_idle(&self) -> bool {
        self.check_connected().is_ok()
            && self.wire.next_kind().is_none_or(|kind| b"NASE".contains(&kind))
    }

    /// Asks the server to cancel the query. Returns false, and gives the connection up, if it was
    /// asked often enough in vain: an interrupt meanwhile is one more time.
    ///
    /// # Errors
    /// The text of what went wrong.
    pub fn cancel(&mut self) -> Result<bool, Vec<u8>> {
        while !self.exchange.cancels.is_last() {
            match self.cancel_token().cancel_until(self.wire.interrupt()) {
                Ok(()) => return Ok(true),
                Err(error) if error.kind == AttemptErrorKind::Interrupted => {}
                Err(error) => return Err(error.message),
            }
        }
        self.close_with_error("server did not react to cancel requests");
        Ok(false)
    }

    /// Gives the connection up for this reason.
    pub fn close_with_error(&mut self, reason: &str) {
        let _ = self.record_loss::<()>(Err(ConnectionLost::new(reason)));
    }

    /// Queues CopyDone.
    pub fn copy_done(&mut self) {
        frontend::copy_done(self.wire.output());
        self.repeat_sync();
    }

    /// Forgets COPY data that are queued: CopyFail comes next.
    pub fn discard_copy_data(&mut self) {
        self.wire.discard_output();
    }

    /// Queues CopyFail.
    pub fn copy_fail(&mut self, reason: &[u8]) {
        message::copy_fail(self.wire.output(), reason);
        self.repeat_sync();
    }

    /// Sends Sync again: the server ignored the one it read while it waited for COPY data.
    fn repeat_sync(&mut self) {
        if self.exchange.is_synced {
            self.sync();
        }
    }

    /// Queues FunctionCall with binary arguments (large objects: lo_creat, lo_write, ...).
    pub fn function_call(&mut self, function_oid: u32, arguments: &[&[u8]]) {
        self.exchange.begin_answer();
        message::function_call(self.wire.output(), function_oid, arguments);
    }

    /// Writes everything queued. If the user interrupts meanwhile, it returns early with bytes still
    /// queued, and the next event is [`Event::Interrupted`].
    ///
    /// # Errors
    /// The connection is gone.
    pub fn flush(&mut self) -> Result<(), ConnectionLost> {
        self.check_connected()?;
        let flushed = self.wire.flush();
        self.record_loss(flushed)
    }

    /// Flushes, then waits for the next message (or an interrupt).
    ///
    /// # Errors
    /// The connection is gone, or the server sent nonsense; every later call says the same.
    pub fn next_event(&mut self) -> Result<Event<'_>, ConnectionLost> {
        self.check_connected()?;
        let arrival = self.wire.wait_frame();
        match self.record_loss(arrival)? {
            Arrival::Frame(frame) => self.event(frame),
            Arrival::Interrupted => Ok(Event::Interrupted),
            Arrival::TimedOut => Err(ConnectionLost::new("timeout expired")),
        }
    }

    /// Flushes, then waits for the first byte of an answer (or an interrupt); false if it came
    /// before the deadline. [`Session::next_event`] takes it, and reports errors.
    pub fn is_quiet_until(&mut self, deadline: Instant) -> bool {
        if self.exchange.lost.is_some() {
            return false;
        }
        let usual = self.wire.set_deadline(Some(deadline));
        let mut received = Ok(Received::Input);
        while !self.wire.has_input() && received == Ok(Received::Input) {
            received = self.wire.receive();
        }
        self.wire.set_deadline(usual);
        received == Ok(Received::TimedOut)
    }

    /// A message that is already here, without waiting (notifications at the prompt).
    ///
    /// # Errors
    /// As [`Session::next_event`].
    pub fn try_next(&mut self) -> Result<Option<Event<'_>>, ConnectionLost> {
        self.check_connected()?;
        if self.wire.take_interrupted() {
            return Ok(Some(Event::Interrupted));
        }
        let frame = self.wire.try_frame();
        match self.record_loss(frame)? {
            Some(frame) => self.event(frame).map(Some),
            None => Ok(None),
        }
    }

    /// A message that was received along with others and not taken yet; nothing is read.
    ///
    /// # Errors
    /// As [`Session::next_event`].
    pub fn next_received(&mut self) -> Result<Option<Event<'_>>, ConnectionLost> {
        self.check_connected()?;
        let frame = self.wire.take_frame();
        match self.record_loss(frame)? {
            Some(frame) => self.event(frame).map(Some),
            None => Ok(None),
        }
    }

    /// After [`Event::CopyData`]: hands the data of the messages behind it that are here already
    /// to `take`, one after the other, as long as it returns true.
    ///
    /// # Errors
    /// As [`Session::next_event`].
    pub fn copy_data_received(
        &mut self,
        take: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), ConnectionLost> {
        self.check_connected()?;
        let run = self.wire.take_run(b'd', take);
        self.record_loss(run).map(drop)
    }

    /// After [`Event::DataRow`]: the rows behind it that are here already, all at once. Their
    /// framing is checked as that of a single row. Often empty; go on with [`Session::next_event`].
    ///
    /// # Errors
    /// As [`Session::next_event`].
    pub fn rows(&mut self) -> Result<RowRun<'_>, ConnectionLost> {
        self.check_connected()?;
        let columns = self.exchange.columns;
        let mut count = 0;
        let run = self.wire.take_run(b'D', |body| {
            // A malformed row stays, for `next_event` to report.
            let good = message::data_row_columns(body).is_some_and(|c| Some(c) == columns);
            count += u64::from(good);
            good
        });
        let run = self.record_loss(run)?;
        Ok(RowRun { bytes: self.wire.bytes(run), count })
    }

    /// The socket, to poll at an idle prompt.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.wire.as_fd()
    }

    fn check_connected(&self) -> Result<(), ConnectionLost> {
        self.exchange.lost.clone().map_or(Ok(()), Err)
    }

    /// Takes note if the connection is gone.
    fn record_loss<T>(&mut self, result: Result<T, ConnectionLost>) -> Result<T, ConnectionLost> {
        if let Err(lost) = &result {
            self.exchange.lose(lost);
        }
        result
    }

    /// Turns a message into an event, and takes note of what it changes.
    #[inline]
    pub(super) fn event(&mut self, frame: Frame) -> Result<Event<'_>, ConnectionLost> {
        let Session { wire, backend, exchange, .. } = self;
        let body = wire.bytes(frame.body);
        if frame.kind == b'D' {
            if message::data_row_columns(body).is_some_and(|c| Some(c) == exchange.columns) {
                return Ok(Event::DataRow(body));
            }
            let lost = ConnectionLost::new(message::bad_row(body, exchange.columns));
            exchange.lose(&lost);
            return Err(lost);
        }
        let Some(event) = message::decode(frame.kind, body) else {
            let lost = ConnectionLost::new(message::bad_message(frame.kind));
            exchange.lose(&lost);
            return Err(lost);
        };
        match &event {
            Event::RowDescription(fields) => exchange.columns = u16::try_from(fields.len()).ok(),
            Event::Ready(status) => exchange.end_answer(*status),
            Event::Error(_) => exchange.has_failed = exchange.status == TransactionStatus::Active,
            Event::ParameterStatus { name, value } => backend.set_parameter(name, value),
            _ => {}
        }
        Ok(event)
    }

    /// Leaves the stream to another client, which also terminates the session.
    pub(super) fn hand_over(&mut self) {
        self.exchange.lose(&ConnectionLost::default());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A server that never was ready gets no Terminate.
        if self.exchange.lost.is_none() && self.exchange.status != TransactionStatus::Unknown {
            frontend::terminate(self.wire.output());
            self.wire.send_last();
        }
    }
}
