//! What only a menu offers beside the names that are looked up: functions worth calling and the
//! usual types before a letter is typed.

use super::candidates::Candidates;
use super::keyword::is_keyword;
use super::kind::CandidateKind;
use super::likelihood;

impl Candidates<'_> {
    /// Adds functions worth calling, in the order of their use. All are looked up once a letter is
    /// typed.
    pub fn usual_functions(&mut self) {
        if self.is_for_menu() && self.word.is_empty() {
            for name in likelihood::functions() {
                // Those that are key words are offered as such.
                if self.admits(name.as_bytes()) && !is_keyword(name.as_bytes()) {
                    self.push(format!("{name}(").into_bytes(), CandidateKind::Function);
                }
            }
        }
    }

    /// Adds the usual types.
    pub fn usual_types(&mut self, in_definition: bool) {
        if self.is_for_menu() {
            for name in likelihood::types() {
                let fits = in_definition || !name.ends_with("serial");
                if fits && self.admits(name.as_bytes()) {
                    self.push(name.as_bytes().to_vec(), CandidateKind::Type);
                }
            }
        }
    }
}
