//! The room that a drawing has, and what can be shown there.

use crate::encoding::Encoding;
use crate::palette::Palette;

/// Narrower drawings show nothing.
const LEAST_COLUMNS: usize = 24;
/// Wider ones tell no more, whatever the width is said to be.
const MOST_COLUMNS: usize = 400;
/// Where there is no screen.
const USUAL: (usize, usize) = (80, 24);
/// Rows beside those of the figures: heading, legend, axis, notes, the next prompt.
const OTHER_ROWS: usize = 8;

/// The room that a drawing has.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    columns: usize,
    lines: usize,
    encoding: Encoding,
    palette: Option<Palette>,
}

impl Frame {
    /// A screen of this size, 0 where there is none; for text in an encoding, in colours or without.
    pub fn new(columns: u32, lines: u32, encoding: Encoding, palette: Option<Palette>) -> Frame {
        let or_usual = |size: u32, usual: usize| match size {
            0 => usual,
            size => usize::try_from(size).unwrap_or(usual),
        };
        Frame {
            columns: or_usual(columns, USUAL.0).clamp(LEAST_COLUMNS, MOST_COLUMNS),
            lines: or_usual(lines, USUAL.1),
            encoding,
            palette,
        }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// How high a canvas is.
    pub(super) fn canvas_rows(&self) -> usize {
        self.lines.saturating_sub(OTHER_ROWS).clamp(5, 20)
    }

    /// How many bars there is room for.
    pub(super) fn bars(&self) -> usize {
        self.lines.saturating_sub(OTHER_ROWS).clamp(5, 40)
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn is_utf8(&self) -> bool {
        self.encoding == Encoding::Utf8
    }

    /// Whether colours tell so many series apart.
    pub(super) fn has_colors_for(&self, series: usize) -> bool {
        series == 1 || self.palette.is_some_and(|palette| palette.of_series().len() >= series)
    }
}
