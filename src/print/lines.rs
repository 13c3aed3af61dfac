//! How many lines a table takes on the screen; tells whether it goes to the pager.

use super::{Expanded, Format, Options, Part, Screen, Table, fitted, footers};
use std::io;

/// Roughly how many lines `table` takes, counting no further than beyond the screen's: headings,
/// rules, footers and values with the newlines in them. Lines that the screen or the wrapped
/// format breaks are counted once. What the fitted format fits to the screen counts as none.
pub fn line_count(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    screen: Screen,
) -> io::Result<u64> {
    let enough = u64::from(screen.lines);
    if options.format == Format::Fitted && fitted::fit(table, options, part, screen)?.is_some() {
        return Ok(0);
    }
    let expanded = options.expanded == Expanded::On;
    let heights = || table.columns.iter().map(|column| height(&column.name));
    let tallest_heading = heights().max().unwrap_or(0);
    let mut lines = 0;
    if !options.tuples_only {
        lines += table.title.map_or(0, height);
        if !expanded {
            lines += footers(table, options, table.rows.count()).len() as u64;
            lines += tallest_heading + 1;
        }
    }
    if options.border >= 2 {
        lines += 2;
    }
    let heading_heights: Vec<u64> = heights().collect();
    table.rows.rewind()?;
    while lines <= enough {
        let Some(row) = table.rows.next()? else { break };
        let cells = row.cells().map(|cell| cell.map_or(1, height));
        lines += if expanded {
            1 + cells.zip(&heading_heights).map(|(cell, &name)| cell.max(name)).sum::<u64>()
        } else {
            cells.max().unwrap_or(0)
        };
    }
    Ok(lines)
}

fn height(text: &[u8]) -> u64 {
    1 + memchr::memchr_iter(b'\n', text).count() as u64
}
