//! The state of pipeline mode: queries are sent without waiting, their results are read when asked
//! for.
//!
//! Owns what was sent and not answered yet, and the counts behind the variables
//! PIPELINE_COMMAND_COUNT, PIPELINE_SYNC_COUNT and PIPELINE_RESULT_COUNT. A result is only waited
//! for when the server has been told to send it (by Sync or Flush), so nothing here can hang.

use crate::session::{Session, TransactionStatus};
use std::collections::VecDeque;

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
    pub(super) on: bool,
    /// Not answered yet, oldest first.
    pub(super) pending: VecDeque<Pending>,
    /// An error came: up to the next synchronization point the server ignores what it gets.
    pub(super) aborted: bool,
    /// The answer to the oldest in `pending` began to come before anyone asked for it.
    pub(super) answer_begun: bool,
    /// The transaction status at the last synchronization point.
    pub(super) status: TransactionStatus,
    /// Commands sent since the last Sync or Flush.
    pub(super) commands: u64,
    /// Synchronization points not reached yet.
    pub(super) syncs: u64,
    /// Results the server was told to send and nobody has read.
    pub(super) results: u64,
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
    pub(super) fn expect_results(&mut self) {
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
