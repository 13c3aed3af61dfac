//! The CSV format (RFC 4180, but lines end in a newline alone).

use super::cell_text::CellText;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Row, Rows};
use super::text::any_byte;
use std::borrow::Cow;
use std::io;

/// Prints a table.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let text = CellText::new(context.options);
    if context.is_expanded() {
        let names = context.names().collect();
        print_rows(Records { context, names, text }, context.part, rows, out)
    } else {
        print_rows(Lines { context, text }, context.part, rows, out)
    }
}

/// A line per row.
struct Lines<'t> {
    context: &'t Context<'t>,
    text: CellText,
}

impl RowFormat for Lines<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        let options = self.context.options;
        if options.tuples_only {
            return Ok(());
        }
        for (index, name) in self.context.names().enumerate() {
            if index > 0 {
                out.byte(options.csv_field_separator);
            }
            put_field(&name, options.csv_field_separator, out);
        }
        out.end_line()
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let separator = self.context.options.csv_field_separator;
        let columns = self.context.columns;
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.byte(separator);
            }
            put_field(self.text.text(cell, column), separator, out);
        }
        if !columns.is_empty() {
            out.byte(b'\n');
        }
        Ok(())
    }
}

/// A line per value, after its column's name.
struct Records<'t> {
    context: &'t Context<'t>,
    names: Vec<Cow<'t, [u8]>>,
    text: CellText,
}

impl RowFormat for Records<'_> {
    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let separator = self.context.options.csv_field_separator;
        for ((name, column), cell) in self.names.iter().zip(self.context.columns).zip(row.cells()) {
            put_field(name, separator, out);
            out.byte(separator);
            put_field(self.text.text(cell, column), separator, out);
            out.end_line()?;
        }
        Ok(())
    }
}

/// Puts a field, in quotes where it could be misread without.
#[inline]
fn put_field(field: &[u8], separator: u8, out: &mut Output<'_>) {
    let special = |byte| (byte == b'"') | (byte == b'\n') | (byte == b'\r') | (byte == separator);
    // A lone \. would end the data of a COPY; these separators could be a part of one.
    let could_end_data = matches!(separator, b'\\' | b'.') || field == b"\\.";
    if !could_end_data && !any_byte(field, special) {
        out.put(field);
        return;
    }
    out.byte(b'"');
    for piece in field.split_inclusive(|&byte| byte == b'"') {
        out.put(piece);
        if piece.ends_with(b"\"") {
            out.byte(b'"');
        }
    }
    out.byte(b'"');
}
