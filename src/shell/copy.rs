//! COPY data between the server and the shell: from the script that held the COPY, from the person,
//! from and to files and commands.

use super::Shell;
use super::results::Aside;
use crate::session::{Event, Session};
use std::io::{self, BufRead};

/// Where the data of a COPY FROM end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataEnd {
    /// At a line `\.`, or at the end of the input: data within a script.
    Marker,
    /// At the end of the input alone.
    Input,
}

impl Shell {
    /// COPY FROM STDIN in a query: sends the data that follow in the current source.
    pub(super) fn copy_in(&mut self, binary: bool) -> bool {
        if self.input.is_person() {
            return self.copy_in_from_person();
        }
        let end = if binary { DataEnd::Input } else { DataEnd::Marker };
        let (Some(session), Some(source)) = (self.session.as_mut(), self.input.current()) else {
            return false;
        };
        let Some(reader) = source.bytes() else { return false };
        let mut lines = 0;
        let sent = send_data(session, reader, end, &mut lines);
        source.count_lines(lines);
        self.finish_copy_in(sent)
    }

    /// Passes over the data of so many COPY FROM STDIN in the current source.
    pub(super) fn skip_copy_data(&mut self, blocks: usize) {
        let Some(source) = self.input.current().filter(|source| !source.is_person()) else {
            return;
        };
        let mut line = Vec::new();
        for _ in 0..blocks {
            while source.read_line(&mut line).unwrap_or(false) {
                if matches!(line.as_slice(), b"\\." | b"\\.\n" | b"\\.\r\n") {
                    break;
                }
            }
        }
    }

    /// Ends COPY IN after the data were sent, or could not be read or sent.
    pub fn finish_copy_in(&mut self, sent: Result<(), CopyFailure>) -> bool {
        let Some(session) = self.session.as_mut() else { return false };
        match sent {
            Ok(()) => {
                session.copy_done();
                true
            }
            Err(CopyFailure::Read(error)) => {
                session.copy_fail(b"aborted because of read failure");
                self.error(format!("could not read from file: {}", super::os_error_text(&error)));
                false
            }
            Err(CopyFailure::Interrupted) => {
                session.copy_fail(b"canceled by user");
                self.cancelled = true;
                false
            }
            // The next message tells what happened.
            Err(CopyFailure::Lost) => false,
        }
    }

    /// COPY FROM STDIN typed by a person: asks line by line with PROMPT3.
    fn copy_in_from_person(&mut self) -> bool {
        if !self.settings().quiet {
            self.put(
                "Enter data to be copied followed by a newline.\n\
                 End with a backslash and a period on a line by itself, or an EOF signal.",
            );
        }
        let sent = loop {
            let line = match self.read_copy_line() {
                Ok(Some(line)) => line,
                Ok(None) => break Ok(()),
                Err(()) => break Err(CopyFailure::Interrupted),
            };
            if line == b"\\." {
                break Ok(());
            }
            let Some(session) = self.session.as_mut() else { break Err(CopyFailure::Lost) };
            let sent = session.copy_data(&line).and_then(|()| session.copy_data(b"\n"));
            if sent.is_err() {
                break Err(CopyFailure::Lost);
            }
        };
        self.finish_copy_in(sent)
    }

    /// COPY TO STDOUT: writes the data to the query output.
    pub(super) fn copy_out(&mut self) -> bool {
        let mut failed: Option<io::Error> = None;
        let mut refused = None;
        loop {
            let Some(session) = self.session.as_mut() else { return false };
            match session.next() {
                Ok(Event::CopyData(data)) => {
                    if failed.is_none()
                        && let Err(error) = self.output.query().write_all(data)
                    {
                        failed = Some(error);
                    }
                }
                Ok(Event::CopyDone) => break,
                Ok(Event::Error(fields)) => {
                    refused = Some(fields);
                    break;
                }
                Ok(Event::Interrupted) => self.cancel_query(),
                Ok(event) => {
                    let aside = Aside::from(event);
                    self.take_aside(aside);
                }
                Err(lost) => {
                    self.lost(&lost.message);
                    return false;
                }
            }
        }
        if failed.is_none() {
            failed = self.output.query().flush().err();
        }
        if let Some(error) = &failed {
            self.error(format!("could not write COPY data: {}", super::os_error_text(error)));
        }
        if let Some(fields) = refused {
            self.query_failed(fields, b"");
            return false;
        }
        failed.is_none()
    }
}

/// Why COPY data did not reach the server whole.
#[derive(Debug)]
pub enum CopyFailure {
    /// The input can't be read.
    Read(io::Error),
    /// The person pressed Ctrl-C.
    Interrupted,
    /// The connection is gone.
    Lost,
}

/// Sends what `reader` gives, up to `end`; the end marker is read and not sent. Adds the lines read
/// to `lines`.
///
/// # Errors
/// The input can't be read, or the connection is gone.
pub fn send_data(
    session: &mut Session,
    reader: &mut dyn BufRead,
    end: DataEnd,
    lines: &mut u64,
) -> Result<(), CopyFailure> {
    // A line may begin in one buffer and end in the next; only at a line's beginning can the
    // marker stand, so its first bytes are kept back until they can be told from data.
    let mut at_line_start = true;
    let mut held: Vec<u8> = Vec::new();
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyFailure::Read(error)),
        };
        if buffer.is_empty() {
            let rest = std::mem::take(&mut held);
            // The marker may be the last line without its newline.
            if rest != b"\\." && rest != b"\\.\r" {
                session.copy_data(&rest).map_err(|_| CopyFailure::Lost)?;
            }
            return Ok(());
        }
        let length = buffer.len();
        if end == DataEnd::Input {
            session.copy_data(buffer).map_err(|_| CopyFailure::Lost)?;
            reader.consume(length);
            continue;
        }
        if !held.is_empty() {
            // Complete the held beginning of a line byte by byte; it is at most `\.` and `\r`.
            held.push(buffer[0]);
            reader.consume(1);
            match marker(&held) {
                Marker::Whole => {
                    *lines += 1;
                    return Ok(());
                }
                Marker::Perhaps => {}
                Marker::No => {
                    let line_ended = held.last() == Some(&b'\n');
                    *lines += u64::from(line_ended);
                    at_line_start = line_ended;
                    session.copy_data(&held).map_err(|_| CopyFailure::Lost)?;
                    held.clear();
                }
            }
            continue;
        }
        // Look only at lines that begin with a backslash.
        let found = match buffer[0] {
            b'\\' if at_line_start => Some(0),
            _ => memchr::memmem::find(buffer, b"\n\\").map(|newline| newline + 1),
        };
        match found {
            None => {
                *lines += memchr::memchr_iter(b'\n', buffer).count() as u64;
                at_line_start = buffer[length - 1] == b'\n';
                session.copy_data(buffer).map_err(|_| CopyFailure::Lost)?;
                reader.consume(length);
            }
            Some(start) => {
                *lines += memchr::memchr_iter(b'\n', &buffer[..start]).count() as u64;
                session.copy_data(&buffer[..start]).map_err(|_| CopyFailure::Lost)?;
                held.push(b'\\');
                reader.consume(start + 1);
            }
        }
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
