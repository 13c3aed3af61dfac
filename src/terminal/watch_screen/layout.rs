//! A run laid out in lines: as a table, or a record for each row.
//!
//! Columns don't get narrower from run to run, so that what stays also stays where it is.

use super::looks::Looks;
use crate::print::{Alignment, Column};
use crate::terminal::drawing::{Row, RowBuilder, Style, width};
use crate::watching::{Seen, SeenCell, SeenRow};

/// A line that may be wider than the screen.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Vec<(String, Style)>);

impl Line {
    pub fn plain(text: impl Into<String>) -> Line {
        Line(vec![(text.into(), Style::default())])
    }

    fn add(&mut self, text: impl Into<String>, style: &Style) {
        self.0.push((text.into(), style.clone()));
    }

    /// The columns that it takes.
    fn width(&self) -> usize {
        self.0.iter().map(|(text, _)| width(text)).sum()
    }

    /// What a screen of so many columns shows of it, from this column on.
    pub fn row(&self, left: usize, columns: usize) -> Row {
        let mut row = RowBuilder::new(left.saturating_add(columns));
        for (text, style) in &self.0 {
            row.add(text, style);
        }
        let Row { cells, wraps } = row.into_row();
        let mut column = 0;
        let is_left = |cell: &crate::terminal::drawing::Cell| {
            column += cell.width;
            column <= left
        };
        Row { cells: cells.into_iter().skip_while(is_left).collect(), wraps }
    }
}

/// Lines of a run: the first of them stay where they are when the others are scrolled.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub head: Vec<Line>,
    pub body: Vec<Line>,
}

impl Lines {
    /// The columns of the widest.
    pub fn width(&self) -> usize {
        self.head.iter().chain(&self.body).map(Line::width).max().unwrap_or(0)
    }
}

/// The layout of one table, run after run.
#[derive(Debug, Default)]
pub(super) struct Layout {
    headings: Vec<Vec<u8>>,
    widths: Vec<usize>,
}

impl Layout {
    /// The run as a table.
    pub fn table(&mut self, seen: &Seen, looks: &Looks) -> Lines {
        self.widen(seen);
        let mut heading = Line::default();
        let mut rule = Line::default();
        for (at, (column, room)) in seen.columns.iter().zip(&self.widths).enumerate() {
            if at > 0 {
                heading.add(looks.bar.to_string(), &Style::default());
                rule.add(looks.cross.to_string(), &Style::default());
            }
            let text = name(column);
            let free = room.saturating_sub(width(&text));
            let (before, behind) = (free / 2, free - free / 2);
            heading.add(" ".repeat(before + 1), &Style::default());
            heading.add(text, &looks.heading);
            heading.add(" ".repeat(behind + 1), &Style::default());
            rule.add(String::from(looks.rule).repeat(room + 2), &Style::default());
        }
        let row = |row: &SeenRow| {
            let mut line = Line::default();
            for (at, cell) in row.cells.iter().enumerate() {
                if at > 0 {
                    line.add(looks.bar.to_string(), &Style::default());
                }
                add_mark(&mut line, row, cell, at, looks);
                add_padded(&mut line, row, cell, &seen.columns[at], self.widths[at], looks);
                line.add(" ", &Style::default());
            }
            line
        };
        Lines { head: vec![heading, rule], body: seen.rows.iter().map(row).collect() }
    }

    /// The run as records.
    pub fn records(&mut self, seen: &Seen, looks: &Looks) -> Lines {
        self.widen(seen);
        let names: Vec<String> = seen.columns.iter().map(name).collect();
        let label = names.iter().map(|name| width(name)).max().unwrap_or(0);
        let room = self.widths.iter().copied().max().unwrap_or(0);
        let mut lines = Lines::default();
        for (number, row) in (1..).zip(&seen.rows) {
            let title = format!("{}[ RECORD {number} ]", looks.rule);
            let rule = |columns: usize| String::from(looks.rule).repeat(columns);
            let (taken, whole) = (width(&title), label + 2 + room + 1);
            let rest = match (label + 1).checked_sub(taken) {
                Some(before) => format!("{}{}{}", rule(before), looks.cross, rule(room + 1)),
                None => rule(whole.saturating_sub(taken)),
            };
            let mut line = Line::default();
            line.add(title, if row.came { &looks.came } else { &looks.heading });
            line.add(rest, &Style::default());
            lines.body.push(line);
            for ((at, cell), name) in row.cells.iter().enumerate().zip(&names) {
                let mut line = Line::default();
                line.add(name.as_str(), &looks.heading);
                line.add(" ".repeat(label - width(name) + 1), &Style::default());
                line.add(looks.bar.to_string(), &Style::default());
                add_mark(&mut line, row, cell, at, looks);
                // Numbers among texts stand where those begin.
                let column = Column { alignment: Alignment::Left, ..seen.columns[at].clone() };
                add_padded(&mut line, row, cell, &column, 0, looks);
                lines.body.push(line);
            }
        }
        lines
    }

    fn widen(&mut self, seen: &Seen) {
        let headings: Vec<Vec<u8>> =
            seen.columns.iter().map(|column| column.name.clone()).collect();
        if self.headings != headings {
            self.widths = seen.columns.iter().map(|column| width(&name(column))).collect();
            self.headings = headings;
        }
        for row in &seen.rows {
            for (room, cell) in self.widths.iter_mut().zip(&row.cells) {
                *room = cell_width(cell).max(*room);
            }
        }
    }
}

fn name(column: &Column) -> String {
    String::from_utf8_lossy(&column.name).into_owned()
}

fn cell_width(cell: &SeenCell) -> usize {
    width(&cell.text) + cell.sparkline.as_ref().map_or(0, |bars| width(bars) + 1)
}

fn style(row: &SeenRow, looks: &Looks) -> Style {
    if row.came { looks.came.clone() } else { Style::default() }
}

/// Adds what stands before a cell, where otherwise a blank does.
fn add_mark(line: &mut Line, row: &SeenRow, cell: &SeenCell, column: usize, looks: &Looks) {
    match (row.came, cell.changed) {
        (true, _) if column == 0 => line.add("+", &looks.came),
        (_, true) => line.add(looks.changed_mark.to_string(), &Style::default()),
        _ => line.add(" ", &Style::default()),
    }
}

fn add_padded(
    line: &mut Line,
    row: &SeenRow,
    cell: &SeenCell,
    column: &Column,
    room: usize,
    looks: &Looks,
) {
    let blanks = " ".repeat(room.saturating_sub(cell_width(cell)));
    let style = match cell {
        SeenCell { changed: true, .. } => looks.changed.clone(),
        SeenCell { is_null: true, .. } => looks.null.clone(),
        _ => style(row, looks),
    };
    // What became empty shows as well.
    let outer = if cell.text.is_empty() { style.clone() } else { Style::default() };
    if column.alignment == Alignment::Right {
        line.add(blanks.as_str(), &outer);
    }
    line.add(cell.text.as_str(), &style);
    if let Some(bars) = &cell.sparkline {
        line.add(format!(" {bars}"), &looks.faint);
    }
    if column.alignment != Alignment::Right {
        line.add(blanks, &outer);
    }
}
