//! The buffer between the formats and the caller's writer.

use crate::palette::RESET;
use std::io::{self, Write};

/// Bytes gathered before the writer sees them.
const CAPACITY: usize = 64 * 1024;
/// Bytes gathered at most: text that is longer goes to the writer without a copy.
const LIMIT: usize = 4 * CAPACITY;

const BLANKS: [u8; 256] = [b' '; 256];

/// Gathers output in one buffer; [`Output::end_line`] hands it on when it is full, and so does what
/// is put if a single value is large.
pub(super) struct Output<'w> {
    pub buffer: Vec<u8>,
    writer: &'w mut dyn Write,
    /// Why the writer took no more, until somebody can be told.
    failed: io::Result<()>,
    /// What the user is to know of how values were written.
    remarks: Vec<String>,
}

impl<'w> Output<'w> {
    pub fn new(writer: &'w mut dyn Write) -> Output<'w> {
        Output {
            buffer: Vec::with_capacity(CAPACITY + CAPACITY / 4),
            writer,
            failed: Ok(()),
            remarks: Vec::new(),
        }
    }

    /// What `put` puts.
    pub fn to_vec(put: impl FnOnce(&mut Output<'_>)) -> Vec<u8> {
        let mut text = Vec::new();
        let mut out = Output::new(&mut text);
        put(&mut out);
        // Nothing that is written to a Vec fails.
        let _ = out.finish();
        text
    }

    /// Puts what `put` puts, in a colour if there is one.
    pub fn painted(&mut self, color: Option<&str>, put: impl FnOnce(&mut Self)) {
        self.text(color.unwrap_or_default());
        put(self);
        self.text(if color.is_some() { RESET } else { "" });
    }

    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() > LIMIT {
            return self.put_through(bytes);
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Hands the buffer on, and then `bytes`.
    #[cold]
    fn put_through(&mut self, bytes: &[u8]) {
        self.hand_on();
        if self.failed.is_ok() {
            self.failed = self.writer.write_all(bytes);
        }
    }

    /// Empties the buffer.
    fn hand_on(&mut self) {
        if self.failed.is_ok() {
            self.failed = self.writer.write_all(&self.buffer);
        }
        self.buffer.clear();
    }

    /// Puts what is most often a single byte.
    #[inline]
    pub fn separator(&mut self, separator: &[u8]) {
        match separator {
            [byte] => self.byte(*byte),
            _ => self.put(separator),
        }
    }

    pub fn text(&mut self, text: &str) {
        self.put(text.as_bytes());
    }

    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.buffer.push(byte);
    }

    pub fn blanks(&mut self, mut count: usize) {
        while count > BLANKS.len() {
            self.put(&BLANKS);
            count -= BLANKS.len();
        }
        self.put(&BLANKS[..count]);
    }

    pub fn number(&mut self, number: u64) {
        // Nothing that is written to a Vec fails.
        let _ = write!(self.buffer, "{number}");
    }

    pub fn repeat(&mut self, text: &str, count: usize) {
        match text.as_bytes() {
            [byte] if self.buffer.len() + count <= LIMIT => {
                self.buffer.resize(self.buffer.len() + count, *byte);
            }
            bytes => (0..count).for_each(|_| self.put(bytes)),
        }
    }

    /// Puts text with some bytes replaced.
    #[inline]
    pub fn put_escaped(&mut self, text: &[u8], escape: impl Fn(u8) -> Option<&'static str>) {
        for piece in text.chunks(CAPACITY) {
            escape_into(piece, &mut self.buffer, &escape);
            if self.buffer.len() > LIMIT {
                self.hand_on();
            }
        }
    }

    /// Ends a line, and hands the buffer on if it is full.
    #[inline]
    pub fn end_line(&mut self) -> io::Result<()> {
        self.byte(b'\n');
        self.flush_if_full()
    }

    #[inline]
    pub fn flush_if_full(&mut self) -> io::Result<()> {
        if self.buffer.len() >= CAPACITY {
            self.hand_on();
        }
        std::mem::replace(&mut self.failed, Ok(()))
    }

    #[cfg(any(feature = "parquet", feature = "xlsx"))]
    /// Takes note of what the user is to know of how values were written.
    pub fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// Hands on what is left, and tells what the user is to know.
    pub fn finish(mut self) -> io::Result<Vec<String>> {
        self.hand_on();
        self.failed.map(|()| self.remarks)
    }
}

/// Appends `text` to `to` with some bytes replaced.
#[inline]
pub(super) fn escape_into(
    text: &[u8],
    to: &mut Vec<u8>,
    escape: impl Fn(u8) -> Option<&'static str>,
) {
    let mut copied = 0;
    for (at, &byte) in text.iter().enumerate() {
        if let Some(replacement) = escape(byte) {
            to.extend_from_slice(&text[copied..at]);
            to.extend_from_slice(replacement.as_bytes());
            copied = at + 1;
        }
    }
    to.extend_from_slice(&text[copied..]);
}
