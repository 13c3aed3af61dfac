//! The history file and the journal as one list.

use super::entry::{Entry, Keeping};
use std::collections::HashMap;

/// The journal's entries, and among them those of the history file that it knows nothing of: from
/// before there was a journal, of a shell that was killed while the statement ran. Both have the
/// newest last.
pub fn merge(journal: Vec<Entry>, file: &[String]) -> Vec<Entry> {
    let mut places: HashMap<&str, Vec<usize>> =
        file.iter().map(|text| (text.as_str(), Vec::new())).collect();
    for (index, entry) in journal.iter().enumerate() {
        if let Some(places) = places.get_mut(&*entry.text) {
            places.push(index);
        }
    }
    // From the newest to the oldest: `before` is the place of the last one found.
    let mut before = journal.len();
    let mut missing: Vec<(usize, &str)> = Vec::new();
    for text in file.iter().rev() {
        match places.get(text.as_str()) {
            Some(places) if !places.is_empty() => {
                let earlier = places.partition_point(|&place| place < before);
                // If there is none, shells that ran side by side wrote in another order.
                before = earlier.checked_sub(1).map_or(before, |at| places[at]);
            }
            _ => missing.push((before, text)),
        }
    }
    let mut merged = Vec::with_capacity(journal.len() + missing.len());
    for (index, entry) in journal.into_iter().enumerate() {
        while let Some((_, text)) = missing.pop_if(|(place, _)| *place <= index) {
            merged.push(Entry::new(text, Keeping::File));
        }
        merged.push(entry);
    }
    merged.extend(missing.into_iter().rev().map(|(_, text)| Entry::new(text, Keeping::File)));
    merged
}
