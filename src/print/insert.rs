//! The insert format, which is not psql's: INSERT statements that bring the rows into a table.
//!
//! Names are always in quotes. Values are literals that the server reads in the column's type: numbers
//! and booleans as they are, all else in quotes, with `E'...'` wherever there is a backslash, so that
//! they mean the same whatever standard_conforming_strings is. The text is in the client's encoding.
//! Titles, footers and expanded mode have no place in it, nor have `\pset null` and its kin.

use super::json::is_number;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::table::{Column, Row, Rows};
use super::text::any_byte;
use crate::encoding::Encoding;
use crate::lexer::DottedName;
use std::collections::HashSet;
use std::io;

/// A statement ends behind a row that brings its values past so many bytes, however few rows it has.
const LONG: usize = 1 << 20;

/// Prints a table.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let table = context.options.insert_table.as_deref().ok_or_else(|| {
        io::Error::other("the format insert needs a table: (format=insert table=NAME)")
    })?;
    let encoding = context.options.encoding;
    let statements = Statements {
        head: head(table, context.columns, encoding)?,
        kinds: context.columns.iter().map(|column| Kind::of(column.type_oid)).collect(),
        batch: context.options.insert_batch,
        encoding,
        rows: 0,
        bytes: 0,
    };
    print_rows(statements, context.part, rows, out)
}

/// Statements of several rows each.
struct Statements {
    /// What each begins with.
    head: Vec<u8>,
    kinds: Vec<Kind>,
    batch: u32,
    encoding: Encoding,
    /// Rows and bytes of the statement at hand.
    rows: u32,
    bytes: usize,
}

impl RowFormat for Statements {
    fn row(&mut self, _: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if self.kinds.is_empty() {
            out.put(&self.head);
            out.text(" DEFAULT VALUES;\n");
            return Ok(());
        }
        if self.rows == 0 {
            out.put(&self.head);
            out.text(" VALUES\n  (");
        } else {
            out.text(",\n  (");
        }
        for (at, (kind, cell)) in self.kinds.iter().zip(row.cells()).enumerate() {
            if at > 0 {
                out.text(", ");
            }
            put_value(cell, *kind, self.encoding, out)?;
            self.bytes += cell.map_or(0, <[u8]>::len);
        }
        out.byte(b')');
        self.rows += 1;
        if self.rows >= self.batch || self.bytes >= LONG {
            self.end_of_part(out);
        }
        Ok(())
    }

    fn end_of_part(&mut self, out: &mut Output<'_>) {
        if self.rows > 0 {
            out.text(";\n");
        }
        (self.rows, self.bytes) = (0, 0);
    }
}

/// How values of a type are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Boolean,
    Number,
    Quoted,
}

impl Kind {
    fn of(type_oid: u32) -> Kind {
        match type_oid {
            // bool
            16 => Kind::Boolean,
            // int8, int2, int4, oid, float4, float8, numeric
            20 | 21 | 23 | 26 | 700 | 701 | 1700 => Kind::Number,
            _ => Kind::Quoted,
        }
    }
}

/// `INSERT INTO "shop"."orders" ("id", "item")`
fn head(table: &[u8], columns: &[Column], encoding: Encoding) -> io::Result<Vec<u8>> {
    let mut seen = HashSet::new();
    for column in columns {
        if !seen.insert(&column.name) {
            let name = String::from_utf8_lossy(&column.name);
            let text = format!("a table has no two columns \"{name}\": name one otherwise with AS");
            return Err(io::Error::other(text));
        }
    }
    let name = DottedName::read(table, encoding);
    let name = name.filter(|name| name.parts.iter().all(|part| !part.is_empty()));
    let name = name.ok_or_else(|| {
        let table = String::from_utf8_lossy(table);
        io::Error::other(format!("{table} is no name of a table"))
    })?;
    let mut head = b"INSERT INTO ".to_vec();
    for (at, part) in name.parts.iter().enumerate() {
        if at > 0 {
            head.push(b'.');
        }
        put_name(part, encoding, &mut head)?;
    }
    for (at, column) in columns.iter().enumerate() {
        head.extend_from_slice(if at > 0 { b", " } else { b" (" });
        put_name(&column.name, encoding, &mut head)?;
    }
    if !columns.is_empty() {
        head.push(b')');
    }
    Ok(head)
}

