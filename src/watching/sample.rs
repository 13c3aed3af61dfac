//! What one run came to, as much of it as may be shown.

use crate::print::{Alignment, Column, OneLine, Options, Rows};
use std::io;

/// The most rows that are looked at; what more there are is counted.
const MOST_ROWS: usize = 1000;
/// The most characters of a value.
const LONGEST: usize = 500;

/// OIDs of the types whose values are quantities: int8, int2, int4, float4, float8, numeric.
const QUANTITIES: [u32; 6] = [20, 21, 23, 700, 701, 1700];
/// Of those and others, what nothing is named by: float4, float8, date, time and their kin, interval,
/// numeric.
const MEASURES: [u32; 9] = [700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 1700];

/// What one run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Value>>,
    /// How many rows there were.
    pub(super) total: u64,
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub text: String,
    pub is_null: bool,
    /// What it counts or measures, if it does.
    pub number: Option<f64>,
}

impl Sample {
    /// Of a result that is shown under these options.
    ///
    /// # Errors
    /// The rows can't be read.
    pub fn of(columns: &[Column], rows: &mut dyn Rows, options: &Options) -> io::Result<Sample> {
        let mut line = OneLine::new(options);
        let mut sample =
            Sample { columns: columns.to_vec(), rows: Vec::new(), total: rows.count() };
        rows.rewind()?;
        while sample.rows.len() < MOST_ROWS
            && let Some(row) = rows.next()?
        {
            let values = columns.iter().zip(row.cells()).map(|(column, cell)| Value {
                text: line.text(cell, column, LONGEST),
                is_null: cell.is_none(),
                number: number(cell, column),
            });
            sample.rows.push(values.collect());
        }
        Ok(sample)
    }

    /// Whether a column's values name what a row is of.
    pub(super) fn names(&self, column: usize) -> bool {
        !MEASURES.contains(&self.columns[column].type_oid)
    }

    /// Whether a column's values are quantities.
    pub(super) fn counts(&self, column: usize) -> bool {
        is_quantity(&self.columns[column])
    }
}

fn is_quantity(column: &Column) -> bool {
    column.alignment == Alignment::Right && QUANTITIES.contains(&column.type_oid)
}

fn number(cell: Option<&[u8]>, column: &Column) -> Option<f64> {
    let text = cell.filter(|_| is_quantity(column))?;
    std::str::from_utf8(text).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A sample of rows whose values stand between blanks; `-` is NULL.
#[cfg(test)]
pub(super) fn sample(types: &str, rows: &[&str]) -> Sample {
    let oid = |name: &str| match name {
        "int4" => 23,
        "float8" => 701,
        _ => 25,
    };
    let columns: Vec<Column> = types
        .split(' ')
        .enumerate()
        .map(|(at, name)| Column::of_type(format!("c{at}").into(), oid(name)))
        .collect();
    let mut buffer = crate::print::RowBuffer::default();
    for row in rows {
        let value = |text| if text == "-" { None } else { Some(str::as_bytes(text)) };
        buffer.push(row.split(' ').map(value));
    }
    Sample::of(&columns, &mut buffer, &Options::default()).expect("rows")
}
