//! The parts of the shell that a query needs, and how one went.

use super::gathered::Gathered;
use super::kept_results::KeptResults;
use super::request::{ResultAction, ResultPlan};
use crate::connection::{Connection, FetchMode, StatementResult};
use crate::console::{Console, Reported};
use crate::error_fields::ErrorFields;
use crate::interactive::Interactive;
use std::time::{Duration, Instant};

/// The parts of the shell that a query needs.
pub struct QueryRunner<'a> {
    /// Where input comes from and output goes.
    pub console: &'a mut Console,
    /// The connection it runs on.
    pub connection: &'a mut Connection,
    /// The user's side.
    pub interactive: &'a mut Interactive,
    /// The last results.
    pub kept: &'a mut KeptResults,
}

/// How a query went.
#[derive(Debug, Default)]
pub(super) struct QueryReport {
    /// Something failed, and was reported.
    pub failed: bool,
    /// The tag of the last command that succeeded.
    pub tag: Vec<u8>,
    /// From sending to the arrival of the last result.
    pub elapsed: Duration,
    /// What the server said of the first failure.
    pub error: Option<ErrorFields>,
    /// The rows of the first result.
    pub first_rows: Option<u64>,
    /// The results, if they were to be gathered.
    pub gathered: Vec<Gathered>,
}

impl QueryReport {
    /// A query that could not be run.
    pub fn of_failure() -> QueryReport {
        QueryReport { failed: true, ..QueryReport::default() }
    }

    /// Takes note of what a step of the query came to.
    pub fn note(&mut self, step: Result<(), Reported>) {
        self.failed |= step.is_err();
    }
}

impl QueryRunner<'_> {
    /// Waits for the next result of what was sent at `start`; `None` when there is none.
    pub(super) fn next_result(
        &mut self,
        fetch: FetchMode,
        start: Instant,
    ) -> Option<StatementResult> {
        let interactive = &mut *self.interactive;
        self.connection.next_result_meanwhile(self.console, fetch, &mut |console, connection| {
            interactive.show_progress(console, connection, start);
        })
    }

    /// How many rows of a result are shown at a time, if not all (FETCH_COUNT).
    pub(super) fn fetch_count(&self, plan: &ResultPlan) -> Option<u64> {
        let settings = self.console.settings();
        let count = u64::try_from(settings.fetch_count).ok().filter(|count| *count > 0)?;
        let format = plan.print.as_deref().unwrap_or(&self.console.print).format;
        // What is no text is not written in parts.
        let can = matches!(plan.action, ResultAction::Print)
            && settings.show_all_results
            && !format.is_binary();
        can.then_some(count)
    }

    /// FETCH_COUNT is set, and this is nothing that comes in parts.
    pub(super) fn warn_of_no_parts(&mut self) {
        self.console.warning("fetching results in chunked mode failed");
    }
}
