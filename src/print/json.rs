//! The JSON formats, which are not psql's: an array with a line per row (`json`), or an object per
//! line (`ndjson`).
//!
//! Values are what their type says: numbers, booleans, null, JSON as it is, and arrays of those
//! types that come with PostgreSQL, of others and of rows where the server told of their types; all else
//! is a string.
//! The text is UTF-8, as JSON is (RFC 8259), whatever the client encoding: characters that nobody here
//! knows (`encoding/charset.rs`) become `\ufffd`. Titles, footers and expanded mode have no
//! place in it, nor have `\pset null` and its kin; columns of one name all keep it.

use super::array::{self, Piece};
use super::options::Format;
use super::output::Output;
use super::row_format::{Context, RowFormat, print_rows};
use super::row_text;
use super::table::{Column, Row, Rows};
use super::text::any_byte;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::is_unsafe;
use crate::type_parts::{self, Part, TypeParts};
use std::io;

/// What stands between and around the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// One array of objects.
    Array,
    /// An object per line and nothing else.
    Lines,
}

/// Prints a table.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let shape = if context.options.format == Format::Json { Shape::Array } else { Shape::Lines };
    let encoding = context.options.encoding;
    let mut kinds = Kinds { encoding, members: MOST_MEMBERS };
    let member = |column: &Column| Member {
        key: key(&column.name, encoding),
        kind: kinds.of(column.type_oid, column.type_parts.as_deref(), DEPTH),
    };
    let members = context.columns.iter().map(member).collect();
    print_rows(Objects { members, shape, encoding }, context.part, rows, out)
}

/// An object per row.
struct Objects {
    members: Vec<Member>,
    shape: Shape,
    encoding: Encoding,
}

/// What each object has of one column.
#[derive(Clone, Debug)]
struct Member {
    /// The name, in quotes, and a colon.
    key: Vec<u8>,
    kind: Kind,
}

impl RowFormat for Objects {
    fn start(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        if self.shape == Shape::Array {
            out.byte(b'[');
        }
        Ok(())
    }

    fn row(&mut self, number: u64, row: Row<'_>, out: &mut Output<'_>) -> io::Result<()> {
        if self.shape == Shape::Array {
            out.text(if number > 1 { ",\n" } else { "\n" });
        }
        out.byte(b'{');
        for (index, (member, cell)) in self.members.iter().zip(row.cells()).enumerate() {
            if index > 0 {
                out.byte(b',');
            }
            out.put(&member.key);
            put_value(cell, &member.kind, self.shape, self.encoding, out);
        }
        out.byte(b'}');
        if self.shape == Shape::Lines {
            out.byte(b'\n');
        }
        Ok(())
    }

    fn end(&mut self, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
        if self.shape == Shape::Array {
            out.text(if rows > 0 { "\n]\n" } else { "]\n" });
        }
        Ok(())
    }
}

/// How values of a type look in JSON.
#[derive(Clone, Debug)]
enum Kind {
    Boolean,
    Number,
    Json,
    String,
    /// An array of such, and what stands between them.
    Array(Box<Kind>, u8),
    /// A row of these.
    Row(Vec<Member>),
}

/// Types made of types, and so on: deeper ones are strings.
const DEPTH: usize = 16;
/// Columns of rows in rows, all counted, since each may have hundreds that have hundreds: further rows
/// are strings.
const MOST_MEMBERS: usize = 100_000;

/// Finds out how values look.
struct Kinds {
    encoding: Encoding,
    /// How many members there may still be.
    members: usize,
}

impl Kinds {
    fn of(&mut self, type_oid: u32, types: Option<&TypeParts>, depth: usize) -> Kind {
        match type_oid {
            // bool
            16 => return Kind::Boolean,
            // int8, int2, int4, oid, float4, float8, numeric
            20 | 21 | 23 | 26 | 700 | 701 | 1700 => return Kind::Number,
            // json, jsonb
            114 | 3802 => return Kind::Json,
            _ => {}
        }
        let Some(depth) = depth.checked_sub(1) else { return Kind::String };
        if let Some(element) = array::element_type(type_oid) {
            let delimiter = array::delimiter(element);
            return Kind::Array(Box::new(self.of(element, types, depth)), delimiter);
        }
        let parts = types.and_then(|types| types.of(type_oid)).unwrap_or_default();
        match (parts, parts.first().map(|part| part.kind)) {
            ([base], Some(type_parts::Kind::Domain)) => self.of(base.type_oid, types, depth),
            ([element], Some(type_parts::Kind::Array)) => {
                let delimiter = element.detail.first().copied().unwrap_or(b',');
                Kind::Array(Box::new(self.of(element.type_oid, types, depth)), delimiter)
            }
            (columns, Some(type_parts::Kind::Column)) if columns.len() <= self.members => {
                self.members -= columns.len();
                let member = |column: &Part| Member {
                    key: key(&column.detail, self.encoding),
                    kind: self.of(column.type_oid, types, depth),
                };
                Kind::Row(columns.iter().map(member).collect())
            }
            _ => Kind::String,
        }
    }
}

