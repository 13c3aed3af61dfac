//! What was typed before, and how it went: the entries of the history, the text to come at the
//! cursor, and a search among them.
//!
//! Owns the entries and the two forms they are kept in: psql's history file and our journal. Never
//! knows where those lie, who types, or a server.

pub mod entry;
pub mod error_place;
mod ghost;
pub mod journal;
mod list;
mod merge;
pub mod pattern;
pub mod psql;
pub mod search;

#[cfg(test)]
mod tests;

pub use entry::{Context, Entry, Keeping, Outcome, Run, SqlState};
pub use list::Entries;
pub use merge::merge;
pub use search::{Databases, Filter, Match, Outcomes, Search};
