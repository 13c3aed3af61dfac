//! Sorted runs: keys with their rows' numbers, sorted in memory a part at a time and written to a
//! file without a name.

use crate::result_view::Order;
use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// Bytes of keys that are sorted at once: no more than a key of the user's may wait for.
const RUN: usize = 1 << 20;
/// Bytes of the buffers from which the runs are read, all together.
const MERGE_BUFFERS: usize = 8 << 20;
const LEAST_BUFFER: usize = 512;
const MOST_BUFFER: usize = 64 << 10;
/// Bytes before a key: its length, whether it is NULL's, and the row's number.
const HEAD: usize = 4 + 1 + 8;

/// A key in the order that is wanted: NULLs last, equal ones by number.
fn compare(a: (bool, &[u8], u64), b: (bool, &[u8], u64), order: Order) -> Ordering {
    let keys = match order {
        Order::Ascending => a.1.cmp(b.1),
        Order::Descending => b.1.cmp(a.1),
    };
    a.0.cmp(&b.0).then(keys).then(a.2.cmp(&b.2))
}

/// A record: its head and its key.
fn read(record: &[u8]) -> (bool, &[u8], u64) {
    let (head, key) = record.split_at(HEAD);
    let number = head[5..].first_chunk::<8>().map_or(0, |bytes| u64::from_ne_bytes(*bytes));
    (head[4] != 0, key, number)
}

/// How long the record is that `bytes` begin with.
fn record_length(bytes: &[u8]) -> Option<usize> {
    Some(HEAD + u32::from_ne_bytes(*bytes.first_chunk()?) as usize)
}

/// Keys on their way into runs.
#[derive(Debug)]
pub(super) struct RunWriter {
    order: Order,
    records: Vec<u8>,
    /// Where the records begin.
    starts: Vec<u32>,
    file: File,
    written: u64,
    runs: Vec<Range<u64>>,
}

impl RunWriter {
    /// For keys in this order.
    ///
    /// # Errors
    /// There is no room for a file.
    pub fn new(order: Order) -> io::Result<RunWriter> {
        let (records, starts, runs) = (Vec::new(), Vec::new(), Vec::new());
        Ok(RunWriter { order, records, starts, file: tempfile::tempfile()?, written: 0, runs })
    }

    /// Adds the row of this number with the key that `write` appends, false where there is none.
    ///
    /// # Errors
    /// The file takes no more.
    pub fn push(
        &mut self,
        number: u64,
        write: impl FnOnce(&mut Vec<u8>) -> bool,
    ) -> io::Result<()> {
        let start = self.records.len();
        self.records.extend_from_slice(&[0; HEAD]);
        let has_key = write(&mut self.records);
        let length = (self.records.len() - start - HEAD) as u32;
        let head = &mut self.records[start..start + HEAD];
        head[..4].copy_from_slice(&length.to_ne_bytes());
        head[4] = u8::from(!has_key);
        head[5..].copy_from_slice(&number.to_ne_bytes());
        self.starts.push(start as u32);
        if self.records.len() >= RUN { self.end_run() } else { Ok(()) }
    }

    fn end_run(&mut self) -> io::Result<()> {
        let record = |start: u32| {
            let record = &self.records[start as usize..];
            read(&record[..record_length(record).unwrap_or(HEAD)])
        };
        let order = self.order;
        // The first bytes of most keys tell them apart.
        self.starts.sort_unstable_by(|a, b| compare(record(*a), record(*b), order));
        let mut sorted = Vec::with_capacity(self.records.len());
        for start in &self.starts {
            let record = &self.records[*start as usize..];
            sorted.extend_from_slice(&record[..record_length(record).unwrap_or(HEAD)]);
        }
        self.file.write_all(&sorted)?;
        let end = self.written + sorted.len() as u64;
        self.runs.push(self.written..end);
        self.written = end;
        self.records.clear();
        self.starts.clear();
        Ok(())
    }

    /// The runs, to be merged.
    ///
    /// # Errors
    /// The file takes no more, or can't be read.
    pub fn finish(mut self) -> io::Result<RunMerge> {
        if !self.starts.is_empty() {
            self.end_run()?;
        }
        let buffer = MERGE_BUFFERS / self.runs.len().max(1);
        let buffer = buffer.clamp(LEAST_BUFFER, MOST_BUFFER);
        let (file, order) = (self.file, self.order);
        let mut merge = RunMerge { file, order, buffer, runs: Vec::new(), heap: Vec::new() };
        for rest in self.runs {
            let mut run = Run { rest, bytes: Vec::new(), at: 0 };
            run.fill(&merge.file, merge.buffer)?;
            merge.runs.push(run);
            merge.heap.push(merge.heap.len());
        }
        for at in (0..merge.heap.len() / 2).rev() {
            merge.sift_down(at);
        }
        Ok(merge)
    }
}

