//! The rows on the screen, as much of them as it can show.
//!
//! Owns what was read of a result for the screen: rows that stay there are not read again, and of a
//! value no more than its beginning is kept, however long it is.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::ops::Range;

use crate::encoding::Encoding;
use crate::print::Row;
use crate::result_view::TableSource;

/// The bytes that are kept of a value: more than the widest column shows, less than there are of one
/// that the source cut.
const MOST_BYTES: usize = 4095;

/// The beginning of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning<'a> {
    /// Its first bytes.
    pub bytes: &'a [u8],
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// A row's values.
#[derive(Clone, Debug, Default)]
pub struct PageRow {
    bytes: Vec<u8>,
    /// Where each value's bytes are, and whether that is all of them.
    values: Vec<Option<(Range<usize>, bool)>>,
    /// Which one it was in the order of arrival.
    arrival: u64,
}

impl PageRow {
    fn new(row: Row<'_>, encoding: Encoding) -> PageRow {
        let mut copy = PageRow::default();
        for value in row.cells() {
            let kept = value.map(|value| {
                let start = copy.bytes.len();
                let beginning = &value[..value.len().min(MOST_BYTES)];
                copy.bytes.extend_from_slice(&encoding.for_display(beginning));
                (start..copy.bytes.len(), value.len() <= MOST_BYTES)
            });
            copy.values.push(kept);
        }
        copy
    }

    /// The beginning of the value in a column of the result; `None` for NULL.
    pub fn value(&self, index: usize) -> Option<Beginning<'_>> {
        let (range, is_whole) = self.values.get(index)?.as_ref()?;
        Some(Beginning { bytes: &self.bytes[range.clone()], is_whole: *is_whole })
    }

    /// Which one it was in the order of arrival.
    pub fn arrival(&self) -> u64 {
        self.arrival
    }
}

/// The rows on the screen.
#[derive(Clone, Debug, Default)]
pub struct Page {
    rows: BTreeMap<u64, PageRow>,
}

impl Page {
    /// Reads the rows of these numbers, of which those that were there are not read again; true if
    /// there are others than before.
    ///
    /// # Errors
    /// They can't be read.
    pub fn load(&mut self, source: &mut dyn TableSource, numbers: Range<u64>) -> io::Result<bool> {
        self.rows.retain(|number, _| numbers.contains(number));
        let mut has_new = false;
        for number in numbers {
            if let Entry::Vacant(place) = self.rows.entry(number) {
                has_new = true;
                let encoding = source.encoding();
                let mut row = PageRow::new(source.row(number)?, encoding);
                row.arrival = source.arrival_number(number)?;
                place.insert(row);
            }
        }
        Ok(has_new)
    }

    /// Forgets all of them: numbers mean other rows.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// The row of this number.
    pub fn row(&self, number: u64) -> Option<&PageRow> {
        self.rows.get(&number)
    }

    /// All of them.
    pub fn rows(&self) -> impl Iterator<Item = &PageRow> {
        self.rows.values()
    }
}
