//! Rows of a store by their number: where every so many rows begin is noted, the way from there to a
//! row is walked. The notes take no more room however many rows there are.

use super::window::Window;
use crate::connection::RowStore;
use crate::connection::row_store::{HEADER, message_length};
use crate::print::Row;
use crate::result_view::CellBeginning;
use std::io;

/// Rows of a stretch at first.
const ROWS: u64 = 64;
/// Bytes of a stretch at first; also of a row that is large.
const BYTES: u64 = 64 << 10;
/// Stretches there may be before two are made one.
const MOST_STRETCHES: usize = 1 << 17;
/// Bytes read at once where rows are looked at one after the other.
const AHEAD: usize = 256 << 10;
/// Bytes of each value of a large row that are seen at first.
pub const BEGINNING: usize = 8 << 10;

/// Where a row begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    row: u64,
    position: u64,
}

/// The way to the rows of one store, which may still grow.
#[derive(Debug)]
pub(super) struct RowAccess {
    /// Where stretches of rows begin.
    stretches: Vec<Place>,
    rows_a_stretch: u64,
    bytes_a_stretch: u64,
    /// Behind the last row that was found.
    end: Place,
    scan: Window,
    /// The stretch that was walked last, and where its rows begin, and the last one ends.
    walked: Option<usize>,
    starts: Vec<u64>,
    window: Window,
    /// A large row, or the beginnings of its values.
    large: Vec<u8>,
}

impl Default for RowAccess {
    fn default() -> RowAccess {
        RowAccess {
            stretches: Vec::new(),
            rows_a_stretch: ROWS,
            bytes_a_stretch: BYTES,
            end: Place::default(),
            scan: Window::default(),
            walked: None,
            starts: Vec::new(),
            window: Window::default(),
            large: Vec::new(),
        }
    }
}

impl RowAccess {
    /// How many rows were found.
    pub fn rows(&self) -> u64 {
        self.end.row
    }

    /// Finds the rows of some `most` bytes more.
    ///
    /// # Errors
    /// They can't be read.
    pub fn extend(&mut self, store: &RowStore, most: u64) -> io::Result<()> {
        let until = store.bytes().min(self.end.position.saturating_add(most));
        while self.end.position < until {
            let mut scan = std::mem::take(&mut self.scan);
            let bytes = scan.from(store, self.end.position, HEADER, AHEAD)?;
            let mut at = 0;
            while let Some(length) = bytes.get(at..).and_then(message_length) {
                self.note(length as u64);
                at += length;
            }
            if at == 0 {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.scan = scan;
        }
        if self.end.position == store.bytes() {
            self.scan.forget();
        }
        Ok(())
    }

    /// Notes a row of so many bytes behind the last one.
    fn note(&mut self, length: u64) {
        let is_full = self.stretches.last().is_none_or(|first| {
            self.end.row - first.row >= self.rows_a_stretch
                || self.end.position - first.position >= self.bytes_a_stretch
        });
        if is_full {
            if self.stretches.len() == MOST_STRETCHES {
                self.thin_out();
            }
            self.stretches.push(self.end);
        }
        self.end = Place { row: self.end.row + 1, position: self.end.position + length };
    }

    /// Makes one stretch of two.
    fn thin_out(&mut self) {
        let mut is_kept = false;
        self.stretches.retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
        self.rows_a_stretch *= 2;
        self.bytes_a_stretch *= 2;
        self.walked = None;
    }

    /// Where a row begins and ends.
    fn find(&mut self, store: &RowStore, number: u64) -> io::Result<(u64, u64)> {
        if number >= self.end.row {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let at = self.stretches.partition_point(|first| first.row <= number) - 1;
        let first = self.stretches[at];
        if self.walked != Some(at) {
            self.walked = Some(at);
            self.starts.clear();
            self.starts.push(first.position);
        }
        let index = (number - first.row) as usize;
        while self.starts.len() < index + 2 {
            let position = self.starts[self.starts.len() - 1];
            let wanted = self.bytes_to_read(at, position);
            let bytes = self.window.from(store, position, HEADER, wanted)?;
            let length = message_length(bytes).ok_or(io::ErrorKind::InvalidData)?;
            self.starts.push(position + length as u64);
        }
        Ok((self.starts[index], self.starts[index + 1]))
    }

    /// How many bytes to read from `position` on, in this stretch: more than its own where the one
    /// before was read as well.
    fn bytes_to_read(&self, stretch: usize, position: u64) -> usize {
        if position == self.window.end() {
            return AHEAD;
        }
        let end = self.stretches.get(stretch + 1).map_or(self.end.position, |next| next.position);
        (end - position).min(BYTES) as usize
    }

    /// The row of this number; of a large row the [`BEGINNING`]s of its values.
    ///
    /// # Errors
    /// There is none, or it can't be read.
    pub fn row(&mut self, store: &RowStore, number: u64) -> io::Result<Row<'_>> {
        let (start, end) = self.find(store, number)?;
        if end - start > BYTES {
            self.read_beginnings(store, start)?;
            return Ok(Row::trusted(&self.large));
        }
        self.small_row(store, start, end)
    }

    /// The row of this number with all that is in it.
    ///
    /// # Errors
    /// There is none, it can't be read, or there is no memory for it.
    pub fn whole_row(&mut self, store: &RowStore, number: u64) -> io::Result<Row<'_>> {
        let (start, end) = self.find(store, number)?;
        if end - start > BYTES {
            let body = start + HEADER as u64;
            store.read_at(body, (end - body) as usize, &mut self.large)?;
            return Ok(Row::trusted(&self.large));
        }
        self.small_row(store, start, end)
    }

