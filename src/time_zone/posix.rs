//! Zones in the notation of POSIX, which PostgreSQL takes where a zone's name may stand
//! (PostgreSQL's documentation, "POSIX Time Zone Specifications"): `EST5EDT,M3.2.0,M11.1.0`,
//! `<+03>-03`.

use super::clock::Clock;
use super::rule::{Rule, YearDay, YearlyChange};
use super::zone::Zone;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, map, map_opt, opt};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// When clocks are turned where the text does not say: as in the United States since 2007.
const USUAL: [(YearDay, i64); 2] = [
    (YearDay::Weekday { month: 3, weekday: 0, not_before: 8 }, 2 * 3600),
    (YearDay::Weekday { month: 11, weekday: 0, not_before: 1 }, 2 * 3600),
];

/// No offset, and no time of a change, has more.
const MOST_HOURS: i64 = 167;

/// Whether a text is in the notation as POSIX has it. What PostgreSQL takes beside may be a name's
/// misspelling: `Europe/Berlin1`.
pub fn is_strict(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let rest = text.get(letters..).unwrap_or_default();
    let is_named = text.starts_with('<')
        || letters >= 3 && rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    is_named && zone(text).is_some()
}

/// The zone that a text in POSIX notation stands for. PostgreSQL folds it to upper case.
pub fn zone(text: &str) -> Option<Zone> {
    let upper = text.to_ascii_uppercase();
    let (_, (standard, summer)) = all_consuming(specification).parse(&upper).ok()?;
    // PostgreSQL takes seconds for those of leap seconds.
    if standard.offset % 60 != 0 {
        return None;
    }
    let rule = summer.map(|(clock, [from, to])| {
        Rule([
            YearlyChange { day: from.0, second: from.1, to: clock },
            YearlyChange { day: to.0, second: to.1, to: standard.clone() },
        ])
    });
    Some(Zone::from_rule(text.to_owned(), standard, rule))
}

type Summer = (Clock, [(YearDay, i64); 2]);

fn specification(text: &str) -> IResult<&str, (Clock, Option<Summer>)> {
    let (text, (abbreviation, west)) = (abbreviation, offset).parse(text)?;
    let standard = Clock { offset: -west as i32, abbreviation: abbreviation.to_owned() };
    let (text, summer) = opt((self::abbreviation, opt(offset), opt(days))).parse(text)?;
    let summer = summer.map(|(abbreviation, west_in_summer, days)| {
        let offset = -west_in_summer.unwrap_or(west - 3600) as i32;
        (Clock { offset, abbreviation: abbreviation.to_owned() }, days.unwrap_or(USUAL))
    });
    Ok((text, (standard, summer)))
}

/// Anything in angle brackets; without them what is no part of the rest. POSIX wants three letters
/// there, PostgreSQL does not.
fn abbreviation(text: &str) -> IResult<&str, &str> {
    let in_brackets = delimited(char('<'), take_while(|c| c != '>'), char('>'));
    let is_bare = |c: char| !c.is_ascii_digit() && !matches!(c, ',' | '-' | '+' | '<');
    alt((in_brackets, take_while1(is_bare))).parse(text)
}

/// Hours west of Greenwich, which may have minutes and seconds: in seconds.
fn offset(text: &str) -> IResult<&str, i64> {
    signed_time(MOST_HOURS).parse(text)
}

/// `[+-]hh[:mm[:ss]]`, in seconds.
fn signed_time(most_hours: i64) -> impl Fn(&str) -> IResult<&str, i64> {
    move |text| {
        let (text, sign) = opt(alt((char('+'), char('-')))).parse(text)?;
        let (text, hours) = number(0, most_hours).parse(text)?;
        let (text, minutes) = opt(preceded(char(':'), number(0, 59))).parse(text)?;
        let (text, seconds) = match minutes {
            Some(_) => opt(preceded(char(':'), number(0, 59))).parse(text)?,
            None => (text, None),
        };
        let seconds = hours * 3600 + minutes.unwrap_or(0) * 60 + seconds.unwrap_or(0);
        Ok((text, if sign == Some('-') { -seconds } else { seconds }))
    }
}

