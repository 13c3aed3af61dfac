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
    let (text, style) = left(state);
    let room = state.size.columns.saturating_sub(1);
    let hint = hint(state);
    row.add_cells(one_line(text.as_bytes(), true, room, looks, style).cells);
    let from = state.size.columns.saturating_sub(width(&hint) + 1);
    // Only where it does not touch what is said.
    if from > row.width() + 1 {
        row.fill_to(' ', from, &looks.plain);
        row.add(&hint, &looks.faint);
    }
    (row.into_row(), None)
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

/// What stands at the left.
fn left(state: &State) -> (String, &Style) {
    let looks = &state.looks;
    match &state.message {
        Some(Message::Note(text)) => return (text.clone(), &looks.status),
        Some(Message::Error(text)) => return (text.clone(), &looks.error),
        None => {}
    }
    let text = match (&state.over, &state.task) {
        (Over::Copy, _) => copy_question(state),
        (Over::Cell(text) | Over::Help(text), _) => share(state, text),
        (_, Task::Search(search)) => {
            let (done, of) = search.progress();
            let sought = state.sought.as_ref().map_or("", |sought| &sought.text);
            let share = percent(done, of);
            format!("looking for {sought}: {share}% of {} rows; Ctrl-C stops", grouped(of))
        }
        (_, Task::Sort(by, share)) => {
            let index = by.map(|(index, _)| index);
            let name = index.map_or_else(String::new, |index| name(state, index));
            let then = if state.waiting_search.is_some() { ", the search then" } else { "" };
            format!("sorting by {name}{then}: {share}%; Ctrl-C stops")
        }
        _ => place(state),
    };
    (text, &looks.status)
}

/// Where the cursor is, and what is special about the rows.
fn place(state: &State) -> String {
    let between = state.looks.signs.between;
    let mut parts = vec![rows(state)];
    if state.columns.len() > 0 {
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

fn copy_question(state: &State) -> String {
    let mut text = format!("copy {} as", state.what_is_copied());
    for (key, _, name) in FORMATS.iter().filter(|(key, ..)| *key != 'v') {
        text.push_str(&format!(" ({key}){}", name.strip_prefix(*key).unwrap_or(name)));
    }
    text.push_str(", or this (v)alue?");
    text
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

/// The keys to know, at the right.
fn hint(state: &State) -> String {
    let text = match (&state.over, state.shape) {
        (Over::Cell(_), _) => "c copy  q back",
        (Over::Help(_), _) => "q back",
        (Over::Copy, _) => "Esc",
        (_, Shape::Record) if state.is_record_of_table() => "Enter cell  x table  H help",
        (_, Shape::Record) => "h l rows  x table  H help  q quit",
        (_, Shape::Table) => "Enter cell  x record  H help  q quit",
    };
    text.to_owned()
}
