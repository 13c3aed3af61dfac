//! The last row: where the cursor is, what goes on, what was said, what is asked.

use super::super::glyphs::one_line;
use super::super::request::FORMATS;
use super::super::search::Way;
use super::super::state::{Message, Over, Shape, State, Task};
use super::super::text::LongText;
use super::parts::{grouped, row_of};
use crate::result_view::{Arrival, Order};
use crate::terminal::drawing::{Row, Style, width};

/// The row, and the column of the cursor where something is typed.
pub fn draw(state: &State) -> (Row, Option<usize>) {
    if let Over::Search(prompt, way, _) = &state.over {
        return question(state, prompt.text(), *way);
    }
    let mut row = row_of(state);
    let looks = &state.looks;
    row.add(" ", &looks.plain);
    let (texts, style) = left(state);
    let room = state.size.columns.saturating_sub(1);
    let (text, hint) = fitting(&texts, hints(state), room);
    row.add_cells(one_line(text.as_bytes(), true, room, looks, style).cells);
    if !hint.is_empty() {
        row.fill_to(' ', state.size.columns.saturating_sub(width(hint) + 1), &looks.plain);
        row.add(hint, &looks.faint);
    }
    (row.into_row(), None)
}

/// The longest of the texts beside the longest of the hints that have room together; a text alone
/// where none have. Both lists begin with the longest.
fn fitting<'t>(texts: &'t [String], hints: &[&'t str], room: usize) -> (&'t str, &'t str) {
    let together = texts.iter().flat_map(|text| hints.iter().map(move |hint| (text, *hint)));
    // Two blanks between them, one behind.
    let fits = |(text, hint): &(&String, &str)| width(text) + width(hint) + 3 <= room;
    if let Some((text, hint)) = together.into_iter().find(fits) {
        return (text, hint);
    }
    let alone = texts.iter().find(|text| width(text) <= room).or(texts.last());
    (alone.map_or("", String::as_str), "")
}

/// The question what to look for, and what is typed; of a long text the end.
fn question(state: &State, text: &str, way: Way) -> (Row, Option<usize>) {
    let mut row = row_of(state);
    let sign = match way {
        Way::Forward => "/",
        Way::Backward => "?",
    };
    row.add(sign, &Style::default());
    let room = state.size.columns.saturating_sub(2);
    let mut start = 0;
    while width(&text[start..]) > room {
        start += text[start..].chars().next().map_or(1, char::len_utf8);
    }
    row.add(&text[start..], &Style::default());
    let column = row.width();
    (row.into_row(), Some(column))
}

/// What stands at the left, and shorter ways to say it for the sake of the keys.
fn left(state: &State) -> (Vec<String>, &Style) {
    let looks = &state.looks;
    match &state.message {
        Some(Message::Note(text)) => return (vec![text.clone()], &looks.status),
        Some(Message::Error(text)) => return (vec![text.clone()], &looks.error),
        None => {}
    }
    let ways = match (&state.over, &state.task) {
        (Over::Copy, _) => copy_questions(state),
        (Over::Cell(text) | Over::Help(text), _) => vec![share(state, text)],
        (_, Task::Search(search)) => {
            let (done, of) = search.progress();
            let sought = state.sought.as_ref().map_or("", |sought| &sought.text);
            let share = percent(done, of);
            vec![
                format!("looking for {sought}: {share}% of {} rows; Ctrl-C stops", grouped(of)),
                format!("looking: {share}%; Ctrl-C stops"),
            ]
        }
        (_, Task::Sort(by, share)) => {
            let index = by.map(|(index, _)| index);
            let name = index.map_or_else(String::new, |index| name(state, index));
            let then = if state.waiting_search.is_some() { ", the search then" } else { "" };
            vec![
                format!("sorting by {name}{then}: {share}%; Ctrl-C stops"),
                format!("sorting: {share}%; Ctrl-C stops"),
            ]
        }
        _ => {
            let ways = vec![place(state, true), place(state, false), rows(state)];
            return (ways, &looks.status);
        }
    };
    // What goes on matters more than the keys.
    let room = state.size.columns.saturating_sub(1);
    let text = ways.iter().find(|text| width(text) <= room).or(ways.last()).cloned();
    (text.into_iter().collect(), &looks.status)
}

