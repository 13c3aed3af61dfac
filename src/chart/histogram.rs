//! How many values are in which range.

use super::axis::Range;
use super::bars::{Bar, BarValue};
use super::frame::Frame;
use super::measure::{Measure, Unit};
use super::source::{Sources, Undrawn};
use super::step::Step;
use super::tick_label::{exact, tick_label, whole_time};
use crate::print::Rows;
use std::io;

/// More ranges show no more.
const MOST_BINS: usize = 20;

/// Of what is only known roughly.
const MOST_SPREAD: usize = 10;

/// Values counted by ranges.
#[derive(Default)]
pub(super) struct Histogram {
    pub bars: Vec<Bar>,
    /// How many values were counted.
    pub of: u64,
    pub undrawn: Undrawn,
}

impl Histogram {
    /// Goes through all rows twice: how far the values go, and where they are.
    pub fn of(rows: &mut dyn Rows, sources: &Sources, frame: &Frame) -> io::Result<Histogram> {
        let (mut range, mut of) = (Range::default(), 0);
        let undrawn = each_value(rows, sources, &mut |value| {
            range.add(value);
            of += 1;
        })?;
        let Some((low, high)) = range.ends() else {
            return Ok(Histogram { undrawn, ..Histogram::default() });
        };
        let bounds = bounds(low, high, sources.measure(), frame.bars().min(MOST_BINS));
        let mut counts = vec![0u64; bounds.len().saturating_sub(1)];
        let last = counts.len().saturating_sub(1);
        each_value(rows, sources, &mut |value| {
            let bin = bounds.partition_point(|bound| *bound <= value).saturating_sub(1);
            counts[bin.min(last)] += 1;
        })?;
        let labels = labels(&bounds, sources.measure());
        let bars = labels.into_iter().zip(counts).map(|(label, count)| {
            let value = BarValue { length: Some(count as f64), text: count.to_string().into() };
            Bar { label, values: vec![value] }
        });
        Ok(Histogram { bars: bars.collect(), of, undrawn })
    }
}

/// What each of some ranges of one width has of `share`, when as many values are between each two of
/// the bounds, which rise. Between two bounds they are taken to be spread evenly.
pub(super) fn spread(
    between: &[f64],
    measure: Measure,
    share: f64,
    frame: &Frame,
) -> Option<Vec<(Vec<u8>, f64)>> {
    let (low, high) = (*between.first()?, *between.last()?);
    let bounds = bounds(low, high, measure, frame.bars().min(MOST_SPREAD));
    let each = share / (between.len() - 1).max(1) as f64;
    let mut shares = vec![0.0; bounds.len().saturating_sub(1)];
    for pair in between.windows(2) {
        for (range, share) in bounds.windows(2).zip(&mut shares) {
            let common = pair[1].min(range[1]) - pair[0].max(range[0]);
            *share += match pair[1] > pair[0] {
                true => (common / (pair[1] - pair[0])).clamp(0.0, 1.0) * each,
                false if range[0] <= pair[0] && pair[0] < range[1] => each,
                false => 0.0,
            };
        }
    }
    let mut spread: Vec<_> = labels(&bounds, measure).into_iter().zip(shares).collect();
    // Where nothing but the last bound itself is.
    if spread.last().is_some_and(|(_, share)| *share == 0.0) {
        spread.pop();
    }
    Some(spread)
}

fn each_value(
    rows: &mut dyn Rows,
    sources: &Sources,
    each: &mut dyn FnMut(f64),
) -> io::Result<Undrawn> {
    let (mut undrawn, mut readings) = (Undrawn::default(), Vec::new());
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        sources.read(row, 0, &mut readings);
        readings.iter().filter_map(|reading| undrawn.drawable(*reading)).for_each(&mut *each);
    }
    Ok(undrawn)
}

