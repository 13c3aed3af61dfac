//! Pipeline mode: queries are sent without waiting, their results are read when asked for.
//!
//! Owns what was sent and not answered yet, and the counts behind the variables
//! PIPELINE_COMMAND_COUNT, PIPELINE_SYNC_COUNT and PIPELINE_RESULT_COUNT. A result is only waited
//! for when the server has been told to send it (by Sync or Flush), so nothing here can hang.

use super::g_output::GOutput;
use super::query_use::Send;
use super::results::{Completed, Portion};
use super::show::Parts;
use super::walk::Run;
use super::{Extended, Shell};
use crate::session::{Session, TransactionStatus};
use std::collections::VecDeque;
use std::time::Instant;

/// Queued bytes beyond which they are written before anyone waits for results.
const QUEUE_LIMIT: usize = 1 << 16;

/// A command that is about pipeline mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `\startpipeline`: nothing is sent.
    Start,
    /// `\syncpipeline`: a synchronization point.
    Sync,
    /// `\flushrequest`: the server is asked to send what it has.
    FlushRequest,
    /// `\flush`: what is queued is written.
    Flush,
    /// `\getresults`: so many results are read; 0 is all.
    GetResults(u64),
    /// `\endpipeline`: a synchronization point, and all results are read.
    End,
}

/// Something the server owes an answer.
#[derive(Debug)]
enum Sent {
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
    sent: VecDeque<Sent>,
    /// An error came: up to the next synchronization point the server ignores what it gets.
    aborted: bool,
    /// The answer to the oldest in `sent` began to come before anyone asked for it.
    begun: bool,
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
        self.on && !self.sent.is_empty()
    }

    /// Whether ParseComplete is a whole answer, not the beginning of a query's.
    pub(super) fn awaits_parse(&self) -> bool {
        matches!(self.sent.front(), Some(Sent::Parse(_)))
    }

    /// Outside of pipeline mode: a statement is being prepared, and nothing else.
    pub(super) fn expect_parse(&mut self) {
        self.sent.push_back(Sent::Parse(Vec::new()));
    }

    /// Outside of pipeline mode: the server is ready.
    pub(super) fn forget_parse(&mut self) {
        self.sent.clear();
    }

    /// The transaction status in pipeline mode.
    pub(super) fn transaction_status(&self) -> TransactionStatus {
        if self.sent.is_empty() { self.status } else { TransactionStatus::Active }
    }

    /// What was queued will be answered.
    fn expect_results(&mut self) {
        self.results += std::mem::take(&mut self.commands);
    }

    fn took_result(&mut self) {
        // The error of a deferred constraint comes on top of its command's result.
        self.results = self.results.saturating_sub(1);
    }
}

impl Shell {
    /// Carries out one of the commands that are about pipeline mode.
    pub(super) fn run_pipeline_command(
        &mut self,
        sql: &[u8],
        verb: Verb,
        send: &Send,
        start: Instant,
    ) -> Run {
        let mut run = Run::good();
        match verb {
            Verb::Start => self.start_pipeline(),
            Verb::FlushRequest => self.request_flush(send),
            Verb::Flush => {
                self.write_queued();
                // psql takes the success for a failure, and shows the error there was before.
                run.ok = false;
                self.repeat_complaints();
            }
            Verb::Sync => run.ok = self.send_sync(),
            Verb::GetResults(wanted) => run = self.get_results(sql, wanted, send, start),
            Verb::End => {
                run.ok = self.send_sync();
                if run.ok {
                    run = self.read_results(sql, u64::MAX, send, start);
                    self.pipeline = Pipeline::default();
                }
            }
        }
        self.tell_pipeline_counts();
        run
    }

    /// Leaves pipeline mode because its connection is gone.
    pub(super) fn forget_pipeline(&mut self) {
        self.pipeline = Pipeline::default();
    }

    /// What waits for a result at once can't be done in pipeline mode: whether that is on, which is
    /// then reported.
    pub(super) fn refuse_in_pipeline(&mut self) -> bool {
        let refused = self.refuse_quietly_in_pipeline();
        if refused {
            self.repeat_complaints();
        }
        refused
    }

    /// As [`Shell::refuse_in_pipeline`], for what has words of its own to report; these are added to
    /// the connection's error text alone.
    pub(super) fn refuse_quietly_in_pipeline(&mut self) -> bool {
        if self.pipeline.on {
            if self.pipeline.sent.is_empty() {
                self.complaints.clear();
            }
            self.add_complaint(
                "synchronous command execution functions are not allowed in pipeline mode",
            );
        }
        self.pipeline.on
    }

    fn tell_pipeline_counts(&mut self) {
        let Pipeline { commands, syncs, results, .. } = self.pipeline;
        for (name, count) in [
            ("PIPELINE_COMMAND_COUNT", commands),
            ("PIPELINE_SYNC_COUNT", syncs),
            ("PIPELINE_RESULT_COUNT", results),
        ] {
            self.variables.put(name.as_bytes(), count.to_string().as_bytes());
        }
    }

