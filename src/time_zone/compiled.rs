//! The zone database compiled in: chrono-tz's, written down by `build/zones.rs`. The server has its own,
//! which may be newer or older.
//!
//! A zone's table is, all numbers with their highest byte first: how many clocks there are (a byte); of each the
//! offset in seconds (4 bytes), and the abbreviation behind its length (a byte); how many changes there are (2
//! bytes); of each when it is, in seconds since 1970 (5 bytes), and to which clock (a byte). Before the
//! first change the first clock holds.

use super::clock::{Change, Clock};
use super::posix;
use super::zone::Zone;
use crate::packed::Packed;

/// The version of the database: `2025b`.
pub const VERSION: &str = env!("PGSH_TZDB_VERSION");

/// A line per zone: its name, and where its table begins.
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/zones.txt"));
static TABLES: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/zones.packed")));

/// The zones' names, and where their tables begin.
fn zones() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.lines().filter_map(|line| line.split_once(' '))
}

/// The names of the zones that begin with `prefix`, whatever its case, sorted as the database
/// sorts them.
pub fn names(prefix: &str) -> impl Iterator<Item = &'static str> {
    let prefix = prefix.as_bytes().to_vec();
    zones().map(|(name, _)| name).filter(move |name| {
        name.len() >= prefix.len() && name.as_bytes()[..prefix.len()].eq_ignore_ascii_case(&prefix)
    })
}

/// A zone's name as the database spells it.
pub fn spelling(name: &str) -> Option<&'static str> {
    zones().map(|(known, _)| known).find(|known| known.eq_ignore_ascii_case(name))
}

/// The zone that PostgreSQL's `TimeZone` would mean by this text, as far as is known here: a name
/// of the database in any case, or the POSIX notation.
pub fn zone(name: &str) -> Option<Zone> {
    of_database(name).or_else(|| posix::zone(name))
}

/// Whether a zone is a notation that says all of it, and no name in a database.
pub fn is_notation(name: &str) -> bool {
    spelling(name).is_none() && posix::zone(name).is_some()
}

fn of_database(name: &str) -> Option<Zone> {
    let (name, start) = zones().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let (clocks, changes) = read(TABLES.bytes().get(start.parse::<usize>().ok()?..)?)?;
    Some(Zone::from_changes(name.to_owned(), clocks.into_iter().next()?, changes))
}

/// The clocks and the changes of the table that `bytes` begins with.
fn read(bytes: &[u8]) -> Option<(Vec<Clock>, Vec<Change>)> {
    let (count, mut rest) = bytes.split_first()?;
    let mut clocks = Vec::with_capacity(usize::from(*count));
    for _ in 0..*count {
        let (offset, after) = rest.split_first_chunk::<4>()?;
        let (length, after) = after.split_first()?;
        let (abbreviation, after) = after.split_at_checked(usize::from(*length))?;
        let abbreviation = String::from_utf8_lossy(abbreviation).into_owned();
        clocks.push(Clock { offset: i32::from_be_bytes(*offset), abbreviation });
        rest = after;
    }
    let (count, mut rest) = rest.split_first_chunk::<2>()?;
    let count = u16::from_be_bytes(*count);
    let mut changes = Vec::with_capacity(usize::from(count));
    for _ in 0..count {
        let ([seconds @ .., index], after) = rest.split_first_chunk::<6>()?;
        changes
            .push(Change { at: seconds_of(seconds), to: clocks.get(usize::from(*index))?.clone() });
        rest = after;
    }
    Some((clocks, changes))
}

/// Five bytes as a number with its sign.
fn seconds_of(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { -1 } else { 0 };
    bytes.iter().fold(sign, |number, byte| (number << 8) | i64::from(*byte))
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

    /// Every zone can be read, and its changes are in order.
    #[test]
    fn tables_are_whole() {
        for name in names("") {
            let zone = of_database(name).unwrap_or_else(|| panic!("{name}"));
            let mut at = i64::MIN / 2;
            while let Some((next, _)) = zone.next_change(at).filter(|(next, _)| *next < 1 << 34) {
                assert!(next > at, "{name}");
                at = next;
            }
        }
        assert_eq!(seconds_of(&[0xff; 5]), -1);
        assert_eq!(seconds_of(&[0xfe, 0xc0, 0, 0, 0]), -5_368_709_120);
        assert_eq!(seconds_of(&[1, 0, 0, 0, 0]), 4_294_967_296);
    }
}
