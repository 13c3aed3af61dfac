//! The xlsx format, which is not psql's: a workbook of Excel, with typed cells.
//!
//! Numbers are numbers where Excel keeps all their digits, dates and timestamps dates where it has such;
//! all else is text as PostgreSQL writes it, never a formula. What Excel can't hold at all is refused.
//! Nothing of `\pset` but the format matters.

use super::not_utf8::{not_utf8, place};
use super::output::Output;
use super::row_format::Context;
use super::table::{Row, Rows};
use crate::encoding::Encoding;
use crate::export::xlsx::{self, Cell, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, TooLarge, Writer};
use crate::export::{date_time, number};
use std::borrow::Cow;
use std::io;

/// Rows that are looked at to see how wide columns are to be.
const SAMPLE: usize = 200;

/// Prints a table, whole.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let encoding = context.options.encoding;
    if context.columns.len() > MOST_COLUMNS {
        let count = context.columns.len();
        return Err(io::Error::other(format!("{count} columns; a sheet has {MOST_COLUMNS}")));
    }
    let mut columns = Columns::new(context, encoding)?;
    let sheets = Writer::sheets(rows.count());
    let mut writer = Writer::new(columns.with_widths(rows)?, rows.count());
    let mut number = 0;
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        number += 1;
        let texts = columns.texts(number, row)?;
        let cells = columns.cells(&texts);
        writer.push(cells.into_iter(), &mut |bytes| out.put(bytes)).map_err(too_large)?;
        out.flush_if_full()?;
    }
    writer.finish(&mut |bytes| out.put(bytes)).map_err(too_large)?;
    if sheets > 1 {
        out.remark(format!("a sheet has {MOST_ROWS} rows: there are {sheets} sheets"));
    }
    columns.remark(out);
    out.flush_if_full()
}

fn too_large(_: TooLarge) -> io::Error {
    io::Error::other("more than 4 GB: a workbook can't be so large")
}

/// How values of a type are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Boolean,
    Number,
    Float,
    Date,
    Time,
    Timestamp,
    /// A timestamp with time zone, which Excel doesn't know.
    Instant,
}

impl Kind {
    fn of(type_oid: u32) -> Kind {
        match type_oid {
            16 => Kind::Boolean,
            20 | 21 | 23 | 26 | 1700 => Kind::Number,
            700 | 701 => Kind::Float,
            1082 => Kind::Date,
            1083 => Kind::Time,
            1114 => Kind::Timestamp,
            1184 => Kind::Instant,
            _ => Kind::Text,
        }
    }

    /// How wide values are at least, as Excel shows them.
    fn width(self) -> usize {
        match self {
            Kind::Date => "2026-11-27".len(),
            Kind::Timestamp | Kind::Instant => "2026-11-27 12:00:00".len(),
            Kind::Text | Kind::Boolean | Kind::Number | Kind::Float | Kind::Time => 0,
        }
    }

    /// A value's cell; `None` for one that can only be text.
    fn cell(self, text: &str) -> Option<Cell<'_>> {
        let bytes = text.as_bytes();
        match self {
            Kind::Text => None,
            Kind::Boolean => match text {
                "t" => Some(Cell::Boolean(true)),
                "f" => Some(Cell::Boolean(false)),
                _ => None,
            },
            Kind::Number | Kind::Float => {
                let is_kept = number::is_kept_by_spreadsheets(bytes, self == Kind::Float);
                is_kept.then_some(Cell::Number(text))
            }
            Kind::Date => xlsx::date(date_time::date(bytes)?),
            Kind::Time => date_time::time(bytes).map(Cell::time),
            Kind::Timestamp => xlsx::timestamp(date_time::timestamp(bytes)?),
            Kind::Instant => xlsx::timestamp(date_time::wall_clock(bytes)?),
        }
    }
}

/// The columns, and what there is to say of them in the end.
struct Columns {
    encoding: Encoding,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    kind: Kind,
    /// Values that are text because Excel can't have them as what they are; the first.
    texts: u64,
    first_text: String,
    /// Whether a time zone was left out.
    left_out_zone: bool,
}

