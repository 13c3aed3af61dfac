//! A relation, and what is said of it as a whole.

use super::column::Column;
use crate::number::counted;
use crate::print::Row;
use crate::progress;

/// What can have statistics, and in words.
const KINDS: [(&[u8], &str); 7] = [
    (b"r", "table"),
    (b"p", "partitioned table"),
    (b"m", "materialized view"),
    (b"f", "foreign table"),
    (b"i", "index"),
    (b"I", "partitioned index"),
    (b"t", "TOAST table"),
];

/// A relation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relation {
    pub oid: Vec<u8>,
    pub schema: Vec<u8>,
    pub name: Vec<u8>,
    kind: Vec<u8>,
    rows: Option<u64>,
    /// What it takes on the disk, in bytes, if it does.
    pub bytes: Option<u64>,
    hides_rows: bool,
    analyzed: Option<Vec<u8>>,
    changed: Option<u64>,
    /// Whether a second name was the relation's own, so that none is left for a column.
    pub is_first_meant: bool,
}

impl Relation {
    /// From the row of [`super::query::relation`].
    pub fn new(row: Row<'_>) -> Relation {
        let cells: Vec<Option<&[u8]>> = row.cells().collect();
        let cell = |at: usize| cells.get(at).copied().flatten();
        let text = |at: usize| cell(at).unwrap_or_default().to_vec();
        let number = |at: usize| std::str::from_utf8(cell(at)?).ok()?.parse::<i64>().ok();
        let rows = number(4).filter(|rows| *rows >= 0);
        // Before 14 nobody knew it where there are neither rows nor pages.
        let is_unknown = rows == Some(0) && number(5) == Some(0);
        Relation {
            oid: text(0),
            schema: text(1),
            name: text(2),
            kind: text(3),
            rows: rows.filter(|_| !is_unknown).map(i64::cast_unsigned),
            bytes: number(6).and_then(|bytes| u64::try_from(bytes).ok()),
            hides_rows: cell(8) == Some(b"t"),
            analyzed: cell(9).map(<[u8]>::to_vec),
            changed: number(10).and_then(|rows| u64::try_from(rows).ok()),
            is_first_meant: cell(11) == Some(b"1"),
        }
    }

    /// `shop.orders`
    pub fn full_name(&self) -> Vec<u8> {
        [&self.schema[..], b".", &self.name].concat()
    }

    /// Why there are no statistics, if it is none of what has some; a view can still be counted.
    pub fn objection(&self, is_counted: bool) -> Option<Vec<u8>> {
        if KINDS.iter().any(|(kind, _)| *kind == self.kind) {
            let is_index = matches!(&self.kind[..], b"i" | b"I");
            let why: &[u8] = b" is an index: + counts the rows of tables";
            return (is_counted && is_index).then(|| [&self.full_name()[..], why].concat());
        }
        let why: &[u8] = match &self.kind[..] {
            b"v" if is_counted => return None,
            b"v" => b" is a view: statistics are of what it reads; \\stats+ counts its rows",
            b"S" => b" is a sequence: it has no statistics",
            _ => b" has no rows",
        };
        Some([&self.full_name()[..], why].concat())
    }

    /// What stands above: `Statistics of table shop.orders`.
    pub fn title(&self, column: Option<&[u8]>, is_counted: bool) -> Vec<u8> {
        let kind = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        let kind = kind.map_or("view", |(_, word)| word);
        let what = if is_counted { "Values of" } else { "Statistics of" };
        let name = self.full_name();
        match column {
            Some(column) => [what.as_bytes(), b" ", &name, b".", column].concat(),
            None => [what.as_bytes(), b" ", kind.as_bytes(), b" ", &name].concat(),
        }
    }

    /// How many rows there are, as far as is known.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// What is said below: rows, size, and how old and how whole what is known is.
    pub fn notes(&self, columns: &[Column], is_counted: Option<u64>) -> Vec<Vec<u8>> {
        let size = self.bytes.map(|bytes| format!(", {}", progress::size(bytes)));
        let size = size.unwrap_or_default();
        if let Some(rows) = is_counted {
            return vec![format!("{}{size}, counted.", counted(rows, "row")).into_bytes()];
        }
        let rows = match self.rows {
            Some(rows) => format!("About {}", counted(rows, "row")),
            None => "Rows never counted".to_owned(),
        };
        let mut notes = vec![format!("{rows}{size}.").into_bytes()];
        let is_known = columns.iter().any(|column| column.is_known);
        notes.push(match &self.analyzed {
            Some(when) => {
                let changed = self.changed.filter(|rows| *rows > 0);
                let changed =
                    changed.map(|rows| format!("; {} changed since", counted(rows, "row")));
                let changed = changed.unwrap_or_default();
                [b"Analyzed at ", &when[..], changed.as_bytes(), b"."].concat()
            }
            None if is_known => b"When it was analyzed is not known.".to_vec(),
            None => {
                let name = self.full_name();
                [
                    b"Never analyzed, as far as is known: ANALYZE ",
                    &name[..],
                    b" gathers statistics.",
                ]
                .concat()
            }
        });
        if columns.iter().any(|column| column.is_inherited) {
            notes.push(b"With all partitions or children.".to_vec());
        }
        if self.hides_rows {
            notes.push(b"Row security is in force for you: pg_stats shows nothing.".to_vec());
        }
        let unreadable = columns.iter().filter(|column| !column.is_readable).count();
        if unreadable > 0 {
            let columns = counted(unreadable as u64, "column");
            let text = format!("You may not read {columns}, of which pg_stats shows nothing.");
            notes.push(text.into_bytes());
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What has statistics, what has none, and what can be counted.
    #[test]
    fn kinds() {
        for (kind, is_counted, objects) in [
            ("r", false, false),
            ("r", true, false),
            ("i", false, false),
            ("i", true, true),
            ("v", false, true),
            ("v", true, false),
            ("S", true, true),
            ("c", false, true),
        ] {
            let relation = Relation { kind: kind.into(), ..Relation::default() };
            assert_eq!(relation.objection(is_counted).is_some(), objects, "{kind} {is_counted}");
        }
    }
}
