//! Results that are printed while they come, and shown once they are complete: psql shows no row
//! of a query that fails.

use super::g_output::GOutput;
use super::request::{ResultAction, ResultPlan};
use super::result_output::{columns_of, returns_rows};
use super::runner::QueryRunner;
use crate::connection::spool::Spool;
use crate::connection::{ResultSet, report_not_kept};
use crate::console::Reported;
use crate::print::{self, Part, Screen, Table};
use std::io;

/// What was printed of a result so far.
#[derive(Debug)]
pub(super) struct BufferedOutput {
    text: io::Result<Spool>,
    rows: u64,
}

impl QueryRunner<'_> {
    /// Whether rows are printed as they come: in a format that gains by it, and for no use but to go
    /// to the query output: no pager waits to know how many there are, and the rows are not kept. Which
    /// zones timestamps are shown in depends on what is known behind the result.
    pub(super) fn can_buffer(&mut self, plan: &ResultPlan) -> bool {
        let options = plan.print.as_deref().unwrap_or(&self.console.print);
        matches!(plan.action, ResultAction::Print)
            && options.is_by_row()
            && options.display_time_zones.is_empty()
            && self.results_to_keep(plan) == 0
            && !self.interactive.may_page(self.console, options)
            && self.console.output.log().is_none()
    }

    /// Prints a part of a result, `before` it what was printed already.
    pub(super) fn buffer(
        &mut self,
        set: ResultSet,
        plan: &ResultPlan,
        before: Option<BufferedOutput>,
    ) -> BufferedOutput {
        let part = Part {
            start: before.is_none(),
            stop: !set.tag.is_empty(),
            prior_rows: before.as_ref().map_or(0, |buffered| buffered.rows),
        };
        let rows = part.prior_rows + set.rows.len();
        let text = before.map_or(Ok(Spool::default()), |buffered| buffered.text);
        let text = text.and_then(|mut spool| {
            self.print_to_spool(set, plan, part, &mut spool)?;
            Ok(spool)
        });
        BufferedOutput { text, rows }
    }

    fn print_to_spool(
        &self,
        mut set: ResultSet,
        plan: &ResultPlan,
        part: Part,
        spool: &mut Spool,
    ) -> io::Result<()> {
        let options = plan.print.as_deref().unwrap_or(&self.console.print);
        let mut table = Table {
            title: options.title.as_deref(),
            columns: &columns_of(&set.fields),
            rows: &mut set.rows,
            footers: None,
        };
        // What goes row by row has no regard for the screen.
        print::print(&mut table, options, part, Screen::default(), spool).map(drop)
    }

    /// Shows a result of which `set` is the last part.
    pub(super) fn show_buffered(
        &mut self,
        set: ResultSet,
        plan: &ResultPlan,
        out: &mut GOutput<'_>,
        before: BufferedOutput,
    ) -> Result<(), Reported> {
        let tag = set.tag.clone();
        let mut spool = self
            .buffer(set, plan, Some(before))
            .text
            .map_err(|error| report_not_kept(self.console, &error))?;
        self.connection.report_lacking_file(self.console, spool.lacks_file());
        let shown =
            out.open(self.console).and_then(|()| self.write_results(|query| spool.copy_to(query)));
        let shown = shown.map(drop);
        if returns_rows(&tag) {
            self.show_command(&tag, out);
        }
        shown
    }
}
