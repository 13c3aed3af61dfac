//! Charts: a result's figures as rows of text, of braille or blocks, or of ASCII.
//!
//! Owns which kind of chart fits which columns, what values measure, axes with their marks, and the
//! drawing. The rows are gone through once or twice, and no more is held of them than a screen
//! shows. Never knows where they come from, nor where the drawing goes.

mod axis;
mod bars;
mod canvas;
mod choice;
mod drawing;
mod frame;
mod histogram;
mod label;
mod largest;
mod measure;
mod plot;
mod source;
mod step;
#[cfg(test)]
mod tests;
mod tick_label;

pub use choice::{KINDS, Kind, Request};
pub use drawing::Drawing;
pub use frame::Frame;

pub(crate) use label::cut;

use choice::Choice;
use drawing::{Line, Style};
use histogram::Histogram;
use largest::Largest;
use plot::Extent;
use source::{Sources, Undrawn};

use crate::print::{Column, Rows};
use crate::time_zone::Order;
use measure::{Measure, Reading, Unit};
use std::io;

/// Why there is no chart.
#[derive(Debug)]
pub enum NoChart {
    /// Nothing can be drawn of this result, in words.
    Nothing(Vec<u8>),
    /// Its rows could not be read.
    Rows(io::Error),
}

impl From<io::Error> for NoChart {
    fn from(error: io::Error) -> NoChart {
        NoChart::Rows(error)
    }
}

/// Draws a result, whose dates are written in this order.
///
/// # Errors
/// Why nothing can be drawn.
pub fn draw(
    request: &Request,
    columns: &[Column],
    rows: &mut dyn Rows,
    order: Order,
    frame: &Frame,
) -> Result<Drawing, NoChart> {
    let choice = Choice::new(request, columns, frame.encoding()).map_err(NoChart::Nothing)?;
    if rows.count() == 0 {
        return Err(NoChart::Nothing(b"the result has no rows".to_vec()));
    }
    let sources = Sources::new(&choice, columns, order);
    let name =
        |at: &usize| columns.get(*at).map(|column| label::shown(&column.name, frame.encoding()));
    let chart = Chart {
        names: choice.series.iter().filter_map(name).collect(),
        over: choice.over.as_ref().and_then(name),
        left_out: choice.left_out.iter().filter_map(name).collect(),
        choice: &choice,
        sources,
        frame,
    };
    match choice.kind {
        Kind::Line | Kind::Scatter => chart.plot(rows),
        Kind::Bar => chart.bars(rows),
        Kind::Hist => chart.histogram(rows),
    }
}

/// How values between the bounds of a histogram, as many between each two, are spread over ranges of
/// one width; `share` is what they are of all. Nothing where the type's values measure nothing.
pub fn spread(
    bounds: &[Vec<u8>],
    type_oid: u32,
    order: Order,
    share: f64,
    frame: &Frame,
) -> Option<Vec<(Vec<u8>, f64)>> {
    let measure = Measure::of_type(type_oid)?;
    let value = |text: &Vec<u8>| match measure.read(Some(text), order) {
        Reading::Value(value) => Some(value),
        _ => None,
    };
    let bounds: Vec<f64> = bounds.iter().map(value).collect::<Option<_>>()?;
    histogram::spread(&bounds, measure, share, frame)
}

impl Drawing {
    /// Adds shares of a whole below, as bars.
    pub fn shares(&mut self, shares: &[(Vec<u8>, f64)], frame: &Frame) {
        let bar = |(label, share): &(Vec<u8>, f64)| bars::Bar {
            label: label::shown(label, frame.encoding()),
            values: vec![bars::BarValue {
                length: Some(*share),
                text: format!("{:.1}%", share * 100.0).into(),
            }],
        };
        let shares: Vec<bars::Bar> = shares.iter().map(bar).collect();
        self.extend(bars::rows(&shares, frame).0);
    }
}

/// A chart in the making.
struct Chart<'c> {
    choice: &'c Choice,
    sources: Sources,
    frame: &'c Frame,
    /// The columns' names as they are shown.
    names: Vec<Vec<u8>>,
    over: Option<Vec<u8>>,
    left_out: Vec<Vec<u8>>,
}

