//! The Gregorian calendar as PostgreSQL counts it: for ever in both directions, days of 86,400
//! seconds.

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// A point in time, to the microsecond. PostgreSQL's last ones are past what 64 bits of
/// microseconds since 1970 hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Seconds since 1970 began in UTC.
    pub seconds: i64,
    /// Microseconds behind them, below a million.
    pub micros: u32,
}

/// What a calendar and a clock on a wall show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallTime {
    /// The year; 0 is 1 BC, -1 is 2 BC.
    pub year: i64,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// Seconds since midnight.
    pub second_of_day: i64,
    /// Microseconds behind them.
    pub micros: u32,
}

impl WallTime {
    /// What is shown where clocks are `offset` seconds ahead of UTC.
    pub fn at(instant: Instant, offset: i32) -> WallTime {
        let seconds = instant.seconds + i64::from(offset);
        let (year, month, day) = date(seconds.div_euclid(DAY));
        let second_of_day = seconds.rem_euclid(DAY);
        WallTime { year, month, day, second_of_day, micros: instant.micros }
    }

    /// Hour, minute and second.
    pub fn clock(self) -> (i64, i64, i64) {
        (self.second_of_day / 3600, self.second_of_day / 60 % 60, self.second_of_day % 60)
    }

    /// The day of the week, 0 is Sunday.
    pub fn weekday(self) -> i64 {
        weekday(day_number(self.year, self.month, self.day))
    }
}

/// Days from 1970-01-01 to this date. Years begin in March here, so that leap days come last; they
/// repeat after 400 years, which have 146,097 days.
pub fn day_number(year: i64, month: u8, day: u8) -> i64 {
    let month = i64::from(month);
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date so many days after 1970-01-01.
pub(super) fn date(day_number: i64) -> (i64, u8, u8) {
    let days = day_number + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap_days = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month as u8, day as u8)
}

/// The day of the week of a day number, 0 is Sunday.
pub(super) fn weekday(day_number: i64) -> i64 {
    (day_number + 4).rem_euclid(7)
}

/// How many days a month has.
pub(super) fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates() {
        for (year, month, day, number, of_week) in [
            (1970, 1, 1, 0, 4),
            (2000, 2, 29, 11_016, 2),
            (2000, 3, 1, 11_017, 3),
            (1969, 12, 31, -1, 3),
            (0, 2, 29, -719_469, 2),
            (-4713, 11, 24, -2_440_588, 1),
            (294_276, 12, 31, 106_762_939, 0),
        ] {
            assert_eq!(day_number(year, month, day), number, "{year}-{month}-{day}");
            assert_eq!(date(number), (year, month, day));
            assert_eq!(weekday(number), of_week, "{year}-{month}-{day}");
        }
    }

    /// Every day of two cycles of the calendar follows the one before.
    #[test]
    fn every_day() {
        let mut expected = (-400, 1, 1);
        for number in day_number(-400, 1, 1)..=day_number(400, 12, 31) {
            assert_eq!(date(number), expected);
            let (year, month, day) = expected;
            assert_eq!(day_number(year, month, day), number);
            expected = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                _ if day == days_in_month(year, month) => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
    }
}
