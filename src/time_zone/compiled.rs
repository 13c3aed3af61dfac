//! The zone database compiled in (chrono-tz). The server has its own, which may be newer or older.

use super::clock::{Change, Clock};
use super::posix;
use super::zone::{TABLE_YEARS, Zone, year_start};
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

/// Clocks are looked at so often, in seconds: no two changes that cancel each other are known to be
/// closer.
pub(super) const STEP: i64 = 7 * 86_400;

/// The version of the database: `2025b`.
pub const VERSION: &str = chrono_tz::IANA_TZDB_VERSION;

/// The names of the zones that begin with `prefix`, whatever its case, sorted as the database
/// sorts them.
pub fn names(prefix: &str) -> impl Iterator<Item = &'static str> {
    let prefix = prefix.as_bytes().to_vec();
    TZ_VARIANTS.iter().map(|zone| zone.name()).filter(move |name| {
        name.len() >= prefix.len() && name.as_bytes()[..prefix.len()].eq_ignore_ascii_case(&prefix)
    })
}

/// A zone's name as the database spells it.
pub fn spelling(name: &str) -> Option<&'static str> {
    variant(name).map(Tz::name)
}

fn variant(name: &str) -> Option<Tz> {
    TZ_VARIANTS.iter().copied().find(|known| known.name().eq_ignore_ascii_case(name))
}

/// The zone that PostgreSQL's `TimeZone` would mean by this text, as far as is known here: a name
/// of the database in any case, or the POSIX notation.
pub fn zone(name: &str) -> Option<Zone> {
    match variant(name) {
        Some(tz) => Some(of_database(tz)),
        None => posix::zone(name),
    }
}

/// Whether a zone is a notation that says all of it, and no name in a database.
pub fn is_notation(name: &str) -> bool {
    variant(name).is_none() && posix::zone(name).is_some()
}

fn of_database(tz: Tz) -> Zone {
    let first = year_start(*TABLE_YEARS.start());
    let end = year_start(*TABLE_YEARS.end() + 1);
    let mut changes = Vec::new();
    let mut lower = first;
    let initial = clock(tz, first);
    let mut before = initial.clone();
    while lower < end {
        let upper = lower + STEP;
        let after = clock(tz, upper);
        find_changes(tz, (lower, &before), (upper, &after), &mut changes);
        (lower, before) = (upper, after);
    }
    Zone::from_changes(tz.name().to_owned(), initial, changes)
}

/// Adds the changes between two instants of which the clocks are known.
fn find_changes(tz: Tz, lower: (i64, &Clock), upper: (i64, &Clock), changes: &mut Vec<Change>) {
    if lower.1 == upper.1 {
        return;
    }
    if upper.0 - lower.0 == 1 {
        changes.push(Change { at: upper.0, to: upper.1.clone() });
        return;
    }
    let middle = lower.0 + (upper.0 - lower.0) / 2;
    let between = clock(tz, middle);
    find_changes(tz, lower, (middle, &between), changes);
    find_changes(tz, (middle, &between), upper, changes);
}

fn clock(tz: Tz, seconds: i64) -> Clock {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
    let offset = tz.offset_from_utc_datetime(&utc);
    Clock { offset: offset.fix().local_minus_utc(), abbreviation: offset.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_prefix() {
        assert_eq!(names("america/new_").collect::<Vec<_>>(), ["America/New_York"]);
        assert!(names("Eu").all(|name| name.starts_with("Eu")));
        assert!(names("").count() > 400);
        assert_eq!(names("Nowhere/").count(), 0);
        assert_eq!(spelling("america/new_york"), Some("America/New_York"));
    }
}
