//! A ZIP archive written from the front, so that a pipe can take it: sizes and checksums stand behind
//! what they are of (PKWARE's APPNOTE, "data descriptor").

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

/// What no entry, nor the archive, may be longer than: the plain format counts in 32 bits.
pub const MOST_BYTES: u64 = u32::MAX as u64;

/// Names are UTF-8, and a descriptor follows the data.
const FLAGS: u16 = 1 << 11 | 1 << 3;
const DEFLATED: u16 = 8;
/// The version of the format that is needed to read it.
const VERSION: u16 = 20;
/// 1980-01-01, the first day there is: the archive of a result says nothing of when.
const DATE: u16 = 1 << 5 | 1;

/// An archive being written: bytes are taken from it with [`Archive::written`].
pub struct Archive {
    entries: Vec<Entry>,
    open: Option<Open>,
    /// Bytes to be taken, and how many were before.
    written: Vec<u8>,
    taken: u64,
}

struct Entry {
    name: &'static str,
    /// What number is put behind the name.
    number: Option<usize>,
    checksum: u32,
    compressed: u64,
    plain: u64,
    offset: u64,
}

struct Open {
    entry: Entry,
    encoder: DeflateEncoder<Vec<u8>>,
    checksum: Crc,
}

impl Archive {
    pub fn new() -> Archive {
        Archive { entries: Vec::new(), open: None, written: Vec::new(), taken: 0 }
    }

    /// Begins an entry: in `name` the number stands for `#`.
    pub fn begin(&mut self, name: &'static str, number: Option<usize>) {
        self.end_entry();
        let offset = self.position();
        let entry = Entry { name, number, checksum: 0, compressed: 0, plain: 0, offset };
        let mut header = 0x0403_4b50_u32.to_le_bytes().to_vec();
        put16(&mut header, &[VERSION, FLAGS, DEFLATED, 0, DATE]);
        put32(&mut header, &[0, 0, 0]);
        let name = entry.full_name();
        put16(&mut header, &[name.len() as u16, 0]);
        header.extend_from_slice(name.as_bytes());
        self.written.extend(header);
        let encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(Open { entry, encoder, checksum: Crc::new() });
    }

    /// Puts bytes into the entry at hand.
    pub fn put(&mut self, bytes: &[u8]) {
        let Some(open) = &mut self.open else { return };
        open.checksum.update(bytes);
        open.entry.plain += bytes.len() as u64;
        // Nothing that is written to a Vec fails.
        let _ = open.encoder.write_all(bytes);
        let compressed = open.encoder.get_mut();
        open.entry.compressed += compressed.len() as u64;
        self.written.append(compressed);
    }

    /// The bytes that are done since the last call.
    pub fn written(&mut self) -> &[u8] {
        &self.written
    }

    /// They were taken.
    pub fn forget_written(&mut self) {
        self.taken += self.written.len() as u64;
        self.written.clear();
    }

    /// Bytes of the longest of what is counted.
    pub fn longest(&self) -> u64 {
        let plain = self.open.as_ref().map_or(0, |open| open.entry.plain);
        plain.max(self.position())
    }

    /// Ends the archive.
    pub fn finish(&mut self) {
        self.end_entry();
        let start = self.position();
        for entry in &self.entries {
            let name = entry.full_name();
            put32(&mut self.written, &[0x0201_4b50]);
            put16(&mut self.written, &[VERSION, VERSION, FLAGS, DEFLATED, 0, DATE]);
            put32(
                &mut self.written,
                &[entry.checksum, entry.compressed as u32, entry.plain as u32],
            );
            put16(&mut self.written, &[name.len() as u16, 0, 0, 0, 0]);
            put32(&mut self.written, &[0, entry.offset as u32]);
            self.written.extend_from_slice(name.as_bytes());
        }
        let size = self.position() - start;
        let count = self.entries.len() as u16;
        put32(&mut self.written, &[0x0605_4b50]);
        put16(&mut self.written, &[0, 0, count, count]);
        put32(&mut self.written, &[size as u32, start as u32]);
        put16(&mut self.written, &[0]);
    }

    fn end_entry(&mut self) {
        let Some(Open { mut entry, encoder, checksum }) = self.open.take() else { return };
        let rest = encoder.finish().unwrap_or_default();
        entry.compressed += rest.len() as u64;
        entry.checksum = checksum.sum();
        self.written.extend(rest);
        put32(&mut self.written, &[0x0807_4b50]);
        put32(&mut self.written, &[entry.checksum, entry.compressed as u32, entry.plain as u32]);
        self.entries.push(entry);
    }

    fn position(&self) -> u64 {
        self.taken + self.written.len() as u64
    }
}

impl Entry {
    fn full_name(&self) -> String {
        let number = self.number.map(|number| number.to_string()).unwrap_or_default();
        self.name.replace('#', &number)
    }
}

fn put16(to: &mut Vec<u8>, numbers: &[u16]) {
    numbers.iter().for_each(|number| to.extend_from_slice(&number.to_le_bytes()));
}

fn put32(to: &mut Vec<u8>, numbers: &[u32]) {
    numbers.iter().for_each(|number| to.extend_from_slice(&number.to_le_bytes()));
}