    fn small_row(&mut self, store: &RowStore, start: u64, end: u64) -> io::Result<Row<'_>> {
        self.large = Vec::new();
        let length = (end - start) as usize;
        let stretch = self.walked.unwrap_or_default();
        // Whoever goes backwards comes to the rows before this one in the stretch.
        let first = self.starts[0];
        let (from, skipped) = match end - first <= BYTES {
            true => (first, (start - first) as usize),
            false => (start, 0),
        };
        let wanted = self.bytes_to_read(stretch, from);
        let is_here = self.window.holds(start, length);
        let bytes = match is_here {
            true => self.window.from(store, start, length, length)?,
            false => &self.window.from(store, from, skipped + length, wanted)?[skipped..],
        };
        bytes.get(HEADER..length).map(Row::trusted).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// The first `most` bytes of a value; `None` is NULL.
    ///
    /// # Errors
    /// There is no such row or column, or it can't be read.
    pub fn cell(
        &mut self,
        store: &RowStore,
        number: u64,
        column: usize,
        most: usize,
    ) -> io::Result<Option<CellBeginning>> {
        let (start, end) = self.find(store, number)?;
        let mut cells = Cells { position: start + HEADER as u64 + 2, end, buffer: Vec::new() };
        for _ in 0..column {
            cells.next(store, 0)?;
        }
        cells.next(store, most)
    }

    /// Makes a row of the beginnings of this one's values.
    fn read_beginnings(&mut self, store: &RowStore, start: u64) -> io::Result<()> {
        let mut head = Vec::new();
        store.read_at(start, HEADER + 2, &mut head)?;
        let (Some(length), Some(count)) = (message_length(&head), head.get(HEADER..HEADER + 2))
        else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        self.large.clear();
        self.large.extend_from_slice(count);
        let (position, end) = (start + HEADER as u64 + 2, start + length as u64);
        let mut cells = Cells { position, end, buffer: head };
        for _ in 0..u16::from_be_bytes([self.large[0], self.large[1]]) {
            let cell = cells.next(store, BEGINNING)?.map(|cell| cell.bytes);
            let length = cell.as_ref().map_or(-1, |bytes| bytes.len() as i32);
            self.large.extend_from_slice(&length.to_be_bytes());
            self.large.extend_from_slice(&cell.unwrap_or_default());
        }
        Ok(())
    }
}

