//! A result as the viewer asks for it: its store, the way to its rows, their order, and where more
//! come from.

use super::feed::Feed;
use super::row_access::RowAccess;
use super::row_numbers::RowNumbers;
use super::sort::{Sort, SortBy};
use crate::connection::RowStore;
use crate::encoding::Encoding;
use crate::print::{Column, Row};
use crate::result_view::{
    Arrival, Available, CellBeginning, Order, Session, SortKey, Sorting, TableSource,
};
use std::io;
use std::os::fd::BorrowedFd;

/// Bytes of rows that are found at once.
const STEP: u64 = 4 << 20;

/// What values of a result mean something by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meaning<'z> {
    /// The encoding of names and values.
    pub encoding: Encoding,
    /// How dates are written.
    pub session: Session<'z>,
}

/// A result that is looked at.
pub struct Browsed<'r, F> {
    columns: Vec<Column>,
    store: &'r mut RowStore,
    meaning: Meaning<'r>,
    feed: F,
    access: RowAccess,
    /// The order, if it is not that of arrival.
    sorted: Option<RowNumbers>,
    sort: Option<io::Result<Sort>>,
}

impl<'r, F: Feed> Browsed<'r, F> {
    /// Of the rows in a store, to which `feed` may add.
    pub fn new(
        columns: Vec<Column>,
        store: &'r mut RowStore,
        meaning: Meaning<'r>,
        feed: F,
    ) -> Browsed<'r, F> {
        let access = RowAccess::default();
        Browsed { columns, store, meaning, feed, access, sorted: None, sort: None }
    }

    /// Where more rows come from, which are asked for no longer.
    pub fn into_feed(self) -> F {
        self.feed
    }

    /// Which row in the order of arrival is shown as this one.
    fn number(&mut self, number: u64) -> io::Result<u64> {
        match &mut self.sorted {
            Some(sorted) if number < sorted.count() => sorted.get(number),
            _ => Ok(number),
        }
    }
}

