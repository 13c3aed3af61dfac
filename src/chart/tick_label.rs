//! What stands at the marks of an axis: short numbers, durations, dates and times.

use super::measure::Unit;
use super::step::{Step, wall_time};

const DAY: f64 = 86_400.0;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Digits behind the point that a label may have.
const MOST_DECIMALS: i32 = 6;
/// Those behind `k`, `M` and the like.
const SHORT_DECIMALS: i32 = 3;
const PREFIXES: [(f64, &str); 6] =
    [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];

/// What stands at a mark.
pub(super) fn tick_label(value: f64, step: Step, unit: Unit) -> String {
    match unit {
        Unit::Number => number(value, step.size()),
        Unit::Duration => duration(value, step.size()),
        Unit::Time => time(value, step),
        Unit::TimeOfDay if value == DAY => "24:00".to_owned(),
        Unit::TimeOfDay => clock(value, step.size()),
    }
}

/// How many decimals tell multiples of a step apart, in units of so much.
fn decimals(step: f64, unit: f64) -> i32 {
    let digits = -(step / unit).log10().floor();
    let digits = if digits.is_finite() { digits as i32 } else { 0 };
    // The step may be 1.5 or 0.25 of it.
    let scaled = step / unit * 10f64.powi(digits.max(0));
    let has_more = (scaled - scaled.round()).abs() > 1e-6;
    digits.max(0) + i32::from(has_more)
}

