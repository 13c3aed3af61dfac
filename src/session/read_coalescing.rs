//! How long to let a server's bytes gather before they are read: a server sends a long result in
//! small pieces, and waking up for each of them costs more than to read it. Knows no socket.

use std::time::Duration;

/// Bytes a server gathers before it sends them; fewer are the end of its answer.
const PIECE: usize = 8192;
/// Bytes that are worth a read. A socket's buffer holds several times as many, so the server need
/// not wait for us meanwhile.
const ENOUGH: usize = 4 * PIECE;
/// Pieces that came one by one before anything is waited for.
const PIECES_IN_A_ROW: u32 = 4;
/// By how much a pause grows.
const STEP: Duration = Duration::from_micros(10);
/// The longest pause: nobody notices it.
const LONGEST: Duration = Duration::from_micros(300);

/// Watches how many bytes come between two waits.
#[derive(Debug, Default)]
pub(super) struct ReadCoalescing {
    /// Bytes that came since the last wait.
    gathered: usize,
    /// How often in a row few came.
    pieces: u32,
    pause: Duration,
}

impl ReadCoalescing {
    /// Takes note of bytes that came.
    pub fn note(&mut self, bytes: usize) {
        self.gathered += bytes;
    }

    /// How long to pause before the next wait; most often not at all.
    pub fn pause(&mut self) -> Duration {
        let gathered = std::mem::take(&mut self.gathered);
        if gathered < PIECE {
            *self = ReadCoalescing::default();
        } else if gathered < ENOUGH {
            self.pieces += 1;
            if self.pieces > PIECES_IN_A_ROW {
                self.pause = (self.pause + STEP).min(LONGEST);
            }
        } else if gathered > 2 * ENOUGH {
            self.pause = (self.pause / 2).checked_sub(STEP).unwrap_or_default();
        }
        self.pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last rest, with so many bytes before each, in microseconds.
    fn pause_after(reads: &[usize]) -> u128 {
        let mut coalescing = ReadCoalescing::default();
        let rests = reads.iter().map(|&bytes| {
            coalescing.note(bytes);
            coalescing.pause().as_micros()
        });
        rests.last().unwrap_or_default()
    }

    #[test]
    fn pauses_only_while_small_pieces_follow_each_other() {
        let pieces = |count| vec![PIECE; count];
        assert_eq!(pause_after(&pieces(4)), 0, "a short result is not waited for");
        assert_eq!(pause_after(&pieces(6)), 20);
        assert_eq!(pause_after(&pieces(1000)), 300, "there is a longest rest");
        assert_eq!(pause_after(&[pieces(6), vec![40_000]].concat()), 20, "enough gathers");
        assert_eq!(pause_after(&[pieces(6), vec![100_000]].concat()), 0, "too much gathers");
        assert_eq!(pause_after(&[pieces(30), vec![100_000; 2]].concat()), 50);
        assert_eq!(pause_after(&[pieces(6), vec![100]].concat()), 0, "the end of the result");
        assert_eq!(pause_after(&[pieces(6), vec![100], pieces(4)].concat()), 0);
    }
}
