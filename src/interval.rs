//! Intervals as the server writes them, under any `IntervalStyle`.

/// Microseconds.
const SECOND: i128 = 1_000_000;
const HOUR: i128 = 3600 * SECOND;
const DAY: i128 = 24 * HOUR;
const MONTHS_OF_YEAR: i128 = 12;
/// As PostgreSQL compares months, and counts those of a part of a year.
const DAYS_OF_MONTH: i128 = 30;
/// As `extract(epoch from ...)` counts a year.
const DAYS_OF_YEAR: f64 = 365.25;

/// An interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// `-infinity`
    Least,
    /// One of some length.
    Finite(Span),
    /// `infinity`
    Greatest,
}

/// How long an interval is: three amounts, each with its own sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    months: i128,
    days: i128,
    micros: i128,
}

/// What an amount is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// So many months.
    Months(i128),
    Days,
    /// So many microseconds.
    Micros(i128),
}

impl Interval {
    /// Reads `1 year -3 days +04:05:06.7` (postgres), `@ 1 day 4 hours ago` (postgres_verbose),
    /// `+1-2 -3 +4:05:06` (sql_standard) or `P1Y2M3DT4H5M6.7S` (iso_8601).
    pub fn read(text: &[u8]) -> Option<Interval> {
        let text = std::str::from_utf8(text).ok()?;
        Some(match text {
            "infinity" => Interval::Greatest,
            "-infinity" => Interval::Least,
            _ => Interval::Finite(match text.strip_prefix('P') {
                Some(iso) => iso_8601(iso)?,
                None => words(text)?,
            }),
        })
    }
}

impl Span {
    /// Microseconds, as PostgreSQL compares intervals.
    pub fn compared(self) -> i128 {
        let days = self.months.saturating_mul(DAYS_OF_MONTH).saturating_add(self.days);
        days.saturating_mul(DAY).saturating_add(self.micros)
    }

    /// Seconds, as `extract(epoch from ...)` counts them.
    pub fn seconds(self) -> f64 {
        let (years, months) = (self.months / MONTHS_OF_YEAR, self.months % MONTHS_OF_YEAR);
        let days = self.days as f64 + (months * DAYS_OF_MONTH) as f64;
        let days = years as f64 * DAYS_OF_YEAR + days;
        (days * DAY as f64 + self.micros as f64) / SECOND as f64
    }

    fn add(&mut self, amount: Amount, unit: Unit) -> Option<()> {
        let (sum, count) = match unit {
            Unit::Months(months) => (&mut self.months, amount.whole()?.checked_mul(months)?),
            Unit::Days => (&mut self.days, amount.whole()?),
            Unit::Micros(micros) => {
                (&mut self.micros, amount.millionths.checked_mul(micros)? / SECOND)
            }
        };
        *sum = sum.checked_add(count)?;
        Some(())
    }
}

/// A number with up to six digits behind its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Amount {
    millionths: i128,
}

impl Amount {
    /// `-12`, `+0.5`
    fn read(text: &str) -> Option<Amount> {
        let (sign, digits) = signed(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = match fraction.len() {
            0 => 0,
            1..=6 => number(&format!("{fraction:0<6}"))?,
            _ => return None,
        };
        Some(Amount { millionths: sign * (number(whole)? * SECOND + fraction) })
    }

    fn whole(self) -> Option<i128> {
        (self.millionths % SECOND == 0).then_some(self.millionths / SECOND)
    }
}

/// Digits and nothing else, no more than the server has in a number.
fn number(digits: &str) -> Option<i128> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse::<u64>().ok().map(i128::from) } else { None }
}

