//! Horizontal bars: a row for each, or for each series of it, with label and value.

use super::axis::horizontal;
use super::canvas::MARKS;
use super::drawing::{Line, Style};
use super::frame::Frame;
use super::label::{cut, left, right};
use super::measure::Measure;
use super::step::Step;
use super::tick_label::tick_label;
use crate::encoding::Encoding;

/// A value's text that is longer gives way to a short number.
pub(super) const MOST_VALUE: usize = 16;

/// Columns between two marks of the axis.
const COLUMNS_PER_TICK: usize = 8;

/// Eighths of a block.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/// What bars are of where colours don't tell series apart.
const FILLS: [char; 6] = ['█', '▒', '░', '▓', '▞', '▚'];

/// A bar of each series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    pub label: Vec<u8>,
    pub values: Vec<BarValue>,
}

/// How long a bar is, and what stands at it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BarValue {
    pub length: Option<f64>,
    pub text: Vec<u8>,
}

/// Where bars begin and how long they get.
pub(super) struct Scale {
    /// Cells for what is below zero, and for what is above.
    below: usize,
    above: usize,
    cells_per_unit: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn new(bars: &[Bar], cells: usize) -> Scale {
        let lengths = || bars.iter().flat_map(|bar| &bar.values).filter_map(|value| value.length);
        let low = lengths().fold(0.0, f64::min);
        let high = lengths().fold(0.0, f64::max);
        let (low, high) = if low == high { (0.0, 1.0) } else { (low, high) };
        let cells = cells.max(2);
        let whole = high - low;
        let below = (-low / whole * cells as f64).round() as usize;
        let least = usize::from(low < 0.0);
        let below = below.clamp(least, cells - usize::from(high > 0.0));
        let above = cells - below;
        // As long as they may get on either side.
        let fits = |cells: usize, length: f64| {
            if length == 0.0 { f64::INFINITY } else { cells as f64 / length }
        };
        let cells_per_unit = fits(below, -low).min(fits(above, high));
        Scale { below, above, cells_per_unit, low, high }
    }

    /// The marks of the axis, by their cells.
    fn ticks(&self, measure: Measure) -> Vec<(usize, String)> {
        let (unit, most) = (measure.unit(), ((self.below + self.above) / COLUMNS_PER_TICK).max(1));
        let step = Step::within(self.high - self.low, most, unit);
        let step = if measure == Measure::Integer { step.whole() } else { step };
        let marks = step.marks(self.low, self.high);
        let cell = |mark: f64| (self.below as f64 + mark * self.cells_per_unit).round().max(0.0);
        marks.into_iter().map(|mark| (cell(mark) as usize, tick_label(mark, step, unit))).collect()
    }
}

/// The legend of several series.
pub(super) fn legend(names: &[Vec<u8>], mark: impl Fn(usize) -> char, encoding: Encoding) -> Line {
    let mut line = Line::default();
    for (series, name) in names.iter().enumerate() {
        line.push(Style::Plain, if series == 0 { "" } else { "   " });
        line.push(Style::Series(series), mark(series).to_string());
        line.push(Style::Plain, " ");
        line.push(Style::Plain, cut(name, 30, encoding));
    }
    line
}

/// What the bars of a series are of.
pub(super) fn fill(series: usize, of: usize, frame: &Frame) -> char {
    match (frame.is_utf8(), frame.has_colors_for(of)) {
        (true, true) => FILLS[0],
        (true, false) => FILLS[series % FILLS.len()],
        (false, _) if of == 1 => '#',
        (false, _) => MARKS[series % MARKS.len()],
    }
}

/// The rows of bars, and of the axis below them.
pub(super) fn draw(bars: &[Bar], measure: Measure, frame: &Frame) -> Vec<Line> {
    let (mut lines, scale, margin) = rows(bars, frame);
    let width = scale.below + 1 + scale.above;
    let axis = horizontal(&scale.ticks(measure), width, frame.encoding());
    lines.extend(axis.map(|row| Line::of(Style::Plain, [vec![b' '; margin], row].concat())));
    lines
}

/// The rows of bars, what they are measured by, and how far from the left they begin.
pub(super) fn rows(bars: &[Bar], frame: &Frame) -> (Vec<Line>, Scale, usize) {
    let encoding = frame.encoding();
    let width = |text: &Vec<u8>| encoding.display_width(text);
    let labels = bars.iter().map(|bar| width(&bar.label)).max().unwrap_or(0);
    let labels = labels.min(frame.columns() / 3);
    let values = bars.iter().flat_map(|bar| &bar.values).map(|value| width(&value.text));
    let values = values.max().unwrap_or(0).min(MOST_VALUE).min(frame.columns() / 3);
    // A blank behind both, and the line at zero.
    let margin = labels + values + 2;
    let scale = Scale::new(bars, frame.columns().saturating_sub(margin + 1));
    let mut lines = Vec::new();
    for bar in bars {
        for (series, value) in bar.values.iter().enumerate() {
            let label: &[u8] = if series == 0 { &bar.label } else { b"" };
            let mut line = Line::of(Style::Plain, left(label, labels, encoding));
            line.push(Style::Plain, " ");
            line.push(Style::Plain, right(&value.text, values, encoding));
            line.push(Style::Plain, " ");
            let fill = fill(series, bar.values.len(), frame);
            push_bar(&mut line, value.length.unwrap_or(0.0), fill, series, &scale);
            lines.push(line);
        }
    }
    (lines, scale, margin)
}

/// A bar on its side of zero.
fn push_bar(line: &mut Line, length: f64, fill: char, series: usize, scale: &Scale) {
    let zero = if fill.is_ascii() { "|" } else { "│" };
    let cells = length.abs() * scale.cells_per_unit;
    let room = if length < 0.0 { scale.below } else { scale.above };
    if length < 0.0 {
        // However short, it is seen.
        let filled = (cells.round() as usize).clamp(1, room);
        line.push(Style::Plain, " ".repeat(scale.below - filled));
        line.push(Style::Series(series), fill.to_string().repeat(filled));
        line.push(Style::Plain, zero);
        return;
    }
    line.push(Style::Plain, " ".repeat(scale.below));
    line.push(Style::Plain, zero);
    if length == 0.0 {
        return;
    }
    // Only of a whole block there are parts.
    let text = if fill == FILLS[0] {
        blocks(cells.min(room as f64))
    } else {
        fill.to_string().repeat((cells.round() as usize).clamp(1, room))
    };
    line.push(Style::Series(series), text);
}

/// A bar of so many cells, to an eighth of one, which it has at least.
pub(super) fn blocks(cells: f64) -> String {
    let eighths = ((cells * 8.0).round() as usize).max(1);
    let mut bar = FILLS[0].to_string().repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[part]);
    }
    bar
}
