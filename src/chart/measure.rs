//! What the values of a column measure, told by its type, and values as numbers on an axis.

use crate::interval::{self, Interval};
use crate::time_zone::{Order, Shown};

/// Magnitudes from here on are not drawn: sums and differences of those below are finite.
const MOST: f64 = 1e300;
/// Of a second.
const MICROS: f64 = 1e6;

/// What values measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Integer,
    Number,
    Money,
    Interval,
    Date,
    Timestamp,
    TimeOfDay,
}

/// What an axis is divided by: columns of one unit can share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Number,
    /// Seconds.
    Duration,
    /// Seconds since 1970 by the clock that the values show.
    Time,
    /// Seconds since midnight.
    TimeOfDay,
}

/// A value as far as it can be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    Value(f64),
    Null,
    NotANumber,
    Infinite,
    /// A finite number beyond what is drawn.
    TooLarge,
    /// It is not written as values of its type are.
    Unreadable,
}

impl Measure {
    /// What values of a type measure, if they measure anything. OIDs are names.
    pub fn of_type(type_oid: u32) -> Option<Measure> {
        Some(match type_oid {
            20 | 21 | 23 => Measure::Integer,
            700 | 701 | 1700 => Measure::Number,
            790 => Measure::Money,
            1186 => Measure::Interval,
            1082 => Measure::Date,
            1114 | 1184 => Measure::Timestamp,
            1083 | 1266 => Measure::TimeOfDay,
            _ => return None,
        })
    }

    pub fn unit(self) -> Unit {
        match self {
            Measure::Integer | Measure::Number | Measure::Money => Unit::Number,
            Measure::Interval => Unit::Duration,
            Measure::Date | Measure::Timestamp => Unit::Time,
            Measure::TimeOfDay => Unit::TimeOfDay,
        }
    }

    /// Whether values are amounts, which bars and heights can show; others are points in time.
    pub fn is_amount(self) -> bool {
        matches!(self.unit(), Unit::Number | Unit::Duration)
    }

    /// Reads a value as the server wrote it, dates in this order.
    pub fn read(self, text: Option<&[u8]>, order: Order) -> Reading {
        let Some(text) = text else { return Reading::Null };
        let number = match self {
            Measure::Integer | Measure::Number => float(text),
            Measure::Money => money(text),
            Measure::Interval => interval(text),
            Measure::TimeOfDay => clock(text),
            Measure::Date | Measure::Timestamp => match text {
                b"infinity" | b"-infinity" => Some(f64::INFINITY),
                _ => Shown::read(text, order).map(Shown::seconds),
            },
        };
        match number {
            None => Reading::Unreadable,
            Some(number) if number.is_nan() => Reading::NotANumber,
            Some(number) if number.abs() >= MOST => match text.iter().any(u8::is_ascii_digit) {
                true => Reading::TooLarge,
                false => Reading::Infinite,
            },
            Some(number) => Reading::Value(number),
        }
    }
}

fn float(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Money as any locale writes it: the last of several kinds of separators, or one with one or two
/// digits behind it, is the decimal point.
fn money(text: &[u8]) -> Option<f64> {
    let is_negative = text.contains(&b'-') || text.contains(&b'(');
    let start = text.iter().position(u8::is_ascii_digit)?;
    let end = text.iter().rposition(u8::is_ascii_digit)? + 1;
    let digits = &text[start..end];
    let is_separator = |byte: &u8| matches!(byte, b'.' | b',');
    let last = digits.iter().rposition(is_separator);
    let point = last.filter(|&at| {
        let others = digits[..at].iter().filter(|byte| is_separator(byte));
        let behind = digits.len() - at - 1;
        behind < 3 || others.clone().count() > 0 && others.clone().all(|byte| *byte != digits[at])
    });
    let mut plain = String::with_capacity(digits.len());
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => plain.push(char::from(*byte)),
            _ if Some(at) == point => plain.push('.'),
            _ => {}
        }
    }
    let amount: f64 = plain.parse().ok()?;
    Some(if is_negative { -amount } else { amount })
}

/// An interval in seconds.
fn interval(text: &[u8]) -> Option<f64> {
    Some(match Interval::read(text)? {
        Interval::Finite(span) => span.seconds(),
        Interval::Least | Interval::Greatest => f64::INFINITY,
    })
}

