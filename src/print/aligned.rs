//! The aligned and the wrapped format, one row after the other.

use super::output::Output;
use super::style::{Rule, Style};
use super::text::{Break, Layout, is_plain, unchecked_extent};
use super::value::{Shown, clean};
use super::widths::Widths;
use super::{Column, Format, Options, Part, Row, Table, footers};
use std::io;

/// The columns' widths; in the wrapped format narrowed until lines fit into `limit` columns, if
/// that is not 0 and the headings allow it.
pub(super) fn fit(widths: &Widths, options: &Options, limit: usize) -> Vec<usize> {
    let mut fitted = widths.columns.iter().map(|column| column.width()).collect::<Vec<_>>();
    if options.format == Format::Wrapped && limit > 0 {
        let frame = frame_width(fitted.len(), options.border);
        shrink(&mut fitted, widths, limit.saturating_sub(frame));
    }
    fitted
}

/// Columns a line fills.
pub(super) fn line_width(fitted: &[usize], border: u16) -> usize {
    fitted.iter().sum::<usize>() + frame_width(fitted.len(), border)
}

/// Columns a line fills besides headings or values.
fn frame_width(columns: usize, border: u16) -> usize {
    match border {
        0 => columns,
        1 => (columns * 3).saturating_sub(1),
        _ => columns * 3 + 1,
    }
}

/// Narrows columns until they fill `limit` at most: step by step the one whose width is the
/// largest multiple of what its values need on average, wide columns rather than narrow ones.
/// No column gets narrower than its heading; if the headings alone don't fit, all stay as
/// they are. Measured from psql's results.
fn shrink(fitted: &mut [usize], widths: &Widths, limit: usize) {
    let headings: usize = widths.columns.iter().map(|column| column.heading.width).sum();
    if headings > limit {
        return;
    }
    let mut excess = fitted.iter().sum::<usize>().saturating_sub(limit);
    while excess > 0 {
        let mut worst: Option<(f64, usize)> = None;
        for (index, (&width, column)) in fitted.iter().zip(&widths.columns).enumerate() {
            let average = column.total / widths.rows.max(1);
            if average > 0 && width > column.heading.width {
                let ratio = width as f64 / average as f64 + column.width() as f64 * 0.01;
                if worst.is_none_or(|(most, _)| ratio > most) {
                    worst = Some((ratio, index));
                }
            }
        }
        let Some((_, index)) = worst else { break };
        fitted[index] -= 1;
        excess -= 1;
    }
}

/// Prints the table with its columns' values in the `fitted` widths.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    widths: &Widths,
    fitted: &[usize],
    out: &mut Output<'_>,
) -> io::Result<()> {
    let mut printer = Printer {
        options,
        style: Style::of(options),
        border: options.border.min(2),
        columns: table.columns,
        widths: fitted,
        layout: Layout::default(),
        shown: Shown::new(options),
    };
    if part.start {
        if !options.tuples_only {
            printer.title(table.title, out);
        }
        printer.head(out)?;
    }
    table.rows.rewind()?;
    let mut rows = part.prior_rows;
    if let Some(template) = printer.template(widths) {
        while let Some(row) = table.rows.next()? {
            rows += 1;
            if !template.put(row, &mut printer.shown, out) {
                printer.row(row, out)?;
            }
            out.flush_if_full()?;
        }
    } else {
        while let Some(row) = table.rows.next()? {
            rows += 1;
            printer.row(row, out)?;
        }
    }
    if part.stop {
        if printer.border == 2 {
            printer.rule(&printer.style.bottom, out)?;
        }
        if !options.tuples_only {
            put_footers(table, options, rows, out);
        }
        out.end_line()?;
    }
    Ok(())
}

/// Prints the lines below a table of `rows` rows.
pub(super) fn put_footers(table: &Table<'_>, options: &Options, rows: u64, out: &mut Output<'_>) {
    for footer in footers(table, options, rows) {
        out.put(&clean(options.encoding, &footer));
        out.byte(b'\n');
    }
}

