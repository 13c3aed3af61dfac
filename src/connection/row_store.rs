//! Holds a result's rows as the wire's bytes until they are printed.

use super::spool::{CHUNK, Spool};
use crate::print::{Row, Rows};
use std::io;

/// Bytes before a row's body: the message's type, and its length as the protocol counts it.
pub const HEADER: usize = 5;

/// The rows of one result, as DataRow messages. The spool cuts none in two.
#[derive(Debug, Default)]
pub struct RowStore {
    spool: Spool,
    rows: u64,
    /// Bytes of the spool's file, of which those before `at` were read.
    buffer: Vec<u8>,
    at: usize,
    /// Bytes of the spool's tail that were read.
    tail_at: usize,
}

impl RowStore {
    /// Adds a row given as the body of its DataRow, whose framing was checked.
    ///
    /// # Errors
    /// The temporary file can't be written.
    pub fn push(&mut self, body: &[u8]) -> io::Result<()> {
        let length = (body.len() as u32 + 4).to_be_bytes();
        self.rows += 1;
        self.spool.push(&[b"D", &length, body])
    }

    /// Adds `count` rows given as whole DataRow messages, whose framing was checked.
    ///
    /// # Errors
    /// The temporary file can't be written.
    pub fn push_messages(&mut self, messages: &[u8], count: u64) -> io::Result<()> {
        self.rows += count;
        self.spool.push(&[messages])
    }

    /// How many rows are held.
    pub fn len(&self) -> u64 {
        self.rows
    }

    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// See [`Spool::lacks_file`].
    pub fn lacks_file(&self) -> bool {
        self.spool.lacks_file()
    }

    /// How many bytes the rows take.
    pub fn bytes(&self) -> u64 {
        self.spool.bytes()
    }

    /// Reads the bytes of the messages from `at` on, as many as `wanted` or what there is, in place
    /// of what `buffer` held.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn read_at(&self, at: u64, wanted: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.spool.read_at(at, wanted, buffer)
    }

    /// Makes sure that the buffer has a whole row of the file next; false at the file's end.
    fn fill(&mut self) -> io::Result<bool> {
        let mut wanted = CHUNK;
        loop {
            let have = self.buffer.len() - self.at;
            if let Some(needed) = message_length(&self.buffer[self.at..]) {
                if have >= needed {
                    return Ok(true);
                }
                wanted = wanted.max(needed);
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            if !self.spool.read_file(wanted.saturating_sub(have).max(1), &mut self.buffer)? {
                // No message is cut in two.
                return if have == 0 { Ok(false) } else { Err(io::ErrorKind::InvalidData.into()) };
            }
        }
    }
}

/// The length of the message that `bytes` begins with, its [`HEADER`] too, if that much is there to
/// tell.
#[inline]
pub fn message_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(1..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*length) as usize + 1)
}

/// The row at `at` of `bytes` and where the next begins, if one is whole there.
#[inline]
fn row_at(bytes: &[u8], at: usize) -> Option<(Row<'_>, usize)> {
    let rest = bytes.get(at..)?;
    let length = message_length(rest)?;
    Some((Row::trusted(rest.get(HEADER..length)?), at + length))
}

impl Rows for RowStore {
    fn count(&self) -> u64 {
        self.rows
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.buffer.clear();
        (self.at, self.tail_at) = (0, 0);
        self.spool.rewind()
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let (bytes, at) = match self.fill()? {
            true => (&self.buffer[..], &mut self.at),
            false => (self.spool.tail(), &mut self.tail_at),
        };
        if *at == bytes.len() {
            return Ok(None);
        }
        let Some((row, end)) = row_at(bytes, *at) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        *at = end;
        Ok(Some(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of many sizes, through memory and file, come back as they went in, twice.
    #[test]
    fn rows_survive_the_file() {
        let sizes = [10usize, 1000, 3 << 20, 7, 0, 100_000];
        let body = |i: usize| {
            let len = sizes[i % sizes.len()];
            let mut body = vec![0, 1];
            body.extend_from_slice(&(len as i32).to_be_bytes());
            body.extend(std::iter::repeat_n(i as u8, len));
            body
        };
        let mut store = RowStore::default();
        for i in 0..200 {
            store.push(&body(i)).unwrap();
        }
        assert!(store.bytes() > store.spool.tail().len() as u64, "the test must pass the limit");
        for _ in 0..2 {
            store.rewind().unwrap();
            for i in 0..200 {
                let row = store.next().unwrap().expect("a row");
                assert_eq!(row.bytes(), body(i), "row {i}");
            }
            assert!(store.next().unwrap().is_none());
        }
    }
}
