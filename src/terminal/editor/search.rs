//! The search in the history: what is looked for, what was found, and how that is shown below the
//! line.
//!
//! Owns choosing among what was found. Never knows how it is found, nor keys.

use super::menu::MenuStyle;
use super::view::{Below, Span};
use crate::history::{self, Context, Databases, Entries, Filter, Match, Outcomes};
use crate::terminal::drawing::{Position, Row, RowBuilder, Size, Style};

/// The most entries that are listed at once.
const MAX_ROWS: usize = 8;
/// What stands before the text that is looked for.
const PROMPT: &str = "search: ";

/// A search that is open.
pub(super) struct Search {
    search: history::Search,
    query: String,
    filter: Filter,
    found: Vec<Match>,
    chosen: usize,
    /// Where the chosen entry has what is looked for.
    spans: Vec<Span>,
    /// What was being typed.
    typed: String,
}

impl Search {
    /// A search among these entries; `typed` is shown while nothing is found.
    pub fn new(entries: &Entries, typed: &str) -> Search {
        Search {
            search: history::Search::new(entries),
            query: String::new(),
            filter: Filter::default(),
            found: Vec::new(),
            chosen: 0,
            spans: Vec::new(),
            typed: typed.to_owned(),
        }
    }

    /// What is looked for.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Looks for something else.
    pub fn set_query(&mut self, query: String, entries: &Entries, here: &Context, mark: &Style) {
        self.query = query;
        self.find(entries, here, mark);
    }

    /// Looks in this database alone, or in all.
    pub fn toggle_database(&mut self, entries: &Entries, here: &Context, mark: &Style) {
        self.filter.databases = match self.filter.databases {
            Databases::All => Databases::This,
            Databases::This => Databases::All,
        };
        self.find(entries, here, mark);
    }

    /// Looks among what failed as well, or not.
    pub fn toggle_failed(&mut self, entries: &Entries, here: &Context, mark: &Style) {
        self.filter.outcomes = match self.filter.outcomes {
            Outcomes::All => Outcomes::Succeeded,
            Outcomes::Succeeded => Outcomes::Failed,
            Outcomes::Failed => Outcomes::All,
        };
        self.find(entries, here, mark);
    }

    fn find(&mut self, entries: &Entries, here: &Context, mark: &Style) {
        self.found = self.search.find(entries, &self.query, self.filter, here).to_vec();
        self.choose(0, entries, mark);
    }

    /// Chooses so many entries further down the list, or up.
    pub fn step(&mut self, by: isize, entries: &Entries, mark: &Style) {
        let last = self.found.len().saturating_sub(1);
        self.choose(self.chosen.saturating_add_signed(by).min(last), entries, mark);
    }

    fn choose(&mut self, at: usize, entries: &Entries, mark: &Style) {
        self.chosen = at;
        let ranges = match self.found.get(at) {
            Some(found) => self.search.marks(entries, *found),
            None => Vec::new(),
        };
        self.spans = ranges.into_iter().map(|range| Span { range, style: mark.clone() }).collect();
    }

    /// The entry chosen.
    pub fn chosen(&self) -> Option<usize> {
        self.found.get(self.chosen).map(|found| found.index)
    }

    /// What is shown on the line: the entry chosen, or what was being typed.
    pub fn text<'t>(&'t self, entries: &'t Entries) -> &'t str {
        let entry = self.chosen().and_then(|index| entries.get(index));
        entry.map_or(&self.typed, |entry| entry.text())
    }

    /// Where that has what is looked for.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The rows below the line: what is looked for, and what was found.
    pub fn below(&self, entries: &Entries, size: Size, room: usize, style: &MenuStyle) -> Below {
        let columns = size.columns.saturating_sub(1);
        let mut row = RowBuilder::new(columns);
        row.add(PROMPT, &style.faint);
        row.add(&self.query, &style.plain);
        let cursor = Position { row: 0, column: row.width() };
        row.add(&format!("   {}", self.status()), &style.faint);
        let height = room.saturating_sub(1).min(MAX_ROWS).min(self.found.len());
        let top = (self.chosen + 1).saturating_sub(height);
        let entry_row = |(at, found): (usize, &Match)| {
            let entry = entries.get(found.index)?;
            let is_chosen = at == self.chosen;
            let look = if is_chosen { &style.chosen } else { &style.plain };
            let mut row = RowBuilder::new(columns);
            row.add(if is_chosen { ">" } else { " " }, look);
            row.add(if entry.has_failed() { "!" } else { " " }, look);
            row.add(entry.text(), look);
            Some(row.into_row())
        };
        let listed = self.found.iter().enumerate().skip(top).take(height);
        let rows: Vec<Row> =
            [row.into_row()].into_iter().chain(listed.filter_map(entry_row)).collect();
        Below { rows, cursor: Some(cursor) }
    }

    /// What was found, among what, and behind each the key that changes it.
    fn status(&self) -> String {
        let databases = match self.filter.databases {
            Databases::All => "any database",
            Databases::This => "this database",
        };
        let outcomes = match self.filter.outcomes {
            Outcomes::All => "failed too",
            Outcomes::Succeeded => "not failed",
            Outcomes::Failed => "only failed",
        };
        let count = match (self.found.len(), self.query.is_empty()) {
            (0, true) => String::new(),
            (0, false) => "nothing found; ".to_owned(),
            (count, _) => format!("{} of {count}; ", self.chosen + 1),
        };
        format!("({count}{databases}: Alt-D, {outcomes}: Alt-F)")
    }
}

/// The row in which something is asked for: vi's `/`, say.
pub(super) fn query_row(before: &str, query: &str, cursor: usize, size: Size) -> Below {
    let style = Style::default();
    let mut row = RowBuilder::new(size.columns.saturating_sub(1));
    row.add(before, &style);
    row.add(query.get(..cursor).unwrap_or(query), &style);
    let position = Position { row: 0, column: row.width() };
    row.add(query.get(cursor..).unwrap_or_default(), &style);
    Below { rows: vec![row.into_row()], cursor: Some(position) }
}