/// Adds a name in quotes.
fn put_name(name: &[u8], encoding: Encoding, to: &mut Vec<u8>) -> io::Result<()> {
    to.push(b'"');
    each_character(name, encoding, |character| {
        if character == b"\"" {
            to.push(b'"');
        }
        to.extend_from_slice(character);
    })?;
    to.push(b'"');
    Ok(())
}

fn put_value(
    value: Option<&[u8]>,
    kind: Kind,
    encoding: Encoding,
    out: &mut Output<'_>,
) -> io::Result<()> {
    match (kind, value) {
        (_, None) => out.text("NULL"),
        (Kind::Boolean, Some(b"t")) => out.text("true"),
        (Kind::Boolean, Some(b"f")) => out.text("false"),
        // The number 0 has no sign, but a float's has.
        (Kind::Number, Some(number)) if is_number(number) && number != b"-0" => out.put(number),
        (_, Some(text)) => put_literal(text, encoding, out)?,
    }
    Ok(())
}

/// Puts a literal.
fn put_literal(text: &[u8], encoding: Encoding, out: &mut Output<'_>) -> io::Result<()> {
    let is_odd = |byte: u8| (byte >= 0x80) | (byte == b'\'') | (byte == b'\\');
    if !any_byte(text, is_odd) {
        out.byte(b'\'');
        out.put(text);
    } else if is_bytewise(encoding) {
        out.text(if memchr::memchr(b'\\', text).is_some() { "E'" } else { "'" });
        out.put_escaped(text, |byte| match byte {
            b'\'' => Some("''"),
            b'\\' => Some("\\\\"),
            _ => None,
        });
    } else {
        let mut has_backslash = false;
        each_character(text, encoding, |character| has_backslash |= character == b"\\")?;
        out.text(if has_backslash { "E'" } else { "'" });
        each_character(text, encoding, |character| {
            if matches!(character, b"'" | b"\\") {
                out.put(character);
            }
            out.put(character);
        })?;
    }
    out.byte(b'\'');
    Ok(())
}

/// Whether a byte that looks like ASCII is ASCII wherever it stands.
fn is_bytewise(encoding: Encoding) -> bool {
    encoding == Encoding::Utf8 || encoding.is_single_byte()
}

