//! Goes through the results of what was sent, in the order in which the server sends them, and does
//! with each what was asked.
//!
//! One loop for a query (by the simple or the extended protocol) and for the queries of a pipeline;
//! how they differ is in [`Mode`], and how much of a result is fetched at once in [`Delivery`].

use super::buffered_output::BufferedOutput;
use super::g_output::GOutput;
use super::gathered::Gathered;
use super::request::{CopyStream, QueryRequest, ResultAction, ResultPlan};
use super::result_output::{Parts, returns_rows};
use super::runner::{QueryReport, QueryRunner};
use super::view::Rest;
use crate::connection::{Failure, FetchMode, ResultSet, StatementResult, report_not_kept};
use crate::console::Reported;
use crate::lexer;
use crate::session::ErrorFields;
use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// What the results belong to.
pub(super) enum Mode {
    /// To one query. What psql shows of a result depends on whether another follows, so the next
    /// one is always fetched before a result is used.
    Query {
        /// The query is a transaction of its own.
        is_alone: bool,
    },
    /// To queries of a pipeline: as many results as were asked for.
    Pipeline {
        /// How many results are still wanted.
        wanted: u64,
        /// That commands did not run was said already, or goes without saying.
        silent: bool,
    },
}

/// How a result with rows is delivered.
pub(super) enum Delivery {
    /// Whole, once all rows are there.
    Whole,
    /// So many rows at a time (FETCH_COUNT), each part shown at once.
    InParts(u64, Parts),
    /// Printed while it comes, shown once it is complete.
    Buffered(Option<BufferedOutput>),
    /// Looked at while it comes.
    Viewed(Viewing),
}

/// How far a result is that is looked at while it comes.
pub(super) enum Viewing {
    /// It opens with so many rows.
    Awaited {
        /// They don't fit on a screen.
        rows: u64,
    },
    /// It was left.
    Left {
        /// With how many rows the next one opens.
        rows: u64,
        /// When the end of its rows was there, if it was.
        ended: Option<Instant>,
    },
}

impl Delivery {
    fn fetch_mode(&self) -> FetchMode {
        match self {
            Delivery::Whole => FetchMode::Whole,
            Delivery::InParts(rows, _) => FetchMode::Rows(*rows),
            Delivery::Buffered(_) => FetchMode::Bytes,
            Delivery::Viewed(Viewing::Awaited { rows }) => FetchMode::Rows(*rows),
            Delivery::Viewed(Viewing::Left { .. }) => FetchMode::Whole,
        }
    }

    /// The result at hand has ended: nothing of it is left for the next one.
    fn begin_anew(&mut self) {
        match self {
            Delivery::Whole => {}
            Delivery::InParts(_, parts) => *parts = Parts::default(),
            Delivery::Buffered(buffered) => *buffered = None,
            Delivery::Viewed(viewing) => {
                let (Viewing::Awaited { rows } | Viewing::Left { rows, .. }) = *viewing;
                *viewing = Viewing::Awaited { rows };
            }
        }
    }
}

/// Results on their way from the first to the last.
pub(super) struct ResultLoop<'a, 'r> {
    pub runner: &'a mut QueryRunner<'r>,
    pub request: &'a QueryRequest<'a>,
    pub start: Instant,
    pub mode: Mode,
    pub delivery: Delivery,
    pub report: QueryReport,
    out: GOutput<'a>,
    steps: Steps,
}

/// How far the loop is.
#[derive(Default)]
struct Steps {
    /// The result that was fetched and not looked at yet.
    next: Option<StatementResult>,
    /// How many times the server took COPY data.
    copies: usize,
    /// A result that had nowhere to go (a full disk) is the last one shown, and a failure of the
    /// whole query.
    output_failed: bool,
}

impl<'a, 'r> ResultLoop<'a, 'r> {
    fn new(
        runner: &'a mut QueryRunner<'r>,
        request: &'a QueryRequest<'a>,
        start: Instant,
        mode: Mode,
        delivery: Delivery,
    ) -> ResultLoop<'a, 'r> {
        ResultLoop {
            runner,
            request,
            start,
            mode,
            delivery,
            report: QueryReport::default(),
            out: GOutput::new(&request.plan),
            steps: Steps::default(),
        }
    }

