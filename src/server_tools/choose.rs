//! Which of the versions found suits a server.

use super::program::{major, major_text};

/// What versions of a program suit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suits {
    /// This major version or a newer one, the nearest best: what reads a server or an archive of it.
    AtLeast(i32),
    /// This major version alone: what reads a cluster's files.
    Same(i32),
}

impl Suits {
    /// The major version spoken of.
    pub(super) fn major(self) -> i32 {
        match self {
            Suits::AtLeast(version) | Suits::Same(version) => major(version),
        }
    }

    /// `18`, `15 or newer`
    pub(super) fn text(self) -> String {
        match self {
            Suits::AtLeast(_) => format!("{} or newer", major_text(self.major())),
            Suits::Same(_) => major_text(self.major()),
        }
    }

    fn admits(self, version: i32) -> bool {
        match self {
            Suits::AtLeast(_) => major(version) >= self.major(),
            Suits::Same(_) => major(version) == self.major(),
        }
    }

    /// The versions that suit by their places in the list, the best first: the nearest major version,
    /// of that the newest release, of those the one found first.
    pub(super) fn order(self, versions: &[i32]) -> Vec<usize> {
        let mut suitable: Vec<usize> =
            (0..versions.len()).filter(|&at| self.admits(versions[at])).collect();
        suitable.sort_by_key(|&at| (major(versions[at]), std::cmp::Reverse(versions[at]), at));
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
        ] {
            assert_eq!(suits.order(&found), expected, "{suits:?}");
        }
    }
}