/// The bounds of at most so many ranges that hold everything.
fn bounds(low: f64, high: f64, measure: Measure, most: usize) -> Vec<f64> {
    if low == high {
        return vec![low, high];
    }
    let step = step(low, high, measure, most);
    let bounds = step.bounds(low, high);
    // Numbers so close that no step tells them apart.
    let is_rising = bounds.windows(2).all(|pair| pair[0] < pair[1]);
    if is_rising && bounds.len() > 1 { bounds } else { vec![low, high] }
}

fn step(low: f64, high: f64, measure: Measure, most: usize) -> Step {
    let range = (high - low).max(low.abs().max(high.abs()) * 1e-12);
    // What begins between two bounds needs one range more.
    let step = Step::within(range, most.saturating_sub(1).max(1), measure.unit());
    match (measure, step) {
        (Measure::Integer, step) => step.whole(),
        (Measure::Date, Step::Even { size, .. }) if size < DAY => {
            Step::Even { size: DAY, origin: 0.0 }
        }
        _ => step,
    }
}

const DAY: f64 = 86_400.0;

/// What stands at each range: `[0, 10)`, or the whole number that it is.
fn labels(bounds: &[f64], measure: Measure) -> Vec<Vec<u8>> {
    if let [low, high] = bounds
        && low == high
    {
        return vec![only(*low, measure.unit()).into_bytes()];
    }
    let size = bounds.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let (low, high) = (bounds[0], bounds.last().copied().unwrap_or(bounds[0]));
    let step = step(low, high, measure, bounds.len());
    let step = match step {
        Step::Even { origin, .. } => Step::Even { size, origin },
        Step::Months(_) => step,
    };
    let text = |bound: f64| tick_label(bound, step, measure.unit());
    let is_whole = match measure {
        Measure::Integer => size == 1.0,
        Measure::Date => size == DAY,
        _ => false,
    };
    let label = |pair: &[f64]| match is_whole {
        true => text(pair[0]).into_bytes(),
        false => format!("[{}, {})", text(pair[0]), text(pair[1])).into_bytes(),
    };
    bounds.windows(2).map(label).collect()
}

/// What stands at the only value there is.
fn only(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Number => exact(value),
        Unit::Duration => tick_label(value, Step::Even { size: 1.0, origin: 0.0 }, unit),
        Unit::Time | Unit::TimeOfDay => whole_time(value, unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that no step tells apart.
    const CLOSE: &str = "[1000000000000000, 1000000000000200)";

    #[test]
    fn ranges() {
        let all = |low, high, measure, most| {
            let bounds = bounds(low, high, measure, most);
            assert!(bounds.len() <= most + 2, "{bounds:?}");
            let labels = labels(&bounds, measure);
            let text = |at: usize| String::from_utf8(labels[at].clone()).unwrap();
            (labels.len(), text(0), text(labels.len() - 1))
        };
        for (low, high, measure, most, count, first, last) in [
            (1.0, 6.0, Measure::Integer, 10, 6, "1", "6"),
            (5.0, 5.0, Measure::Integer, 10, 1, "5", "5"),
            (0.0, 0.0, Measure::Integer, 10, 1, "0", "0"),
            (0.1, 0.1, Measure::Number, 10, 1, "0.1", "0.1"),
            (90.0, 90.0, Measure::Interval, 10, 1, "1m30s", "1m30s"),
            (90.0, 90.0, Measure::Timestamp, 10, 1, "1970-01-01 00:01:30", "1970-01-01 00:01:30"),
            (0.0, 99.0, Measure::Integer, 10, 5, "[0, 20)", "[80, 100)"),
            (-0.25, 0.25, Measure::Number, 6, 6, "[-0.3, -0.2)", "[0.2, 0.3)"),
            (0.0, 1.0, Measure::Date, 6, 1, "Jan 1", "Jan 1"),
            (0.0, 58.0 * DAY, Measure::Timestamp, 6, 2, "[1970-01, 1970-02)", "[1970-02, 1970-03)"),
            (1e15, 1e15 + 1.0, Measure::Number, 6, 1, CLOSE, CLOSE),
        ] {
            let found = all(low, high, measure, most);
            assert_eq!((found.0, found.1.as_str(), found.2.as_str()), (count, first, last));
        }
    }
}
