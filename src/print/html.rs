//! The HTML format: one `<table>` element.

use super::output::Output;
use super::text::any_byte;
use super::value::{Shown, clean};
use super::{Options, Part, Table, explicit_footers, footers};
use std::io;

/// Prints the table.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    expanded: bool,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let names: Vec<Vec<u8>> = table
        .columns
        .iter()
        .map(|column| escaped(&clean(options.encoding, &column.name)))
        .collect();
    if part.start {
        start(table, options, out);
        if !options.tuples_only && !expanded {
            out.text("  <tr>\n");
            for name in &names {
                out.text("    <th align=\"center\">");
                out.put(name);
                out.text("</th>\n");
            }
            out.text("  </tr>\n");
        }
    }
    let mut shown = Shown::new(options);
    let mut rows = part.prior_rows;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        rows += 1;
        if names.is_empty() {
            continue;
        }
        if !expanded {
            out.text("  <tr valign=\"top\">\n");
        } else {
            record_line(rows, options, out);
        }
        for (index, (column, cell)) in table.columns.iter().zip(row.cells()).enumerate() {
            if expanded {
                out.text("  <tr valign=\"top\">\n    <th>");
                out.put(&names[index]);
                out.text("</th>\n");
            }
            out.text(if column.right {
                "    <td align=\"right\">"
            } else {
                "    <td align=\"left\">"
            });
            let text = shown.text(cell, column.right);
            // Browsers don't draw cells of nothing but white space.
            if text.iter().all(|&byte| byte == b' ' || byte == b'\t') {
                out.text("&nbsp; ");
            } else {
                put_escaped(text, out);
            }
            out.text("</td>\n");
            if expanded {
                out.text("  </tr>\n");
            }
        }
        if !expanded {
            out.text("  </tr>\n");
        }
        out.flush_if_full()?;
    }
    if part.stop {
        out.text("</table>\n");
        let footers =
            if expanded { explicit_footers(table) } else { footers(table, options, rows) };
        if !options.tuples_only && !footers.is_empty() {
            out.text("<p>");
            for footer in footers {
                put_escaped(&clean(options.encoding, &footer), out);
                out.text("<br />\n");
            }
            out.text("</p>");
        }
        out.end_line()?;
    }
    Ok(())
}

fn start(table: &Table<'_>, options: &Options, out: &mut Output<'_>) {
    out.text("<table border=\"");
    out.number(options.border.into());
    out.byte(b'"');
    if let Some(attributes) = &options.table_attributes {
        out.byte(b' ');
        out.put(attributes);
    }
    out.text(">\n");
    if let (Some(title), false) = (table.title, options.tuples_only) {
        out.text("  <caption>");
        put_escaped(title, out);
        out.text("</caption>\n");
    }
}

/// The row above a record in expanded mode.
fn record_line(record: u64, options: &Options, out: &mut Output<'_>) {
    if options.tuples_only {
        out.text("\n  <tr><td colspan=\"2\">&nbsp;</td></tr>\n");
    } else {
        out.text("\n  <tr><td colspan=\"2\" align=\"center\">Record ");
        out.number(record);
        out.text("</td></tr>\n");
    }
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