impl Columns {
    fn new(context: &Context<'_>, encoding: Encoding) -> io::Result<Columns> {
        let column = |column: &super::table::Column| {
            let name = encoding.to_utf8(&column.name).ok_or_else(|| {
                not_utf8(&format!("the name \"{}\"", String::from_utf8_lossy(&column.name)))
            })?;
            Ok(Column {
                name: name.into_owned(),
                kind: Kind::of(column.type_oid),
                texts: 0,
                first_text: String::new(),
                left_out_zone: false,
            })
        };
        let columns: io::Result<_> = context.columns.iter().map(column).collect();
        Ok(Columns { encoding, columns: columns? })
    }

    /// The columns as the first rows make them.
    fn with_widths(&self, rows: &mut dyn Rows) -> io::Result<Vec<xlsx::Column>> {
        let column = |column: &Column| xlsx::Column {
            name: column.name.clone(),
            width: column.kind.width(),
        };
        let mut columns: Vec<_> = self.columns.iter().map(column).collect();
        rows.rewind()?;
        for _ in 0..SAMPLE {
            let Some(row) = rows.next()? else { break };
            for ((wide, column), value) in columns.iter_mut().zip(&self.columns).zip(row.cells()) {
                let text = value.and_then(|value| self.encoding.to_utf8(value)).unwrap_or_default();
                if column.kind.width() == 0 {
                    let longest = text.lines().map(|line| line.chars().count()).max();
                    wide.width = wide.width.max(longest.unwrap_or(0));
                }
            }
        }
        Ok(columns)
    }

    /// The values of a row in UTF-8, each short enough for a cell.
    fn texts<'r>(&self, number: u64, row: Row<'r>) -> io::Result<Vec<Option<Cow<'r, str>>>> {
        let text = |(column, value): (&Column, Option<&'r [u8]>)| {
            let Some(value) = value else { return Ok(None) };
            let place = || place(number, &column.name);
            let text = self.encoding.to_utf8(value).ok_or_else(|| not_utf8(&place()))?;
            let length = text.len();
            if length > MOST_CHARACTERS && text.encode_utf16().count() > MOST_CHARACTERS {
                return Err(io::Error::other(format!(
                    "{}: {length} bytes of text; a cell has room for {MOST_CHARACTERS} characters",
                    place()
                )));
            }
            Ok(Some(text))
        };
        self.columns.iter().zip(row.cells()).map(text).collect()
    }

    /// The cells of a row; a NULL has none.
    fn cells<'t>(&mut self, texts: &'t [Option<Cow<'_, str>>]) -> Vec<Option<Cell<'t>>> {
        let columns = self.columns.iter_mut().zip(texts);
        columns.map(|(column, text)| text.as_deref().map(|text| column.cell(text))).collect()
    }

    fn remark(&self, out: &mut Output<'_>) {
        for column in &self.columns {
            let name = &column.name;
            if column.texts > 0 {
                let (texts, first) = (column.texts, &column.first_text);
                let values =
                    if texts == 1 { "1 value is".into() } else { format!("{texts} values are") };
                out.remark(format!(
                    "column \"{name}\": {values} text, as Excel has no such {}: {first}",
                    column.kind.noun()
                ));
            }
            if column.left_out_zone {
                out.remark(format!(
                    "column \"{name}\": times are as shown here, without their zone; Excel has none"
                ));
            }
        }
    }
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Kind::Number | Kind::Float => "number",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Timestamp | Kind::Instant => "timestamp",
            Kind::Text | Kind::Boolean => "value",
        }
    }
}

impl Column {
    fn cell<'v>(&mut self, text: &'v str) -> Cell<'v> {
        match self.kind.cell(text) {
            Some(cell) => {
                self.left_out_zone |= self.kind == Kind::Instant;
                cell
            }
            None => {
                if self.kind != Kind::Text && !text.is_empty() {
                    if self.texts == 0 {
                        self.first_text = text.to_owned();
                    }
                    self.texts += 1;
                }
                Cell::Text(text)
            }
        }
    }
}
