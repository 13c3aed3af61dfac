//! Turns a table and the `\pset` options into bytes: a file per format.
//!
//! Rows come as the server sent them: the body of a DataRow message. Nothing is allocated per
//! row or per cell. Knows nothing of sessions, files or the terminal; the width of the screen is
//! given.

mod aligned;
mod array;
mod asciidoc;
mod boolean;
pub mod crosstab;
mod csv;
mod expanded;
mod fitted;
mod html;
mod json;
mod latex;
mod lines;
mod markdown;
mod numeric;
mod output;
pub mod pset;
mod style;
mod text;
mod troff_ms;
mod unaligned;
mod value;
mod widths;

use crate::encoding::Encoding;
pub use lines::{Need, need};
pub use numeric::NumericLocale;
use output::Output;
use std::io::{self, Write};
pub use widths::Widths;

/// One row in the wire's form (protocol documentation, "DataRow"): a 16-bit count of columns,
/// then for each a 32-bit length in bytes (-1 is NULL) and the value.
///
/// Whoever makes a `Row` has checked its framing ([`Row::checked`]).
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a [u8]);

impl<'a> Row<'a> {
    /// Takes the body of a DataRow, or `None` if its lengths don't add up.
    pub fn checked(body: &'a [u8]) -> Option<Row<'a>> {
        let (count, mut rest) = body.split_first_chunk::<2>()?;
        for _ in 0..u16::from_be_bytes(*count) {
            let (len, after) = rest.split_first_chunk::<4>()?;
            let len = i32::from_be_bytes(*len);
            rest = if len == -1 { after } else { after.get(usize::try_from(len).ok()?..)? };
        }
        rest.is_empty().then_some(Row(body))
    }

    /// Takes a body that was checked before.
    pub fn trusted(body: &'a [u8]) -> Row<'a> {
        Row(body)
    }

    /// The values from left to right; `None` is NULL.
    pub fn cells(self) -> Cells<'a> {
        Cells(self.0.get(2..).unwrap_or_default())
    }

    /// The value in column `index`, `None` for NULL or no such column.
    pub fn get(self, index: usize) -> Option<&'a [u8]> {
        self.cells().nth(index).flatten()
    }

    /// The wire's bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }
}

/// Iterator over a row's values.
#[derive(Clone, Debug)]
pub struct Cells<'a>(&'a [u8]);

impl<'a> Iterator for Cells<'a> {
    type Item = Option<&'a [u8]>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (len, rest) = self.0.split_first_chunk::<4>()?;
        let len = i32::from_be_bytes(*len);
        if len < 0 {
            self.0 = rest;
            return Some(None);
        }
        let (value, rest) = rest.split_at_checked(len as usize)?;
        self.0 = rest;
        Some(Some(value))
    }
}

/// Rows that can be gone through more than once: once for the widths, once to print.
pub trait Rows {
    /// How many rows there are.
    fn count(&self) -> u64;
    /// Goes back to the first row.
    fn rewind(&mut self) -> io::Result<()>;
    /// The next row, or `None` after the last.
    fn next(&mut self) -> io::Result<Option<Row<'_>>>;
}

/// Rows kept in memory, for tables the shell makes itself.
#[derive(Clone, Debug, Default)]
pub struct RowBuffer {
    bytes: Vec<u8>,
    /// Where each row begins in `bytes`.
    starts: Vec<usize>,
    next: usize,
}

impl RowBuffer {
    /// Adds a row of values.
    pub fn push<'c>(&mut self, cells: impl IntoIterator<Item = Option<&'c [u8]>>) {
        let start = self.bytes.len();
        self.starts.push(start);
        self.bytes.extend_from_slice(&[0, 0]);
        let mut count: u16 = 0;
        for cell in cells {
            count += 1;
            let len = cell.map_or(-1, |c| c.len() as i32);
            self.bytes.extend_from_slice(&len.to_be_bytes());
            self.bytes.extend_from_slice(cell.unwrap_or_default());
        }
        self.bytes[start..start + 2].copy_from_slice(&count.to_be_bytes());
    }

    /// Adds a row in the wire's form.
    pub fn push_row(&mut self, row: Row<'_>) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(row.bytes());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Row `index`; panics past the end, as a slice does.
    pub fn row(&self, index: usize) -> Row<'_> {
        let end = self.starts.get(index + 1).copied().unwrap_or(self.bytes.len());
        Row(&self.bytes[self.starts[index]..end])
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|i| self.row(i))
    }
}

impl Rows for RowBuffer {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.next = 0;
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let index = self.next;
        if index >= self.len() {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(self.row(index)))
    }
}

/// A column's heading and how its values are aligned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The heading, in the client's encoding.
    pub name: Vec<u8>,
    /// Whether values are set to the right (numbers).
    pub right: bool,
    /// The type's OID, 0 where there is none; formats such as JSON print by type.
    pub type_oid: u32,
}

