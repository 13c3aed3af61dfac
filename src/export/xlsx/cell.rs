//! What stands in a cell, and how it is written in a sheet's XML.

use crate::export::date_time;

/// The most UTF-16 units of a cell's text.
pub const MOST_CHARACTERS: usize = 32_767;

/// Days from 1899-12-30, where Excel's count of days begins if one disregards that it takes 1900 for a
/// leap year, to 1970-01-01.
const EPOCH: i64 = 25_569;
/// 1900-03-01, from where on Excel's days are those of the calendar, and the day behind 9999-12-31.
const FIRST_DAY: i64 = 61;
const END: i64 = 2_958_466;

/// A cell with something in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'v> {
    /// Text, never a formula.
    Text(&'v str),
    /// A number as it is written.
    Number(&'v str),
    /// Yes or no.
    Boolean(bool),
    /// Days, as Excel counts them.
    Date(i64),
    /// Days and parts of one.
    Timestamp(f64),
    /// A part of a day.
    Time(f64),
}

/// The formats of cells, by their place in the styles of `workbook.rs`.
const DATE: &str = "1";
const TIMESTAMP: &str = "2";
const TIME: &str = "3";
/// That of headings.
pub const HEADING: &str = "4";

/// A cell with a date, from days since 1970; `None` for one that Excel has no number for.
pub fn date(days: i64) -> Option<Cell<'static>> {
    let serial = days + EPOCH;
    (FIRST_DAY..END).contains(&serial).then_some(Cell::Date(serial))
}

/// A cell with a timestamp, from microseconds since 1970; `None` for one that Excel has no number for,
/// or none from which milliseconds, and microseconds if it has some, could be told again.
pub fn timestamp(micros: i64) -> Option<Cell<'static>> {
    let days = micros.div_euclid(date_time::DAY_MICROS) + EPOCH;
    if !(FIRST_DAY..END).contains(&days) {
        return None;
    }
    let rest = micros.rem_euclid(date_time::DAY_MICROS);
    let serial = days as f64 + rest as f64 / date_time::DAY_MICROS as f64;
    let again = (serial - days as f64) * date_time::DAY_MICROS as f64;
    let unit = if rest % 1000 == 0 { 1000.0 } else { 1.0 };
    let is_same = (again / unit).round() * unit == rest as f64;
    is_same.then_some(Cell::Timestamp(serial))
}

impl Cell<'_> {
    /// A cell with a time of day, from microseconds.
    pub fn time(micros: i64) -> Cell<'static> {
        Cell::Time(micros as f64 / date_time::DAY_MICROS as f64)
    }

    /// Writes the cell that is called `reference` in its sheet (`B7`).
    pub fn write(self, reference: &[u8], to: &mut Vec<u8>) {
        to.extend_from_slice(b"<c r=\"");
        to.extend_from_slice(reference);
        match self {
            Cell::Text(text) => {
                to.extend_from_slice(b"\" t=\"inlineStr\">");
                put_string(text, to);
            }
            Cell::Number(number) => put_value("\">", number, to),
            Cell::Boolean(value) => put_value("\" t=\"b\">", if value { "1" } else { "0" }, to),
            Cell::Date(days) => put_styled(DATE, &days.to_string(), to),
            Cell::Timestamp(days) => put_styled(TIMESTAMP, &days.to_string(), to),
            Cell::Time(part) => put_styled(TIME, &part.to_string(), to),
        }
        to.extend_from_slice(b"</c>");
    }
}

/// Writes a heading.
pub fn write_heading(text: &str, reference: &[u8], to: &mut Vec<u8>) {
    to.extend_from_slice(b"<c r=\"");
    to.extend_from_slice(reference);
    to.extend_from_slice(b"\" s=\"");
    to.extend_from_slice(HEADING.as_bytes());
    to.extend_from_slice(b"\" t=\"inlineStr\">");
    put_string(text, to);
    to.extend_from_slice(b"</c>");
}

fn put_styled(style: &str, value: &str, to: &mut Vec<u8>) {
    to.extend_from_slice(b"\" s=\"");
    to.extend_from_slice(style.as_bytes());
    put_value("\">", value, to);
}

fn put_value(end_of_tag: &str, value: &str, to: &mut Vec<u8>) {
    for piece in [end_of_tag, "<v>", value, "</v>"] {
        to.extend_from_slice(piece.as_bytes());
    }
}

fn put_string(text: &str, to: &mut Vec<u8>) {
    to.extend_from_slice(b"<is><t xml:space=\"preserve\">");
    put_text(text, to);
    to.extend_from_slice(b"</t></is>");
}

/// Puts text as XML has it. What XML can't hold, and what would be read as such an escape, is written
/// `_x0001_` (ECMA-376, "ST_Xstring").
fn put_text(text: &str, to: &mut Vec<u8>) {
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let escape = match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '\t' | '\n' => continue,
            '\0'..'\x20' | '\u{fffe}' | '\u{ffff}' => format!("_x{:04X}_", u32::from(c)),
            '_' if is_escape(&text.as_bytes()[at..]) => "_x005F_".to_owned(),
            _ => continue,
        };
        to.extend_from_slice(&text.as_bytes()[copied..at]);
        to.extend_from_slice(escape.as_bytes());
        copied = at + c.len_utf8();
    }
    to.extend_from_slice(&text.as_bytes()[copied..]);
}

/// Whether a text begins as an escape.
fn is_escape(text: &[u8]) -> bool {
    match text {
        [b'_', b'x', digits @ .., _] if text.len() >= 7 => {
            digits[..4].iter().all(u8::is_ascii_hexdigit) && text[6] == b'_'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: Cell<'_>) -> String {
        let mut text = Vec::new();
        cell.write(b"A1", &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn cells() {
        let text = |inner: &str| {
            format!(
                "<c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{inner}</t></is></c>"
            )
        };
        for (value, expected) in [
            ("=1+1", "=1+1"),
            ("<a&b>", "&lt;a&amp;b&gt;"),
            (" a\n\tb ", " a\n\tb "),
            ("a\r\x1b", "a_x000D__x001B_"),
            ("_x0041_ _x41_ _", "_x005F_x0041_ _x41_ _"),
            ("_x0041", "_x0041"),
        ] {
            assert_eq!(written(Cell::Text(value)), text(expected), "{value:?}");
        }
        assert_eq!(written(Cell::Number("1.50")), "<c r=\"A1\"><v>1.50</v></c>");
        assert_eq!(written(Cell::Boolean(true)), "<c r=\"A1\" t=\"b\"><v>1</v></c>");
        assert_eq!(written(date(0).unwrap()), "<c r=\"A1\" s=\"1\"><v>25569</v></c>");
        assert_eq!(written(Cell::time(43_200_000_000)), "<c r=\"A1\" s=\"3\"><v>0.5</v></c>");
    }

    #[test]
    fn dates_that_excel_has() {
        // 1900-02-28, 1900-03-01, 9999-12-31 and the day behind.
        for (days, expected) in [(-25_509, false), (-25_508, true), (2_932_896, true)] {
            assert_eq!(date(days).is_some(), expected, "{days}");
        }
        assert_eq!(date(2_932_897), None);
        // From 2079 on microseconds would be lost, milliseconds never.
        for (start, are_lost) in [(1_795_000_000_123_000, false), (9_000_000_000_123_000, true)] {
            assert!(timestamp(start).is_some());
            let lost = (0..1000).filter(|micros| timestamp(start + micros).is_none()).count();
            assert_eq!(lost > 0, are_lost);
        }
        assert!(timestamp(253_402_300_799_999_000).is_some());
    }
}
