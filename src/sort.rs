//! Sorting of what is short: lists of names, options, matches. The standard library's sort is made anew for
//! each type, 8 kB of program each time; this one is made once and moves positions. What sorts many
//! rows, or at each key that is pressed, uses the standard library's.

use std::cmp::Ordering;

/// Sorts by the order of the items themselves; equal ones stay as they stood.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by what `key` tells of an item; equal ones stay as they stood.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by `compare`, which is a total order; equal ones stay as they stood.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_positions(&mut order, &mut |&a, &b| compare(&items[a], &items[b]));
    // Each ring of items that change places is followed once; a position that is done names itself.
    for start in 0..items.len() {
        let mut at = start;
        while order[at] != start {
            let next = order[at];
            items.swap(at, next);
            order[at] = at;
            at = next;
        }
        order[at] = at;
    }
}

/// The one copy of the standard library's sort.
#[inline(never)]
fn sort_positions(order: &mut [usize], compare: &mut dyn FnMut(&usize, &usize) -> Ordering) {
    order.sort_by(compare);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All lists of `length` digits below 4.
    fn lists(length: u32) -> impl Iterator<Item = Vec<u32>> {
        (0..4u32.pow(length)).map(move |list| (0..length).map(|at| list >> (2 * at) & 3).collect())
    }

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        for list in (0..7).flat_map(lists) {
            let numbered: Vec<(u32, usize)> = list.iter().copied().zip(0..).collect();
            let (mut ours, mut theirs) = (numbered.clone(), numbered);
            sort_by_key(&mut ours, |(digit, _)| *digit);
            theirs.sort_by_key(|(digit, _)| *digit);
            assert_eq!(ours, theirs);
            sort_by(&mut ours, |a, b| b.cmp(a));
            theirs.sort_by(|a, b| b.cmp(a));
            assert_eq!(ours, theirs);
            sort(&mut ours);
            theirs.sort();
            assert_eq!(ours, theirs);
        }
    }
}
