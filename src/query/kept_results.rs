//! The last results, kept to be shown again without asking the server.
//!
//! Owns which are kept and for how long. Their rows are the wire's bytes, as they came: little of a
//! long result is in memory. Never knows how they are shown.

use crate::connection::ResultSet;
use std::collections::VecDeque;
use std::time::Duration;

/// Bytes of all results together.
const MOST_BYTES: u64 = 1 << 30;

/// What a result's bytes and types mean something by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The connection that it came over, counted.
    pub connection: u64,
    /// The client's encoding by name.
    pub encoding: Vec<u8>,
}

/// A result that was shown.
#[derive(Debug)]
pub struct KeptResult {
    /// The statement that it is of.
    pub statement: Vec<u8>,
    /// Columns and rows.
    pub set: ResultSet,
    /// Where it came from.
    pub origin: Origin,
    /// When it had come, in seconds since 1970.
    pub came: i64,
    /// How long the server took for it.
    pub elapsed: Duration,
}

/// The last results.
#[derive(Debug, Default)]
pub struct KeptResults {
    newest_first: VecDeque<KeptResult>,
}

/// Why a result is not there any more, although it is among the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It takes so many bytes that none of its size is kept.
    TooLarge(u64),
    /// So many older ones had to make room for it.
    Older(usize),
}

impl KeptResults {
    /// Keeps a result, of the last `most`; tells whose room that cost.
    pub fn keep(&mut self, result: KeptResult, most: usize) -> Option<Dropped> {
        self.keep_within(result, most, MOST_BYTES)
    }

    fn keep_within(&mut self, result: KeptResult, most: usize, bytes: u64) -> Option<Dropped> {
        let size = result.set.rows.bytes();
        if size > bytes {
            return Some(Dropped::TooLarge(size));
        }
        self.newest_first.push_front(result);
        self.newest_first.truncate(most);
        let kept = self.newest_first.len();
        let mut held = 0;
        let fit = self.newest_first.iter().take_while(|result| {
            held += result.set.rows.bytes();
            held <= bytes
        });
        let fit = fit.count();
        self.newest_first.truncate(fit);
        (fit < kept).then_some(Dropped::Older(kept - fit))
    }

    /// The result of this number: 1 is the last, 2 the one before.
    pub fn get(&mut self, number: usize) -> Option<&mut KeptResult> {
        self.newest_first.get_mut(number.checked_sub(1)?)
    }

    /// All of them with their numbers, the last first.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &KeptResult)> {
        self.newest_first.iter().enumerate().map(|(index, result)| (index + 1, result))
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.newest_first.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A result of one row of a value of this many bytes: 6 more are the row's own, 5 the message's.
    fn result(name: u8, size: usize) -> KeptResult {
        let mut set = ResultSet::default();
        let mut body = vec![0, 1];
        body.extend_from_slice(&(size as i32).to_be_bytes());
        body.resize(6 + size, b'x');
        set.rows.push(&body).unwrap();
        let (origin, came, elapsed) = (Origin::default(), 0, Duration::ZERO);
        KeptResult { statement: vec![name], set, origin, came, elapsed }
    }

    #[test]
    fn the_newest_stay() {
        let mut kept = KeptResults::default();
        let names = |kept: &KeptResults| {
            kept.iter().map(|(_, result)| char::from(result.statement[0])).collect::<String>()
        };
        for (name, size, most, dropped, expected) in [
            (b'a', 10, 3, None, "a"),
            (b'b', 10, 3, None, "ba"),
            (b'c', 10, 3, None, "cba"),
            (b'd', 10, 3, None, "dcb"),
            (b'e', 900, 3, None, "edc"),
            (b'f', 950, 3, Some(Dropped::Older(2)), "f"),
            (b'g', 2000, 3, Some(Dropped::TooLarge(2011)), "f"),
            (b'h', 1, 1, None, "h"),
        ] {
            assert_eq!(kept.keep_within(result(name, size), most, 1000), dropped);
            assert_eq!(names(&kept), expected);
        }
        assert!(kept.get(0).is_none() && kept.get(2).is_none());
        assert_eq!(kept.get(1).map(|result| result.statement.clone()), Some(b"h".to_vec()));
    }
}
