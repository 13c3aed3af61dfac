//! The AsciiDoc format.

use super::cell_text::CellText;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Alignment, Row, Rows};
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
        put_title(self.context, out);
        out.byte(b'[');
        if !self.context.options.tuples_only {
            out.text("options=\"header\",");
        }
        out.text("cols=\"");
        for (index, column) in self.context.columns.iter().enumerate() {
            if index > 0 {
                out.byte(b',');
            }
            out.text(match column.alignment {
                Alignment::Right => ">l",
                Alignment::Left => "<l",
            });
        }
        out.byte(b'"');
        put_border(self.context, out);
        if !self.context.options.tuples_only {
            for (index, name) in self.context.names().enumerate() {
                out.text(if index > 0 { " ^l|" } else { "^l|" });
                put_escaped(&name, out);
            }
            out.byte(b'\n');
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let columns = self.context.columns;
        let Some(last) = columns.len().checked_sub(1) else { return Ok(()) };
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            out.text(if index > 0 { " |" } else { "|" });
            let text = self.text.text(cell, column);
            if !is_blank(text) {
                put_escaped(text, out);
            } else if index < last {
                out.byte(b' ');
            }
        }
        out.byte(b'\n');
        Ok(())
    }

    fn end_of_part(&mut self, out: &mut Output<'_>) {
        put_end(out);
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        put_footers(&self.context.footers(rows), out);
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
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_title(self.context, out);
        out.text("[cols=\"h,l\"");
        put_border(self.context, out);
        Ok(())
    }

    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.columns.is_empty() {
            return Ok(());
        }
        if self.context.options.tuples_only {
            out.text("2+|\n");
        } else {
            out.text("2+^|Record ");
            out.number(number);
            out.byte(b'\n');
        }
        for ((name, column), cell) in self.names.iter().zip(self.context.columns).zip(row.cells()) {
            out.text("<l|");
            put_escaped(name, out);
            out.text(match column.alignment {
                Alignment::Right => " >l|",
                Alignment::Left => " <l|",
            });
            let text = self.text.text(cell, column);
            if is_blank(text) {
                out.byte(b' ');
            } else {
                put_escaped(text, out);
            }
            out.byte(b'\n');
        }
        Ok(())
    }

    fn end_of_part(&mut self, out: &mut Output<'_>) {
        put_end(out);
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        put_footers(&self.context.given_footers(), out);
        Ok(())
    }
}

fn put_title(context: &Context<'_>, out: &mut Output<'_>) {
    out.byte(b'\n');
    if let Some(title) = context.title() {
        out.byte(b'.');
        out.put(title);
        out.byte(b'\n');
    }
}

/// Puts the end of the table's attributes, and opens it.
fn put_border(context: &Context<'_>, out: &mut Output<'_>) {
    out.text(match context.options.border {
        0 => ",frame=\"none\",grid=\"none\"",
        1 => ",frame=\"none\"",
        2 => ",frame=\"all\",grid=\"all\"",
        _ => "",
    });
    out.text("]\n|====\n");
}

/// Closes the table, which psql does after each part of one.
fn put_end(out: &mut Output<'_>) {
    out.text("|====\n");
}

fn put_footers(footers: &[Cow<'_, [u8]>], out: &mut Output<'_>) {
    if footers.is_empty() {
        return;
    }
    out.text("\n....\n");
    for footer in footers {
        out.put(footer);
        out.byte(b'\n');
    }
    out.text("....\n");
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte == b' ' || byte == b'\t')
}

fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    out.put_escaped(text, |byte| (byte == b'|').then_some("\\|"));
}
