//! A failure that the user was told of.
//!
//! Whoever gets one need not say it again, and knows nothing of what it was.

/// It failed, and that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported;
