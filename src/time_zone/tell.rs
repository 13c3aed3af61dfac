//! What is told of zones: how instants are shown, and where two databases disagree.

use super::calendar::{Instant, WallTime};
use super::style::{DateStyle, write_offset};
use super::zone::{Instants, Zone};

/// An instant in a zone, with offset and abbreviation: `2024-03-10 03:00:00-04 EDT`.
pub fn shown_in(zone: &Zone, instant: Instant) -> String {
    let mut text = Vec::new();
    DateStyle::Iso.write(instant, zone, &mut text);
    let text = String::from_utf8_lossy(&text).into_owned();
    with_abbreviation(text, &zone.clock(instant.seconds).abbreviation)
}

/// The clocks as they were about to be changed: `2024-03-10 02:00:00-05 EST`.
pub fn shown_before(zone: &Zone, at: i64) -> String {
    let clock = zone.clock(at - 1);
    let wall = WallTime::at(Instant { seconds: at, micros: 0 }, clock.offset);
    let (hour, minute, second) = wall.clock();
    let (year, month, day) = (wall.year, wall.month, wall.day);
    let mut text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    text.push_str(&offset(clock.offset));
    with_abbreviation(text, &clock.abbreviation)
}

/// An offset from UTC: `-04`.
pub fn offset(seconds: i32) -> String {
    let mut text = Vec::new();
    write_offset(seconds, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// An abbreviation that is but the offset again says nothing.
fn with_abbreviation(text: String, abbreviation: &str) -> String {
    match abbreviation.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => format!("{text} {abbreviation}"),
        false => text,
    }
}

/// Whether the clocks of a zone show what they show at an instant once more.
pub fn is_shown_twice(zone: &Zone, instant: Instant) -> bool {
    let wall = instant.seconds + i64::from(zone.clock(instant.seconds).offset);
    matches!(zone.instants(wall), Instants::Two(..))
}

/// How many changes to come are compared.
const COMPARED: usize = 4;

/// Where the server's zone and the shell's own differ, of now and of the next changes.
pub fn disagreement(server: &Zone, own: &Zone, now: i64) -> Option<String> {
    let at = Instant { seconds: now, micros: 0 };
    let offsets = [server, own].map(|zone| zone.clock(now).offset);
    if offsets[0] != offsets[1] {
        let [there, here] = [server, own].map(|zone| shown_in(zone, at));
        return Some(format!("the server shows {there} now, these tables have {here}"));
    }
    let mut from = now;
    for _ in 0..COMPARED {
        let next = [server, own].map(|zone| zone.next_change(from));
        if let [Some((there, clock)), Some((here, own_clock))] = next
            && there == here
            && clock.offset == own_clock.offset
        {
            from = there;
            continue;
        }
        let told = |zone: &Zone, next: Option<(i64, _)>| match next {
            Some((at, _)) => format!(
                "{} becomes {}",
                shown_before(zone, at),
                shown_in(zone, Instant { seconds: at, micros: 0 })
            ),
            None => "no change follows".to_owned(),
        };
        let first = from == now;
        if next == [None, None] {
            return None;
        }
        let which = if first { "next change" } else { "later changes" };
        let (there, here) = (told(server, next[0]), told(own, next[1]));
        return Some(format!("{which}: by the server {there}, by these tables {here}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_zone::{Change, Clock, zone};

    const NOON: i64 = 1_710_072_000;

    #[test]
    fn instants_as_told() {
        let at = |seconds| Instant { seconds, micros: 0 };
        let new_york = zone("America/New_York").unwrap();
        assert_eq!(shown_in(&new_york, at(NOON)), "2024-03-10 08:00:00-04 EDT");
        assert_eq!(shown_before(&new_york, 1_710_054_000), "2024-03-10 02:00:00-05 EST");
        let sao_paulo = zone("America/Sao_Paulo").unwrap();
        assert_eq!(shown_in(&sao_paulo, at(NOON)), "2024-03-10 09:00:00-03");
        // 01:30 in New York on the day on which clocks were turned back.
        assert!(is_shown_twice(&new_york, at(1_730_611_800)));
        assert!(is_shown_twice(&new_york, at(1_730_615_400)));
        assert!(!is_shown_twice(&new_york, at(1_730_619_000)));
    }

    #[test]
    fn databases_that_disagree() {
        let berlin = zone("Europe/Berlin").unwrap();
        assert_eq!(disagreement(&berlin, &berlin, NOON), None);
        let clock = |offset, name: &str| Clock { offset, abbreviation: name.to_owned() };
        let fixed = |offset| {
            Zone::from_changes("Europe/Berlin".to_owned(), clock(offset, "CET"), Vec::new())
        };
        let told = disagreement(&fixed(7200), &berlin, NOON).unwrap();
        assert_eq!(
            told,
            "the server shows 2024-03-10 14:00:00+02 CET now, these tables have \
             2024-03-10 13:00:00+01 CET"
        );
        let told = disagreement(&fixed(3600), &berlin, NOON).unwrap();
        assert_eq!(
            told,
            "next change: by the server no change follows, by these tables \
             2024-03-31 02:00:00+01 CET becomes 2024-03-31 03:00:00+02 CEST"
        );
        let once = vec![Change { at: 1_711_846_800, to: clock(7200, "CEST") }];
        let once = Zone::from_changes("Europe/Berlin".to_owned(), clock(3600, "CET"), once);
        let told = disagreement(&once, &berlin, NOON).unwrap();
        assert!(told.starts_with("later changes: by the server no change follows"), "{told}");
    }
}
