//! How a timestamp with time zone is written under `DateStyle`, and read again.

use super::calendar::{DAY, Instant, WallTime, day_number, days_in_month};
use super::zone::Zone;
use std::io::Write;

/// PostgreSQL shows no more of an abbreviation.
const ABBREVIATION_LENGTH: usize = 10;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// `DateStyle`, as far as output depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateStyle {
    /// `2024-03-10 03:00:00-04`
    #[default]
    Iso,
    /// `03/10/2024 03:00:00 EDT`, or the day first.
    Sql(Order),
    /// `Sun Mar 10 03:00:00 2024 EDT`, or the day first.
    Postgres(Order),
    /// `10.03.2024 03:00:00 EDT`
    German,
}

/// Whether the day comes before the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Order {
    MonthFirst,
    DayFirst,
}

impl DateStyle {
    /// From the parameter that the server reports: `ISO, MDY`.
    pub fn from_parameter(text: &[u8]) -> Option<DateStyle> {
        let text = std::str::from_utf8(text).ok()?;
        let (style, _) = text.split_once(", ")?;
        let order = Order::from_parameter(text.as_bytes());
        Some(match style {
            "ISO" => DateStyle::Iso,
            "SQL" => DateStyle::Sql(order),
            "Postgres" => DateStyle::Postgres(order),
            "German" => DateStyle::German,
            _ => return None,
        })
    }

    /// Writes what clocks show at an instant, in a zone, as the server does.
    pub fn write(self, instant: Instant, zone: &Zone, out: &mut Vec<u8>) {
        let clock = zone.clock(instant.seconds);
        let wall = WallTime::at(instant, clock.offset);
        let (year, is_bc) = if wall.year > 0 { (wall.year, false) } else { (1 - wall.year, true) };
        let (month, day) = (wall.month, wall.day);
        let month_name = MONTHS[usize::from(month) - 1];
        // Nothing that is written to a Vec fails.
        let _ = match self {
            DateStyle::Iso => write!(out, "{year:04}-{month:02}-{day:02} "),
            DateStyle::Sql(Order::MonthFirst) => write!(out, "{month:02}/{day:02}/{year:04} "),
            DateStyle::Sql(Order::DayFirst) => write!(out, "{day:02}/{month:02}/{year:04} "),
            DateStyle::German => write!(out, "{day:02}.{month:02}.{year:04} "),
            DateStyle::Postgres(order) => {
                let weekday = WEEKDAYS[wall.weekday() as usize];
                match order {
                    Order::MonthFirst => write!(out, "{weekday} {month_name} {day:02} "),
                    Order::DayFirst => write!(out, "{weekday} {day:02} {month_name} "),
                }
            }
        };
        write_clock(wall, out);
        if let DateStyle::Postgres(_) = self {
            let _ = write!(out, " {year:04}");
        }
        match self {
            DateStyle::Iso => write_offset(clock.offset, out),
            DateStyle::Sql(_) | DateStyle::Postgres(_) | DateStyle::German => {
                out.push(b' ');
                out.extend_from_slice(shown(&clock.abbreviation));
            }
        }
        if is_bc {
            out.extend_from_slice(b" BC");
        }
    }

    /// Reads what the server wrote where the session's zone was `session`; `None` if it can't be
    /// told which instant that is. In ISO style no zone is needed.
    pub fn read(self, text: &[u8], session: Option<&Zone>) -> Option<Instant> {
        let (wall, mut rest) = self.read_wall(text)?;
        let seconds = match self {
            DateStyle::Iso => wall.seconds - rest.offset()?,
            DateStyle::Sql(_) | DateStyle::Postgres(_) | DateStyle::German => {
                let abbreviation = std::mem::take(&mut rest.after(b' ')?.0);
                session?.instant_abbreviated(wall.seconds, |known| shown(known) == abbreviation)?
            }
        };
        rest.0.is_empty().then_some(Instant { seconds, ..wall })
    }

    /// Reads a timestamp with time zone, in ISO style: the instant at which clocks at UTC show what
    /// it shows.
    #[cfg(feature = "xlsx")]
    pub fn read_clock(self, text: &[u8]) -> Option<Instant> {
        let (wall, mut rest) = self.read_wall(text)?;
        rest.offset()?;
        rest.0.is_empty().then_some(wall)
    }