/// Where the cursor is, and what is special about the rows.
fn place(state: &State, tells_column: bool) -> String {
    let between = state.looks.signs.between;
    let mut parts = vec![rows(state)];
    if tells_column && state.columns.len() > 0 {
        parts.push(format!("column {} of {}", state.place + 1, state.columns.len()));
    }
    if let Some((index, order)) = state.sorted {
        let way = match order {
            Order::Ascending => state.looks.signs.rising,
            Order::Descending => state.looks.signs.falling,
        };
        parts.push(format!("by {} {way}", name(state, index)));
    }
    let counts = [(state.marks.len(), "marked"), (state.columns.hidden(), "hidden")];
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        parts.push(format!("{} {what}", grouped(count as u64)));
    }
    if state.follows {
        parts.push("following".to_owned());
    }
    if let Some(count) = state.count {
        parts.push(count.to_string());
    }
    parts.join(between)
}

/// How many rows there are, how fast they come, and why there are no more.
fn rows(state: &State) -> String {
    let count = grouped(state.rows.count());
    let row = match state.rows.count() {
        0 => "no rows".to_owned(),
        _ => format!("row {} of {count}", grouped(state.rows.cursor().saturating_add(1))),
    };
    match &state.arrival {
        Arrival::Whole => row,
        Arrival::Ended(reason) => {
            format!("{row}, then: {}", String::from_utf8_lossy(reason).trim())
        }
        Arrival::Coming | Arrival::Waiting => match state.pace.per_second() {
            Some(pace) => format!("{row} so far, {} a second", grouped(pace)),
            None => format!("{row} so far"),
        },
    }
}

fn name(state: &State, index: usize) -> String {
    let name = state.headings.get(index).map_or(&b""[..], |heading| &heading.name);
    String::from_utf8_lossy(name).into_owned()
}

fn copy_questions(state: &State) -> Vec<String> {
    let rows = || FORMATS.iter().filter(|(key, ..)| *key != 'v');
    let words =
        rows().map(|(key, _, name)| format!("({key}){}", name.strip_prefix(*key).unwrap_or(name)));
    let words = words.collect::<Vec<_>>().join(" ");
    let keys = rows().map(|(key, ..)| key.to_string()).collect::<Vec<_>>().join(" ");
    vec![
        format!("copy {} as {words}, or this (v)alue?", state.what_is_copied()),
        format!("copy as {words} (v)alue?"),
        format!("copy as {keys}, or v the value?"),
        format!("copy: {keys} v?"),
    ]
}

fn share(state: &State, text: &LongText) -> String {
    let (columns, rows) = state.pane_size();
    match text.share(columns, rows, &state.looks) {
        100 => "end".to_owned(),
        share => format!("{share}%"),
    }
}

fn percent(done: u64, of: u64) -> u64 {
    let share = (u128::from(done) * 100).checked_div(of.into()).unwrap_or(100);
    share.min(100) as u64
}

/// The keys to know, at the right: the more of them the better.
fn hints(state: &State) -> &'static [&'static str] {
    match (&state.over, state.shape) {
        (Over::Cell(_), _) => &["/ search  c copy  q back", "c copy  q back", "q back"],
        (Over::Help(_), _) => &["q back"],
        (Over::Copy, _) => &["Esc"],
        (_, Shape::Record) if state.is_record_of_table() => {
            &["h l rows  x table  H help  q back", "H help  q back", "q back"]
        }
        (_, Shape::Record) => &["h l rows  x table  H help  q quit", "H help  q quit", "q quit"],
        (_, Shape::Table) => &["Enter cell  x record  H help  q quit", "H help  q quit", "q quit"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_room() {
        let texts = ["row 1 of 500, column 1 of 6".to_owned(), "row 1 of 500".to_owned()];
        for (room, expected) in [
            (80, ("row 1 of 500, column 1 of 6", "H help  q quit")),
            (44, ("row 1 of 500, column 1 of 6", "H help  q quit")),
            (43, ("row 1 of 500, column 1 of 6", "q quit")),
            (36, ("row 1 of 500, column 1 of 6", "q quit")),
            (35, ("row 1 of 500", "H help  q quit")),
            (21, ("row 1 of 500", "q quit")),
            (20, ("row 1 of 500", "")),
            (5, ("row 1 of 500", "")),
        ] {
            let found = fitting(&texts, &["H help  q quit", "q quit"], room);
            assert_eq!(found, expected, "{room}");
        }
    }
}
