//! What the server's own database says of a zone: the query, and the zone from its answer.
//!
//! The server tells of a zone only what its clocks show at an instant. So the query looks at them
//! every week, and halves each week in which they differ until it has the second.

use super::clock::{Change, Clock};
use super::zone::{TABLE_YEARS, Zone, year_start};
use crate::catalog_query::{CatalogQuery, literal};
use crate::encoding::Encoding;

/// Clocks are looked at so often, in seconds: no two changes that cancel each other are known to be
/// closer. `build/zones.rs` looks as often.
const STEP: i64 = 7 * 86_400;

/// What clocks show at `$at`, under the session's zone.
const CLOCK: &str = "pg_catalog.date_part('timezone', pg_catalog.to_timestamp($at))\
     ::pg_catalog.int4::pg_catalog.text || ' ' || \
     pg_catalog.to_char(pg_catalog.to_timestamp($at), 'TZ')";

/// Asks for all changes of the clocks in the session's zone: rows of a second and what they show
/// from then on. The first row is the start of the table. `OFFSET 0` has the clocks looked at once
/// where they are named several times.
fn changes_in_session_zone(encoding: Encoding) -> CatalogQuery {
    let (first, end) = (year_start(*TABLE_YEARS.start()), year_start(*TABLE_YEARS.end() + 1));
    let clock = |at: &str| CLOCK.replace("$at", at);
    let sql = format!(
        "WITH RECURSIVE looked AS (\
           SELECT g.at, {} AS shown FROM pg_catalog.generate_series(\
             '{first}'::pg_catalog.int8, '{end}'::pg_catalog.int8 + {STEP}, {STEP}) AS g(at) OFFSET 0), \
         weeks AS (\
           SELECT l.at - {STEP} AS lower, pg_catalog.lag(l.shown) OVER (ORDER BY l.at) AS before, \
             l.at AS upper, l.shown AS after FROM looked AS l), \
         halves AS (\
           SELECT w.lower, w.before, w.upper, w.after FROM weeks AS w WHERE w.before <> w.after \
           UNION ALL \
           SELECT p.lower, p.before, p.upper, p.after FROM (\
             SELECT h.lower, h.before, h.upper, h.after, h.lower + (h.upper - h.lower) / 2 AS middle \
             FROM halves AS h WHERE h.upper - h.lower > 1) AS h \
           CROSS JOIN LATERAL (SELECT {} AS shown OFFSET 0) AS m \
           CROSS JOIN LATERAL (SELECT h.lower, h.before, h.middle, m.shown UNION ALL \
             SELECT h.middle, m.shown, h.upper, h.after) AS p(lower, before, upper, after) \
           WHERE p.before <> p.after) \
         SELECT '{first}'::pg_catalog.int8 AS at, {} AS shown \
         UNION ALL SELECT h.upper, h.after FROM halves AS h WHERE h.upper - h.lower = 1 \
         ORDER BY at",
        clock("g.at"),
        clock("h.middle"),
        clock(&format!("({first})")),
    );
    CatalogQuery::new(sql, encoding)
}

/// Asks for all changes of the clocks in a zone that the server knows. That is its session's zone
/// for no longer than this, in a transaction of its own.
pub fn changes(zone: &str, encoding: Encoding) -> CatalogQuery {
    let name = literal(zone.as_bytes(), encoding);
    let set = [&b"SELECT pg_catalog.set_config('TimeZone', "[..], &name, b", true)"].concat();
    changes_in_session_zone(encoding).after(CatalogQuery::new(set, encoding))
}

/// Asks how the server spells the name of a zone, in whatever case it is given.
pub fn spelling(name: &str, encoding: Encoding) -> CatalogQuery {
    let name = literal(name.as_bytes(), encoding);
    let sql = [
        &b"SELECT n.name FROM pg_catalog.pg_timezone_names AS n \
           WHERE pg_catalog.lower(n.name) = pg_catalog.lower("[..],
        &name,
        b") ORDER BY n.name LIMIT 1",
    ];
    CatalogQuery::new(sql.concat(), encoding)
}

/// The zone from the rows that came, each a second and what clocks show.
pub fn answered<'r>(
    name: &str,
    rows: impl Iterator<Item = (Option<&'r [u8]>, Option<&'r [u8]>)>,
) -> Option<Zone> {
    let mut changes = Vec::new();
    for (at, shown) in rows {
        let at = std::str::from_utf8(at?).ok()?.parse().ok()?;
        let (offset, abbreviation) = std::str::from_utf8(shown?).ok()?.split_once(' ')?;
        let (offset, abbreviation) = (offset.parse().ok()?, abbreviation.to_owned());
        changes.push(Change { at, to: Clock { offset, abbreviation } });
    }
    if changes.is_empty() {
        return None;
    }
    let initial = changes.remove(0).to;
    Some(Zone::from_changes(name.to_owned(), initial, changes))
}