    /// Reads a timestamp without time zone: the instant at which clocks at UTC show it.
    pub fn read_without_zone(self, text: &[u8]) -> Option<Instant> {
        let (wall, rest) = self.read_wall(text)?;
        rest.0.is_empty().then_some(wall)
    }

    /// Reads a date: its days since 1970.
    pub fn read_date(self, text: &[u8]) -> Option<i64> {
        let (text, is_bc) = without_era(text);
        let mut text = Reader(text);
        let date = match self {
            DateStyle::Iso | DateStyle::Sql(_) | DateStyle::German => {
                self.numeric_date(&mut text)?
            }
            DateStyle::Postgres(order) => {
                let (first, second) = (text.two()?, text.after(b'-')?.two()?);
                let (month, day) = order.month_and_day(first, second);
                (text.after(b'-')?.year()?, month, day)
            }
        };
        let day = days(date, is_bc)?;
        text.0.is_empty().then_some(day)
    }

    /// Reads a date, or a timestamp with or without time zone, as the clock shows it.
    fn read_shown(self, text: &[u8]) -> Option<Shown<'_>> {
        if let Some((Instant { seconds, micros }, rest)) = self.read_wall(text) {
            return Some(Shown { seconds, micros, zone: rest.0 });
        }
        Some(Shown { seconds: self.read_date(text)? * DAY, micros: 0, zone: b"" })
    }

    /// Reads what a clock and a calendar show, as if they were at UTC; and what comes behind it.
    fn read_wall(self, text: &[u8]) -> Option<(Instant, Reader<'_>)> {
        let (text, is_bc) = without_era(text);
        let mut text = Reader(text);
        let (date, (second_of_day, micros)) = match self {
            DateStyle::Iso | DateStyle::Sql(_) | DateStyle::German => {
                (self.numeric_date(&mut text)?, text.after(b' ')?.clock()?)
            }
            DateStyle::Postgres(order) => {
                text.word(&WEEKDAYS)?;
                text.after(b' ')?;
                let (month, day) = match order {
                    Order::MonthFirst => {
                        let month = text.word(&MONTHS)?;
                        (month, text.after(b' ')?.two()?)
                    }
                    Order::DayFirst => {
                        let day = text.two()?;
                        (text.after(b' ')?.word(&MONTHS)?, day)
                    }
                };
                let clock = text.after(b' ')?.clock()?;
                ((text.after(b' ')?.year()?, month, day), clock)
            }
        };
        let seconds = days(date, is_bc)? * DAY + second_of_day;
        Some((Instant { seconds, micros }, text))
    }

    /// A date in numbers alone: year, month, day.
    fn numeric_date(self, text: &mut Reader<'_>) -> Option<(i64, i64, i64)> {
        match self {
            DateStyle::Iso => {
                let (year, month) = (text.year()?, text.after(b'-')?.two()?);
                Some((year, month, text.after(b'-')?.two()?))
            }
            DateStyle::Sql(order) => {
                let (first, second) = (text.two()?, text.after(b'/')?.two()?);
                let (month, day) = order.month_and_day(first, second);
                Some((text.after(b'/')?.year()?, month, day))
            }
            DateStyle::German => {
                let (day, month) = (text.two()?, text.after(b'.')?.two()?);
                Some((text.after(b'.')?.year()?, month, day))
            }
            DateStyle::Postgres(_) => None,
        }
    }
}

/// Reads a `time` before 24:00: the second of the day, and microseconds behind it.
pub fn time_of_day(text: &[u8]) -> Option<(i64, u32)> {
    let mut text = Reader(text);
    let time = text.clock()?;
    text.0.is_empty().then_some(time)
}

/// What a calendar and a clock show, in whatever zone they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'t> {
    /// Seconds since they showed that 1970 began.
    seconds: i64,
    /// Microseconds behind them.
    micros: u32,
    /// What stands behind: the zone, if that is told.
    zone: &'t [u8],
}

