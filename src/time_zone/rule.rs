//! What comes every year: the rule by which clocks are changed where no table reaches.

use super::calendar::{DAY, date, day_number, days_in_month, is_leap, weekday};
use super::clock::{Change, Clock};
use crate::sort::sort_by_key;

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum YearDay {
    /// The first such weekday (0 is Sunday) not before a day of the month. A day that is not above 0
    /// is one of the month before.
    Weekday { month: u8, weekday: u8, not_before: i8 },
    /// The last such weekday of the month.
    LastWeekday { month: u8, weekday: u8 },
    /// A day counted from 1, as if there were no 29 February (POSIX: `Jn`).
    WithoutLeapDay(u16),
    /// A day counted from 0 (POSIX: `n`).
    Counted(u16),
}

impl YearDay {
    /// The day's number in a year.
    pub fn day_number(self, year: i64) -> i64 {
        let first_from =
            |day: i64, wanted: u8| day + (i64::from(wanted) - weekday(day)).rem_euclid(7);
        match self {
            YearDay::Weekday { month, weekday, not_before } => {
                first_from(day_number(year, month, 1) + i64::from(not_before) - 1, weekday)
            }
            YearDay::LastWeekday { month, weekday } => {
                first_from(day_number(year, month, days_in_month(year, month)) - 6, weekday)
            }
            YearDay::WithoutLeapDay(day) => {
                let leap_day = i64::from(is_leap(year) && day > 59);
                day_number(year, 1, 1) + i64::from(day) - 1 + leap_day
            }
            YearDay::Counted(day) => day_number(year, 1, 1) + i64::from(day),
        }
    }
}

/// A change of the clocks that comes every year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct YearlyChange {
    pub day: YearDay,
    /// Seconds since that day's midnight, by the clocks as they are before.
    pub second: i64,
    /// What the clocks show from then on.
    pub to: Clock,
}

/// Two changes a year, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule(pub [YearlyChange; 2]);

impl Rule {
    /// When the clocks change around a year, in order: the changes of the year before, of the year
    /// and of the year after.
    fn around(&self, year: i64) -> [(i64, &Clock); 6] {
        let [first, second] = &self.0;
        let at = |change: &YearlyChange, before: &Clock, year| {
            change.day.day_number(year) * DAY + change.second - i64::from(before.offset)
        };
        let mut changes = [year - 1, year, year + 1]
            .map(|year| [(first, second, year), (second, first, year)])
            .as_flattened()
            .iter()
            .map(|(change, other, year)| (at(change, &other.to, *year), &change.to))
            .collect::<Vec<_>>();
        sort_by_key(&mut changes, |(at, _)| *at);
        std::array::from_fn(|index| changes[index])
    }

    /// What clocks show at an instant.
    pub fn clock(&self, seconds: i64) -> &Clock {
        let around = self.around(year_of(seconds));
        let last = around.iter().rev().find(|(at, _)| *at <= seconds);
        last.map_or(around[0].1, |(_, clock)| clock)
    }

    /// The first change behind an instant.
    pub fn next(&self, seconds: i64) -> Option<(i64, &Clock)> {
        let around = self.around(year_of(seconds));
        around.into_iter().find(|(at, clock)| *at > seconds && self.clock(at - 1) != *clock)
    }

    /// The rule that these changes follow, if each of the years from `first` to `last` has two of
    /// them on the same weekday of the same week at the same time. It takes 11 years to see
    /// every date that a rule can fall on.
    pub fn of(changes: &[Change], first: i64, last: i64) -> Option<Rule> {
        let start = day_number(first, 1, 1) * DAY;
        let from = changes.partition_point(|change| change.at < start);
        let before = changes[..from].last()?.to.clone();
        let changes = &changes[from..];
        let years = usize::try_from(last - first + 1).ok()?;
        if years < 11 || changes.len() != 2 * years {
            return None;
        }
        let slot = |slot: usize| {
            let walls: Vec<i64> = (slot..changes.len())
                .step_by(2)
                .map(|at| {
                    let clock = if at == 0 { &before } else { &changes[at - 1].to };
                    changes[at].at + i64::from(clock.offset)
                })
                .collect();
            yearly_change(&walls, first, changes[slot].to.clone())
        };
        let rule = Rule([slot(0)?, slot(1)?]);
        let follows = |change: &Change| {
            rule.clock(change.at) == &change.to && rule.clock(change.at - 1) != &change.to
        };
        changes.iter().all(follows).then_some(rule)
    }
}

/// What the times of one change by the wall, one a year from `first` on, have in common.
fn yearly_change(walls: &[i64], first: i64, to: Clock) -> Option<YearlyChange> {
    let second = walls.first()?.rem_euclid(DAY);
    let (_, month, _) = date(walls.iter().max_by_key(|wall| day_of_year(**wall))?.div_euclid(DAY));
    let day_of_month =
        |(year, wall): (i64, &i64)| wall.div_euclid(DAY) - day_number(year, month, 1) + 1;
    let not_before = (first..).zip(walls).map(day_of_month).min()?;
    let day = YearDay::Weekday {
        month,
        weekday: weekday(walls[0].div_euclid(DAY)) as u8,
        not_before: i8::try_from(not_before).ok()?,
    };
    Some(YearlyChange { day, second, to })
}

fn day_of_year(wall: i64) -> i64 {
    let day = wall.div_euclid(DAY);
    day - day_number(date(day).0, 1, 1)
}

/// The year of an instant in UTC.
fn year_of(seconds: i64) -> i64 {
    date(seconds.div_euclid(DAY)).0
}
