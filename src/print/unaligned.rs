//! The unaligned format.

use super::cell_text::CellText;
use super::options::Separator;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Row, Rows};
use std::borrow::Cow;
use std::io;

/// Prints a table.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let text = CellText::new(context.options);
    let options = context.options;
    let field = options.field_separator.bytes();
    let records = Separation {
        separator: options.record_separator.bytes(),
        end: if options.record_separator == Separator::Zero { 0 } else { b'\n' },
        is_due: !context.part.start,
    };
    if context.is_expanded() {
        let names = context.names().collect();
        print_rows(Records { context, names, text, field, records }, context.part, rows, out)
    } else {
        print_rows(Lines { context, text, field, records }, context.part, rows, out)
    }
}

/// What separates records. It stands between them: each but the first begins with it.
struct Separation<'t> {
    separator: &'t [u8],
    /// What ends the last record.
    end: u8,
    /// Whether a record was begun before.
    is_due: bool,
}

impl Separation<'_> {
    /// Begins a record.
    #[inline]
    fn next_record(&mut self, out: &mut Output<'_>) {
        if std::mem::replace(&mut self.is_due, true) {
            out.separator(self.separator);
        }
    }

    /// Puts the title, as a record.
    fn title(&mut self, context: &Context<'_>, out: &mut Output<'_>) {
        if let Some(title) = context.title() {
            out.put(title);
            self.is_due = true;
        }
    }

    /// Puts the lines below the table, a record each.
    fn footers(&mut self, footers: &[Cow<'_, [u8]>], out: &mut Output<'_>) {
        for footer in footers {
            self.next_record(out);
            out.put(footer);
        }
    }

    /// Ends the last record.
    fn end(&self, out: &mut Output<'_>) {
        if self.is_due {
            out.byte(self.end);
        }
    }
}

/// A record per row.
struct Lines<'t> {
    context: &'t Context<'t>,
    text: CellText,
    /// The field separator.
    field: &'t [u8],
    records: Separation<'t>,
}

impl RowFormat for Lines<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.options.tuples_only {
            return Ok(());
        }
        self.records.title(self.context, out);
        self.records.next_record(out);
        for (index, name) in self.context.names().enumerate() {
            if index > 0 {
                out.separator(self.field);
            }
            out.put(&name);
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let context = self.context;
        for (index, (column, cell)) in context.columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.separator(self.field);
            } else {
                self.records.next_record(out);
            }
            out.put(self.text.text(cell, column));
        }
        Ok(())
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        self.records.footers(&self.context.footers(rows), out);
        self.records.end(out);
        Ok(())
    }
}

/// A record per value: its heading and the value; an empty record between rows.
struct Records<'t> {
    context: &'t Context<'t>,
    names: Vec<Cow<'t, [u8]>>,
    text: CellText,
    /// The field separator.
    field: &'t [u8],
    records: Separation<'t>,
}

impl RowFormat for Records<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        self.records.title(self.context, out);
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let context = self.context;
        if self.records.is_due && !context.columns.is_empty() {
            out.separator(self.records.separator);
        }
        for ((name, column), cell) in self.names.iter().zip(context.columns).zip(row.cells()) {
            self.records.next_record(out);
            out.put(name);
            out.separator(self.field);
            out.put(self.text.text(cell, column));
        }
        Ok(())
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        let footers = self.context.given_footers();
        if !footers.is_empty() {
            out.separator(self.records.separator);
        }
        self.records.footers(&footers, out);
        self.records.end(out);
        Ok(())
    }
}
