//! Runs a query: echo, AUTOCOMMIT and ON_ERROR_ROLLBACK around it, its results, timing and the
//! variables that tell a script how it went.

use super::input::Source;
use super::pipeline::send_bound;
use super::query_use::{Send, Use};
use super::results::{Completed, Portion, ResultSet};
use super::walk::Run;
use super::{Extended, LastError, Shell, os_error_text};
use crate::session::{ErrorFields, TransactionStatus};
use crate::transaction;
use crate::variables::{Echo, EchoHidden, ErrorRollback};
use std::io::{BufRead, Read};
use std::time::{Duration, Instant};

/// Why a query of the shell's own gave no result.
enum Failure {
    /// The server refused it.
    Refused(ErrorFields),
    /// Its rows couldn't be kept.
    NotKept(std::io::Error),
    /// The connection broke, perhaps after the server had said why.
    Lost(Option<ErrorFields>, Vec<u8>),
}

impl Shell {
    /// Sends `sql` and uses its results as `send` says; false if anything failed.
    pub fn send_query(&mut self, sql: &[u8], send: &Send) -> bool {
        let ok = self.send_and_follow(sql, send);
        self.restore_print();
        ok
    }

    /// A query with all that goes before and after it.
    fn send_and_follow(&mut self, sql: &[u8], send: &Send) -> bool {
        let extended = std::mem::take(&mut self.extended);
        self.cancelled = false;
        if self.session.is_none() {
            self.error("You are currently not connected to a database.");
            return false;
        }
        if self.settings().single_step {
            if !self.confirm_step(sql) {
                return false;
            }
        } else if self.settings().echo == Echo::Queries {
            self.put(sql);
        }
        self.log_query(sql);

        let before = self.transaction_status();
        if before == TransactionStatus::Idle
            && !self.settings().autocommit
            && !transaction::needs_no_begin(sql, self.encoding())
            && !self.command("BEGIN")
        {
            return false;
        }
        let guarded = self.transaction_status() == TransactionStatus::InTransaction
            && match self.settings().on_error_rollback {
                ErrorRollback::Off => false,
                ErrorRollback::On => true,
                ErrorRollback::Interactive => self.is_interactive(),
            };
        if guarded && !self.command(&format!("SAVEPOINT {}", transaction::SAVEPOINT)) {
            return false;
        }

        if self.is_interrupted() {
            return false;
        }
        if matches!(send.usage, Use::Exec) {
            // The first statement that comes out is sent the same way.
            self.extended.clone_from(&extended);
        }
        let run = match send.usage {
            Use::Describe => self.describe_query(sql, send),
            _ => self.run(sql, send, &extended),
        };
        self.extended = Extended::Simple;
        if self.connection_lost {
            return false;
        }
        if !run.ok && self.settings().echo == Echo::Errors {
            self.info([b"STATEMENT:  ", sql].concat());
        }
        let mut ok = run.ok;
        if guarded {
            let after = match self.transaction_status() {
                TransactionStatus::Failed => Some("ROLLBACK TO"),
                TransactionStatus::InTransaction if !transaction::keeps_savepoint(&run.tag) => {
                    Some("RELEASE")
                }
                _ => None,
            };
            if let Some(verb) = after {
                ok &= self.command(&format!("{verb} {}", transaction::SAVEPOINT));
            }
        }
        if self.timing {
            self.show_timing(run.elapsed);
        }
        self.note_encoding();
        self.show_notifications();
        self.output.flush();
        ok
    }

    /// One run of `\watch`: nothing around the query, and the variables stay as they are. Tells
    /// whether it went well and how many rows the first result had.
    pub(super) fn send_watched(&mut self, sql: &[u8], send: &Send) -> (bool, u64) {
        let extended = self.extended.clone();
        self.cancelled = false;
        let run = self.run(sql, send, &extended);
        if self.timing {
            self.show_timing(run.elapsed);
        }
        self.output.flush();
        (run.ok, run.first_rows.unwrap_or(0))
    }

