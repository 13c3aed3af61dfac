//! Holds bytes until they are wanted: in memory up to a limit, in an anonymous temporary file past
//! it, so that memory stays bounded however many there are. Knows nothing of what they mean.

use crate::memory;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::FileExt;

/// Bytes kept in memory. Not many: fresh memory costs the system more than a file's pages do.
const MEMORY_LIMIT: usize = 8 << 20;
/// Bytes of one access to the file.
pub const CHUNK: usize = 256 << 10;

/// Bytes in the order in which they were added: those of the file, if there is one, then the tail.
#[derive(Debug, Default)]
pub struct Spool {
    file: Option<File>,
    file_bytes: u64,
    /// Bytes of the file that were not read since [`Spool::rewind`].
    unread: u64,
    tail: Vec<u8>,
    /// No file can be made, or it takes no more: memory has to do.
    fileless: bool,
}

impl Spool {
    /// Adds bytes that stay together: none of them is in the file while others are in the tail.
    ///
    /// # Errors
    /// There is no memory for them.
    pub fn push(&mut self, pieces: &[&[u8]]) -> io::Result<()> {
        let needed: usize = pieces.iter().map(|piece| piece.len()).sum();
        let limit = if self.file.is_some() { CHUNK } else { MEMORY_LIMIT };
        if self.tail.len() + needed > limit && !self.tail.is_empty() && !self.fileless {
            self.spill();
        }
        if needed > MEMORY_LIMIT && !self.fileless {
            return self.write_large(pieces);
        }
        self.keep(pieces)
    }

    /// Adds bytes to the tail.
    fn keep(&mut self, pieces: &[&[u8]]) -> io::Result<()> {
        memory::reserve(&mut self.tail, pieces.iter().map(|piece| piece.len()).sum())?;
        for piece in pieces {
            self.tail.extend_from_slice(piece);
        }
        Ok(())
    }

    /// The file, made when it is first asked for; `None` if memory has to do.
    fn file(&mut self) -> Option<&mut File> {
        if self.file.is_none() {
            self.file = tempfile::tempfile().ok();
            self.fileless = self.file.is_none();
        }
        self.file.as_mut()
    }

    /// Writes to the file what would double the memory that a large value takes already. The tail is
    /// empty.
    fn write_large(&mut self, pieces: &[&[u8]]) -> io::Result<()> {
        let Some(file) = self.file() else { return self.keep(pieces) };
        // What a full disk took of them lies behind the file's end.
        if pieces.iter().try_for_each(|piece| file.write_all(piece)).is_err() {
            self.fileless = true;
            return self.keep(pieces);
        }
        self.file_bytes += pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
        Ok(())
    }

    /// Moves the tail to the file, as far as one can be had.
    fn spill(&mut self) {
        self.file();
        let Some(file) = &mut self.file else { return };
        if file.write_all(&self.tail).is_err() {
            self.fileless = true;
            return;
        }
        self.file_bytes += self.tail.len() as u64;
        self.tail.clear();
        self.tail.shrink_to(CHUNK);
    }

    /// Whether memory holds what should be in a file.
    pub fn lacks_file(&self) -> bool {
        self.fileless
    }

    /// How many bytes are held.
    pub fn bytes(&self) -> u64 {
        self.file_bytes + self.tail.len() as u64
    }

    /// Goes back to the first byte.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.unread = self.file_bytes;
        self.file.as_mut().map_or(Ok(()), File::rewind)
    }

    /// Appends the file's next bytes, as many as `wanted` or what there is, to `buffer`; false at
    /// the file's end. The tail comes after it.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn read_file(&mut self, wanted: usize, buffer: &mut Vec<u8>) -> io::Result<bool> {
        let Some(file) = self.file.as_mut().filter(|_| self.unread > 0) else { return Ok(false) };
        let more = self.unread.min(wanted as u64);
        memory::reserve_exact(buffer, more as usize)?;
        let got = file.take(more).read_to_end(buffer)? as u64;
        if got < more {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.unread -= got;
        Ok(true)
    }

    /// Reads the bytes from `at` on, as many as `wanted` or what there is, in place of what `buffer`
    /// held. Neither what is read in order nor what is added is disturbed.
    ///
    /// # Errors
    /// The file can't be read, or there is no memory for them.
    pub fn read_at(&self, at: u64, wanted: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let in_file = self.file_bytes.saturating_sub(at).min(wanted as u64) as usize;
        if let Some(file) = self.file.as_ref().filter(|_| in_file > 0) {
            memory::reserve_exact(buffer, in_file)?;
            buffer.resize(in_file, 0);
            file.read_exact_at(buffer, at)?;
        }
        let from = (at + in_file as u64).saturating_sub(self.file_bytes) as usize;
        let rest = self.tail.get(from..).unwrap_or_default();
        let rest = &rest[..rest.len().min(wanted - in_file)];
        memory::reserve(buffer, rest.len())?;
        buffer.extend_from_slice(rest);
        Ok(())
    }

    /// What is held behind the file.
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// Writes everything to `out`.
    ///
    /// # Errors
    /// The file can't be read, or what `out` fails with.
    pub fn copy_to(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut buffer = Vec::new();
        self.rewind()?;
        while self.read_file(CHUNK, &mut buffer)? {
            out.write_all(&buffer)?;
            buffer.clear();
        }
        out.write_all(&self.tail)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(&[bytes]).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small and large pieces, of which a full disk takes none.
    #[test]
    fn bytes_survive_a_full_disk() {
        let full = File::options().read(true).write(true).open("/dev/full").unwrap();
        let mut spool = Spool { file: Some(full), ..Spool::default() };
        let mut expected = Vec::new();
        for size in [1, CHUNK, 3, 2 * CHUNK, MEMORY_LIMIT + 1, 5] {
            let piece = vec![size as u8; size];
            spool.write_all(&piece).unwrap();
            expected.extend_from_slice(&piece);
        }
        assert!(spool.lacks_file());
        let mut copy = Vec::new();
        spool.copy_to(&mut copy).unwrap();
        assert!(copy == expected);
    }

    /// Reading anywhere while bytes are still added.
    #[test]
    fn bytes_are_found_where_they_are() {
        let (mut spool, mut expected, mut found) = (Spool::default(), Vec::new(), Vec::new());
        for i in 0..60usize {
            let piece = vec![i as u8; i * 10_000];
            spool.write_all(&piece).unwrap();
            expected.extend_from_slice(&piece);
            let end = expected.len();
            for (at, wanted) in [(0, 7), (end / 2, CHUNK), (end.saturating_sub(9), 5), (end, 3)] {
                spool.read_at(at as u64, wanted, &mut found).unwrap();
                assert!(found == expected[at..end.min(at + wanted)], "{i} {at} {wanted}");
            }
        }
        assert!(spool.file.is_some(), "the test must pass the limit");
        spool.read_at(0, usize::MAX, &mut found).unwrap();
        assert!(found == expected);
    }

    #[test]
    fn bytes_survive_the_file() {
        let mut spool = Spool::default();
        let mut expected = Vec::new();
        for i in 0..100usize {
            let piece = vec![i as u8; i * i * i];
            spool.write_all(&piece).unwrap();
            expected.extend_from_slice(&piece);
        }
        assert!(spool.file.is_some(), "the test must pass the limit");
        assert_eq!(spool.bytes(), expected.len() as u64);
        for _ in 0..2 {
            let mut copy = Vec::new();
            spool.copy_to(&mut copy).unwrap();
            assert!(copy == expected);
        }
    }
}