struct Printer<'t> {
    options: &'t Options,
    style: Style,
    border: u16,
    columns: &'t [Column],
    /// Columns that each column's values have.
    widths: &'t [usize],
    layout: Layout,
    shown: Shown,
}

impl<'t> Printer<'t> {
    fn title(&self, title: Option<&[u8]>, out: &mut Output<'_>) {
        let Some(title) = title else { return };
        let encoding = self.options.encoding;
        let width = unchecked_extent(encoding, title).width;
        out.blanks(line_width(self.widths, self.border).saturating_sub(width) / 2);
        out.put(title);
        out.byte(b'\n');
    }

    /// The headings and the rules around them.
    fn head(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if self.options.tuples_only {
            return Ok(());
        }
        if self.border == 2 {
            self.rule(&self.style.top, out)?;
        }
        self.layout.clear();
        for column in self.columns {
            self.layout.push(self.options.encoding, &column.name, usize::MAX);
        }
        for line in 0..self.layout.height() {
            self.heading_line(line, out)?;
        }
        self.rule(&self.style.middle, out)
    }

    fn heading_line(&self, line: usize, out: &mut Output<'_>) -> io::Result<()> {
        let style = &self.style;
        if self.border == 2 {
            out.text(style.border);
        }
        for (index, &width) in self.widths.iter().enumerate() {
            if self.border > 0 || !style.marks_right && index > 0 {
                out.text(if line > 0 { style.heading_newline_left } else { " " });
            }
            let mut mark = " ";
            match self.layout.piece(index, line) {
                None => out.blanks(width),
                Some(piece) => {
                    let room = width.saturating_sub(piece.width);
                    out.blanks(room / 2);
                    out.put(piece.text);
                    out.blanks(room - room / 2);
                    if piece.after != Break::End {
                        mark = style.heading_newline_right;
                    }
                }
            }
            if self.border > 0 || style.marks_right {
                out.text(mark);
            }
            if self.border > 0 && index + 1 < self.widths.len() {
                out.text(style.column);
            }
        }
        if self.border == 2 {
            out.text(style.border);
        }
        out.end_line()
    }

    fn rule(&self, rule: &Rule, out: &mut Output<'_>) -> io::Result<()> {
        match self.border {
            0 => {}
            1 => out.text(rule.line),
            _ => {
                out.text(rule.left);
                out.text(rule.line);
            }
        }
        for (index, &width) in self.widths.iter().enumerate() {
            if index > 0 {
                match self.border {
                    0 => out.byte(b' '),
                    _ => {
                        out.text(rule.line);
                        out.text(rule.cross);
                        out.text(rule.line);
                    }
                }
            }
            out.repeat(rule.line, width);
        }
        match self.border {
            0 => {}
            1 => out.text(rule.line),
            _ => {
                out.text(rule.line);
                out.text(rule.right);
            }
        }
        out.end_line()
    }

    /// Prints a row of any contents.
    fn row(&mut self, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        self.layout.clear();
        let wrapped = self.options.format == Format::Wrapped;
        let mut cells = row.cells();
        for (column, &width) in self.columns.iter().zip(self.widths) {
            let text = self.shown.raw(cells.next().flatten(), column.right);
            let limit = if wrapped { width } else { usize::MAX };
            self.layout.push(self.options.encoding, text, limit);
        }
        for line in 0..self.layout.height() {
            self.value_line(line, out)?;
        }
        Ok(())
    }

