//! Shows results: tables whole or in parts, through the pager or not, and command tags.

use super::g_output::GOutput;
use super::request::ResultPlan;
use super::runner::QueryRunner;
use super::viewed::Viewed;
use crate::connection::{ResultSet, report_not_kept};
use crate::console::output::UntilInterrupted;
use crate::console::{Console, Reported, os_error_text};
use crate::encoding::terminal_safe::TerminalSafe;
use crate::print::{self, Column, Part, Table};
use crate::session::Field;
use crate::terminal;
use crate::terminal::pager::Pager;
use crate::terminal::signal::Interrupts;
use crate::type_parts::TypeParts;
use std::io::{self, Write};
use std::rc::Rc;

impl QueryRunner<'_> {
    /// Shows the tag of a command, where results went before `\g` sent them elsewhere.
    pub(super) fn show_command(&mut self, tag: &[u8], out: &mut GOutput<'_>) {
        let format = out.format.unwrap_or(self.console.print.format);
        out.aside(self.console, |console| show_tag(console, tag, format));
    }

    /// Shows the tag of a command that was gathered.
    pub(super) fn show_tag(&mut self, tag: &[u8]) {
        let format = self.console.print.format;
        show_tag(self.console, tag, format);
    }

    /// The last rows of a result that came in parts, and its end.
    pub(super) fn print_last_part(
        &mut self,
        set: ResultSet,
        plan: &ResultPlan,
        out: &mut GOutput<'_>,
        parts: &mut Parts,
    ) -> Result<(), Reported> {
        // The rows end before the tag that came with them.
        let end = ResultSet { fields: set.fields.clone(), tag: set.tag, ..ResultSet::default() };
        let rows = ResultSet { tag: Vec::new(), fields: set.fields, rows: set.rows };
        // psql shows the tag only when it came with no rows.
        let tag = rows.rows.is_empty().then(|| end.tag.clone());
        let printed = match rows.rows.is_empty() {
            true => Ok(()),
            false => self.print_part(rows, plan, out, parts),
        };
        let ended = self.print_part(end, plan, out, parts);
        if let Some(tag) = tag.filter(|tag| returns_rows(tag)) {
            self.show_command(&tag, out);
        }
        printed.and(ended)
    }

    /// A part of a result. What was under way when Ctrl-C came, or there was nowhere to put it, is
    /// not shown.
    pub(super) fn print_part(
        &mut self,
        mut set: ResultSet,
        plan: &ResultPlan,
        out: &mut GOutput<'_>,
        parts: &mut Parts,
    ) -> Result<(), Reported> {
        if self.console.interrupts.is_work_interrupted() || parts.failed {
            return Err(Reported);
        }
        let part =
            Part { start: !parts.printed, stop: !set.tag.is_empty(), prior_rows: parts.rows };
        let printed = out.open(self.console).and_then(|()| {
            parts.printed = true;
            parts.rows += set.rows.len();
            let options = plan.print.as_deref().unwrap_or(&self.console.print).clone();
            self.print_rows_in(&mut set, options, part, parts)
        });
        parts.failed = printed.is_err();
        printed
    }

    /// Prints a result to the query output and the log, or shows it in the viewer.
    pub(super) fn print_rows(
        &mut self,
        set: &mut ResultSet,
        plan: &ResultPlan,
    ) -> Result<(), Reported> {
        let viewed = self.view_if_long(set, plan);
        let mut options = plan.print.as_deref().unwrap_or(&self.console.print).clone();
        match viewed {
            Some(Viewed::Shown(outcome)) => return outcome,
            // What has room is not paged by another measure.
            Some(Viewed::Fits) => options.pager = print::Pager::Off,
            None => {}
        }
        self.print_rows_in(set, options, Part::default(), &mut Parts::default())
    }

    fn print_rows_in(
        &mut self,
        set: &mut ResultSet,
        options: print::Options,
        part: Part,
        parts: &mut Parts,
    ) -> Result<(), Reported> {
        let mut columns = columns_of(&set.fields);
        if matches!(options.format, print::Format::Json | print::Format::Ndjson) {
            if part.start {
                parts.types = self.types_within(&columns);
            }
            columns.iter_mut().for_each(|column| column.type_parts.clone_from(&parts.types));
        }
        let title = options.title.as_deref();
        let mut table = Table { title, columns: &columns, rows: &mut set.rows, footers: None };
        self.show_in_zones(&mut table, &options, part, &mut parts.pager)?;
        if part.stop {
            self.report_rounded_floats(&columns, options.format);
        }
        Ok(())
    }

    /// Prints a table to the query output, through the pager where that is right, and to the log.
    ///
    /// # Errors
    /// It could not be written.
    pub fn show_table(
        &mut self,
        table: &mut Table<'_>,
        options: &print::Options,
    ) -> Result<(), Reported> {
        self.show_in_zones(table, options, Part::default(), &mut None)
    }

    fn show_in_zones(
        &mut self,
        table: &mut Table<'_>,
        options: &print::Options,
        part: Part,
        pager: &mut Option<Pager>,
    ) -> Result<(), Reported> {
        self.in_time_zones(table, &options.display_time_zones, part, |runner, table| {
            runner.show_part(table, options, part, pager)
        })
    }

    /// Prints a part of a table; all parts go to one `pager`, which the first one starts.
    fn show_part(
        &mut self,
        table: &mut Table<'_>,
        options: &print::Options,
        part: Part,
        pager: &mut Option<Pager>,
    ) -> Result<(), Reported> {
        self.prepare_output(options.format, part)?;
        let in_parts = !(part.start && part.stop);
        let screen = self.interactive.screen(self.console, in_parts);
        let output = &self.console.output;
        let settled = match (output.is_redirected(), in_parts) {
            (true, _) => None,
            (false, true) => Some(options.for_parts()),
            (false, false) => Some(options.clone()),
        };
        let mut settled =
            settled.map(|o| print::Options { for_terminal: output.terminal().is_some(), ..o });
        // The log keeps to the options as they are.
        let log_options = options;
        if part.start {
            let options = settled.as_ref().unwrap_or(options);
            *pager = match part.stop {
                true => self.interactive.pager_for(self.console, table, options),
                // Nobody knows yet how long it gets.
                false => self.interactive.pager(self.console, u64::MAX, options),
            };
        }
        if let Some(settled) = &mut settled {
            settled.colors = self.interactive.table_colors(self.console, settled, pager.is_some());
        }
        let options = settled.as_ref().unwrap_or(options);
        let mut shown = Ok(());
        match pager {
            Some(running) => {
                // A user who quits the pager has seen enough.
                let mut safe = TerminalSafe::new(running, self.console.output.terminal());
                safe.set_colors(options.colors.is_some());
                let _ = print::print(table, options, part, screen, &mut safe)
                    .and_then(|_| safe.flush());
                if part.stop {
                    *pager = None;
                    self.console.interrupts.forget();
                }
            }
            None => {
                self.console.output.set_colors(options.colors.is_some());
                let mut remarks = Vec::new();
                let written = self.write_results(|query| {
                    remarks = print::print(table, options, part, screen, query)?;
                    Ok(())
                });
                self.console.output.set_colors(false);
                if part.stop && matches!(written, Ok(Written::Whole)) {
                    self.console.output.end_whole();
                }
                for remark in remarks {
                    self.console.info(remark);
                }
                shown = written.map(drop);
            }
        }
        if let Some(log) = self.console.output.log() {
            let _ =
                print::print(table, &log_options.for_log(), part, print::Screen::default(), log);
        }
        shown
    }

    /// Refuses what the query output can't take, and has no file appear before what it is for is
    /// whole, if the format is one of our own.
    fn prepare_output(&mut self, format: print::Format, part: Part) -> Result<(), Reported> {
        if format.is_binary() && part.start {
            let name = format.name();
            let output = &mut self.console.output;
            if !output.is_redirected() && terminal::stdout_is_tty() {
                return Err(self.console.error(format!(
                    "{name} is not for a terminal: \\g (format={name}) FILE, or \\o FILE before"
                )));
            }
            if !output.take() {
                return Err(self
                    .console
                    .error(format!("a file of the format {name} holds one result, and has one")));
            }
        }
        if format.is_own() {
            self.console.output.begin_whole(part.start);
        }
        Ok(())
    }

    /// Has `write` write to the query output until Ctrl-C.
    pub(super) fn write_results(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Written, Reported> {
        let console = &mut *self.console;
        let interrupts = console.interrupts.signal_ref();
        let mut query = UntilInterrupted { stream: console.output.query(), interrupts };
        let written = write(&mut query);
        // A full disk shows no later than here.
        let written = written.and_then(|()| query.flush());
        if interrupts.is_some_and(Interrupts::pending) {
            // The rest is not shown, and no more is asked for.
            self.connection.cancel_query(console);
            return Ok(Written::Interrupted);
        }
        written.map(|()| Written::Whole).map_err(|error| match error.kind() {
            // A user who quits the pager has seen enough.
            io::ErrorKind::BrokenPipe if console.output.is_paged() => Reported,
            io::ErrorKind::OutOfMemory => report_not_kept(console, &error),
            _ => {
                let reason = os_error_text(&error);
                console.error(format!("could not print result table: {reason}"))
            }
        })
    }
}

