//! `\dryrun`: what a statement would do, told by doing it in a transaction that is rolled back.
//!
//! Owns what can't be tried so, what is asked of the server, and what locks mean. Runs nothing.

mod lock;
mod objection;
mod query;
mod sizes;
mod touched;
mod view;

pub use self::objection::{Manner, caution, objection, on_scratch};
pub use self::query::{locks_query, relations_query, timeouts_query};
pub use self::sizes::Sizes;
pub use self::touched::{Before, Touched, changed, touched};
pub use self::view::table;
