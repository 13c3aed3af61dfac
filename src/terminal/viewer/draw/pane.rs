//! A long text over the rows: a cell, the keys.

use super::super::glyphs::one_line;
use super::super::state::State;
use super::super::text::LongText;
use super::parts::{Drawn, grouped, row_of};

/// The text below its title.
pub fn draw(state: &State, text: &LongText, title: &str) -> Drawn {
    let (columns, rows) = state.pane_size();
    let looks = &state.looks;
    let mut head = row_of(state);
    let style = &looks.header_chosen;
    head.add(" ", style);
    let title = one_line(title.as_bytes(), true, columns.saturating_sub(1), looks, style);
    head.add_cells(title.cells);
    head.fill_to(' ', columns, style);
    let mut drawn = Drawn { rows: vec![head.into_row()], ..Drawn::default() };
    if let (true, Some(index)) = (text.is_empty(), state.index()) {
        let is_null =
            state.page.row(state.rows.cursor()).is_some_and(|row| row.value(index).is_none());
        let mut row = row_of(state);
        row.add(if is_null { "(NULL)" } else { "(empty)" }, &looks.faint);
        drawn.rows.push(row.into_row());
        return drawn;
    }
    let sought = state.sought.as_ref().map(|sought| &sought.pattern);
    drawn.rows.extend(text.rows(columns, rows, sought, looks));
    drawn.cursor.row = 1;
    drawn
}

/// What stands above a cell: its column and row.
pub fn cell_title(state: &State) -> String {
    let name = state.index().map_or(&b""[..], |index| &state.headings[index].name);
    let name = String::from_utf8_lossy(name);
    let row = grouped(state.rows.cursor().saturating_add(1));
    format!("{name}{}row {row}", state.looks.signs.between)
}
