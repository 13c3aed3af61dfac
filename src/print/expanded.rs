//! The aligned and the wrapped format in expanded mode: a record per row, with a line or more per
//! value.

use super::cell_text::{CellText, shown};
use super::options::{ExpandedHeaderWidth, Format, Options};
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::style::{Rule, Style};
use super::table::{Row, Rows};
use super::text::{Break, Layout, is_plain};
use super::widths::Widths;
use std::borrow::Cow;
use std::io;

/// Prints a table; in the wrapped format it is made to fit the screen.
pub(super) fn print(
    context: &Context<'_>,
    widths: &Widths,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let part = context.part;
    let all = part.prior_rows + widths.rows;
    if part.start && part.stop && (context.columns.is_empty() || all == 0) {
        put_footers(&context.footers(all), out);
        return out.end_line();
    }
    let frame = Frame::new(context, widths);
    let records = Records {
        context,
        prefixes: frame.prefixes(),
        wrap: if context.options.format == Format::Wrapped { frame.value } else { usize::MAX },
        frame,
        layout: Layout::default(),
        text: CellText::new(context.options),
    };
    print_rows(records, part, rows, out)
}

struct Records<'t> {
    context: &'t Context<'t>,
    frame: Frame<'t>,
    /// What comes before a value's first line, per column; empty where the heading has several.
    prefixes: Vec<Vec<u8>>,
    /// The width at which values are wrapped.
    wrap: usize,
    layout: Layout,
    text: CellText,
}

impl RowFormat for Records<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if let Some(title) = self.context.title() {
            out.put(&self.context.without_colors(title.into()));
            out.byte(b'\n');
        }
        Ok(())
    }

    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let Context { columns, options, part, .. } = *self.context;
        if !columns.is_empty() {
            self.frame.put_record_line(number, number == part.prior_rows + 1, out)?;
        }
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            let text = self.text.raw(cell, column);
            let color = options.null_color().filter(|_| cell.is_none());
            if color.is_none()
                && text.len() <= self.wrap
                && is_plain(text)
                && !self.prefixes[index].is_empty()
            {
                self.frame.put_plain_line(&self.prefixes[index], text, out)?;
                continue;
            }
            self.layout.clear();
            self.layout.push(options.encoding, text, self.wrap);
            self.frame.put_value_lines(index, &self.layout, color, out)?;
        }
        Ok(())
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        let is_closed = self.frame.border >= 2;
        if is_closed {
            self.frame.put_rule(&self.frame.style.bottom, out)?;
        }
        let footers = self.context.given_footers();
        if !footers.is_empty() && !is_closed {
            out.byte(b'\n');
        }
        put_footers(&footers, out);
        out.end_line()
    }
}

fn put_footers(footers: &[Cow<'_, [u8]>], out: &mut Output<'_>) {
    for footer in footers {
        out.put(footer);
        out.byte(b'\n');
    }
}

/// The lines around headings and values, and how wide those are.
struct Frame<'o> {
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
    beside: usize,
    limit: Option<usize>,
}

impl<'o> Frame<'o> {
    fn new(context: &Context<'o>, widths: &Widths) -> Frame<'o> {
        let options = context.options;
        let limit = options.width_limit(context.screen);
        let mut headings = Layout::default();
        for column in context.columns {
            headings.push(options.encoding, &shown(options, &column.name), usize::MAX);
        }
        let heading = widths.columns.iter().map(|column| column.heading.width).max().unwrap_or(0);
        let value = widths.columns.iter().map(|column| column.values).max().unwrap_or(0);
        let tall_value = widths.columns.iter().any(|column| column.is_multiline);
        let border = options.border;
        let style = Style::of(options);
        let tall_heading = headings.height() > 1;
        // Where the border leaves no blank for it, the mark of a tall heading has its own column.
        let beside = match border {
            0 => 1 + usize::from(tall_heading),
            1 => 3 + usize::from(tall_heading && !style.marks_right),
            _ => 7,
        };
        let mark = usize::from(border < 2 && tall_value && style.marks_right);
        let mut frame =
            Frame { options, style, border, tall_heading, headings, heading, value, beside, limit };
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
        let fixed = heading + beside;
        frame.value = value.max(label.saturating_sub(fixed + mark));
        if let (Format::Wrapped, Some(limit)) = (options.format, limit)
            && fixed + mark + frame.value > limit
        {
            // Not narrower than the label, nor than three columns for values.
            let room = limit.max(label).max(fixed + mark + 3) - fixed;
            let wraps = frame.value + mark > room && border < 2 && style.marks_right;
            frame.value = (room - if wraps { 1 } else { mark }).max(3);
        }
        frame
    }

    /// The line above a record, the first one of this part or another.
    fn put_record_line(&self, record: u64, first: bool, out: &mut Output<'_>) -> io::Result<()> {
        let rule = if first { &self.style.top } else { &self.style.middle };
        if self.options.tuples_only {
            if record > 1 || self.border >= 2 {
                self.put_rule(rule, out)?;
            }
            return Ok(());
        }
        self.put_ruled(rule, Some(record), out)
    }

    /// A rule without a record's number.
    fn put_rule(&self, rule: &Rule, out: &mut Output<'_>) -> io::Result<()> {
        self.put_ruled(rule, None, out)
    }

    /// A rule whose beginning is covered by a record's label, if any. The bar between heading and value is crossed
    /// where the label leaves room.
    fn put_ruled(&self, rule: &Rule, record: Option<u64>, out: &mut Output<'_>) -> io::Result<()> {
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
        let beside = if self.border == 0 { self.lead() } else { self.beside };
        let fixed = self.heading + beside;
        let limit = match self.options.expanded_header_width {
            _ if self.border > 2 => return self.value,
            ExpandedHeaderWidth::Page => match self.limit {
                Some(limit) => limit,
                None => return self.value,
            },
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
                    self.put_heading_part(index, 0, out);
                    out.text(if self.border > 0 { self.style.column } else { "" });
                    out.byte(b' ');
                }
            })
        };
        (0..self.headings.len()).map(prefix).collect()
    }

    /// A heading and a value of printable ASCII that fits.
    fn put_plain_line(&self, prefix: &[u8], text: &[u8], out: &mut Output<'_>) -> io::Result<()> {
        out.put(prefix);
        out.put(text);
        if self.border >= 2 {
            out.blanks(self.value.saturating_sub(text.len()) + 1);
            out.text(self.style.border);
        }
        out.end_line()
    }

    /// The lines of one heading and its value.
    fn put_value_lines(
        &self,
        index: usize,
        value: &Layout,
        color: Option<&str>,
        out: &mut Output<'_>,
    ) -> io::Result<()> {
        for line in 0..self.headings.lines(index).max(value.lines(0)) {
            self.put_heading_part(index, line, out);
            self.put_value_part(value, line, color, out);
            out.end_line()?;
        }
        Ok(())
    }

    fn put_heading_part(&self, index: usize, line: usize, out: &mut Output<'_>) {
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
                out.painted(self.options.heading_color(), |out| out.put(piece.text));
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

    fn put_value_part(
        &self,
        value: &Layout,
        line: usize,
        color: Option<&str>,
        out: &mut Output<'_>,
    ) {
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
                out.painted(color, |out| out.put(piece.text));
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
