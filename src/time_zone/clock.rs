//! What clocks show, and a change of that.

/// What the clocks of a zone show during some time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    /// How far they are ahead of UTC, in seconds.
    pub offset: i32,
    /// The abbreviation of that time: `EDT`.
    pub abbreviation: String,
}

/// A change of the clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, in seconds since 1970 began in UTC.
    pub at: i64,
    /// To what.
    pub to: Clock,
}
