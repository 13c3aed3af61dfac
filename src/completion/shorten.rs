//! A long statement's items without what repeats: the middle of its lists.
//!
//! Owns what of a list may be left out without changing what may come behind it. A list of thousands
//! of lines would cost as many walks through the synopses of an expression, each for nothing.

use super::item::{Item, closings};
use super::keyword::ENDS_EXPRESSION;

/// Statements of fewer items are walked as they are.
const LONG: usize = 500;
/// So many parts of a list stay at its beginning, and as many at its end.
const KEPT: usize = 2;

/// Words that stand between the parts of a list.
const SEPARATORS: &[&str] = &["AND", "OR"];
/// Words that a part of a list may hold, though they end an expression.
const WITHIN: &[&str] = &["AS", "ASC", "DESC", "NULLS"];
/// Words that begin a statement, or more than a part of a list.
const BEGIN: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE", "CASE", "END", "ELSE", "BY",
    "RETURNS",
];

/// The items that matter for what comes behind them.
pub(super) fn shortened<'t>(items: &[Item<'t>]) -> Vec<Item<'t>> {
    if items.len() < LONG {
        return items.to_vec();
    }
    let closings = closings(items);
    let mut kept = Kept { items, out: Vec::new(), run: Vec::new() };
    // Where the present part began, with its separator, and whether it may be left out.
    let (mut start, mut is_plain) = (0, false);
    let mut at = 0;
    while let Some(item) = items.get(at) {
        if item.is_symbol(",") || item.is_any(SEPARATORS) {
            kept.part(start, at, is_plain);
            (start, is_plain) = (at, true);
        } else if ends_part(item) || item.closes() || item.opens() && closings[at].is_none() {
            is_plain = false;
        }
        at = closings[at].unwrap_or(at) + 1;
    }
    kept.part(start, items.len(), false);
    kept.out
}

fn ends_part(item: &Item<'_>) -> bool {
    item.is_any(BEGIN) || item.is_any(ENDS_EXPRESSION) && !item.is_any(WITHIN)
}

struct Kept<'i, 't> {
    items: &'i [Item<'t>],
    out: Vec<Item<'t>>,
    /// Parts that follow one another, and may be left out.
    run: Vec<(usize, usize)>,
}

impl Kept<'_, '_> {
    fn part(&mut self, start: usize, end: usize, is_plain: bool) {
        if is_plain {
            self.run.push((start, end));
            return;
        }
        let run = std::mem::take(&mut self.run);
        let behind = run.len().saturating_sub(KEPT).max(KEPT.min(run.len()));
        for (start, end) in run.iter().take(KEPT).chain(&run[behind..]) {
            self.out.extend_from_slice(&self.items[*start..*end]);
        }
        self.out.extend_from_slice(&self.items[start..end]);
    }
}