    fn start_pipeline(&mut self) {
        if !self.pipeline.on {
            let status = self.transaction_status();
            self.pipeline = Pipeline { on: true, status, ..Pipeline::default() };
        }
    }

    /// Queues a query, or what else `extended` says.
    pub(super) fn queue(&mut self, sql: &[u8], extended: &Extended) {
        if self.pipeline.sent.is_empty() {
            self.complaints.clear();
        }
        let Some(session) = self.session.as_mut() else { return };
        let sent = match extended {
            Extended::Simple => {
                session.parse(b"", sql, &[]);
                send_bound(session, b"", &[]);
                Sent::Query(sql.to_vec())
            }
            Extended::Bind(values) => {
                session.parse(b"", sql, &[]);
                send_bound(session, b"", values);
                Sent::Query(sql.to_vec())
            }
            Extended::BindNamed(name, values) => {
                send_bound(session, name, values);
                // Positions refer to the text that was parsed, which only the server knows.
                Sent::Query(Vec::new())
            }
            Extended::Parse(name) => {
                session.parse(name, sql, &[]);
                Sent::Parse(sql.to_vec())
            }
            Extended::Close(name) => {
                session.close_statement(name);
                Sent::Close
            }
            // A command, not a message.
            Extended::Pipeline(_) => return,
        };
        self.pipeline.sent.push_back(sent);
        self.pipeline.commands += 1;
        if session.queued() >= QUEUE_LIMIT {
            self.write_queued();
        }
        self.tell_pipeline_counts();
    }

    /// Reports more values than a message can hold. Nothing is sent, and no variable tells of it.
    pub(super) fn refuse_values(&mut self) {
        if self.pipeline.sent.is_empty() {
            self.complaints.clear();
        }
        self.complain("number of parameters must be between 0 and 65535");
    }

    /// Writes what is queued; a lost connection is told when results are read.
    fn write_queued(&mut self) {
        if let Some(session) = self.session.as_mut() {
            let _ = session.flush();
        }
    }

    fn request_flush(&mut self, send: &Send) {
        if !self.pipeline.on {
            if self.rows_of_a_part(send).is_some() {
                self.warn_of_no_parts();
            }
            return;
        }
        if let Some(session) = self.session.as_mut() {
            session.flush_request();
        }
        self.write_queued();
        self.pipeline.expect_results();
    }

    /// Ends the implicit transaction; false outside of pipeline mode, which is reported.
    fn send_sync(&mut self) -> bool {
        if !self.pipeline.on {
            self.complain("cannot send pipeline when not in pipeline mode");
            return false;
        }
        if self.pipeline.aborted && self.pipeline.sent.is_empty() {
            self.complaints.clear();
        }
        if let Some(session) = self.session.as_mut() {
            session.sync();
        }
        self.write_queued();
        self.pipeline.sent.push_back(Sent::Sync);
        self.pipeline.syncs += 1;
        self.pipeline.expect_results();
        true
    }

    /// `\getresults`: reads `wanted` results, synchronization points counted, or all there are.
    fn get_results(&mut self, sql: &[u8], wanted: u64, send: &Send, start: Instant) -> Run {
        let there = self.pipeline.results + self.pipeline.syncs;
        if there == 0 {
            self.info("No pending results to get");
            self.repeat_complaints();
            return Run::default();
        }
        let wanted = if wanted == 0 { there } else { wanted.min(there) };
        self.read_results(sql, wanted, send, start)
    }

    /// Reads `wanted` results. `sql` is what the query buffer holds: psql takes it for what was sent.
    fn read_results(&mut self, sql: &[u8], wanted: u64, send: &Send, start: Instant) -> Run {
        let mut out = GOutput::new(send);
        let mut reading = Reading {
            run: Run::good(),
            portion: self.portion_of_first_result(send),
            silent: false,
            left: wanted,
        };
        while reading.left > 0 && !self.pipeline.sent.is_empty() && self.session.is_some() {
            self.read_result(&mut reading, send, &mut out);
            reading.run.elapsed = start.elapsed();
            reading.left = reading.left.saturating_sub(1);
            reading.portion = Portion::Whole;
        }
        self.skip_untaken_copies(sql, send, 0);
        out.close(self);
        reading.run
    }

    /// FETCH_COUNT holds for the first result that is read, if its query can still be told so.
    fn portion_of_first_result(&mut self, send: &Send) -> Portion {
        let Some(count) = self.rows_of_a_part(send) else { return Portion::Whole };
        let can = matches!(self.pipeline.sent.front(), Some(Sent::Query(_)))
            && !self.pipeline.aborted
            && !self.pipeline.begun;
        if !can {
            self.warn_of_no_parts();
            return Portion::Whole;
        }
        Portion::Rows(count)
    }

    /// FETCH_COUNT is set, and this is nothing that comes in parts.
    pub(super) fn warn_of_no_parts(&mut self) {
        self.warning("fetching results in chunked mode failed");
    }

