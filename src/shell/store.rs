//! Holds a result's rows as the wire's bytes until it is printed: in memory up to a limit, in an
//! anonymous temporary file past it, so that memory stays bounded whatever the result's size.

use crate::print::{Row, Rows};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Bytes kept in memory before rows go to a file.
const MEMORY_LIMIT: usize = 24 << 20;
/// Bytes of a chunk, the unit of allocation and of file access.
const CHUNK: usize = 1 << 20;

/// Bytes of a result's first chunk: most results are small.
const FIRST_CHUNK: usize = 8 << 10;

/// The rows of one result.
///
/// Each row is stored as its length (32 bits, native order) and the body of its DataRow; a row
/// never crosses a chunk's end in memory.
#[derive(Debug, Default)]
pub struct RowStore {
    chunks: Vec<Vec<u8>>,
    /// Chunks written out, in order, before those in `chunks`.
    file: Option<File>,
    file_bytes: u64,
    rows: u64,
    reading: Reading,
}

#[derive(Debug, Default)]
struct Reading {
    /// Rows read from the file so far lie in `buffer[at..]`.
    buffer: Vec<u8>,
    at: usize,
    file_left: u64,
    chunk: usize,
    chunk_at: usize,
}

impl RowStore {
    /// Adds a row given as the body of its DataRow, whose framing was checked.
    ///
    /// # Errors
    /// The temporary file can't be made or written.
    #[inline]
    pub fn push(&mut self, body: &[u8]) -> io::Result<()> {
        let needed = body.len() + 4;
        match self.chunks.last_mut() {
            Some(chunk) if chunk.capacity() - chunk.len() >= needed => append(chunk, body),
            _ => append(self.new_chunk(needed)?, body),
        }
        self.rows += 1;
        Ok(())
    }

    #[cold]
    fn new_chunk(&mut self, needed: usize) -> io::Result<&mut Vec<u8>> {
        let held: usize = self.chunks.iter().map(Vec::capacity).sum();
        if self.file.is_some() || held + needed.max(CHUNK) > MEMORY_LIMIT {
            self.spill()?;
        }
        // A spilled chunk's memory is used again if it fits.
        match self.chunks.last() {
            Some(chunk) if chunk.is_empty() && chunk.capacity() >= needed => {}
            _ => {
                if self.file.is_some() {
                    self.chunks.clear();
                }
                let size = if self.rows == 0 { FIRST_CHUNK } else { CHUNK };
                self.chunks.push(Vec::with_capacity(needed.max(size)));
            }
        }
        Ok(self.chunks.last_mut().expect("a chunk was just made sure of"))
    }

    /// Writes every chunk to the file and keeps one for reuse.
    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            slot => slot.insert(tempfile::tempfile()?),
        };
        for chunk in &self.chunks {
            file.write_all(chunk)?;
            self.file_bytes += chunk.len() as u64;
        }
        self.chunks.truncate(1);
        if let Some(chunk) = self.chunks.first_mut() {
            chunk.clear();
        }
        Ok(())
    }

    /// How many rows are held.
    pub fn len(&self) -> u64 {
        self.rows
    }

    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Fills the reading buffer with at least one whole row of the file; false at its end.
    fn fill(&mut self) -> io::Result<bool> {
        let Some(file) = &mut self.file else { return Ok(false) };
        let reading = &mut self.reading;
        reading.buffer.drain(..reading.at);
        reading.at = 0;
        let mut wanted = CHUNK;
        loop {
            let have = reading.buffer.len();
            if let Some(len) = reading.buffer.first_chunk::<4>() {
                let needed = u32::from_ne_bytes(*len) as usize + 4;
                if have >= needed {
                    return Ok(true);
                }
                wanted = wanted.max(needed);
            }
            if reading.file_left == 0 {
                return Ok(false);
            }
            let more = (wanted.saturating_sub(have).max(1) as u64).min(reading.file_left);
            let got = file.take(more).read_to_end(&mut reading.buffer)?;
            if got == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            reading.file_left -= got as u64;
        }
    }
}

#[inline]
fn append(chunk: &mut Vec<u8>, body: &[u8]) {
    chunk.extend_from_slice(&(body.len() as u32).to_ne_bytes());
    chunk.extend_from_slice(body);
}

/// The row at `at` of `bytes` and where the next begins, if one is whole there.
#[inline]
fn row_at(bytes: &[u8], at: usize) -> Option<(Row<'_>, usize)> {
    let len = u32::from_ne_bytes(*bytes.get(at..)?.first_chunk::<4>()?) as usize;
    let body = bytes.get(at + 4..at + 4 + len)?;
    Some((Row::trusted(body), at + 4 + len))
}

impl Rows for RowStore {
    fn count(&self) -> u64 {
        self.rows
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.reading = Reading {
            buffer: std::mem::take(&mut self.reading.buffer),
            file_left: self.file_bytes,
            ..Reading::default()
        };
        self.reading.buffer.clear();
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(0))?;
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        if self.file.is_some() {
            let whole = row_at(&self.reading.buffer, self.reading.at).is_some();
            if whole || self.fill()? {
                let at = self.reading.at;
                let Some((row, end)) = row_at(&self.reading.buffer, at) else {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                };
                self.reading.at = end;
                return Ok(Some(row));
            }
        }
        let reading = &mut self.reading;
        while let Some(chunk) = self.chunks.get(reading.chunk) {
            if let Some((row, end)) = row_at(chunk, reading.chunk_at) {
                reading.chunk_at = end;
                return Ok(Some(row));
            }
            reading.chunk += 1;
            reading.chunk_at = 0;
        }
        Ok(None)
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
        for i in 0..100 {
            store.push(&body(i)).unwrap();
        }
        assert!(store.file.is_some(), "the test must pass the limit");
        for _ in 0..2 {
            store.rewind().unwrap();
            for i in 0..100 {
                let row = store.next().unwrap().expect("a row");
                assert_eq!(row.bytes(), body(i), "row {i}");
            }
            assert!(store.next().unwrap().is_none());
        }
    }
}
