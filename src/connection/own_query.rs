//! Queries and calls of the shell's own: sent without echo, their answer taken whole.

use super::async_message::AsyncMessage;
use super::state::Connection;
use super::statement_result::{FetchMode, ResultSet, StatementResult, report_not_kept};
use crate::console::{Console, Reported};
use crate::print::Rows;
use crate::session::{ErrorFields, Event, Field};
use crate::variables::EchoHidden;
use std::io;

/// Why a query of the shell's own gave no result.
#[derive(Debug)]
pub enum Failure {
    /// There is no connection, which is for whoever asks to say.
    NotConnected,
    /// The server refused it.
    Refused(ErrorFields),
    /// Its rows couldn't be kept.
    NotKept(io::Error),
    /// The connection broke, perhaps after the server had said why.
    Lost {
        /// What the server said.
        last_words: Option<ErrorFields>,
        /// What the client library says.
        reason: Vec<u8>,
    },
}

/// What a query is said that nothing can be sent to.
const NOT_CONNECTED: &str = "You are currently not connected to a database.";

impl Connection {
    /// Reports that there is no connection, if there is none.
    ///
    /// # Errors
    /// There is none.
    pub fn require(&self, console: &mut Console) -> Result<(), Reported> {
        if self.is_open() { Ok(()) } else { Err(console.error(NOT_CONNECTED)) }
    }

    /// Runs a command of the shell's own whose result nobody sees.
    ///
    /// # Errors
    /// It failed.
    pub fn command(&mut self, console: &mut Console, sql: &str) -> Result<(), Reported> {
        self.run_own(console, sql.as_bytes()).map(drop)
    }

    /// Changes a setting of the session by a command of the shell's own, which any new session is told
    /// again: nothing that would be lost with this one.
    ///
    /// # Errors
    /// It failed.
    pub fn change_setting(&mut self, console: &mut Console, sql: &str) -> Result<(), Reported> {
        let (held, changed) = (self.holds_state, self.changes.changed);
        let done = self.command(console, sql);
        (self.holds_state, self.changes.changed) = (held, changed);
        done
    }

    /// Runs a query of the shell's own and returns its last result's rows, none for a command.
    ///
    /// # Errors
    /// It failed. ERROR and its kin stay as they are, as in psql.
    pub fn run_own(&mut self, console: &mut Console, sql: &[u8]) -> Result<ResultSet, Reported> {
        self.refuse_in_pipeline(console)?;
        self.own_result(console, sql).map_err(|failure| {
            match failure {
                Failure::NotConnected => {}
                Failure::Refused(fields) => self.report_server_error(console, fields, sql),
                Failure::NotKept(error) => {
                    report_not_kept(console, &error);
                }
                Failure::Lost { last_words, reason } => {
                    if let Some(fields) = last_words {
                        self.report_server_error(console, fields, sql);
                    }
                    self.on_connection_lost(console, &reason);
                }
            }
            Reported
        })
    }

    /// Runs a query of the shell's own for its result, or what the server says against it, in a line.
    ///
    /// # Errors
    /// It failed.
    pub fn run_tersely(&mut self, console: &mut Console, sql: &[u8]) -> Result<ResultSet, Vec<u8>> {
        let failure = match self.own_result(console, sql) {
            Ok(set) => return Ok(set),
            Err(failure) => failure,
        };
        Err(match failure {
            Failure::NotConnected => NOT_CONNECTED.into(),
            Failure::Refused(fields) => fields.get(b'M').unwrap_or_default().to_vec(),
            Failure::NotKept(error) => error.to_string().into_bytes(),
            Failure::Lost { reason, .. } => {
                self.on_connection_lost(console, &reason);
                reason
            }
        })
    }

    /// Runs a query of the shell's own whose failure nobody need hear of; `None` if it failed.
    pub fn run_quietly(&mut self, console: &mut Console, sql: &[u8]) -> Option<ResultSet> {
        self.refuse_quietly_in_pipeline().ok()?;
        match self.own_result(console, sql) {
            Ok(set) => return Some(set),
            Err(Failure::Lost { reason, .. }) => self.on_connection_lost(console, &reason),
            Err(Failure::Refused(fields)) => self.set_error_text(console, &fields, sql),
            Err(Failure::NotConnected | Failure::NotKept(_)) => {}
        }
        None
    }

    /// The first value of a query of the shell's own.
    ///
    /// # Errors
    /// It failed, or gave none.
    pub fn scalar(&mut self, console: &mut Console, sql: &[u8]) -> Result<Vec<u8>, Reported> {
        let mut set = self.run_own(console, sql)?;
        let row = set.rows.rewind().and_then(|()| set.rows.next()).ok().flatten();
        row.and_then(|row| row.get(0).map(<[u8]>::to_vec)).ok_or(Reported)
    }

    /// Runs a query of a meta-command, shown first under ECHO_HIDDEN.
    ///
    /// # Errors
    /// It failed, or was only to be shown.
    pub fn run_hidden(&mut self, console: &mut Console, sql: &[u8]) -> Result<ResultSet, Reported> {
        self.echo_hidden(console, sql)?;
        self.run_own(console, sql)
    }

