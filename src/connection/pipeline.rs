//! Pipeline mode: queries are sent without waiting, their results are read when asked for.
//!
//! Owns what was sent and not answered yet, and the counts behind the variables
//! PIPELINE_COMMAND_COUNT, PIPELINE_SYNC_COUNT and PIPELINE_RESULT_COUNT. A result is only waited
//! for when the server has been told to send it (by Sync or Flush), so nothing here can hang.

use super::Connection;
use super::protocol::Protocol;
use crate::console::{Console, Reported};
use crate::session::{Session, TransactionStatus};
use std::collections::VecDeque;

/// Queued bytes beyond which they are written before anyone waits for results.
const QUEUE_LIMIT: usize = 1 << 16;

/// Something the server owes an answer.
#[derive(Clone, Debug)]
pub enum Pending {
    /// A query to execute; its text, to which an error's position refers.
    Query(Vec<u8>),
    /// A statement to prepare (`\parse`), with its text.
    Parse(Vec<u8>),
    /// A prepared statement to forget.
    Close,
    /// A synchronization point.
    Sync,
}

/// Whether pipeline mode is on, and what is under way in it.
#[derive(Debug, Default)]
pub struct Pipeline {
    on: bool,
    /// Not answered yet, oldest first.
    pending: VecDeque<Pending>,
    /// An error came: up to the next synchronization point the server ignores what it gets.
    aborted: bool,
    /// The answer to the oldest in `pending` began to come before anyone asked for it.
    answer_begun: bool,
    /// The transaction status at the last synchronization point.
    status: TransactionStatus,
    /// Commands sent since the last Sync or Flush.
    commands: u64,
    /// Synchronization points not reached yet.
    syncs: u64,
    /// Results the server was told to send and nobody has read.
    results: u64,
}

impl Pipeline {
    /// Whether pipeline mode is on.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Whether what is sent next will be ignored by the server.
    pub fn is_aborted(&self) -> bool {
        self.aborted
    }

    /// Whether answers are due; the connection must not be read by anyone else then.
    pub fn is_busy(&self) -> bool {
        self.on && !self.pending.is_empty()
    }

    /// Whether ParseComplete is a whole answer, not the beginning of a query's.
    pub fn awaits_parse(&self) -> bool {
        matches!(self.pending.front(), Some(Pending::Parse(_)))
    }

    /// Outside of pipeline mode: a statement is being prepared, and nothing else.
    pub(super) fn expect_parse(&mut self) {
        self.pending.push_back(Pending::Parse(Vec::new()));
    }

    /// Outside of pipeline mode: the server is ready.
    pub(super) fn forget_parse(&mut self) {
        self.pending.clear();
    }

    /// The transaction status in pipeline mode.
    pub(super) fn transaction_status(&self) -> TransactionStatus {
        if self.pending.is_empty() { self.status } else { TransactionStatus::Active }
    }

    /// What was queued will be answered.
    fn expect_results(&mut self) {
        self.results += std::mem::take(&mut self.commands);
    }

    /// The oldest message that is not answered.
    pub fn oldest(&self) -> Option<&Pending> {
        self.pending.front()
    }

    /// How many messages are not answered.
    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    /// How many results, synchronization points counted, the server was told to send.
    pub fn results_to_come(&self) -> u64 {
        self.results + self.syncs
    }

    /// Whether the answer to the oldest message can still be asked for in parts.
    pub fn can_fetch_in_parts(&self) -> bool {
        matches!(self.oldest(), Some(Pending::Query(_))) && !self.aborted && !self.answer_begun
    }

    /// Takes note of whether the next answer has begun to come.
    pub(super) fn note_answer_begun(&mut self, session: Option<&Session>) {
        self.answer_begun = session.is_some_and(Session::has_input);
    }
}

impl Connection {
    /// Whether pipeline mode is on, and what is under way in it.
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Leaves pipeline mode: it ended, or its connection is gone.
    pub fn forget_pipeline(&mut self) {
        self.pipeline = Pipeline::default();
    }

    /// What waits for a result at once can't be done in pipeline mode.
    ///
    /// # Errors
    /// That is on.
    pub fn refuse_in_pipeline(&mut self, console: &mut Console) -> Result<(), Reported> {
        self.refuse_quietly_in_pipeline().inspect_err(|_| self.repeat_error_text(console))
    }

    /// As [`Connection::refuse_in_pipeline`], for what has words of its own to report; these are
    /// added to the connection's error text alone.
    pub(super) fn refuse_quietly_in_pipeline(&mut self) -> Result<(), Reported> {
        if !self.pipeline.on {
            return Ok(());
        }
        if self.pipeline.pending.is_empty() {
            self.errors.text.clear();
        }
        self.add_error_text(
            "synchronous command execution functions are not allowed in pipeline mode",
        );
        Err(Reported)
    }

    /// Publishes the counts of what is under way.
    pub fn publish_pipeline_counts(&self, console: &mut Console) {
        let Pipeline { commands, syncs, results, .. } = self.pipeline;
        for (name, count) in [
            ("PIPELINE_COMMAND_COUNT", commands),
            ("PIPELINE_SYNC_COUNT", syncs),
            ("PIPELINE_RESULT_COUNT", results),
        ] {
            console.variables.put(name.as_bytes(), count.to_string().as_bytes());
        }
    }