impl Chart<'_> {
    fn plot(&self, rows: &mut dyn Rows) -> Result<Drawing, NoChart> {
        let extent = Extent::of(rows, &self.sources)?;
        let kind = self.choice.kind;
        let lines = plot::draw(rows, &self.sources, &extent, kind, &self.names, self.frame)?;
        if lines.is_empty() {
            return Err(nothing_left(extent.undrawn));
        }
        let unit = self.sources.over().map_or(Unit::Number, |measure| measure.unit());
        let times = extent.times(unit, self.frame.encoding());
        let times = times.map(|[first, last]| [b", ", &first[..], b" to ", &last].concat());
        let mut drawing = self.headed(&times.unwrap_or_default());
        drawing.extend(lines);
        self.note(&mut drawing, extent.undrawn, None);
        Ok(drawing)
    }

    fn bars(&self, rows: &mut dyn Rows) -> Result<Drawing, NoChart> {
        let Choice { over, series, .. } = self.choice;
        let largest = Largest::of(rows, &self.sources, *over, series, self.frame)?;
        if largest.bars.is_empty() {
            return Err(nothing_left(largest.undrawn));
        }
        let mut drawing = self.headed(b"");
        if self.names.len() > 1 {
            let fill = |series| bars::fill(series, self.names.len(), self.frame);
            drawing.push(bars::legend(&self.names, fill, self.frame.encoding()));
        }
        drawing.extend(bars::draw(&largest.bars, self.sources.measure(), self.frame));
        let shown = largest.bars.len();
        let more = (largest.of > shown as u64)
            .then(|| format!("The {shown} largest of {} rows are drawn.", largest.of));
        self.note(&mut drawing, largest.undrawn, more);
        Ok(drawing)
    }

    fn histogram(&self, rows: &mut dyn Rows) -> Result<Drawing, NoChart> {
        let histogram = Histogram::of(rows, &self.sources, self.frame)?;
        if histogram.bars.is_empty() {
            return Err(nothing_left(histogram.undrawn));
        }
        let counted = crate::number::counted(histogram.of, "value");
        let mut drawing = self.headed(format!(", {counted}").as_bytes());
        drawing.extend(bars::draw(&histogram.bars, Measure::Integer, self.frame));
        self.note(&mut drawing, histogram.undrawn, None);
        Ok(drawing)
    }

    /// A drawing that begins with what it shows.
    fn headed(&self, behind: &[u8]) -> Drawing {
        let kind: &[u8] = match self.choice.kind {
            Kind::Bar => b"Bars of ",
            Kind::Line => b"Line of ",
            Kind::Scatter => b"Points of ",
            Kind::Hist => b"Histogram of ",
        };
        let mut text = [kind, &self.names.join(&b", "[..])].concat();
        if self.choice.kind != Kind::Hist {
            let over = self.over.as_deref().unwrap_or(b"the rows' numbers");
            text.extend_from_slice(&[b" by ", over].concat());
        }
        text.extend_from_slice(behind);
        let mut drawing = Drawing::default();
        let rows = label::wrapped(&text, self.frame.columns(), self.frame.encoding());
        drawing.extend(rows.into_iter().map(|row| Line::of(Style::Heading, row)));
        drawing
    }

    /// Says what is not drawn.
    fn note(&self, drawing: &mut Drawing, undrawn: Undrawn, more: Option<String>) {
        let columns = (!self.left_out.is_empty())
            .then(|| [b"Columns left out: ", &self.left_out.join(&b", "[..])[..], b"."].concat());
        let notes = [more.map(String::into_bytes), undrawn.in_words().map(String::into_bytes)];
        for note in notes.into_iter().chain([columns]).flatten() {
            let rows = label::wrapped(&note, self.frame.columns(), self.frame.encoding());
            drawing.extend(rows.into_iter().map(|row| Line::of(Style::Note, row)));
        }
    }
}

/// Nothing of a result can be drawn.
fn nothing_left(undrawn: Undrawn) -> NoChart {
    let words = undrawn.in_words().unwrap_or_default();
    NoChart::Nothing(format!("there is nothing to draw. {words}").into_bytes())
}
