//! The aligned and the wrapped format: measures the table, and decides whether its rows are lines
//! ([`aligned`]) or records ([`expanded`]).

use super::options::Expanded;
use super::output::Output;
use super::row_format::Context;
use super::table::Rows;
use super::widths::{Widths, line_width};
use super::{aligned, expanded};
use std::io;

/// Prints a table.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let options = context.options;
    let widths = Widths::of(context, rows)?;
    let limit = options.width_limit(context.screen);
    let fitted = widths.fitted(options, limit);
    let is_too_wide = || limit.is_some_and(|limit| line_width(&fitted, options.border) > limit);
    let is_expanded = match options.expanded {
        Expanded::On => true,
        Expanded::Off => false,
        Expanded::Auto => context.columns.len() > 1 && is_too_wide(),
    };
    if is_expanded {
        expanded::print(context, &widths, rows, out)
    } else {
        aligned::print(context, &widths, &fitted, rows, out)
    }
}
