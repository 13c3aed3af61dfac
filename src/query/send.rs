//! Runs a query with what goes before and after it: echo, AUTOCOMMIT, ON_ERROR_ROLLBACK, timing.

use super::request::{QueryRequest, ResultAction};
use super::result_loop::ResultLoop;
use super::runner::{QueryReport, QueryRunner};
use super::timing;
use crate::connection::protocol::Protocol;
use crate::console::{Reported, row_count};
use crate::interactive::{Consent, QueryOutcome, is_yes};
use crate::session::TransactionStatus;
use crate::transaction;
use crate::variables::{Echo, ErrorRollback};
use std::time::Instant;

impl QueryRunner<'_> {
    /// Runs a query with all that goes before and after it.
    ///
    /// # Errors
    /// Anything failed.
    pub fn send(&mut self, request: &QueryRequest<'_>) -> Result<(), Reported> {
        self.console.interrupts.begin_command();
        self.connection.require(self.console)?;
        self.renew_connection()?;
        self.guard(request)?;
        self.prepare_time_zones(request);
        self.echo(request.text)?;
        self.log(request.text);
        self.begin_transaction(request.text)?;
        let has_savepoint = self.set_savepoint()?;
        if self.console.interrupts.is_pressed() {
            return Err(Reported);
        }
        let mut report = self.run(request);
        if self.connection.has_ended_script() {
            return Err(Reported);
        }
        self.note(request, &report);
        if report.failed && self.console.settings().echo == Echo::Errors {
            self.console.info([b"STATEMENT:  ", request.text].concat());
        }
        if let Some(error) = &report.error {
            self.interactive.suggest(self.console, self.connection, error, request.text);
        }
        if !report.failed {
            let took = report.elapsed;
            self.interactive.tell_configuration(self.console, self.connection, request.text, took);
        }
        if has_savepoint {
            let ended = self.end_savepoint(&report.tag);
            report.note(ended);
        }
        if self.console.timing {
            timing::print(self.console, report.elapsed);
        }
        self.connection.publish_encoding(self.console);
        self.connection.show_notifications(self.console);
        self.console.output.flush();
        if report.failed { Err(Reported) } else { Ok(()) }
    }

    /// A connection that was lost at the prompt is opened anew, and the statement, of which nothing
    /// was sent, goes there; if it may mean something else there, the user is asked.
    pub(super) fn renew_connection(&mut self) -> Result<(), Reported> {
        let renewed = self.connection.renew_if_lost(self.console).inspect_err(|_| {
            self.console.info("The statement was not sent.");
        })?;
        let Some(lost) = renewed else { return Ok(()) };
        let Some(words) = lost.words() else {
            self.console.info("The statement had not been sent; it is sent now.");
            return Ok(());
        };
        self.console.info(words);
        let question = b"Send this statement over the new connection? [y/N] ";
        match self.interactive.consent(self.console, question, is_yes) {
            Consent::Yes => Ok(()),
            Consent::No | Consent::Interrupted => {
                Err(self.console.info("The statement was not sent."))
            }
        }
    }

    /// The history tells how what was typed went.
    pub(super) fn note(&mut self, request: &QueryRequest<'_>, report: &QueryReport) {
        self.interactive.note_query(&QueryOutcome {
            text: request.text,
            elapsed: report.elapsed,
            rows: row_count(&report.tag),
            failed: report.failed,
            error: report.error.as_ref(),
        });
    }

    /// ECHO=queries and SINGLESTEP.
    fn echo(&mut self, text: &[u8]) -> Result<(), Reported> {
        if self.console.settings().single_step {
            return if self.console.confirms_step(text) { Ok(()) } else { Err(Reported) };
        }
        if self.console.settings().echo == Echo::Queries {
            self.console.println(text);
        }
        Ok(())
    }

    /// Writes a statement to the session log.
    fn log(&mut self, text: &[u8]) {
        if let Some(log) = self.console.output.log() {
            let _ = log.write_all(b"/******** QUERY *********/\n");
            let _ = log.write_all(text);
            let _ = log.write_all(b"\n/************************/\n\n");
        }
    }

    /// Without AUTOCOMMIT: begins the transaction that a statement needs.
    fn begin_transaction(&mut self, text: &[u8]) -> Result<(), Reported> {
        let begins = self.connection.transaction_status() == TransactionStatus::Idle
            && !self.console.settings().autocommit
            && !transaction::needs_no_begin(text, self.console.encoding());
        if begins { self.connection.command(self.console, "BEGIN") } else { Ok(()) }
    }

    /// Sets ON_ERROR_ROLLBACK's savepoint, if one is wanted here; whether it was.
    fn set_savepoint(&mut self) -> Result<bool, Reported> {
        let wanted = self.connection.transaction_status() == TransactionStatus::InTransaction
            && match self.console.settings().on_error_rollback {
                ErrorRollback::Off => false,
                ErrorRollback::On => true,
                ErrorRollback::Interactive => self.console.is_interactive(),
            };
        if wanted {
            let sql = format!("SAVEPOINT {}", transaction::SAVEPOINT);
            self.connection.command(self.console, &sql)?;
        }
        Ok(wanted)
    }

    /// Goes back to the savepoint after a failure, and gives it up after a success with this tag
    /// that did not end it.
    fn end_savepoint(&mut self, tag: &[u8]) -> Result<(), Reported> {
        let verb = match self.connection.transaction_status() {
            TransactionStatus::Failed => "ROLLBACK TO",
            TransactionStatus::InTransaction if !transaction::keeps_savepoint(tag) => "RELEASE",
            _ => return Ok(()),
        };
        self.connection.command(self.console, &format!("{verb} {}", transaction::SAVEPOINT))
    }

    /// Sends a query and goes through its results.
    pub(super) fn run(&mut self, request: &QueryRequest<'_>) -> QueryReport {
        let report = self.send_and_read(request);
        self.interactive.end_progress(self.console);
        report
    }

    fn send_and_read(&mut self, request: &QueryRequest<'_>) -> QueryReport {
        if matches!(request.plan.action, ResultAction::Describe) {
            return self.describe_query(request);
        }
        let start = Instant::now();
        if let Protocol::Pipeline(command) = request.protocol {
            return self.run_pipeline_command(request, command, start);
        }
        if request.protocol.has_too_many_values() {
            self.connection.refuse_values(self.console);
            return QueryReport::of_failure();
        }
        if self.connection.pipeline().is_on() {
            self.connection.queue(self.console, request.text, &request.protocol);
            return QueryReport::default();
        }
        if self.connection.has_helper()
            && transaction::concerns_database(request.text, self.console.encoding())
        {
            self.connection.hang_up_helper(self.console);
        }
        self.connection.begin_query(request.text);
        let is_alone = self.connection.transaction_status() == TransactionStatus::Idle;
        self.connection.send(request.text, &request.protocol);
        if matches!(request.protocol, Protocol::Parse(_) | Protocol::Close(_))
            && self.fetch_count(&request.plan).is_some()
        {
            self.warn_of_no_parts();
        }
        let mut report = ResultLoop::of_query(self, request, start, is_alone).run();
        // A query that went well although it was to be cancelled did not do what was asked.
        let interrupts = &self.console.interrupts;
        report.failed |= interrupts.has_ended_actions() || interrupts.is_pressed();
        self.connection.end_query();
        report
    }
}
