//! What only a menu offers beside the names that are looked up: functions worth calling and the
//! usual types before a letter is typed, and what the statement calls its tables.

use super::candidates::{Candidate, Candidates, Nearness};
use super::kind::CandidateKind;
use super::likelihood;
use super::name::quoted;
use super::scope::Table;

impl Candidates<'_> {
    /// Adds functions worth calling, in the order of their use. In a list, all are looked up once
    /// a letter is typed.
    pub fn usual_functions(&mut self) {
        if self.is_for_menu() {
            for name in likelihood::functions() {
                if self.admits(name.as_bytes()) {
                    self.push(format!("{name}(").into_bytes(), CandidateKind::Function);
                }
            }
        }
    }

    /// Adds the usual types.
    pub fn usual_types(&mut self) {
        if self.is_for_menu() {
            for name in likelihood::types() {
                if self.admits(name.as_bytes()) {
                    self.push(name.as_bytes().to_vec(), CandidateKind::Type);
                }
            }
        }
    }

    /// Adds what the tables are called, and the dot behind which their columns stand.
    pub fn aliases(&mut self, tables: &[Table]) {
        if !self.is_for_menu() {
            return;
        }
        for table in tables {
            let name = table.alias.as_deref().unwrap_or(&table.name.name);
            let text = [&quoted(name, false)[..], b"."].concat();
            if self.admits(&text) {
                let alias = Candidate::new(text, CandidateKind::Alias).near(Nearness::InScope);
                self.add(alias.with_note(&table.name.name));
            }
        }
    }
}
