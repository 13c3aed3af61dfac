//! Pipeline mode: what its commands send, and how far its answers have come.

use super::pipeline::{Pending, Pipeline};
use super::protocol::Protocol;
use super::state::Connection;
use crate::console::{Console, Reported};
use crate::session::{Session, TransactionStatus};

/// Queued bytes beyond which they are written before anyone waits for results.
const QUEUE_LIMIT: usize = 1 << 16;

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