    /// The transaction status the server last told; `Unknown` without a connection.
    pub fn transaction_status(&self) -> TransactionStatus {
        if self.pipeline.is_on() {
            return self.pipeline.transaction_status();
        }
        self.session.as_ref().map_or(TransactionStatus::Unknown, |s| s.transaction_status())
    }

    /// SINGLESTEP: shows the statement and asks; false if it is not to run.
    fn confirm_step(&mut self, sql: &[u8]) -> bool {
        let shown = [
            b"/**(Single step mode: verify command)******************************************/\n",
            sql,
            b"\n/**(press return to proceed or enter x and return to cancel)*******************/\n",
        ]
        .concat();
        let _ = self.output.stdout().write_all(&shown);
        self.output.flush();
        let answer = match self.input.standard_input().and_then(Source::bytes) {
            // psql takes no more than two bytes of a script for its answer.
            Some(script) => {
                let mut answer = Vec::new();
                let _ = BufRead::read_until(&mut script.take(2), b'\n', &mut answer);
                answer
            }
            None => crate::terminal::plain::ask_line().unwrap_or_default(),
        };
        !answer.starts_with(b"x")
    }

    /// Writes a statement to the session log.
    fn log_query(&mut self, sql: &[u8]) {
        if let Some(log) = self.output.log() {
            let _ = log.write_all(b"/******** QUERY *********/\n");
            let _ = log.write_all(sql);
            let _ = log.write_all(b"\n/************************/\n\n");
        }
    }

    /// Runs a command of the shell's own whose result nobody sees; an error is reported.
    pub fn command(&mut self, sql: &str) -> bool {
        self.internal(sql.as_bytes()).is_some()
    }

    /// Runs a query of the shell's own without echo and returns its last result's rows (empty for a
    /// command); an error is reported and gives `None`.
    pub fn internal(&mut self, sql: &[u8]) -> Option<ResultSet> {
        if self.refuse_in_pipeline() {
            return None;
        }
        match self.internal_result(sql)? {
            Ok(set) => Some(set),
            // psql's own queries leave ERROR and its kin alone.
            Err(Failure::Refused(fields)) => {
                self.show_failure(fields, sql);
                None
            }
            Err(Failure::NotKept(error)) => {
                self.not_kept(&error);
                None
            }
            Err(Failure::Lost(last_words, reason)) => {
                if let Some(fields) = last_words {
                    self.show_failure(fields, sql);
                }
                self.lost(&reason);
                None
            }
        }
    }

    /// Runs a query of the shell's own whose failure nobody need hear of; `None` if it failed.
    pub fn internal_quietly(&mut self, sql: &[u8]) -> Option<ResultSet> {
        if self.refuse_quietly_in_pipeline() {
            return None;
        }
        match self.internal_result(sql)? {
            Ok(set) => Some(set),
            Err(Failure::Lost(_, reason)) => {
                self.lost(&reason);
                None
            }
            Err(Failure::Refused(fields)) => {
                self.keep_complaint(&fields, sql);
                None
            }
            Err(Failure::NotKept(_)) => None,
        }
    }

    /// The last result of a query of the shell's own, or its first failure; `None` if there is no
    /// connection.
    fn internal_result(&mut self, sql: &[u8]) -> Option<Result<ResultSet, Failure>> {
        self.begin_query(sql);
        self.session.as_mut()?.query(sql);
        let mut answer = Ok(ResultSet::default());
        while let Some(result) = self.next_result(Portion::Whole) {
            match result {
                Completed::Rows(set) => answer = answer.and(Ok(set)),
                Completed::Error(fields) => answer = answer.and(Err(Failure::Refused(fields))),
                Completed::NotKept(error) => answer = answer.and(Err(Failure::NotKept(error))),
                Completed::Lost(reason) => {
                    let last_words = match answer {
                        Err(Failure::Refused(fields)) => Some(fields),
                        _ => None,
                    };
                    return Some(Err(Failure::Lost(last_words, reason)));
                }
                Completed::CopyIn { .. } => self.refuse_copy_data(b"not expected here"),
                Completed::Command(_)
                | Completed::Empty
                | Completed::Part(_)
                | Completed::CopyOut
                | Completed::CopyBoth => {}
            }
        }
        Some(answer)
    }