impl<'t> Shown<'t> {
    /// Reads what a server wrote in any style, which the text tells but for the order.
    pub fn read(text: &'t [u8], order: Order) -> Option<Shown<'t>> {
        let style = match text {
            [b'A'..=b'Z', ..] | [_, _, b'-', ..] => DateStyle::Postgres(order),
            [_, _, b'/', ..] => DateStyle::Sql(order),
            [_, _, b'.', ..] => DateStyle::German,
            _ => DateStyle::Iso,
        };
        style.read_shown(text)
    }

    /// Seconds since 1970 began by that clock.
    pub fn seconds(self) -> f64 {
        self.seconds as f64 + f64::from(self.micros) / 1e6
    }

    /// The zone as the server wrote it; empty if it didn't.
    pub fn zone(self) -> &'t [u8] {
        self.zone.trim_ascii_start()
    }
}

/// A text without the era behind it, and whether that is before Christ.
fn without_era(text: &[u8]) -> (&[u8], bool) {
    text.strip_suffix(b" BC").map_or((text, false), |text| (text, true))
}

/// Days since 1970 of a year, a month and a day that are a date.
fn days((year, month, day): (i64, i64, i64), is_bc: bool) -> Option<i64> {
    let year = if is_bc { 1 - year } else { year };
    let is_date = (1..=12).contains(&month)
        && (1..=i64::from(days_in_month(year, month as u8))).contains(&day);
    is_date.then(|| day_number(year, month as u8, day as u8))
}

impl Order {
    /// From the parameter that the server reports: `ISO, MDY`.
    pub fn from_parameter(text: &[u8]) -> Order {
        if text.ends_with(b", DMY") { Order::DayFirst } else { Order::MonthFirst }
    }

    fn month_and_day(self, first: i64, second: i64) -> (i64, i64) {
        match self {
            Order::MonthFirst => (first, second),
            Order::DayFirst => (second, first),
        }
    }
}

/// An abbreviation as far as the server shows it.
fn shown(abbreviation: &str) -> &[u8] {
    let bytes = abbreviation.as_bytes();
    &bytes[..bytes.len().min(ABBREVIATION_LENGTH)]
}

/// `03:00:00.25`
fn write_clock(wall: WallTime, out: &mut Vec<u8>) {
    let (hour, minute, second) = wall.clock();
    let _ = write!(out, "{hour:02}:{minute:02}:{second:02}");
    if wall.micros != 0 {
        let _ = write!(out, ".{:06}", wall.micros);
        while out.last() == Some(&b'0') {
            out.pop();
        }
    }
}

/// `-04`, `+05:30`, `-00:01:15`
pub(super) fn write_offset(offset: i32, out: &mut Vec<u8>) {
    out.push(if offset < 0 { b'-' } else { b'+' });
    let seconds = offset.unsigned_abs();
    let _ = write!(out, "{:02}", seconds / 3600);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    if minutes != 0 || seconds != 0 {
        let _ = write!(out, ":{minutes:02}");
    }
    if seconds != 0 {
        let _ = write!(out, ":{seconds:02}");
    }
}

/// What is left to read.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    /// Goes past a byte.
    fn after(&mut self, byte: u8) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(self)
    }

    /// A number of so many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits < least || digits > most {
            return None;
        }
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        Some(number.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    fn two(&mut self) -> Option<i64> {
        self.number(2, 2)
    }

    fn year(&mut self) -> Option<i64> {
        self.number(4, 7)
    }

    /// The number of a word of three letters, from 1.
    fn word(&mut self, words: &[&str]) -> Option<i64> {
        let (word, rest) = self.0.split_at_checked(3)?;
        let at = words.iter().position(|known| known.as_bytes() == word)?;
        self.0 = rest;
        Some(at as i64 + 1)
    }

    /// `hh:mm:ss[.ffffff]`: the second of the day, and microseconds.
    fn clock(&mut self) -> Option<(i64, u32)> {
        let (hour, minute) = (self.two()?, self.after(b':')?.two()?);
        let second = self.after(b':')?.two()?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut micros = 0;
        if self.after(b'.').is_some() {
            let before = self.0.len();
            let fraction = self.number(1, 6)?;
            micros = fraction * 10_i64.pow(6 - (before - self.0.len()) as u32);
        }
        Some((hour * 3600 + minute * 60 + second, micros as u32))
    }

    /// `+hh[:mm[:ss]]`
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.after(b'+') {
            Some(_) => 1,
            None => {
                self.after(b'-')?;
                -1
            }
        };
        let mut seconds = self.two()? * 3600;
        for unit in [60, 1] {
            match self.after(b':') {
                Some(text) => seconds += text.two()? * unit,
                None => break,
            }
        }
        Some(sign * seconds)
    }
}
