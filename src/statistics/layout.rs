//! The table of all columns: all that is known of them, or what a screen has room for.
//!
//! Owns which columns give way and how far values are cut. Never knows whose screen it is.

use super::column::{Column, percentage};
use crate::chart;
use crate::encoding::Encoding;
use crate::print::{self, RowBuffer, width_on_terminal};

const TEXT: u32 = 25;
const NUMERIC: u32 = 1700;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Name,
    Type,
    Null,
    Distinct,
    Bytes,
    Order,
    MostCommon,
    Range,
}

/// The fields from left to right, with their headings and types.
const FIELDS: [(Field, &str, u32); 8] = [
    (Field::Name, "Column", TEXT),
    (Field::Type, "Type", TEXT),
    (Field::Null, "NULL", NUMERIC),
    (Field::Distinct, "Distinct", NUMERIC),
    (Field::Bytes, "Bytes", NUMERIC),
    (Field::Order, "Order", NUMERIC),
    (Field::MostCommon, "Most common", TEXT),
    (Field::Range, "Range", TEXT),
];
/// Which of them get room first.
const BY_WEIGHT: [Field; 8] = [
    Field::Name,
    Field::Distinct,
    Field::Null,
    Field::Type,
    Field::MostCommon,
    Field::Range,
    Field::Order,
    Field::Bytes,
];
/// Which of them take what is left.
const ELASTIC: [Field; 4] = [Field::Name, Field::Type, Field::MostCommon, Field::Range];
/// What stands between two columns.
const SEPARATOR: usize = 3;
/// Columns of the screen that a value takes where there is room.
const VALUE: usize = 24;
/// However wide characters are, no more bytes of a value are shown.
const MOST_BYTES: usize = 1000;

/// What is shown.
pub struct Layout {
    pub headings: Vec<print::Column>,
    pub rows: RowBuffer,
    /// The headings that there was no room for.
    pub left_out: Vec<&'static str>,
}

/// The table for a screen so wide, if there is one, of a relation with so many rows.
pub fn layout(
    columns: &[Column],
    rows: Option<u64>,
    screen: Option<usize>,
    encoding: Encoding,
) -> Layout {
    let (shown, left_out) = match screen {
        Some(screen) => fit(columns, rows, screen, encoding),
        None => (FIELDS.iter().map(|(field, ..)| (*field, usize::MAX)).collect(), Vec::new()),
    };
    let heading = |field: Field| FIELDS.iter().find(|(other, ..)| *other == field);
    let headings = shown.iter().filter_map(|(field, _)| heading(*field));
    let headings = headings.map(|(_, name, oid)| print::Column::of_type((*name).into(), *oid));
    let mut table = RowBuffer::default();
    for column in columns {
        let cells = shown.iter().map(|(field, width)| cell(*field, column, rows, *width, encoding));
        let cells: Vec<Option<Vec<u8>>> = cells.collect();
        table.push(cells.iter().map(Option::as_deref));
    }
    Layout { headings: headings.collect(), rows: table, left_out }
}

/// The fields there is room for, from left to right, each with its width, and the headings of others
/// that have something to show.
fn fit(
    columns: &[Column],
    rows: Option<u64>,
    screen: usize,
    encoding: Encoding,
) -> (Vec<(Field, usize)>, Vec<&'static str>) {
    let mut fields = Vec::new();
    for (field, heading, _) in FIELDS {
        let cells = columns.iter().filter_map(|c| cell(field, c, rows, usize::MAX, encoding));
        let widest = cells.map(|cell| width_on_terminal(encoding, &cell)).max();
        if let Some(widest) = widest.or((field == Field::Name).then_some(0)) {
            let whole = widest.max(heading.len());
            fields.push((field, heading, whole, least(field, screen).min(whole)));
        }
    }
    let of = |field: Field| fields.iter().find(move |(other, ..)| *other == field);
    // Before the first one and behind the last one stands a blank.
    let mut room = screen.saturating_sub(2);
    let mut shown: Vec<(Field, usize)> = Vec::new();
    for &(field, _, _, least) in BY_WEIGHT.iter().filter_map(|field| of(*field)) {
        let needed = if shown.is_empty() { least } else { least + SEPARATOR };
        if shown.is_empty() || needed <= room {
            room = room.saturating_sub(needed);
            shown.push((field, least));
        }
    }
    for &(field, _, whole, _) in ELASTIC.iter().filter_map(|field| of(*field)) {
        if let Some((_, width)) = shown.iter_mut().find(|(other, _)| *other == field) {
            let more = (whole - *width).min(room);
            *width += more;
            room -= more;
        }
    }
    let width = |field: Field| shown.iter().find(|(other, _)| *other == field).map(|(_, w)| *w);
    let kept = fields.iter().filter_map(|(field, ..)| Some((*field, width(*field)?))).collect();
    let left_out = fields.iter().filter(|(field, ..)| width(*field).is_none());
    (kept, left_out.map(|(_, heading, ..)| *heading).collect())
}

/// With how few columns of such a screen a field is still worth showing.
fn least(field: Field, screen: usize) -> usize {
    match field {
        Field::Name => (screen / 4).max(12),
        Field::Type => 8,
        Field::MostCommon | Field::Range => 16,
        Field::Null | Field::Distinct | Field::Bytes | Field::Order => usize::MAX,
    }
}

