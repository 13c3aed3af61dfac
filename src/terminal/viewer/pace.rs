//! How fast rows come.

use std::time::{Duration, Instant};

/// Over how long it is measured.
const SPAN: Duration = Duration::from_secs(1);

/// How fast rows come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When how many were there.
    since: Option<(Instant, u64)>,
    per_second: Option<u64>,
}

impl Pace {
    /// Takes in that so many rows are there now.
    pub fn note(&mut self, rows: u64, now: Instant) {
        let Some((since, before)) = self.since else {
            self.since = Some((now, rows));
            return;
        };
        let took = now.saturating_duration_since(since);
        if took >= SPAN {
            let more = u128::from(rows.saturating_sub(before));
            let per_second = (more * 1000).checked_div(took.as_millis()).unwrap_or(0);
            self.per_second = u64::try_from(per_second).ok();
            self.since = Some((now, rows));
        }
    }

    /// Rows a second, once that is known.
    pub fn per_second(&self) -> Option<u64> {
        self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_a_second() {
        let begun = Instant::now();
        let mut pace = Pace::default();
        for (millis, rows, expected) in
            [(0, 5, None), (500, 500, None), (2000, 1005, Some(500)), (2500, 9999, Some(500))]
        {
            pace.note(rows, begun + Duration::from_millis(millis));
            assert_eq!(pace.per_second(), expected);
        }
    }
}
