//! A column, and what is known of its values.

use crate::print::Row;

/// Types of the system whose values are in order, by their OIDs: numbers, texts, times, addresses.
const ORDERED: [u32; 20] = [
    19, 20, 21, 23, 25, 26, 700, 701, 790, 869, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266,
    1700, 650,
];
/// Those that can only be told apart: boolean, bytea, macaddr, bit, varbit, uuid, jsonb.
const EQUAL: [u32; 7] = [16, 17, 829, 1560, 1562, 2950, 3802];

/// A column, and what is known of its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub name: Vec<u8>,
    pub type_name: Vec<u8>,
    /// The type, or what the domain is of.
    pub type_oid: u32,
    pub is_enum: bool,
    pub is_readable: bool,
    /// Whether anything is known.
    pub is_known: bool,
    /// Shares of NULL and of the most common value.
    pub null: Option<f64>,
    pub width: Option<u64>,
    pub distinct: Option<Distinct>,
    pub correlation: Option<f64>,
    pub most_common: Option<(Vec<u8>, Option<f64>)>,
    /// The least and the greatest value of those that are not common.
    pub range: Option<[Vec<u8>; 2]>,
    /// With what belongs to it: partitions, children.
    pub is_inherited: bool,
}

/// How many distinct values there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distinct {
    /// So many.
    Count(u64),
    /// For so many rows there is another.
    PerRow(f64),
}

impl Column {
    /// From a row of [`super::query::columns`].
    pub fn new(row: Row<'_>) -> Column {
        let cells: Vec<Option<&[u8]>> = row.cells().collect();
        let cell = |at: usize| cells.get(at).copied().flatten();
        let text = |at: usize| cell(at).unwrap_or_default().to_vec();
        let is_true = |at: usize| cell(at) == Some(b"t");
        let number = |at: usize| std::str::from_utf8(cell(at)?).ok()?.parse::<f64>().ok();
        let most_common = cell(9).map(|value| (value.to_vec(), number(10)));
        let range = cell(11).zip(cell(12)).map(|(low, high)| [low.to_vec(), high.to_vec()]);
        Column {
            name: text(0),
            type_name: text(1),
            type_oid: number(2).map_or(0, |oid| oid as u32),
            is_enum: cell(3) == Some(b"e"),
            is_readable: is_true(4),
            is_known: cell(5).is_some(),
            null: number(5),
            width: number(6).map(|width| width as u64),
            // 0 is unknown.
            distinct: number(7).filter(|number| *number != 0.0).map(Distinct::new),
            correlation: number(8),
            most_common,
            range,
            is_inherited: is_true(13),
        }
    }

    /// Whether the system itself can tell its values apart.
    pub fn has_equality(&self) -> bool {
        self.has_order() || EQUAL.contains(&self.type_oid)
    }

    /// Whether the system itself has its values in an order.
    pub fn has_order(&self) -> bool {
        self.is_enum || ORDERED.contains(&self.type_oid)
    }

    /// With what was counted: of all rows so many have a value, so many are distinct, from where to
    /// where they go.
    pub fn counted(self, rows: u64, cells: [Option<&[u8]>; 4]) -> Column {
        let count = |cell: Option<&[u8]>| std::str::from_utf8(cell?).ok()?.parse::<u64>().ok();
        let null = count(cells[0]).filter(|_| rows > 0);
        Column {
            null: null.map(|values| rows.saturating_sub(values) as f64 / rows as f64),
            distinct: count(cells[1]).map(Distinct::Count),
            range: cells[2].zip(cells[3]).map(|(low, high)| [low.to_vec(), high.to_vec()]),
            width: None,
            correlation: None,
            most_common: None,
            is_known: true,
            ..self
        }
    }
}

impl Distinct {
    /// From `n_distinct`: below zero it is a share of the rows.
    fn new(number: f64) -> Distinct {
        if number < 0.0 { Distinct::PerRow(-number) } else { Distinct::Count(number as u64) }
    }

    /// In words, of so many rows if that is known: `unique`, `42`, `about 900`.
    pub fn in_words(self, rows: Option<u64>) -> String {
        match self {
            Distinct::Count(count) => count.to_string(),
            Distinct::PerRow(share) if share >= 1.0 => "unique".to_owned(),
            Distinct::PerRow(share) => match rows {
                Some(rows) => format!("about {:.0}", share * rows as f64),
                None => format!("{} of rows", percentage(share)),
            },
        }
    }
}

/// `12.5%`
pub fn percentage(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0%".to_owned(),
        hundredth if hundredth < 0.1 => "<0.1%".to_owned(),
        hundredth => format!("{hundredth:.1}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_words() {
        for (distinct, rows, expected) in [
            (Distinct::new(42.0), None, "42"),
            (Distinct::new(-1.0), Some(7), "unique"),
            (Distinct::new(-0.5), Some(1000), "about 500"),
            (Distinct::new(-0.5), None, "50.0% of rows"),
        ] {
            assert_eq!(distinct.in_words(rows), expected);
        }
        let shown = [0.0, 0.0001, 0.125, 1.0].map(percentage);
        assert_eq!(shown, ["0%", "<0.1%", "12.5%", "100.0%"]);
    }

    #[test]
    fn counted() {
        let counted = |rows, cells: [Option<&str>; 4]| {
            Column::default().counted(rows, cells.map(|cell| cell.map(str::as_bytes)))
        };
        let column = counted(8, [Some("6"), Some("3"), Some("a"), Some("c")]);
        assert_eq!((column.null, column.distinct), (Some(0.25), Some(Distinct::Count(3))));
        assert_eq!(column.range, Some([b"a".to_vec(), b"c".to_vec()]));
        assert_eq!(counted(0, [Some("0"), Some("0"), None, None]).null, None);
    }
}