    /// For the results of the query that was sent at `start`; `is_alone` if it is a transaction of
    /// its own.
    pub fn of_query(
        runner: &'a mut QueryRunner<'r>,
        request: &'a QueryRequest<'a>,
        start: Instant,
        is_alone: bool,
    ) -> ResultLoop<'a, 'r> {
        let plan = &request.plan;
        let delivery = match (runner.rows_to_view(plan), runner.fetch_count(plan)) {
            (Some(rows), _) => Delivery::Viewed(Viewing::Awaited { rows }),
            (None, Some(count)) => Delivery::InParts(count, Parts::default()),
            (None, None) if runner.can_buffer(plan) => Delivery::Buffered(None),
            (None, None) => Delivery::Whole,
        };
        ResultLoop::new(runner, request, start, Mode::Query { is_alone }, delivery)
    }

    /// For so many results of the pipeline.
    pub fn of_pipeline(
        runner: &'a mut QueryRunner<'r>,
        request: &'a QueryRequest<'a>,
        start: Instant,
        wanted: u64,
    ) -> ResultLoop<'a, 'r> {
        let delivery = runner.delivery_of_first_result(&request.plan);
        let mode = Mode::Pipeline { wanted, silent: false };
        ResultLoop::new(runner, request, start, mode, delivery)
    }

    /// Goes through the results of a query.
    pub fn run(mut self) -> QueryReport {
        self.fetch();
        let mut lost = false;
        while let Some(result) = self.steps.next.take() {
            match &result {
                StatementResult::Part(_) => {}
                StatementResult::Rows(set) => {
                    self.report.first_rows.get_or_insert(set.rows.len());
                }
                _ => drop(self.report.first_rows.get_or_insert(0)),
            }
            let is_whole = !matches!(result, StatementResult::Part(_));
            let took_data = matches!(result, StatementResult::CopyIn { .. });
            lost = self.step(result, self.request.text).is_break();
            if !lost && is_whole && self.runner.console.interrupts.is_work_interrupted() {
                lost = took_data && self.refused_data().is_break() || self.skip_rest().is_break();
            }
        }
        if !lost {
            self.runner.skip_untaken_copies(self.request, self.steps.copies);
        }
        self.end()
    }

    /// Closes the output.
    pub fn end(mut self) -> QueryReport {
        let closed = self.out.close(self.runner.console);
        self.report.note(closed);
        self.report
    }

