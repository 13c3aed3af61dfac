//! Turns a table and the `\pset` options into bytes: a file per format.
//!
//! Rows come as the server sent them: the body of a DataRow message. Nothing is allocated per
//! row or per cell. Knows nothing of sessions, files or the terminal; the width of the screen is
//! given.
//!
//! A new format is a file with a `RowFormat`, a variant of [`Format`] and
//! a row in `format.rs`.

mod aligned;
pub mod array;
mod asciidoc;
mod cell_text;
pub mod crosstab;
mod csv;
mod expanded;
mod first_rows;
mod fitted;
mod format;
mod html;
mod insert;
mod json;
mod latex;
mod markdown;
#[cfg(not(all(feature = "parquet", feature = "xlsx")))]
mod not_built_in;
#[cfg(any(feature = "parquet", feature = "xlsx"))]
mod not_utf8;
mod numeric;
mod one_line;
mod options;
mod output;
mod pager_estimate;
#[cfg(feature = "parquet")]
mod parquet;
mod pasted;
pub mod pset;
mod row_format;
mod row_text;
mod style;
mod table;
mod tabular;
#[cfg(test)]
mod tests;
mod text;
mod troff_ms;
mod unaligned;
mod widths;
#[cfg(feature = "xlsx")]
mod xlsx;
mod zoned;

pub use first_rows::FirstRows;
pub use numeric::NumericLocale;
pub use one_line::OneLine;
pub use options::{
    ColorMode, Expanded, ExpandedHeaderWidth, Format, LineStyle, Options, Pager, Separator,
    UnicodeStyle,
};
pub use pager_estimate::{PagerEstimate, pager_estimate};
pub use pasted::{PASTED, Pasted};
pub use table::{Alignment, Column, Part, Row, RowBuffer, Rows, Screen, Table};

pub use text::width_on_terminal;
pub use zoned::{Zoned, ZonedRows};

use output::Output;
use row_format::Context;
use std::io::{self, Write};

/// Prints a table, or a part of it, as psql does. Tells what the user is to know of how values were
/// written, in the formats that keep types.
///
/// # Errors
/// What the rows or `out` fail with.
pub fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let context = Context::new(table, options, screen).for_part(part);
    let mut out = Output::new(out);
    format::print(&context, table.rows, &mut out)?;
    out.finish()
}
