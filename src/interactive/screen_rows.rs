//! Counts the rows of the screen that a text takes.
//!
//! Owns what of it was counted. Never keeps more of the text than a line.

use crate::encoding::Encoding;
use crate::print::width_on_terminal;
use std::io::{self, Write};

/// Counts what is written to it, up to a limit: past that writing fails.
pub(super) struct ScreenRows {
    encoding: Encoding,
    /// The screen's width; 0 if nobody knows it.
    columns: usize,
    line: Vec<u8>,
    rows: u64,
    most: u64,
    /// A line of more bytes takes more rows than there may be.
    longest: usize,
}

/// The bytes that a column of the screen may need, combining characters included.
const BYTES_OF_COLUMN: usize = 16;

impl ScreenRows {
    /// Of a screen so wide, up to so many rows.
    pub fn new(encoding: Encoding, columns: u32, most: u64) -> ScreenRows {
        let columns = usize::try_from(columns).unwrap_or(0);
        let cells = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1);
        let longest = cells.saturating_mul(columns.max(1)).saturating_mul(BYTES_OF_COLUMN);
        ScreenRows { encoding, columns, line: Vec::new(), rows: 0, most, longest }
    }

    /// The rows so far.
    pub fn count(&self) -> u64 {
        self.rows
    }

    fn end_line(&mut self) {
        let rows = match self.columns {
            0 => 1,
            columns => width_on_terminal(self.encoding, &self.line).div_ceil(columns).max(1),
        };
        self.rows = self.rows.saturating_add(rows as u64);
        self.line.clear();
    }
}

impl Write for ScreenRows {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        for piece in text.split_inclusive(|byte| *byte == b'\n') {
            let (line, is_whole) = match piece.strip_suffix(b"\n") {
                Some(line) => (line, true),
                None => (piece, false),
            };
            if self.columns > 0 && self.line.len() + line.len() > self.longest {
                self.rows = self.most.saturating_add(1);
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            self.line.extend_from_slice(line);
            if is_whole {
                self.end_line();
            }
            if self.rows > self.most {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows() {
        for (text, columns, expected) in [
            ("", 10, 0),
            ("a\n", 10, 1),
            ("a\n\nb\n", 10, 3),
            ("0123456789\n", 10, 1),
            ("0123456789a\n", 10, 2),
            ("漢字漢字漢字\n", 10, 2),
            ("0123456789a\n", 0, 1),
        ] {
            let mut rows = ScreenRows::new(Encoding::Utf8, columns, 100);
            rows.write_all(text.as_bytes()).unwrap();
            assert_eq!(rows.count(), expected, "{text:?} {columns}");
        }
    }

    #[test]
    fn enough_is_enough() {
        let mut rows = ScreenRows::new(Encoding::Utf8, 10, 2);
        assert!(rows.write_all(b"a\nb\n").is_ok());
        assert!(rows.write_all(b"c\nd\n").is_err());
        assert!(rows.count() > 2);
        // However long a line is, little of it is kept.
        let mut rows = ScreenRows::new(Encoding::Utf8, 10, 2);
        assert!((0..1000).any(|_| rows.write_all(b"abc").is_err()));
        assert!(rows.count() > 2 && rows.line.capacity() < 2000);
    }
}
