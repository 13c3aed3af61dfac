//! COPY data between the server and the shell: from the script that held the COPY, from the user,
//! from and to files and commands.

use super::QueryRunner;
use super::request::{QueryRequest, ResultAction, ResultPlan};
use crate::connection::protocol::Protocol;
use crate::connection::{AsyncMessage, Failure};
use crate::console::input::Input;
use crate::console::path::bytes_to_os;
use crate::console::program::{exit_text, shell_command};
use crate::console::{Reported, os_error, os_error_text};
use crate::session::Event;
use crate::terminal::ReadLine;
use crate::terminal::interruptible::{Interruptible, is_interrupt};
use crate::terminal::signal::IgnoreSigpipe;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

/// Bytes moved at once.
const BUFFER: usize = 64 << 10;

/// The SQLSTATE of a statement that was canceled.
const QUERY_CANCELED: &[u8] = b"57014";

/// What `\copy` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCopy {
    /// The COPY to send.
    pub query: Vec<u8>,
    /// Data go to the server.
    pub from: bool,
    /// This side of the copy.
    pub endpoint: Endpoint,
}

/// This side of a `\copy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The current source (`stdin`), or where query results go (`stdout`).
    Script,
    /// The process's standard input or output (`pstdin`, `pstdout`).
    Standard,
    /// A file.
    File(Vec<u8>),
    /// A shell command.
    Program(Vec<u8>),
}

/// The stream COPY data are read from or written to.
#[derive(Debug, Default)]
pub enum Stream {
    /// The current source, or where query results go.
    #[default]
    Script,
    /// The process's standard input or output.
    Standard,
    /// A file, or the pipe to or from a command.
    Opened(File),
}

/// Where the data of a COPY FROM end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataEnd {
    /// At a line `\.`, or at the end of the input: data within a script.
    Marker,
    /// At the end of the input alone.
    Input,
}

