//! The figures of a result's rows: which columns they come from, and what can't be drawn of them.

use super::choice::Choice;
use super::measure::{Measure, Reading};
use crate::number::counted;
use crate::print::{Column, Row};
use crate::time_zone::{Order, Shown};

/// A column that figures come from.
#[derive(Clone, Copy, Debug)]
struct Source {
    column: usize,
    measure: Measure,
}

/// The columns that figures come from.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    /// Of what the others are drawn over, if that is a column of figures.
    over: Option<Source>,
    series: Vec<Source>,
    order: Order,
}

/// What could not be drawn, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Undrawn {
    null: u64,
    not_a_number: u64,
    infinite: u64,
    too_large: u64,
    unreadable: u64,
}

impl Sources {
    pub fn new(choice: &Choice, columns: &[Column], order: Order) -> Sources {
        let source = |&column: &usize| {
            let measure = Measure::of_type(columns.get(column)?.type_oid)?;
            Some(Source { column, measure })
        };
        let series = choice.series.iter().filter_map(source).collect();
        Sources { over: choice.over.as_ref().and_then(source), series, order }
    }

    /// What that measures which the others are drawn over.
    pub fn over(&self) -> Option<Measure> {
        self.over.map(|source| source.measure)
    }

    /// What the series measure.
    pub fn measure(&self) -> Measure {
        self.series.first().map_or(Measure::Number, |source| source.measure)
    }

    /// How many series there are.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// The text in a row of what the others are drawn over.
    pub fn over_text<'r>(&self, row: Row<'r>) -> &'r [u8] {
        self.over.and_then(|source| row.get(source.column)).unwrap_or_default()
    }

    /// The zone behind a time, as the server wrote it.
    pub fn zone<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        Shown::read(text, self.order).map_or(&[], Shown::zone)
    }

    /// Reads the figures of a row: what they are drawn over, the row's own number where that is no
    /// column of figures, and those of the series.
    pub fn read(&self, row: Row<'_>, number: u64, series: &mut Vec<Reading>) -> Reading {
        let mut over = Reading::Value(number as f64);
        series.clear();
        series.resize(self.series.len(), Reading::Null);
        if self.over.is_some() {
            over = Reading::Null;
        }
        for (at, cell) in row.cells().enumerate() {
            if let Some(source) = self.over.filter(|source| source.column == at) {
                over = source.measure.read(cell, self.order);
            }
            for (source, reading) in self.series.iter().zip(series.iter_mut()) {
                if source.column == at {
                    *reading = source.measure.read(cell, self.order);
                }
            }
        }
        over
    }
}

impl Undrawn {
    /// The figure, if it can be drawn; counts it otherwise.
    pub fn drawable(&mut self, reading: Reading) -> Option<f64> {
        let count = match reading {
            Reading::Value(value) => return Some(value),
            Reading::Null => &mut self.null,
            Reading::NotANumber => &mut self.not_a_number,
            Reading::Infinite => &mut self.infinite,
            Reading::TooLarge => &mut self.too_large,
            Reading::Unreadable => &mut self.unreadable,
        };
        *count += 1;
        None
    }

    /// `Not drawn: 2 NULLs, 1 NaN.`; nothing if everything is.
    pub fn in_words(self) -> Option<String> {
        let counts = [
            (self.null, "NULL"),
            (self.not_a_number, "NaN"),
            (self.infinite, "infinite value"),
            (self.too_large, "too large value"),
            (self.unreadable, "unreadable value"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = counts.map(|(count, what)| counted(*count, what)).collect();
        (!words.is_empty()).then(|| format!("Not drawn: {}.", words.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_drawn_is_counted() {
        let mut undrawn = Undrawn::default();
        assert_eq!(undrawn.in_words(), None);
        let readings = [
            Reading::Null,
            Reading::Value(1.5),
            Reading::NotANumber,
            Reading::Null,
            Reading::Infinite,
            Reading::TooLarge,
            Reading::Unreadable,
        ];
        let drawn: Vec<f64> =
            readings.into_iter().filter_map(|reading| undrawn.drawable(reading)).collect();
        assert_eq!(drawn, [1.5]);
        let words = "Not drawn: 2 NULLs, 1 NaN, 1 infinite value, 1 too large value, \
                     1 unreadable value.";
        assert_eq!(undrawn.in_words().as_deref(), Some(words));
    }
}
