//! Steps that people count in: 1, 2 and 5 and their tens; seconds, minutes, hours, days, months.

use super::measure::Unit;
use crate::time_zone::{Instant, WallTime, day_number};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
/// A Monday, counted in seconds since 1970.
const MONDAY: f64 = 4.0 * DAY;

/// Steps of clocks, in seconds.
const OF_CLOCK: [f64; 18] = [
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
    MINUTE,
    2.0 * MINUTE,
    5.0 * MINUTE,
    10.0 * MINUTE,
    15.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    2.0 * HOUR,
    3.0 * HOUR,
    6.0 * HOUR,
    12.0 * HOUR,
    DAY,
];
const OF_DAYS: [f64; 2] = [2.0 * DAY, 7.0 * DAY];
const OF_MONTHS: [i64; 4] = [1, 2, 3, 6];
const MONTHS_OF_YEAR: i64 = 12;
/// Of a month on the average.
const MONTH: f64 = 365.2425 / 12.0 * DAY;

/// The distance between two marks of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// So much, counted from an origin.
    Even { size: f64, origin: f64 },
    /// So many months.
    Months(i64),
}

impl Step {
    /// The smallest step of a unit that fits into a range no more than `most` times.
    pub fn within(range: f64, most: usize, unit: Unit) -> Step {
        let least = range / most.max(1) as f64;
        let even = |size| Step::Even { size, origin: 0.0 };
        let of_clock = || OF_CLOCK.into_iter().find(|size| *size >= least).map(even);
        match unit {
            Unit::Number => even(round(least)),
            _ if least < OF_CLOCK[0] => even(round(least)),
            Unit::TimeOfDay => of_clock().unwrap_or(even(DAY)),
            Unit::Duration => of_clock().unwrap_or_else(|| even(round(least / DAY) * DAY)),
            Unit::Time => of_clock().unwrap_or_else(|| of_calendar(least)),
        }
    }

    /// A step that whole numbers can have.
    pub fn whole(self) -> Step {
        match self {
            Step::Even { size, origin } => Step::Even { size: size.max(1.0), origin },
            Step::Months(_) => self,
        }
    }

    /// The number of the last mark that is not beyond a value.
    pub fn floor(self, value: f64) -> i64 {
        match self {
            Step::Even { size, origin } => ((value - origin) / size).floor() as i64,
            Step::Months(months) => {
                let shown = wall_time(value);
                (shown.year * MONTHS_OF_YEAR + i64::from(shown.month) - 1).div_euclid(months)
            }
        }
    }

    /// The mark of a number.
    pub fn at(self, number: i64) -> f64 {
        match self {
            Step::Even { size, origin } => {
                let value = number as f64 * size + origin;
                // 3 * 0.1 is not 0.3, but 3 / 10 is.
                let inverse = (1.0 / size).round();
                match size < 1.0 && inverse < 1e15 && (inverse * size - 1.0).abs() < 1e-9 {
                    true => number as f64 / inverse + origin,
                    false => value,
                }
            }
            Step::Months(months) => {
                let month = number.saturating_mul(months);
                let of_year = month.rem_euclid(MONTHS_OF_YEAR) as u8 + 1;
                day_number(month.div_euclid(MONTHS_OF_YEAR), of_year, 1) as f64 * DAY
            }
        }
    }

    /// The marks from `low` to `high`.
    pub fn marks(self, low: f64, high: f64) -> Vec<f64> {
        let (first, last) = (self.floor(low), self.floor(high));
        let last = last.min(first.saturating_add(MOST_MARKS));
        (first..=last).map(|number| self.at(number)).filter(|mark| *mark >= low).collect()
    }

    /// The marks around everything from `low` to `high`: the first not beyond `low`, the last beyond
    /// `high`.
    pub fn bounds(self, low: f64, high: f64) -> Vec<f64> {
        let first = self.floor(low);
        let last = self.floor(high).saturating_add(1).min(first.saturating_add(MOST_MARKS));
        (first..=last).map(|number| self.at(number)).collect()
    }