/// A table to print.
pub struct Table<'a> {
    /// The title above, if any.
    pub title: Option<&'a [u8]>,
    /// The columns, left to right.
    pub columns: &'a [Column],
    /// The rows.
    pub rows: &'a mut dyn Rows,
    /// Lines below the rows; `None` prints the default `(n rows)` where the format has one.
    pub footers: Option<&'a [Vec<u8>]>,
}

/// Where a table that comes in several parts (FETCH_COUNT) stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Print what comes before the rows.
    pub start: bool,
    /// Print what comes after the rows.
    pub stop: bool,
    /// Rows printed before this part.
    pub prior_rows: u64,
}

impl Default for Part {
    fn default() -> Part {
        Part { start: true, stop: true, prior_rows: 0 }
    }
}

/// The size of the terminal that output goes to, in characters; 0 is unknown, and no terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// How wide the output may be where `\pset columns` is 0: COLUMNS or the terminal's width.
    pub columns: u32,
    /// How many lines the terminal shows.
    pub lines: u32,
}

/// Prints a table, or a part of it, as psql does.
///
/// Fails with what the rows or `out` fail with.
pub fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    if matches!(options.format, Format::Json | Format::Ndjson) {
        let mut out = Output::new(out);
        json::print(table, options, part, &mut out)?;
        return out.finish();
    }
    if let Some(displayed) = boolean::Displayed::new(table.columns, options) {
        let mut plain = options.clone();
        (plain.display_true, plain.display_false) = (None, None);
        let mut table = Table { rows: &mut displayed.over(table.rows), ..*table };
        return print(&mut table, &plain, part, screen, out);
    }
    match options.format {
        Format::Fitted => match fitted::fit(table, options, part, screen)? {
            Some(fitted) => {
                let mut out = Output::new(out);
                fitted::print(&fitted, table, options, &mut out)?;
                out.finish()
            }
            None => {
                // Where only the width is short, a value gets a line of its own.
                let expanded = match options.expanded {
                    Expanded::Off if part.start && part.stop => Expanded::Auto,
                    other => other,
                };
                let options = Options { format: Format::Aligned, expanded, ..options.clone() };
                print(table, &options, part, screen, out)
            }
        },
        Format::Aligned | Format::Wrapped => {
            let widths = Widths::of(table, options)?;
            print_with_widths(table, &widths, options, part, screen.columns, out)
        }
        _ => print_text(table, options, part, out),
    }
}

/// Whether a table can be printed row by row to advantage: its text takes no more room than the
/// wire's rows do and, if the table has columns, comes out the same when it is printed in parts.
pub fn is_by_row(options: &Options) -> bool {
    matches!(options.format, Format::Csv | Format::Unaligned) && options.expanded == Expanded::Off
}

/// Prints a table in the aligned or the wrapped format as [`print()`] does, with the widths of its
/// rows known; `widths` must be of all its rows under the same options.
fn print_with_widths(
    table: &mut Table<'_>,
    widths: &Widths,
    options: &Options,
    part: Part,
    screen_columns: u32,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = Output::new(out);
    let limit = limit(options, screen_columns);
    let fitted = aligned::fit(widths, options, limit);
    let several = table.columns.len() > 1;
    let too_wide = several && limit > 0 && aligned::line_width(&fitted, options.border) > limit;
    if options.expanded == Expanded::On || options.expanded == Expanded::Auto && too_wide {
        expanded::print(table, options, part, widths, limit, &mut out)?;
    } else {
        aligned::print(table, options, part, widths, &fitted, &mut out)?;
    }
    out.finish()
}

/// How wide the output may be; 0 if nothing limits it.
fn limit(options: &Options, screen_columns: u32) -> usize {
    let wanted = u32::try_from(options.columns).ok().filter(|columns| *columns > 0);
    wanted.unwrap_or(screen_columns) as usize
}

/// Prints in the formats that don't look at widths.
fn print_text(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = Output::new(out);
    let expanded = options.expanded == Expanded::On;
    match options.format {
        // `print` has done these.
        Format::Aligned | Format::Wrapped | Format::Fitted | Format::Json | Format::Ndjson => {}
        Format::Unaligned => unaligned::print(table, options, part, expanded, &mut out)?,
        Format::Csv => csv::print(table, options, part, expanded, &mut out)?,
        Format::Html => html::print(table, options, part, expanded, &mut out)?,
        Format::Asciidoc => asciidoc::print(table, options, part, expanded, &mut out)?,
        Format::Latex => latex::print(table, options, part, expanded, &mut out)?,
        Format::LatexLongtable => latex::print_longtable(table, options, part, expanded, &mut out)?,
        Format::TroffMs => troff_ms::print(table, options, part, expanded, &mut out)?,
        Format::Markdown => markdown::print(table, options, part, &mut out)?,
    }
    out.finish()
}

/// The lines below a table of `rows` rows; the default is `(n rows)`.
fn footers(table: &Table<'_>, options: &Options, rows: u64) -> Vec<Vec<u8>> {
    match table.footers {
        Some(footers) => footers.to_vec(),
        None if options.footer => vec![row_count_footer(rows)],
        None => Vec::new(),
    }
}

