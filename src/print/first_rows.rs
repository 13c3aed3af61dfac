//! The first rows of a result, as if there were no others.

use super::table::{Row, Rows};
use std::io;

/// No more than so many rows.
pub struct FirstRows<'a> {
    rows: &'a mut dyn Rows,
    most: u64,
    given: u64,
}

impl<'a> FirstRows<'a> {
    /// The first `most` of these.
    pub fn new(rows: &'a mut dyn Rows, most: u64) -> FirstRows<'a> {
        FirstRows { rows, most, given: 0 }
    }
}

impl Rows for FirstRows<'_> {
    fn count(&self) -> u64 {
        self.rows.count().min(self.most)
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.given = 0;
        self.rows.rewind()
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        if self.given == self.most {
            return Ok(None);
        }
        self.given += 1;
        self.rows.next()
    }
}