    /// Reads what the oldest message that is not answered gets.
    fn read_result(&mut self, reading: &mut Reading, send: &Send, out: &mut GOutput<'_>) {
        let sql = match self.pipeline.sent.front() {
            Some(Sent::Query(sql) | Sent::Parse(sql)) => sql.clone(),
            Some(Sent::Close) => Vec::new(),
            Some(Sent::Sync) => return self.read_sync(reading),
            None => return,
        };
        if self.pipeline.aborted {
            if !reading.silent {
                self.info("Pipeline aborted, command did not run");
                self.note_failure(b"", b"");
            }
            reading.silent = true;
            reading.run.ok = false;
            return self.answered();
        }
        let last = reading.left == 1 || self.pipeline.sent.len() == 1;
        let mut parts = Parts::default();
        loop {
            match self.next_result(reading.portion) {
                Some(Completed::Part(set)) => {
                    reading.run.ok &= self.print_part(set, send, out, &mut parts);
                    continue;
                }
                Some(Completed::Rows(set)) => {
                    reading.run.tag.clone_from(&set.tag);
                    self.query_succeeded(&set.tag);
                    if matches!(reading.portion, Portion::Rows(_))
                        && (parts.is_begun() || !set.rows.is_empty())
                    {
                        reading.run.ok &= self.print_last_part(set, send, out, &mut parts);
                    } else if last || self.settings().show_all_results {
                        reading.run.ok &= self.use_rows(set, send, out, false);
                    }
                    self.output.flush();
                }
                Some(Completed::Command(tag)) => {
                    self.query_succeeded(&tag);
                    if last || self.settings().show_all_results {
                        self.show_command(&tag, out);
                    }
                    reading.run.tag = tag;
                }
                Some(Completed::Empty) => self.query_succeeded(b""),
                Some(Completed::Error(fields)) => {
                    self.query_failed(fields, &sql);
                    self.pipeline.aborted = true;
                    reading.run.ok = false;
                    reading.silent = !parts.is_begun();
                }
                Some(Completed::NotKept(error)) => {
                    self.not_kept(&error);
                    reading.run.ok = false;
                }
                Some(Completed::CopyIn { .. } | Completed::CopyOut | Completed::CopyBoth) => {
                    reading.run.ok = false;
                    self.info("COPY in a pipeline is not supported, aborting connection");
                    self.connection_lost = !self.is_interactive();
                    return self.disconnect();
                }
                Some(Completed::Lost(reason)) => {
                    reading.run.ok = false;
                    return self.lost(&reason);
                }
                // A synchronization point that was not asked for.
                None => {}
            }
            return self.answered();
        }
    }

    /// Waits for a synchronization point. A deferred constraint fails here.
    fn read_sync(&mut self, reading: &mut Reading) {
        match self.next_result(Portion::Whole) {
            None => {
                self.pipeline.aborted = false;
                self.pipeline.status = self
                    .session
                    .as_ref()
                    .map_or(TransactionStatus::Unknown, Session::transaction_status);
                self.pipeline.sent.pop_front();
                self.pipeline.syncs = self.pipeline.syncs.saturating_sub(1);
                self.moved_on();
                self.query_succeeded(b"");
                reading.run.ok = true;
                reading.silent = false;
            }
            Some(Completed::Lost(reason)) => {
                reading.run.ok = false;
                self.lost(&reason);
            }
            Some(Completed::Error(fields)) => {
                self.query_failed(fields, b"");
                self.pipeline.took_result();
                self.moved_on();
                reading.run.ok = false;
            }
            // Nothing else belongs here; the next reading goes on to the synchronization point.
            Some(_) => {}
        }
    }

    /// The oldest message has its answer.
    fn answered(&mut self) {
        self.pipeline.sent.pop_front();
        self.pipeline.took_result();
        self.moved_on();
    }

    fn moved_on(&mut self) {
        if !self.pipeline.sent.is_empty() {
            self.complaints.clear();
        }
    }

    /// Between commands in pipeline mode: takes note of whether the next answer has begun to come.
    pub(super) fn note_answer_begun(&mut self) {
        self.pipeline.begun = self.session.as_ref().is_some_and(Session::has_input);
    }

    /// Adds to the connection's error text, which psql shows whole each time.
    fn complain(&mut self, text: &str) {
        self.add_complaint(text);
        self.repeat_complaints();
    }

    fn add_complaint(&mut self, text: &str) {
        if !self.complaints.is_empty() {
            self.complaints.push(b'\n');
        }
        self.complaints.extend_from_slice(text.as_bytes());
    }

    fn repeat_complaints(&mut self) {
        if !self.complaints.is_empty() {
            let text = self.complaints.clone();
            self.info(text);
        }
    }
}

/// Results being read.
struct Reading {
    run: Run,
    /// How much of the first result comes at once, by FETCH_COUNT.
    portion: Portion,
    /// That commands did not run was said already, or goes without saying.
    silent: bool,
    /// How many results are still wanted.
    left: u64,
}

/// Queues the execution of a prepared statement with these values.
pub(super) fn send_bound(session: &mut Session, statement: &[u8], values: &[Vec<u8>]) {
    session.bind(b"", statement, values);
    session.describe_portal(b"");
    session.execute(b"", 0);
}
