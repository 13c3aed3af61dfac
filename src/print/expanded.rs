//! The aligned and the wrapped format in expanded mode: one line per value.

use super::aligned::put_footers;
use super::output::Output;
use super::style::{Rule, Style};
use super::text::{Break, Layout, Piece};
use super::value::{Shown, clean};
use super::widths::Widths;
use super::{ExpandedHeaderWidth, Format, Options, Part, Table};
use std::io;

/// Prints the table; in the wrapped format it is made to fit into `limit` columns (0: no limit).
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    widths: &Widths,
    limit: usize,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let columns = table.columns;
    let rows = part.prior_rows + widths.rows;
    if part.start && !options.tuples_only {
        if let Some(title) = table.title {
            out.put(&clean(options.encoding, title));
            out.byte(b'\n');
        }
    }
    if columns.is_empty() || rows == 0 {
        if part.stop {
            if !options.tuples_only {
                put_footers(table, options, rows, out);
            }
            out.end_line()?;
        }
        return Ok(());
    }
    let printer = Printer::new(table, options, widths, limit, rows);
    let mut layout = Layout::default();
    let mut shown = Shown::new(options);
    let wrap = if options.format == Format::Wrapped { printer.value } else { usize::MAX };
    table.rows.rewind()?;
    let mut record = part.prior_rows;
    while let Some(row) = table.rows.next()? {
        record += 1;
        printer.record_line(record, part.start && record == part.prior_rows + 1, out)?;
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            layout.clear();
            layout.push(options.encoding, shown.raw(cell, column.right), wrap);
            printer.value_lines(index, &layout, out)?;
        }
    }
    if part.stop {
        if printer.border == 2 {
            printer.rule(&printer.style.bottom, out)?;
        }
        if !options.tuples_only && table.footers.is_some() {
            out.byte(b'\n');
            put_footers(table, options, rows, out);
        }
        out.end_line()?;
    }
    Ok(())
}

struct Printer<'o> {
    options: &'o Options,
    style: Style,
    border: u16,
    headings: Layout,
    /// Columns headings have, and values.
    heading: usize,
    value: usize,
    /// Whether a heading has several lines.
    tall_heading: bool,
    limit: usize,
}

