//! The commands of pipeline mode, and the results of what was queued.

use super::request::{QueryRequest, ResultPlan};
use super::result_loop::{Delivery, Mode, ResultLoop};
use super::result_output::Parts;
use super::runner::{QueryReport, QueryRunner};
use crate::connection::pipeline::Pending;
use crate::connection::protocol::PipelineCommand;
use crate::connection::{Failure, FetchMode, StatementResult};
use std::ops::ControlFlow;
use std::time::Instant;

impl QueryRunner<'_> {
    /// Carries out one of the commands that are about pipeline mode.
    pub(super) fn run_pipeline_command(
        &mut self,
        request: &QueryRequest<'_>,
        command: PipelineCommand,
        start: Instant,
    ) -> QueryReport {
        let mut report = QueryReport::default();
        match command {
            PipelineCommand::Start => self.connection.start_pipeline(),
            PipelineCommand::FlushRequest => self.request_flush(&request.plan),
            PipelineCommand::Flush => {
                self.connection.flush_pipeline(self.console);
                report.failed = true;
            }
            PipelineCommand::Sync => report.note(self.connection.sync_pipeline(self.console)),
            PipelineCommand::GetResults(wanted) => {
                report = self.get_results(request, wanted, start);
            }
            PipelineCommand::End => {
                report.note(self.connection.sync_pipeline(self.console));
                if !report.failed {
                    report = ResultLoop::of_pipeline(self, request, start, u64::MAX).run_pipeline();
                    self.connection.forget_pipeline();
                }
            }
        }
        self.connection.publish_pipeline_counts(self.console);
        report
    }

    fn request_flush(&mut self, plan: &ResultPlan) {
        if self.connection.pipeline().is_on() {
            self.connection.request_flush();
        } else if self.fetch_count(plan).is_some() {
            self.warn_of_no_parts();
        }
    }

    /// `\getresults`: reads `wanted` results, synchronization points counted, or all there are.
    fn get_results(
        &mut self,
        request: &QueryRequest<'_>,
        wanted: u64,
        start: Instant,
    ) -> QueryReport {
        let to_come = self.connection.pipeline().results_to_come();
        if to_come == 0 {
            self.connection.report_no_pending_results(self.console);
            return QueryReport::of_failure();
        }
        let wanted = if wanted == 0 { to_come } else { wanted.min(to_come) };
        ResultLoop::of_pipeline(self, request, start, wanted).run_pipeline()
    }

    /// FETCH_COUNT holds for the first result that is read, if its query can still be told so.
    pub(super) fn delivery_of_first_result(&mut self, plan: &ResultPlan) -> Delivery {
        match self.fetch_count(plan) {
            Some(count) if self.connection.pipeline().can_fetch_in_parts() => {
                Delivery::InParts(count, Parts::default())
            }
            Some(_) => {
                self.warn_of_no_parts();
                Delivery::Whole
            }
            None => Delivery::Whole,
        }
    }
}

impl ResultLoop<'_, '_> {
    /// Goes through the results of a pipeline that are wanted. The request's text is what the query
    /// buffer holds: psql takes it for what was sent.
    fn run_pipeline(mut self) -> QueryReport {
        while let Mode::Pipeline { wanted: 1.., .. } = self.mode
            && self.runner.connection.pipeline().pending_count() > 0
            && self.runner.connection.is_open()
        {
            self.read_message();
            self.report.elapsed = self.start.elapsed();
            if let Mode::Pipeline { wanted, .. } = &mut self.mode {
                *wanted = wanted.saturating_sub(1);
            }
            self.delivery = Delivery::Whole;
        }
        self.runner.skip_untaken_copies(self.request, 0);
        self.end()
    }

    /// Reads what the oldest message that is not answered gets.
    fn read_message(&mut self) {
        let sql = match self.runner.connection.pipeline().oldest() {
            Some(Pending::Query(sql) | Pending::Parse(sql)) => sql.clone(),
            Some(Pending::Close) => Vec::new(),
            Some(Pending::Sync) => return self.read_sync(),
            None => return,
        };
        if self.runner.connection.pipeline().is_aborted() {
            self.pass_over();
            return self.runner.connection.note_answered();
        }
        self.begin_message();
        loop {
            let fetch = match &self.delivery {
                Delivery::InParts(rows, _) => FetchMode::Rows(*rows),
                Delivery::Whole | Delivery::Viewed(_) | Delivery::Buffered(_) => FetchMode::Whole,
            };
            let result = self.runner.next_result(fetch, self.start);
            // Without one it was a synchronization point that was not asked for.
            if let Some(result) = result {
                let is_part = matches!(result, StatementResult::Part(_));
                let is_rows = matches!(result, StatementResult::Rows(_));
                if let ControlFlow::Break(()) = self.step_of_pipeline(result, &sql) {
                    return;
                }
                if is_part {
                    continue;
                }
                if is_rows {
                    self.runner.console.output.flush();
                }
            }
            return self.runner.connection.note_answered();
        }
    }

    /// COPY has no place in a pipeline; all else is as in a query.
    fn step_of_pipeline(&mut self, result: StatementResult, sql: &[u8]) -> ControlFlow<()> {
        match result {
            StatementResult::CopyIn { .. }
            | StatementResult::CopyOut
            | StatementResult::CopyBoth => {
                self.report.failed = true;
                let QueryRunner { connection, console, .. } = &mut *self.runner;
                console.info("COPY in a pipeline is not supported, aborting connection");
                connection.abandon(!console.is_interactive());
                connection.disconnect(console);
                ControlFlow::Break(())
            }
            result => self.step(result, sql),
        }
    }

    /// The server passes over a command behind an error.
    fn pass_over(&mut self) {
        let Mode::Pipeline { silent, .. } = &mut self.mode else { return };
        if !std::mem::replace(silent, true) {
            self.runner.console.info("Pipeline aborted, command did not run");
            self.runner.console.publish_own_failure();
        }
        self.report.failed = true;
    }

    /// Waits for a synchronization point. A deferred constraint fails here.
    fn read_sync(&mut self) {
        let result = self.runner.next_result(FetchMode::Whole, self.start);
        let QueryRunner { connection, console, .. } = &mut *self.runner;
        match result {
            None => {
                connection.note_synchronized();
                console.publish_success(b"");
                self.report.failed = false;
                if let Mode::Pipeline { silent, .. } = &mut self.mode {
                    *silent = false;
                }
            }
            Some(StatementResult::Lost(reason)) => {
                self.report.failed = true;
                connection.on_connection_lost(console, &reason);
            }
            Some(StatementResult::Error(fields)) => {
                self.report.failed = true;
                self.runner.report_failure(Failure::Refused(fields), b"");
                self.runner.connection.note_result_taken();
            }
            // Nothing else belongs here; the next reading goes on to the synchronization point.
            Some(_) => {}
        }
    }
}
