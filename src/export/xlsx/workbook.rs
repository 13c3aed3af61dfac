//! The parts of a workbook, and its sheets: a row after the other, on a further sheet when one is full.

use super::cell::{Cell, write_heading};
use super::zip::{self, Archive};

/// What a sheet can hold.
pub const MOST_ROWS: u64 = 1_048_576;
pub const MOST_COLUMNS: usize = 16_384;

/// Bytes of XML that are gathered before they are compressed.
const GATHERED: usize = 64 << 10;

/// Columns are at least as wide, and at most, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=60;

/// A column: its heading, and how wide it is in characters.
#[derive(Clone, Debug)]
pub struct Column {
    /// The heading.
    pub name: String,
    /// How wide its values are.
    pub width: usize,
}

/// The workbook has more than the format can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// A workbook being written: bytes go to a `put` given with each call, from first to last.
pub struct Writer {
    archive: Archive,
    columns: Vec<Column>,
    /// What the columns are called in references: `A`, `B`, and so on.
    letters: Vec<Vec<u8>>,
    /// XML that was not compressed yet.
    text: Vec<u8>,
    sheet: usize,
    /// Rows of the sheet at hand, and the most that it has.
    row: u64,
    most_rows: u64,
}

impl Writer {
    /// Begins a workbook for so many rows below the headings.
    pub fn new(columns: Vec<Column>, rows: u64) -> Writer {
        Writer::of_sheets(columns, rows, MOST_ROWS)
    }

    fn of_sheets(columns: Vec<Column>, rows: u64, most_rows: u64) -> Writer {
        let sheets = sheets(rows, most_rows) as usize;
        let mut archive = Archive::new();
        for (name, text) in parts(sheets) {
            archive.begin(name, None);
            archive.put(text.as_bytes());
        }
        let letters = (0..columns.len()).map(letters).collect();
        Writer { archive, columns, letters, text: Vec::new(), sheet: 0, row: 0, most_rows }
    }

    /// How many sheets rows take.
    pub fn sheets(rows: u64) -> u64 {
        sheets(rows, MOST_ROWS)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn push<'v>(
        &mut self,
        cells: impl Iterator<Item = Option<Cell<'v>>>,
        put: &mut dyn FnMut(&[u8]),
    ) -> Result<(), TooLarge> {
        if self.sheet == 0 || self.row == self.most_rows {
            self.begin_sheet();
        }
        self.begin_row();
        let number = self.row.to_string();
        let mut reference = Vec::new();
        for (letters, cell) in self.letters.iter().zip(cells) {
            let Some(cell) = cell else { continue };
            reference.clear();
            reference.extend_from_slice(letters);
            reference.extend_from_slice(number.as_bytes());
            cell.write(&reference, &mut self.text);
        }
        self.text.extend_from_slice(b"</row>");
        if self.text.len() >= GATHERED {
            self.hand_on(put)?;
        }
        Ok(())
    }

    /// Ends the workbook.
    ///
    /// # Errors
    /// There is no room for all of it.
    pub fn finish(mut self, put: &mut dyn FnMut(&[u8])) -> Result<(), TooLarge> {
        if self.sheet == 0 {
            self.begin_sheet();
        }
        self.end_sheet();
        self.hand_on(put)?;
        self.archive.finish();
        self.hand_on(put)
    }

    fn hand_on(&mut self, put: &mut dyn FnMut(&[u8])) -> Result<(), TooLarge> {
        self.archive.put(&self.text);
        self.text.clear();
        put(self.archive.written());
        self.archive.forget_written();
        if self.archive.longest() > zip::MOST_BYTES { Err(TooLarge) } else { Ok(()) }
    }

    fn begin_sheet(&mut self) {
        if self.sheet > 0 {
            self.end_sheet();
        }
        self.sheet += 1;
        self.row = 0;
        self.archive.put(&self.text);
        self.text.clear();
        self.archive.begin("xl/worksheets/sheet#.xml", Some(self.sheet));
        // The first row stays in view.
        let selected = if self.sheet == 1 { " tabSelected=\"1\"" } else { "" };
        self.put(&format!(
            "{PROLOGUE}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView{selected} \
             workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" \
             state=\"frozen\"/></sheetView></sheetViews>"
        ));
        if !self.columns.is_empty() {
            self.put("<cols>");
            for at in 0..self.columns.len() {
                let column = &self.columns[at];
                let widest = column.width.max(column.name.chars().count());
                let width = widest.clamp(*WIDTHS.start(), *WIDTHS.end()) + 1;
                let number = at + 1;
                self.put(&format!(
                    "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
                ));
            }
            self.put("</cols>");
        }
        self.put("<sheetData>");
        self.begin_row();
        for (letters, column) in self.letters.iter().zip(&self.columns) {
            let reference = [letters, &b"1"[..]].concat();
            write_heading(&column.name, &reference, &mut self.text);
        }
        self.put("</row>");
    }

    fn end_sheet(&mut self) {
        self.put("</sheetData></worksheet>");
    }