/// 1 or -1, and what stands behind the sign.
fn signed(text: &str) -> (i128, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// All styles but iso_8601.
fn words(text: &str) -> Option<Span> {
    let (text, is_ago) = match text.strip_suffix(" ago") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let text = text.strip_prefix("@ ").unwrap_or(text);
    let mut span = Span::default();
    let mut words = text.split(' ').peekable();
    // In the standard's style a sign before days holds for the time behind them.
    let mut inherited = 1;
    while let Some(word) = words.next() {
        if let Some(unit) = words.peek().and_then(|word| Unit::of_word(word)) {
            words.next();
            span.add(Amount::read(word)?, unit)?;
        } else if word.contains(':') {
            let sign = if word.starts_with(['+', '-']) { 1 } else { inherited };
            span.micros = span.micros.checked_add(sign * clock(word)?)?;
        } else if let Some((years, months)) = signed(word).1.split_once('-') {
            let months = number(years)? * MONTHS_OF_YEAR + number(months)?;
            span.months = span.months.checked_add(signed(word).0 * months)?;
        } else {
            span.add(Amount::read(word)?, Unit::Days)?;
            inherited = signed(word).0;
        }
    }
    let sign = if is_ago { -1 } else { 1 };
    Some(Span { months: sign * span.months, days: sign * span.days, micros: sign * span.micros })
}

impl Unit {
    fn of_word(word: &str) -> Option<Unit> {
        Some(match word.strip_suffix('s').unwrap_or(word) {
            "year" => Unit::Months(MONTHS_OF_YEAR),
            "mon" => Unit::Months(1),
            "day" => Unit::Days,
            "hour" => Unit::Micros(HOUR),
            "min" => Unit::Micros(60 * SECOND),
            "sec" => Unit::Micros(SECOND),
            _ => return None,
        })
    }

    fn of_letter(letter: char, is_time: bool) -> Option<Unit> {
        Some(match (letter, is_time) {
            ('Y', false) => Unit::Months(MONTHS_OF_YEAR),
            ('M', false) => Unit::Months(1),
            ('D', false) => Unit::Days,
            ('H', true) => Unit::Micros(HOUR),
            ('M', true) => Unit::Micros(60 * SECOND),
            ('S', true) => Unit::Micros(SECOND),
            _ => return None,
        })
    }
}

/// `1Y2M-3DT4H5M6.7S`
fn iso_8601(text: &str) -> Option<Span> {
    let mut span = Span::default();
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    for (mut rest, is_time) in [(date, false), (time, true)] {
        while let Some(at) = rest.find(|c: char| c.is_ascii_alphabetic()) {
            let (amount, behind) = rest.split_at(at);
            let letter = behind.chars().next()?;
            span.add(Amount::read(amount)?, Unit::of_letter(letter, is_time)?)?;
            rest = &behind[letter.len_utf8()..];
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(span)
}

/// Microseconds of `-04:05:06.789`, `+02`, `12:00`.
pub fn clock(text: &str) -> Option<i128> {
    let (sign, text) = signed(text);
    let mut total = 0;
    let mut parts = text.split(':');
    for unit in [HOUR, 60 * SECOND, SECOND] {
        let Some(part) = parts.next() else { break };
        if part.starts_with(['+', '-']) {
            return None;
        }
        total += Amount::read(part)?.millionths * unit / SECOND;
    }
    parts.next().is_none().then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from PostgreSQL 18, each interval in its four styles.
    #[test]
    fn every_style() {
        let cases = include_str!("testdata/intervals.txt");
        for line in cases.lines() {
            let fields: Vec<&str> = line.split('|').collect();
            let [styles @ .., months, days, micros] = &fields[..] else { panic!("{line}") };
            let [months, days, micros] = [months, days, micros].map(|text| text.parse().unwrap());
            let expected = Interval::Finite(Span { months, days, micros });
            assert_eq!(styles.len(), 4, "{line}");
            for style in styles {
                assert_eq!(Interval::read(style.as_bytes()), Some(expected), "{style}");
            }
        }
        for (text, expected) in [("infinity", Interval::Greatest), ("-infinity", Interval::Least)] {
            assert_eq!(Interval::read(text.as_bytes()), Some(expected));
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            " ",
            "x",
            "1 fortnight",
            "1.5 days",
            "P1",
            "PT1",
            "P1H",
            "PT1Y",
            "1:2:3:4",
            "1:-2",
            "1-",
            "-",
            "\u{e4}",
            "P\u{e4}Y",
            "00:00:00.0000001",
            "99999999999999999999 days",
        ] {
            assert_eq!(Interval::read(text.as_bytes()), None, "{text}");
        }
        // A server may send what it likes: no sum overflows.
        let endless = "18446744073709551615 years ".repeat(9) + "18446744073709551615:00:00";
        let Some(Interval::Finite(span)) = Interval::read(endless.as_bytes()) else { panic!() };
        assert!(span.compared() > 0 && span.seconds() > 0.0);
    }

    #[test]
    fn lengths() {
        for (text, compared, seconds) in [
            ("1 mon", 30 * DAY, 2_592_000.0),
            ("1 year", 360 * DAY, 31_557_600.0),
            ("-1 years -1 mons", -390 * DAY, -34_149_600.0),
            ("1 day -00:00:01", DAY - SECOND, 86_399.0),
        ] {
            let Some(Interval::Finite(span)) = Interval::read(text.as_bytes()) else { panic!() };
            assert_eq!((span.compared(), span.seconds()), (compared, seconds), "{text}");
        }
        for (text, micros) in
            [("+02", Some(2 * HOUR)), ("-04:05:06.7", Some(-14_706_700_000)), ("x", None)]
        {
            assert_eq!(clock(text), micros);
        }
    }
}
