//! The net under production: which class a server is of, what holds there, which statements destroy
//! something, and what the user is asked.
//!
//! Owns the syntax of SERVERS and of a class's settings, and what counts as destructive. Never asks a
//! server or a user: whoever does says so with these words.

mod class_settings;
mod destructive;
mod plan;
mod query;
mod question;
mod servers;
mod statements;
mod syntax;
mod tally;

pub use self::class_settings::{ClassSettings, Confirm, color_of_word};
pub use self::destructive::{Destruction, Effect, destructions};
pub use self::plan::planned_rows;
pub use self::query::{has_changed_query, stored_query};
pub use self::question::{Estimate, Place, affected, describe};
pub use self::servers::{Servers, Target};
pub use self::statements::{Statement, ends_transaction, statements};
pub use self::syntax::SyntaxError;
pub use self::tally::Tally;
