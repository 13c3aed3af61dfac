//! What the drawings share: rows, values in them, numbers.

use super::super::glyphs::{OneLine, mark_found, one_line};
use super::super::page::PageRow;
use super::super::state::State;
use crate::print::Alignment;
use crate::terminal::drawing::{Cell, Position, Row, RowBuilder, Style};

/// Rows being drawn, and where the cursor is among them.
#[derive(Debug, Default)]
pub struct Drawn {
    /// From the first one of the screen.
    pub rows: Vec<Row>,
    /// Where the cursor is.
    pub cursor: Position,
}

/// A row of the screen's width.
pub fn row_of(state: &State) -> RowBuilder {
    RowBuilder::new(state.size.columns)
}

/// What stands where rows would, if there are none.
pub fn no_rows(state: &State) -> Option<Row> {
    let text = if state.is_coming() { " (no rows yet)" } else { " (no rows)" };
    (state.rows.count() == 0).then(|| {
        let mut row = row_of(state);
        row.add(text, &state.looks.faint);
        row.into_row()
    })
}

/// A value in one line of at most so many columns.
pub fn value_line(
    state: &State,
    row: &PageRow,
    index: usize,
    room: usize,
    style: &Style,
) -> OneLine {
    let Some(value) = row.value(index) else {
        return one_line(&state.null, true, room, &state.looks, &state.looks.null);
    };
    let mut line = one_line(value.bytes, value.is_whole, room, &state.looks, style);
    if let Some(sought) = &state.sought {
        let mut from = 0;
        while let Some(found) = sought.pattern.find(value.bytes, from) {
            mark_found(&mut line.cells, &line.offsets, &found, &state.looks);
            from = found.end;
        }
    }
    line
}

/// Adds a value in so many columns, aligned; all of it in one style where it is chosen.
pub fn add_value(
    row: &mut RowBuilder,
    line: OneLine,
    width: usize,
    alignment: Alignment,
    chosen: Option<&Style>,
) {
    let plain = Style::default();
    let around = chosen.unwrap_or(&plain);
    let blanks = width.saturating_sub(line.width);
    let (before, behind) = match alignment {
        Alignment::Left => (0, blanks),
        Alignment::Right => (blanks, 0),
    };
    row.fill(' ', before, around);
    row.add_cells(line.cells.into_iter().map(|cell| match chosen {
        Some(style) => Cell { style: style.clone(), ..cell },
        None => cell,
    }));
    row.fill(' ', behind, around);
}

/// A number with its digits in groups.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
