//! Time zones by name: which there are, and what the clocks there show.
//!
//! Owns the zone database compiled in (chrono-tz). The server has its own, which may be newer or
//! older; nothing here decides what the server shows.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::TZ_VARIANTS;

/// The names of the zones that begin with `prefix`, whatever its case, sorted as the database
/// sorts them.
pub fn names(prefix: &str) -> impl Iterator<Item = &'static str> {
    let prefix = prefix.as_bytes().to_vec();
    TZ_VARIANTS.iter().map(|zone| zone.name()).filter(move |name| {
        name.len() >= prefix.len() && name.as_bytes()[..prefix.len()].eq_ignore_ascii_case(&prefix)
    })
}

/// What the clocks in a zone show at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Date and time as PostgreSQL's ISO style shows a timestamptz, without the offset:
    /// `2024-03-10 03:00:00` or `2024-03-10 03:00:00.25`.
    pub text: String,
    /// How far the zone is ahead of UTC, in seconds.
    pub offset: i32,
    /// The zone's abbreviation then: `EDT`.
    pub abbreviation: String,
}

impl LocalTime {
    /// As PostgreSQL's ISO style shows a timestamptz: `2024-03-10 03:00:00-04`.
    pub fn with_offset(&self) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let seconds = self.offset.unsigned_abs();
        let mut text = format!("{}{sign}{:02}", self.text, seconds / 3600);
        let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
        if minutes != 0 || seconds != 0 {
            text.push_str(&format!(":{minutes:02}"));
        }
        if seconds != 0 {
            text.push_str(&format!(":{seconds:02}"));
        }
        text
    }
}

/// What the clocks in the zone called `zone` (in any case) show `micros` microseconds after 1970
/// began in UTC; `None` for an unknown zone or a year that can't be told.
pub fn local_time(zone: &str, micros: i64) -> Option<LocalTime> {
    let zone = TZ_VARIANTS.iter().find(|known| known.name().eq_ignore_ascii_case(zone))?;
    let utc = DateTime::from_timestamp_micros(micros)?;
    let local = zone.from_utc_datetime(&utc.naive_utc());
    let mut text = local.format("%Y-%m-%d %H:%M:%S").to_string();
    let fraction = micros.rem_euclid(1_000_000);
    if fraction != 0 {
        text.push_str(format!(".{fraction:06}").trim_end_matches('0'));
    }
    Some(LocalTime {
        text,
        offset: local.offset().fix().local_minus_utc(),
        abbreviation: local.format("%Z").to_string(),
    })
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
    }

    /// One instant under three zones, and both sides of a daylight-saving change.
    #[test]
    fn local_times() {
        const SPRING: i64 = 1_710_054_000_000_000;
        for (zone, micros, expected, abbreviation) in [
            ("UTC", SPRING, "2024-03-10 07:00:00+00", "UTC"),
            ("America/New_York", SPRING, "2024-03-10 03:00:00-04", "EDT"),
            ("america/new_york", SPRING - 1, "2024-03-10 01:59:59.999999-05", "EST"),
            ("Asia/Kolkata", SPRING, "2024-03-10 12:30:00+05:30", "IST"),
            ("Europe/Amsterdam", -4_260_211_200_000_000, "1835-01-01 00:17:30+00:17:30", "LMT"),
        ] {
            let local = local_time(zone, micros).unwrap();
            assert_eq!(local.with_offset(), expected, "{zone}");
            assert_eq!(local.abbreviation, abbreviation);
        }
        assert_eq!(local_time("Nowhere", 0), None);
        assert_eq!(local_time("UTC", i64::MAX), None);
    }
}
