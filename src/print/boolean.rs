//! `\pset display_true` and `\pset display_false` (psql 19): other words for true and false in
//! columns of type boolean. Formats see rows in which the words are the values.

use super::{Column, Options, Row, Rows};
use std::io;

/// The type's OID.
const BOOL: u32 = 16;

/// The words, and which columns they are for.
pub(super) struct Displayed<'a> {
    is_boolean: Vec<bool>,
    words: [(&'static [u8], Option<&'a [u8]>); 2],
}

impl<'a> Displayed<'a> {
    /// `None` where every value is shown as it is.
    pub fn new(columns: &[Column], options: &'a Options) -> Option<Displayed<'a>> {
        let words = [
            (&b"t"[..], options.display_true.as_deref()),
            (&b"f"[..], options.display_false.as_deref()),
        ];
        let is_boolean: Vec<bool> = columns.iter().map(|c| c.type_oid == BOOL).collect();
        let needed = words.iter().any(|(_, word)| word.is_some()) && is_boolean.contains(&true);
        needed.then_some(Displayed { is_boolean, words })
    }

    /// The rows as they are shown.
    pub fn over<'r>(&'r self, rows: &'r mut dyn Rows) -> DisplayedRows<'r> {
        DisplayedRows { displayed: self, rows, row: Vec::new() }
    }

    fn word<'v>(&'v self, value: &'v [u8]) -> &'v [u8] {
        let word = self.words.iter().find(|(wire, _)| *wire == value).and_then(|(_, word)| *word);
        word.unwrap_or(value)
    }
}

/// Rows with the words for values.
pub(super) struct DisplayedRows<'r> {
    displayed: &'r Displayed<'r>,
    rows: &'r mut dyn Rows,
    /// The last row, in the wire's form.
    row: Vec<u8>,
}

impl Rows for DisplayedRows<'_> {
    fn count(&self) -> u64 {
        self.rows.count()
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.rows.rewind()
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let Some(row) = self.rows.next()? else { return Ok(None) };
        self.row.clear();
        self.row.extend_from_slice(&row.bytes()[..2]);
        for (cell, is_boolean) in row.cells().zip(&self.displayed.is_boolean) {
            let cell = match cell {
                Some(value) if *is_boolean => Some(self.displayed.word(value)),
                other => other,
            };
            let len = cell.map_or(-1, |c| c.len() as i32);
            self.row.extend_from_slice(&len.to_be_bytes());
            self.row.extend_from_slice(cell.unwrap_or_default());
        }
        Ok(Some(Row::trusted(&self.row)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::{Format, Part, RowBuffer, Screen, Table, print};

    fn check(display: [Option<&str>; 2], format: Format, expected: &str) {
        let column = |name: &str, type_oid| Column { name: name.into(), right: false, type_oid };
        let columns = [column("b", BOOL), column("text", 25)];
        let mut rows = RowBuffer::default();
        rows.push([Some(b"t".as_slice()), Some(b"t")]);
        rows.push([Some(b"f".as_slice()), Some(b"f")]);
        rows.push([None, None]);
        let [display_true, display_false] = display.map(|word| word.map(|w| w.as_bytes().to_vec()));
        let null = b"null".to_vec();
        let options = Options { format, display_true, display_false, null, ..Options::default() };
        let mut table = Table { title: None, columns: &columns, rows: &mut rows, footers: None };
        let mut out = Vec::new();
        print(&mut table, &options, Part::default(), Screen::default(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn words() {
        let csv = Format::Csv;
        check([None, None], csv, "b,text\nt,t\nf,f\nnull,null\n");
        check([Some("yes"), None], csv, "b,text\nyes,t\nf,f\nnull,null\n");
        check([Some("f"), Some("")], csv, "b,text\nf,t\n,f\nnull,null\n");
        check(
            [Some("true"), Some("false")],
            Format::Aligned,
            "   b   | text \n-------+------\n true  | t\n false | f\n null  | null\n(3 rows)\n\n",
        );
        let json = "{\"b\":true,\"text\":\"t\"}\n{\"b\":false,\"text\":\"f\"}\n{\"b\":null,\"text\":null}\n";
        check([Some("yes"), Some("no")], Format::Ndjson, json);
    }
}