    /// How far marks are apart.
    pub fn size(self) -> f64 {
        match self {
            Step::Even { size, .. } => size,
            Step::Months(months) => months as f64 * MONTH,
        }
    }
}

/// More marks are on no axis.
const MOST_MARKS: i64 = 200;

/// What is not less than `least` of 1, 2 and 5 and their tens.
fn round(least: f64) -> f64 {
    let ten = 10f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|times| times * ten);
    // What rounding made a little more is not more.
    steps.into_iter().find(|step| *step * (1.0 + 1e-9) >= least).unwrap_or(10.0 * ten)
}

/// A step of at least so many seconds, which are more than a day.
fn of_calendar(least: f64) -> Step {
    if let Some(size) = OF_DAYS.into_iter().find(|size| *size >= least) {
        return Step::Even { size, origin: MONDAY };
    }
    let months = least / MONTH;
    let of_year = OF_MONTHS.into_iter().find(|step| *step as f64 >= months);
    Step::Months(of_year.unwrap_or_else(|| {
        let years = round(months / MONTHS_OF_YEAR as f64).max(1.0);
        (years as i64).saturating_mul(MONTHS_OF_YEAR)
    }))
}

/// What a clock shows so many seconds after it showed that 1970 began.
pub(super) fn wall_time(seconds: f64) -> WallTime {
    let whole = seconds.floor();
    let micros = ((seconds - whole) * 1e6).round().clamp(0.0, 999_999.0) as u32;
    WallTime::at(Instant { seconds: whole as i64, micros }, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let even = |size| Step::Even { size, origin: 0.0 };
        for (range, most, unit, expected) in [
            (100.0, 10, Unit::Number, even(10.0)),
            (100.0, 9, Unit::Number, even(20.0)),
            (100.0, 4, Unit::Number, even(50.0)),
            (0.7, 7, Unit::Number, even(0.1)),
            (1e300, 3, Unit::Number, even(5e299)),
            (3e-290, 3, Unit::Number, even(1e-290)),
            (0.5, 5, Unit::Time, even(0.1)),
            (50.0, 5, Unit::Time, even(10.0)),
            (3600.0, 5, Unit::Time, even(900.0)),
            (90_000.0, 5, Unit::Time, even(6.0 * HOUR)),
            (10.0 * DAY, 5, Unit::Time, Step::Even { size: 2.0 * DAY, origin: MONDAY }),
            (40.0 * DAY, 5, Unit::Time, Step::Months(1)),
            (400.0 * DAY, 5, Unit::Time, Step::Months(3)),
            (365_242.0 * DAY, 5, Unit::Time, Step::Months(2400)),
            (365_250.0 * DAY, 5, Unit::TimeOfDay, even(DAY)),
            (100.0 * DAY, 5, Unit::Duration, even(20.0 * DAY)),
        ] {
            let step = Step::within(range, most, unit);
            let same = (step.size() / expected.size() - 1.0).abs() < 1e-9;
            assert!(same, "{range} {most} {unit:?}: {step:?} {expected:?}");
        }
    }

    #[test]
    fn marks() {
        let tenth = Step::within(0.3, 3, Unit::Number);
        assert_eq!(tenth.marks(0.05, 0.41), [0.1, 0.2, 0.3, 0.4]);
        assert_eq!(tenth.bounds(0.05, 0.4), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        let months = Step::Months(3);
        let days: Vec<f64> =
            months.marks(-40.0 * DAY, 200.0 * DAY).iter().map(|mark| mark / DAY).collect();
        assert_eq!(days, [0.0, 90.0, 181.0]);
        assert_eq!(months.bounds(0.0, 1.0), [0.0, 90.0 * DAY]);
        assert_eq!(months.at(7872), -731.0 * DAY);
        // As far as dates go, and beyond any.
        assert_eq!(Step::Months(12_000).marks(-2e11, 2e14).len(), 200);
        assert_eq!(Step::Even { size: 1.0, origin: 0.0 }.marks(0.0, 1e300).len(), 201);
    }
}
