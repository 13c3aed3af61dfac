//! The LaTeX formats: `tabular`, and `longtable` from the package of that name.

use super::output::Output;
use super::value::{Shown, clean};
use super::{Column, Options, Part, Table, explicit_footers, footers};
use std::io;

/// Prints the table in a `tabular` environment.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    expanded: bool,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if expanded {
        return print_expanded(table, options, part, out);
    }
    if part.start {
        put_title(table, options, out);
        out.text("\\begin{tabular}{");
        put_columns(options.border, table.columns, out, |column, out| {
            out.text(if column.right { "r" } else { "l" });
        });
        out.text("}\n");
        if !options.tuples_only {
            if options.border >= 2 {
                out.text("\\hline\n");
            }
            put_headings(table, options, "\\textit{", "}", out);
            out.text("\\hline\n");
        }
    }
    let mut shown = Shown::new(options);
    let mut rows = part.prior_rows;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        rows += 1;
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.text(" & ");
            }
            put_escaped(shown.text(cell, column.right), out);
        }
        if !table.columns.is_empty() {
            out.text(" \\\\\n");
            if options.border >= 3 {
                out.text("\\hline\n");
            }
        }
        out.flush_if_full()?;
    }
    if part.stop {
        if options.border == 2 {
            out.text("\\hline\n");
        }
        let footers = footers(table, options, rows);
        put_end(options, &footers, out);
    }
    Ok(())
}

fn print_expanded(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if part.start {
        put_title(table, options, out);
        out.text("\\begin{tabular}{");
        out.text(match options.border {
            0 => "cl",
            1 => "c|l",
            _ => "|c|l|",
        });
        out.text("}\n");
    }
    let mut shown = Shown::new(options);
    let mut record = part.prior_rows;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        record += 1;
        if !table.columns.is_empty() {
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
        for (column, cell) in table.columns.iter().zip(row.cells()) {
            put_escaped(&clean(options.encoding, &column.name), out);
            out.text(" & ");
            put_escaped(shown.text(cell, column.right), out);
            out.text(" \\\\\n");
        }
        out.flush_if_full()?;
    }
    if part.stop {
        if options.border >= 2 {
            out.text("\\hline\n");
        }
        let footers = explicit_footers(table);
        put_end(options, &footers, out);
    }
    Ok(())
}

/// Prints the table in a `longtable` environment, which may break over pages.
pub(super) fn print_longtable(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    expanded: bool,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if expanded {
        return print_expanded(table, options, part, out);
    }
    if part.start {
        longtable_start(table, options, out);
    }
    let mut shown = Shown::new(options);
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.text("\n&\n");
            }
            out.text("\\raggedright{");
            put_escaped(shown.text(cell, column.right), out);
            out.byte(b'}');
        }
        if !table.columns.is_empty() {
            out.text(" \\tabularnewline\n");
            if options.border >= 3 {
                out.text(" \\hline\n");
            }
        }
        out.flush_if_full()?;
    }
    if part.stop {
        out.text("\\end{longtable}\n");
    }
    Ok(())
}

fn longtable_start(table: &Table<'_>, options: &Options, out: &mut Output<'_>) {
    // The table's attributes are the widths of the columns that are not numbers, as parts of the
    // text's width; the last one is that of all further columns.
    let attributes = options.table_attributes.as_deref().unwrap_or_default();
    let mut proportions =
        attributes.split(|byte| b" \t\n\r".contains(byte)).filter(|part| !part.is_empty());
    let mut proportion = None;
    out.text("\\begin{longtable}{");
    put_columns(options.border, table.columns, out, |column, out| {
        if column.right {
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
    if options.tuples_only {
        return;
    }
    for (end, rule) in [("\\endfirsthead\n", true), ("\\endhead\n", options.border != 3)] {
        if options.border >= 2 {
            out.text("\\toprule\n");
        }
        put_headings(table, options, "\\small\\textbf{\\textit{", "}}", out);
        if rule {
            out.text("\\midrule\n");
        }
        out.text(end);
    }
    let title = table.title.map(|title| {
        let mut caption = Vec::new();
        escape_into(title, &mut caption);
        caption
    });
    for (end, mark) in [("\\endfoot\n", " (Continued)"), ("\\endlastfoot\n", "")] {
        if options.border == 2 || options.border > 2 && title.is_none() {
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
        if title.is_some() || options.border >= 2 {
            out.text(end);
        }
    }
}

fn put_title(table: &Table<'_>, options: &Options, out: &mut Output<'_>) {
    if let (Some(title), false) = (table.title, options.tuples_only) {
        out.text("\\begin{center}\n");
        put_escaped(title, out);
        out.text("\n\\end{center}\n\n");
    }
}

/// The columns' alignments, with the bars the border asks for.
fn put_columns(
    border: u16,
    columns: &[Column],
    out: &mut Output<'_>,
    mut put: impl FnMut(&Column, &mut Output<'_>),
) {
    if border >= 2 {
        out.text("| ");
    }
    for (index, column) in columns.iter().enumerate() {
        if index > 0 && border > 0 {
            out.text(" | ");
        }
        put(column, out);
    }
    if border >= 2 {
        out.text(" |");
    }
}

fn put_headings(
    table: &Table<'_>,
    options: &Options,
    open: &str,
    close: &str,
    out: &mut Output<'_>,
) {
    for (index, column) in table.columns.iter().enumerate() {
        if index > 0 {
            out.text(" & ");
        }
        out.text(open);
        put_escaped(&clean(options.encoding, &column.name), out);
        out.text(close);
    }
    out.text(" \\\\\n");
}

fn put_end(options: &Options, footers: &[Vec<u8>], out: &mut Output<'_>) {
    out.text("\\end{tabular}\n\n\\noindent ");
    if !options.tuples_only {
        for footer in footers {
            put_escaped(&clean(options.encoding, footer), out);
            out.text(" \\\\\n");
        }
    }
    out.byte(b'\n');
}

fn put_escaped(text: &[u8], out: &mut Output<'_>) {
    out.put_escaped(text, escape);
}

fn escape_into(text: &[u8], to: &mut Vec<u8>) {
    super::output::escape_into(text, to, escape);
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
