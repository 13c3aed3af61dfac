//! The order of a menu: what is likeliest comes first.
//!
//! A pure function over candidates. What begins with the word goes before what has it at the start
//! of a part, and that before what has its letters somewhere; among equals the likelier goes first:
//! by what usually follows ([`likelihood`](super::likelihood)), by what the statement speaks of,
//! and by what this user uses. The system's own names come last unless begun.

use super::candidates::{Candidate, Nearness};
use super::catalog::{Catalog, Dialect, Name, Presentation, Wanted};
use super::kind::CandidateKind;
use super::likelihood::{NAME, Prediction, Unit, VALUE, clause_start, typed};
use super::matching::{Match, Matcher};
use crate::encoding::Encoding;
use crate::variables::KeywordCase;
use std::collections::{HashMap, HashSet};

/// A catalog that is asked for a menu.
pub(super) struct ForMenu<'c> {
    catalog: &'c mut dyn Catalog,
    case: KeywordCase,
}

impl<'c> ForMenu<'c> {
    /// For a menu behind this text. Before a letter is typed, key words are written as the
    /// statement's first.
    pub fn new(catalog: &'c mut dyn Catalog, before: &[u8]) -> ForMenu<'c> {
        let case = match catalog.keyword_case() {
            preserve @ (KeywordCase::PreserveLower | KeywordCase::PreserveUpper) => {
                case_of_statement(before).unwrap_or(preserve)
            }
            case => case,
        };
        ForMenu { catalog, case }
    }
}

/// The case of the key words so far, if no word is begun.
fn case_of_statement(text: &[u8]) -> Option<KeywordCase> {
    let is_begun = text.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let units = typed(text);
    let first = units.first().filter(|_| !is_begun)?;
    let lower = first.written_lower?;
    Some(if lower { KeywordCase::Lower } else { KeywordCase::Upper })
}

impl Catalog for ForMenu<'_> {
    fn look_up(&mut self, wanted: &Wanted<'_>, typed: &[u8]) -> Vec<Name> {
        match typed {
            b"" => self.catalog.look_up(wanted, b""),
            _ => self.catalog.look_up_anywhere(wanted, typed),
        }
    }

    fn usage(&self, word: &[u8]) -> f64 {
        self.catalog.usage(word)
    }

    fn presentation(&self) -> Presentation {
        Presentation::Menu
    }

    fn has_own_commands(&self) -> bool {
        self.catalog.has_own_commands()
    }

    fn dialect(&self) -> Dialect {
        self.catalog.dialect()
    }

    fn keyword_case(&self) -> KeywordCase {
        self.case
    }

    fn encoding(&self) -> Encoding {
        self.catalog.encoding()
    }
}

/// Where the candidates would stand.
pub(super) struct Situation<'s> {
    /// The word as typed.
    pub word: &'s [u8],
    /// The statement before it.
    pub before: &'s [Unit],
}

/// The candidates, the likeliest first, without those in which the word is not to be found.
pub(super) fn rank(
    candidates: Vec<Candidate>,
    situation: &Situation<'_>,
    usage: &dyn Fn(&[u8]) -> f64,
) -> Vec<Candidate> {
    let mut matcher = Matcher::new(situation.word);
    let matched: Vec<(Match, Candidate)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((matcher.find(candidate.word())?, candidate)))
        .collect();
    let weights = weights(&matched, situation, usage);
    let mut ranked: Vec<(Match, f64, Candidate)> = matched
        .into_iter()
        .zip(weights)
        .map(|((found, candidate), weight)| (found, weight, candidate))
        .collect();
    ranked.sort_by(|(a, weight_a, _), (b, weight_b, _)| {
        a.cmp(b).then_with(|| weight_b.total_cmp(weight_a))
    });
    ranked.into_iter().map(|(.., candidate)| candidate).collect()
}

/// How much more likely something is the more it is used.
const USED: f64 = 6.0;
/// What a meta-command itself takes is likelier than whatever else may stand there.
const OF_COMMAND: f64 = 100.0;
/// The same for functions: what one called a few times is not what one wants everywhere.
const FUNCTION_USED: f64 = 1.0;

/// How likely each candidate is.
fn weights(
    candidates: &[(Match, Candidate)],
    situation: &Situation<'_>,
    usage: &dyn Fn(&[u8]) -> f64,
) -> Vec<f64> {
    let prediction = Prediction::behind(situation.before);
    let mentioned = Mentioned::in_statement(situation.before);
    let mut names = Names { mentioned, positions: HashMap::new(), follows: false };
    let mut weights = Vec::with_capacity(candidates.len());
    let mut sum = 0.0;
    for (_, candidate) in candidates {
        let factor = match candidate.kind {
            CandidateKind::Function => FUNCTION_USED,
            _ => USED,
        };
        let used = 1.0 + factor * usage(candidate.word());
        let weight = match candidate.kind {
            _ if candidate.nearness == Nearness::Command => Weight::Own(OF_COMMAND),
            CandidateKind::Keyword | CandidateKind::Option => {
                let word = String::from_utf8_lossy(&candidate.text);
                Weight::Own(prediction.keyword(&word) * used)
            }
            CandidateKind::Value => Weight::Own(prediction.of(VALUE) * used),
            CandidateKind::Function | CandidateKind::Type => {
                let word = String::from_utf8_lossy(&candidate.text).to_ascii_lowercase();
                let (own, any) = match candidate.kind {
                    CandidateKind::Function => prediction.function(word.trim_end_matches('(')),
                    _ => (prediction.of(&word), prediction.of(NAME) + 0.01),
                };
                // The user's own functions are as likely as the more usual ones of the system.
                let of_user = match candidate.nearness {
                    Nearness::Command | Nearness::Listed | Nearness::InScope | Nearness::Plain => {
                        0.05
                    }
                    Nearness::System => 0.001,
                    Nearness::Internal => 0.00001,
                };
                Weight::Own((own + any * of_user) * used)
            }
            _ => Weight::OfNames(names.weight(candidate) * used),
        };
        if let Weight::OfNames(weight) = weight {
            sum += weight;
        }
        weights.push(weight);
    }
    let all_names = prediction.of(NAME).max(0.02);
    let share = |weight: Weight| match weight {
        Weight::Own(weight) => weight,
        Weight::OfNames(weight) => all_names * weight / sum,
    };
    weights.into_iter().map(share).collect()
}

