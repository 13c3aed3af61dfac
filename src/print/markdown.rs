//! The Markdown format, which is not psql's: a table of GitHub Flavored Markdown.
//!
//! What would end a cell or vanish as HTML is escaped (`|`, `\`, `<`, line ends), and what a
//! terminal must not get is shown as psql shows control characters in tables; what else means
//! something in Markdown is left to, so that the text stays readable as it is. Expanded mode has
//! no effect. With tuples only there is neither heading nor rule, so that rows can be added to a
//! table there is.

use super::output::Output;
use super::value::{Shown, clean};
use super::{Options, Part, Table, footers};
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::{escape, replaced};
use std::io;

/// Prints the table.
pub(super) fn print(
    table: &mut Table<'_>,
    options: &Options,
    part: Part,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if part.start && !options.tuples_only {
        if let Some(title) = table.title {
            put_text(title, options.encoding, out);
            out.text("\n\n");
        }
        heading(table, options, out);
    }
    let mut shown = Shown::new(options);
    let mut rows = part.prior_rows;
    table.rows.rewind()?;
    while let Some(row) = table.rows.next()? {
        rows += 1;
        if table.columns.is_empty() {
            continue;
        }
        for (column, cell) in table.columns.iter().zip(row.cells()) {
            out.text("| ");
            put_escaped(shown.text(cell, column.right), options.encoding, out);
            out.byte(b' ');
        }
        out.byte(b'|');
        out.end_line()?;
    }
    if part.stop && !options.tuples_only {
        let footers = footers(table, options, rows);
        for (index, footer) in footers.iter().enumerate() {
            // The paragraph below a table needs an empty line, its lines a break.
            out.text(if index == 0 { "\n" } else { "<br>\n" });
            put_text(footer, options.encoding, out);
        }
        if !footers.is_empty() {
            out.byte(b'\n');
        }
    }
    Ok(())
}

/// The headings and the rule, which tells how values are set.
fn heading(table: &Table<'_>, options: &Options, out: &mut Output<'_>) {
    if table.columns.is_empty() {
        return;
    }
    for column in table.columns {
        out.text("| ");
        put_text(&column.name, options.encoding, out);
        out.byte(b' ');
    }
    out.text("|\n");
    for column in table.columns {
        out.text(if column.right { "| ---: " } else { "| --- " });
    }
    out.text("|\n");
}

/// A heading, title or footer.
fn put_text(text: &[u8], encoding: Encoding, out: &mut Output<'_>) {
    put_escaped(&clean(encoding, text), encoding, out);
}

fn put_escaped(text: &[u8], encoding: Encoding, out: &mut Output<'_>) {
    let shown = |code| (code != u32::from('\r')).then(|| escape(code));
    out.put_escaped(&replaced(text, encoding, shown), |byte| match byte {
        b'|' => Some("\\|"),
        b'\\' => Some("\\\\"),
        b'<' => Some("\\<"),
        b'\n' => Some("<br>"),
        b'\r' => Some("&#13;"),
        _ => None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::{Column, Format, RowBuffer};

    fn check(options: Options, footers: Option<&[Vec<u8>]>, expected: &str) {
        let column = |name: &str, right| Column { name: name.into(), right, type_oid: 0 };
        let columns = [column("n", true), column("a|b", false)];
        let mut rows = RowBuffer::default();
        rows.push([Some(b"1".as_slice()), Some(b"x|y\\z\n<b>\r")]);
        rows.push([None, Some("Zürich\u{9b}\u{202e}\x1b".as_bytes())]);
        let options = Options { format: Format::Markdown, ..options };
        let title = options.title.as_deref();
        let mut table = Table { title, columns: &columns, rows: &mut rows, footers };
        let mut out = Vec::new();
        super::super::print(&mut table, &options, Part::default(), Default::default(), &mut out)
            .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn tables() {
        let head = "| n | a\\|b |\n| ---: | --- |\n";
        let rows = "| 1 | x\\|y\\\\z<br>\\<b>&#13; |\n|  | Zürich\\\\u009B\\\\u202E\\\\x1B |\n";
        let plain = Options::default;
        check(plain(), None, &format!("{head}{rows}\n(2 rows)\n"));
        check(Options { footer: false, ..plain() }, None, &format!("{head}{rows}"));
        check(Options { tuples_only: true, ..plain() }, None, rows);
        let null = Options { null: b"|".to_vec(), tuples_only: true, ..plain() };
        check(null, None, &rows.replace("|  |", "| \\| |"));
        let title = Options { title: Some(b"A <T>".to_vec()), ..plain() };
        let footers = [b"Indexes:".to_vec(), b"    \"t_pkey\"".to_vec()];
        let expected = format!("A \\<T>\n\n{head}{rows}\nIndexes:<br>\n    \"t_pkey\"\n");
        check(title, Some(&footers), &expected);
    }
}