    fn plan(&self) -> &'a ResultPlan {
        &self.request.plan
    }

    /// Fetches the next result of a query. That of a pipeline is waited for when it is wanted.
    fn fetch(&mut self) {
        if let Mode::Query { .. } = self.mode {
            let fetch = self.delivery.fetch_mode();
            self.steps.next = self.runner.next_result(fetch, self.start);
        }
    }

    /// Fetches the next result, with which the one at hand is known to be complete.
    fn fetch_and_time(&mut self) {
        self.fetch();
        self.report.elapsed = self.start.elapsed();
    }

    /// Whether the result at hand is the last.
    fn is_last(&self) -> bool {
        match self.mode {
            Mode::Query { .. } => self.steps.next.is_none(),
            Mode::Pipeline { wanted, .. } => {
                wanted == 1 || self.runner.connection.pipeline().pending_count() == 1
            }
        }
    }

    /// Whether the result at hand is shown: the last one always is.
    fn is_shown(&self) -> bool {
        self.is_last() || self.runner.console.settings().show_all_results
    }

    /// Whether the variables that tell of a query are set.
    fn is_published(&self) -> bool {
        !matches!(self.plan().action, ResultAction::Watch | ResultAction::Gather)
    }

    /// Sets ERROR, SQLSTATE and ROW_COUNT after a result that was shown, or could not be.
    fn publish(&mut self, shown: bool, tag: &[u8]) {
        match (self.is_published(), shown) {
            (true, true) => self.runner.console.publish_success(tag),
            (true, false) => self.runner.console.publish_own_failure(),
            (false, _) => {}
        }
    }

    /// As [`ResultLoop::publish`], after the result at hand was shown, or had nowhere to go.
    fn publish_shown(&mut self) {
        let tag = std::mem::take(&mut self.report.tag);
        self.publish(!self.steps.output_failed, &tag);
        self.report.tag = tag;
    }

    /// Counts what the transaction has done, for a user who may be about to leave it.
    fn note_done(&mut self, result: &StatementResult) {
        match result {
            StatementResult::Rows(set) => self.runner.interactive.note_done(&set.tag),
            // Without rows SELECT has made a table.
            StatementResult::Command(tag) if tag.starts_with(b"SELECT") => {
                self.runner.interactive.note_done(b"CREATE TABLE AS");
            }
            StatementResult::Command(tag) => self.runner.interactive.note_done(tag),
            _ => {}
        }
    }

    /// Does with a result what was asked; `Break` when the connection is gone. `sql` is what the
    /// result is of.
    pub fn step(&mut self, result: StatementResult, sql: &[u8]) -> ControlFlow<()> {
        if self.runner.console.is_on_terminals() {
            self.note_done(&result);
        }
        match result {
            StatementResult::Rows(set) => self.rows(set, sql),
            StatementResult::Part(set) => self.part(set),
            StatementResult::Command(tag) => self.command(tag),
            StatementResult::Empty => {
                self.fetch_and_time();
                self.publish(true, b"");
            }
            StatementResult::CopyIn { binary } => return self.copy_in(binary),
            StatementResult::CopyOut => self.copy_out(),
            StatementResult::CopyBoth => {
                self.report.failed = true;
                self.runner.console.error("unexpected PQresultStatus: 8");
                self.runner.connection.abandon(false);
                return ControlFlow::Break(());
            }
            StatementResult::Error(fields) => self.error(fields, sql),
            StatementResult::Lost(reason) => {
                self.report.elapsed = self.start.elapsed();
                self.report.failed = true;
                self.runner.connection.on_connection_lost(self.runner.console, &reason);
                return ControlFlow::Break(());
            }
            StatementResult::NotKept(error) => self.not_kept(&error),
        }
        ControlFlow::Continue(())
    }

    /// Some rows of a result of which more come.
    fn part(&mut self, set: ResultSet) {
        let plan = self.plan();
        let rest = if self.may_cancel() { Rest::Cancelled } else { Rest::Read };
        match &mut self.delivery {
            Delivery::Whole => {}
            Delivery::InParts(_, parts) => {
                let printed = self.runner.print_part(set, plan, &mut self.out, parts);
                self.report.note(printed);
            }
            Delivery::Buffered(buffered) => {
                *buffered = Some(self.runner.buffer(set, plan, buffered.take()));
            }
            Delivery::Viewed(viewing) => {
                let (Viewing::Awaited { rows } | Viewing::Left { rows, .. }) = *viewing;
                let ended = self.runner.view_arriving(set, plan, rest);
                *viewing = Viewing::Left { rows, ended };
            }
        }
        self.fetch();
    }

    /// Rows, all of them or the last part.
    fn rows(&mut self, set: ResultSet, sql: &[u8]) {
        self.fetch_and_time();
        self.report.elapsed = self.elapsed();
        self.report.tag.clone_from(&set.tag);
        self.publish(true, &set.tag);
        if self.runner.console.interrupts.is_work_interrupted()
            && !matches!(self.plan().action, ResultAction::SetVariables(_) | ResultAction::Execute)
        {
            if returns_rows(&set.tag) {
                self.runner.show_command(&set.tag, &mut self.out);
            }
            return;
        }
        let shown = self.show(set, sql);
        self.report.note(shown);
        self.delivery.begin_anew();
    }

    fn show(&mut self, mut set: ResultSet, sql: &[u8]) -> Result<(), Reported> {
        let plan = self.plan();
        if let Delivery::InParts(_, parts) = &mut self.delivery
            && (parts.is_begun() || !set.rows.is_empty())
        {
            let printed = self.runner.print_last_part(set, plan, &mut self.out, parts);
            // Parts that had nowhere to go count as shown, but not what follows them.
            self.publish_shown();
            self.steps.output_failed |= self.out.is_failed();
            return printed;
        }
        let mut shown = Ok(());
        if !self.is_shown() {
            // psql opens the target for whatever has rows.
            shown = self.out.open(self.runner.console);
            self.steps.output_failed = shown.is_err();
        } else if !self.steps.output_failed || self.out.is_failed() {
            let buffered = match &mut self.delivery {
                Delivery::Buffered(buffered) => buffered.take(),
                Delivery::Whole | Delivery::InParts(..) | Delivery::Viewed(_) => None,
            };
            shown = match buffered {
                Some(before) => self.runner.show_buffered(set, plan, &mut self.out, before),
                None => {
                    let shown = match self.delivery {
                        Delivery::Viewed(Viewing::Left { .. }) => self.close_viewed(&set),
                        _ => self.act_on(&mut set),
                    };
                    self.runner.keep(set, sql, self.report.elapsed, self.plan());
                    shown
                }
            };
            self.steps.output_failed = shown.is_err();
        }
        // \gexec and \gset may have set them meanwhile.
        self.publish_shown();
        self.steps.output_failed |= self.out.is_failed();
        shown
    }

    /// A result with rows: printed, or put to the use asked for if it is the last of a query.
    fn act_on(&mut self, set: &mut ResultSet) -> Result<(), Reported> {
        let tag = std::mem::take(&mut set.tag);
        let is_last = matches!(self.mode, Mode::Query { .. }) && self.is_last();
        let (runner, plan) = (&mut *self.runner, &self.request.plan);
        let done = match &plan.action {
            ResultAction::SetVariables(prefix) if is_last => runner.set_from_row(set, prefix),
            ResultAction::Execute if is_last => runner.execute_cells(set, &self.request.protocol),
            ResultAction::Crosstab(arguments) if is_last => runner.print_crosstab(set, arguments),
            ResultAction::Gather => {
                self.report.gathered.push(Gathered::Rows(std::mem::take(set)));
                Ok(())
            }
            ResultAction::Print
            | ResultAction::SetVariables(_)
            | ResultAction::Execute
            | ResultAction::Describe
            | ResultAction::Crosstab(_)
            | ResultAction::Copy(_)
            | ResultAction::Watch => {
                self.out.open(runner.console)?;
                runner.print_rows(set, plan)
            }
        };
        if returns_rows(&tag) {
            self.show_command(&tag);
        }
        done
    }

    /// What remains of a result that was looked at while it came.
    fn close_viewed(&mut self, set: &ResultSet) -> Result<(), Reported> {
        self.runner.summarize(set.rows.len(), self.plan());
        if returns_rows(&set.tag) {
            self.runner.show_command(&set.tag, &mut self.out);
        }
        Ok(())
    }

    /// A command without rows.
    fn command(&mut self, tag: Vec<u8>) {
        self.fetch_and_time();
        self.publish(!self.steps.output_failed, &tag);
        if self.is_shown() && !self.steps.output_failed {
            self.show_command(&tag);
        }
        self.report.tag = tag;
    }

    fn show_command(&mut self, tag: &[u8]) {
        match self.plan().action {
            ResultAction::Gather => self.report.gathered.push(Gathered::Command(tag.to_vec())),
            _ => self.runner.show_command(tag, &mut self.out),
        }
    }

    /// COPY FROM STDIN.
    fn copy_in(&mut self, binary: bool) -> ControlFlow<()> {
        if self.steps.copies >= self.request.expected_copies(self.runner.console.encoding()) {
            // Data that nobody meant to send are not to be read as a script.
            self.report.failed = true;
            self.runner.console.info("unexpected COPY_IN result, aborting connection");
            self.runner.connection.abandon(true);
            return ControlFlow::Break(());
        }
        self.steps.copies += 1;
        let copied = self.runner.copy_in(binary, self.plan().copy_stream());
        self.report.note(copied);
        self.fetch();
        ControlFlow::Continue(())
    }

    /// Whether nothing is lost where the statement does not come to its end.
    fn may_cancel(&self) -> bool {
        matches!(self.mode, Mode::Query { is_alone: true })
            && lexer::only_reads(self.request.text, self.runner.console.encoding())
    }

    /// COPY TO STDOUT, and the tag that comes after its data.
    fn copy_out(&mut self) {
        if matches!(self.plan().action, ResultAction::Gather) {
            self.report.gathered.push(Gathered::Data);
        }
        let stream = self.plan().copy_stream();
        let cancels = self.may_cancel();
        let copied =
            self.out.open(self.runner.console).and_then(|()| self.runner.copy_out(stream, cancels));
        self.report.note(copied);
        let among_results = match stream {
            CopyStream::Script => self.plan().target.is_none(),
            CopyStream::Standard => !self.runner.console.output.is_redirected(),
            CopyStream::Opened(_) => false,
        };
        self.fetch();
        let tag = match self.steps.next.take() {
            Some(StatementResult::Command(tag)) => tag,
            Some(StatementResult::Rows(_) | StatementResult::Part(_)) => {
                return self.skip_results_behind_copy();
            }
            other => {
                if copied.is_ok() && other.is_none() {
                    self.publish(true, b"");
                }
                self.steps.next = other;
                return;
            }
        };
        self.fetch_and_time();
        if copied.is_ok() {
            // Nor does psql count rows it shows no tag for.
            self.publish(true, if among_results { b"" } else { &tag });
            // Among the data the tag would only disturb.
            if self.is_shown() && !among_results {
                self.runner.show_command(&tag, &mut self.out);
            }
        } else {
            self.steps.output_failed = true;
            self.runner.console.publish_own_failure();
        }
        self.report.tag = tag;
    }

    /// Only BASE_BACKUP sends results behind COPY data. psql takes the first for an error that has
    /// no text, and shows no more of them.
    fn skip_results_behind_copy(&mut self) {
        self.fetch();
        while let Some(
            StatementResult::Rows(_) | StatementResult::Part(_) | StatementResult::Command(_),
        ) = self.steps.next
        {
            self.fetch();
        }
        self.report.failed = true;
        self.runner.console.info("");
        self.runner.console.publish_own_failure();
    }

    /// After Ctrl-C among the data of a COPY: how far the server came is told, as by psql.
    fn refused_data(&mut self) -> ControlFlow<()> {
        match self.steps.next.take() {
            Some(StatementResult::Error(fields)) => {
                self.step(StatementResult::Error(fields), self.request.text)
            }
            next => {
                self.steps.next = next;
                ControlFlow::Continue(())
            }
        }
    }

    /// After Ctrl-C: what comes behind the result that was waited for is not shown, nor why it
    /// ended, which the user knows.
    fn skip_rest(&mut self) -> ControlFlow<()> {
        while let Some(result) = self.steps.next.take() {
            match result {
                StatementResult::CopyIn { .. } => {
                    self.runner.connection.refuse_copy_data(b"canceled by user");
                }
                StatementResult::Lost(_) | StatementResult::CopyBoth => {
                    return self.step(result, self.request.text);
                }
                StatementResult::Rows(_)
                | StatementResult::Part(_)
                | StatementResult::Command(_)
                | StatementResult::Empty
                | StatementResult::CopyOut
                | StatementResult::Error(_)
                | StatementResult::NotKept(_) => {}
            }
            self.fetch();
        }
        ControlFlow::Continue(())
    }

    /// How long the result at hand took. A user's time in the viewer is not the statement's.
    fn elapsed(&self) -> Duration {
        match self.delivery {
            Delivery::Viewed(Viewing::Left { ended: Some(ended), .. }) => {
                ended.duration_since(self.start)
            }
            _ => self.start.elapsed(),
        }
    }

    /// The server refused; what follows is only the end of the query.
    fn error(&mut self, fields: ErrorFields, sql: &[u8]) {
        self.report.elapsed = self.elapsed();
        self.report.failed = true;
        self.note_aborted();
        self.delivery.begin_anew();
        self.fetch();
        self.report.error.get_or_insert_with(|| fields.clone());
        if self.is_published() {
            self.runner.report_failure(Failure::Refused(fields), sql);
        } else {
            self.runner.connection.report_server_error(self.runner.console, fields, sql);
        }
    }

    /// In a pipeline, the server passes over what follows an error.
    fn note_aborted(&mut self) {
        if let Mode::Pipeline { silent, .. } = &mut self.mode {
            // Part of a result that has gone out is no word about what did not run.
            *silent = !matches!(&self.delivery, Delivery::InParts(_, parts) if parts.is_begun());
            self.runner.connection.abort_pipeline();
        }
    }

    /// A result's rows had nowhere to go until they could be shown.
    fn not_kept(&mut self, error: &io::Error) {
        self.report.failed = true;
        self.delivery.begin_anew();
        self.steps.output_failed = matches!(self.mode, Mode::Query { .. });
        report_not_kept(self.runner.console, error);
        self.fetch();
    }

    /// Another result of a pipeline stands for itself, and has a try at the output of its own.
    pub fn begin_message(&mut self) {
        self.steps.output_failed = false;
    }
}

impl QueryRunner<'_> {
    /// Reads over the COPY data the server never asked for, as the query failed or was only parsed.
    pub(super) fn skip_untaken_copies(&mut self, request: &QueryRequest<'_>, taken: usize) {
        if !self.connection.is_open() {
            return;
        }
        for _ in taken..request.expected_copies(self.console.encoding()) {
            self.skip_copy_data(request.plan.copy_stream());
        }
    }
}
