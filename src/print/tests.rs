//! What is printed against what psql printed: `testdata/matrix.txt` was recorded from psql by
//! `tests/tools/record_print.py`, with the tables of `testdata/tables.txt`.

use super::*;
use crate::encoding::Encoding;
use std::collections::HashMap;

/// A table of `testdata/tables.txt`.
struct TestTable {
    columns: Vec<Column>,
    rows: RowBuffer,
    encoding: Encoding,
}

/// Reads `\n`, `\\` and `\xHH`.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (byte, len) = match after.as_bytes()[0] {
            b'n' => (b'\n', 1),
            b't' => (b'\t', 1),
            b'\\' => (b'\\', 1),
            b'x' => (u8::from_str_radix(&after[1..3], 16).unwrap(), 3),
            other => panic!("unknown escape {other}"),
        };
        bytes.push(byte);
        rest = &after[len..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

fn tables(text: &str) -> HashMap<String, TestTable> {
    let mut tables: HashMap<String, TestTable> = HashMap::new();
    let mut current = String::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let kind = fields.next().unwrap();
        if kind == "table" {
            current = fields.next().unwrap().to_owned();
            let encoding = Encoding::from_name(fields.next().unwrap().as_bytes());
            let (columns, rows) = (Vec::new(), RowBuffer::default());
            tables.insert(current.clone(), TestTable { columns, rows, encoding });
            continue;
        }
        let table = tables.get_mut(&current).unwrap();
        if kind == "head" {
            table.columns = fields
                .map(|field| {
                    let (name, alignment) = match field.strip_prefix('>') {
                        Some(name) => (name, Alignment::Right),
                        None => (field, Alignment::Left),
                    };
                    Column { name: unescape(name), alignment, ..Column::default() }
                })
                .collect();
        } else {
            let cells: Vec<_> =
                fields.map(|field| (field != "NULL").then(|| unescape(field))).collect();
            table.rows.push(cells.iter().map(Option::as_deref));
        }
    }
    tables
}

/// Options of a case, and its FETCH_COUNT.
fn options(settings: &[(String, Vec<u8>)]) -> (Options, u64) {
    let mut options = Options::default();
    let mut fetch = 0;
    for (key, value) in settings {
        let text = std::str::from_utf8(value).unwrap();
        let number = || text.parse::<i32>().unwrap();
        let style = if text == "single" { UnicodeStyle::Single } else { UnicodeStyle::Double };
        let separator = || match value.as_slice() {
            b"\0" => Separator::Zero,
            text => Separator::Text(text.to_vec()),
        };
        match key.as_str() {
            "border" => options.border = number() as u16,
            "columns" => options.columns = text.parse().unwrap(),
            "csv_fieldsep" => options.csv_field_separator = value[0],
            "expanded" => {
                options.expanded = match text {
                    "on" => Expanded::On,
                    "auto" => Expanded::Auto,
                    _ => Expanded::Off,
                }
            }
            "fieldsep" => options.field_separator = separator(),
            "recordsep" => options.record_separator = separator(),
            "footer" => options.footer = text == "on",
            "format" => {
                options.format = match text {
                    "aligned" => Format::Aligned,
                    "wrapped" => Format::Wrapped,
                    "unaligned" => Format::Unaligned,
                    "csv" => Format::Csv,
                    "html" => Format::Html,
                    "asciidoc" => Format::Asciidoc,
                    "latex" => Format::Latex,
                    "latex-longtable" => Format::LatexLongtable,
                    "troff-ms" => Format::TroffMs,
                    other => panic!("unknown format {other}"),
                }
            }
            "linestyle" => {
                options.line_style = match text {
                    "ascii" => LineStyle::Ascii,
                    "old-ascii" => LineStyle::OldAscii,
                    _ => LineStyle::Unicode,
                }
            }
            "null" => options.null = value.clone(),
            "numericlocale" => options.numeric_locale = text == "on",
            "tableattr" => options.table_attributes = Some(value.clone()),
            "title" => options.title = Some(value.clone()),
            "tuples_only" => options.tuples_only = text == "on",
            "unicode_border_linestyle" => options.unicode_border = style,
            "unicode_column_linestyle" => options.unicode_column = style,
            "unicode_header_linestyle" => options.unicode_header = style,
            "xheader_width" => {
                options.expanded_header_width = match text {
                    "full" => ExpandedHeaderWidth::Full,
                    "column" => ExpandedHeaderWidth::Column,
                    "page" => ExpandedHeaderWidth::Page,
                    _ => ExpandedHeaderWidth::Exactly(number()),
                }
            }
            "fetch" => fetch = number() as u64,
            other => panic!("unknown option {other}"),
        }
    }
    (options, fetch)
}

