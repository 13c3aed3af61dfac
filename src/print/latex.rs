//! The LaTeX formats: `tabular`, and `longtable` from the package of that name.

use super::cell_text::CellText;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Alignment, Column, Row, Rows};
use std::borrow::Cow;
use std::io;

/// Prints a table in a `tabular` environment.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if context.is_expanded() {
        return print_records(context, rows, out);
    }
    let text = CellText::new(context.options);
    print_rows(Tabular { context, text }, context.part, rows, out)
}

/// Prints a table in a `longtable` environment, which may break over pages.
pub(super) fn print_longtable(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if context.is_expanded() {
        return print_records(context, rows, out);
    }
    let text = CellText::new(context.options);
    print_rows(Longtable { context, text }, context.part, rows, out)
}

/// Prints a table in expanded mode, which both formats have in common.
fn print_records(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let names = context.names().collect();
    let text = CellText::new(context.options);
    print_rows(Records { context, names, text }, context.part, rows, out)
}

/// A line of a `tabular` per row.
struct Tabular<'t> {
    context: &'t Context<'t>,
    text: CellText,
}

impl RowFormat for Tabular<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_title(self.context, out);
        out.text("\\begin{tabular}{");
        put_columns(self.context, out, |column, out| {
            out.text(match column.alignment {
                Alignment::Right => "r",
                Alignment::Left => "l",
            });
        });
        out.text("}\n");
        if !self.context.options.tuples_only {
            if self.context.options.border >= 2 {
                out.text("\\hline\n");
            }
            put_headings(self.context, "\\textit{", "}", out);
            out.text("\\hline\n");
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let columns = self.context.columns;
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.text(" & ");
            }
            put_escaped(self.text.text(cell, column), out);
        }
        if !columns.is_empty() {
            out.text(" \\\\\n");
            if self.context.options.border >= 3 {
                out.text("\\hline\n");
            }
        }
        Ok(())
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.options.border == 2 {
            out.text("\\hline\n");
        }
        put_end(&self.context.footers(rows), out);
        Ok(())
    }
}

/// A line of a `tabular` per value, after its column's name.
struct Records<'t> {
    context: &'t Context<'t>,
    names: Vec<Cow<'t, [u8]>>,
    text: CellText,
}

impl Records<'_> {
    /// What comes before a record.
    fn put_heading(&self, record: u64, out: &mut Output<'_>) {
        let options = self.context.options;
        if !options.tuples_only {
            out.text(if options.border >= 2 {
                "\\hline\n\\multicolumn{2}{|c|}{\\textit{Record "
            } else {
                "\\multicolumn{2}{c}{\\textit{Record "
            });
            out.number(record);
            out.text("}} \\\\\n");
        }
        if options.border >= 1 {
            out.text("\\hline\n");
        }
    }
}

impl RowFormat for Records<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_title(self.context, out);
        out.text("\\begin{tabular}{");
        out.text(match self.context.options.border {
            0 => "cl",
            1 => "c|l",
            _ => "|c|l|",
        });
        out.text("}\n");
        Ok(())
    }

    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if !self.context.columns.is_empty() {
            self.put_heading(number, out);
        }
        for ((name, column), cell) in self.names.iter().zip(self.context.columns).zip(row.cells()) {
            put_escaped(name, out);
            out.text(" & ");
            put_escaped(self.text.text(cell, column), out);
            out.text(" \\\\\n");
        }
        Ok(())
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.options.border >= 2 {
            out.text("\\hline\n");
        }
        put_end(&self.context.given_footers(), out);
        Ok(())
    }
}

/// A line of a `longtable` per row.
struct Longtable<'t> {
    context: &'t Context<'t>,
    text: CellText,
}

impl RowFormat for Longtable<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        put_longtable_columns(self.context, out);
        if !self.context.options.tuples_only {
            put_page_heads(self.context, out);
            put_page_feet(self.context, out);
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        let columns = self.context.columns;
        for (index, (column, cell)) in columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.text("\n&\n");
            }
            out.text("\\raggedright{");
            put_escaped(self.text.text(cell, column), out);
            out.byte(b'}');
        }
        if !columns.is_empty() {
            out.text(" \\tabularnewline\n");
            if self.context.options.border >= 3 {
                out.text(" \\hline\n");
            }
        }
        Ok(())
    }

    fn end(&mut self, _: u64, out: &mut Output<'_>) -> io::Result<()> {
        out.text("\\end{longtable}\n");
        Ok(())
    }
}

