//! One run compared with the one before.

use super::pairs::{is_name, naming_columns, pairs};
use super::rate::rate;
use super::sample::{Sample, Value};
use super::sparkline::Series;
use crate::print::{Alignment, Column};
use std::time::Instant;

/// How numbers are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// As they came.
    #[default]
    AsTheyAre,
    /// How much they grew in a second.
    PerSecond,
}

/// What is shown beside the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// How numbers are shown.
    pub numbers: Numbers,
    /// Whether each has its last values beside it.
    pub sparklines: bool,
}

/// A result that is asked for again and again.
#[derive(Debug)]
pub struct Watched {
    extras: Extras,
    is_ascii: bool,
    /// The columns by which rows are known, if somebody knows.
    primary: Option<Vec<usize>>,
    /// The columns by which they are taken to be known.
    names: Vec<usize>,
    before: Option<Before>,
}

/// The run before.
#[derive(Debug)]
struct Before {
    sample: Sample,
    at: Instant,
    /// Of each row the last values of each column.
    series: Vec<Vec<Series>>,
}

/// A run as it is to be seen.
#[derive(Debug, PartialEq)]
pub struct Seen {
    /// The columns with their headings.
    pub columns: Vec<Column>,
    /// The rows that are shown.
    pub rows: Vec<SeenRow>,
    /// How many there are.
    pub total: u64,
    /// Rows that were not there before.
    pub came: usize,
    /// Cells that are others than before.
    pub changed: usize,
    /// How many rows are there no more.
    pub went: usize,
    /// What some of them were known by.
    pub went_names: Vec<String>,
    /// Whether there was a run before.
    pub is_compared: bool,
}

/// A row.
#[derive(Debug, PartialEq)]
pub struct SeenRow {
    /// Whether it was not there before.
    pub came: bool,
    /// Its cells.
    pub cells: Vec<SeenCell>,
}

/// A cell.
#[derive(Debug, PartialEq)]
pub struct SeenCell {
    /// What is shown.
    pub text: String,
    /// Whether that stands for NULL.
    pub is_null: bool,
    /// Whether it was another before.
    pub changed: bool,
    /// The last values, where they are wanted.
    pub sparkline: Option<String>,
}

impl Watched {
    /// Nothing was asked yet. Rows are known by the columns `primary`, if somebody knows; `is_ascii`
    /// says that the terminal shows nothing else.
    pub fn new(extras: Extras, primary: Option<Vec<usize>>, is_ascii: bool) -> Watched {
        Watched { extras, is_ascii, primary, names: Vec::new(), before: None }
    }

    /// What came at this time, beside what came before.
    pub fn take(&mut self, sample: Sample, at: Instant) -> Seen {
        // A result of other columns is another.
        let before = self.before.take().filter(|before| before.sample.columns == sample.columns);
        if before.is_none() {
            let has = |names: &Vec<usize>| names.iter().all(|name| *name < sample.columns.len());
            let primary = self.primary.take().filter(has).filter(|names| is_name(&sample, names));
            self.names = primary.unwrap_or_else(|| naming_columns(&sample));
        }
        let (seen, series) = self.compare(before.as_ref(), &sample, at);
        self.before = Some(Before { sample, at, series });
        seen
    }

    fn compare(
        &self,
        before: Option<&Before>,
        sample: &Sample,
        at: Instant,
    ) -> (Seen, Vec<Vec<Series>>) {
        let names = &self.names[..];
        let found = before.map(|before| pairs(&before.sample, sample, names));
        let mut seen = Seen {
            columns: self.headings(sample, before.is_some()),
            rows: Vec::new(),
            total: sample.total,
            came: 0,
            changed: 0,
            went: found.as_ref().map_or(0, |found| found.gone.len()),
            went_names: Vec::new(),
            is_compared: before.is_some(),
        };
        if let (Some(before), Some(found)) = (before, &found)
            && !names.is_empty()
        {
            let name = |row: &usize| {
                let values = names.iter().map(|name| before.sample.rows[*row][*name].text.as_str());
                values.collect::<Vec<&str>>().join(" ")
            };
            seen.went_names = found.gone.iter().map(name).collect();
        }
        let seconds = before.map(|before| at.duration_since(before.at).as_secs_f64());
        let mut all_series = Vec::new();
        for (index, values) in sample.rows.iter().enumerate() {
            let earlier = found.as_ref().and_then(|found| found.earlier[index]);
            let earlier = earlier.zip(before);
            let old = earlier.map(|(at, before)| &before.sample.rows[at]);
            let mut series = match earlier {
                Some((at, before)) => before.series[at].clone(),
                None => vec![Series::default(); values.len()],
            };
            let row = self.row(sample, values, old, seconds, &mut series);
            let row = SeenRow { came: before.is_some() && old.is_none(), cells: row };
            seen.came += usize::from(row.came);
            seen.changed += row.cells.iter().filter(|cell| cell.changed).count();
            seen.rows.push(row);
            all_series.push(series);
        }
        (seen, all_series)
    }