    /// The first value of a query of the shell's own; `None` if it failed (and was reported) or
    /// gave none.
    pub fn scalar(&mut self, sql: &[u8]) -> Option<Vec<u8>> {
        use crate::print::Rows;
        let mut set = self.internal(sql)?;
        set.rows.rewind().ok()?;
        set.rows.next().ok()??.get(0).map(<[u8]>::to_vec)
    }

    /// Runs a query of a meta-command, shown first under ECHO_HIDDEN; `None` if it failed or was
    /// only to be shown.
    pub fn hidden(&mut self, sql: &[u8]) -> Option<ResultSet> {
        if self.echo_hidden(sql) { self.internal(sql) } else { None }
    }

    /// Shows a query of a meta-command under ECHO_HIDDEN; whether it shall run too.
    pub fn echo_hidden(&mut self, sql: &[u8]) -> bool {
        if self.session.is_none() {
            self.error("You are currently not connected to a database.");
            return false;
        }
        let echo = self.settings().echo_hidden;
        if echo != EchoHidden::Off {
            let shown = [b"/******** QUERY *********/\n", sql, b"\n/************************/\n\n"]
                .concat();
            let _ = self.output.stdout().write_all(&shown);
            self.output.flush();
            if let Some(log) = self.output.log() {
                let _ = log.write_all(&shown);
            }
        }
        echo != EchoHidden::NoExec
    }

    /// Reports that a result's rows had nowhere to go until they could be shown.
    pub(super) fn not_kept(&mut self, error: &std::io::Error) {
        if error.kind() == std::io::ErrorKind::OutOfMemory {
            self.info("out of memory for query result");
            return self.failed_here();
        }
        self.error(format!("could not keep the result: {}", os_error_text(error)));
    }

    /// Remembers the query that notices refer to.
    pub(super) fn begin_query(&mut self, sql: &[u8]) {
        self.complaints.clear();
        self.current_query.clear();
        self.current_query.extend_from_slice(sql);
    }

    /// Sends the query by the protocol asked for and goes through its results.
    fn run(&mut self, sql: &[u8], send: &Send, extended: &Extended) -> Run {
        let start = Instant::now();
        if let Extended::Pipeline(verb) = extended {
            return self.run_pipeline_command(sql, *verb, send, start);
        }
        if extended.has_too_many_values() {
            self.refuse_values();
            return Run::default();
        }
        if self.pipeline.is_on() {
            self.queue(sql, extended);
            return Run::good();
        }
        if self.aide.is_there() && transaction::concerns_database(sql, self.encoding()) {
            self.hang_up_helper();
        }
        self.begin_query(sql);
        let alone = self.transaction_status() == TransactionStatus::Idle;
        if let Some(session) = self.session.as_mut() {
            match extended {
                // That one does not get here.
                Extended::Simple | Extended::Pipeline(_) => session.query(sql),
                Extended::Bind(values) => {
                    session.parse(b"", sql, &[]);
                    send_bound(session, b"", values);
                    session.sync();
                }
                Extended::BindNamed(name, values) => {
                    send_bound(session, name, values);
                    session.sync();
                }
                Extended::Close(name) => {
                    session.close_statement(name);
                    session.sync();
                }
                Extended::Parse(name) => {
                    session.parse(name, sql, &[]);
                    session.sync();
                    self.pipeline.expect_parse();
                }
            }
        }
        if matches!(extended, Extended::Parse(_) | Extended::Close(_))
            && self.rows_of_a_part(send).is_some()
        {
            self.warn_of_no_parts();
        }
        self.show_progress(start);
        let mut run = self.walk(sql, send, start, alone);
        // A query that went well although it was to be cancelled did not do what was asked.
        run.ok &= !self.unwanted && !self.is_interrupted();
        self.pipeline.forget_parse();
        run
    }

