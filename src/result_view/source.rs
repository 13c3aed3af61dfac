//! Rows by their number, as a viewer asks for them between two keys: every answer comes soon.

use crate::encoding::Encoding;
use crate::print::{Column, Row};
use std::io;
use std::os::fd::BorrowedFd;

/// A result that is looked at.
///
/// Rows are numbered from 0 in the order in which they are shown: that of their arrival, or the
/// sorted one. Nothing here waits for the server, and no call takes longer than a key may.
pub trait TableSource {
    /// The columns, left to right: names as they came, types, alignment.
    fn columns(&self) -> &[Column];

    /// The encoding of names and values. None of them is safe for a terminal.
    fn encoding(&self) -> Encoding;

    /// Takes in some of what has come, without waiting, and tells how much is there.
    ///
    /// # Errors
    /// The rows can't be kept.
    fn available(&mut self) -> io::Result<Available>;

    /// What to poll along with the keyboard while the rest is [`Arrival::Coming`]: it can be read
    /// when something has come.
    fn descriptor(&self) -> Option<BorrowedFd<'_>>;

    /// The row of this number, which is less than [`Available::rows`]. Of a row of more than some
    /// 64 kB each value has no more than its first 8 kB: enough for a screen.
    ///
    /// # Errors
    /// It can't be read; or there is none of this number.
    fn row(&mut self, number: u64) -> io::Result<Row<'_>>;

    /// As [`TableSource::row`], with all that is in it: to search, to copy.
    ///
    /// # Errors
    /// As [`TableSource::row`]; or there is no memory for it.
    fn whole_row(&mut self, number: u64) -> io::Result<Row<'_>>;

    /// The row of this number in the order of arrival, with all that is in it.
    ///
    /// # Errors
    /// As [`TableSource::whole_row`].
    fn arrived_row(&mut self, number: u64) -> io::Result<Row<'_>>;

    /// The first `most` bytes of a value; `None` is NULL.
    ///
    /// # Errors
    /// As [`TableSource::row`]; or there is no such column.
    fn cell(
        &mut self,
        number: u64,
        column: usize,
        most: usize,
    ) -> io::Result<Option<CellBeginning>>;

    /// Which one this row was in the order of arrival, from 0.
    ///
    /// # Errors
    /// As [`TableSource::row`].
    fn arrival_number(&mut self, number: u64) -> io::Result<u64>;

    /// Begins to sort the rows that are there by what the column's type means, NULLs last in either
    /// order, equal ones as they came; `None` goes back to the order of arrival, at once. Rows keep
    /// their numbers until [`TableSource::continue_sort`] says that it is done. Rows that come later
    /// follow the sorted ones.
    fn begin_sort(&mut self, by: Option<(usize, Order)>);

    /// Sorts on for some milliseconds.
    ///
    /// # Errors
    /// The rows can't be read, or there is no room for the sorted numbers. The order is as before.
    fn continue_sort(&mut self) -> io::Result<Sorting>;

    /// Gives up a sort that is under way; the order is as before.
    fn stop_sort(&mut self);

    /// Asks the server to cancel the statement whose rows still come. [`TableSource::available`]
    /// tells when it has.
    fn cancel(&mut self);
}

/// A value, or its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellBeginning {
    /// The bytes that were asked for.
    pub bytes: Vec<u8>,
    /// How many the whole value has.
    pub length: u64,
}

/// How much of a result is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Available {
    /// The rows that can be asked for.
    pub rows: u64,
    /// What is known of others.
    pub arrival: Arrival,
}

/// What is known of the rows that are not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The server may send more: [`TableSource::descriptor`] tells when.
    Coming,
    /// More has come and is not counted yet: ask again as soon as no key waits.
    Waiting,
    /// That is all.
    Whole,
    /// That is all there will ever be, for this reason: cancelled, an error. In the client's
    /// encoding, and not safe for a terminal.
    Ended(Vec<u8>),
}

/// Which values come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The least.
    Ascending,
    /// The greatest.
    Descending,
}

/// How far a sort is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorting {
    /// No sort is under way.
    Done,
    /// So many steps of so many are done.
    Going {
        /// Steps that are done.
        done: u64,
        /// Steps in all.
        of: u64,
    },
}