/// `hh:mm[:ss[.ffffff]]`, a zone behind it being left out: seconds.
fn clock(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let end = text.find(['+', '-']).unwrap_or(text.len());
    interval::clock(&text[..end]).map(|micros| micros as f64 / MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: f64 = 86_400.0;

    #[test]
    fn values() {
        use Reading::{Infinite, NotANumber, TooLarge, Unreadable, Value};
        let huge = "9".repeat(1000);
        let cases: &[(Measure, &str, Reading)] = &[
            (Measure::Integer, "-42", Value(-42.0)),
            (Measure::Integer, "9223372036854775807", Value(9_223_372_036_854_775_807.0)),
            (Measure::Number, "0.000", Value(0.0)),
            (Measure::Number, "1.5e-7", Value(1.5e-7)),
            (Measure::Number, "NaN", NotANumber),
            (Measure::Number, "-Infinity", Infinite),
            (Measure::Number, "1e308", TooLarge),
            (Measure::Number, "1.7e308", TooLarge),
            (Measure::Number, &huge, TooLarge),
            (Measure::Number, "x", Unreadable),
            (Measure::Number, "", Unreadable),
            (Measure::Money, "$1,234.50", Value(1234.5)),
            (Measure::Money, "-$1,234.50", Value(-1234.5)),
            (Measure::Money, "($5.00)", Value(-5.0)),
            (Measure::Money, "1.234.567,89 €", Value(1_234_567.89)),
            (Measure::Money, "12,34 €", Value(12.34)),
            (Measure::Money, "¥1,235", Value(1235.0)),
            (Measure::Money, "¥1,234,567", Value(1_234_567.0)),
            (Measure::Money, "KWD 1,234.567", Value(1234.567)),
            (Measure::Money, "€", Unreadable),
            (Measure::Interval, "1 day 02:03:04.5", Value(DAY + 7384.5)),
            (Measure::Interval, "-3 4:05:06", Value(-3.0 * DAY - 14_706.0)),
            (Measure::Interval, "P1Y2M-3DT4H5M6.5S", Value((365.25 + 60.0 - 3.0) * DAY + 14_706.5)),
            (Measure::Interval, "infinity", Infinite),
            (Measure::Interval, "", Unreadable),
            (Measure::Interval, "\u{e4}", Unreadable),
            (Measure::TimeOfDay, "24:00:00", Value(DAY)),
            (Measure::TimeOfDay, "12:30:00.25+02:30", Value(45_000.25)),
            (Measure::Date, "1970-01-02", Value(DAY)),
            (Measure::Date, "infinity", Infinite),
            (Measure::Timestamp, "1970-01-01 00:00:01.5", Value(1.5)),
            (Measure::Timestamp, "1970-01-02 00:00:00+05:30", Value(DAY)),
            (Measure::Timestamp, "1969-12-31 23:59:59-05", Value(-1.0)),
        ];
        for (measure, text, expected) in cases {
            assert_eq!(measure.read(Some(text.as_bytes()), Order::MonthFirst), *expected, "{text}");
        }
        assert_eq!(Measure::Integer.read(None, Order::DayFirst), Reading::Null);
    }

    #[test]
    fn dates_in_every_style() {
        use Order::{DayFirst, MonthFirst};
        for (order, date, timestamp) in [
            (DayFirst, "1970-03-02", "1970-03-02 01:00:00"),
            (MonthFirst, "02.03.1970", "02.03.1970 01:00:00 CET"),
            (MonthFirst, "03/02/1970", "03/02/1970 01:00:00 CET"),
            (DayFirst, "02/03/1970", "02/03/1970 01:00:00"),
            (MonthFirst, "03-02-1970", "Mon Mar 02 01:00:00 1970 CET"),
            (DayFirst, "02-03-1970", "Mon 02 Mar 01:00:00 1970"),
        ] {
            let read = |measure: Measure, text: &str| measure.read(Some(text.as_bytes()), order);
            assert_eq!(read(Measure::Date, date), Reading::Value(60.0 * DAY), "{date}");
            let expected = Reading::Value(60.0 * DAY + 3600.0);
            assert_eq!(read(Measure::Timestamp, timestamp), expected, "{timestamp}");
        }
    }
}
