//! The aligned and the wrapped format in expanded mode: one line per value.

use super::aligned::put_footers;
use super::output::Output;
use super::style::{Rule, Style};
use super::text::{Break, Layout, is_plain};
use super::value::Shown;
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
    let whole = part.start && part.stop;
    if whole && (columns.is_empty() || rows == 0) {
        if !options.tuples_only {
            put_footers(table, options, rows, out);
        }
        return out.end_line();
    }
    if let (Some(title), true, false) = (table.title, part.start, options.tuples_only) {
        out.put(title);
        out.byte(b'\n');
    }
    let printer = Printer::new(table, options, widths, limit);
    let mut layout = Layout::default();
    let mut shown = Shown::new(options);
    let wrap = if options.format == Format::Wrapped { printer.value } else { usize::MAX };
    table.rows.rewind()?;
    let prefixes = printer.prefixes();
    let mut record = part.prior_rows;
    while let Some(row) = table.rows.next()? {
        record += 1;
        if !columns.is_empty() {
            printer.record_line(record, record == part.prior_rows + 1, out)?;
        }
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            let text = shown.raw(cell, column.right);
            if text.len() <= wrap && is_plain(text) && !prefixes[index].is_empty() {
                printer.plain_line(&prefixes[index], text, out)?;
                continue;
            }
            layout.clear();
            layout.push(options.encoding, text, wrap);
            printer.value_lines(index, &layout, out)?;
        }
    }
    if part.stop {
        if printer.border >= 2 {
            printer.rule(&printer.style.bottom, out)?;
        }
        if !options.tuples_only && table.footers.is_some_and(|f| !f.is_empty()) {
            if printer.border < 2 {
                out.byte(b'\n');
            }
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
    /// Columns besides heading and value: bars, blanks and a heading's mark.
    frame: usize,
    limit: usize,
}

impl<'o> Printer<'o> {
    fn new(table: &Table<'_>, options: &'o Options, widths: &Widths, limit: usize) -> Printer<'o> {
        let mut headings = Layout::default();
        for column in table.columns {
            headings.push(options.encoding, &column.name, usize::MAX);
        }
        let heading = widths.columns.iter().map(|column| column.heading.width).max().unwrap_or(0);
        let value = widths.columns.iter().map(|column| column.values).max().unwrap_or(0);
        let tall_value = widths.columns.iter().any(|column| column.multiline);
        let border = options.border;
        let style = Style::of(options);
        let tall_heading = headings.height() > 1;
        // Where the border leaves no blank for it, the mark of a tall heading has its own column.
        let frame = match border {
            0 => 1 + usize::from(tall_heading),
            1 => 3 + usize::from(tall_heading && !style.marks_right),
            _ => 7,
        };
        let mark = usize::from(border < 2 && tall_value && style.marks_right);
        let mut printer = Printer {
            options,
            style,
            border,
            tall_heading,
            headings,
            heading,
            value,
            frame,
            limit,
        };
        // The line above a record has room for the last record's number.
        let ends = match border {
            0 => 0,
            1 => 1,
            _ => 4,
        };
        let digits = if widths.rows == 0 { 0 } else { widths.rows.to_string().len() };
        let (open, close) = label(border);
        let unlabelled = options.tuples_only || !options.label_widens;
        let label = if unlabelled { 0 } else { ends + open.len() + digits + close.len() };
        let fixed = heading + frame;
        printer.value = value.max(label.saturating_sub(fixed + mark));
        if options.format == Format::Wrapped && limit > 0 && fixed + mark + printer.value > limit {
            // Not narrower than the label, nor than three columns for values.
            let room = limit.max(label).max(fixed + mark + 3) - fixed;
            let wraps = printer.value + mark > room && border < 2 && style.marks_right;
            printer.value = (room - if wraps { 1 } else { mark }).max(3);
        }
        printer
    }

    /// The line above a record, the first one of this part or another.
    fn record_line(&self, record: u64, first: bool, out: &mut Output<'_>) -> io::Result<()> {
        let rule = if first { &self.style.top } else { &self.style.middle };
        if self.options.tuples_only {
            if record > 1 || self.border >= 2 {
                self.rule(rule, out)?;
            }
            return Ok(());
        }
        self.ruled(rule, Some(record), out)
    }

    /// A rule without a record's number.
    fn rule(&self, rule: &Rule, out: &mut Output<'_>) -> io::Result<()> {
        self.ruled(rule, None, out)
    }

    /// A rule whose beginning is covered by a record's label, if any. The bar between heading and value is crossed
    /// where the label leaves room.
    fn ruled(&self, rule: &Rule, record: Option<u64>, out: &mut Output<'_>) -> io::Result<()> {
        let line = if self.border == 0 { " " } else { rule.line };
        let (ends, corners) = match self.border {
            1 => (1, false),
            2 => (1, true),
            _ => (0, false),
        };
        if corners {
            out.text(rule.left);
        }
        out.repeat(line, ends);
        // Nothing is handed on while the label is put, so that its length can be told.
        out.flush_if_full()?;
        let start = out.buffer.len();
        if let Some(record) = record {
            let (open, close) = label(self.border);
            out.text(open);
            out.number(record);
            out.text(close);
        }
        let mut drawn = out.buffer.len() - start;
        let bar = self.heading + usize::from(corners) + self.lead();
        let fits = drawn <= bar;
        if fits {
            out.repeat(line, bar - drawn);
            drawn = bar;
        }
        if self.options.expanded_header_width == ExpandedHeaderWidth::Column {
            if fits && self.border > 0 {
                out.text(rule.right);
            }
            return out.end_line();
        }
        let mut end = bar + self.ruled_value();
        if self.border > 0 {
            // The rule runs on under the bar and the blank after it.
            end += 2;
            if fits {
                out.text(rule.cross);
                drawn += 1;
            }
        }
        out.repeat(line, end.saturating_sub(drawn));
        if corners {
            out.text(rule.line);
            out.text(rule.right);
        }
        out.end_line()
    }

    /// Columns before headings that mark the lines after a newline, where the border has none.
    fn lead(&self) -> usize {
        usize::from(self.border < 2 && self.tall_heading && !self.style.marks_right)
    }

    /// Columns of values that a rule runs under.
    fn ruled_value(&self) -> usize {
        let frame = if self.border == 0 { self.lead() } else { self.frame };
        let fixed = self.heading + frame;
        let limit = match self.options.expanded_header_width {
            _ if self.border > 2 => return self.value,
            ExpandedHeaderWidth::Page if self.limit > 0 => self.limit,
            ExpandedHeaderWidth::Exactly(columns) => columns as usize,
            _ => return self.value,
        };
        self.value.min(limit.saturating_sub(fixed))
    }

    /// What comes before a value's first line, per column; empty where the heading has several.
    fn prefixes(&self) -> Vec<Vec<u8>> {
        let prefix = |index: usize| {
            Output::to_vec(|out| {
                if self.headings.lines(index) == 1 {
                    self.heading_part(index, 0, out);
                    out.text(if self.border > 0 { self.style.column } else { "" });
                    out.byte(b' ');
                }
            })
        };
        (0..self.headings.len()).map(prefix).collect()
    }

    /// A heading and a value of printable ASCII that fits.
    fn plain_line(&self, prefix: &[u8], text: &[u8], out: &mut Output<'_>) -> io::Result<()> {
        out.put(prefix);
        out.put(text);
        if self.border >= 2 {
            out.blanks(self.value.saturating_sub(text.len()) + 1);
            out.text(self.style.border);
        }
        out.end_line()
    }

    /// The lines of one heading and its value.
    fn value_lines(&self, index: usize, value: &Layout, out: &mut Output<'_>) -> io::Result<()> {
        for line in 0..self.headings.lines(index).max(value.lines(0)) {
            self.heading_part(index, line, out);
            self.value_part(value, line, out);
            out.end_line()?;
        }
        Ok(())
    }

    fn heading_part(&self, index: usize, line: usize, out: &mut Output<'_>) {
        let style = &self.style;
        if self.border >= 2 {
            out.text(style.border);
        }
        let name = self.headings.piece(index, line);
        if self.border >= 2 || self.tall_heading && !style.marks_right {
            out.text(if line > 0 && name.is_some() { style.heading_newline_left } else { " " });
        }
        let mut mark = " ";
        match name {
            None => out.blanks(self.heading),
            Some(piece) => {
                out.put(piece.text);
                out.blanks(self.heading.saturating_sub(piece.width));
                if piece.after != Break::End {
                    mark = style.heading_newline_right;
                }
            }
        }
        if self.border > 0 || self.tall_heading && style.marks_right {
            out.text(mark);
        }
    }

    fn value_part(&self, value: &Layout, line: usize, out: &mut Output<'_>) {
        let style = &self.style;
        let before = value.before(0, line);
        let (piece, lines) = (value.piece(0, line), value.lines(0));
        if self.border > 0 {
            out.text(match (piece, before) {
                (None, _) => match value.piece(0, lines.saturating_sub(1)) {
                    // What psql shows where the heading goes on and the value doesn't.
                    Some(last) if last.width > 0 => style.column_wrap,
                    _ if lines > 1 => style.column_newline,
                    _ => style.column,
                },
                (_, Some(Break::Newline)) => style.column_newline,
                (_, Some(Break::Wrap)) => style.column_wrap,
                _ => style.column,
            });
        }
        match piece {
            Some(piece) => {
                out.text(if before == Some(Break::Wrap) { style.wrap_left } else { " " });
                out.put(piece.text);
                let marked = piece.after != Break::End && style.marks_right;
                if self.border >= 2 || marked {
                    out.blanks(self.value.saturating_sub(piece.width));
                    out.text(match piece.after {
                        Break::End => " ",
                        Break::Newline => style.newline_right,
                        Break::Wrap => style.wrap_right,
                    });
                }
            }
            None if self.border >= 2 => out.blanks(self.value + 2),
            None => {}
        }
        if self.border >= 2 {
            out.text(style.border);
        }
    }
}

/// The text around a record's number.
fn label(border: u16) -> (&'static str, &'static str) {
    if border == 0 { ("* Record ", "") } else { ("[ RECORD ", " ]") }
}
