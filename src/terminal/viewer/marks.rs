//! Which rows are marked: by their numbers in the order of arrival, so that they stay so when sorted.

use std::collections::BTreeSet;

/// The most rows that can be marked.
const MOST: usize = 1_000_000;

/// The rows that are marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    arrivals: BTreeSet<u64>,
}

impl Marks {
    /// Marks a row, or takes its mark away; false where there are too many.
    pub fn toggle(&mut self, arrival: u64) -> bool {
        if self.arrivals.remove(&arrival) {
            return true;
        }
        self.arrivals.len() < MOST && self.arrivals.insert(arrival)
    }

    /// Whether a row is marked.
    pub fn contains(&self, arrival: u64) -> bool {
        self.arrivals.contains(&arrival)
    }

    /// How many are marked.
    pub fn len(&self) -> usize {
        self.arrivals.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.arrivals.is_empty()
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        self.arrivals.clear();
    }

    /// The marked rows, in the order of their arrival.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.arrivals.iter().copied()
    }
}
