//! What a row-wise format is, and the one driver of them all.
//!
//! A format gets its rows one by one, each once, and never sees the source they come from.

use super::cell_text::shown;
use super::options::{Expanded, Options};
use super::output::Output;
use super::table::{Column, Part, Row, Rows, Screen, Table};
use crate::encoding::terminal_safe::escaped_result;
use std::borrow::Cow;
use std::io;

/// A format that writes a row without a look at those after it.
///
/// What must be known of all rows before the first is written (the widths of the aligned format)
/// is gathered before the format is made, and is a field of it.
pub(super) trait RowFormat {
    /// Writes what stands before the rows.
    fn start(&mut self, _out: &mut Output<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes a row, the `number`th of the table, counted from 1.
    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()>;

    /// Writes what stands after a part's rows, whether or not more parts come.
    fn end_of_part(&mut self, _out: &mut Output<'_>) {}

    /// Writes what stands after all rows, of which there were so many.
    fn end(&mut self, _rows: u64, _out: &mut Output<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// Prints rows, or a part of them, in a format. Called with a format's own type, so that nothing
/// per row is called through a table of functions but the source of the rows.
pub(super) fn print_rows(
    mut format: impl RowFormat,
    part: Part,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if part.start {
        format.start(out)?;
    }
    let mut number = part.prior_rows;
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        number += 1;
        format.row(number, row, out)?;
        out.flush_if_full()?;
    }
    format.end_of_part(out);
    if part.stop {
        format.end(number, out)?;
    }
    Ok(())
}

/// What a format knows of a table besides its rows.
#[derive(Clone, Copy)]
pub(super) struct Context<'t> {
    pub columns: &'t [Column],
    pub options: &'t Options,
    pub part: Part,
    pub screen: Screen,
    title: Option<&'t [u8]>,
    footers: Option<&'t [Vec<u8>]>,
}

impl<'t> Context<'t> {
    /// For a table that is printed at once.
    pub fn new<'a: 't>(table: &Table<'a>, options: &'t Options, screen: Screen) -> Context<'t> {
        let Table { columns, title, footers, .. } = *table;
        Context { columns, options, part: Part::default(), screen, title, footers }
    }

    /// For a part of the table.
    pub fn for_part(self, part: Part) -> Context<'t> {
        Context { part, ..self }
    }

    /// With other options.
    pub fn with_options<'o>(self, options: &'o Options) -> Context<'o>
    where
        't: 'o,
    {
        Context { options, ..self }
    }

    /// Whether each row is a record, with a line per value.
    pub fn is_expanded(&self) -> bool {
        self.options.expanded == Expanded::On
    }

    /// The title, if it is shown.
    pub fn title(&self) -> Option<&'t [u8]> {
        self.title.filter(|_| !self.options.tuples_only)
    }

    /// The text, which holds no escape sequence where the table has some of its own.
    pub fn without_colors<'s>(&self, text: Cow<'s, [u8]>) -> Cow<'s, [u8]> {
        match memchr::memchr(0x1b, &text).filter(|_| self.options.colors.is_some()) {
            Some(_) => Cow::Owned(escaped_result(&text, self.options.encoding).into_owned()),
            None => text,
        }
    }

    /// The headings, without bytes that are no characters.
    pub fn names(&self) -> impl Iterator<Item = Cow<'t, [u8]>> {
        let options = self.options;
        self.columns.iter().map(move |column| shown(options, &column.name))
    }

    /// Whether the lines below the table are the default, not given by who prints it.
    pub fn has_default_footer(&self) -> bool {
        self.footers.is_none() && self.options.footer && !self.options.tuples_only
    }

    /// The lines below a table of `rows` rows, where they are shown; the default is `(n rows)`.
    pub fn footers(&self, rows: u64) -> Vec<Cow<'t, [u8]>> {
        if self.has_default_footer() {
            return vec![Cow::Owned(row_count(rows))];
        }
        self.given_footers()
    }

    /// The lines below a table in expanded mode, which has none by default.
    pub fn given_footers(&self) -> Vec<Cow<'t, [u8]>> {
        let footers = self.footers.filter(|_| !self.options.tuples_only).unwrap_or_default();
        let shown = |footer: &'t Vec<u8>| self.without_colors(shown(self.options, footer));
        footers.iter().map(shown).collect()
    }
}

fn row_count(rows: u64) -> Vec<u8> {
    if rows == 1 { b"(1 row)".to_vec() } else { format!("({rows} rows)").into_bytes() }
}