/// Prints as the shell would: under FETCH_COUNT a part per so many rows, and a last one of none.
fn printed(table: &TestTable, options: &Options, fetch: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut part = |options: &Options, rows: &mut RowBuffer, part: Part| {
        let title = options.title.as_deref();
        let mut table = Table { title, columns: &table.columns, rows, footers: None };
        print(&mut table, options, part, Screen::default(), &mut out).unwrap();
    };
    let total = table.rows.len() as u64;
    if fetch == 0 || total == 0 {
        part(options, &mut table.rows.clone(), Part::default());
        return out;
    }
    let options = options.for_parts();
    let mut prior_rows = 0;
    while prior_rows < total {
        let mut rows = RowBuffer::default();
        table
            .rows
            .iter()
            .skip(prior_rows as usize)
            .take(fetch as usize)
            .for_each(|row| rows.push_row(row));
        let count = rows.count();
        part(&options, &mut rows, Part { start: prior_rows == 0, stop: false, prior_rows });
        prior_rows += count;
    }
    part(&options, &mut RowBuffer::default(), Part { start: false, stop: true, prior_rows });
    out
}

/// Compares with every case of a recorded file.
fn check_matrix(tables: &str, mut recorded: &[u8]) {
    let tables = self::tables(tables);
    let (mut cases, mut failures) = (0, Vec::new());
    while !recorded.is_empty() {
        let (header, rest) = recorded.split_at(recorded.iter().position(|&b| b == b'\n').unwrap());
        let header = std::str::from_utf8(header).unwrap();
        let mut fields = header.split('\t').skip(1);
        let name = fields.next().unwrap();
        let len: usize = fields.next().unwrap().parse().unwrap();
        let settings: Vec<_> = fields
            .map(|field| field.split_once('=').unwrap())
            .map(|(key, value)| (key.to_owned(), unescape(value)))
            .collect();
        let expected = &rest[1..1 + len];
        recorded = &rest[len + 2..];
        let (mut options, fetch) = options(&settings);
        let table = &tables[name];
        options.encoding = table.encoding;
        let actual = printed(table, &options, fetch);
        cases += 1;
        if actual != expected {
            let show = |bytes: &[u8]| {
                String::from_utf8(bytes.to_vec())
                    .unwrap_or_else(|_| bytes.escape_ascii().to_string().replace("\\n", "\n"))
            };
            failures.push(format!("{header}\npsql:\n{}\nours:\n{}", show(expected), show(&actual)));
        }
    }

    assert!(cases > 1000, "{cases}");
    let first = failures.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {cases} differ\n{first}", failures.len());
}

#[test]
fn same_bytes_as_psql() {
    check_matrix(include_str!("testdata/tables.txt"), include_bytes!("testdata/matrix.txt"));
}

/// What is printed row by row comes out as it does at once.
#[test]
fn in_parts_as_at_once() {
    let mut tables = tables(include_str!("testdata/tables.txt"));
    tables.retain(|_, table| !table.columns.is_empty());
    for (name, table) in tables {
        for format in [Format::Csv, Format::Unaligned] {
            for tuples_only in [false, true] {
                for title in [None, Some(b"title".to_vec())] {
                    let encoding = table.encoding;
                    let options =
                        Options { format, tuples_only, title, encoding, ..Options::default() };
                    assert!(options.is_by_row());
                    let whole = printed(&table, &options, 0);
                    for rows in [1, 2] {
                        let parts = printed(&table, &options, rows);
                        assert_eq!(parts, whole, "{name}, {rows} rows, {options:?}");
                    }
                }
            }
        }
    }
}