/// Goes through the values of a row without reading what is long.
struct Cells {
    position: u64,
    end: u64,
    buffer: Vec<u8>,
}

impl Cells {
    /// The next value, the first `most` bytes of it.
    fn next(&mut self, store: &RowStore, most: usize) -> io::Result<Option<CellBeginning>> {
        let wanted = most.saturating_add(4).min((self.end - self.position) as usize);
        store.read_at(self.position, wanted, &mut self.buffer)?;
        let length = self.buffer.first_chunk::<4>().ok_or(io::ErrorKind::InvalidInput)?;
        let length = i32::from_be_bytes(*length);
        self.position += 4;
        let Ok(length) = u64::try_from(length) else { return Ok(None) };
        self.position += length;
        let seen = (length as usize).min(most);
        let bytes = self.buffer.get(4..4 + seen).ok_or(io::ErrorKind::InvalidData)?.to_vec();
        Ok(Some(CellBeginning { bytes, length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of a number and a text of so many bytes, and a NULL.
    fn body(number: u64, size: usize) -> Vec<u8> {
        let number = number.to_string();
        let mut body = vec![0, 3];
        for cell in [Some(number.as_bytes()), None, Some(&vec![b'x'; size])] {
            body.extend_from_slice(&cell.map_or(-1, |cell| cell.len() as i32).to_be_bytes());
            body.extend_from_slice(cell.unwrap_or_default());
        }
        body
    }

    /// Sizes of values: mostly small, some as large as a stretch, one past it.
    fn size(number: u64) -> usize {
        match number {
            500 => 9 << 20,
            number if number % 97 == 0 => 70_000,
            number => (number % 300) as usize,
        }
    }

    #[test]
    fn rows_by_number_while_the_store_grows() {
        let (mut store, mut access) = (RowStore::default(), RowAccess::default());
        let mut pushed = 0;
        for more in [1, 3, 200, 1000, 10] {
            for _ in 0..more {
                store.push(&body(pushed, size(pushed))).unwrap();
                pushed += 1;
            }
            while access.rows() < pushed {
                access.extend(&store, 1 << 20).unwrap();
            }
            assert_eq!(access.rows(), store.len());
            // Forwards, backwards, and here and there.
            let forwards = 0..pushed;
            let here_and_there = (0..pushed).map(|n| n * 7919 % pushed);
            for number in forwards.clone().chain(forwards.rev()).chain(here_and_there) {
                let seen = size(number).min(match size(number) > BYTES as usize {
                    true => BEGINNING,
                    false => usize::MAX,
                });
                let row = access.row(&store, number).unwrap();
                assert!(row.bytes() == body(number, seen), "row {number} of {pushed}");
            }
            assert!(access.row(&store, pushed).is_err());
        }
        assert!(access.whole_row(&store, 500).unwrap().bytes() == body(500, size(500)));
        assert!(access.whole_row(&store, 501).unwrap().bytes() == body(501, size(501)));
        let cell = |access: &mut RowAccess, column, most| access.cell(&store, 500, column, most);
        let begun = |bytes: &[u8], length| Some(CellBeginning { bytes: bytes.to_vec(), length });
        assert_eq!(cell(&mut access, 0, 10).unwrap(), begun(b"500", 3));
        assert_eq!(cell(&mut access, 1, 10).unwrap(), None);
        assert_eq!(cell(&mut access, 2, 5).unwrap(), begun(b"xxxxx", 9 << 20));
        assert!(cell(&mut access, 3, 5).is_err());
    }

    #[test]
    fn notes_are_thinned_out() {
        let mut access = RowAccess::default();
        for _ in 0..(MOST_STRETCHES as u64 * ROWS * 3) {
            access.note(20);
        }
        assert!(access.stretches.len() <= MOST_STRETCHES);
        assert!(access.stretches.windows(2).all(|pair| {
            pair[1].row - pair[0].row <= access.rows_a_stretch
                && (pair[1].row - pair[0].row) * 20 == pair[1].position - pair[0].position
        }));
    }
}
