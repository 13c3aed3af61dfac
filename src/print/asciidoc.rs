//! The AsciiDoc format.

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
        if table.columns.is_empty() {
            continue;
        }
        if expanded {
            if options.tuples_only {
                out.text("2+|\n");
            } else {
                out.text("2+^|Record ");
                out.number(rows);
                out.byte(b'\n');
            }
        }
        let last = table.columns.len().saturating_sub(1);
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if expanded {
                out.text("<l|");
                put_escaped(&clean(options.encoding, &column.name), out);
                out.text(if column.right { " >l|" } else { " <l|" });
            } else {
                out.text(if index > 0 { " |" } else { "|" });
            }
            let text = shown.text(cell, column.right);
            if !text.iter().all(|&byte| byte == b' ' || byte == b'\t') {
                put_escaped(text, out);
            } else if expanded || index < last {
                out.byte(b' ');
            }
            if expanded {
                out.byte(b'\n');
            }
        }
        if !expanded {
            out.byte(b'\n');
        }
        out.flush_if_full()?;
    }
    out.text("|====\n");
    if part.stop && !options.tuples_only {
        let footers =
            if expanded { explicit_footers(table) } else { footers(table, options, rows) };
        if !footers.is_empty() {
            out.text("\n....\n");
            for footer in footers {
                out.put(&clean(options.encoding, &footer));
                out.byte(b'\n');
            }
            out.text("....\n");
        }
    }
    Ok(())
}

/// Title, the table's attributes and the headings.
fn start(table: &Table<'_>, options: &Options, expanded: bool, out: &mut Output<'_>) {
    out.byte(b'\n');
    if let (Some(title), false) = (table.title, options.tuples_only) {
        out.byte(b'.');
        out.put(title);
        out.byte(b'\n');
    }
    if expanded {
        out.text("[cols=\"h,l\"");
    } else {
        out.byte(b'[');
        if !options.tuples_only {
            out.text("options=\"header\",");
        }
        out.text("cols=\"");
        for (index, column) in table.columns.iter().enumerate() {
            if index > 0 {
                out.byte(b',');
            }
            out.text(if column.right { ">l" } else { "<l" });
        }
        out.byte(b'"');
    }
    out.text(match options.border {
        0 => ",frame=\"none\",grid=\"none\"",
        1 => ",frame=\"none\"",
        2 => ",frame=\"all\",grid=\"all\"",
        _ => "",
    });
    out.text("]\n|====\n");
    if !expanded && !options.tuples_only {
        for (index, column) in table.columns.iter().enumerate() {
            out.text(if index > 0 { " ^l|" } else { "^l|" });
            put_escaped(&clean(options.encoding, &column.name), out);
        }
        out.byte(b'\n');
    }
}

fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    out.put_escaped(text, |byte| (byte == b'|').then_some("\\|"));
}
