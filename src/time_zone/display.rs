//! Timestamps with time zone as they are shown under `\pset display_timezone`.

use super::nested::rewrite;
use super::shape::Shape;
use super::style::DateStyle;
use super::zone::Zone;
use std::cell::Cell;
use std::sync::Arc;

/// How the server wrote a result, and in which zones it is shown.
#[derive(Debug)]
pub struct Display {
    /// The zones, at least one.
    zones: Vec<Arc<Zone>>,
    /// How the server wrote timestamps.
    style: DateStyle,
    /// The session's zone, where the style does not tell the offset; `None` if it isn't known.
    session: Option<Arc<Zone>>,
    /// What could not be shown so.
    unshown: Cell<Option<Unshown>>,
}

/// Why a value is shown as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unshown {
    /// Nobody can tell what is in a value of this type.
    Type,
    /// Which instant it is can't be told.
    Instant,
}

impl Display {
    /// For results whose timestamps the server wrote in this style, in this zone.
    pub fn new(zones: Vec<Arc<Zone>>, style: DateStyle, session: Option<Arc<Zone>>) -> Display {
        Display { zones, style, session, unshown: Cell::new(None) }
    }

    /// The zones' names, in order.
    pub fn zone_names(&self) -> impl Iterator<Item = &str> {
        self.zones.iter().map(|zone| zone.name())
    }

    /// How many zones there are.
    pub fn zone_count(&self) -> usize {
        self.zones.len()
    }

    /// What was shown as it came since this was last asked.
    pub fn take_unshown(&self) -> Option<Unshown> {
        self.unshown.take()
    }

    /// Writes a value of this shape as it is shown in the zone at `index`; as it came where that
    /// can't be told.
    pub fn write(&self, shape: &Shape, value: &[u8], index: usize, out: &mut Vec<u8>) {
        let start = out.len();
        let Some(zone) = self.zones.get(index) else { return };
        let mut leaf = |text: &[u8], out: &mut Vec<u8>| {
            if matches!(text, b"infinity" | b"-infinity") {
                out.extend_from_slice(text);
                return Some(());
            }
            let instant = self.style.read(text, self.session.as_deref())?;
            self.style.write(instant, zone, out);
            Some(())
        };
        if rewrite(shape, value, out, &mut leaf).is_none() {
            let reason = match shape.holds_unknown() {
                true => holds_time(value).then_some(Unshown::Type),
                false => Some(Unshown::Instant),
            };
            self.unshown.set(self.unshown.get().or(reason));
            out.truncate(start);
            out.extend_from_slice(value);
        }
    }
}

/// Whether there is a time such as `03:00:00` in a text.
fn holds_time(text: &[u8]) -> bool {
    let is_time = |part: &[u8]| {
        part.iter().enumerate().all(|(at, byte)| match at {
            2 | 5 => *byte == b':',
            _ => byte.is_ascii_digit(),
        })
    };
    text.windows(8).any(is_time)
}