impl QueryRunner<'_> {
    /// `\copy`: opens this side, sends the query, closes.
    ///
    /// # Errors
    /// Anything failed.
    pub fn client_copy(&mut self, copy: &ClientCopy, protocol: Protocol) -> Result<(), Reported> {
        let to_program = !copy.from && matches!(copy.endpoint, Endpoint::Program(_));
        let _sigpipe = to_program.then(IgnoreSigpipe::acquire);
        let mut program = None;
        let stream = match &copy.endpoint {
            Endpoint::Script => Ok(Stream::Script),
            Endpoint::Standard => Ok(Stream::Standard),
            Endpoint::File(name) => open_file(name, copy.from).map(Stream::Opened),
            Endpoint::Program(command) => {
                self.console.output.flush();
                start_program(command, copy.from)
                    .map(|(child, file)| {
                        program = Some((child, command));
                        Stream::Opened(file)
                    })
                    .map_err(|error| os_error(command, &error))
            }
        };
        let stream = stream.map_err(|text| self.console.error(text))?;
        let plan = ResultPlan::new(ResultAction::Copy(stream));
        let sent = self.send(&QueryRequest { protocol, plan, ..QueryRequest::plain(&copy.query) });
        match program {
            Some((child, command)) => sent.and(self.end_program(child, command)),
            None => sent,
        }
    }

    /// Waits for the command of a `\copy`.
    fn end_program(&mut self, mut child: Child, command: &[u8]) -> Result<(), Reported> {
        let status = child.wait();
        let failure = match &status {
            Ok(status) if status.success() => None,
            Ok(status) => Some([command, &b": "[..], exit_text(*status).as_bytes()].concat()),
            Err(error) => Some(
                format!("could not close pipe to external command: {}", os_error_text(error))
                    .into_bytes(),
            ),
        };
        self.console.publish_exit_status(status);
        failure.map_or(Ok(()), |text| Err(self.console.error(text)))
    }

    /// COPY FROM STDIN: sends the data that `stream` holds.
    pub(super) fn copy_in(&mut self, binary: bool, stream: &Stream) -> Result<(), Reported> {
        let opened = matches!(stream, Stream::Opened(_));
        if !opened && self.console.input.is_typed() {
            return self.copy_in_typed();
        }
        let mut file = match stream {
            Stream::Opened(file) => {
                let file = Interruptible::new(file, self.console.interrupts.signal());
                Some(BufReader::with_capacity(BUFFER, file))
            }
            Stream::Script | Stream::Standard => None,
        };
        let mut data = match &file {
            Some(_) => CopyData::new(DataEnd::Input),
            None => CopyData::of_input(&self.console.input, stream, binary),
        };
        let sent = loop {
            if self.console.interrupts.is_pressed() {
                break Err(CopyFailure::Interrupted);
            }
            let Some(session) = self.connection.session_mut() else { return Err(Reported) };
            let take = |data: &[u8]| {
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
            match passed {
                Ok(Passed::Some) => self.connection.handle_received(self.console),
                Ok(Passed::All) => break Ok(()),
                Err(failure) => break Err(failure),
            }
        };
        self.finish_copy_in(sent)
    }

    /// Reads over the data of a COPY FROM STDIN that failed before it asked for them, lest they
    /// be taken for commands.
    pub(super) fn skip_copy_data(&mut self, stream: &Stream) {
        if matches!(stream, Stream::Opened(_)) || self.console.input.is_typed() {
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
    pub(super) fn copy_out(&mut self, stream: &Stream, cancels: bool) -> Result<(), Reported> {
        let mut file = match stream {
            Stream::Opened(file) => Some(BufWriter::with_capacity(BUFFER, file)),
            Stream::Standard | Stream::Script => None,
        };
        let (mut failed, mut canceled) = (false, false);
        let mut refused = None;
        loop {
            let Some(session) = self.connection.session_mut() else { return Err(Reported) };
            match session.next_event() {
                Ok(Event::CopyData(data)) => {
                    let to: &mut dyn Write = match (&mut file, stream) {
                        (Some(file), _) => file,
                        (None, Stream::Standard) => self.console.output.stdout(),
                        (None, _) => self.console.output.query(),
                    };
                    let mut written = Ok(());
                    let mut write = |data: &[u8]| {
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
                (None, Stream::Standard) => self.console.output.stdout().flush(),
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

/// Opens the file of a `\copy`; the error is what psql says.
fn open_file(name: &[u8], to_read: bool) -> Result<File, Vec<u8>> {
    let path = bytes_to_os(name);
    let file = if to_read { File::open(path) } else { File::create(path) };
    let file = file.map_err(|error| os_error(name, &error))?;
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return Err([name, b": cannot copy from/to a directory"].concat());
    }
    Ok(file)
}

/// Starts the command of a `\copy`, with a pipe from its output or to its input.
fn start_program(command: &[u8], to_read: bool) -> io::Result<(Child, File)> {
    let mut shell = shell_command(command);
    if to_read {
        let mut child = shell.stdout(Stdio::piped()).spawn()?;
        let pipe = child.stdout.take().map(OwnedFd::from).ok_or(io::ErrorKind::BrokenPipe)?;
        return Ok((child, File::from(pipe)));
    }
    let mut child = shell.stdin(Stdio::piped()).spawn()?;
    let pipe = child.stdin.take().map(OwnedFd::from).ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, File::from(pipe)))
}

/// Why COPY data did not reach the server whole.
#[derive(Debug)]
pub enum CopyFailure {
    /// The input can't be read.
    Unreadable,
    /// The user pressed Ctrl-C.
    Interrupted,
    /// The connection is gone.
    Lost,
}

/// Data being read for a COPY FROM.
struct CopyData {
    /// They are on standard input, apart from the script that is read.
    apart: bool,
    end: DataEnd,
    // A line may begin in one buffer and end in the next; only at a line's beginning can the
    // marker stand, so its first bytes are kept back until they can be told from data.
    at_line_start: bool,
    held: Vec<u8>,
}

/// How far COPY data were passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passed {
    /// More may follow.
    Some,
    All,
}

impl CopyData {
    fn new(end: DataEnd) -> CopyData {
        CopyData { apart: false, end, at_line_start: true, held: Vec::new() }
    }

    /// Data that standard input or the current source holds.
    fn of_input(input: &Input, stream: &Stream, binary: bool) -> CopyData {
        let apart = matches!(stream, Stream::Standard) && !input.reads_standard_input();
        let end = if binary || apart { DataEnd::Input } else { DataEnd::Marker };
        CopyData { apart, ..CopyData::new(end) }
    }

    /// As [`CopyData::pass`], from standard input or the current source.
    fn pass_from_input(
        &mut self,
        input: &mut Input,
        take: impl FnMut(&[u8]) -> Result<(), CopyFailure>,
    ) -> Result<Passed, CopyFailure> {
        let source = if self.apart { input.standard_input() } else { input.current_or_standard() };
        let Some(source) = source else { return Err(CopyFailure::Unreadable) };
        let Some(reader) = source.bytes() else { return Err(CopyFailure::Unreadable) };
        let mut lines = 0;
        let passed = self.pass(reader, &mut lines, take);
        source.count_lines(lines);
        passed
    }

    /// Passes on what `reader` gives at once, up to the end; the end marker is read and not passed
    /// on. Adds the lines read to `lines`.
    fn pass(
        &mut self,
        reader: &mut dyn BufRead,
        lines: &mut u64,
        mut take: impl FnMut(&[u8]) -> Result<(), CopyFailure>,
    ) -> Result<Passed, CopyFailure> {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(Passed::Some),
            Err(error) if is_interrupt(&error) => return Err(CopyFailure::Interrupted),
            Err(_) => return Err(CopyFailure::Unreadable),
        };
        if buffer.is_empty() {
            // Without its newline the marker is none: what the server makes of it is its business.
            take(&std::mem::take(&mut self.held))?;
            return Ok(Passed::All);
        }
        let length = buffer.len();
        if self.end == DataEnd::Input {
            take(buffer)?;
            reader.consume(length);
            return Ok(Passed::Some);
        }
        if !self.held.is_empty() {
            // Complete the held beginning of a line byte by byte; it is at most `\.` and `\r`.
            self.held.push(buffer[0]);
            reader.consume(1);
            match marker(&self.held) {
                Marker::Whole => {
                    *lines += 1;
                    return Ok(Passed::All);
                }
                Marker::Perhaps => {}
                Marker::No => {
                    self.at_line_start = self.held.last() == Some(&b'\n');
                    *lines += u64::from(self.at_line_start);
                    take(&self.held)?;
                    self.held.clear();
                }
            }
            return Ok(Passed::Some);
        }
        // Look only at lines that begin with a backslash.
        let found = match buffer[0] {
            b'\\' if self.at_line_start => Some(0),
            _ => memchr::memmem::find(buffer, b"\n\\").map(|newline| newline + 1),
        };
        match found {
            None => {
                *lines += memchr::memchr_iter(b'\n', buffer).count() as u64;
                self.at_line_start = buffer[length - 1] == b'\n';
                take(buffer)?;
                reader.consume(length);
            }
            Some(start) => {
                *lines += memchr::memchr_iter(b'\n', &buffer[..start]).count() as u64;
                take(&buffer[..start])?;
                self.held.push(b'\\');
                reader.consume(start + 1);
            }
        }
        Ok(Passed::Some)
    }
}

enum Marker {
    Whole,
    Perhaps,
    No,
}

/// Whether the beginning of a line is, or may become, the end marker `\.`.
fn marker(line: &[u8]) -> Marker {
    match line {
        b"\\.\n" | b"\\.\r\n" => Marker::Whole,
        b"\\" | b"\\." | b"\\.\r" => Marker::Perhaps,
        _ => Marker::No,
    }
}
