//! The history file and the journal as one list.

use super::entry::{Entry, Keeping};
use std::collections::HashMap;

/// The journal's entries, and among them those of the history file that it knows nothing of: from
/// before there was a journal, of a shell that was killed while the statement ran. Both have the
/// newest last.
pub fn merge(journal: Vec<Entry>, file: Vec<String>) -> Vec<Entry> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, entry) in journal.iter().enumerate() {
        places.entry(&entry.text).or_default().push(index);
    }
    // From the newest to the oldest: `before` is the place of the last one found.
    let mut before = journal.len();
    let mut missing: Vec<(usize, String)> = Vec::new();
    for text in file.into_iter().rev() {
        match places.get(text.as_str()) {
            Some(places) => {
                let earlier = places.partition_point(|&place| place < before);
                // If there is none, shells that ran side by side wrote in another order.
                before = earlier.checked_sub(1).map_or(before, |at| places[at]);
            }
            None => missing.push((before, text)),
        }
    }
    drop(places);
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
