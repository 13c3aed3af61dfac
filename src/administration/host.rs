//! The shell as what ends sessions needs it, and how tables are laid out.

use crate::describe::Host;
use std::time::Duration;

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Go on.
    Yes,
    /// Leave it, or nothing at all.
    No,
    /// Nobody is there to ask.
    Nobody,
}

/// The shell around: it runs queries, shows tables, asks the user, and waits.
pub trait Desk: Host {
    /// Asks the user whether to go on.
    fn confirm(&mut self, question: &[u8]) -> Answered;
    /// Waits for so long; whether nobody pressed Ctrl-C meanwhile.
    fn pause(&mut self, time: Duration) -> bool;
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// `+`: everything, and whole queries.
    pub is_verbose: bool,
    /// `x`: expanded.
    pub is_expanded: bool,
    /// How wide the screen is, if a user reads the table on one: there, columns without a value are
    /// left out, and queries are cut to the room that is left.
    pub screen: Option<usize>,
}