/// `"name":`
fn key(name: &[u8], encoding: Encoding) -> Vec<u8> {
    Output::to_vec(|out| {
        put_string(name, encoding, out);
        out.byte(b':');
    })
}

#[inline]
fn put_value(
    value: Option<&[u8]>,
    kind: &Kind,
    shape: Shape,
    encoding: Encoding,
    out: &mut Output<'_>,
) {
    let Some(text) = value else { return out.text("null") };
    match (kind, text) {
        (Kind::Boolean, b"t") => out.text("true"),
        (Kind::Boolean, b"f") => out.text("false"),
        (Kind::Number, number) if is_number(number) => out.put(number),
        // A cell that a cross tabulation leaves empty is no JSON.
        (Kind::Json, json) if !json.is_empty() => put_json(json, shape, encoding, out),
        (Kind::Array(element, delimiter), array) => {
            put_array(array, (element, *delimiter), shape, encoding, out);
        }
        (Kind::Row(members), row) => put_row(row, members, shape, encoding, out),
        _ => put_string(text, encoding, out),
    }
}

/// Puts an array, whatever its lower bounds; what is none as a string.
fn put_array(
    text: &[u8],
    (element, delimiter): (&Kind, u8),
    shape: Shape,
    encoding: Encoding,
    out: &mut Output<'_>,
) {
    if array::pieces(text, delimiter, encoding, |_| {}).is_none() {
        return put_string(text, encoding, out);
    }
    array::pieces(text, delimiter, encoding, |piece| match piece {
        Piece::Open => out.byte(b'['),
        Piece::Close => out.byte(b']'),
        Piece::Next => out.byte(b','),
        Piece::Null => out.text("null"),
        Piece::Element(text) => put_value(Some(text), element, shape, encoding, out),
    });
}

/// Puts a row as an object; what is none of so many columns as a string.
fn put_row(
    text: &[u8],
    members: &[Member],
    shape: Shape,
    encoding: Encoding,
    out: &mut Output<'_>,
) {
    let mut count = 0;
    let is_row = row_text::values(text, members.len(), encoding, |_| count += 1).is_some();
    if !is_row || count != members.len() {
        return put_string(text, encoding, out);
    }
    let mut rest = members.iter();
    out.byte(b'{');
    row_text::values(text, members.len(), encoding, |value| {
        let Some(member) = rest.next() else { return };
        out.put(&member.key);
        put_value(value, &member.kind, shape, encoding, out);
        if !rest.as_slice().is_empty() {
            out.byte(b',');
        }
    });
    out.byte(b'}');
}

/// Whether the text is a number in JSON's grammar; `NaN` and `Infinity` are none.
pub(super) fn is_number(text: &[u8]) -> bool {
    /// The text after its digits, if it begins with any.
    fn after_digits(text: &[u8]) -> Option<&[u8]> {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (digits > 0).then(|| &text[digits..])
    }
    let text = text.strip_prefix(b"-").unwrap_or(text);
    if matches!(text, [b'0', b'0'..=b'9', ..]) {
        return false;
    }
    let Some(mut rest) = after_digits(text) else { return false };
    if let [b'.', fraction @ ..] = rest {
        let Some(after) = after_digits(fraction) else { return false };
        rest = after;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            after_digits(exponent).is_some_and(<[u8]>::is_empty)
        }
        _ => false,
    }
}

/// Puts JSON as the server sent it. Its line ends can only stand between tokens; where a line is
/// an object they become blanks.
fn put_json(json: &[u8], shape: Shape, encoding: Encoding, out: &mut Output<'_>) {
    put_chunks(json, encoding, out, |chunk, out| match shape {
        Shape::Array => out.put_escaped(chunk, odd_control),
        Shape::Lines => out.put_escaped(chunk, |byte| match byte {
            b'\n' | b'\r' => Some(" "),
            _ => odd_control(byte),
        }),
    });
}

/// The escape of a control character that no JSON holds.
fn odd_control(byte: u8) -> Option<&'static str> {
    CONTROL.get(usize::from(byte)).copied().filter(|_| !matches!(byte, b'\n' | b'\r' | b'\t'))
}

