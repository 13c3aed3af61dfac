//! How wide a table's columns are; gathered row by row.

use super::text::{Extent, extent, is_plain};
use super::value::Shown;
use super::{Column, Options, Row, Table};
use crate::encoding::Encoding;
use std::io;

/// One column's sizes.
#[derive(Clone, Debug)]
pub(super) struct ColumnWidth {
    pub heading: Extent,
    /// Columns the widest value fills.
    pub values: usize,
    /// The sum of all values' widths.
    pub total: u64,
    /// Whether heading and values are printable ASCII.
    pub plain: bool,
    /// Whether a value has more than one line.
    pub multiline: bool,
    right: bool,
}

impl ColumnWidth {
    /// Columns the heading or the widest value fills.
    pub fn width(&self) -> usize {
        self.values.max(self.heading.width)
    }
}

/// How wide a table's columns are: [`Widths::add`] each row, at best while it is received.
#[derive(Clone, Debug)]
pub struct Widths {
    pub(super) columns: Vec<ColumnWidth>,
    pub(super) rows: u64,
    encoding: Encoding,
    shown: Shown,
}

impl Widths {
    /// The widths of a table without rows.
    pub fn new(columns: &[Column], options: &Options) -> Widths {
        let width = |column: &Column| ColumnWidth {
            heading: extent(options.encoding, &column.name),
            values: 0,
            total: 0,
            plain: is_plain(&column.name),
            multiline: false,
            right: column.right,
        };
        Widths {
            columns: columns.iter().map(width).collect(),
            rows: 0,
            encoding: options.encoding,
            shown: Shown::new(options),
        }
    }

    /// Takes a row into account.
    #[inline]
    pub fn add(&mut self, row: Row<'_>) {
        self.rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(row.cells()) {
            let text = self.shown.raw(cell, column.right);
            let plain = is_plain(text);
            let size = if plain {
                Extent { width: text.len(), lines: 1 }
            } else {
                extent(self.encoding, text)
            };
            column.values = column.values.max(size.width);
            column.total += size.width as u64;
            column.plain &= plain;
            column.multiline |= size.lines > 1;
        }
    }

    /// The widths of all rows of a table.
    pub(super) fn of(table: &mut Table<'_>, options: &Options) -> io::Result<Widths> {
        let mut widths = Widths::new(table.columns, options);
        table.rows.rewind()?;
        while let Some(row) = table.rows.next()? {
            widths.add(row);
        }
        Ok(widths)
    }
}
