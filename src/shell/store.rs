//! Holds a result's rows as the wire's bytes until it is printed: in memory up to a limit, in an
//! anonymous temporary file past it, so that memory stays bounded whatever the result's size.

use crate::print::{Row, Rows};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Bytes kept in memory; rows beyond go to a file.
const MEMORY_LIMIT: usize = 40 << 20;
/// Bytes of a chunk, the unit of allocation and of file access.
const CHUNK: usize = 1 << 20;
/// Bytes of a result's first chunk: most results are small.
const FIRST_CHUNK: usize = 8 << 10;
/// Bytes before a row's body: the message's type, and its length as the protocol counts it.
const HEADER: usize = 5;

/// The rows of one result, as DataRow messages.
///
/// The first rows stay in memory, in chunks that no row crosses. Once they fill the limit, what
/// follows is gathered in one more chunk that is written to the file whenever it is full.
#[derive(Debug, Default)]
pub struct RowStore {
    chunks: Vec<Vec<u8>>,
    /// Bytes the chunks may hold.
    held: usize,
    file: Option<File>,
    file_bytes: u64,
    /// Rows that follow those in the file.
    tail: Vec<u8>,
    rows: u64,
    reading: Reading,
}

/// Where reading stands: in the chunks, then in the file, then in the tail.
#[derive(Debug, Default)]
struct Reading {
    chunk: usize,
    /// Bytes of the chunk, and later of the tail, that were read.
    at: usize,
    /// Bytes of the file, of which `buffer[buffer_at..]` was not read yet.
    buffer: Vec<u8>,
    buffer_at: usize,
    file_left: u64,
}

impl RowStore {
    /// Adds a row given as the body of its DataRow, whose framing was checked.
    ///
    /// # Errors
    /// The temporary file can't be made or written.
    pub fn push(&mut self, body: &[u8]) -> io::Result<()> {
        let room = self.room_for(body.len() + HEADER)?;
        room.push(b'D');
        room.extend_from_slice(&(body.len() as u32 + 4).to_be_bytes());
        room.extend_from_slice(body);
        self.rows += 1;
        Ok(())
    }

    /// Adds `count` rows given as whole DataRow messages, whose framing was checked.
    ///
    /// # Errors
    /// The temporary file can't be made or written.
    pub fn push_messages(&mut self, messages: &[u8], count: u64) -> io::Result<()> {
        self.room_for(messages.len())?.extend_from_slice(messages);
        self.rows += count;
        Ok(())
    }

    /// The chunk that the next `needed` bytes go to.
    fn room_for(&mut self, needed: usize) -> io::Result<&mut Vec<u8>> {
        let fits = |chunk: &Vec<u8>| chunk.capacity() - chunk.len() >= needed;
        if self.file.is_none() && !self.chunks.last().is_some_and(fits) {
            let size = needed.max(if self.rows == 0 { FIRST_CHUNK } else { CHUNK });
            if self.held + size > MEMORY_LIMIT {
                self.file = Some(tempfile::tempfile()?);
            } else {
                self.held += size;
                self.chunks.push(Vec::with_capacity(size));
            }
        }
        match &mut self.file {
            None => Ok(self.chunks.last_mut().expect("a chunk with room was made sure of")),
            Some(file) => {
                if !fits(&self.tail) {
                    file.write_all(&self.tail)?;
                    self.file_bytes += self.tail.len() as u64;
                    self.tail.clear();
                    if !fits(&self.tail) {
                        self.tail = Vec::with_capacity(needed.max(CHUNK));
                    }
                }
                Ok(&mut self.tail)
            }
        }
    }

    /// How many rows are held.
    pub fn len(&self) -> u64 {
        self.rows
    }

    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Makes sure that the reading buffer begins with a whole row of the file; false at its end.
    fn fill(&mut self) -> io::Result<bool> {
        let Some(file) = &mut self.file else { return Ok(false) };
        let reading = &mut self.reading;
        reading.buffer.drain(..reading.buffer_at);
        reading.buffer_at = 0;
        let mut wanted = CHUNK;
        loop {
            let have = reading.buffer.len();
            if let Some(needed) = message_length(&reading.buffer) {
                if have >= needed {
                    return Ok(true);
                }
                wanted = wanted.max(needed);
            }
            if reading.file_left == 0 {
                return Ok(false);
            }
            let more = (wanted.saturating_sub(have).max(1) as u64).min(reading.file_left);
            reading.buffer.reserve_exact(more as usize);
            let got = file.take(more).read_to_end(&mut reading.buffer)?;
            if got == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            reading.file_left -= got as u64;
        }
    }
}

/// The length of the message `bytes` begins with, if that much is there to tell.
#[inline]
fn message_length(bytes: &[u8]) -> Option<usize> {
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
        let mut buffer = std::mem::take(&mut self.reading.buffer);
        buffer.clear();
        self.reading = Reading { buffer, file_left: self.file_bytes, ..Reading::default() };
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(0))?;
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        while let Some(chunk) = self.chunks.get(self.reading.chunk) {
            if self.reading.at < chunk.len() {
                let Some((row, end)) = row_at(&self.chunks[self.reading.chunk], self.reading.at)
                else {
                    return Err(io::ErrorKind::InvalidData.into());
                };
                self.reading.at = end;
                return Ok(Some(row));
            }
            self.reading.chunk += 1;
            self.reading.at = 0;
        }
        if self.file.is_none() {
            return Ok(None);
        }
        if row_at(&self.reading.buffer, self.reading.buffer_at).is_some() || self.fill()? {
            let Some((row, end)) = row_at(&self.reading.buffer, self.reading.buffer_at) else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            self.reading.buffer_at = end;
            return Ok(Some(row));
        }
        let Some((row, end)) = row_at(&self.tail, self.reading.at) else { return Ok(None) };
        self.reading.at = end;
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
        assert!(store.file.is_some(), "the test must pass the limit");
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
