//! Shows results: tables whole or in parts, through the pager or not, and command tags.

use super::g_output::GOutput;
use super::output::UntilInterrupted;
use super::query_use::Send;
use super::results::ResultSet;
use super::{Shell, os_error_text};
use crate::encoding::terminal_safe::TerminalSafe;
use crate::print::{self, Column, Part, Table};
use crate::session::Field;
use crate::terminal::pager::Pager;
use crate::terminal::signal::Interrupts;
use std::io::{self, Write};

impl Shell {
    /// Shows the tag of a command, where results went before `\g` sent them elsewhere.
    pub(super) fn show_command(&mut self, tag: &[u8], out: &mut GOutput<'_>) {
        let format = out.format.unwrap_or(self.print.format);
        out.aside(self, |shell| shell.show_tag(tag, format));
    }

    /// The last rows of a result that came in parts, and its end.
    pub(super) fn print_last_part(
        &mut self,
        set: ResultSet,
        send: &Send,
        out: &mut GOutput<'_>,
        parts: &mut Parts,
    ) -> bool {
        // The rows end before the tag that came with them.
        let end = ResultSet { fields: set.fields.clone(), tag: set.tag, ..ResultSet::default() };
        let rows = ResultSet { tag: Vec::new(), fields: set.fields, rows: set.rows };
        // psql shows the tag only when it came with no rows.
        let tag = rows.rows.is_empty().then(|| end.tag.clone());
        let printed = rows.rows.is_empty() || self.print_part(rows, send, out, parts);
        let ok = printed & self.print_part(end, send, out, parts);
        if let Some(tag) = tag.filter(|tag| returns_rows(tag)) {
            self.show_command(&tag, out);
        }
        ok
    }

    /// A part of a result.
    pub(super) fn print_part(
        &mut self,
        mut set: ResultSet,
        send: &Send,
        out: &mut GOutput<'_>,
        parts: &mut Parts,
    ) -> bool {
        if self.is_cancelled() || parts.failed {
            // What was under way when Ctrl-C came, or there was nowhere to put it, is not shown.
            return false;
        }
        parts.failed = !out.open(self);
        if parts.failed {
            return false;
        }
        let part =
            Part { start: !parts.printed, stop: !set.tag.is_empty(), prior_rows: parts.rows };
        parts.printed = true;
        parts.rows += set.rows.len();
        let ok = self.print_rows_in(&mut set, send, part, &mut parts.pager);
        parts.failed = !ok;
        ok
    }

    /// Prints a result to the query output and the log.
    pub(super) fn print_rows(&mut self, set: &mut ResultSet, send: &Send, part: Part) -> bool {
        self.print_rows_in(set, send, part, &mut None)
    }

    fn print_rows_in(
        &mut self,
        set: &mut ResultSet,
        send: &Send,
        part: Part,
        pager: &mut Option<Pager>,
    ) -> bool {
        let columns = columns_of(&set.fields);
        let options = send.print.as_deref().unwrap_or(&self.print).clone();
        let title = options.title.clone();
        self.show_part(
            &mut Table {
                title: title.as_deref(),
                columns: &columns,
                rows: &mut set.rows,
                footers: None,
            },
            &options,
            part,
            pager,
        )
    }

    /// Prints a table to the query output, through the pager where that is right, and to the log.
    pub fn show_table(
        &mut self,
        table: &mut Table<'_>,
        options: &print::Options,
        part: Part,
    ) -> bool {
        self.show_part(table, options, part, &mut None)
    }

    /// Prints a part of a table; all parts go to one `pager`, which the first one starts.
    fn show_part(
        &mut self,
        table: &mut Table<'_>,
        options: &print::Options,
        part: Part,
        pager: &mut Option<Pager>,
    ) -> bool {
        let in_parts = !(part.start && part.stop);
        let screen = self.screen(in_parts);
        let settled = (in_parts && !self.output.is_redirected()).then(|| options.for_parts());
        // The log keeps to the options as they are.
        let (options, log_options) = (settled.as_ref().unwrap_or(options), options);
        let mut ok = true;
        if part.start {
            *pager = match part.stop {
                true => self.pager_for(table, options),
                // Nobody knows yet how long it gets.
                false => self.pager(u64::MAX, options),
            };
        }
        match pager {
            Some(running) => {
                // A person who quits the pager has seen enough.
                let mut safe = TerminalSafe::new(running, self.output.terminal());
                let _ = print::print(table, options, part, screen, &mut safe)
                    .and_then(|()| safe.flush());
                if part.stop {
                    *pager = None;
                    self.forget_interrupt();
                }
            }
            None => {
                ok = self.write_results(|query| print::print(table, options, part, screen, query));
            }
        }
        if let Some(log) = self.output.log() {
            let _ =
                print::print(table, &log_options.for_log(), part, print::Screen::default(), log);
        }
        ok
    }

    /// Whether results go to a program in a format of which every byte is data.
    pub(super) fn only_data(&self, format: print::Format) -> bool {
        let json = matches!(format, print::Format::Json | print::Format::Ndjson);
        json && (self.not_a_tty || self.output.is_redirected())
    }

    /// Has `write` write to the query output until Ctrl-C; false after reporting a failure.
    pub(super) fn write_results(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> bool {
        let interrupts = self.interrupts.as_deref();
        let mut query = UntilInterrupted { stream: self.output.query(), interrupts };
        let written = write(&mut query);
        // A full disk shows no later than here.
        let written = written.and_then(|()| query.flush());
        if interrupts.is_some_and(Interrupts::pending) {
            self.printing_interrupted();
        } else if let Err(error) = written {
            if self.output.is_paged() && error.kind() == io::ErrorKind::BrokenPipe {
                // A user who quits the pager has seen enough.
                return false;
            }
            if error.kind() == io::ErrorKind::OutOfMemory {
                self.not_kept(&error);
                return false;
            }
            let text = os_error_text(&error);
            self.error(format!("could not print result table: {text}"));
            return false;
        }
        true
    }

    /// Shows a command tag unless QUIET is on, and takes note of LASTOID.
    fn show_tag(&mut self, tag: &[u8], format: print::Format) {
        if !self.settings().quiet && !self.only_data(format) {
            let html = format == print::Format::Html;
            let (before, after) = if html { ("<p>", "</p>\n") } else { ("", "\n") };
            let out = self.output.query();
            let _ = out.write_all(&[before.as_bytes(), tag, after.as_bytes()].concat());
        }
        if let Some(log) = self.output.log() {
            let _ = log.write_all(&[tag, b"\n"].concat());
        }
        let oid = tag.strip_prefix(b"INSERT ").and_then(|rest| rest.split(|b| *b == b' ').next());
        self.variables.put(b"LASTOID", oid.unwrap_or(b"0"));
    }
}

/// Whether the command changed rows and returned them, so that its tag is shown below them.
pub(super) fn returns_rows(tag: &[u8]) -> bool {
    let verbs = [&b"INSERT "[..], b"UPDATE ", b"DELETE ", b"MERGE "];
    verbs.iter().any(|verb| tag.starts_with(verb))
}

/// The columns of a result.
pub fn columns_of(fields: &[Field]) -> Vec<Column> {
    fields.iter().map(|field| Column::of_type(field.name.clone(), field.type_oid)).collect()
}

/// How much of a result that comes in parts was printed.
#[derive(Default)]
pub(super) struct Parts {
    pager: Option<Pager>,
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
