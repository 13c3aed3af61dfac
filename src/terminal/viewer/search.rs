//! A search, row by row, between keys.
//!
//! Owns how far it is. Behind the last row it goes on with the first, until it is where it began.

use std::io;
use std::time::{Duration, Instant};

use super::pattern::Pattern;
use crate::result_view::TableSource;

/// How long it goes on before keys are looked at.
const TURN: Duration = Duration::from_millis(8);
/// How many rows are looked at before the clock is.
const ROWS: u64 = 16;

/// Which way to look for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the rows further down.
    Forward,
    /// To the rows further up.
    Backward,
}

impl Way {
    /// The other one.
    pub fn reversed(self) -> Way {
        match self {
            Way::Forward => Way::Backward,
            Way::Backward => Way::Forward,
        }
    }
}

/// A search.
#[derive(Debug)]
pub struct Search {
    pattern: Pattern,
    way: Way,
    /// The columns of the result, in the order in which they are shown.
    columns: Vec<usize>,
    /// Where it began: a row, and a place among the columns.
    start: (u64, usize),
    /// How many rows there are.
    rows: u64,
    /// How many of them it has looked at.
    done: u64,
}

/// How a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In this row, at this place among the columns; behind the last row or before the first.
    At {
        /// The row.
        row: u64,
        /// The place among the columns.
        place: usize,
        /// Whether it went on at the other end.
        went_round: bool,
    },
    /// Not yet.
    Going,
    /// Nowhere.
    Nowhere,
}

impl Search {
    /// Begins at a cell, which is looked at last.
    pub fn new(
        pattern: Pattern,
        way: Way,
        columns: Vec<usize>,
        start: (u64, usize),
        rows: u64,
    ) -> Search {
        Search { pattern, way, columns, start, rows, done: 0 }
    }

    /// How many rows it has looked at, of how many.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.min(self.rows), self.rows)
    }

    /// Looks at some more rows.
    ///
    /// # Errors
    /// They can't be read.
    pub fn go_on(&mut self, source: &mut dyn TableSource) -> io::Result<Found> {
        let begun = Instant::now();
        // The first row is looked at twice: behind the cursor at first, before it in the end.
        while self.rows > 0 && self.done <= self.rows {
            if let Some(found) = self.look(source)? {
                return Ok(found);
            }
            self.done += 1;
            if self.done.is_multiple_of(ROWS) && begun.elapsed() >= TURN {
                return Ok(Found::Going);
            }
        }
        Ok(Found::Nowhere)
    }

    /// Looks at the next row.
    fn look(&self, source: &mut dyn TableSource) -> io::Result<Option<Found>> {
        let (first, cursor) = self.start;
        let (row, went_round) = match self.way {
            Way::Forward => {
                let row = first.saturating_add(self.done);
                (row % self.rows, row >= self.rows)
            }
            Way::Backward => match first.checked_sub(self.done) {
                Some(row) => (row, false),
                None => ((self.rows - self.done % self.rows + first) % self.rows, true),
            },
        };
        let (is_first, is_last) = (self.done == 0, self.done == self.rows);
        let is_wanted = |place: &usize| match self.way {
            Way::Forward => !(is_first && *place <= cursor || is_last && *place > cursor),
            Way::Backward => !(is_first && *place >= cursor || is_last && *place < cursor),
        };
        let encoding = source.encoding();
        let values: Vec<Option<&[u8]>> = source.whole_row(row)?.cells().collect();
        let fits = |place: &usize| {
            let value = self.columns.get(*place).and_then(|index| values.get(*index).copied());
            value
                .flatten()
                .is_some_and(|value| self.pattern.find(&encoding.for_display(value), 0).is_some())
        };
        let mut places = (0..self.columns.len()).filter(is_wanted);
        let place = match self.way {
            Way::Forward => places.find(fits),
            Way::Backward => places.rfind(fits),
        };
        Ok(place.map(|place| Found::At { row, place, went_round }))
    }
}
