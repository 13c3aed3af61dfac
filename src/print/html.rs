//! The HTML format: one `<table>` element.

use super::cell_text::CellText;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Alignment, Column, Row, Rows};
use super::text::any_byte;
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
        let names = context.names().map(|name| escaped(&name)).collect();
        print_rows(Records { context, names, text }, context.part, rows, out)
    } else {
        print_rows(Lines { context, text }, context.part, rows, out)
    }
}

/// A table row per row.
struct Lines<'t> {
    context: &'t Context<'t>,
    text: CellText,
}

impl RowFormat for Lines<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_start(self.context, out);
        if !self.context.options.tuples_only {
            out.text("  <tr>\n");
            for name in self.context.names() {
                out.text("    <th align=\"center\">");
                put_escaped(&name, out);
                out.text("</th>\n");
            }
            out.text("  </tr>\n");
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.columns.is_empty() {
            return Ok(());
        }
        out.text("  <tr valign=\"top\">\n");
        for (column, cell) in self.context.columns.iter().zip(row.cells()) {
            put_cell(column, self.text.text(cell, column), out);
        }
        out.text("  </tr>\n");
        Ok(())
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        put_end(&self.context.footers(rows), out)
    }
}

/// A table row per value, after its column's name.
struct Records<'t> {
    context: &'t Context<'t>,
    /// The columns' names, escaped.
    names: Vec<Vec<u8>>,
    text: CellText,
}

impl RowFormat for Records<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_start(self.context, out);
        Ok(())
    }

    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.columns.is_empty() {
            return Ok(());
        }
        if self.context.options.tuples_only {
            out.text("\n  <tr><td colspan=\"2\">&nbsp;</td></tr>\n");
        } else {
            out.text("\n  <tr><td colspan=\"2\" align=\"center\">Record ");
            out.number(number);
            out.text("</td></tr>\n");
        }
        for ((name, column), cell) in self.names.iter().zip(self.context.columns).zip(row.cells()) {
            out.text("  <tr valign=\"top\">\n    <th>");
            out.put(name);
            out.text("</th>\n");
            put_cell(column, self.text.text(cell, column), out);
            out.text("  </tr>\n");
        }
        Ok(())
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        put_end(&self.context.given_footers(), out)
    }
}

fn put_start(context: &Context<'_>, out: &mut Output<'_>) {
    out.text("<table border=\"");
    out.number(context.options.border.into());
    out.byte(b'"');
    if let Some(attributes) = &context.options.table_attributes {
        out.byte(b' ');
        out.put(attributes);
    }
    out.text(">\n");
    if let Some(title) = context.title() {
        out.text("  <caption>");
        put_escaped(title, out);
        out.text("</caption>\n");
    }
}

#[inline]
fn put_cell(column: &Column, text: &[u8], out: &mut Output<'_>) {
    out.text(match column.alignment {
        Alignment::Right => "    <td align=\"right\">",
        Alignment::Left => "    <td align=\"left\">",
    });
    // Browsers don't draw cells of nothing but white space.
    if text.iter().all(|&byte| byte == b' ' || byte == b'\t') {
        out.text("&nbsp; ");
    } else {
        put_escaped(text, out);
    }
    out.text("</td>\n");
}

fn put_end(footers: &[Cow<'_, [u8]>], out: &mut Output<'_>) -> io::Result<()> {
    out.text("</table>\n");
    if !footers.is_empty() {
        out.text("<p>");
        for footer in footers {
            put_escaped(footer, out);
            out.text("<br />\n");
        }
        out.text("</p>");
    }
    out.end_line()
}

fn escaped(text: &[u8]) -> Vec<u8> {
    Output::to_vec(|out| put_escaped(text, out))
}

/// Puts text with the characters that mean something in HTML escaped; blanks at its start are
/// kept from collapsing.
fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    let special =
        |byte| (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == b'\n');
    if !text.starts_with(b" ") && !any_byte(text, special) {
        return out.put(text);
    }
    let blanks = text.iter().take_while(|&&byte| byte == b' ').count();
    out.repeat("&nbsp;", blanks);
    out.put_escaped(&text[blanks..], |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\n' => Some("<br />\n"),
        _ => None,
    });
}
