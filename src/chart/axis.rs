//! An axis: from where to where it goes, its marks, and where on it a value stands.

use super::label::{left, right};
use super::measure::Unit;
use super::step::Step;
use super::tick_label::tick_label;
use crate::encoding::Encoding;

/// The least and the greatest of values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Range(Option<(f64, f64)>);

impl Range {
    pub fn add(&mut self, value: f64) {
        let (low, high) = self.0.unwrap_or((value, value));
        self.0 = Some((low.min(value), high.max(value)));
    }

    /// From where to where it goes, if there is any value.
    pub fn ends(self) -> Option<(f64, f64)> {
        self.0
    }
}

/// An axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    step: Step,
    unit: Unit,
}

/// How the ends of an axis are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// Where the values end.
    Values,
    /// At the marks around them.
    Marks,
}

impl Axis {
    /// An axis for values between these, with at most so many steps.
    pub fn new(low: f64, high: f64, unit: Unit, steps: usize, ends: Ends) -> Axis {
        let (low, high) = widened(low, high, unit);
        let step = Step::within(high - low, steps, unit);
        let around = match ends {
            Ends::Values => None,
            Ends::Marks => around(step, low, high),
        };
        let (low, high) = around.unwrap_or((low, high));
        Axis { low, high, step, unit }
    }

    /// Where a value stands among `cells` from 0 on.
    pub fn place(&self, value: f64, cells: usize) -> usize {
        let share = (value - self.low) / (self.high - self.low);
        let place = share * cells.saturating_sub(1) as f64;
        (place.round().max(0.0) as usize).min(cells.saturating_sub(1))
    }

    /// Of so many rows as many as put the same number of rows between all marks.
    pub fn evenly(&self, rows: usize) -> usize {
        let steps = self.step.marks(self.low, self.high).len().saturating_sub(1).max(1);
        match rows.saturating_sub(1) / steps {
            0 => rows,
            between => between * steps + 1,
        }
    }

    /// The marks, each with what stands there.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let marks = self.step.marks(self.low, self.high);
        marks.into_iter().map(|mark| (mark, tick_label(mark, self.step, self.unit))).collect()
    }
}

/// The last mark before and the first mark behind everything.
fn around(step: Step, low: f64, high: f64) -> Option<(f64, f64)> {
    let bounds = step.bounds(low, high);
    let (first, mut last) = (*bounds.first()?, *bounds.last()?);
    if let [.., before, _] = bounds[..]
        && before >= high
    {
        last = before;
    }
    (first < last).then_some((first, last))
}

/// Ends that are apart, as far as numbers of this size can be.
fn widened(low: f64, high: f64, unit: Unit) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > (size * 1e-12).max(1e-290) {
        return (low, high);
    }
    let more = match unit {
        Unit::Time | Unit::TimeOfDay => 1800.0,
        Unit::Number | Unit::Duration if size == 0.0 => 1.0,
        Unit::Number | Unit::Duration => (size * 0.1).max(1e-280),
    };
    (low - more, high + more)
}

/// The line below a drawing, and what stands below that: the ticks at these columns of `width`.
pub(super) fn horizontal(
    ticks: &[(usize, String)],
    width: usize,
    encoding: Encoding,
) -> [Vec<u8>; 2] {
    let is_utf8 = encoding == Encoding::Utf8;
    let (line, mark) = if is_utf8 { ("─", "┬") } else { ("-", "+") };
    let mut drawn = vec![line; width];
    let mut labels = vec![b' '; width];
    // Labels are ASCII.
    let mut free = 0;
    for (column, label) in ticks {
        let Some(cell) = drawn.get_mut(*column) else { continue };
        *cell = mark;
        let start = column.saturating_sub(label.len() / 2).min(width.saturating_sub(label.len()));
        if label.len() > width || start < free {
            continue;
        }
        labels[start..start + label.len()].copy_from_slice(label.as_bytes());
        free = start + label.len() + 1;
    }
    [drawn.concat().into_bytes(), labels]
}

/// What stands on the left of each of `rows` rows, from the top: the labels of the ticks and the
/// line, all of one width.
pub(super) fn vertical(axis: &Axis, rows: usize, encoding: Encoding) -> Vec<Vec<u8>> {
    let is_utf8 = encoding == Encoding::Utf8;
    let (line, mark) = if is_utf8 { ("│", "┤") } else { ("|", "+") };
    let ticks = axis.ticks();
    let width = ticks.iter().map(|(_, label)| label.len()).max().unwrap_or(0);
    let mut shown = vec![[left(b"", width + 1, encoding), line.into()].concat(); rows];
    for (value, label) in ticks {
        let row = rows.saturating_sub(axis.place(value, rows) + 1);
        if let Some(row) = shown.get_mut(row) {
            *row = [&right(label.as_bytes(), width, encoding)[..], b" ", mark.as_bytes()].concat();
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_apart() {
        for (low, high, unit) in [
            (0.0, 0.0, Unit::Number),
            (5.0, 5.0, Unit::Number),
            (-1e300, 1e300, Unit::Number),
            (1e-300, 1e-300, Unit::Number),
            (0.0, 5e-324, Unit::Number),
            (1e15, 1e15 + 0.125, Unit::Number),
            (9e299, 9e299, Unit::Duration),
            (1.7e9, 1.7e9, Unit::Time),
            (0.0, 0.0, Unit::TimeOfDay),
        ] {
            for ends in [Ends::Values, Ends::Marks] {
                let axis = Axis::new(low, high, unit, 5, ends);
                assert!(axis.low < axis.high && axis.low <= low && high <= axis.high, "{axis:?}");
                assert!(axis.place(low, 10) <= axis.place(high, 10), "{axis:?}");
                assert!((1..20).contains(&axis.ticks().len()), "{axis:?} {:?}", axis.ticks());
            }
        }
    }

    #[test]
    fn ticks_and_places() {
        let axis = Axis::new(12.0, 87.0, Unit::Number, 5, Ends::Marks);
        let labels: Vec<String> = axis.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["0", "20", "40", "60", "80", "100"]);
        assert_eq!([0.0, 50.0, 100.0, 200.0].map(|value| axis.place(value, 11)), [0, 5, 10, 10]);
        assert_eq!([20, 11, 6, 4].map(|rows| axis.evenly(rows)), [16, 11, 6, 4]);
        // What ends at a mark needs no further one.
        assert_eq!(Axis::new(0.0, 100.0, Unit::Number, 5, Ends::Marks).high, 100.0);
    }

    #[test]
    fn drawn() {
        let ticks = [(0, "0".to_owned()), (5, "500".to_owned()), (7, "700".to_owned())];
        let text = |rows: [Vec<u8>; 2]| rows.map(|row| String::from_utf8(row).unwrap());
        assert_eq!(text(horizontal(&ticks, 10, Encoding::Utf8)), ["┬────┬─┬──", "0   500   "]);
        assert_eq!(text(horizontal(&ticks, 8, Encoding::SingleByte)), ["+----+-+", "0   500 "]);
        let axis = Axis::new(0.0, 10.0, Unit::Number, 1, Ends::Marks);
        let rows = vertical(&axis, 3, Encoding::Utf8);
        let rows: Vec<String> =
            rows.into_iter().map(|row| String::from_utf8(row).unwrap()).collect();
        assert_eq!(rows, ["10 ┤", "   │", " 0 ┤"]);
    }
}
