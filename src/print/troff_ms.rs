//! The troff-ms format: a table for tbl.

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
        put_start(self.context, out);
        for (index, column) in self.context.columns.iter().enumerate() {
            if index > 0 && self.context.options.border > 0 {
                out.text(" | ");
            }
            out.text(match column.alignment {
                Alignment::Right => "r",
                Alignment::Left => "l",
            });
        }
        out.text(".\n");
        if !self.context.options.tuples_only {
            for (index, name) in self.context.names().enumerate() {
                if index > 0 {
                    out.byte(b'\t');
                }
                out.text("\\fI");
                put_escaped(&name, out);
                out.text("\\fP");
            }
            out.text("\n_\n");
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let columns = self.context.columns;
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.byte(b'\t');
            }
            put_escaped(self.text.text(cell, column), out);
        }
        if !columns.is_empty() {
            out.byte(b'\n');
        }
        Ok(())
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        put_end(&self.context.footers(rows), out);
        Ok(())
    }
}

/// A line per value, after its column's name.
struct Records<'t> {
    context: &'t Context<'t>,
    names: Vec<Cow<'t, [u8]>>,
    text: CellText,
}

impl Records<'_> {
    /// What comes before a record.
    fn put_heading(&self, record: u64, out: &mut Output<'_>) {
        let options = self.context.options;
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
}

impl RowFormat for Records<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_start(self.context, out);
        if self.context.options.tuples_only {
            out.text("c l;\n");
        }
        Ok(())
    }

    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if !self.context.columns.is_empty() {
            self.put_heading(number, out);
        }
        for ((name, column), cell) in self.names.iter().zip(self.context.columns).zip(row.cells()) {
            put_escaped(name, out);
            out.byte(b'\t');
            put_escaped(self.text.text(cell, column), out);
            out.byte(b'\n');
        }
        Ok(())
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        put_end(&self.context.given_footers(), out);
        Ok(())
    }
}

fn put_start(context: &Context<'_>, out: &mut Output<'_>) {
    out.text(".LP\n");
    if let Some(title) = context.title() {
        out.text(".DS C\n");
        put_escaped(title, out);
        out.text("\n.DE\n.LP\n");
    }
    out.text(if context.options.border >= 2 { ".TS\ncenter box;\n" } else { ".TS\ncenter;\n" });
}

fn put_end(footers: &[Cow<'_, [u8]>], out: &mut Output<'_>) {
    out.text(".TE\n.DS L\n");
    for footer in footers {
        put_escaped(footer, out);
        out.byte(b'\n');
    }
    out.text(".DE\n");
}

fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    out.put_escaped(text, |byte| (byte == b'\\').then_some("\\(rs"));
}
