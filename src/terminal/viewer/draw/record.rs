//! The cursor's row as a record: a line for each column.

use super::super::glyphs::{measure, one_line};
use super::super::state::State;
use super::parts::{Drawn, add_value, grouped, no_rows, row_of, value_line};
use crate::print::Alignment;
use crate::terminal::drawing::{Position, Row};

/// The record, its title first.
pub fn draw(state: &State) -> Drawn {
    let mut drawn = Drawn::default();
    let indexes = state.columns.indexes();
    let widest =
        indexes.iter().map(|index| measure(&state.headings[*index].name, true, &state.looks));
    let name_width = widest.max().unwrap_or(0).min(state.size.columns / 3);
    drawn.rows.push(title(state, name_width));
    let Some(values) = state.page.row(state.rows.cursor()) else {
        drawn.rows.extend(no_rows(state));
        return drawn;
    };
    let height = state.size.rows.saturating_sub(2);
    for (place, index) in indexes.iter().enumerate().skip(state.record_top).take(height) {
        let heading = &state.headings[*index];
        let is_cursor = place == state.place;
        let looks = &state.looks;
        let mut row = row_of(state);
        row.add(if is_cursor { ">" } else { " " }, &looks.faint);
        let style = if is_cursor { &looks.header_chosen } else { &looks.header };
        let name = one_line(&heading.name, true, name_width, looks, style);
        add_value(&mut row, name, name_width, Alignment::Left, Some(style));
        row.add(&format!(" {} ", looks.signs.bar), &looks.faint);
        if is_cursor {
            drawn.cursor = Position { row: drawn.rows.len(), column: row.width() };
        }
        let room = state.size.columns.saturating_sub(row.width());
        let line = value_line(state, values, *index, room, &looks.plain);
        let chosen = is_cursor.then_some(&looks.chosen);
        let width = line.width.max(1);
        add_value(&mut row, line, width, Alignment::Left, chosen);
        drawn.rows.push(row.into_row());
    }
    drawn
}

/// As psql's expanded form has it: `-[ RECORD 5 ]-+---`.
fn title(state: &State, name_width: usize) -> Row {
    let faint = &state.looks.faint;
    let signs = &state.looks.signs;
    let line = signs.rule.chars().next().unwrap_or('-');
    let mut row = row_of(state);
    row.fill(line, 1, faint);
    if state.rows.count() > 0 {
        let number = grouped(state.rows.cursor().saturating_add(1));
        row.add(&format!("[ RECORD {number} ]"), &state.looks.header);
    }
    row.fill_to(line, name_width + 2, faint);
    row.add(if row.width() == name_width + 2 { signs.cross } else { signs.rule }, faint);
    row.fill_to(line, state.size.columns, faint);
    row.into_row()
}
