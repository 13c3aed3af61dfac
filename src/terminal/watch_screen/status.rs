//! The screen's first row and its last.

use std::ops::Range;

use super::looks::Looks;
use super::shown::{Section, Shown};
use crate::number::counted;
use crate::terminal::drawing::{Row, RowBuilder, Style, width};
use crate::watching::Seen;

/// What the keys do, and what of it is told where there is less room.
const KEYS: &[&str] = &["q ends, space asks now", "q ends"];
/// Columns for the names of rows that went.
const NAMES: usize = 30;

/// The first row: when, and how long it took.
pub(super) fn title(shown: &Shown, columns: usize, looks: &Looks) -> Row {
    let took = format!("{:.1} ms", shown.took.as_secs_f64() * 1000.0);
    ends(&shown.title, &[&took], columns, looks)
}

/// The last row: how many rows there are, what changed, what keys do. `window` is what is shown of how
/// many lines.
pub(super) fn status(
    shown: &Shown,
    window: (Range<usize>, usize),
    columns: usize,
    looks: &Looks,
) -> Row {
    let tables = shown.sections.iter().filter_map(|section| match section {
        Section::Table(seen) => Some(told(seen)),
        Section::Text(_) => None,
    });
    let mut text = tables.collect::<Vec<String>>().join("; ");
    let (window, all) = window;
    if window.len() < all {
        text += &format!("  [lines {}-{} of {all}, arrows scroll]", window.start + 1, window.end);
    }
    ends(&text, KEYS, columns, looks)
}

/// A table's size and what changed in it.
fn told(seen: &Seen) -> String {
    let mut text = counted(seen.total, "row");
    let rows = seen.rows.len() as u64;
    if rows < seen.total {
        text += &format!(", {rows} looked at");
    }
    if !seen.is_compared {
        return text;
    }
    let names = names(&seen.went_names);
    let parts = [
        (seen.came, format!("{} came", seen.came)),
        (seen.went, format!("{} went{names}", seen.went)),
        (seen.changed, format!("{} changed", counted(seen.changed as u64, "cell"))),
    ];
    let parts: Vec<&str> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(_, text)| text.as_str()).collect();
    text + ": " + &if parts.is_empty() { "no change".to_owned() } else { parts.join(", ") }
}

/// The names of rows that went, as many as there is room for.
fn names(all: &[String]) -> String {
    let mut text = String::new();
    for name in all {
        let more = format!("{}{name}", if text.is_empty() { "" } else { ", " });
        if width(&text) + width(&more) > NAMES {
            text += if text.is_empty() { "" } else { ", ..." };
            break;
        }
        text += &more;
    }
    if text.is_empty() { text } else { format!(" ({text})") }
}

/// A row with a text at its beginning and, at its end, the first of others that there is room for.
fn ends(text: &str, ends: &[&str], columns: usize, looks: &Looks) -> Row {
    let mut row = RowBuilder::new(columns);
    row.add(text, &Style::default());
    let free = columns.saturating_sub(row.width());
    if let Some(end) = ends.iter().find(|end| width(end) + 2 <= free) {
        row.fill_to(' ', columns - width(end), &Style::default());
        row.add(end, &looks.faint);
    }
    row.into_row()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How it is left is told as long as there is room for that.
    #[test]
    fn keys_are_told() {
        let looks = Looks::new(None);
        let shown = |columns| {
            let cells = ends("5 rows", KEYS, columns, &looks).cells;
            cells.iter().map(|cell| cell.character).collect::<String>()
        };
        assert_eq!(shown(30), "5 rows  q ends, space asks now");
        assert_eq!(shown(29), "5 rows                 q ends");
        assert_eq!(shown(14), "5 rows  q ends");
        assert_eq!(shown(13), "5 rows");
    }

    #[test]
    fn what_is_told() {
        let seen = |total, [came, changed, went]: [usize; 3], went_names: &[&str]| Seen {
            columns: Vec::new(),
            rows: Vec::new(),
            total,
            came,
            changed,
            went,
            went_names: went_names.iter().map(|name| (*name).to_owned()).collect(),
            is_compared: true,
        };
        for (seen, expected) in [
            (seen(0, [0, 0, 0], &[]), "0 rows: no change"),
            (seen(0, [1, 1, 1], &["7"]), "0 rows: 1 came, 1 went (7), 1 cell changed"),
            (seen(0, [0, 2, 2], &[]), "0 rows: 2 went, 2 cells changed"),
            (
                seen(0, [0, 0, 3], &["a name", "another name", "a longer name"]),
                "0 rows: 3 went (a name, another name, ...)",
            ),
            (Seen { is_compared: false, ..seen(2, [0, 0, 0], &[]) }, "2 rows, 0 looked at"),
        ] {
            assert_eq!(told(&seen), expected);
        }
    }
}
