//! The table that is printed: columns, rows in the wire's form, and the screen it may go to.

use crate::type_parts::TypeParts;
use std::io;
use std::rc::Rc;

/// One row in the wire's form (protocol documentation, "DataRow"): a 16-bit count of columns,
/// then for each a 32-bit length in bytes (-1 is NULL) and the value.
///
/// Whoever makes a `Row` has checked its framing ([`Row::checked`]).
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a [u8]);

impl<'a> Row<'a> {
    /// Takes the body of a DataRow, or `None` if its lengths don't add up.
    pub fn checked(body: &'a [u8]) -> Option<Row<'a>> {
        let (count, mut rest) = body.split_first_chunk::<2>()?;
        for _ in 0..u16::from_be_bytes(*count) {
            let (len, after) = rest.split_first_chunk::<4>()?;
            let len = i32::from_be_bytes(*len);
            rest = if len == -1 { after } else { after.get(usize::try_from(len).ok()?..)? };
        }
        rest.is_empty().then_some(Row(body))
    }

    /// Takes a body that was checked before.
    pub fn trusted(body: &'a [u8]) -> Row<'a> {
        Row(body)
    }

    /// The values from left to right; `None` is NULL.
    pub fn cells(self) -> Cells<'a> {
        Cells(self.0.get(2..).unwrap_or_default())
    }

    /// The value in column `index`, `None` for NULL or no such column.
    pub fn get(self, index: usize) -> Option<&'a [u8]> {
        self.cells().nth(index).flatten()
    }

    /// Writes a row of these columns of this one in place of what `body` held.
    pub fn project(self, columns: &[usize], body: &mut Vec<u8>) {
        let cells: Vec<Option<&[u8]>> = self.cells().collect();
        body.clear();
        body.extend_from_slice(&(columns.len() as u16).to_be_bytes());
        for at in columns {
            let cell = cells.get(*at).copied().flatten();
            let length = cell.map_or(-1, |value| value.len() as i32);
            body.extend_from_slice(&length.to_be_bytes());
            body.extend_from_slice(cell.unwrap_or_default());
        }
    }

    /// The wire's bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }
}

/// Iterator over a row's values.
#[derive(Clone, Debug)]
pub struct Cells<'a>(&'a [u8]);

impl<'a> Iterator for Cells<'a> {
    type Item = Option<&'a [u8]>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (len, rest) = self.0.split_first_chunk::<4>()?;
        let len = i32::from_be_bytes(*len);
        if len < 0 {
            self.0 = rest;
            return Some(None);
        }
        let (value, rest) = rest.split_at_checked(len as usize)?;
        self.0 = rest;
        Some(Some(value))
    }
}

/// Rows that can be gone through more than once: once for the widths, once to print.
pub trait Rows {
    /// How many rows there are.
    fn count(&self) -> u64;
    /// Goes back to the first row.
    fn rewind(&mut self) -> io::Result<()>;
    /// The next row, or `None` after the last.
    fn next(&mut self) -> io::Result<Option<Row<'_>>>;
}

/// Rows kept in memory, for tables the shell makes itself.
#[derive(Clone, Debug, Default)]
pub struct RowBuffer {
    bytes: Vec<u8>,
    /// Where each row begins in `bytes`.
    starts: Vec<usize>,
    next: usize,
}

impl RowBuffer {
    /// Adds a row of values.
    pub fn push<'c>(&mut self, cells: impl IntoIterator<Item = Option<&'c [u8]>>) {
        let start = self.bytes.len();
        self.starts.push(start);
        self.bytes.extend_from_slice(&[0, 0]);
        let mut count: u16 = 0;
        for cell in cells {
            count += 1;
            let len = cell.map_or(-1, |c| c.len() as i32);
            self.bytes.extend_from_slice(&len.to_be_bytes());
            self.bytes.extend_from_slice(cell.unwrap_or_default());
        }
        self.bytes[start..start + 2].copy_from_slice(&count.to_be_bytes());
    }

    /// Adds a row in the wire's form.
    pub fn push_row(&mut self, row: Row<'_>) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(row.bytes());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Row `index`; panics past the end, as a slice does.
    pub fn row(&self, index: usize) -> Row<'_> {
        let end = self.starts.get(index + 1).copied().unwrap_or(self.bytes.len());
        Row(&self.bytes[self.starts[index]..end])
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|i| self.row(i))
    }
}

impl Rows for RowBuffer {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.next = 0;
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let index = self.next;
        if index >= self.len() {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(self.row(index)))
    }
}

/// On which side of its column a value stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// Texts, and all that is no number.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// A column's heading and how its values are aligned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The heading, in the client's encoding.
    pub name: Vec<u8>,
    /// How values are aligned, and whether they are numbers.
    pub alignment: Alignment,
    /// The type's OID, 0 where there is none; formats such as JSON print by type.
    pub type_oid: u32,
    /// What the type was declared with: a length, a precision; 0 or less for nothing.
    pub type_modifier: i32,
    /// What types are made of that only the server knows, if it was asked.
    pub type_parts: Option<Rc<TypeParts>>,
}

impl Column {
    /// A column of values of a type: numbers, and what looks like them, are aligned to the right
    /// (int2, int4, int8, float4, float8, numeric, oid, xid, xid8, cid, money).
    pub fn of_type(name: Vec<u8>, type_oid: u32) -> Column {
        let alignment = match type_oid {
            20 | 21 | 23 | 26 | 28 | 29 | 700 | 701 | 790 | 1700 | 5069 => Alignment::Right,
            _ => Alignment::Left,
        };
        Column { name, alignment, type_oid, ..Column::default() }
    }
}

/// A table to print.
pub struct Table<'a> {
    /// The title above, if any.
    pub title: Option<&'a [u8]>,
    /// The columns, left to right.
    pub columns: &'a [Column],
    /// The rows.
    pub rows: &'a mut dyn Rows,
    /// Lines below the rows; `None` prints the default `(n rows)` where the format has one.
    pub footers: Option<&'a [Vec<u8>]>,
}

/// Where a table that comes in several parts (FETCH_COUNT) stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Print what comes before the rows.
    pub start: bool,
    /// Print what comes after the rows.
    pub stop: bool,
    /// Rows printed before this part.
    pub prior_rows: u64,
}

impl Default for Part {
    fn default() -> Part {
        Part { start: true, stop: true, prior_rows: 0 }
    }
}

/// The size of the terminal that output goes to, in characters; 0 is unknown, and no terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// How wide the output may be where `\pset columns` is 0: COLUMNS or the terminal's width.
    pub columns: u32,
    /// How many lines the terminal shows.
    pub lines: u32,
}
