//! How long ago something was, as people read and write it.

use nom::bytes::complete::take_while1;
use nom::character::complete::space0;
use nom::combinator::{all_consuming, map_opt};
use nom::multi::many1;
use nom::number::complete::recognize_float;
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};
use std::time::Duration;

/// Units of time with the words for them.
const UNITS: [(f64, &[&str]); 6] = [
    (0.001, &["ms", "millisecond", "milliseconds"]),
    (1.0, &["s", "sec", "secs", "second", "seconds"]),
    (60.0, &["m", "min", "mins", "minute", "minutes"]),
    (3600.0, &["h", "hr", "hrs", "hour", "hours"]),
    (86400.0, &["d", "day", "days"]),
    (604_800.0, &["w", "week", "weeks"]),
];

/// The longest time that is taken: what is longer is a slip.
const LONGEST: f64 = 1e9;

/// `0.3s`, `12s`, `3m12s`, `1h02m`, `2d03h`
pub(super) fn shown(age: Duration) -> String {
    let seconds = age.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match (minutes, hours, days) {
        (0, ..) if seconds < 10 => format!("{}.{}s", seconds, age.subsec_millis() / 100),
        (0, ..) => format!("{seconds}s"),
        (_, 0, _) => format!("{minutes}m{:02}s", seconds % 60),
        (_, _, 0) => format!("{hours}h{:02}m", minutes % 60),
        _ => format!("{days}d{:02}h", hours % 24),
    }
}

/// A time as people write it: `10min`, `1 h`, `1h30m`, `90s`.
pub(super) fn read(text: &str) -> Option<Duration> {
    let part = map_opt(pair(preceded(space0, recognize_float), word), |(number, unit)| {
        let number: f64 = number.parse().ok()?;
        let is_sane = (0.0..=LONGEST).contains(&number);
        unit_seconds(unit).filter(|_| is_sane).map(|seconds| number * seconds)
    });
    let read: IResult<&str, Vec<f64>> = all_consuming(many1(part)).parse(text.trim_end());
    let seconds: f64 = read.ok()?.1.iter().sum();
    Duration::try_from_secs_f64(seconds).ok()
}

/// A unit behind its number.
fn word(text: &str) -> IResult<&str, &str> {
    preceded(space0, take_while1(char::is_alphabetic)).parse(text)
}

/// Whether a word goes on with a time, as `h` does behind `1`.
pub(super) fn is_part(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '.') || unit_seconds(word).is_some()
}

fn unit_seconds(word: &str) -> Option<f64> {
    let word = word.to_lowercase();
    UNITS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(seconds, _)| *seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        for (milliseconds, expected) in [
            (0, "0.0s"),
            (390, "0.3s"),
            (9_999, "9.9s"),
            (10_000, "10s"),
            (192_000, "3m12s"),
            (3_725_000, "1h02m"),
            (183_600_000, "2d03h"),
            (u64::MAX, "213503982334d14h"),
        ] {
            assert_eq!(shown(Duration::from_millis(milliseconds)), expected);
        }
    }

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("10min", 600.0),
            ("1 h", 3600.0),
            ("90s", 90.0),
            ("1h30m", 5400.0),
            ("1 h 30 min", 5400.0),
            ("1.5 hours", 5400.0),
            ("250ms", 0.25),
            ("2 Days", 172_800.0),
        ] {
            assert_eq!(read(text).map(|time| time.as_secs_f64()), Some(seconds), "{text}");
        }
        for text in
            ["", "10", "min", "10 parsecs", "-1s", "1e300d", "nans", "1h x", "10min,", "1h30"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