/// How likely something is.
#[derive(Clone, Copy)]
enum Weight {
    Own(f64),
    /// It shares the likelihood of a name with other names.
    OfNames(f64),
}

/// What the statement has spoken of.
struct Mentioned {
    /// Names of the clause, without what precedes their dots.
    in_clause: HashSet<Vec<u8>>,
    /// The last of them.
    last: Option<Vec<u8>>,
    /// Names before the clause.
    before: HashSet<Vec<u8>>,
    /// Names are written with dots.
    qualified: bool,
    clause: Clause,
}

/// What a clause does with columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    /// It lists columns, each once.
    List,
    /// It orders or groups by what was listed.
    Order,
    /// It compares.
    Condition,
    Other,
}

impl Mentioned {
    fn in_statement(units: &[Unit]) -> Mentioned {
        let start = clause_start(units);
        let (before, clause) = units.split_at(start.unwrap_or(0));
        let names = |units: &[Unit]| {
            let names = units.iter().filter_map(|unit| unit.name.as_deref()).map(last_part);
            names.map(<[u8]>::to_ascii_lowercase).collect::<Vec<_>>()
        };
        let in_clause = names(clause.get(1..).unwrap_or_default());
        let is = |words: &[&str]| {
            clause.first().is_some_and(|first| words.iter().any(|word| first.is(word)))
        };
        let kind = match () {
            () if is(&["SELECT", "INTO", "SET", "RETURNING"]) => Clause::List,
            () if clause.first().is_some_and(|first| first.name.is_some()) => Clause::List,
            () if is(&["BY"]) => Clause::Order,
            () if is(&["WHERE", "ON", "HAVING", "AND", "USING"]) => Clause::Condition,
            () => Clause::Other,
        };
        Mentioned {
            last: in_clause.last().cloned(),
            in_clause: in_clause.into_iter().collect(),
            before: names(before).into_iter().collect(),
            qualified: units
                .iter()
                .filter_map(|unit| unit.name.as_deref())
                .any(|name| name.contains(&b'.')),
            clause: kind,
        }
    }
}

/// What follows the last dot.
fn last_part(name: &[u8]) -> &[u8] {
    memchr::memrchr(b'.', name).map_or(name, |dot| &name[dot + 1..])
}

/// Names among each other, in the order in which they were found.
struct Names {
    mentioned: Mentioned,
    /// How many there were of this kind and nearness.
    positions: HashMap<(CandidateKind, Nearness), u32>,
    /// The column before was the last to be mentioned.
    follows: bool,
}

impl Names {
    fn weight(&mut self, candidate: &Candidate) -> f64 {
        let position = self.positions.entry((candidate.kind, candidate.nearness)).or_default();
        let mut weight = 1.0 / f64::from(*position + 4);
        *position += 1;
        weight *= match candidate.nearness {
            Nearness::Command | Nearness::Listed => 16.0,
            Nearness::InScope => 2.0,
            Nearness::Plain => 1.0,
            Nearness::System => 0.01,
            Nearness::Internal => 0.0001,
        };
        weight
            * match candidate.kind {
                CandidateKind::Column => self.of_column(candidate),
                CandidateKind::Alias if self.mentioned.qualified => 4.0,
                CandidateKind::Alias => 0.4,
                CandidateKind::Join => 8.0,
                CandidateKind::Snippet => 2.0,
                CandidateKind::Schema | CandidateKind::Sequence | CandidateKind::Index => 0.3,
                _ => 1.0,
            }
    }

    fn of_column(&mut self, candidate: &Candidate) -> f64 {
        let name = last_part(&candidate.text).to_ascii_lowercase();
        let mentioned = &self.mentioned;
        let follows = std::mem::replace(
            &mut self.follows,
            mentioned.last.as_deref() == Some(name.as_slice()),
        );
        let mut weight = 1.0;
        if mentioned.qualified && !candidate.text.contains(&b'.') {
            weight *= 0.3;
        }
        let is_key = ["pk", "fk", "indexed"].iter().any(|mark| candidate.note.contains(mark));
        match mentioned.clause {
            Clause::List if mentioned.in_clause.contains(&name) => weight * 0.1,
            Clause::List if follows => weight * 4.0,
            Clause::Order if mentioned.in_clause.contains(&name) => weight * 0.1,
            Clause::Order if mentioned.before.contains(&name) => weight * 4.0,
            Clause::Condition if is_key => weight * 2.0,
            _ => weight,
        }
    }
}