/// A run that is read.
#[derive(Debug)]
struct Run {
    /// What is to be read of it yet.
    rest: Range<u64>,
    bytes: Vec<u8>,
    at: usize,
}

impl Run {
    /// The record that is next; the buffer has it whole.
    fn record(&self) -> Option<(bool, &[u8], u64)> {
        let rest = &self.bytes[self.at..];
        Some(read(rest.get(..record_length(rest)?)?))
    }

    /// Makes sure that the next record is in the buffer, if there is one.
    fn fill(&mut self, file: &File, buffer: usize) -> io::Result<()> {
        loop {
            let have = self.bytes.len() - self.at;
            let needed = record_length(&self.bytes[self.at..]).unwrap_or(HEAD);
            if have >= needed || self.rest.is_empty() {
                return Ok(());
            }
            self.bytes.drain(..self.at);
            self.at = 0;
            let more = buffer.max(needed - have) as u64;
            let more = more.min(self.rest.end - self.rest.start) as usize;
            self.bytes.resize(have + more, 0);
            file.read_exact_at(&mut self.bytes[have..], self.rest.start)?;
            self.rest.start += more as u64;
        }
    }
}

/// Runs on their way into one.
#[derive(Debug)]
pub(super) struct RunMerge {
    file: File,
    order: Order,
    buffer: usize,
    runs: Vec<Run>,
    /// The runs that are not at their end, the one whose record comes first on top.
    heap: Vec<usize>,
}

impl RunMerge {
    /// The number of the row that comes next.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn next(&mut self) -> io::Result<Option<u64>> {
        let Some(&top) = self.heap.first() else { return Ok(None) };
        let run = &mut self.runs[top];
        let Some((_, key, number)) = run.record() else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        run.at += HEAD + key.len();
        run.fill(&self.file, self.buffer)?;
        if run.at == run.bytes.len() {
            self.runs[top].bytes = Vec::new();
            self.runs[top].at = 0;
            self.heap.swap_remove(0);
        }
        self.sift_down(0);
        Ok(Some(number))
    }

    fn comes_first(&self, a: usize, b: usize) -> bool {
        match (self.runs[self.heap[a]].record(), self.runs[self.heap[b]].record()) {
            (Some(a), Some(b)) => compare(a, b, self.order).is_lt(),
            (a, _) => a.is_some(),
        }
    }

    fn sift_down(&mut self, mut at: usize) {
        loop {
            let below = [2 * at + 1, 2 * at + 2];
            let mut first = at;
            for child in below.into_iter().filter(|child| *child < self.heap.len()) {
                if self.comes_first(child, first) {
                    first = child;
                }
            }
            if first == at {
                return;
            }
            self.heap.swap(at, first);
            at = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: &[Option<Vec<u8>>], order: Order) -> Vec<u64> {
        let mut writer = RunWriter::new(order).unwrap();
        for (number, key) in keys.iter().enumerate() {
            writer
                .push(number as u64, |out| {
                    out.extend_from_slice(key.as_deref().unwrap_or_default());
                    key.is_some()
                })
                .unwrap();
        }
        let mut merge = writer.finish().unwrap();
        std::iter::from_fn(|| merge.next().unwrap()).collect()
    }

    #[test]
    fn sorted_as_in_memory() {
        let key = |n: u64| match n * 7919 % 1000 {
            0..50 => None,
            50 => Some(vec![b'x'; 300_000]),
            n => Some(n.to_string().into_bytes()),
        };
        for count in [0, 1, 2, 100, 40_000] {
            let keys: Vec<_> = (0..count).map(key).collect();
            for order in [Order::Ascending, Order::Descending] {
                let mut expected: Vec<u64> = (0..count).collect();
                expected.sort_by(|a, b| {
                    let (a, b) = (&keys[*a as usize], &keys[*b as usize]);
                    let nulls = a.is_none().cmp(&b.is_none());
                    nulls.then(if order == Order::Ascending { a.cmp(b) } else { b.cmp(a) })
                });
                assert!(sorted(&keys, order) == expected, "{count} {order:?}");
            }
        }
    }
}
