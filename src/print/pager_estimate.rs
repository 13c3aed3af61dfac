//! How much of the screen a table takes, for whoever decides whether it goes to the pager. Measured
//! from what psql does, which does not count titles, footers and frames.

use super::cell_text::CellText;
use super::fitted;
use super::options::{Expanded, Format, Options};
use super::row_format::Context;
use super::table::{Screen, Table};
use super::text::Layout;
use super::widths::{Widths, line_width};
use std::io;

/// How much of the screen a table takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagerEstimate {
    /// Its lines are wider than the screen.
    TooWide,
    /// About so many lines; not exact beyond what was asked for.
    Lines(u64),
}

/// Estimates how much of the screen `table` takes, counting lines no further than to `enough`. What
/// the fitted format fits to the screen takes none.
///
/// # Errors
/// What the rows fail with.
pub fn pager_estimate(
    table: &mut Table<'_>,
    options: &Options,
    screen: Screen,
    enough: u64,
) -> io::Result<PagerEstimate> {
    let context = Context::new(table, options, screen);
    if options.format == Format::Fitted {
        if fitted::fit(&context, table.rows)?.is_some() {
            return Ok(PagerEstimate::Lines(0));
        }
        let options = fitted::unfitted(&context);
        return pager_estimate(table, &options, screen, enough);
    }
    let rows = table.rows.count();
    let columns = table.columns.len() as u64;
    let in_records = PagerEstimate::Lines(if columns == 0 { 0 } else { rows * (columns + 1) });
    if options.expanded == Expanded::On {
        return Ok(in_records);
    }
    if !matches!(options.format, Format::Aligned | Format::Wrapped) || rows >= enough {
        return Ok(PagerEstimate::Lines(rows + 1));
    }
    // Few rows: they can be looked at one by one.
    let limit = options.width_limit(screen);
    let widths = Widths::of(&context, table.rows)?;
    let fitted = widths.fitted(options, limit);
    if limit.is_some_and(|limit| line_width(&fitted, options.border) > limit) {
        let is_turned = options.expanded == Expanded::Auto && columns > 1;
        return Ok(if is_turned { in_records } else { PagerEstimate::TooWide });
    }
    let headings = widths.columns.iter().map(|column| column.heading.lines).max().unwrap_or(0);
    let lines = headings as u64 + 1 + lines_of_rows(&context, table, &fitted)?;
    Ok(PagerEstimate::Lines(lines))
}

/// How many lines the rows take when each column's values are wrapped at its width.
fn lines_of_rows(
    context: &Context<'_>,
    table: &mut Table<'_>,
    fitted: &[usize],
) -> io::Result<u64> {
    let mut layout = Layout::default();
    let mut text = CellText::new(context.options);
    let mut lines = 0;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        layout.clear();
        for ((cell, column), &width) in row.cells().zip(context.columns).zip(fitted) {
            layout.push(context.options.encoding, text.raw(cell, column), width);
        }
        lines += layout.height().max(1) as u64;
    }
    Ok(lines)
}
