//! The last values of a number as a row of small bars.

use std::collections::VecDeque;

/// How many values there are bars for.
pub(super) const LENGTH: usize = 8;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_BARS: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];

/// The last values, the newest last.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series(VecDeque<f64>);

impl Series {
    /// Adds a value; the oldest makes room for it.
    pub fn push(&mut self, value: f64) {
        if self.0.len() == LENGTH {
            self.0.pop_front();
        }
        self.0.push_back(value);
    }

    /// Bars from the least to the greatest of them.
    pub fn bars(&self, is_ascii: bool) -> String {
        let bars = if is_ascii { &ASCII_BARS } else { &BARS };
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let steps = (bars.len() - 1) as f64;
        // Halves first: the two may be as far apart as no number is.
        let share = |value: f64| (value / 2.0 - least / 2.0) / (greatest / 2.0 - least / 2.0);
        let bar = |value: &f64| match greatest > least {
            true => bars[(share(*value) * steps).round() as usize % bars.len()],
            false => bars[0],
        };
        let text: String = self.0.iter().map(bar).collect();
        format!("{text:>LENGTH$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars() {
        for (values, is_ascii, expected) in [
            (&[][..], false, "        "),
            (&[5.0], false, "       ▁"),
            (&[1.0, 1.0], false, "      ▁▁"),
            (&[0.0, 7.0, 3.5], false, "     ▁█▅"),
            (&[0.0, 7.0, 1.0], true, "     _#."),
            (&[9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], false, "▁▂▃▄▅▆▇█"),
            (&[f64::MAX, f64::MIN], false, "      █▁"),
        ] {
            let mut series = Series::default();
            values.iter().for_each(|value| series.push(*value));
            assert_eq!(series.bars(is_ascii), expected, "{values:?}");
        }
    }
}
