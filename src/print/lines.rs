//! How much of the screen a table takes; tells whether it goes to the pager. Measured from what
//! psql does, which does not count titles, footers and frames.

use super::aligned::{fit, line_width};
use super::text::Layout;
use super::value::Shown;
use super::widths::Widths;
use super::{Expanded, Format, Options, Part, Screen, Table, fitted, limit};
use std::io;

/// What a table needs of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Its lines are wider than the screen.
    TooWide,
    /// About so many lines; not exact beyond what was asked for.
    Lines(u64),
}

/// What `table` needs of the screen, counting lines no further than to `enough`. What the fitted
/// format fits to the screen needs none.
///
/// # Errors
/// What the rows fail with.
pub fn need(
    table: &mut Table<'_>,
    options: &Options,
    screen: Screen,
    enough: u64,
) -> io::Result<Need> {
    if options.format == Format::Fitted
        && fitted::fit(table, options, Part::default(), screen)?.is_some()
    {
        return Ok(Need::Lines(0));
    }
    let rows = table.rows.count();
    let columns = table.columns.len() as u64;
    let expanded = Need::Lines(if columns == 0 { 0 } else { rows * (columns + 1) });
    if options.expanded == Expanded::On {
        return Ok(expanded);
    }
    if !matches!(options.format, Format::Aligned | Format::Wrapped) || rows >= enough {
        return Ok(Need::Lines(rows + 1));
    }
    // Few rows: they can be looked at one by one.
    let limit = limit(options, screen.columns);
    let widths = Widths::of(table, options)?;
    let fitted = fit(&widths, options, limit);
    if limit > 0 && line_width(&fitted, options.border) > limit {
        let several = columns > 1;
        let turned = options.expanded == Expanded::Auto && several;
        return Ok(if turned { expanded } else { Need::TooWide });
    }
    let mut layout = Layout::default();
    let mut shown = Shown::new(options);
    let headings = widths.columns.iter().map(|column| column.heading.lines).max().unwrap_or(0);
    let mut lines = headings as u64 + 1;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        layout.clear();
        for ((cell, column), &width) in row.cells().zip(table.columns).zip(&fitted) {
            layout.push(options.encoding, shown.raw(cell, column.right), width);
        }
        lines += layout.height().max(1) as u64;
    }
    Ok(Need::Lines(lines))
}
