//! Which row of a run is which row of the run before.

use super::sample::Sample;
use std::collections::{HashMap, HashSet};

/// The most columns that name a row together.
const WIDEST: usize = 3;

/// The rows of two runs, found again.
#[derive(Debug, PartialEq)]
pub(super) struct Pairs {
    /// For each row of the new run, which it was in the old one.
    pub earlier: Vec<Option<usize>>,
    /// The old rows that are in the new run no more.
    pub gone: Vec<usize>,
}

/// The columns by whose values a row is known: the shortest row of them from the left under which no two
/// rows are alike; none where there is none, as for what is only measured.
pub(super) fn naming_columns(sample: &Sample) -> Vec<usize> {
    let candidates = (1..=WIDEST.min(sample.columns.len())).map(|count| 0..count);
    let mut named = candidates.take_while(|columns| columns.clone().all(|c| sample.names(c)));
    let found = named.find(|columns| is_name(sample, &columns.clone().collect::<Vec<usize>>()));
    found.map(Iterator::collect).unwrap_or_default()
}

/// Whether no two rows are alike in these columns.
pub(super) fn is_name(sample: &Sample, columns: &[usize]) -> bool {
    let mut names = HashSet::new();
    (0..sample.rows.len()).all(|row| names.insert(name(sample, row, columns)))
}

/// What a row is known by.
fn name<'s>(sample: &'s Sample, row: usize, columns: &[usize]) -> Vec<&'s str> {
    columns.iter().map(|column| sample.rows[row][*column].text.as_str()).collect()
}

/// Finds the rows of `old` again, by the values of `columns`: of those alike the first is the first.
/// What is known by nothing, or by what proves to be no name, is known by its place.
pub(super) fn pairs(old: &Sample, new: &Sample, columns: &[usize]) -> Pairs {
    let pairs = by_name(old, new, columns);
    let found = pairs.earlier.iter().flatten().count();
    // As many rows as before, and few of them found again: the column is none that names them.
    if old.rows.len() == new.rows.len() && found * 2 < new.rows.len() {
        return by_name(old, new, &[]);
    }
    pairs
}

fn by_name(old: &Sample, new: &Sample, columns: &[usize]) -> Pairs {
    let mut names = Numbered::default();
    let mut places: HashMap<(Vec<&str>, usize), usize> =
        (0..old.rows.len()).map(|row| (names.next(name(old, row, columns)), row)).collect();
    let mut names = Numbered::default();
    let mut place = |row: usize| places.remove(&names.next(name(new, row, columns)));
    let earlier: Vec<Option<usize>> = (0..new.rows.len()).map(&mut place).collect();
    let mut gone: Vec<usize> = places.into_values().collect();
    gone.sort_unstable();
    Pairs { earlier, gone }
}

/// Names, of which those that are alike are numbered.
#[derive(Default)]
struct Numbered<'s>(HashMap<Vec<&'s str>, usize>);

impl<'s> Numbered<'s> {
    fn next(&mut self, name: Vec<&'s str>) -> (Vec<&'s str>, usize) {
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        (name, *count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watching::sample::sample;

    #[test]
    fn what_names_rows() {
        for (columns, rows, expected) in [
            ("int4 text", &["1 a", "2 a"][..], &[0][..]),
            ("text int4", &["a 1", "a 2"], &[0, 1]),
            ("text int4", &["a 1", "a 1"], &[]),
            ("float8 int4", &["1.5 1", "2.5 2"], &[]),
            ("text float8", &["a 1.5", "a 2.5"], &[]),
            ("text", &[], &[0]),
        ] {
            assert_eq!(naming_columns(&sample(columns, rows)), expected, "{columns} {rows:?}");
        }
    }

    #[test]
    fn rows_found_again() {
        for (old, new, columns, earlier, gone) in [
            (&["1 a", "2 b", "3 c"][..], &["3 c", "1 x", "4 d"][..], &[0][..], "2 0 -", &[1][..]),
            (&["1 a"], &["2 a"], &[0], "0", &[]),
            (&["1 a", "2 b"], &["5 a", "6 b"], &[0], "0 1", &[]),
            (&["1 a", "2 b"], &["5 a"], &[0], "-", &[0, 1]),
            (&["1 a", "1 b", "1 c"], &["1 x", "1 y"], &[0], "0 1", &[2]),
            (&[], &["1 x"], &[], "-", &[]),
        ] {
            let [old, new] = [old, new].map(|rows| sample("int4 text", rows));
            let found = pairs(&old, &new, columns);
            let shown = |at: &Option<usize>| at.map_or("-".to_owned(), |at| at.to_string());
            let shown: Vec<String> = found.earlier.iter().map(shown).collect();
            assert_eq!((shown.join(" ").as_str(), &found.gone[..]), (earlier, gone));
        }
    }
}