/// A printed table whose parts the matrix doesn't vary.
fn check_footers(format: Format, expanded: Expanded, expected: &str) {
    let columns = [Column { name: b"a".to_vec(), ..Column::default() }];
    let mut rows = RowBuffer::default();
    rows.push([Some(b"x".as_slice())]);
    let footers = [b"Indexes:".to_vec(), b"    \"t_pkey\"".to_vec()];
    let options = Options { format, expanded, ..Options::default() };
    let mut table =
        Table { title: Some(b"T"), columns: &columns, rows: &mut rows, footers: Some(&footers) };
    let mut out = Vec::new();
    print(&mut table, &options, Part::default(), Screen::default(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

/// As `\d` prints them.
#[test]
fn footers_of_describe() {
    let off = Expanded::Off;
    check_footers(Format::Aligned, off, " T\n a \n---\n x\nIndexes:\n    \"t_pkey\"\n\n");
    check_footers(Format::Unaligned, off, "T\na\nx\nIndexes:\n    \"t_pkey\"\n");
    check_footers(Format::Csv, off, "a\nx\n");
    let html = "<table border=\"1\">\n  <caption>T</caption>\n  <tr>\n    <th align=\"center\">a</th>\n  \
                </tr>\n  <tr valign=\"top\">\n    <td align=\"left\">x</td>\n  </tr>\n</table>\n\
                <p>Indexes:<br />\n&nbsp;&nbsp;&nbsp;&nbsp;&quot;t_pkey&quot;<br />\n</p>\n";
    check_footers(Format::Html, off, html);
}

#[test]
fn lines_of_a_table() {
    let check =
        |expanded: Expanded, columns_of_screen: u32, enough: u64, expected: PagerEstimate| {
            let columns = [Column { name: b"a".to_vec(), ..Column::default() }];
            let mut rows = RowBuffer::default();
            for text in [b"x".as_slice(), b"1\n2\n3", b""] {
                rows.push([Some(text)]);
            }
            let options = Options { expanded, ..Options::default() };
            let mut table =
                Table { title: None, columns: &columns, rows: &mut rows, footers: None };
            assert_eq!(
                pager_estimate(
                    &mut table,
                    &options,
                    Screen { columns: columns_of_screen, lines: 24 },
                    enough
                )
                .unwrap(),
                expected
            );
        };
    // Heading, rule, five lines of values.
    check(Expanded::Off, 80, 100, PagerEstimate::Lines(7));
    check(Expanded::Off, 2, 100, PagerEstimate::TooWide);
    check(Expanded::Auto, 2, 100, PagerEstimate::TooWide);
    check(Expanded::On, 2, 100, PagerEstimate::Lines(6));
    check(Expanded::Off, 80, 3, PagerEstimate::Lines(4));
}

/// What a terminal gets in place of characters that it must not get is measured: every line of a
/// table in a frame is as wide as the first.
#[test]
fn escapes_for_a_terminal_leave_tables_straight() {
    let column = |name: &str| Column { name: name.into(), ..Column::default() };
    let columns = [column("h\u{202e}"), column("plain")];
    let mut rows = RowBuffer::default();
    rows.push([Some("a\u{202e}b".as_bytes()), Some(b"x")]);
    rows.push([None, Some("\u{2066}\u{85}".as_bytes())]);
    let unicode = LineStyle::Unicode;
    for (format, expanded, line_style) in [
        (Format::Aligned, Expanded::Off, LineStyle::Ascii),
        (Format::Aligned, Expanded::Off, unicode),
        (Format::Aligned, Expanded::On, unicode),
        (Format::Wrapped, Expanded::Off, unicode),
        (Format::Wrapped, Expanded::On, LineStyle::OldAscii),
        (Format::Fitted, Expanded::Off, unicode),
        (Format::Fitted, Expanded::On, unicode),
    ] {
        let null = "\u{202d}".as_bytes().to_vec();
        let options = Options {
            format,
            expanded,
            line_style,
            null,
            border: 2,
            footer: false,
            for_terminal: true,
            ..Options::default()
        };
        let mut table = Table { title: None, columns: &columns, rows: &mut rows, footers: None };
        let mut out = Vec::new();
        print(&mut table, &options, Part::default(), Screen::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(['\u{202d}', '\u{202e}', '\u{2066}', '\u{85}']), "{text}");
        assert!(text.contains("a\\u202Eb") && text.contains("h\\u202E"), "{text}");
        let mut widths = text.lines().map(|line| line.chars().count()).filter(|width| *width > 0);
        let first = widths.next().unwrap();
        assert!(widths.all(|width| width == first), "{format:?} {expanded:?}\n{text}");
    }
}