/// Opens a `longtable`. The table's attributes are the widths of the columns that are not numbers,
/// as parts of the text's width; the last one is that of all further columns.
fn put_longtable_columns(context: &Context<'_>, out: &mut Output<'_>) {
    let attributes = context.options.table_attributes.as_deref().unwrap_or_default();
    let mut proportions =
        attributes.split(|byte| b" \t\n\r".contains(byte)).filter(|part| !part.is_empty());
    let mut proportion = None;
    out.text("\\begin{longtable}{");
    put_columns(context, out, |column, out| {
        if column.alignment == Alignment::Right {
            out.byte(b'r');
            return;
        }
        proportion = proportions.next().or(proportion);
        match proportion {
            None => out.byte(b'l'),
            Some(width) => {
                out.text("p{");
                out.put(width);
                out.text("\\textwidth}");
            }
        }
    });
    out.text("}\n");
}

/// What stands at the top of the first page, and of the others.
fn put_page_heads(context: &Context<'_>, out: &mut Output<'_>) {
    let border = context.options.border;
    for (end, has_rule) in [("\\endfirsthead\n", true), ("\\endhead\n", border != 3)] {
        if border >= 2 {
            out.text("\\toprule\n");
        }
        put_headings(context, "\\small\\textbf{\\textit{", "}}", out);
        if has_rule {
            out.text("\\midrule\n");
        }
        out.text(end);
    }
}

/// What stands at the bottom of each page, and of the last.
fn put_page_feet(context: &Context<'_>, out: &mut Output<'_>) {
    let border = context.options.border;
    let title = context.title().map(|title| Output::to_vec(|out| put_escaped(title, out)));
    for (end, mark) in [("\\endfoot\n", " (Continued)"), ("\\endlastfoot\n", "")] {
        if border == 2 || border > 2 && title.is_none() {
            out.text("\\bottomrule\n");
        }
        if let Some(title) = &title {
            out.text("\\caption[");
            out.put(title);
            out.text(mark);
            out.text("]{");
            out.put(title);
            out.text("}\n");
        }
        if title.is_some() || border >= 2 {
            out.text(end);
        }
    }
}

fn put_title(context: &Context<'_>, out: &mut Output<'_>) {
    if let Some(title) = context.title() {
        out.text("\\begin{center}\n");
        put_escaped(title, out);
        out.text("\n\\end{center}\n\n");
    }
}

/// The columns' alignments, with the bars the border asks for.
fn put_columns(
    context: &Context<'_>,
    out: &mut Output<'_>,
    mut put: impl FnMut(&Column, &mut Output<'_>),
) {
    let border = context.options.border;
    if border >= 2 {
        out.text("| ");
    }
    for (index, column) in context.columns.iter().enumerate() {
        if index > 0 && border > 0 {
            out.text(" | ");
        }
        put(column, out);
    }
    if border >= 2 {
        out.text(" |");
    }
}

fn put_headings(context: &Context<'_>, open: &str, close: &str, out: &mut Output<'_>) {
    for (index, name) in context.names().enumerate() {
        if index > 0 {
            out.text(" & ");
        }
        out.text(open);
        put_escaped(&name, out);
        out.text(close);
    }
    out.text(" \\\\\n");
}

fn put_end(footers: &[Cow<'_, [u8]>], out: &mut Output<'_>) {
    out.text("\\end{tabular}\n\n\\noindent ");
    for footer in footers {
        put_escaped(footer, out);
        out.text(" \\\\\n");
    }
    out.byte(b'\n');
}

fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    out.put_escaped(text, escape);
}

fn escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'#' => Some("\\#"),
        b'$' => Some("\\$"),
        b'%' => Some("\\%"),
        b'&' => Some("\\&"),
        b'<' => Some("\\textless{}"),
        b'>' => Some("\\textgreater{}"),
        b'\\' => Some("\\textbackslash{}"),
        b'^' => Some("\\^{}"),
        b'_' => Some("\\_"),
        b'{' => Some("\\{"),
        b'|' => Some("\\textbar{}"),
        b'}' => Some("\\}"),
        b'~' => Some("\\~{}"),
        b'\n' => Some("\\\\"),
        _ => None,
    }
}
