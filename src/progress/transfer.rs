//! Data on their way: how many have come by, how fast, and how long the rest will take.

use super::line::{Line, amount, pace, percentage, share, time_left};
use std::time::Instant;

/// Data on their way from one place to another, of which the shell itself counts the bytes.
#[derive(Debug)]
pub struct Transfer {
    what: String,
    began: Instant,
    /// What was done before it began.
    first: u64,
    done: u64,
    total: Option<u64>,
}

impl Transfer {
    /// A transfer that began then, of which `what` says what it is: `\copy from harvest.csv`.
    pub fn new(what: impl Into<String>, began: Instant) -> Transfer {
        Transfer { what: what.into(), began, first: 0, done: 0, total: None }
    }

    /// The whole has so many bytes; without this, or with none, there is no telling what is left.
    pub fn of(self, total: Option<u64>) -> Transfer {
        Transfer { total, ..self }
    }

    /// So much of the whole was done before it began, which says nothing of its rate.
    pub fn from(self, first: u64) -> Transfer {
        Transfer { first, done: first, ..self }
    }

    /// When it began.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// So many more bytes are done.
    pub fn advance(&mut self, bytes: u64) {
        self.done = self.done.saturating_add(bytes);
    }

    /// So many bytes are done in all.
    pub fn set_done(&mut self, bytes: u64) {
        self.done = bytes;
    }

    /// It is at something else now: another file, another table.
    pub fn set_what(&mut self, what: impl Into<String>) {
        self.what = what.into();
    }

    /// The line to show `now`, of at most so many columns: how long it has taken, what it is, how far
    /// it has come, what is left, how much that is and how fast, how to stop it.
    pub fn line(&self, now: Instant, columns: usize) -> String {
        let elapsed = now.saturating_duration_since(self.began);
        let total = self.total.unwrap_or(0);
        let pace = pace(self.done.saturating_sub(self.first), elapsed);
        let share = share(self.done, total);
        let numbers = [
            share.map(percentage),
            share.and(pace).and_then(|pace| time_left(self.done, total, pace)),
            amount(self.done, pace, "bytes"),
        ];
        let mut line = Line::new(elapsed, columns);
        line.add(&self.what);
        line.add_numbers(share, numbers.into_iter().flatten().collect());
        line.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::STOP;
    use super::*;
    use std::time::Duration;

    #[test]
    fn lines() {
        const MB: u64 = 1 << 20;
        let began = Instant::now();
        for (first, done, total, seconds, columns, expected) in [
            (0, 0, None, 1, 80, "0:01 \\copy from a?b"),
            (0, 900, None, 1, 80, "0:01 \\copy from a?b 900 bytes"),
            (0, 4 * MB, None, 4, 80, "0:04 \\copy from a?b 4.0 MB (1.0 MB/s)"),
            (
                0,
                4 * MB,
                Some(16 * MB),
                4,
                80,
                "0:04 \\copy from a?b [##--------] 25% 0:12 left 4.0 MB (1.0 MB/s)",
            ),
            // What was done before tells nothing of the rate.
            (
                4 * MB,
                8 * MB,
                Some(16 * MB),
                4,
                80,
                "0:04 \\copy from a?b [#####-----] 50% 0:08 left 8.0 MB (1.0 MB/s)",
            ),
            // A file that grows.
            (
                0,
                32 * MB,
                Some(16 * MB),
                4,
                80,
                "0:04 \\copy from a?b [##########] 100% 0:00 left 32 MB (8.0 MB/s)",
            ),
            // An empty one.
            (0, 0, Some(0), 4, 80, "0:04 \\copy from a?b"),
            (0, 4 * MB, Some(16 * MB), 4, 40, "0:04 \\copy from a?b 25% 0:12 left"),
            (0, 4 * MB, Some(16 * MB), 4, 12, "0:04 \\copy f"),
        ] {
            let mut transfer = Transfer::new("\\copy from a\u{1b}b", began).of(total).from(first);
            transfer.advance(done - first);
            let columns = if columns > 20 { columns + STOP.len() } else { columns };
            let line = transfer.line(began + Duration::from_secs(seconds), columns);
            let stop = if columns > 20 { STOP } else { "" };
            assert_eq!(line, format!("{expected}{stop}"));
        }
    }
}
