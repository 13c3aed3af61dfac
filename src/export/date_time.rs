//! Dates and times in ISO form, as PostgreSQL writes them under `DateStyle` ISO. What is in another form,
//! or infinite, is none of them here.

use crate::time_zone::{DateStyle, Instant, time_of_day};

const MILLION: i64 = 1_000_000;

/// Microseconds of a day.
pub const DAY_MICROS: i64 = 86_400 * MILLION;

/// Days since 1970-01-01 of a `date`.
pub fn date(text: &[u8]) -> Option<i64> {
    DateStyle::Iso.read_date(text)
}

/// Microseconds since 1970-01-01 00:00 of a `timestamp`.
pub fn timestamp(text: &[u8]) -> Option<i64> {
    micros(DateStyle::Iso.read_without_zone(text)?)
}

/// Microseconds since 1970-01-01 00:00 UTC of a `timestamptz`.
#[cfg(feature = "parquet")]
pub fn timestamp_with_zone(text: &[u8]) -> Option<i64> {
    micros(DateStyle::Iso.read(text, None)?)
}

/// What a clock shows in a `timestamptz`, in microseconds since 1970-01-01 00:00 there.
#[cfg(feature = "xlsx")]
pub fn wall_clock(text: &[u8]) -> Option<i64> {
    micros(DateStyle::Iso.read_clock(text)?)
}

/// Microseconds since midnight of a `time`; 24:00 is none.
pub fn time(text: &[u8]) -> Option<i64> {
    let (seconds, micros) = time_of_day(text)?;
    Some(seconds * MILLION + i64::from(micros))
}

fn micros(instant: Instant) -> Option<i64> {
    instant.seconds.checked_mul(MILLION)?.checked_add(i64::from(instant.micros))
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
            ("2001-02-29", None),
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
