//! A sort by a column that goes on step by step, in constant memory: sorted runs in a file, merged
//! into the numbers of the rows.

use super::row_access::{BEGINNING, RowAccess};
use super::row_numbers::{RowNumbers, RowNumbersWriter};
use super::sort_runs::{RunMerge, RunWriter};
use crate::connection::RowStore;
use crate::encoding::Encoding;
use crate::result_view::{Order, Session, SortKey, Sorting};
use std::io;
use std::time::{Duration, Instant};

/// How long a step takes: keys that are pressed meanwhile are to be felt at once.
const STEP: Duration = Duration::from_millis(6);
/// Rows between two looks at the clock.
const ROWS: u64 = 256;
/// Bytes of the longest number there is.
const MOST_OF_A_VALUE: usize = 256 << 10;

/// What a column is sorted by.
#[derive(Clone, Copy, Debug)]
pub(super) struct SortBy {
    pub column: usize,
    pub order: Order,
    pub key: SortKey,
    pub encoding: Encoding,
}

/// A sort under way.
#[derive(Debug)]
pub(super) struct Sort {
    by: SortBy,
    rows: u64,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    /// Rows before this one have keys.
    Reading(u64, Box<RunWriter>),
    Merging(Box<RunMerge>, RowNumbersWriter),
    Done(Option<RowNumbers>),
}

impl Sort {
    /// Of so many rows.
    ///
    /// # Errors
    /// There is no room for a file.
    pub fn new(by: SortBy, rows: u64) -> io::Result<Sort> {
        let writer = RunWriter::new(by.order)?;
        Ok(Sort { by, rows, phase: Phase::Reading(0, Box::new(writer)) })
    }

    /// How far it is.
    pub fn progress(&self) -> Sorting {
        let done = match &self.phase {
            Phase::Reading(next, _) => *next,
            Phase::Merging(_, numbers) => self.rows + numbers.count(),
            Phase::Done(_) => return Sorting::Done,
        };
        Sorting::Going { done, of: 2 * self.rows }
    }

    /// The numbers of the rows, once it is done.
    pub fn take_numbers(self) -> Option<RowNumbers> {
        if let Phase::Done(numbers) = self.phase { numbers } else { None }
    }

    /// Sorts on for some milliseconds.
    ///
    /// # Errors
    /// A file can't be read, or takes no more.
    pub fn step(
        &mut self,
        access: &mut RowAccess,
        store: &RowStore,
        session: Session<'_>,
    ) -> io::Result<()> {
        let until = Instant::now() + STEP;
        while !matches!(self.phase, Phase::Done(_)) && Instant::now() < until {
            self.phase = match std::mem::replace(&mut self.phase, Phase::Done(None)) {
                Phase::Reading(from, mut writer) => {
                    let to = self.rows.min(from + ROWS);
                    for number in from..to {
                        write_key(self.by, number, access, store, session, &mut writer)?;
                    }
                    match to == self.rows {
                        true => {
                            Phase::Merging(Box::new(writer.finish()?), RowNumbersWriter::new()?)
                        }
                        false => Phase::Reading(to, writer),
                    }
                }
                Phase::Merging(merge, numbers) => merge_some(merge, numbers)?,
                Phase::Done(numbers) => Phase::Done(numbers),
            };
        }
        Ok(())
    }
}

fn write_key(
    by: SortBy,
    number: u64,
    access: &mut RowAccess,
    store: &RowStore,
    session: Session<'_>,
    writer: &mut RunWriter,
) -> io::Result<()> {
    let write = |value: Option<&[u8]>, out: &mut Vec<u8>| match value {
        Some(value) => {
            by.key.write(value, by.encoding, session, out);
            true
        }
        None => false,
    };
    let value = access.row(store, number)?.get(by.column);
    if value.is_none_or(|value| value.len() < BEGINNING) {
        return writer.push(number, |out| write(value, out));
    }
    let value = access.cell(store, number, by.column, MOST_OF_A_VALUE)?;
    writer.push(number, |out| write(value.as_ref().map(|value| &value.bytes[..]), out))
}

fn merge_some(mut merge: Box<RunMerge>, mut numbers: RowNumbersWriter) -> io::Result<Phase> {
    for _ in 0..ROWS {
        match merge.next()? {
            Some(number) => numbers.push(number)?,
            None => return Ok(Phase::Done(Some(numbers.finish()?))),
        }
    }
    Ok(Phase::Merging(merge, numbers))
}