    fn value_line(&self, line: usize, out: &mut Output<'_>) -> io::Result<()> {
        let style = &self.style;
        let last = self.columns.len().saturating_sub(1);
        if self.border == 2 {
            out.text(style.border);
        }
        for (index, column) in self.columns.iter().enumerate() {
            let before = self.layout.before(index, line);
            let piece = self.layout.piece(index, line);
            if index > 0 && self.border > 0 {
                out.text(match (piece, before) {
                    (None, _) => style.column_blank,
                    (_, Some(Break::Newline)) => style.column_newline,
                    (_, Some(Break::Wrap)) => style.column_wrap,
                    _ => style.column,
                });
            }
            if self.border > 0 {
                out.text(if before == Some(Break::Wrap) { style.wrap_left } else { " " });
            }
            let padded = index < last || self.border == 2;
            let Some(piece) = piece else {
                if padded {
                    out.blanks(self.widths[index] + 1);
                }
                continue;
            };
            let room = self.widths[index].saturating_sub(piece.width);
            if column.right {
                out.blanks(room);
                out.put(piece.text);
            } else {
                out.put(piece.text);
                if padded || piece.after != Break::End {
                    out.blanks(room);
                }
            }
            match piece.after {
                Break::Newline => out.text(style.newline_right),
                Break::Wrap => out.text(style.wrap_right),
                Break::End if padded => out.byte(b' '),
                Break::End => {}
            }
        }
        if self.border == 2 {
            out.text(style.border);
        }
        out.end_line()
    }

    /// The template for rows whose values are single lines of printable ASCII.
    fn template(&self, widths: &Widths) -> Option<Template> {
        let mut line = Vec::new();
        let mut slots = Vec::new();
        let mut open = None;
        let last = self.columns.len().checked_sub(1)?;
        if self.border == 2 {
            line.extend_from_slice(self.style.border.as_bytes());
        }
        for (index, (column, &width)) in self.columns.iter().zip(self.widths).enumerate() {
            if index > 0 && self.border > 0 {
                line.extend_from_slice(self.style.column.as_bytes());
            }
            if self.border > 0 {
                line.push(b' ');
            }
            if index == last && self.border < 2 && !column.right {
                open = Some(width);
                break;
            }
            let start = line.len();
            line.resize(start + width, b' ');
            let plain = widths.columns[index].plain && widths.columns[index].values <= width;
            slots.push(Slot { start, end: line.len(), right: column.right, plain });
            if index < last || self.border == 2 {
                line.push(b' ');
            }
        }
        if self.border == 2 {
            line.extend_from_slice(self.style.border.as_bytes());
        }
        if open.is_none() {
            line.push(b'\n');
        }
        Some(Template { line, slots, open })
    }
}

/// A row's line with blanks where the values go: most rows are copied into one and done.
struct Template {
    line: Vec<u8>,
    slots: Vec<Slot>,
    /// The width of a last column whose values end the line.
    open: Option<usize>,
}

struct Slot {
    start: usize,
    end: usize,
    right: bool,
    /// Whether all values of the column are known to fit and to be printable ASCII.
    plain: bool,
}

impl Template {
    /// Prints the row, or returns false and leaves no trace if a value is not plain.
    #[inline]
    fn put(&self, row: Row<'_>, shown: &mut Shown, out: &mut Output<'_>) -> bool {
        let base = out.buffer.len();
        // Not by `put`, which may hand on what `base` counts from.
        out.buffer.extend_from_slice(&self.line);
        let done = self.fill(base, row, shown, out);
        if !done {
            out.buffer.truncate(base);
        }
        done
    }

    /// Copies the values into the line that begins at `base`, as far as they are plain.
    #[inline]
    fn fill(&self, base: usize, row: Row<'_>, shown: &mut Shown, out: &mut Output<'_>) -> bool {
        let mut cells = row.cells();
        for slot in &self.slots {
            let text = shown.raw(cells.next().flatten(), slot.right);
            if text.len() > slot.end - slot.start || !(slot.plain || is_plain(text)) {
                return false;
            }
            let start = base + if slot.right { slot.end - text.len() } else { slot.start };
            out.buffer[start..start + text.len()].copy_from_slice(text);
        }
        if let Some(width) = self.open {
            let text = shown.raw(cells.next().flatten(), false);
            if text.len() > width || !is_plain(text) {
                return false;
            }
            out.put(text);
            out.byte(b'\n');
        }
        true
    }
}
