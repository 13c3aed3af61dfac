//! The CSV format (RFC 4180, but lines end in a newline alone).

use super::output::Output;
use super::text::any_byte;
use super::value::{Shown, clean};
use super::{Options, Part, Table};
use std::io;

/// Prints the table.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    expanded: bool,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let separator = options.csv_field_separator;
    let names: Vec<_> =
        table.columns.iter().map(|column| clean(options.encoding, &column.name)).collect();
    if part.start && !options.tuples_only && !expanded {
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                out.byte(separator);
            }
            put_field(name, separator, out);
        }
        out.end_line()?;
    }
    let mut shown = Shown::new(options);
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if expanded {
                put_field(&names[index], separator, out);
            }
            if expanded || index > 0 {
                out.byte(separator);
            }
            put_field(shown.text(cell, column.right), separator, out);
            if expanded || index + 1 == names.len() {
                out.end_line()?;
            }
        }
    }
    Ok(())
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