#[inline]
fn put_string(text: &[u8], encoding: Encoding, out: &mut Output<'_>) {
    out.byte(b'"');
    // ASCII that needs no escape, as most text is.
    let odd = |byte: u8| (byte.wrapping_sub(0x20) >= 0x5f) | (byte == b'"') | (byte == b'\\');
    if any_byte(text, odd) {
        put_odd_string(text, encoding, out);
    } else {
        out.put(text);
    }
    out.byte(b'"');
}

fn put_odd_string(text: &[u8], encoding: Encoding, out: &mut Output<'_>) {
    put_chunks(text, encoding, out, |chunk, out| {
        out.put_escaped(chunk, |byte| match byte {
            b'"' => Some("\\\""),
            b'\\' => Some("\\\\"),
            0..0x20 => Some(CONTROL[usize::from(byte)]),
            _ => None,
        });
    });
}

/// Puts the text, by `put` where it is UTF-8; `\ufffd` stands for what isn't.
fn put_chunks(
    text: &[u8],
    encoding: Encoding,
    out: &mut Output<'_>,
    put: impl Fn(&[u8], &mut Output<'_>),
) {
    if let Encoding::Charset(_) = encoding
        && !text.is_ascii()
        && let Some(converted) = encoding.to_utf8(text)
    {
        return put_safe(converted.as_bytes(), out, &put);
    }
    // The bytes of a character in another encoding may look like UTF-8, or like a quote.
    let (is_utf8, mut rest) = (matches!(encoding, Encoding::Utf8 | Encoding::SingleByte), text);
    while !rest.is_empty() {
        let (good, bad) = if is_utf8 {
            let chunk = rest.utf8_chunks().next();
            chunk.map_or((rest.len(), 0), |c| (c.valid().len(), c.invalid().len()))
        } else {
            let good = rest.iter().take_while(|byte| byte.is_ascii()).count();
            let after = &rest[good..];
            (good, if after.is_empty() { 0 } else { encoding.char_len(after) })
        };
        put_safe(&rest[..good], out, &put);
        if bad > 0 {
            out.text("\\ufffd");
        }
        rest = &rest[good + bad..];
    }
}

/// Puts valid text, by `put` but for the characters that a terminal must not get, which JSON may
/// escape anywhere in a string.
fn put_safe(text: &[u8], out: &mut Output<'_>, put: &impl Fn(&[u8], &mut Output<'_>)) {
    let mut from = 0;
    for (at, c) in std::str::from_utf8(text).unwrap_or_default().char_indices() {
        if c >= '\x7f' && is_unsafe(c) {
            put(&text[from..at], out);
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.text(&format!("\\u{unit:04x}"));
            }
            from = at + c.len_utf8();
        }
    }
    put(&text[from..], out);
}