/// Shows a command tag unless QUIET is on, and publishes LASTOID.
fn show_tag(console: &mut Console, tag: &[u8], format: print::Format) {
    show_outcome(console, tag, format);
    let oid = tag.strip_prefix(b"INSERT ").and_then(|rest| rest.split(|b| *b == b' ').next());
    console.variables.put(b"LASTOID", oid.unwrap_or(b"0"));
}

/// Shows what a command did, unless QUIET is on.
pub(super) fn show_outcome(console: &mut Console, text: &[u8], format: print::Format) {
    if !console.settings().quiet && !console.shows_only_data(format) {
        let html = format == print::Format::Html;
        let (before, after) = if html { ("<p>", "</p>\n") } else { ("", "\n") };
        let out = console.output.query();
        let _ = out.write_all(&[before.as_bytes(), text, after.as_bytes()].concat());
    }
    if let Some(log) = console.output.log() {
        let _ = log.write_all(&[text, b"\n"].concat());
    }
}

/// Whether the command changed rows and returned them, so that its tag is shown below them.
pub(super) fn returns_rows(tag: &[u8]) -> bool {
    let verbs = [&b"INSERT "[..], b"UPDATE ", b"DELETE ", b"MERGE "];
    verbs.iter().any(|verb| tag.starts_with(verb))
}

/// How much of what was to be shown was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// All of it.
    Whole,
    /// What was written before Ctrl-C.
    Interrupted,
}

/// The columns of a result.
pub fn columns_of(fields: &[Field]) -> Vec<Column> {
    let column = |field: &Field| Column {
        type_modifier: field.type_modifier,
        ..Column::of_type(field.name.clone(), field.type_oid)
    };
    fields.iter().map(column).collect()
}

/// How much of a result that comes in parts was printed.
#[derive(Default)]
pub(super) struct Parts {
    pager: Option<Pager>,
    /// What the columns' types are made of, where the format wants to know.
    types: Option<Rc<TypeParts>>,
    printed: bool,
    failed: bool,
    rows: u64,
}

impl Parts {
    /// Whether any part was printed, or could not be.
    pub fn is_begun(&self) -> bool {
        self.printed || self.failed
    }
}
