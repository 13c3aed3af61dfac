//! The aligned and the wrapped format, one line or more per row.

use super::cell_text::{CellText, shown};
use super::options::Format;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::style::{Rule, Style};
use super::table::{Alignment, Column, Row, Rows};
use super::text::{Break, Layout, is_plain, unchecked_extent};
use super::widths::{Widths, line_width};
use std::io;

/// Prints a table with its columns' values in the `fitted` widths.
pub(super) fn print(
    context: &Context<'_>,
    widths: &Widths,
    fitted: &[usize],
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let style = Style::of(context.options);
    let border = context.options.border.min(2);
    let lines = Lines {
        context,
        border,
        widths: fitted,
        template: Template::new(context, widths, fitted, &style, border),
        style,
        layout: Layout::default(),
        nulls: Vec::new(),
        text: CellText::new(context.options),
    };
    print_rows(lines, context.part, rows, out)
}

struct Lines<'t> {
    context: &'t Context<'t>,
    style: Style,
    border: u16,
    /// Columns that each column's values have.
    widths: &'t [usize],
    /// For rows whose values are single lines of printable ASCII.
    template: Option<Template<'t>>,
    layout: Layout,
    /// Which cells of the row in the layout are NULL.
    nulls: Vec<bool>,
    text: CellText,
}

impl RowFormat for Lines<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if let Some(title) = self.context.title() {
            self.put_title(&self.context.without_colors(title.into()), out);
        }
        if self.context.options.tuples_only {
            return Ok(());
        }
        self.put_headings(out)
    }

    #[inline]
    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        match &self.template {
            Some(template) if template.put(row, &mut self.text, out) => Ok(()),
            _ => self.put_row(row, out),
        }
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        if self.border == 2 {
            self.put_rule(&self.style.bottom, out)?;
        }
        for footer in self.context.footers(rows) {
            out.put(&footer);
            out.byte(b'\n');
        }
        out.end_line()
    }
}