    /// How many rows of a result are shown at a time, if not all (FETCH_COUNT).
    pub(super) fn rows_of_a_part(&self, send: &Send) -> Option<u64> {
        let settings = self.settings();
        let count = u64::try_from(settings.fetch_count).ok().filter(|count| *count > 0)?;
        (matches!(send.usage, Use::Print) && settings.show_all_results).then_some(count)
    }

    /// Sets ERROR, SQLSTATE and ROW_COUNT after a success.
    pub(super) fn query_succeeded(&mut self, tag: &[u8]) {
        let count = tag.rsplit(|b| *b == b' ').next().filter(|w| w.iter().all(u8::is_ascii_digit));
        let count = count.filter(|w| !w.is_empty()).unwrap_or(b"0");
        self.variables.put(b"ERROR", b"false");
        self.variables.put(b"SQLSTATE", b"00000");
        self.variables.put(b"ROW_COUNT", count);
    }

    /// Reports an error of the server and sets the variables that tell of it.
    pub(super) fn query_failed(&mut self, fields: ErrorFields, sql: &[u8]) {
        self.note_failure(
            fields.get(b'C').unwrap_or_default(),
            fields.get(b'M').unwrap_or_default(),
        );
        self.show_failure(fields, sql);
    }

    /// An error of the server becomes the connection's error text.
    pub(super) fn keep_complaint(&mut self, fields: &ErrorFields, sql: &[u8]) {
        self.complaints = super::message::text(fields, Some(sql), self.message_style());
        self.complaints.pop();
    }

    /// Reports an error of the server and keeps it for `\errverbose`.
    pub(super) fn show_failure(&mut self, fields: ErrorFields, sql: &[u8]) {
        self.server_message(&fields, Some(sql));
        self.keep_complaint(&fields, sql);
        self.last_error = Some(LastError { fields, query: sql.to_vec() });
    }

    /// Sets the variables that tell of a failure.
    pub(super) fn note_failure(&mut self, sqlstate: &[u8], message: &[u8]) {
        self.variables.put(b"ERROR", b"true");
        self.variables.put(b"SQLSTATE", sqlstate);
        self.variables.put(b"ROW_COUNT", b"0");
        self.variables.put(b"LAST_ERROR_SQLSTATE", sqlstate);
        self.variables.put(b"LAST_ERROR_MESSAGE", message);
    }

    /// Sets the variables after a failure the server knows nothing of: COPY data that could not
    /// be written.
    pub(super) fn failed_here(&mut self) {
        self.note_failure(b"", b"");
    }

    /// `\timing`'s line.
    pub fn show_timing(&mut self, elapsed: Duration) {
        let text = timing_text(elapsed.as_secs_f64() * 1000.0);
        // C's printf writes numbers in the locale's way.
        self.put(self.print.locale.with_decimal_point(&text));
    }

    /// Keeps ENCODING true after a query that may have changed `client_encoding`.
    pub fn note_encoding(&mut self) {
        let Some(session) = &self.session else { return };
        let name = session.encoding_name();
        if !name.is_empty() && self.variables.get(b"ENCODING") != Some(name) {
            let name = name.to_vec();
            let encoding = session.encoding();
            self.adopt_encoding(encoding);
            self.variables.put(b"ENCODING", &name);
        }
    }
}

/// `Time: 1.234 ms`, with minutes, hours and days from a second up.
fn timing_text(milliseconds: f64) -> String {
    let mut text = format!("Time: {milliseconds:.3} ms");
    if milliseconds < 1000.0 {
        return text;
    }
    let seconds = milliseconds / 1000.0;
    let minutes = (seconds / 60.0).floor();
    let seconds = seconds - minutes * 60.0;
    if minutes < 60.0 {
        text += &format!(" ({minutes:02}:{seconds:06.3})");
        return text;
    }
    let hours = (minutes / 60.0).floor();
    let minutes = minutes - hours * 60.0;
    if hours < 24.0 {
        text += &format!(" ({hours:02}:{minutes:02}:{seconds:06.3})");
        return text;
    }
    let days = (hours / 24.0).floor();
    let hours = hours - days * 24.0;
    text += &format!(" ({days} d {hours:02}:{minutes:02}:{seconds:06.3})");
    text
}