/// Escapes of the control characters, by code.
#[rustfmt::skip]
const CONTROL: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
    "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",     "\\u000e", "\\u000f",
    "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
    "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::options::Options;
    use crate::print::table::{Part, RowBuffer, Screen, Table};

    const BOOL: u32 = 16;
    const INT4: u32 = 23;
    const TEXT: u32 = 25;
    const JSON: u32 = 114;
    const NUMERIC: u32 = 1700;

    /// A row per part, and a last part without rows, as FETCH_COUNT prints.
    fn printed(columns: &[(&str, u32)], rows: &[&[Option<&[u8]>]], shape: Shape) -> String {
        let format = if shape == Shape::Array { Format::Json } else { Format::Ndjson };
        printed_with(&Options { format, ..Options::default() }, columns, rows)
    }

    fn printed_with(
        options: &Options,
        columns: &[(&str, u32)],
        rows: &[&[Option<&[u8]>]],
    ) -> String {
        let columns: Vec<Column> = columns
            .iter()
            .map(|(name, oid)| Column {
                name: name.as_bytes().to_vec(),
                type_oid: *oid,
                ..Column::default()
            })
            .collect();
        let mut whole = RowBuffer::default();
        let mut parts = vec![];
        for row in rows {
            whole.push(row.iter().copied());
            let mut part = RowBuffer::default();
            part.push(row.iter().copied());
            parts.push(part);
        }
        parts.push(RowBuffer::default());
        let print = |rows: &mut RowBuffer, part: Part| {
            let mut nowhere = io::sink();
            let mut out = Output::new(&mut nowhere);
            let table = Table { title: Some(b"T"), columns: &columns, rows, footers: None };
            let context = Context::new(&table, options, Screen::default()).for_part(part);
            super::print(&context, table.rows, &mut out).unwrap();
            String::from_utf8(out.buffer).unwrap()
        };
        let last = parts.len() - 1;
        let in_parts: String = parts
            .iter_mut()
            .enumerate()
            .map(|(at, rows)| {
                print(rows, Part { start: at == 0, stop: at == last, prior_rows: at as u64 })
            })
            .collect();
        let at_once = print(&mut whole, Part::default());
        assert_eq!(at_once, in_parts);
        at_once
    }

    #[test]
    fn values_by_type() {
        let cases: &[(u32, Option<&[u8]>, &str)] = &[
            (INT4, Some(b"-12"), "-12"),
            (INT4, None, "null"),
            (INT4, Some(b""), "\"\""),
            (26, Some(b"4294967295"), "4294967295"),
            (20, Some(b"9223372036854775807"), "9223372036854775807"),
            (NUMERIC, Some(b"1.50"), "1.50"),
            (NUMERIC, Some(b"NaN"), "\"NaN\""),
            (NUMERIC, Some(b"-Infinity"), "\"-Infinity\""),
            (701, Some(b"1e+300"), "1e+300"),
            (701, Some(b"-0"), "-0"),
            (700, Some(b"1.5e-07"), "1.5e-07"),
            (701, Some(b"01"), "\"01\""),
            (701, Some(b"1."), "\"1.\""),
            (701, Some(b"1e"), "\"1e\""),
            (BOOL, Some(b"t"), "true"),
            (BOOL, Some(b"f"), "false"),
            (BOOL, Some(b"yes"), "\"yes\""),
            (JSON, Some(b"{\"a\": [1,\n 2]}"), "{\"a\": [1,\n 2]}"),
            (JSON, Some(b"null"), "null"),
            (JSON, Some(b""), "\"\""),
            (3802, Some(b"\"\xff\""), "\"\\ufffd\""),
            (TEXT, Some(b"12"), "\"12\""),
            (TEXT, Some(b"t"), "\"t\""),
            (TEXT, Some(b"q\" b\\ n\n t\t c\x01\x1f d/"), r#""q\" b\\ n\n t\t c\u0001\u001f d/""#),
            (TEXT, Some("Zürich 東京 😀".as_bytes()), "\"Zürich 東京 😀\""),
            (
                TEXT,
                Some("a\u{9b}\u{7f}b\u{202e}c\u{e0041}\u{200b}".as_bytes()),
                r#""a\u009b\u007fb\u202ec\udb40\udc41\u200b""#,
            ),
            (JSON, Some("[\"\u{202e}\u{9b}\x1b\"]".as_bytes()), r#"["\u202e\u009b\u001b"]"#),
            (TEXT, Some(b"a\xffb\xe6\x9d"), r#""a\ufffdb\ufffd""#),
            // Arrays: int4, float8, numeric, bool, text, box, jsonb, timestamp, and one that only a
            // server knows.
            (1007, Some(b"{1,NULL,-2}"), "[1,null,-2]"),
            (1007, Some(b"{}"), "[]"),
            (1007, Some(b"[2:3]={1,2}"), "[1,2]"),
            (1007, Some(b"{{1,2},{3,4}}"), "[[1,2],[3,4]]"),
            (1007, Some(b"oops"), "\"oops\""),
            (1007, Some(b""), "\"\""),
            (1007, None, "null"),
            (1022, Some(b"{1.5,NaN,-Infinity,1e+300}"), "[1.5,\"NaN\",\"-Infinity\",1e+300]"),
            (1231, Some(b"{1.50,NaN}"), "[1.50,\"NaN\"]"),
            (1000, Some(b"{t,f,NULL}"), "[true,false,null]"),
            (1009, Some(b"{a,\"NULL\",\"\",\"b \\\"c\\\\\"}"), r#"["a","NULL","","b \"c\\"]"#),
            (1009, Some(b"{1,t,NULL}"), r#"["1","t",null]"#),
            (1020, Some(b"{(1,1),(0,0);(2,2),(1,1)}"), r#"["(1,1),(0,0)","(2,2),(1,1)"]"#),
            (
                3807,
                Some(br#"{"{\"a\": [1, \"x\"]}",null,"null",2}"#),
                r#"[{"a": [1, "x"]},null,null,2]"#,
            ),
            (1115, Some(b"{\"2020-01-01 00:00:00\"}"), "[\"2020-01-01 00:00:00\"]"),
            (1007, Some(b"{{{{{{{1}}}}}}}"), "\"{{{{{{{1}}}}}}}\""),
            (16500, Some(b"{1,2}"), "\"{1,2}\""),
            (0, Some(b"1"), "\"1\""),
        ];
        for (oid, value, expected) in cases {
            let found = printed(&[("v", *oid)], &[&[*value]], Shape::Array);
            assert_eq!(found, format!("[\n{{\"v\":{expected}}}\n]\n"), "{value:?}");
        }
    }

    #[test]
    fn shapes() {
        let row: &[Option<&[u8]>] = &[Some(b"1"), Some(b"x"), None];
        let columns = [("a", INT4), ("q\"", TEXT), ("a", BOOL)];
        type Row = &'static [Option<&'static [u8]>];
        let cases: &[(Shape, &[Row], &str)] = &[
            (Shape::Array, &[], "[]\n"),
            (Shape::Lines, &[], ""),
            (Shape::Array, &[row], "[\n{\"a\":1,\"q\\\"\":\"x\",\"a\":null}\n]\n"),
            (
                Shape::Array,
                &[row, row],
                "[\n{\"a\":1,\"q\\\"\":\"x\",\"a\":null},\n{\"a\":1,\"q\\\"\":\"x\",\"a\":null}\n]\n",
            ),
            (
                Shape::Lines,
                &[row, row],
                "{\"a\":1,\"q\\\"\":\"x\",\"a\":null}\n{\"a\":1,\"q\\\"\":\"x\",\"a\":null}\n",
            ),
        ];
        for (shape, rows, expected) in cases {
            assert_eq!(printed(&columns, rows, *shape), *expected);
        }
        assert_eq!(printed(&[], &[&[], &[]], Shape::Array), "[\n{},\n{}\n]\n");
        let json: &[Option<&[u8]>] = &[Some(b"[1,\r\n 2]")];
        assert_eq!(printed(&[("j", JSON)], &[json], Shape::Lines), "{\"j\":[1,   2]}\n");
    }

    /// Rows of rows of rows do not take all memory.
    #[test]
    fn members_are_counted() {
        fn members(kind: &Kind) -> usize {
            match kind {
                Kind::Row(row) => row.len() + row.iter().map(|of| members(&of.kind)).sum::<usize>(),
                _ => 0,
            }
        }
        for (depth, expected) in [(3, 20 + 400 + 8000), (8, MOST_MEMBERS)] {
            let mut types = TypeParts::default();
            for oid in 20_000..20_000 + depth {
                for column in 0..20 {
                    let part = if oid + 1 < 20_000 + depth { oid + 1 } else { INT4 };
                    let [whole, part, name] = [oid, part, column].map(|number| number.to_string());
                    let cells = [whole.as_bytes(), b"c", part.as_bytes(), name.as_bytes()];
                    types.learn(cells.map(Some));
                }
            }
            let mut kinds = Kinds { encoding: Encoding::Utf8, members: MOST_MEMBERS };
            assert_eq!(members(&kinds.of(20_000, Some(&types), DEPTH)), expected);
        }
    }

    #[test]
    fn other_encodings() {
        // U+8868 in SJIS, its second byte a backslash; in EUC_JP two bytes that UTF-8 has as well.
        let cases: &[(Encoding, u32, &[u8], &str)] = &[
            (Encoding::Sjis, TEXT, b"a\x95\x5cb\xb1", r#""a\ufffdb\ufffd""#),
            (Encoding::Sjis, JSON, b"[\"\x95\x5c\", 1]", r#"["\ufffd", 1]"#),
            (Encoding::EucJp, TEXT, b"\xc3\xa4\\\"", r#""\ufffd\\\"""#),
            (Encoding::Gb18030, TEXT, b"\x81", r#""\ufffd""#),
            (Encoding::SingleByte, TEXT, b"\xe4\xc3\xa4", "\"\\ufffdä\""),
            (Encoding::from_name(b"LATIN1"), TEXT, b"\xe4\xc3\xa4\"", "\"äÃ¤\\\"\""),
            (Encoding::from_name(b"WIN1252"), JSON, b"[\"\x80\", 1]", "[\"€\", 1]"),
            (Encoding::from_name(b"WIN1252"), TEXT, b"\x80\x81", "\"\\ufffd\\ufffd\""),
        ];
        for (encoding, oid, value, expected) in cases {
            let options =
                Options { format: Format::Ndjson, encoding: *encoding, ..Options::default() };
            let found = printed_with(&options, &[("v", *oid)], &[&[Some(value)]]);
            assert_eq!(found, format!("{{\"v\":{expected}}}\n"), "{encoding:?}");
        }
    }
}
