//! How wide a table's columns are, measured before the first row is printed, and how wide they may
//! be.

use super::cell_text::{CellText, shown};
use super::options::{Format, Options};
use super::row_format::Context;
use super::table::{Column, Rows};
use super::text::{Extent, extent, is_plain};
use std::io;

/// One column's sizes.
#[derive(Clone, Debug)]
pub(super) struct ColumnWidth {
    pub heading: Extent,
    /// Columns the widest value fills.
    pub values: usize,
    /// The sum of all values' widths.
    total: u64,
    /// Whether heading and values are printable ASCII.
    pub is_plain: bool,
    /// Whether a value has more than one line.
    pub is_multiline: bool,
}

impl ColumnWidth {
    /// The width of a column without values.
    fn new(column: &Column, options: &Options) -> ColumnWidth {
        ColumnWidth {
            heading: extent(options.encoding, &shown(options, &column.name)),
            values: 0,
            total: 0,
            is_plain: is_plain(&column.name),
            is_multiline: false,
        }
    }

    /// Columns the heading or the widest value fills.
    fn width(&self) -> usize {
        self.values.max(self.heading.width)
    }
}

/// How wide a table's columns are.
#[derive(Clone, Debug)]
pub(super) struct Widths {
    pub columns: Vec<ColumnWidth>,
    /// How many rows were measured.
    pub rows: u64,
}

impl Widths {
    /// Measures all rows of a table.
    pub fn of(context: &Context<'_>, rows: &mut dyn Rows) -> io::Result<Widths> {
        let options = context.options;
        let new = |column| ColumnWidth::new(column, options);
        let mut widths = Widths { columns: context.columns.iter().map(new).collect(), rows: 0 };
        let mut text = CellText::new(options);
        rows.rewind()?;
        while let Some(row) = rows.next()? {
            widths.rows += 1;
            let columns = widths.columns.iter_mut().zip(context.columns);
            for ((width, column), cell) in columns.zip(row.cells()) {
                let text = text.raw(cell, column);
                let plain = is_plain(text);
                let size = if plain {
                    Extent { width: text.len(), lines: 1 }
                } else {
                    extent(options.encoding, text)
                };
                width.values = width.values.max(size.width);
                width.total += size.width as u64;
                width.is_plain &= plain;
                width.is_multiline |= size.lines > 1;
            }
        }
        Ok(widths)
    }

    /// The widths to print with; in the wrapped format narrowed until lines fit into `limit`
    /// columns, if the headings allow it.
    pub fn fitted(&self, options: &Options, limit: Option<usize>) -> Vec<usize> {
        let mut fitted: Vec<usize> = self.columns.iter().map(ColumnWidth::width).collect();
        if let (Format::Wrapped, Some(limit)) = (options.format, limit) {
            let frame = frame_width(fitted.len(), options.border);
            self.shrink(&mut fitted, limit.saturating_sub(frame));
        }
        fitted
    }

    /// Columns that a value of column `index` fills on average.
    pub fn average(&self, index: usize) -> u64 {
        self.columns[index].total / self.rows.max(1)
    }

    /// Narrows columns until they fill `limit` at most: step by step the one whose width is the
    /// largest multiple of what its values need on average, wide columns rather than narrow ones.
    /// No column gets narrower than its heading; if the headings alone don't fit, all stay as
    /// they are. Measured from psql's results.
    fn shrink(&self, fitted: &mut [usize], limit: usize) {
        let headings: usize = self.columns.iter().map(|column| column.heading.width).sum();
        if headings > limit {
            return;
        }
        let mut excess = fitted.iter().sum::<usize>().saturating_sub(limit);
        while excess > 0 {
            let mut worst: Option<(f64, usize)> = None;
            for (index, (&width, column)) in fitted.iter().zip(&self.columns).enumerate() {
                let average = self.average(index);
                if average > 0 && width > column.heading.width {
                    let ratio = width as f64 / average as f64 + column.width() as f64 * 0.01;
                    if worst.is_none_or(|(most, _)| ratio > most) {
                        worst = Some((ratio, index));
                    }
                }
            }
            let Some((_, index)) = worst else { break };
            fitted[index] -= 1;
            excess -= 1;
        }
    }
}

/// Columns a line fills.
pub(super) fn line_width(fitted: &[usize], border: u16) -> usize {
    fitted.iter().sum::<usize>() + frame_width(fitted.len(), border)
}

/// Columns a line fills besides headings or values.
fn frame_width(columns: usize, border: u16) -> usize {
    match border {
        0 => columns,
        1 => (columns * 3).saturating_sub(1),
        _ => columns * 3 + 1,
    }
}
