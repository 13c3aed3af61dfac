//! What is to be seen of a run.

use crate::watching::Seen;
use std::time::Duration;

/// A run to show.
#[derive(Debug)]
pub struct Shown {
    /// What stands above it.
    pub title: String,
    /// How long the server took.
    pub took: Duration,
    /// Its parts, from above.
    pub sections: Vec<Section>,
}

/// A part of a run.
#[derive(Debug)]
pub enum Section {
    /// A result.
    Table(Seen),
    /// What was said instead.
    Text(String),
}