    /// `\startpipeline`
    pub fn start_pipeline(&mut self) {
        if !self.pipeline.on {
            let status = self.transaction_status();
            self.pipeline = Pipeline { on: true, status, ..Pipeline::default() };
        }
    }

    /// Queues what `protocol` says of a query.
    pub fn queue(&mut self, console: &mut Console, sql: &[u8], protocol: &Protocol) {
        if self.pipeline.pending.is_empty() {
            self.errors.text.clear();
        }
        let Some(session) = self.session.as_mut() else { return };
        protocol.send_extended(session, sql);
        let pending = match protocol {
            Protocol::Simple | Protocol::Bind(_) => Pending::Query(sql.to_vec()),
            // Positions refer to the text that was parsed, which only the server knows.
            Protocol::BindNamed(..) => Pending::Query(Vec::new()),
            Protocol::Parse(_) => Pending::Parse(sql.to_vec()),
            Protocol::Close(_) => Pending::Close,
            Protocol::Pipeline(_) => return,
        };
        let full = session.queued() >= QUEUE_LIMIT;
        self.pipeline.pending.push_back(pending);
        self.pipeline.commands += 1;
        if full {
            self.write_queued();
        }
        self.publish_pipeline_counts(console);
    }

    /// Outside of pipeline mode: sends what `protocol` says of a query.
    pub fn send(&mut self, sql: &[u8], protocol: &Protocol) {
        let Some(session) = self.session.as_mut() else { return };
        if *protocol == Protocol::Simple {
            return session.query(sql);
        }
        protocol.send_extended(session, sql);
        session.sync();
        if matches!(protocol, Protocol::Parse(_)) {
            self.pipeline.expect_parse();
        }
    }

    /// Outside of pipeline mode: the server is ready for the next query.
    pub fn end_query(&mut self) {
        self.pipeline.forget_parse();
    }

    /// Reports more values than a message can hold. Nothing is sent, and no variable tells of it.
    pub fn refuse_values(&mut self, console: &mut Console) {
        if self.pipeline.pending.is_empty() {
            self.errors.text.clear();
        }
        self.report_error_text(console, "number of parameters must be between 0 and 65535");
    }

    /// Writes what is queued; a lost connection is told when results are read.
    fn write_queued(&mut self) {
        if let Some(session) = self.session.as_mut() {
            let _ = session.flush();
        }
    }

    /// `\flush`: writes what is queued. psql takes the success for a failure, and shows the error
    /// there was before.
    pub fn flush_pipeline(&mut self, console: &mut Console) {
        self.write_queued();
        self.repeat_error_text(console);
    }

    /// `\flushrequest`, in pipeline mode.
    pub fn request_flush(&mut self) {
        if let Some(session) = self.session.as_mut() {
            session.flush_request();
        }
        self.write_queued();
        self.pipeline.expect_results();
    }

    /// `\syncpipeline`: ends the implicit transaction.
    ///
    /// # Errors
    /// Pipeline mode is off.
    pub fn sync_pipeline(&mut self, console: &mut Console) -> Result<(), Reported> {
        if !self.pipeline.on {
            self.report_error_text(console, "cannot send pipeline when not in pipeline mode");
            return Err(Reported);
        }
        if self.pipeline.aborted && self.pipeline.pending.is_empty() {
            self.errors.text.clear();
        }
        if let Some(session) = self.session.as_mut() {
            session.sync();
        }
        self.write_queued();
        self.pipeline.pending.push_back(Pending::Sync);
        self.pipeline.syncs += 1;
        self.pipeline.expect_results();
        Ok(())
    }

    /// Reports that there is nothing to get.
    pub fn report_no_pending_results(&self, console: &mut Console) {
        console.info("No pending results to get");
        self.repeat_error_text(console);
    }

    /// The server refused: up to the next synchronization point it ignores what it gets.
    pub fn abort_pipeline(&mut self) {
        self.pipeline.aborted = true;
    }

    /// The oldest message has its answer.
    pub fn note_answered(&mut self) {
        self.pipeline.pending.pop_front();
        self.note_result_taken();
    }

    /// A result was taken that may not be the last of its message: the error of a deferred
    /// constraint comes on top of its command's result.
    pub fn note_result_taken(&mut self) {
        self.pipeline.results = self.pipeline.results.saturating_sub(1);
        self.move_on();
    }

    /// The synchronization point waited for is reached.
    pub fn note_synchronized(&mut self) {
        self.pipeline.aborted = false;
        self.pipeline.status =
            self.session.as_ref().map_or(TransactionStatus::Unknown, Session::transaction_status);
        self.pipeline.pending.pop_front();
        self.pipeline.syncs = self.pipeline.syncs.saturating_sub(1);
        self.move_on();
    }

    /// The error text is about what is waited for next.
    fn move_on(&mut self) {
        if !self.pipeline.pending.is_empty() {
            self.errors.text.clear();
        }
    }
}
