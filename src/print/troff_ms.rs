//! The troff-ms format: a table for tbl.

use super::output::Output;
use super::value::{Shown, clean};
use super::{Options, Part, Table, explicit_footers, footers};
use std::io;

/// Prints the table.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    expanded: bool,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if part.start {
        start(table, options, expanded, out);
    }
    let mut shown = Shown::new(options);
    let mut rows = part.prior_rows;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        rows += 1;
        if expanded && !table.columns.is_empty() {
            record_line(rows, options, out);
        }
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if expanded {
                put_escaped(&clean(options.encoding, &column.name), out);
            }
            if expanded || index > 0 {
                out.byte(b'\t');
            }
            put_escaped(shown.text(cell, column.right), out);
            if expanded || index + 1 == table.columns.len() {
                out.byte(b'\n');
            }
        }
        out.flush_if_full()?;
    }
    if part.stop {
        out.text(".TE\n.DS L\n");
        let footers =
            if expanded { explicit_footers(table) } else { footers(table, options, rows) };
        if !options.tuples_only {
            for footer in footers {
                put_escaped(&clean(options.encoding, &footer), out);
                out.byte(b'\n');
            }
        }
        out.text(".DE\n");
    }
    Ok(())
}

fn start(table: &Table<'_>, options: &Options, expanded: bool, out: &mut Output<'_>) {
    out.text(".LP\n");
    if let (Some(title), false) = (table.title, options.tuples_only) {
        out.text(".DS C\n");
        put_escaped(title, out);
        out.text("\n.DE\n.LP\n");
    }
    out.text(if options.border >= 2 { ".TS\ncenter box;\n" } else { ".TS\ncenter;\n" });
    if expanded {
        if options.tuples_only {
            out.text("c l;\n");
        }
        return;
    }
    for (index, column) in table.columns.iter().enumerate() {
        if index > 0 && options.border > 0 {
            out.text(" | ");
        }
        out.text(if column.right { "r" } else { "l" });
    }
    out.text(".\n");
    if !options.tuples_only {
        for (index, column) in table.columns.iter().enumerate() {
            if index > 0 {
                out.byte(b'\t');
            }
            out.text("\\fI");
            put_escaped(&clean(options.encoding, &column.name), out);
            out.text("\\fP");
        }
        out.text("\n_\n");
    }
}

/// What comes before a record in expanded mode.
fn record_line(record: u64, options: &Options, out: &mut Output<'_>) {
    if options.tuples_only {
        if options.border > 0 {
            out.text("_\n");
        }
        return;
    }
    if record > 1 {
        if options.border >= 2 {
            out.text("_\n");
        }
        out.text(".T&\n");
    }
    out.text("c s.\n\\fIRecord ");
    out.number(record);
    out.text("\\fP\n");
    if options.border > 0 {
        out.text("_\n");
    }
    out.text(if options.border == 1 { ".T&\nc | l.\n" } else { ".T&\nc l.\n" });
}

fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    out.put_escaped(text, |byte| (byte == b'\\').then_some("\\(rs"));
}