    /// As [`Connection::run_hidden`], for a look-up: of an error only severity and message are
    /// reported.
    ///
    /// # Errors
    /// As there.
    pub fn look_up(&mut self, console: &mut Console, sql: &[u8]) -> Result<ResultSet, Reported> {
        self.echo_hidden(console, sql)?;
        if self.refuse_quietly_in_pipeline().is_err() {
            return Err(console.error("ERROR:  (not available)"));
        }
        let (refused, lost) = match self.own_result(console, sql) {
            Ok(set) => return Ok(set),
            Err(Failure::NotConnected) => return Err(Reported),
            Err(Failure::NotKept(error)) => return Err(report_not_kept(console, &error)),
            Err(Failure::Refused(fields)) => (Some(fields), None),
            Err(Failure::Lost { last_words, reason }) => (last_words, Some(reason)),
        };
        if let Some(fields) = refused {
            let severity = fields.get(b'S').unwrap_or_default();
            let message = fields.get(b'M').unwrap_or_default();
            console.error([severity, b":  ", message].concat());
            self.set_error_text(console, &fields, sql);
        }
        if let Some(reason) = lost {
            self.on_connection_lost(console, &reason);
        }
        Err(Reported)
    }

    /// Shows a query of a meta-command under ECHO_HIDDEN.
    ///
    /// # Errors
    /// It is not to run: there is no connection, or it was only to be shown.
    pub fn echo_hidden(&self, console: &mut Console, sql: &[u8]) -> Result<(), Reported> {
        self.require(console)?;
        let echo = console.settings().echo_hidden;
        if echo != EchoHidden::Off {
            let shown = [b"/******** QUERY *********/\n", sql, b"\n/************************/\n\n"]
                .concat();
            let _ = console.output.stdout().write_all(&shown);
            console.output.flush();
            if let Some(log) = console.output.log() {
                let _ = log.write_all(&shown);
            }
        }
        if echo == EchoHidden::NoExec { Err(Reported) } else { Ok(()) }
    }

    /// The last result of a query of the shell's own, or its first failure.
    fn own_result(&mut self, console: &mut Console, sql: &[u8]) -> Result<ResultSet, Failure> {
        self.begin_query(sql);
        self.session.as_mut().ok_or(Failure::NotConnected)?.query(sql);
        let mut answer = Ok(ResultSet::default());
        while let Some(result) = self.next_result(console, FetchMode::Whole) {
            match result {
                StatementResult::Rows(set) => answer = answer.and(Ok(set)),
                StatementResult::Error(fields) => {
                    answer = answer.and(Err(Failure::Refused(fields)));
                }
                StatementResult::NotKept(error) => {
                    answer = answer.and(Err(Failure::NotKept(error)));
                }
                StatementResult::Lost(reason) => {
                    let last_words = match answer {
                        Err(Failure::Refused(fields)) => Some(fields),
                        _ => None,
                    };
                    return Err(Failure::Lost { last_words, reason });
                }
                StatementResult::CopyIn { .. } => self.refuse_copy_data(b"not expected here"),
                StatementResult::Command(_)
                | StatementResult::Empty
                | StatementResult::Part(_)
                | StatementResult::CopyOut
                | StatementResult::CopyBoth => {}
            }
        }
        answer
    }

    /// The columns the server says a statement would return (`\gdesc`).
    ///
    /// # Errors
    /// The server refused the statement, or the connection broke.
    pub fn describe(&mut self, console: &mut Console, sql: &[u8]) -> Result<Vec<Field>, Failure> {
        self.begin_query(sql);
        let session = self.session.as_mut().ok_or(Failure::NotConnected)?;
        session.parse(b"", sql);
        session.describe_statement(b"");
        session.sync();
        let mut fields = Vec::new();
        self.await_ready(console, |event| match event {
            Event::RowDescription(described) => {
                fields = described;
                AsyncMessage::Nothing
            }
            event => AsyncMessage::from(event),
        })?;
        Ok(fields)
    }

    /// Calls a function of the server by its OID and returns its value, empty if NULL.
    ///
    /// # Errors
    /// The server refused, or the connection broke.
    pub fn call_function(
        &mut self,
        console: &mut Console,
        function: u32,
        arguments: &[&[u8]],
    ) -> Result<Vec<u8>, Failure> {
        let session = self.session.as_mut().ok_or(Failure::NotConnected)?;
        session.function_call(function, arguments);
        let mut value = Vec::new();
        self.await_ready(console, |event| match event {
            Event::FunctionResult(result) => {
                value = result.unwrap_or_default().to_vec();
                AsyncMessage::Nothing
            }
            event => AsyncMessage::from(event),
        })?;
        Ok(value)
    }

    /// Waits until the server is ready for the next query; `take` gets whatever it says that is no
    /// error, and leaves what is for everybody.
    fn await_ready(
        &mut self,
        console: &mut Console,
        mut take: impl FnMut(Event<'_>) -> AsyncMessage,
    ) -> Result<(), Failure> {
        let mut refused = None;
        while let Some(session) = self.session.as_mut() {
            match session.next_event() {
                Ok(Event::Ready(_)) => break,
                Ok(Event::Error(fields)) => refused = Some(fields),
                Ok(Event::Interrupted) => self.cancel_query(console),
                Ok(event) => {
                    let message = take(event);
                    self.handle_async(console, message);
                }
                Err(lost) => {
                    return Err(Failure::Lost { last_words: refused, reason: lost.message });
                }
            }
        }
        refused.map_or(Ok(()), |fields| Err(Failure::Refused(fields)))
    }
}