    fn row(
        &self,
        sample: &Sample,
        values: &[Value],
        old: Option<&Vec<Value>>,
        seconds: Option<f64>,
        series: &mut [Series],
    ) -> Vec<SeenCell> {
        let cell = |(column, value): (usize, &Value)| {
            let old = old.and_then(|old| old.get(column));
            let is_quantity = self.is_quantity(sample, column);
            let grown = old.and_then(|old| Some(value.number? - old.number?));
            let per_second = grown.zip(seconds.filter(|seconds| *seconds > 0.0));
            let per_second = per_second.map(|(grown, seconds)| grown / seconds);
            let is_rate = is_quantity && self.extras.numbers == Numbers::PerSecond;
            let text = match per_second.filter(|_| is_rate) {
                Some(per_second) => rate(per_second),
                // A row that just came grew by nobody knows what.
                None if is_rate && seconds.is_some() => String::new(),
                None => value.text.clone(),
            };
            let number = if is_rate { per_second } else { value.number };
            if let Some(number) = number.filter(|_| is_quantity) {
                series[column].push(number);
            }
            let sparkline =
                (is_quantity && self.extras.sparklines).then(|| series[column].bars(self.is_ascii));
            SeenCell {
                is_null: value.is_null,
                changed: old.is_some_and(|old| old.text != value.text),
                text,
                sparkline,
            }
        };
        values.iter().enumerate().map(cell).collect()
    }

    /// Whether a column counts something, and names nothing.
    fn is_quantity(&self, sample: &Sample, column: usize) -> bool {
        sample.counts(column) && !self.names.contains(&column)
    }

    /// The columns; those of rates say so.
    fn headings(&self, sample: &Sample, is_compared: bool) -> Vec<Column> {
        let is_rate = is_compared && self.extras.numbers == Numbers::PerSecond;
        let heading = |(at, column): (usize, &Column)| {
            let mut column = column.clone();
            if is_rate && self.is_quantity(sample, at) {
                column.name.extend_from_slice(b"/s");
                column.alignment = Alignment::Right;
            }
            column
        };
        sample.columns.iter().enumerate().map(heading).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watching::sample::sample;
    use std::time::Duration;

    /// Rows as text: `+` before those that came, `*` behind what changed.
    fn shown(seen: &Seen) -> String {
        let cell = |cell: &SeenCell| {
            let mark = if cell.changed { "*" } else { "" };
            format!("{}{mark}{}", cell.text, cell.sparkline.as_deref().unwrap_or_default())
        };
        let row = |row: &SeenRow| {
            let cells: Vec<String> = row.cells.iter().map(cell).collect();
            format!("{}{}", if row.came { "+" } else { "" }, cells.join(" "))
        };
        seen.rows.iter().map(row).collect::<Vec<String>>().join(",")
    }

    #[test]
    fn changes() {
        let start = Instant::now();
        let mut watched = Watched::new(Extras::default(), None, false);
        for (rows, expected, went) in [
            (&["a 1 -", "b 2 x"][..], "a 1 ,b 2 x", ""),
            (&["a 1 -", "b 3 x"], "a 1 ,b 3* x", ""),
            (&["b 3 y", "c 9 z"], "b 3 y*,+c 9 z", "a"),
            (&["b - y", "c 9 z"], "b * y,c 9 z", ""),
            (&[], "", "b c"),
        ] {
            let seen = watched.take(sample("text int4 text", rows), start);
            assert_eq!(
                (shown(&seen).as_str(), seen.went_names.join(" ").as_str()),
                (expected, went)
            );
        }
    }

    #[test]
    fn numbers_per_second() {
        let start = Instant::now();
        let extras = Extras { numbers: Numbers::PerSecond, sparklines: true };
        let mut watched = Watched::new(extras, None, true);
        for (seconds, rows, expected) in [
            (0, &["a 10 1.5"][..], "a 10         1.5        "),
            (2, &["a 20 1.5"], "a 5*       _ 0       _"),
            (4, &["a 10 2.5", "b 5 5"], "a -5*      #_ 0.5*      _#,+b          "),
        ] {
            let at = start + Duration::from_secs(seconds);
            let seen = watched.take(sample("text int4 float8", rows), at);
            assert!(!seen.columns[0].name.ends_with(b"/s"));
            assert_eq!(seen.columns[1].name.ends_with(b"/s"), seconds > 0);
            assert_eq!(
                shown(&seen).split_whitespace().collect::<Vec<_>>(),
                expected.split_whitespace().collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_result_of_other_columns_is_another() {
        let start = Instant::now();
        let mut watched = Watched::new(Extras::default(), Some(vec![1]), false);
        watched.take(sample("int4 text", &["1 a", "2 b"]), start);
        let seen = watched.take(sample("int4 text", &["3 b", "4 a"]), start);
        assert_eq!(shown(&seen), "3* b,4* a");
        let seen = watched.take(sample("text", &["x"]), start);
        assert!(!seen.is_compared && seen.went == 0);
        let seen = watched.take(sample("text", &["y"]), start);
        assert_eq!(shown(&seen), "y*");
    }
}