/// `950`, `1k`, `1.5M`, `0.25`, `1e-9`
pub(super) fn number(value: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if size < 1e18 && decimals(step, 1.0) <= MOST_DECIMALS {
        let prefix = PREFIXES.into_iter().find(|(unit, _)| *unit <= size);
        return match prefix.filter(|(unit, _)| decimals(step, *unit) <= SHORT_DECIMALS) {
            Some((unit, prefix)) => {
                format!("{}{prefix}", trimmed(value / unit, decimals(step, unit)))
            }
            None => trimmed(value, decimals(step, 1.0)),
        };
    }
    let digits = (size.log10().floor() - step.log10().floor()).clamp(0.0, 15.0) as usize;
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((digits, power)) if digits.contains('.') => {
            format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

/// A number as it is, unless that is long.
pub(super) fn exact(value: f64) -> String {
    const LONG: usize = 16;
    let text = value.to_string();
    if text.len() <= LONG {
        return text;
    }
    // Four digits of it.
    let step = 10f64.powf(value.abs().log10().floor() - 3.0);
    number(value, if step > 0.0 { step } else { value.abs() })
}

/// A number with so many decimals, but no zeros at their end.
fn trimmed(value: f64, decimals: i32) -> String {
    let text = format!("{value:.*}", decimals.max(0) as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// `250ms`, `1.5s`, `1h30m`, `2d`
fn duration(value: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    let sign = if value < 0.0 { "-" } else { "" };
    if step < 1.0 && size < 60.0 {
        let (unit, name) = match size {
            _ if size >= 1.0 => (1.0, "s"),
            _ if size >= 1e-3 => (1e-3, "ms"),
            _ => (1e-6, "us"),
        };
        return format!("{sign}{}{name}", trimmed(size / unit, decimals(step, unit).min(6)));
    }
    if size >= 1000.0 * DAY {
        return format!("{sign}{}d", number(size / DAY, step / DAY));
    }
    let mut text = sign.to_owned();
    let mut rest = size.round() as u64;
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] {
        if rest >= unit {
            text = format!("{text}{}{name}", rest / unit);
        }
        rest %= unit;
    }
    text
}

/// `2024`, `2024-03`, `Mar 10`, `12:30`, and the date where a day begins.
fn time(value: f64, step: Step) -> String {
    let shown = wall_time(value);
    let month = MONTHS[usize::from(shown.month) - 1];
    match step {
        Step::Months(months) if months % 12 == 0 => year(shown.year),
        Step::Months(_) => format!("{}-{:02}", year(shown.year), shown.month),
        Step::Even { .. } if shown.second_of_day == 0 && shown.micros == 0 => {
            format!("{month} {}", shown.day)
        }
        Step::Even { size, .. } => clock(value, size),
    }
}

fn year(year: i64) -> String {
    if year > 0 { format!("{year:04}") } else { format!("{} BC", 1 - year) }
}

/// `12:30`, `12:30:05`, `12:30:05.25`, as far as the step needs it.
fn clock(value: f64, step: f64) -> String {
    let shown = wall_time(value);
    let (hour, minute, second) = shown.clock();
    let text = format!("{hour:02}:{minute:02}");
    if step >= 60.0 {
        return text;
    }
    let text = format!("{text}:{second:02}");
    if step >= 1.0 {
        return text;
    }
    let digits = decimals(step, 1.0).clamp(1, 6) as usize;
    let micros = format!("{:06}", shown.micros);
    format!("{text}.{}", &micros[..digits])
}

/// When something is, whole: the beginning and the end of an axis of time.
pub(super) fn whole_time(value: f64, unit: Unit) -> String {
    let shown = wall_time(value);
    let (hour, minute, second) = shown.clock();
    let date = format!("{}-{:02}-{:02}", year(shown.year), shown.month, shown.day);
    let clock = match (shown.micros, second) {
        (0, 0) => format!("{hour:02}:{minute:02}"),
        (0, _) => format!("{hour:02}:{minute:02}:{second:02}"),
        (micros, _) => {
            let micros = format!("{micros:06}");
            format!("{hour:02}:{minute:02}:{second:02}.{}", micros.trim_end_matches('0'))
        }
    };
    match unit {
        Unit::TimeOfDay => clock,
        _ if shown.second_of_day == 0 && shown.micros == 0 => date,
        _ => format!("{date} {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, step, expected) in [
            (0.0, 1.0, "0"),
            (950.0, 50.0, "950"),
            (1000.0, 50.0, "1k"),
            (1050.0, 50.0, "1.05k"),
            (1500.0, 500.0, "1.5k"),
            (-1_500_000.0, 500_000.0, "-1.5M"),
            (2e9, 1e9, "2G"),
            (1e15, 1e15, "1P"),
            (1_000_002.0, 2.0, "1000002"),
            (1_000_000_000_002.0, 2.0, "1000000000002"),
            (0.25, 0.25, "0.25"),
            (0.3, 0.1, "0.3"),
            (0.000_002, 0.000_002, "0.000002"),
            (2e-9, 1e-9, "2e-9"),
            (1.5e21, 5e20, "1.5e21"),
            (1.0 + 2e-9, 1e-9, "1.000000002e0"),
        ] {
            assert_eq!(number(value, step), expected, "{value} {step}");
        }
        for (value, expected) in [
            (0.1, "0.1"),
            (-1_234_567.125, "-1234567.125"),
            (1.0 / 3.0, "0.3333"),
            (123_456_789.0 / 7.0, "17.64M"),
            (9e299, "9e299"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(exact(value), expected, "{value}");
        }
    }

    #[test]
    fn durations() {
        for (value, step, expected) in [
            (0.0, 1.0, "0"),
            (0.25, 0.05, "250ms"),
            (0.000_25, 0.000_05, "250us"),
            (1.5, 0.5, "1.5s"),
            (-90.0, 30.0, "-1m30s"),
            (5400.0, 1800.0, "1h30m"),
            (172_800.0, 86_400.0, "2d"),
            (10_000.0 * DAY, 2000.0 * DAY, "10kd"),
        ] {
            assert_eq!(duration(value, step), expected, "{value} {step}");
        }
    }

    #[test]
    fn times() {
        let even = |size| Step::Even { size, origin: 0.0 };
        for (value, step, expected) in [
            (0.0, even(3600.0), "Jan 1"),
            (5400.0, even(1800.0), "01:30"),
            (5.0, even(5.0), "00:00:05"),
            (5.25, even(0.25), "00:00:05.25"),
            (59.0 * DAY, even(DAY), "Mar 1"),
            (59.0 * DAY, Step::Months(1), "1970-03"),
            (365.0 * DAY, Step::Months(24), "1971"),
            (-719_528.0 * DAY, Step::Months(12), "1 BC"),
        ] {
            assert_eq!(time(value, step), expected, "{value} {step:?}");
        }
        assert_eq!(tick_label(DAY, even(3600.0), Unit::TimeOfDay), "24:00");
        assert_eq!(whole_time(59.0 * DAY + 3661.5, Unit::Time), "1970-03-01 01:01:01.5");
        assert_eq!(whole_time(59.0 * DAY, Unit::Time), "1970-03-01");
        assert_eq!(whole_time(3660.0, Unit::TimeOfDay), "01:01");
    }
}