/// The lines below a table in expanded mode, where the number of rows is not told.
fn explicit_footers(table: &Table<'_>) -> Vec<Vec<u8>> {
    table.footers.map(<[_]>::to_vec).unwrap_or_default()
}

fn row_count_footer(rows: u64) -> Vec<u8> {
    if rows == 1 { b"(1 row)".to_vec() } else { format!("({rows} rows)").into_bytes() }
}

/// `\pset format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    #[default]
    Aligned,
    Asciidoc,
    Csv,
    /// Not psql's: [`Format::Aligned`], made to fit the screen where there is one.
    Fitted,
    Html,
    /// Not psql's.
    Json,
    Latex,
    LatexLongtable,
    /// Not psql's.
    Markdown,
    /// Not psql's.
    Ndjson,
    TroffMs,
    Unaligned,
    Wrapped,
}

/// `\pset expanded`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Expanded {
    #[default]
    Off,
    On,
    Auto,
}

/// `\pset linestyle`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LineStyle {
    #[default]
    Ascii,
    OldAscii,
    Unicode,
}

/// `\pset unicode_*_linestyle`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UnicodeStyle {
    #[default]
    Single,
    Double,
}

/// `\pset xheader_width`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ExpandedHeaderWidth {
    #[default]
    Full,
    Column,
    Page,
    Exactly(i32),
}

/// `\pset pager`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Pager {
    Off,
    #[default]
    On,
    Always,
}

/// The printing options, as `\pset` sets them (psql's documentation, "\pset").
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Options {
    pub format: Format,
    pub expanded: Expanded,
    pub border: u16,
    /// Target width in columns of the wrapped format and of expanded auto; none above 0 is the
    /// screen's.
    pub columns: i32,
    /// Whether a record's label widens values narrower than itself; not so in the session log of a
    /// format that has no such label.
    pub label_widens: bool,
    pub csv_field_separator: u8,
    /// What is shown for false (psql 19).
    pub display_false: Option<Vec<u8>>,
    /// What is shown for true (psql 19).
    pub display_true: Option<Vec<u8>>,
    /// Field separator of the unaligned format; `\0` under fieldsep_zero.
    pub field_separator: Vec<u8>,
    pub record_separator: Vec<u8>,
    pub field_separator_zero: bool,
    pub record_separator_zero: bool,
    /// Whether the default footer `(n rows)` is printed.
    pub footer: bool,
    pub line_style: LineStyle,
    pub null: Vec<u8>,
    pub numeric_locale: bool,
    /// How numbers are written under numericlocale.
    pub locale: NumericLocale,
    pub pager: Pager,
    pub pager_min_lines: i32,
    pub table_attributes: Option<Vec<u8>>,
    pub title: Option<Vec<u8>>,
    pub tuples_only: bool,
    pub unicode_border: UnicodeStyle,
    pub unicode_column: UnicodeStyle,
    pub unicode_header: UnicodeStyle,
    pub expanded_header_width: ExpandedHeaderWidth,
    pub encoding: Encoding,
}

impl Options {
    /// For a table whose parts go to standard output: they shall all look the same, so automatic
    /// means expanded, however wide the rows yet to come.
    pub fn for_parts(&self) -> Options {
        let has_width = matches!(self.format, Format::Aligned | Format::Wrapped | Format::Fitted);
        let expanded = match self.expanded {
            Expanded::Auto if has_width => Expanded::On,
            expanded => expanded,
        };
        Options { expanded, ..self.clone() }
    }

    /// For the session log: whatever the format, it holds tables that can be read, a line per row
    /// unless automatic expanding finds them too wide.
    pub fn for_log(&self) -> Options {
        let format = match self.format {
            Format::Wrapped => Format::Wrapped,
            _ => Format::Aligned,
        };
        let expanded = match self.expanded {
            Expanded::Auto => Expanded::Auto,
            Expanded::On | Expanded::Off => Expanded::Off,
        };
        let in_lines = matches!(self.format, Format::Aligned | Format::Wrapped | Format::Fitted);
        Options { format, expanded, label_widens: in_lines, ..self.clone() }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            format: Format::Aligned,
            expanded: Expanded::Off,
            border: 1,
            columns: 0,
            label_widens: true,
            csv_field_separator: b',',
            display_false: None,
            display_true: None,
            field_separator: b"|".to_vec(),
            record_separator: b"\n".to_vec(),
            field_separator_zero: false,
            record_separator_zero: false,
            footer: true,
            line_style: LineStyle::Ascii,
            null: Vec::new(),
            numeric_locale: false,
            locale: NumericLocale::default(),
            pager: Pager::On,
            pager_min_lines: 0,
            table_attributes: None,
            title: None,
            tuples_only: false,
            unicode_border: UnicodeStyle::Single,
            unicode_column: UnicodeStyle::Single,
            unicode_header: UnicodeStyle::Single,
            expanded_header_width: ExpandedHeaderWidth::Full,
            encoding: Encoding::Utf8,
        }
    }
}

#[cfg(test)]
mod tests;
