//! Some rows and columns of a result, to be printed: what is copied.

use super::source::TableSource;
use crate::print::{Column, Row, Rows};
use std::io;

/// Some rows and columns of a result that is looked at.
pub struct ChosenRows<'s> {
    source: &'s mut dyn TableSource,
    columns: &'s [usize],
    rows: &'s [u64],
    next: usize,
    /// The row at hand.
    body: Vec<u8>,
}

impl<'s> ChosenRows<'s> {
    /// The rows of these numbers in the order of their arrival, and these columns of them.
    pub fn new(
        source: &'s mut dyn TableSource,
        columns: &'s [usize],
        rows: &'s [u64],
    ) -> ChosenRows<'s> {
        ChosenRows { source, columns, rows, next: 0, body: Vec::new() }
    }

    /// The columns that were chosen.
    pub fn columns(&self) -> Vec<Column> {
        let all = self.source.columns();
        self.columns.iter().filter_map(|at| all.get(*at).cloned()).collect()
    }
}

impl Rows for ChosenRows<'_> {
    fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.next = 0;
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let Some(&number) = self.rows.get(self.next) else { return Ok(None) };
        self.next += 1;
        let row = self.source.arrived_row(number)?;
        row.project(self.columns, &mut self.body);
        Ok(Some(Row::trusted(&self.body)))
    }
}