impl Lines<'_> {
    fn put_title(&self, title: &[u8], out: &mut Output<'_>) {
        let width = unchecked_extent(self.context.options.encoding, title).width;
        out.blanks(line_width(self.widths, self.border).saturating_sub(width) / 2);
        out.put(title);
        out.byte(b'\n');
    }

    /// The headings and the rules around them.
    fn put_headings(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if self.border == 2 {
            self.put_rule(&self.style.top, out)?;
        }
        self.layout.clear();
        for column in self.context.columns {
            let options = self.context.options;
            self.layout.push(options.encoding, &shown(options, &column.name), usize::MAX);
        }
        let color = self.context.options.heading_color();
        for line in 0..self.layout.height() {
            out.painted(color, |out| self.put_heading_line(line, out));
            out.end_line()?;
        }
        self.put_rule(&self.style.middle, out)
    }

    fn put_heading_line(&self, line: usize, out: &mut Output<'_>) {
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
    }

    fn put_rule(&self, rule: &Rule, out: &mut Output<'_>) -> io::Result<()> {
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
    fn put_row(&mut self, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        self.layout.clear();
        self.nulls.clear();
        let wrapped = self.context.options.format == Format::Wrapped;
        let mut cells = row.cells();
        for (column, &width) in self.context.columns.iter().zip(self.widths) {
            let cell = cells.next().flatten();
            self.nulls.push(cell.is_none());
            let text = self.text.raw(cell, column);
            let limit = if wrapped { width } else { usize::MAX };
            self.layout.push(self.context.options.encoding, text, limit);
        }
        for line in 0..self.layout.height() {
            self.put_value_line(line, out)?;
        }
        Ok(())
    }

    fn put_value_line(&self, line: usize, out: &mut Output<'_>) -> io::Result<()> {
        let style = &self.style;
        let last = self.context.columns.len().saturating_sub(1);
        if self.border == 2 {
            out.text(style.border);
        }
        for (index, column) in self.context.columns.iter().enumerate() {
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
            let color = self.context.options.null_color().filter(|_| self.nulls[index]);
            match column.alignment {
                Alignment::Right => {
                    out.blanks(room);
                    out.painted(color, |out| out.put(piece.text));
                }
                Alignment::Left => {
                    out.painted(color, |out| out.put(piece.text));
                    if padded || piece.after != Break::End {
                        out.blanks(room);
                    }
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
}

/// A row's line with blanks where the values go: most rows are copied into one and done.
struct Template<'t> {
    line: Vec<u8>,
    slots: Vec<Slot<'t>>,
    /// A last column whose values end the line, and its width.
    open: Option<(&'t Column, usize)>,
    /// Rows with a NULL, which has a colour, are not for this.
    is_without_nulls: bool,
}

/// The room for a value in a template's line.
struct Slot<'t> {
    column: &'t Column,
    start: usize,
    end: usize,
    /// Whether all values of the column are known to fit and to be printable ASCII.
    is_plain: bool,
}

impl<'t> Template<'t> {
    /// The template for rows in these widths; `None` for a table without columns, and where most rows
    /// take several lines.
    fn new(
        context: &Context<'t>,
        widths: &Widths,
        fitted: &[usize],
        style: &Style,
        border: u16,
    ) -> Option<Template<'t>> {
        let mut line = Vec::new();
        let mut slots = Vec::new();
        let mut open = None;
        let last = context.columns.len().checked_sub(1)?;
        if border == 2 {
            line.extend_from_slice(style.border.as_bytes());
        }
        for (index, (column, &width)) in context.columns.iter().zip(fitted).enumerate() {
            if widths.average(index) > width as u64 {
                return None;
            }
            if index > 0 && border > 0 {
                line.extend_from_slice(style.column.as_bytes());
            }
            if border > 0 {
                line.push(b' ');
            }
            if index == last && border < 2 && column.alignment == Alignment::Left {
                open = Some((column, width));
                break;
            }
            let start = line.len();
            line.resize(start + width, b' ');
            let measured = &widths.columns[index];
            let is_plain = measured.is_plain && measured.values <= width;
            slots.push(Slot { column, start, end: line.len(), is_plain });
            if index < last || border == 2 {
                line.push(b' ');
            }
        }
        if border == 2 {
            line.extend_from_slice(style.border.as_bytes());
        }
        if open.is_none() {
            line.push(b'\n');
        }
        let is_without_nulls = context.options.null_color().is_some();
        Some(Template { line, slots, open, is_without_nulls })
    }

    /// Prints the row, or returns false and leaves no trace if a value is not plain.
    #[inline]
    fn put(&self, row: Row<'_>, text: &mut CellText, out: &mut Output<'_>) -> bool {
        let base = out.buffer.len();
        // Not by `put`, which may hand on what `base` counts from.
        out.buffer.extend_from_slice(&self.line);
        let is_done = self.fill(base, row, text, out);
        if !is_done {
            out.buffer.truncate(base);
        }
        is_done
    }

    /// Copies the values into the line that begins at `base`, as far as they are plain.
    #[inline]
    fn fill(&self, base: usize, row: Row<'_>, text: &mut CellText, out: &mut Output<'_>) -> bool {
        let mut cells = row.cells();
        for slot in &self.slots {
            let cell = cells.next().flatten();
            if cell.is_none() && self.is_without_nulls {
                return false;
            }
            let text = text.raw(cell, slot.column);
            if text.len() > slot.end - slot.start || !(slot.is_plain || is_plain(text)) {
                return false;
            }
            let start = match slot.column.alignment {
                Alignment::Right => base + slot.end - text.len(),
                Alignment::Left => base + slot.start,
            };
            out.buffer[start..start + text.len()].copy_from_slice(text);
        }
        if let Some((column, width)) = self.open {
            let cell = cells.next().flatten();
            let is_colored = cell.is_none() && self.is_without_nulls;
            let text = text.raw(cell, column);
            if is_colored || text.len() > width || !is_plain(text) {
                return false;
            }
            out.put(text);
            out.byte(b'\n');
        }
        true
    }
}
