//! Results that are looked at in the table viewer: whole ones, and others while they come.

use super::request::{ResultAction, ResultPlan};
use super::result_output::{columns_of, returns_rows};
use super::runner::QueryRunner;
use super::view_copy::ViewCopy;
use super::viewed::Viewed;
use crate::browse::{Arriving, Browsed, Meaning, Whole};
use crate::connection::ResultSet;
use crate::console::{Reported, os_error_text};
use crate::print::{self, Table};
use crate::result_view::Session;
use crate::time_zone::{DateStyle, Zone};
use std::io;
use std::sync::Arc;
use std::time::Instant;

/// What is done with rows that are still to come when the viewer is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// The statement, which only reads and is a transaction of its own, is cancelled.
    Cancelled,
    /// They are read: a transaction is not to fail because a user has seen enough.
    Read,
}

/// The session that a result came in, as far as its values depend on it.
struct Origin {
    style: DateStyle,
    zone: Option<Arc<Zone>>,
}

impl QueryRunner<'_> {
    /// With how many rows a result is looked at while more come, if it may be.
    pub(super) fn rows_to_view(&self, plan: &ResultPlan) -> Option<u64> {
        let options = self.options_to_view(plan)?;
        let is_printed = matches!(plan.action, ResultAction::Print);
        let is_shown = self.console.settings().show_all_results;
        (is_printed && is_shown).then(|| self.interactive.too_many_rows(self.console, options))
    }

    /// The printing options of a result that may be looked at. Values in other zones, and what goes
    /// to the log as well, are printed.
    fn options_to_view<'p>(&'p self, plan: &'p ResultPlan) -> Option<&'p print::Options> {
        let options = plan.print.as_deref().unwrap_or(&self.console.print);
        let may_view = plan.target.is_none()
            && options.display_time_zones.is_empty()
            && !self.console.output.has_log()
            && self.interactive.may_view(self.console, options);
        may_view.then_some(options)
    }

    /// Shows a result of which these rows have come, while the others do; when their end was there.
    /// The next result goes on with all that were taken.
    pub(super) fn view_arriving(
        &mut self,
        mut set: ResultSet,
        plan: &ResultPlan,
        rest: Rest,
    ) -> Option<Instant> {
        self.interactive.end_progress(self.console);
        let origin = self.origin_of_values();
        let options = plan.print.as_deref().unwrap_or(&self.console.print).clone();
        let mut host = ViewCopy { options: &options, has_screen: self.interactive.has_screen() };
        let columns = columns_of(&set.fields);
        let meaning = origin.meaning(&options);
        let arriving = Arriving::new(self.connection);
        let mut browsed = Browsed::new(columns, &mut set.rows, meaning, arriving);
        let viewed = self.interactive.view(self.console, &mut browsed, &options, &mut host);
        let afterwards = browsed.into_feed().finish();
        self.console.interrupts.forget();
        let ended = afterwards.ended;
        let is_coming = ended.is_none() && !afterwards.is_cancelled();
        self.connection.go_on_with(set);
        afterwards.tell(self.connection, self.console);
        if is_coming && viewed.is_ok() && rest == Rest::Cancelled {
            self.connection.cancel_query(self.console);
        }
        if let Err(error) = viewed {
            self.report_not_viewed(&error);
        }
        ended
    }

    /// Shows a whole result if it may be looked at and is too long for the screen.
    pub(super) fn view_if_long(
        &mut self,
        set: &mut ResultSet,
        plan: &ResultPlan,
    ) -> Option<Viewed> {
        let options = self.options_to_view(plan)?;
        let columns = columns_of(&set.fields);
        let title = options.title.as_deref();
        let mut table = Table { title, columns: &columns, rows: &mut set.rows, footers: None };
        let behind = u64::from(self.console.timing) + u64::from(self.shows_tag(&set.tag));
        let is_long = self.interactive.is_long(self.console, &mut table, options, behind);
        Some(match is_long {
            true => Viewed::Shown(self.view_whole(set, plan)),
            false => Viewed::Fits,
        })
    }

    /// Whether a command's tag stands below its rows.
    fn shows_tag(&self, tag: &[u8]) -> bool {
        returns_rows(tag) && !self.console.settings().quiet
    }

    /// Shows a whole result.
    pub(super) fn view_whole(
        &mut self,
        set: &mut ResultSet,
        plan: &ResultPlan,
    ) -> Result<(), Reported> {
        let origin = self.origin_of_values();
        let options = plan.print.as_deref().unwrap_or(&self.console.print).clone();
        let mut host = ViewCopy { options: &options, has_screen: self.interactive.has_screen() };
        let meaning = origin.meaning(&options);
        let mut browsed = Browsed::new(columns_of(&set.fields), &mut set.rows, meaning, Whole);
        let viewed = self.interactive.view(self.console, &mut browsed, &options, &mut host);
        self.console.interrupts.forget();
        match viewed {
            Ok(()) => {
                self.summarize(set.rows.len(), plan);
                Ok(())
            }
            Err(error) => Err(self.report_not_viewed(&error)),
        }
    }

    fn report_not_viewed(&mut self, error: &io::Error) -> Reported {
        let reason = os_error_text(error);
        self.console.error(format!("could not show the result: {reason}"))
    }

    /// What remains on the screen of a result that was looked at: how many rows it has.
    pub(super) fn summarize(&mut self, rows: u64, plan: &ResultPlan) {
        let options = plan.print.as_deref().unwrap_or(&self.console.print);
        if options.footer && !options.tuples_only {
            let unit = if rows == 1 { "row" } else { "rows" };
            let _ = writeln!(self.console.output.query(), "({rows} {unit})");
        }
    }

    fn origin_of_values(&mut self) -> Origin {
        let style = self.connection.date_style().unwrap_or_default();
        let zone = (style != DateStyle::Iso)
            .then(|| self.connection.session_zone())
            .and_then(|name| self.connection.known_zone(&name));
        Origin { style, zone }
    }
}

impl Origin {
    fn meaning<'o>(&'o self, options: &print::Options) -> Meaning<'o> {
        let session = Session { style: self.style, zone: self.zone.as_deref() };
        Meaning { encoding: options.encoding, session }
    }
}
