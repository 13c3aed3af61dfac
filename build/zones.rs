//! Writes chrono-tz's zones down without pointers: as its own tables they are a megabyte that the
//! loader has to go through each time a program starts.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use std::collections::HashMap;
use std::{fs, io, path::Path};

/// Clocks are looked at so often, in seconds: no two changes that cancel each other are known to be
/// closer.
const STEP: i64 = 7 * 86_400;
/// When 1800 and 2100 begin, in seconds since 1970: between them tables have all changes.
const FIRST: i64 = -5_364_662_400;
const END: i64 = 4_102_444_800;

/// How far clocks are ahead of UTC in seconds, and the abbreviation of their time.
type Clock = (i32, String);

/// Writes `zones.txt`, a line per zone with its name and where its table begins, and `zones.bin`, the
/// tables: `src/time_zone/compiled.rs` tells their form, and reads them.
pub fn write(out: &Path) -> io::Result<()> {
    println!("cargo::rustc-env=PGSH_TZDB_VERSION={}", chrono_tz::IANA_TZDB_VERSION);
    let (mut names, mut tables) = (String::new(), Vec::new());
    let mut written = HashMap::new();
    for zone in TZ_VARIANTS {
        let table = table(zone);
        let start = *written.entry(table.clone()).or_insert_with(|| {
            let start = tables.len();
            tables.extend_from_slice(&table);
            start
        });
        names += &format!("{} {start}\n", zone.name());
    }
    fs::write(out.join("zones.txt"), names)?;
    crate::pack::write(out, "zones", &tables)
}

fn table(zone: Tz) -> Vec<u8> {
    let mut clocks: Vec<Clock> = vec![clock(zone, FIRST)];
    let mut changes = Vec::new();
    let (mut lower, mut before) = (FIRST, clocks[0].clone());
    while lower < END {
        let upper = lower + STEP;
        let after = clock(zone, upper);
        find_changes(zone, (lower, &before), (upper, &after), &mut changes);
        (lower, before) = (upper, after);
    }
    let mut rows = Vec::new();
    for (at, clock) in &changes {
        let known = clocks.iter().position(|known| known == clock);
        let index = known.unwrap_or_else(|| {
            clocks.push(clock.clone());
            clocks.len() - 1
        });
        rows.extend_from_slice(&at.to_be_bytes()[3..]);
        rows.push(u8::try_from(index).expect("few clocks"));
    }
    let mut table = vec![u8::try_from(clocks.len()).expect("few clocks")];
    for (offset, abbreviation) in &clocks {
        table.extend_from_slice(&offset.to_be_bytes());
        table.push(u8::try_from(abbreviation.len()).expect("a short abbreviation"));
        table.extend_from_slice(abbreviation.as_bytes());
    }
    table.extend_from_slice(&u16::try_from(changes.len()).expect("few changes").to_be_bytes());
    table.extend_from_slice(&rows);
    table
}

/// Adds the changes between two instants of which the clocks are known.
fn find_changes(
    zone: Tz,
    lower: (i64, &Clock),
    upper: (i64, &Clock),
    changes: &mut Vec<(i64, Clock)>,
) {
    if lower.1 == upper.1 {
        return;
    }
    if upper.0 - lower.0 == 1 {
        changes.push((upper.0, upper.1.clone()));
        return;
    }
    let middle = lower.0 + (upper.0 - lower.0) / 2;
    let between = clock(zone, middle);
    find_changes(zone, lower, (middle, &between), changes);
    find_changes(zone, (middle, &between), upper, changes);
}

fn clock(zone: Tz, seconds: i64) -> Clock {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc);
    (offset.fix().local_minus_utc(), offset.to_string())
}
