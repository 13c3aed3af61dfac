//! The data of a COPY FROM as they are read: up to the end of the input, or to the line `\.`.

use super::request::CopyStream;
use crate::console::input::Input;
use crate::terminal::interruptible::is_interrupt;
use std::io::{self, BufRead};

/// Where the data of a COPY FROM end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataEnd {
    /// At a line `\.`, or at the end of the input: data within a script.
    Marker,
    /// At the end of the input alone.
    Input,
}

/// Why COPY data did not reach the server whole.
#[derive(Debug)]
pub(super) enum CopyFailure {
    /// The input can't be read.
    Unreadable,
    /// The user pressed Ctrl-C.
    Interrupted,
    /// The connection is gone.
    Lost,
}

/// Data being read for a COPY FROM.
pub(super) struct CopyData {
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
pub(super) enum Passed {
    /// More may follow.
    Some,
    All,
}

impl CopyData {
    pub fn new(end: DataEnd) -> CopyData {
        CopyData { apart: false, end, at_line_start: true, held: Vec::new() }
    }

    /// Data that standard input or the current source holds.
    pub fn of_input(input: &Input, stream: &CopyStream, binary: bool) -> CopyData {
        let apart = matches!(stream, CopyStream::Standard) && !input.reads_standard_input();
        let end = if binary || apart { DataEnd::Input } else { DataEnd::Marker };
        CopyData { apart, ..CopyData::new(end) }
    }

    /// Whether they are on standard input, apart from the script that is read.
    pub fn is_apart(&self) -> bool {
        self.apart
    }

    /// As [`CopyData::pass`], from standard input or the current source.
    pub fn pass_from_input(
        &mut self,
        input: &mut Input,
        mut take: impl FnMut(&[u8]) -> Result<(), CopyFailure>,
    ) -> Result<Passed, CopyFailure> {
        let source = if self.apart { input.standard_input() } else { input.current_or_standard() };
        let Some(source) = source else { return Err(CopyFailure::Unreadable) };
        let Some(reader) = source.bytes() else { return Err(CopyFailure::Unreadable) };
        let (mut lines, mut bytes) = (0, 0);
        let passed = self.pass(reader, &mut lines, |data| {
            bytes += data.len() as u64;
            take(data)
        });
        source.count_lines(lines);
        source.count_bytes(bytes);
        passed
    }

    /// Passes on what `reader` gives at once, up to the end; the end marker is read and not passed
    /// on. Adds the lines read to `lines`.
    pub fn pass(
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