/// Tells the characters of a text.
fn each_character(text: &[u8], encoding: Encoding, mut tell: impl FnMut(&[u8])) -> io::Result<()> {
    if is_bytewise(encoding) {
        text.iter().for_each(|byte| tell(std::slice::from_ref(byte)));
        return Ok(());
    }
    let mut rest = text;
    while !rest.is_empty() {
        let (character, after) = rest.split_at(encoding.char_len(rest));
        if !encoding.is_valid(character) {
            // It might take a quote behind it for a part of itself.
            return Err(io::Error::other("a value that is not in the client's encoding"));
        }
        tell(character);
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::options::{Format, Options};
    use crate::print::table::{Part, RowBuffer, Screen, Table};

    fn printed(
        options: &Options,
        columns: &[(&str, u32)],
        rows: &[&[Option<&[u8]>]],
    ) -> Result<Vec<u8>, String> {
        let columns: Vec<Column> = columns
            .iter()
            .map(|(name, oid)| Column::of_type(name.as_bytes().into(), *oid))
            .collect();
        let mut buffer = RowBuffer::default();
        rows.iter().for_each(|row| buffer.push(row.iter().copied()));
        let mut table = Table { title: None, columns: &columns, rows: &mut buffer, footers: None };
        let options = Options { format: Format::Insert, ..options.clone() };
        let mut text = Vec::new();
        crate::print::print(&mut table, &options, Part::default(), Screen::default(), &mut text)
            .map(|_| text)
            .map_err(|error| error.to_string())
    }

    fn into(table: &str) -> Options {
        Options { insert_table: Some(table.into()), ..Options::default() }
    }

    #[test]
    fn values_by_type() {
        let cases: &[(u32, Option<&str>, &str)] = &[
            (23, None, "NULL"),
            (23, Some("-12"), "-12"),
            (1700, Some("1.50"), "1.50"),
            (1700, Some("NaN"), "'NaN'"),
            (701, Some("-Infinity"), "'-Infinity'"),
            (701, Some("-0"), "'-0'"),
            (701, Some("1e-300"), "1e-300"),
            (16, Some("t"), "true"),
            (16, Some("f"), "false"),
            (25, Some("t"), "'t'"),
            (25, Some(""), "''"),
            (25, Some("it's"), "'it''s'"),
            (25, Some("a\\b'"), "E'a\\\\b'''"),
            (25, Some("größe's"), "'größe''s'"),
            (17, Some("\\x00ff"), "E'\\\\x00ff'"),
            (790, Some("-$1,234.50"), "'-$1,234.50'"),
            (1042, Some("ab   "), "'ab   '"),
            (1007, Some("{1,NULL}"), "'{1,NULL}'"),
        ];
        for (oid, value, expected) in cases {
            let row: &[Option<&[u8]>] = &[value.map(str::as_bytes)];
            let found = printed(&into("t"), &[("v", *oid)], &[row]).unwrap();
            let found = String::from_utf8(found).unwrap();
            assert_eq!(found, format!("INSERT INTO \"t\" (\"v\") VALUES\n  ({expected});\n"));
        }
        let mut sjis = Options { encoding: Encoding::Sjis, ..into("t") };
        // Of the second character's bytes one looks like A.
        sjis.insert_table = Some(b"T\x83\x41".to_vec());
        let row: &[Option<&[u8]>] = &[Some(b"\x95\x5c'\\")];
        let found = printed(&sjis, &[("\u{7f}", 25)], &[row]).unwrap();
        assert!(found.starts_with(b"INSERT INTO \"t\x83\x41\" "), "{found:?}");
        assert!(found.ends_with(b"  (E'\x95\x5c''\\\\');\n"), "{found:?}");
    }

    #[test]
    fn statements() {
        let rows: &[&[Option<&[u8]>]] = &[&[Some(b"1")], &[None], &[Some(b"3")]];
        let two = Options { insert_batch: 2, ..into("Shop.\"Or\"\"ders.x\"") };
        let head = "INSERT INTO \"shop\".\"Or\"\"ders.x\" (\"a \"\"b\") VALUES\n";
        let expected = format!("{head}  (1),\n  (NULL);\n{head}  (3);\n");
        let found = printed(&two, &[("a \"b", 23)], rows).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), expected);
        assert_eq!(printed(&two, &[("a", 23)], &[]).unwrap(), b"");
        let none = printed(&into("t"), &[], &[&[], &[]]).unwrap();
        assert_eq!(none, b"INSERT INTO \"t\" DEFAULT VALUES;\n".repeat(2));
    }

    #[test]
    fn what_is_refused() {
        let row: &[Option<&[u8]>] = &[Some(b"1"), Some(b"2")];
        for (table, columns, expected) in [
            (
                None,
                [("a", 23), ("b", 23)],
                "the format insert needs a table: (format=insert table=NAME)",
            ),
            (Some("a..b"), [("a", 23), ("b", 23)], "a..b is no name of a table"),
            (Some("\"a"), [("a", 23), ("b", 23)], "\"a is no name of a table"),
            (
                Some("t"),
                [("a", 23), ("a", 23)],
                "a table has no two columns \"a\": name one otherwise with AS",
            ),
        ] {
            let options = Options { insert_table: table.map(Into::into), ..Options::default() };
            assert_eq!(printed(&options, &columns, &[row]), Err(expected.to_owned()));
        }
    }
}