    fn begin_row(&mut self) {
        self.row += 1;
        let row = self.row;
        self.put(&format!("<row r=\"{row}\">"));
    }

    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }
}

/// The first row of each sheet has the headings.
fn sheets(rows: u64, most_rows: u64) -> u64 {
    rows.div_ceil(most_rows - 1).max(1)
}

/// What a column is called: `A` to `Z`, `AA` and so on.
fn letters(at: usize) -> Vec<u8> {
    let (mut rest, mut letters) = (at + 1, Vec::new());
    while rest > 0 {
        rest -= 1;
        letters.insert(0, b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters
}

const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The formats of cells, in the order of `cell.rs`: none, dates, timestamps, times, headings.
const STYLES: &str = concat!(
    "<numFmts count=\"3\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>",
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/>",
    "<numFmt numFmtId=\"166\" formatCode=\"hh:mm:ss\"/></numFmts>",
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>",
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>",
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>",
    "<fill><patternFill patternType=\"gray125\"/></fill></fills>",
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>",
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>",
    "</cellStyleXfs><cellXfs count=\"5\">",
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>",
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" ",
    "applyNumberFormat=\"1\"/>",
    "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" ",
    "applyNumberFormat=\"1\"/>",
    "<xf numFmtId=\"166\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" ",
    "applyNumberFormat=\"1\"/>",
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>",
    "</cellXfs><cellStyles count=\"1\">",
    "<cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>",
);

/// All parts but the sheets: their names and what is in them.
fn parts(sheets: usize) -> [(&'static str, String); 5] {
    let each = |write: &dyn Fn(usize) -> String| (1..=sheets).map(write).collect::<String>();
    let types = each(&|sheet| {
        format!(
            "<Override PartName=\"/xl/worksheets/sheet{sheet}.xml\" \
             ContentType=\"{TYPE}.worksheet+xml\"/>"
        )
    });
    let names = each(&|sheet| {
        let name = if sheet == 1 { "Result".to_owned() } else { format!("Result {sheet}") };
        format!("<sheet name=\"{name}\" sheetId=\"{sheet}\" r:id=\"rId{sheet}\"/>")
    });
    let places = each(&|sheet| {
        format!(
            "<Relationship Id=\"rId{sheet}\" Type=\"{RELATIONSHIPS}/worksheet\" \
             Target=\"worksheets/sheet{sheet}.xml\"/>"
        )
    });
    let styles = sheets + 1;
    [
        (
            "[Content_Types].xml",
            format!(
                "{PROLOGUE}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPE}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{TYPE}.styles+xml\"/>\
                 {types}</Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{PROLOGUE}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship \
                 Id=\"rId1\" Type=\"{RELATIONSHIPS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{PROLOGUE}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONSHIPS}\">\
                 <sheets>{names}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{PROLOGUE}<Relationships xmlns=\"{PACKAGE}/relationships\">{places}\
                 <Relationship Id=\"rId{styles}\" Type=\"{RELATIONSHIPS}/styles\" \
                 Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/styles.xml", format!("{PROLOGUE}<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns() {
        for (at, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(at), expected.as_bytes());
        }
        assert_eq!(letters(MOST_COLUMNS - 1), b"XFD");
    }

    /// The parts of an archive that holds no compressed bytes of ours, by name.
    fn parts_of(archive: &[u8]) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        let mut rest = archive;
        while let Some(header) = rest.strip_prefix(b"PK\x03\x04") {
            let length = usize::from(u16::from_le_bytes([header[22], header[23]]));
            let name = String::from_utf8_lossy(&header[26..26 + length]).into_owned();
            let mut inflater = flate2::read::DeflateDecoder::new(&header[26 + length..]);
            let mut text = String::new();
            std::io::Read::read_to_string(&mut inflater, &mut text).unwrap();
            let end = 26 + length + inflater.total_in() as usize;
            // The descriptor has four numbers.
            rest = &header[end + 16..];
            parts.push((name, text));
        }
        parts
    }

    #[test]
    fn rows_go_on_in_further_sheets() {
        for (rows, expected) in [(0, "0"), (1, "1"), (2, "2"), (3, "2 1"), (5, "2 2 1")] {
            let column = Column { name: "a".to_owned(), width: 1 };
            let mut writer = Writer::of_sheets(vec![column], rows, 3);
            let mut written = Vec::new();
            let mut put = |bytes: &[u8]| written.extend_from_slice(bytes);
            for _ in 0..rows {
                writer.push([Some(Cell::Number("7"))].into_iter(), &mut put).unwrap();
            }
            writer.finish(&mut put).unwrap();
            let parts = parts_of(&written);
            let sheets = parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/"));
            let counts: Vec<String> = sheets
                .map(|(_, text)| {
                    assert!(text.contains("t xml:space=\"preserve\">a</t>"), "{text}");
                    assert!(text.ends_with("</row></sheetData></worksheet>"), "{text}");
                    text.matches("<v>7</v>").count().to_string()
                })
                .collect();
            assert_eq!(counts.join(" "), expected);
            assert_eq!(parts[2].1.matches("<sheet name=").count(), counts.len());
        }
    }
}
