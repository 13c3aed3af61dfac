//! How close a name is to another.

use crate::sort::sort;

/// The most names that are told.
pub const MOST: usize = 3;

/// How many slips a name of this many characters may have and still be meant.
pub fn slips_allowed(length: usize) -> usize {
    match length {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    }
}

/// How many slips lead from one name to the other, in whatever case: a character too many, too few,
/// wrong, or in its neighbour's place.
pub fn slips(a: &str, b: &str) -> usize {
    let lower = |name: &str| name.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let (a, b) = (lower(a), lower(b));
    // The rows for the characters of `a` up to the last but one, the last, and this one.
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let is_wrong = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j - 1] + is_wrong).min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// Of these names those that are closest to `name`, if they are close at all.
pub fn closest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let allowed = slips_allowed(name.chars().count());
    let mut rated: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 4 * allowed)
        .map(|candidate| (slips(name, candidate), candidate))
        .filter(|(slips, candidate)| *slips <= allowed && *slips < candidate.chars().count())
        .collect();
    sort(&mut rated);
    rated.dedup();
    let best = rated.first().map_or(0, |(slips, _)| *slips);
    rated.into_iter().filter(|(slips, _)| *slips == best).map(|(_, n)| n).take(MOST).collect()
}