fn days(text: &str) -> IResult<&str, [(YearDay, i64); 2]> {
    let (text, _) = char(',').parse(text)?;
    let (text, from) = day_and_time(text)?;
    let (text, _) = char(',').parse(text)?;
    let (text, to) = day_and_time(text)?;
    Ok((text, [from, to]))
}

fn day_and_time(text: &str) -> IResult<&str, (YearDay, i64)> {
    let (text, day) = year_day(text)?;
    let (text, time) = opt(preceded(char('/'), signed_time(MOST_HOURS))).parse(text)?;
    Ok((text, (day, time.unwrap_or(2 * 3600))))
}

fn year_day(text: &str) -> IResult<&str, YearDay> {
    let weekday = (
        preceded(tag("M"), number(1, 12)),
        preceded(char('.'), number(1, 5)),
        preceded(char('.'), number(0, 6)),
    );
    alt((
        map(weekday, |(month, week, weekday)| {
            let (month, weekday) = (month as u8, weekday as u8);
            match week {
                5 => YearDay::LastWeekday { month, weekday },
                _ => YearDay::Weekday { month, weekday, not_before: (week * 7 - 6) as i8 },
            }
        }),
        map(preceded(char('J'), number(1, 365)), |day| YearDay::WithoutLeapDay(day as u16)),
        map(number(0, 365), |day| YearDay::Counted(day as u16)),
    ))
    .parse(text)
}

fn number<'t>(
    least: i64,
    most: i64,
) -> impl Parser<&'t str, Output = i64, Error = nom::error::Error<&'t str>> {
    map_opt(digit1, move |digits: &str| {
        digits.parse().ok().filter(|number| (least..=most).contains(number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_zone::calendar::day_number;

    /// What PostgreSQL 18 shows at noon UTC.
    #[test]
    fn offsets_and_abbreviations() {
        for (text, date, offset, abbreviation) in [
            ("<+03>-03", (2024, 7, 1), 10_800, "+03"),
            ("<-05>+05", (2024, 7, 1), -18_000, "-05"),
            ("<+05:30>-05:30", (2024, 7, 1), 19_800, "+05:30"),
            ("foo3bar", (2024, 7, 1), -7200, "BAR"),
            ("foo3bar", (2024, 1, 1), -10_800, "FOO"),
            ("EST5EDT4,M3.2.0,M11.1.0", (1500, 7, 1), -14_400, "EDT"),
            ("EST5EDT4,M3.2.0,M11.1.0", (-3999, 7, 1), -14_400, "EDT"),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", (2300, 6, 1), -3600, "-01"),
            ("X0Y,J60,J90", (2024, 3, 1), 3600, "Y"),
            ("X0Y,59,90", (2023, 3, 1), 3600, "Y"),
            ("EST25", (2024, 7, 1), -90_000, "EST"),
            ("Europe/Berlin5", (2024, 7, 1), -18_000, "EUROPE/BERLIN"),
            ("EST5EDT4:30,M3.5.0,M11.1.0", (2024, 7, 1), -16_200, "EDT"),
        ] {
            let zone = zone(text).expect(text);
            let noon = day_number(date.0, date.1, date.2) * 86_400 + 43_200;
            let clock = zone.clock(noon);
            assert_eq!((clock.offset, &clock.abbreviation[..]), (offset, abbreviation), "{text}");
        }
        assert!(is_strict("EST5EDT") && is_strict("<+03>-3") && !is_strict("A1"));
        assert!(!is_strict("Europe/Berlin5") && !is_strict("EST") && !is_strict(""));
        for text in [
            "",
            "EST",
            "5",
            "EST5EDT,",
            "EST5EDT,M13.1.0,M11.1.0",
            "<a3",
            "EST168",
            "EST5:01:01",
            "Mars/Base",
        ] {
            assert!(zone(text).is_none(), "{text}");
        }
    }
}