/// What a field shows of a column, in so many columns of the screen; nothing where nothing is known.
fn cell(
    field: Field,
    column: &Column,
    rows: Option<u64>,
    width: usize,
    encoding: Encoding,
) -> Option<Vec<u8>> {
    Some(match field {
        Field::Name => cut(&column.name, width, encoding),
        Field::Type => cut(&column.type_name, width, encoding),
        Field::Null => percentage(column.null?).into(),
        Field::Distinct => column.distinct?.in_words(rows).into(),
        Field::Bytes => column.width?.to_string().into(),
        Field::Order => format!("{:.2}", column.correlation?).into(),
        Field::MostCommon => {
            let (value, share) = column.most_common.as_ref()?;
            let share = share.map(|share| format!(" {}", percentage(share))).unwrap_or_default();
            let room = width.saturating_sub(share.len());
            [&cut(value, room.min(VALUE), encoding)[..], share.as_bytes()].concat()
        }
        Field::Range => {
            const BETWEEN: &[u8] = b" .. ";
            let [low, high] = column.range.as_ref()?;
            let room = width.saturating_sub(BETWEEN.len());
            // A short end leaves its room to the other one.
            let end = |value: &[u8]| width_on_terminal(encoding, &cut(value, VALUE, encoding));
            let half = room / 2;
            let low_room = half.max(room.saturating_sub(end(high)));
            let high_room = (room - half).max(room.saturating_sub(end(low)));
            let low = cut(low, low_room.min(VALUE), encoding);
            [&low[..], BETWEEN, &cut(high, high_room.min(VALUE), encoding)].concat()
        }
    })
}

/// The beginning of a text, in one line.
fn cut(text: &[u8], columns: usize, encoding: Encoding) -> Vec<u8> {
    let blank = |byte: &u8| if matches!(byte, b'\n' | b'\r' | b'\t') { b' ' } else { *byte };
    let text: Vec<u8> = text.iter().take(MOST_BYTES).map(blank).collect();
    match columns {
        usize::MAX => text,
        columns => chart::cut(&text, columns, encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::Distinct;
    use super::*;

    #[test]
    fn values_are_short() {
        let short = |value: &[u8], encoding| cut(value, VALUE, encoding);
        assert_eq!(short(b"a\nb", Encoding::Utf8), b"a b");
        let long = short("ä".repeat(30).as_bytes(), Encoding::Utf8);
        assert_eq!(String::from_utf8(long).unwrap(), format!("{}…", "ä".repeat(23)));
        let long = short("漢".repeat(30).as_bytes(), Encoding::Utf8);
        assert_eq!(String::from_utf8(long).unwrap(), format!("{}…", "漢".repeat(11)));
        // In Latin-1.
        let long = short(&[0xe4; 30], Encoding::SingleByte);
        assert_eq!(long, [&[0xe4; 21][..], b"..."].concat());
    }

    fn columns() -> Vec<Column> {
        let column = |name: &str, type_name: &str, common: &str| Column {
            name: name.into(),
            type_name: type_name.into(),
            null: Some(0.125),
            width: Some(4),
            distinct: Some(Distinct::Count(214)),
            correlation: Some(-0.5),
            most_common: Some((common.into(), Some(0.5))),
            range: Some(["2024-01-01 00:00:00".into(), "9".into()]),
            ..Column::default()
        };
        vec![
            column("a", "integer", "1"),
            column("a_name_of_columns", "timestamp without time zone", &"value ".repeat(9)),
        ]
    }

    /// The rows are never wider than the screen, and what is left out is told.
    #[test]
    fn screens() {
        for (screen, left_out) in [
            (None, ""),
            (Some(200), ""),
            (Some(120), ""),
            (Some(80), "Bytes Range"),
            (Some(60), "Bytes Most common Range"),
            (Some(40), "Type Bytes Order Most common Range"),
            (Some(20), "Type NULL Distinct Bytes Order Most common Range"),
        ] {
            let layout = layout(&columns(), Some(1000), screen, Encoding::Utf8);
            assert_eq!(layout.left_out.join(" "), left_out, "{screen:?}");
            let cells = |at: usize| {
                let cells = layout.rows.iter().map(move |row| {
                    width_on_terminal(Encoding::Utf8, row.get(at).unwrap_or_default())
                });
                cells.chain([layout.headings[at].name.len()]).max().unwrap()
            };
            let width: usize = (0..layout.headings.len()).map(|at| cells(at) + SEPARATOR).sum();
            assert!(screen.is_none_or(|screen| width - 1 <= screen), "{screen:?}: {width}");
        }
    }

    #[test]
    fn a_range_gives_room_to_its_longer_end() {
        let columns = columns();
        let range = |width| {
            let cell = cell(Field::Range, &columns[0], None, width, Encoding::Utf8);
            String::from_utf8(cell.unwrap()).unwrap()
        };
        assert_eq!(range(usize::MAX), "2024-01-01 00:00:00 .. 9");
        assert_eq!(range(24), "2024-01-01 00:00:00 .. 9");
        assert_eq!(range(16), "2024-01-01… .. 9");
    }

    /// What nobody knows of any column takes no room on a screen.
    #[test]
    fn empty_columns() {
        let counted = |column: Column| Column { most_common: None, width: None, ..column };
        let columns: Vec<Column> = columns().into_iter().map(counted).collect();
        let layout = layout(&columns, None, Some(200), Encoding::Utf8);
        let names: Vec<_> =
            layout.headings.iter().map(|c| String::from_utf8_lossy(&c.name)).collect();
        assert_eq!(names.join(" "), "Column Type NULL Distinct Order Range");
        assert!(layout.left_out.is_empty());
    }
}
