//! Numbers of rows in an order, in a file without a name.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;

const BYTES: usize = size_of::<u64>();
/// Numbers that are written, or read, at once.
const BLOCK: usize = 512;

/// Numbers that are written one after the other.
#[derive(Debug)]
pub(super) struct RowNumbersWriter {
    file: File,
    block: Vec<u8>,
    count: u64,
}

impl RowNumbersWriter {
    /// None yet.
    ///
    /// # Errors
    /// There is no room for a file.
    pub fn new() -> io::Result<RowNumbersWriter> {
        Ok(RowNumbersWriter { file: tempfile::tempfile()?, block: Vec::new(), count: 0 })
    }

    /// Adds a number.
    ///
    /// # Errors
    /// The file takes no more.
    pub fn push(&mut self, number: u64) -> io::Result<()> {
        self.block.extend_from_slice(&number.to_ne_bytes());
        self.count += 1;
        if self.block.len() < BLOCK * BYTES {
            return Ok(());
        }
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// All of them, to be asked for.
    ///
    /// # Errors
    /// The file takes no more.
    pub fn finish(mut self) -> io::Result<RowNumbers> {
        self.file.write_all(&self.block)?;
        let (file, count) = (self.file, self.count);
        Ok(RowNumbers { file, count, block: Vec::new(), block_number: u64::MAX })
    }
}

/// Numbers of rows: which row is the first, the second, ...
#[derive(Debug)]
pub(super) struct RowNumbers {
    file: File,
    count: u64,
    /// The block that was read last.
    block: Vec<u8>,
    block_number: u64,
}

impl RowNumbers {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The number at `index`, which is less than their count.
    ///
    /// # Errors
    /// It can't be read.
    pub fn get(&mut self, index: u64) -> io::Result<u64> {
        let (wanted, at) = (index / BLOCK as u64, (index % BLOCK as u64) as usize * BYTES);
        if self.block_number != wanted {
            let first = wanted * BLOCK as u64;
            let count = self.count.saturating_sub(first).min(BLOCK as u64) as usize;
            self.block_number = u64::MAX;
            self.block.resize(count * BYTES, 0);
            self.file.read_exact_at(&mut self.block, first * BYTES as u64)?;
            self.block_number = wanted;
        }
        let bytes = self.block.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map(|bytes| u64::from_ne_bytes(*bytes)).ok_or(io::ErrorKind::InvalidInput.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for count in [0, 1, BLOCK as u64, 5 * BLOCK as u64 + 7] {
            let mut writer = RowNumbersWriter::new().unwrap();
            (0..count).for_each(|number| writer.push(number * 3).unwrap());
            let mut numbers = writer.finish().unwrap();
            for index in (0..count).chain((0..count).rev()) {
                assert_eq!(numbers.get(index).unwrap(), index * 3);
            }
            assert!(numbers.get(count).is_err());
        }
    }
}
