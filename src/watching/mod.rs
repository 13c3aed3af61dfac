//! A result that is asked for again and again: what changed since the run before, how fast, which rows
//! came and which went.
//!
//! Owns how rows of one run are found again in the next. Never asks a server, and knows no screen.

mod pairs;
mod rate;
mod sample;
mod sparkline;
mod watched;

pub use sample::Sample;
pub use watched::{Extras, Numbers, Seen, SeenCell, SeenRow, Watched};
