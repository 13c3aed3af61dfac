//! A number typed before a key.

use super::state::Count;

/// The largest number taken.
const LARGEST: i64 = 1_000_000;

/// A number on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    is_negative: bool,
    digits: Option<i64>,
    /// What universal-argument made of it, while there is no digit.
    factor: i64,
}

impl Argument {
    /// A number that begins with a digit or `-`.
    pub fn starting_with(c: char) -> Argument {
        let mut argument = Argument { is_negative: false, digits: None, factor: 1 };
        argument.push(c);
        argument
    }

    /// What universal-argument begins, or four times what it began.
    pub fn universal(before: Option<Argument>) -> Argument {
        let before = before.unwrap_or(Argument { is_negative: false, digits: None, factor: 1 });
        match before.digits {
            Some(_) => before,
            None => Argument { factor: (before.factor * 4).min(LARGEST), ..before },
        }
    }

    /// A number that was counted already.
    pub fn of(count: Count) -> Argument {
        Argument { is_negative: count.value < 0, digits: Some(count.value.abs()), factor: 1 }
    }

    /// Adds a digit, or the sign; returns whether it belongs to the number.
    pub fn push(&mut self, c: char) -> bool {
        match c.to_digit(10) {
            Some(digit) => {
                let before = self.digits.unwrap_or(0);
                self.digits = Some((before * 10 + i64::from(digit)).min(LARGEST));
                true
            }
            None if c == '-' && self.digits.is_none() && !self.is_negative => {
                self.is_negative = true;
                true
            }
            None => false,
        }
    }

    /// What it comes to.
    pub fn count(self) -> Count {
        let value = self.digits.unwrap_or(self.factor);
        Count { is_explicit: true, value: if self.is_negative { -value } else { value } }
    }
}
