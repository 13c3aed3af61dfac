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
        let (style, order) = text.split_once(", ")?;
        let order = if order == "DMY" { Order::DayFirst } else { Order::MonthFirst };
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
        let (text, is_bc) = match text.strip_suffix(b" BC") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut text = Reader(text);
        let ((year, month, day), wall) = match self {
            DateStyle::Iso => {
                let (year, month, day) =
                    (text.year()?, text.after(b'-')?.two()?, text.after(b'-')?.two()?);
                ((year, month, day), text.after(b' ')?.clock()?)
            }
            DateStyle::Sql(order) => {
                let (first, second) = (text.two()?, text.after(b'/')?.two()?);
                let year = text.after(b'/')?.year()?;
                let (month, day) = order.month_and_day(first, second);
                ((year, month, day), text.after(b' ')?.clock()?)
            }
            DateStyle::German => {
                let (day, month) = (text.two()?, text.after(b'.')?.two()?);
                ((text.after(b'.')?.year()?, month, day), text.after(b' ')?.clock()?)
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
        let year = if is_bc { 1 - year } else { year };
        if !(1..=12).contains(&month)
            || day < 1
            || day > i64::from(days_in_month(year, month as u8))
        {
            return None;
        }
        let (second_of_day, micros) = wall;
        let seconds = day_number(year, month as u8, day as u8) * DAY + second_of_day;
        let seconds = match self {
            DateStyle::Iso => {
                let offset = text.offset()?;
                seconds - offset
            }
            DateStyle::Sql(_) | DateStyle::Postgres(_) | DateStyle::German => {
                let abbreviation = std::mem::take(&mut text.after(b' ')?.0);
                session?.instant_abbreviated(seconds, |known| shown(known) == abbreviation)?
            }
        };
        text.0.is_empty().then_some(Instant { seconds, micros })
    }
}

impl Order {
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
        self.number(4, 6)
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
