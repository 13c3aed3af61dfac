//! COPY data between the server and the shell: from the script that held the COPY, from the user,
//! from and to files and commands.

use super::copy_data::{CopyData, CopyFailure, DataEnd, Passed};
use super::request::{CopyFile, CopyStream};
use super::runner::QueryRunner;
use crate::connection::{AsyncMessage, Failure};
use crate::console::path::base_name;
use crate::console::{Console, Reported, os_error_text};
use crate::interactive::TransferLine;
use crate::progress::Transfer;
use crate::session::{Event, Session};
use crate::terminal::ReadLine;
use crate::terminal::interruptible::Interruptible;
use std::io::{self, BufReader, BufWriter, Write};
use std::time::Instant;

/// Bytes moved at once.
const BUFFER: usize = 64 << 10;

/// The SQLSTATE of a statement that was canceled.
const QUERY_CANCELED: &[u8] = b"57014";

impl QueryRunner<'_> {
    /// COPY FROM STDIN: sends the data that `stream` holds.
    pub(super) fn copy_in(&mut self, binary: bool, stream: &CopyStream) -> Result<(), Reported> {
        let opened = matches!(stream, CopyStream::Opened(_));
        if !opened && self.console.input.is_typed() {
            return self.copy_in_typed();
        }
        let mut file = match stream {
            CopyStream::Opened(file) => {
                let file = Interruptible::new(&file.file, self.console.interrupts.signal());
                Some(BufReader::with_capacity(BUFFER, file))
            }
            CopyStream::Script | CopyStream::Standard => None,
        };
        let mut data = match &file {
            Some(_) => CopyData::new(DataEnd::Input),
            None => CopyData::of_input(&self.console.input, stream, binary),
        };
        let mut line = self.copy_in_line(stream, &data);
        let sent = loop {
            if self.console.interrupts.is_pressed() {
                break Err(CopyFailure::Interrupted);
            }
            let Some(session) = self.connection.session_mut() else { return Err(Reported) };
            let mut taken = 0;
            let take = |data: &[u8]| {
                taken += data.len() as u64;
                // Data that were refused are read to their end all the same: a command that writes
                // them shall not notice, and a script goes on behind them.
                if session.has_received_error() {
                    return Ok(());
                }
                session.copy_data(data).map_err(|_| CopyFailure::Lost)
            };
            let passed = match &mut file {
                Some(file) => data.pass(file, &mut 0, take),
                None => data.pass_from_input(&mut self.console.input, take),
            };
            if let Some(line) = &mut line {
                line.update(self.console, |transfer| transfer.advance(taken));
            }
            match passed {
                Ok(Passed::Some) => self.connection.handle_received(self.console),
                Ok(Passed::All) => break Ok(()),
                Err(failure) => break Err(failure),
            }
        };
        self.finish_copy_in(sent)
    }

    /// The line that tells a user how far the data of COPY FROM STDIN have come.
    fn copy_in_line(&self, stream: &CopyStream, data: &CopyData) -> Option<TransferLine> {
        let now = Instant::now();
        let transfer = match stream {
            CopyStream::Opened(file) => transfer(file, now)?,
            CopyStream::Script | CopyStream::Standard if data.is_apart() => {
                Transfer::new("COPY FROM STDIN", now)
            }
            CopyStream::Script | CopyStream::Standard => {
                let source = self.console.input.source()?;
                let (taken, size) = source.extent().unzip();
                let name = base_name(source.name()?);
                let what = format!("COPY FROM STDIN of {name}");
                Transfer::new(what, now).of(size).from(taken.unwrap_or(0))
            }
        };
        self.interactive.transfer_line(self.console, transfer)
    }

    /// Reads over the data of a COPY FROM STDIN that failed before it asked for them, lest they
    /// be taken for commands.
    pub(super) fn skip_copy_data(&mut self, stream: &CopyStream) {
        if matches!(stream, CopyStream::Opened(_)) || self.console.input.is_typed() {
            return;
        }
        let mut data = CopyData::of_input(&self.console.input, stream, false);
        // Whatever stops it is seen again when the next command is read.
        while !self.console.interrupts.is_pressed()
            && matches!(data.pass_from_input(&mut self.console.input, |_| Ok(())), Ok(Passed::Some))
        {
        }
    }

    /// Ends COPY IN after the data were sent, or could not be read or sent.
    fn finish_copy_in(&mut self, sent: Result<(), CopyFailure>) -> Result<(), Reported> {
        // A command that Ctrl-C ended looks like one that had no more data.
        let sent =
            if self.console.interrupts.is_pressed() { Err(CopyFailure::Interrupted) } else { sent };
        let Some(session) = self.connection.session_mut() else { return Err(Reported) };
        match sent {
            Ok(()) => {
                session.copy_done();
                return Ok(());
            }
            Err(CopyFailure::Unreadable) => {
                session.copy_fail(b"aborted because of read failure");
            }
            Err(CopyFailure::Interrupted) => {
                session.discard_copy_data();
                session.copy_fail(b"canceled by user");
                self.console.interrupts.break_off_reading();
            }
            // The next message tells what happened.
            Err(CopyFailure::Lost) => {}
        }
        Err(Reported)
    }

    /// COPY FROM STDIN typed by the user: asks line by line with PROMPT3.
    fn copy_in_typed(&mut self) -> Result<(), Reported> {
        if !self.console.settings().quiet {
            self.console.println(
                "Enter data to be copied followed by a newline.\n\
                 End with a backslash and a period on a line by itself, or an EOF signal.",
            );
        }
        let sent = loop {
            let line = match self.interactive.read_copy_line(self.console, self.connection) {
                ReadLine::Line(line) => line,
                ReadLine::Eof => break Ok(()),
                ReadLine::Interrupted => break Err(CopyFailure::Interrupted),
            };
            if line == b"\\." {
                break Ok(());
            }
            let Some(session) = self.connection.session_mut() else { break Err(CopyFailure::Lost) };
            let sent = session.copy_data(&line).and_then(|()| session.copy_data(b"\n"));
            if sent.is_err() {
                break Err(CopyFailure::Lost);
            }
        };
        self.finish_copy_in(sent)
    }

    /// COPY TO STDOUT: writes the data to `stream`.
    ///
    /// When they can't be written the user is told there and then, and if `cancels` the server is told
    /// to send no more. Otherwise the rest comes all the same, and has to be taken.
    pub(super) fn copy_out(&mut self, stream: &CopyStream, cancels: bool) -> Result<(), Reported> {
        let mut file = match stream {
            CopyStream::Opened(opened) => Some(BufWriter::with_capacity(BUFFER, &opened.file)),
            CopyStream::Standard | CopyStream::Script => None,
        };
        let (mut failed, mut canceled) = (false, false);
        let mut refused = None;
        let mut line = self.copy_out_line(stream);
        loop {
            let Some(session) = self.connection.session_mut() else { return Err(Reported) };
            if let Some(line) = &mut line {
                show_until_data(line, self.console, session);
            }
            match session.next_event() {
                Ok(Event::CopyData(data)) => {
                    let to: &mut dyn Write = match (&mut file, stream) {
                        (Some(file), _) => file,
                        (None, CopyStream::Standard) => self.console.output.stdout(),
                        (None, _) => self.console.output.query(),
                    };
                    let mut written = Ok(());
                    let mut taken = 0;
                    let mut write = |data: &[u8]| {
                        taken += data.len() as u64;
                        if !failed && written.is_ok() {
                            written = to.write_all(data);
                        }
                        true
                    };
                    write(data);
                    if let Err(lost) = session.copy_data_received(write) {
                        self.copy_out_lost(&lost.message);
                        return Err(Reported);
                    }
                    if let Some(line) = &mut line {
                        line.update(self.console, |transfer| transfer.advance(taken));
                    }
                    if let Err(error) = written {
                        failed = true;
                        self.copy_unwritten(&error);
                        canceled = cancels && self.cancel_quietly();
                    }
                }
                // A server that forgets the one before the other has ended the data all the same.
                Ok(Event::CopyDone | Event::CommandComplete(_)) => break,
                Ok(Event::Ready(_)) => {
                    session.close_with_error("server ended COPY without a result");
                }
                Ok(Event::Error(fields)) => {
                    refused = Some(fields);
                    break;
                }
                Ok(Event::Interrupted) => self.connection.cancel_query(self.console),
                Ok(event) => {
                    let message = AsyncMessage::from(event);
                    self.connection.handle_async(self.console, message);
                }
                Err(lost) => {
                    self.copy_out_lost(&lost.message);
                    return Err(Reported);
                }
            }
        }
        if !failed {
            let flushed = match (&mut file, stream) {
                (Some(file), _) => file.flush(),
                (None, CopyStream::Standard) => self.console.output.stdout().flush(),
                (None, _) => self.console.output.query().flush(),
            };
            if let Err(error) = flushed {
                failed = true;
                self.copy_unwritten(&error);
            }
        }
        // What could not be written must not be tried again.
        drop(file.map(BufWriter::into_parts));
        match refused {
            // What was asked for is no news.
            Some(fields) if canceled && fields.get(b'C') == Some(QUERY_CANCELED) => {
                self.console.publish_own_failure();
            }
            Some(fields) => {
                failed = true;
                self.report_failure(Failure::Refused(fields), b"");
            }
            None => {}
        }
        if failed { Err(Reported) } else { Ok(()) }
    }

    /// The line that tells a user how far the data of COPY TO STDOUT have come, where they don't go to
    /// the terminal themselves.
    fn copy_out_line(&self, stream: &CopyStream) -> Option<TransferLine> {
        let CopyStream::Opened(file) = stream else { return None };
        self.interactive.transfer_line(self.console, transfer(file, Instant::now())?)
    }

    /// The connection went among the data. A user who ended it by Ctrl-C knows.
    fn copy_out_lost(&mut self, reason: &[u8]) {
        if !self.console.interrupts.is_work_interrupted() {
            self.console.error([b"COPY data transfer failed: ", reason].concat());
        }
        self.connection.on_connection_lost(self.console, reason);
    }

    fn copy_unwritten(&mut self, error: &io::Error) {
        self.console.error(format!("could not write COPY data: {}", os_error_text(error)));
    }

    /// Asks the server to give up what it does; false if it could not be asked.
    fn cancel_quietly(&self) -> bool {
        self.connection.session().is_some_and(|session| session.cancel_token().cancel().is_ok())
    }
}

/// The transfer to or from a file, if a user is told of it.
fn transfer(file: &CopyFile, began: Instant) -> Option<Transfer> {
    let progress = file.progress.as_ref()?;
    Some(Transfer::new(progress.what.as_str(), began).of(progress.total))
}

/// While the server sends nothing, the clock of `line` goes on.
fn show_until_data(line: &mut TransferLine, console: &mut Console, session: &mut Session) {
    while session.is_quiet_until(line.due()) {
        line.refresh(console);
    }
}
