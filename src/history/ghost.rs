//! The text to come: the entry that what is typed is likely to become.

use super::entry::{Context, Keeping};
use super::list::Entries;

impl Entries {
    /// The best entry that begins with what is typed and goes on: what did not fail before what
    /// did, what ran in this database before what ran elsewhere, the newest before the rest. Never
    /// one with a secret, which would be shown unasked.
    pub fn ghost(&self, typed: &str, here: &Context) -> Option<&str> {
        if typed.is_empty() {
            return None;
        }
        let mut best: Option<(bool, bool, u32)> = None;
        for &index in self.beginning_with(typed) {
            let Some(entry) = self.get(index as usize) else { continue };
            if best
                .is_some_and(|(succeeded, is_here, newest)| succeeded && is_here && newest > index)
            {
                continue;
            }
            if entry.text.len() == typed.len() || entry.keeping != Keeping::File {
                continue;
            }
            best = best.max(Some((!entry.has_failed(), entry.ran_in(here), index)));
        }
        let (_, _, index) = best?;
        self.get(index as usize).map(|entry| &*entry.text)
    }
}
