//! A zone: what its clocks showed, show and will show.

use super::calendar::{DAY, day_number};
use super::clock::{Change, Clock};
use super::rule::Rule;

/// The first year that every table of changes is sure to have whole; from the next such on, what a
/// table has is a rule.
pub(super) const TABLE_YEARS: std::ops::RangeInclusive<i64> = 1800..=2099;
/// The years from which the rule of those to come is read.
const RULE_YEARS: i64 = 12;

/// Clocks are ahead of UTC, or behind it, by less than this.
const REACH: i64 = 8 * DAY;

/// A zone by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    /// What clocks showed before the first change.
    initial: Clock,
    /// In order.
    changes: Vec<Change>,
    /// How clocks are changed behind the last of them, if they are.
    rule: Option<Rule>,
}

/// The instants at which clocks show the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instants {
    /// As usual.
    One(i64),
    /// Clocks were turned back and showed it twice.
    Two(i64, i64),
    /// Clocks were turned forward and never showed it. The instants are those of clocks that were not
    /// turned, and of clocks that had been turned already.
    Skipped(i64, i64),
}

impl Zone {
    /// A zone whose changes of `TABLE_YEARS` are all known; those of later years follow from
    /// them.
    pub fn from_changes(name: String, initial: Clock, mut changes: Vec<Change>) -> Zone {
        let last = *TABLE_YEARS.end();
        changes.truncate(changes.partition_point(|change| change.at < year_start(last + 1)));
        let rule = Rule::of(&changes, last - RULE_YEARS + 1, last);
        Zone { name, initial, changes, rule }
    }

    /// A zone whose clocks are changed by a rule for ever.
    pub(super) fn from_rule(name: String, initial: Clock, rule: Option<Rule>) -> Zone {
        Zone { name, initial, changes: Vec::new(), rule }
    }

    /// The zone's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What clocks show at an instant.
    pub fn clock(&self, seconds: i64) -> &Clock {
        match self.changes.partition_point(|change| change.at <= seconds) {
            0 if self.changes.is_empty() => {
                self.rule.as_ref().map_or(&self.initial, |rule| rule.clock(seconds))
            }
            0 => &self.initial,
            known if known < self.changes.len() => &self.changes[known - 1].to,
            known => match &self.rule {
                Some(rule) if seconds >= year_start(*TABLE_YEARS.end() + 1) => rule.clock(seconds),
                _ => &self.changes[known - 1].to,
            },
        }
    }

    /// The first change behind an instant.
    pub fn next_change(&self, seconds: i64) -> Option<(i64, &Clock)> {
        let next = self.changes.partition_point(|change| change.at <= seconds);
        match self.changes.get(next) {
            Some(change) => Some((change.at, &change.to)),
            None => self.rule.as_ref()?.next(seconds),
        }
    }

    /// The instants at which clocks show so many seconds since 1970 began by them.
    pub fn instants(&self, wall: i64) -> Instants {
        let mut found = self.clocks_around(wall).into_iter().filter_map(|clock| {
            let at = wall - i64::from(clock.offset);
            (self.clock(at).offset == clock.offset).then_some(at)
        });
        match (found.next(), found.next()) {
            (Some(one), None) => Instants::One(one),
            (Some(one), Some(other)) => Instants::Two(one.min(other), one.max(other)),
            (None, _) => self.skipped(wall),
        }
    }

    /// The instant at which clocks show so many seconds and this abbreviation; `None` if there is
    /// none, or several.
    pub fn instant_abbreviated(
        &self,
        wall: i64,
        is_abbreviation: impl Fn(&str) -> bool,
    ) -> Option<i64> {
        let mut found = self.clocks_around(wall).into_iter().filter_map(|clock| {
            let at = wall - i64::from(clock.offset);
            let shown = self.clock(at);
            (shown.offset == clock.offset && is_abbreviation(&shown.abbreviation)).then_some(at)
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// The clocks in force not too far away, none ahead of UTC by the same.
    fn clocks_around(&self, wall: i64) -> Vec<&Clock> {
        let mut at = wall - REACH;
        let mut clocks = vec![self.clock(at)];
        while let Some((next, clock)) =
            self.next_change(at).filter(|(next, _)| *next < wall + REACH)
        {
            at = next;
            if clocks.iter().all(|known| known.offset != clock.offset) {
                clocks.push(clock);
            }
        }
        clocks
    }

    /// Both readings of what clocks never showed.
    fn skipped(&self, wall: i64) -> Instants {
        let mut at = wall - REACH;
        while let Some((next, clock)) = self.next_change(at) {
            let before = self.clock(at).offset;
            if wall - i64::from(before) >= next && wall - i64::from(clock.offset) < next {
                return Instants::Skipped(wall - i64::from(before), wall - i64::from(clock.offset));
            }
            at = next;
            if at > wall + REACH {
                break;
            }
        }
        Instants::One(wall - i64::from(self.clock(wall).offset))
    }
}

/// When a year begins in UTC.
pub(super) fn year_start(year: i64) -> i64 {
    day_number(year, 1, 1) * DAY
}
