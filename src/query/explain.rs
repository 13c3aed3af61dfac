//! `\plan`: asks the server for plans. What is carried out for one is taken back.

use super::copy_data::{CopyData, Passed};
use super::rehearsal::Rehearsal;
use super::request::{CopyStream, QueryRequest};
use super::runner::QueryRunner;
use super::safeguard::first_cell;
use crate::connection::protocol::Protocol;
use crate::connection::{FetchMode, ResultSet, StatementResult, report_not_kept};
use crate::console::Reported;
use crate::plan::{Explained, How};
use crate::print::Rows;
use crate::safeguard::has_changed_query;
use crate::session::TransactionStatus;
use crate::terminal::ReadLine;
use std::time::Instant;

const SAVEPOINT: &str = "pgsh_plan";
/// The most bytes of a plan that are read.
pub const MOST_BYTES: usize = 64 << 20;

/// What the server said.
#[derive(Debug, Default)]
pub struct ExplainAnswer {
    /// EXPLAIN's JSON, of one statement after the other.
    pub json: Vec<u8>,
    /// Whether something was changed, and taken back.
    pub changed: bool,
}

impl QueryRunner<'_> {
    /// Asks for the plans of statements, which run for it or not.
    ///
    /// # Errors
    /// The server refused one, or the user doesn't want it to run.
    pub fn explain(
        &mut self,
        statements: &[Explained<'_>],
        how: How,
        protocol: &Protocol,
    ) -> Result<ExplainAnswer, Reported> {
        self.console.interrupts.begin_command();
        self.connection.require(self.console)?;
        self.connection.refuse_in_pipeline(self.console)?;
        self.renew_connection()?;
        for statement in statements {
            self.guard(&QueryRequest::plain(&statement.sql()))?;
        }
        let in_transaction = self.connection.transaction_status() != TransactionStatus::Idle;
        // By the extended protocol the server itself refuses a second statement behind the one that it is
        // sent, whatever it takes for its end: none gets by that leaves the transaction.
        let one_only = Protocol::Bind(Vec::new());
        let protocol = match (how, protocol) {
            (How::Run, Protocol::Simple) => &one_only,
            (_, protocol) => protocol,
        };
        let work = |runner: &mut Self| runner.plans_of(statements, how, protocol, in_transaction);
        if how == How::Planned && !in_transaction {
            let answer = work(self);
            self.interactive.end_progress(self.console);
            return answer;
        }
        let rehearsal = Rehearsal { command: "plan", begin: "BEGIN", savepoint: SAVEPOINT };
        self.rehearse(&rehearsal, work)
    }

    fn plans_of(
        &mut self,
        statements: &[Explained<'_>],
        how: How,
        protocol: &Protocol,
        is_users: bool,
    ) -> Result<ExplainAnswer, Reported> {
        // A transaction of our own has changed nothing yet.
        let had_changed = how == How::Run && is_users && self.has_changed();
        let mut answer = ExplainAnswer::default();
        for statement in statements {
            self.require_standard_strings()?;
            let text = self.plan_of(statement, protocol)?;
            answer.json.extend_from_slice(&text);
            answer.json.push(b'\n');
        }
        answer.changed = how == How::Run && !had_changed && self.has_changed();
        Ok(answer)
    }

    /// Where one statement ends and the next begins is seen only where backslashes are ordinary, which
    /// the statement before this one may have ended.
    fn require_standard_strings(&mut self) -> Result<(), Reported> {
        match self.connection.standard_strings() {
            true => Ok(()),
            false => {
                let text = "\\plan: standard_conforming_strings is off: SET it on first";
                Err(self.console.error(text))
            }
        }
    }

    /// Whether the transaction has changed something.
    fn has_changed(&mut self) -> bool {
        let answer = self.connection.run_tersely(self.console, has_changed_query().as_bytes());
        answer.is_ok_and(|set| first_cell(set).as_deref() == Some(b"t"))
    }

    /// The plan of one statement, as the server writes it.
    fn plan_of(
        &mut self,
        statement: &Explained<'_>,
        protocol: &Protocol,
    ) -> Result<Vec<u8>, Reported> {
        let start = Instant::now();
        let sql = statement.sql();
        self.connection.begin_query(&sql);
        self.connection.send(&sql, protocol);
        let mut text = Ok(Vec::new());
        while let Some(result) = self.next_result(FetchMode::Whole, start) {
            match result {
                StatementResult::Rows(set) => {
                    let lines = lines(set);
                    text = text.and(lines.map_err(|error| report_not_kept(self.console, &error)));
                }
                StatementResult::Error(fields) => {
                    let prefix = statement.prefix_length();
                    let fields = fields.without_prefix(prefix);
                    let text_of = statement.statement();
                    self.connection.report_server_error(self.console, fields, text_of);
                    text = Err(Reported);
                }
                StatementResult::NotKept(error) => {
                    text = Err(report_not_kept(self.console, &error));
                }
                StatementResult::Lost(reason) => {
                    self.connection.on_connection_lost(self.console, &reason);
                    return Err(Reported);
                }
                StatementResult::CopyIn { .. } => {
                    self.connection.refuse_copy_data(b"a plan has no data");
                }
                StatementResult::Command(_)
                | StatementResult::Empty
                | StatementResult::Part(_)
                | StatementResult::CopyOut
                | StatementResult::CopyBoth => {}
            }
        }
        text
    }

    /// What is pasted, up to a line `\.` or the end of the input.
    ///
    /// # Errors
    /// It can't be read, was broken off, or is too long.
    pub fn read_pasted(&mut self) -> Result<Vec<u8>, Reported> {
        let text = match self.console.input.is_typed() {
            true => self.read_typed()?,
            false => self.read_from_script()?,
        };
        if text.len() > MOST_BYTES {
            return Err(self.console.error("\\plan: that is too long for a plan"));
        }
        Ok(text)
    }

    fn read_typed(&mut self) -> Result<Vec<u8>, Reported> {
        if !self.console.settings().quiet {
            self.console.println("Paste a plan, then a line with \\. alone.");
        }
        let mut text = Vec::new();
        while text.len() <= MOST_BYTES {
            match self.interactive.read_copy_line(self.console, self.connection) {
                ReadLine::Line(line) if line == b"\\." => break,
                ReadLine::Line(line) => {
                    text.extend_from_slice(&line);
                    text.push(b'\n');
                }
                ReadLine::Eof => break,
                ReadLine::Interrupted => return Err(Reported),
            }
        }
        Ok(text)
    }

    fn read_from_script(&mut self) -> Result<Vec<u8>, Reported> {
        let mut data = CopyData::of_input(&self.console.input, &CopyStream::Script, false);
        let mut text = Vec::new();
        loop {
            // All of it is read, lest the rest be taken for commands.
            let passed = data.pass_from_input(&mut self.console.input, |data| {
                let room = (MOST_BYTES + 1).saturating_sub(text.len());
                text.extend_from_slice(&data[..data.len().min(room)]);
                Ok(())
            });
            match passed {
                Ok(Passed::Some) if !self.console.interrupts.is_pressed() => {}
                Ok(Passed::Some) => return Err(Reported),
                Ok(Passed::All) => return Ok(text),
                Err(_) => return Err(self.console.error("\\plan: the plan can't be read")),
            }
        }
    }
}

/// The values of a result's only column, one line for each.
fn lines(mut set: ResultSet) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    set.rows.rewind()?;
    while let Some(row) = set.rows.next()? {
        text.extend_from_slice(row.get(0).unwrap_or_default());
        text.push(b'\n');
    }
    Ok(text)
}
