//! Time zones: which there are, what clocks show there, and how the server writes it.
//!
//! Owns the calendar, the zone database compiled in, and the reading and writing of timestamps in
//! every `DateStyle`. What the server's own database says of a zone comes in as an answer to a
//! query written here; nothing here asks it.

mod calendar;
mod clock;
mod close_names;
mod compiled;
mod display;
mod list;
mod nested;
mod posix;
pub mod question;
mod rule;
mod shape;
mod style;
mod tell;
mod typed;
mod zone;

pub use calendar::{Instant, WallTime, day_number};
pub use clock::{Change, Clock};
pub use close_names::close_names;
pub use compiled::{VERSION, is_notation, names, spelling, zone};
pub use display::{Display, Unshown};
pub use list::parse_list;
pub use posix::is_strict;
pub use shape::Shape;
pub use style::{DateStyle, Order, Shown, time_of_day};
pub use tell::{disagreement, is_shown_twice, offset, shown_before, shown_in};
pub use typed::Typed;
pub use zone::{Instants, Zone};
