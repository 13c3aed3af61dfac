//! A point in time as a user types it: `now`, a date, a date and a time, a time of today; behind it
//! perhaps an offset from UTC.

use super::calendar::{DAY, day_number, days_in_month};
use nom::branch::alt;
use nom::bytes::complete::tag_no_case;
use nom::character::complete::{char, digit1, one_of, space1};
use nom::combinator::{all_consuming, map, map_opt, opt, value};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// A point in time, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// `now`
    Now,
    /// What a clock shows.
    Clock {
        /// Its date, in days since 1970; `None` for today.
        day: Option<i64>,
        /// The seconds since midnight.
        second_of_day: i64,
        /// Microseconds behind them.
        micros: u32,
        /// How far the clock is ahead of UTC, in seconds, if that was said.
        offset: Option<i64>,
    },
}

impl Typed {
    /// Reads what was typed; `None` if it is no point in time.
    pub fn read(text: &str) -> Option<Typed> {
        if text.eq_ignore_ascii_case("now") {
            return Some(Typed::Now);
        }
        let (_, (day, time, offset)) = all_consuming(clock).parse(text).ok()?;
        let (second_of_day, micros) = time.unwrap_or_default();
        Some(Typed::Clock { day, second_of_day, micros, offset })
    }

    /// Whether a word may be the time that goes with a date typed before it.
    pub fn is_time(word: &str) -> bool {
        all_consuming((time, opt(offset))).parse(word).is_ok()
    }
}

type Parts = (Option<i64>, Option<(i64, u32)>, Option<i64>);

fn clock(text: &str) -> IResult<&str, Parts> {
    let between = alt((value((), space1), value((), one_of("Tt"))));
    let with_date =
        map((date, opt(preceded(between, time)), opt(preceded(opt(space1), offset))), |parts| {
            (Some(parts.0), parts.1, parts.2)
        });
    let today = map((time, opt(preceded(opt(space1), offset))), |(time, offset)| {
        (None, Some(time), offset)
    });
    alt((with_date, today)).parse(text)
}

/// `2024-03-10`: days since 1970.
fn date(text: &str) -> IResult<&str, i64> {
    let parts = (
        number(4, 6, 0..=294_276),
        preceded(char('-'), number(1, 2, 1..=12)),
        preceded(char('-'), number(1, 2, 1..=31)),
    );
    map_opt(parts, |(year, month, day)| {
        let (month, day) = (month as u8, day as u8);
        (day <= days_in_month(year, month)).then(|| day_number(year, month, day))
    })
    .parse(text)
}

/// `3:00`, `03:00:00.25`: seconds since midnight, and microseconds.
fn time(text: &str) -> IResult<&str, (i64, u32)> {
    let (text, hour) = number(1, 2, 0..=24).parse(text)?;
    let (text, minute) = preceded(char(':'), number(2, 2, 0..=59)).parse(text)?;
    let (text, second) = opt(preceded(char(':'), number(2, 2, 0..=59))).parse(text)?;
    let (text, micros) = match second {
        Some(_) => opt(preceded(char('.'), fraction)).parse(text)?,
        None => (text, None),
    };
    let (second, micros) = (hour * 3600 + minute * 60 + second.unwrap_or(0), micros.unwrap_or(0));
    if second > DAY || second == DAY && micros > 0 {
        return Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Verify)));
    }
    Ok((text, (second, micros)))
}

/// Up to six digits, as microseconds.
fn fraction(text: &str) -> IResult<&str, u32> {
    map_opt(digit1, |digits: &str| match digits.len() {
        length @ 1..=6 => Some(digits.parse::<u32>().ok()? * 10_u32.pow(6 - length as u32)),
        _ => None,
    })
    .parse(text)
}

/// `Z`, `UTC`, `+1`, `-04:30`, `+0530`, `-00:01:15`: in seconds.
fn offset(text: &str) -> IResult<&str, i64> {
    let utc = value(0, alt((tag_no_case("utc"), tag_no_case("z"))));
    alt((utc, signed)).parse(text)
}

fn signed(text: &str) -> IResult<&str, i64> {
    let (text, sign) = one_of("+-").parse(text)?;
    let in_four = map((number(2, 2, 0..=15), number(2, 2, 0..=59)), |(h, m)| h * 3600 + m * 60);
    let minutes = || preceded(char(':'), number(2, 2, 0..=59));
    let spelt = map((number(1, 2, 0..=15), opt((minutes(), opt(minutes())))), |(hours, rest)| {
        let (minutes, seconds) = rest.unwrap_or_default();
        hours * 3600 + minutes * 60 + seconds.unwrap_or(0)
    });
    let (text, seconds) = alt((in_four, spelt)).parse(text)?;
    Ok((text, if sign == '-' { -seconds } else { seconds }))
}

/// A number of so many digits within these bounds.
fn number<'t>(
    least: usize,
    most: usize,
    bounds: std::ops::RangeInclusive<i64>,
) -> impl Parser<&'t str, Output = i64, Error = nom::error::Error<&'t str>> {
    let digits = nom::bytes::complete::take_while_m_n(least, most, |c: char| c.is_ascii_digit());
    map_opt(digits, move |digits: &str| digits.parse().ok().filter(|n| bounds.contains(n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time() {
        let at = |day, second_of_day, micros, offset| {
            Some(Typed::Clock { day, second_of_day, micros, offset })
        };
        let day = Some(day_number(2024, 3, 10));
        for (text, expected) in [
            ("now", Some(Typed::Now)),
            ("NOW", Some(Typed::Now)),
            ("2024-03-10", at(day, 0, 0, None)),
            ("2024-03-10 02:30", at(day, 9000, 0, None)),
            ("2024-03-10T02:30:00.25Z", at(day, 9000, 250_000, Some(0))),
            ("2024-03-10 02:30-04", at(day, 9000, 0, Some(-14_400))),
            ("2024-03-10 02:30 +05:30", at(day, 9000, 0, Some(19_800))),
            ("2024-03-10 02:30+0530", at(day, 9000, 0, Some(19_800))),
            ("2024-03-10 02:30-00:01:15", at(day, 9000, 0, Some(-75))),
            ("2024-03-10 02:30 utc", at(day, 9000, 0, Some(0))),
            ("2024-03-10 24:00", at(day, 86_400, 0, None)),
            ("9:05", at(None, 32_700, 0, None)),
            ("9:05Z", at(None, 32_700, 0, Some(0))),
            ("294276-12-31 23:59:59.999999", at(Some(106_762_939), 86_399, 999_999, None)),
            ("2024-02-30", None),
            ("2024-13-01", None),
            ("2024-03-10 25:00", None),
            ("2024-03-10 24:01", None),
            ("2024-03-10 02:30:00.1234567", None),
            ("2024-03-10x", None),
            ("Europe/Berlin", None),
            ("+03", None),
            ("", None),
        ] {
            assert_eq!(Typed::read(text), expected, "{text}");
        }
        assert!(Typed::is_time("02:30") && Typed::is_time("02:30+01"));
        assert!(!Typed::is_time("UTC") && !Typed::is_time("2024-03-10"));
    }
}
