//! The rows as a table: header, frozen columns and the rest.

use super::super::columns::Seen;
use super::super::glyphs::one_line;
use super::super::page::PageRow;
use super::super::state::State;
use super::parts::{Drawn, add_value, no_rows, row_of, value_line};
use crate::result_view::Order;
use crate::terminal::drawing::{Position, Row, Style};

/// The table, from the header to the last row that is seen.
pub fn draw(state: &State) -> Drawn {
    let mut drawn = Drawn::default();
    if state.header_rows() > 0 {
        drawn.rows.push(header(state));
    }
    if state.header_rows() > 1 {
        drawn.rows.push(rule(state));
    }
    let top = state.rows.seen().start;
    let line = state.rows.cursor().saturating_sub(top) as usize;
    drawn.cursor = Position { row: drawn.rows.len() + line, column: cursor_column(state) };
    for number in state.rows.seen() {
        if let Some(row) = state.page.row(number) {
            drawn.rows.push(body(state, number, row));
        }
    }
    drawn.rows.extend(no_rows(state));
    drawn
}

/// Where the cursor's column begins on the screen.
fn cursor_column(state: &State) -> usize {
    let before = state.seen.iter().take_while(|seen| seen.place != state.place);
    1 + before.map(|seen| seen.width + 3).sum::<usize>()
}

fn header(state: &State) -> Row {
    let mut row = row_of(state);
    row.add(" ", &Style::default());
    for (at, seen) in state.seen.iter().enumerate() {
        let is_chosen = seen.place == state.place;
        let style = if is_chosen { &state.looks.header_chosen } else { &state.looks.header };
        let heading = &state.headings[seen.index];
        let sign = match state.sorted.filter(|(index, _)| *index == seen.index) {
            None => "",
            Some((_, Order::Ascending)) => state.looks.signs.rising,
            Some((_, Order::Descending)) => state.looks.signs.falling,
        };
        // What it is sorted by is told even where the name is cut.
        let room = seen.room.saturating_sub(sign.chars().count());
        let mut name = one_line(&heading.name, true, room, &state.looks, style);
        let sign = one_line(sign.as_bytes(), true, seen.room, &state.looks, style);
        name.width += sign.width;
        name.cells.extend(sign.cells);
        add_value(&mut row, name, seen.room, heading.alignment, Some(style));
        separate(state, &mut row, at, |signs| (" ", signs.0, " "));
    }
    row.into_row()
}

fn rule(state: &State) -> Row {
    let mut row = row_of(state);
    let faint = &state.looks.faint;
    let line = state.looks.signs.rule;
    row.add(line, faint);
    for (at, seen) in state.seen.iter().enumerate() {
        row.fill(line.chars().next().unwrap_or('-'), seen.room, faint);
        if at + 1 < state.seen.len() {
            separate(state, &mut row, at, |signs| (line, signs.1, line));
        } else {
            row.add(line, faint);
        }
    }
    row.into_row()
}

/// Adds what is between two columns.
fn separate<'a>(
    state: &'a State,
    row: &mut crate::terminal::drawing::RowBuilder,
    at: usize,
    signs: impl Fn((&'a str, &'a str)) -> (&'a str, &'a str, &'a str),
) {
    if at + 1 == state.seen.len() {
        return;
    }
    let all = &state.looks.signs;
    let pair = match state.seen[at].ends_frozen {
        true => (all.frozen_bar, all.frozen_cross),
        false => (all.bar, all.cross),
    };
    let (before, sign, behind) = signs(pair);
    for text in [before, sign, behind] {
        row.add(text, &state.looks.faint);
    }
}

fn body(state: &State, number: u64, values: &PageRow) -> Row {
    let mut row = row_of(state);
    let looks = &state.looks;
    let is_marked = state.marks.contains(values.arrival());
    let is_cursor = number == state.rows.cursor();
    let style = if is_marked { &looks.marked } else { &looks.plain };
    match (is_marked, is_cursor) {
        (true, _) => row.add("*", &looks.marked),
        (false, true) => row.add(">", &looks.faint),
        (false, false) => row.add(" ", &looks.plain),
    }
    if state.seen.is_empty() {
        row.add("(no columns)", &looks.faint);
    }
    for (at, seen) in state.seen.iter().enumerate() {
        let Seen { place, index, room, .. } = *seen;
        let line = value_line(state, values, index, room, style);
        let chosen = (is_cursor && place == state.place).then_some(&looks.chosen);
        add_value(&mut row, line, room, state.headings[index].alignment, chosen);
        separate(state, &mut row, at, |signs| (" ", signs.0, " "));
    }
    row.into_row()
}