impl<F: Feed> TableSource for Browsed<'_, F> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn encoding(&self) -> Encoding {
        self.meaning.encoding
    }

    fn available(&mut self) -> io::Result<Available> {
        let arrival = match self.access.rows() < self.store.len() {
            true => Arrival::Waiting,
            false => self.feed.take(self.store)?,
        };
        self.access.extend(self.store, STEP)?;
        let rows = self.access.rows();
        let arrival = if rows < self.store.len() { Arrival::Waiting } else { arrival };
        Ok(Available { rows, arrival })
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.feed.descriptor()
    }

    fn row(&mut self, number: u64) -> io::Result<Row<'_>> {
        let number = self.number(number)?;
        self.access.row(self.store, number)
    }

    fn whole_row(&mut self, number: u64) -> io::Result<Row<'_>> {
        let number = self.number(number)?;
        self.access.whole_row(self.store, number)
    }

    fn arrived_row(&mut self, number: u64) -> io::Result<Row<'_>> {
        self.access.whole_row(self.store, number)
    }

    fn cell(
        &mut self,
        number: u64,
        column: usize,
        most: usize,
    ) -> io::Result<Option<CellBeginning>> {
        let number = self.number(number)?;
        self.access.cell(self.store, number, column, most)
    }

    fn arrival_number(&mut self, number: u64) -> io::Result<u64> {
        self.number(number)
    }

    fn begin_sort(&mut self, by: Option<(usize, Order)>) {
        let Some((column, order)) = by else {
            self.sort = None;
            self.sorted = None;
            return;
        };
        let type_oid = self.columns.get(column).map_or(0, |column| column.type_oid);
        let (key, encoding) = (SortKey::of_type(type_oid), self.meaning.encoding);
        self.sort = Some(Sort::new(SortBy { column, order, key, encoding }, self.access.rows()));
    }

    fn continue_sort(&mut self) -> io::Result<Sorting> {
        let Some(sort) = self.sort.take() else { return Ok(Sorting::Done) };
        let mut sort = sort?;
        sort.step(&mut self.access, self.store, self.meaning.session)?;
        let progress = sort.progress();
        match progress {
            Sorting::Going { .. } => self.sort = Some(Ok(sort)),
            Sorting::Done => self.sorted = sort.take_numbers(),
        }
        Ok(progress)
    }

    fn stop_sort(&mut self) {
        self.sort = None;
    }

    fn cancel(&mut self) {
        self.feed.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::super::feed::Whole;
    use super::*;

    fn store(values: &[Option<String>]) -> RowStore {
        let mut store = RowStore::default();
        for value in values {
            let mut body = vec![0, 1];
            let length = value.as_ref().map_or(-1, |value| value.len() as i32);
            body.extend_from_slice(&length.to_be_bytes());
            body.extend_from_slice(value.as_deref().unwrap_or_default().as_bytes());
            store.push(&body).unwrap();
        }
        store
    }

    fn text<F: Feed>(browsed: &mut Browsed<'_, F>, number: u64) -> Option<String> {
        let row = browsed.row(number).unwrap();
        row.get(0).map(|value| String::from_utf8(value.to_vec()).unwrap())
    }

    fn sort<F: Feed>(browsed: &mut Browsed<'_, F>, order: Order) {
        browsed.begin_sort(Some((0, order)));
        while browsed.continue_sort().unwrap() != Sorting::Done {}
    }

    #[test]
    fn sorted_and_back() {
        let value = |n: u64| (n % 10 != 3).then(|| format!("{}.5", n * 7919 % 5000));
        let values: Vec<Option<String>> = (0..5000).map(value).collect();
        let mut store = store(&values);
        let columns = vec![Column::of_type("n".into(), 1700)];
        let mut browsed = Browsed::new(columns, &mut store, Meaning::default(), Whole);
        while browsed.available().unwrap().arrival != Arrival::Whole {}
        for order in [Order::Ascending, Order::Descending] {
            sort(&mut browsed, order);
            let number = |text: Option<String>| text.map(|text| text.parse::<f64>().unwrap());
            let mut before = number(text(&mut browsed, 0));
            for at in 1..4500 {
                let next = number(text(&mut browsed, at));
                let is_right = match order {
                    Order::Ascending => before <= next,
                    Order::Descending => before >= next,
                };
                assert!(is_right && next.is_some(), "{order:?} {at}");
                before = next;
            }
            // NULLs are last, as they came.
            for at in 4500..5000 {
                assert_eq!(text(&mut browsed, at), None);
                assert_eq!(browsed.arrival_number(at).unwrap(), (at - 4500) * 10 + 3);
            }
        }
        browsed.begin_sort(Some((0, Order::Ascending)));
        browsed.stop_sort();
        assert_eq!(browsed.continue_sort().unwrap(), Sorting::Done);
        assert_ne!(text(&mut browsed, 1), values[1], "the order is as before");
        browsed.begin_sort(None);
        assert_eq!(text(&mut browsed, 1), values[1]);
    }

    /// Adds a row with each call.
    struct OneByOne(u64);

    impl Feed for OneByOne {
        fn take(&mut self, rows: &mut RowStore) -> io::Result<Arrival> {
            if self.0 == 0 {
                return Ok(Arrival::Ended(b"cancelled".to_vec()));
            }
            self.0 -= 1;
            rows.push(&[0, 1, 0, 0, 0, 1, b'0' + self.0 as u8])?;
            Ok(Arrival::Coming)
        }

        fn descriptor(&self) -> Option<BorrowedFd<'_>> {
            None
        }

        fn cancel(&mut self) {
            self.0 = 0;
        }
    }

    #[test]
    fn rows_that_come_follow_the_sorted_ones() {
        let mut store = store(&["9".into(), "7".into()].map(Some));
        let columns = vec![Column::of_type("n".into(), 23)];
        let mut browsed = Browsed::new(columns, &mut store, Meaning::default(), OneByOne(5));
        assert_eq!(browsed.available().unwrap(), Available { rows: 2, arrival: Arrival::Waiting });
        assert_eq!(browsed.available().unwrap(), Available { rows: 3, arrival: Arrival::Coming });
        sort(&mut browsed, Order::Ascending);
        assert_eq!(browsed.available().unwrap().rows, 4);
        let texts: Vec<_> = (0..4).map(|at| text(&mut browsed, at).unwrap()).collect();
        assert_eq!(texts, ["4", "7", "9", "3"]);
        browsed.cancel();
        let ended = Available { rows: 4, arrival: Arrival::Ended(b"cancelled".to_vec()) };
        assert_eq!(browsed.available().unwrap(), ended);
    }
}
