//! The buffer between the formats and the caller's writer.

use std::io::{self, Write};

/// Bytes gathered before the writer sees them.
const CAPACITY: usize = 64 * 1024;

const BLANKS: [u8; 256] = [b' '; 256];

/// Gathers output in one buffer; [`Output::end_line`] hands it on when it is full.
pub(super) struct Output<'w> {
    pub buffer: Vec<u8>,
    writer: &'w mut dyn Write,
}

impl<'w> Output<'w> {
    pub fn new(writer: &'w mut dyn Write) -> Output<'w> {
        Output { buffer: Vec::with_capacity(CAPACITY + CAPACITY / 4), writer }
    }

    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
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
        if let [byte] = text.as_bytes() {
            return self.buffer.resize(self.buffer.len() + count, *byte);
        }
        for _ in 0..count {
            self.text(text);
        }
    }

    /// Puts text with some bytes replaced.
    #[inline]
    pub fn put_escaped(&mut self, text: &[u8], escape: impl Fn(u8) -> Option<&'static str>) {
        escape_into(text, &mut self.buffer, escape);
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
            self.writer.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Hands on what is left.
    pub fn finish(self) -> io::Result<()> {
        self.writer.write_all(&self.buffer)
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