impl<'o> Printer<'o> {
    fn new(
        table: &Table<'_>,
        options: &'o Options,
        widths: &Widths,
        limit: usize,
        rows: u64,
    ) -> Printer<'o> {
        let mut headings = Layout::default();
        for column in table.columns {
            headings.push(options.encoding, &column.name, usize::MAX);
        }
        let heading = widths.columns.iter().map(|column| column.heading.width).max().unwrap_or(0);
        let value = widths.columns.iter().map(|column| column.values).max().unwrap_or(0);
        let tall_value = widths.columns.iter().any(|column| column.multiline);
        let mut printer = Printer {
            options,
            style: Style::of(options),
            border: options.border.min(2),
            tall_heading: headings.height() > 1,
            headings,
            heading,
            value,
            limit,
        };
        if !options.tuples_only {
            // The rule above a record has room for the last record's number.
            let label = label(printer.border, rows).len();
            printer.value =
                printer.value.max(label.saturating_sub(printer.frame_width() + heading));
        }
        if options.format == Format::Wrapped && limit > 0 {
            printer.shrink(tall_value);
        }
        printer
    }

    /// Columns that lines have besides heading and value.
    fn frame_width(&self) -> usize {
        match self.border {
            0 => 1,
            1 => 3,
            _ => 7,
        }
    }

    /// Narrows values so that lines fit.
    fn shrink(&mut self, tall_value: bool) {
        let marks = usize::from(self.border < 2 && tall_value);
        let fixed = self.heading + self.frame_width() + marks;
        self.value = self.value.min(self.limit.saturating_sub(fixed).max(3));
    }

    /// The line above a record.
    fn record_line(&self, record: u64, first: bool, out: &mut Output<'_>) -> io::Result<()> {
        let rule = if first { &self.style.top } else { &self.style.middle };
        if self.options.tuples_only {
            if !first || self.border == 2 {
                self.rule(rule, out)?;
            }
            return Ok(());
        }
        let label = label(self.border, record);
        let mut width = label.len();
        let full = self.heading + self.value + if self.border == 0 { 0 } else { 3 };
        let (open, close) = match self.border {
            2 => (rule.left, rule.right),
            _ => ("", ""),
        };
        out.text(open);
        if self.border > 0 {
            out.text(rule.line);
            width += 1;
        }
        out.text(&label);
        let full = match self.options.expanded_header_width {
            ExpandedHeaderWidth::Full => full,
            ExpandedHeaderWidth::Column => self.heading,
            ExpandedHeaderWidth::Page => full.min(self.limit),
            ExpandedHeaderWidth::Exactly(columns) => full.min(columns as usize),
        };
        let full = full + if self.border == 2 { 2 } else { 0 };
        let rest = full.saturating_sub(width);
        if self.border == 0 {
            out.blanks(rest);
        } else {
            out.repeat(rule.line, rest);
        }
        out.text(close);
        out.end_line()
    }

    /// A rule without a record's number.
    fn rule(&self, rule: &Rule, out: &mut Output<'_>) -> io::Result<()> {
        match self.border {
            0 => out.blanks(self.heading + self.value),
            1 => {
                out.repeat(rule.line, self.heading + 1);
                out.text(rule.cross);
                out.repeat(rule.line, self.value + 1);
            }
            _ => {
                out.text(rule.left);
                out.repeat(rule.line, self.heading + 2);
                out.text(rule.cross);
                out.repeat(rule.line, self.value + 2);
                out.text(rule.right);
            }
        }
        out.end_line()
    }

    /// The lines of one heading and its value.
    fn value_lines(&self, index: usize, value: &Layout, out: &mut Output<'_>) -> io::Result<()> {
        let names = self.headings.pieces(index);
        let pieces = value.pieces(0);
        for line in 0..names.len().max(pieces.len()) {
            let done = line >= pieces.len();
            self.heading_part(names, line, done, out);
            self.value_part(value, pieces, line, out);
            out.end_line()?;
        }
        Ok(())
    }

    fn heading_part(&self, names: &[Piece], line: usize, done: bool, out: &mut Output<'_>) {
        let style = &self.style;
        if self.border == 2 {
            out.text(style.border);
        }
        let name = names.get(line);
        if self.border == 2 || self.tall_heading && !style.marks_right {
            out.text(if line > 0 && name.is_some() { style.heading_newline_left } else { " " });
        }
        let mut mark = " ";
        match name {
            None => out.blanks(self.heading),
            Some(piece) => {
                out.put(self.headings.bytes(piece));
                out.blanks(self.heading.saturating_sub(piece.width));
                if piece.after != Break::End {
                    mark = style.heading_newline_right;
                }
            }
        }
        if self.border > 0 || self.tall_heading && style.marks_right {
            out.text(mark);
        }
        if self.border == 0 && !done {
            out.byte(b' ');
        }
    }

    fn value_part(&self, value: &Layout, pieces: &[Piece], line: usize, out: &mut Output<'_>) {
        let style = &self.style;
        let before = line.checked_sub(1).and_then(|i| pieces.get(i)).map(|piece| piece.after);
        let piece = pieces.get(line);
        if self.border > 0 {
            out.text(match (piece, before) {
                (None, _) => match pieces.last() {
                    // What psql shows where the heading goes on and the value doesn't.
                    Some(last) if last.width > 0 => style.column_wrap,
                    _ if pieces.len() > 1 => style.column_newline,
                    _ => style.column,
                },
                (_, Some(Break::Newline)) => style.column_newline,
                (_, Some(Break::Wrap)) => style.column_wrap,
                _ => style.column,
            });
        }
        match piece {
            Some(piece) => {
                if self.border > 0 {
                    out.text(if before == Some(Break::Wrap) { style.wrap_left } else { " " });
                }
                out.put(value.bytes(piece));
                let marked = piece.after != Break::End && style.marks_right;
                if self.border == 2 || marked {
                    out.blanks(self.value.saturating_sub(piece.width));
                    out.text(match piece.after {
                        Break::End => " ",
                        Break::Newline => style.newline_right,
                        Break::Wrap => style.wrap_right,
                    });
                }
            }
            None if self.border == 2 => out.blanks(self.value + 2),
            None => {}
        }
        if self.border == 2 {
            out.text(style.border);
        }
    }
}

/// The text that numbers a record.
fn label(border: u16, record: u64) -> String {
    if border == 0 { format!("* Record {record}") } else { format!("[ RECORD {record} ]") }
}
