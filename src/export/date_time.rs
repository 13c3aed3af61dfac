//! Dates and times in ISO form, as PostgreSQL writes them under `DateStyle` ISO. What is in another form,
//! or infinite, is none of them here.

use crate::time_zone::day_number;

const DAY: i64 = 86_400;
const MILLION: i64 = 1_000_000;

/// Microseconds of a day.
pub const DAY_MICROS: i64 = DAY * MILLION;

/// Days since 1970-01-01 of a `date`.
pub fn date(text: &[u8]) -> Option<i64> {
    let (mut text, is_before_christ) = era(text);
    let days = days(&mut text, is_before_christ)?;
    text.is_empty().then_some(days)
}

/// Microseconds since 1970-01-01 00:00 of a `timestamp`.
pub fn timestamp(text: &[u8]) -> Option<i64> {
    let (mut text, is_before_christ) = era(text);
    let micros = local(&mut text, is_before_christ)?;
    text.is_empty().then_some(micros)
}

/// Microseconds since 1970-01-01 00:00 UTC of a `timestamptz`.
#[cfg(feature = "parquet")]
pub fn timestamp_with_zone(text: &[u8]) -> Option<i64> {
    let (mut text, is_before_christ) = era(text);
    let micros = local(&mut text, is_before_christ)?;
    let offset = offset(&mut text)?;
    text.is_empty().then_some(micros.checked_sub(offset * MILLION)?)
}

/// What a clock shows in a `timestamptz`, in microseconds since 1970-01-01 00:00 there.
#[cfg(feature = "xlsx")]
pub fn wall_clock(text: &[u8]) -> Option<i64> {
    let (mut text, is_before_christ) = era(text);
    let micros = local(&mut text, is_before_christ)?;
    offset(&mut text)?;
    text.is_empty().then_some(micros)
}

/// Microseconds since midnight of a `time`; 24:00 is none.
pub fn time(text: &[u8]) -> Option<i64> {
    let mut text = text;
    let micros = clock(&mut text)?;
    (text.is_empty() && micros < DAY_MICROS).then_some(micros)
}

/// The text without its era, and whether that is the one before Christ.
fn era(text: &[u8]) -> (&[u8], bool) {
    match text.strip_suffix(b" BC") {
        Some(text) => (text, true),
        None => (text, false),
    }
}

fn days(text: &mut &[u8], is_before_christ: bool) -> Option<i64> {
    let year = digits(text, 4..=7)?;
    one(text, b'-')?;
    let month = digits(text, 2..=2)?;
    one(text, b'-')?;
    let day = digits(text, 2..=2)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The year before 1 is 1 BC.
    let year = if is_before_christ { 1 - year } else { year };
    Some(day_number(year, month as u8, day as u8))
}

fn local(text: &mut &[u8], is_before_christ: bool) -> Option<i64> {
    let days = days(text, is_before_christ)?;
    one(text, b' ')?;
    days.checked_mul(DAY_MICROS)?.checked_add(clock(text)?)
}

fn clock(text: &mut &[u8]) -> Option<i64> {
    let hours = digits(text, 2..=2)?;
    one(text, b':')?;
    let minutes = digits(text, 2..=2)?;
    one(text, b':')?;
    let seconds = digits(text, 2..=2)?;
    let mut micros = 0;
    if one(text, b'.').is_some() {
        let before = text.len();
        micros = digits(text, 1..=6)?;
        micros *= 10_i64.pow(6 - (before - text.len()) as u32);
    }
    Some((hours * 3600 + minutes * 60 + seconds) * MILLION + micros)
}

/// Seconds east of Greenwich: `+01`, `-03:30`, `+00:53:28`.
fn offset(text: &mut &[u8]) -> Option<i64> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *text = &text[1..];
    let mut seconds = digits(text, 2..=2)? * 3600;
    for unit in [60, 1] {
        if one(text, b':').is_none() {
            break;
        }
        seconds += digits(text, 2..=2)? * unit;
    }
    Some(sign * seconds)
}

/// Takes a byte from the beginning.
fn one(text: &mut &[u8], byte: u8) -> Option<()> {
    *text = text.strip_prefix(&[byte])?;
    Some(())
}

/// Takes a number of so many digits from the beginning.
fn digits(text: &mut &[u8], count: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let there = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !count.contains(&there) {
        return None;
    }
    let (number, rest) = text.split_at(there);
    *text = rest;
    Some(number.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

#[cfg(all(test, feature = "parquet", feature = "xlsx"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_writes() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(11_016)),
            ("0001-01-01", Some(-719_162)),
            ("0001-12-31 BC", Some(-719_163)),
            ("4714-11-24 BC", Some(-2_440_588)),
            ("5874897-12-31", Some(2_145_042_905)),
            ("infinity", None),
            ("29/02/2000", None),
            ("2000-13-01", None),
            ("2000-01-01 ", None),
            ("", None),
        ] {
            assert_eq!(date(text.as_bytes()), expected, "{text}");
        }
        for (text, expected) in [
            ("1970-01-01 00:00:00", Some(0)),
            ("1970-01-02 00:00:00.5", Some(86_400_500_000)),
            ("1969-12-31 23:59:59.999999", Some(-1)),
            ("294276-12-31 23:59:59.999999", None),
            ("-infinity", None),
            ("1970-01-01 00:00:00+00", None),
            ("Thu Jan 01 00:00:00 1970", None),
        ] {
            assert_eq!(timestamp(text.as_bytes()), expected, "{text}");
        }
        for (text, expected, shown) in [
            ("1970-01-01 01:00:00+01", Some(0), Some(3_600_000_000)),
            ("1970-01-01 00:00:00-03:30", Some(12_600_000_000), Some(0)),
            ("1970-01-01 00:00:01+00:53:28", Some(-3_207_000_000), Some(1_000_000)),
            ("1970-01-01 00:00:00", None, None),
            ("1970-01-01 00:00:00+", None, None),
            ("infinity", None, None),
        ] {
            assert_eq!(timestamp_with_zone(text.as_bytes()), expected, "{text}");
            assert_eq!(wall_clock(text.as_bytes()), shown, "{text}");
        }
        for (text, expected) in [
            ("00:00:00.000001", Some(1)),
            ("23:59:60", None),
            ("24:00:00", None),
            ("12:00:00+01", None),
            ("1:00:00", None),
        ] {
            assert_eq!(time(text.as_bytes()), expected, "{text}");
        }
    }
}
