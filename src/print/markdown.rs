//! The Markdown format, which is not psql's: a table of GitHub Flavored Markdown.
//!
//! What would end a cell or vanish as HTML is escaped (`|`, `\`, `<`, line ends), and what a
//! terminal must not get is shown as psql shows control characters in tables; what else means
//! something in Markdown is left to, so that the text stays readable as it is. Expanded mode has
//! no effect. With tuples only there is neither heading nor rule, so that rows can be added to a
//! table there is.

use super::cell_text::{CellText, clean};
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Alignment, Row, Rows};
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::{escape, replaced};
use std::io;

/// Prints a table.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let text = CellText::new(context.options);
    print_rows(Lines { context, text }, context.part, rows, out)
}

/// A line per row.
struct Lines<'t> {
    context: &'t Context<'t>,
    text: CellText,
}

impl RowFormat for Lines<'_> {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if let Some(title) = self.context.title() {
            put_text(title, self.context.options.encoding, out);
            out.text("\n\n");
        }
        if !self.context.options.tuples_only {
            put_heading(self.context, out);
        }
        Ok(())
    }

    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if self.context.columns.is_empty() {
            return Ok(());
        }
        for (column, cell) in self.context.columns.iter().zip(row.cells()) {
            out.text("| ");
            put_escaped(self.text.text(cell, column), self.context.options.encoding, out);
            out.byte(b' ');
        }
        out.text("|\n");
        Ok(())
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        let footers = self.context.footers(rows);
        for (index, footer) in footers.iter().enumerate() {
            // The paragraph below a table needs an empty line, its lines a break.
            out.text(if index == 0 { "\n" } else { "<br>\n" });
            put_escaped(footer, self.context.options.encoding, out);
        }
        if !footers.is_empty() {
            out.byte(b'\n');
        }
        Ok(())
    }
}

/// The headings and the rule, which tells how values are aligned.
fn put_heading(context: &Context<'_>, out: &mut Output<'_>) {
    if context.columns.is_empty() {
        return;
    }
    for name in context.names() {
        out.text("| ");
        put_escaped(&name, context.options.encoding, out);
        out.byte(b' ');
    }
    out.text("|\n");
    for column in context.columns {
        out.text(match column.alignment {
            Alignment::Right => "| ---: ",
            Alignment::Left => "| --- ",
        });
    }
    out.text("|\n");
}

/// Puts a title.
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
    use crate::print::{Column, Format, Options, Part, RowBuffer, Screen, Table};

    fn check(options: Options, footers: Option<&[Vec<u8>]>, expected: &str) {
        let column = |name: &str, type_oid| Column::of_type(name.into(), type_oid);
        let columns = [column("n", 23), column("a|b", 25)];
        let mut rows = RowBuffer::default();
        rows.push([Some(b"1".as_slice()), Some(b"x|y\\z\n<b>\r")]);
        rows.push([None, Some("Zürich\u{9b}\u{202e}\x1b".as_bytes())]);
        let options = Options { format: Format::Markdown, ..options };
        let title = options.title.as_deref();
        let mut table = Table { title, columns: &columns, rows: &mut rows, footers };
        let mut out = Vec::new();
        crate::print::print(&mut table, &options, Part::default(), Screen::default(), &mut out)
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
