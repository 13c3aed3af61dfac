//! The unaligned format.

use super::output::Output;
use super::value::{Shown, clean};
use super::{Options, Part, Table, footers};
use std::io;

/// Prints the table.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    expanded: bool,
    out: &mut Output<'_>,
) -> io::Result<()> {
    // The record separator stands between records, so each record but the first begins with it.
    let mut separate = !part.start;
    if part.start && !options.tuples_only {
        if let Some(title) = table.title {
            out.put(title);
            separate = true;
        }
        if !expanded {
            record_start(options, &mut separate, out);
            for (index, column) in table.columns.iter().enumerate() {
                if index > 0 {
                    field_separator(options, out);
                }
                out.put(&clean(options.encoding, &column.name));
            }
        }
    }
    let rows = if expanded {
        records(table, options, &mut separate, out)?
    } else {
        rows(table, options, &mut separate, out)?
    };
    if part.stop {
        // In expanded mode the number of rows is not told.
        if !options.tuples_only && (!expanded || table.footers.is_some()) {
            let mut apart = expanded;
            for footer in footers(table, options, part.prior_rows + rows) {
                if std::mem::take(&mut apart) {
                    record_separator(options, out);
                }
                record_start(options, &mut separate, out);
                out.put(&clean(options.encoding, &footer));
            }
        }
        if separate {
            if options.record_separator_zero {
                out.byte(0);
            } else {
                out.byte(b'\n');
            }
        }
    }
    Ok(())
}

fn rows(
    table: &mut Table<'_>,
    options: &Options,
    separate: &mut bool,
    out: &mut Output<'_>,
) -> io::Result<u64> {
    let mut shown = Shown::new(options);
    let mut count = 0;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        count += 1;
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                field_separator(options, out);
            } else {
                record_start(options, separate, out);
            }
            out.put(shown.text(cell, column.right));
        }
        out.flush_if_full()?;
    }
    Ok(count)
}

/// One record per value: its heading and the value; an empty record between rows.
fn records(
    table: &mut Table<'_>,
    options: &Options,
    separate: &mut bool,
    out: &mut Output<'_>,
) -> io::Result<u64> {
    let names: Vec<_> =
        table.columns.iter().map(|column| clean(options.encoding, &column.name)).collect();
    let mut shown = Shown::new(options);
    let mut count = 0;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        count += 1;
        if *separate && !table.columns.is_empty() {
            record_separator(options, out);
        }
        for ((name, column), cell) in names.iter().zip(table.columns).zip(row.cells()) {
            record_start(options, separate, out);
            out.put(name);
            field_separator(options, out);
            out.put(shown.text(cell, column.right));
        }
        out.flush_if_full()?;
    }
    Ok(count)
}

fn record_start(options: &Options, separate: &mut bool, out: &mut Output<'_>) {
    if std::mem::replace(separate, true) {
        record_separator(options, out);
    }
}

#[inline]
fn record_separator(options: &Options, out: &mut Output<'_>) {
    if options.record_separator_zero {
        out.byte(0);
    } else {
        out.separator(&options.record_separator);
    }
}

#[inline]
fn field_separator(options: &Options, out: &mut Output<'_>) {
    if options.field_separator_zero {
        out.byte(0);
    } else {
        out.separator(&options.field_separator);
    }
}
