//! Which of the versions found suits a server.

use super::program::{major, major_text};
use crate::sort::sort_by_key;

/// What versions of a program suit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suits {
    /// This major version or a newer one, the nearest best: what reads a server or an archive of it.
    AtLeast(i32),
    /// This major version alone: what reads a cluster's files.
    Same(i32),
    /// The newest there is: what reads an archive of an unknown version.
    Newest,
}

impl Suits {
    /// The major version spoken of, if it is one.
    pub(super) fn major(self) -> Option<i32> {
        match self {
            Suits::AtLeast(version) | Suits::Same(version) => Some(major(version)),
            Suits::Newest => None,
        }
    }

    /// ` 18`, ` 15 or newer`, behind the program's name.
    pub(super) fn text(self) -> String {
        match self {
            Suits::AtLeast(version) => format!(" {} or newer", major_text(major(version))),
            Suits::Same(version) => format!(" {}", major_text(major(version))),
            Suits::Newest => String::new(),
        }
    }

    fn admits(self, version: i32) -> bool {
        match self {
            Suits::AtLeast(least) => major(version) >= major(least),
            Suits::Same(same) => major(version) == major(same),
            Suits::Newest => true,
        }
    }

    /// The versions that suit by their places in the list, the best first: the nearest major version,
    /// or the newest, of that the newest release, of those the one found first.
    pub(super) fn order(self, versions: &[i32]) -> Vec<usize> {
        let mut suitable: Vec<usize> =
            (0..versions.len()).filter(|&at| self.admits(versions[at])).collect();
        let nearest = |version| if self == Suits::Newest { 0 } else { major(version) };
        sort_by_key(&mut suitable, |&at| {
            (nearest(versions[at]), std::cmp::Reverse(versions[at]), at)
        });
        suitable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_version_that_is_new_enough() {
        let found = [180_001, 150_004, 180_006, 150_014, 170_002, 90_624];
        for (suits, expected) in [
            (Suits::AtLeast(150_003), &[3, 1, 4, 2, 0][..]),
            (Suits::AtLeast(160_003), &[4, 2, 0]),
            (Suits::AtLeast(90_603), &[5, 3, 1, 4, 2, 0]),
            (Suits::AtLeast(190_000), &[]),
            (Suits::Same(180_000), &[2, 0]),
            (Suits::Same(160_000), &[]),
            (Suits::Newest, &[2, 0, 4, 3, 1, 5]),
        ] {
            assert_eq!(suits.order(&found), expected, "{suits:?}");
        }
    }
}
