//! Lines and points over an axis, drawn while the rows go by: twice, as the first time only tells
//! how far the axes go. However many rows there are, no more is held than a screen shows.

use super::axis::{Axis, Ends, Range, horizontal, vertical};
use super::bars::legend;
use super::canvas::{Canvas, Dots, MARKS};
use super::choice::Kind;
use super::drawing::{Line, Style};
use super::frame::Frame;
use super::label::shown;
use super::measure::Unit;
use super::source::{Sources, Undrawn};
use super::tick_label::whole_time;
use crate::encoding::Encoding;
use crate::print::Rows;
use std::io;

/// Rows of a canvas between two marks of its axis, at least.
const ROWS_PER_TICK: usize = 3;
/// Columns between two marks.
const COLUMNS_PER_TICK: usize = 12;

/// How far the figures go.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    over: Range,
    series: Range,
    /// The zones of the first and the last time.
    zones: [Vec<u8>; 2],
    pub undrawn: Undrawn,
}

/// A point that is drawn.
struct Point<'r> {
    over: f64,
    /// What that was read from.
    text: &'r [u8],
    value: f64,
    /// The number of its series.
    series: usize,
}

impl Extent {
    /// Goes through all rows.
    pub fn of(rows: &mut dyn Rows, sources: &Sources) -> io::Result<Extent> {
        let mut extent = Extent::default();
        each_point(rows, sources, &mut |undrawn, point| {
            extent.undrawn = undrawn;
            let Some(point) = point else { return };
            let before = extent.over.ends();
            extent.over.add(point.over);
            extent.series.add(point.value);
            let after = extent.over.ends();
            if before.map(|ends| ends.0) != after.map(|ends| ends.0) {
                extent.zones[0] = sources.zone(point.text).to_vec();
            }
            if before.map(|ends| ends.1) != after.map(|ends| ends.1) {
                extent.zones[1] = sources.zone(point.text).to_vec();
            }
        })?;
        Ok(extent)
    }

    /// The first and the last time with the zones they came in, if it is time that the others are
    /// drawn over.
    pub fn times(&self, unit: Unit, encoding: Encoding) -> Option<[Vec<u8>; 2]> {
        let (first, last) = self.over.ends()?;
        let whole = |value: f64, zone: &[u8]| {
            let time = whole_time(value, unit);
            // A zone is of a time, not of a day.
            let clock = if zone.is_empty() || time.contains(':') { "" } else { " 00:00" };
            let blank: &[u8] =
                if zone.first().is_some_and(u8::is_ascii_alphabetic) { b" " } else { b"" };
            [time.as_bytes(), clock.as_bytes(), blank, &shown(zone, encoding)].concat()
        };
        match unit {
            Unit::Time | Unit::TimeOfDay => {
                Some([whole(first, &self.zones[0]), whole(last, &self.zones[1])])
            }
            Unit::Number | Unit::Duration => None,
        }
    }
}

/// Calls `each` with every point, and once more at the end without one.
fn each_point(
    rows: &mut dyn Rows,
    sources: &Sources,
    each: &mut dyn FnMut(Undrawn, Option<Point<'_>>),
) -> io::Result<()> {
    let mut undrawn = Undrawn::default();
    let (mut readings, mut number) = (Vec::new(), 0);
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        number += 1;
        let over = sources.read(row, number, &mut readings);
        let Some(over) = undrawn.drawable(over) else { continue };
        let text = sources.over_text(row);
        for (series, reading) in readings.iter().enumerate() {
            if let Some(value) = undrawn.drawable(*reading) {
                each(undrawn, Some(Point { over, text, value, series }));
            }
        }
    }
    each(undrawn, None);
    Ok(())
}

/// What a line shows of all points over one column of dots.
#[derive(Clone, Copy)]
struct Bin {
    /// The outermost points, over what and how high.
    first: (f64, usize),
    last: (f64, usize),
    lowest: usize,
    highest: usize,
}

impl Bin {
    fn of(over: f64, height: usize) -> Bin {
        let point = (over, height);
        Bin { first: point, last: point, lowest: height, highest: height }
    }

    fn add(&mut self, over: f64, height: usize) {
        if over < self.first.0 {
            self.first = (over, height);
        }
        if over >= self.last.0 {
            self.last = (over, height);
        }
        self.lowest = self.lowest.min(height);
        self.highest = self.highest.max(height);
    }
}

/// Draws lines or points.
///
/// # Errors
/// The rows could not be read.
pub(super) fn draw(
    rows: &mut dyn Rows,
    sources: &Sources,
    extent: &Extent,
    kind: Kind,
    names: &[Vec<u8>],
    frame: &Frame,
) -> io::Result<Vec<Line>> {
    let ([Some(over), Some(values)], height) =
        ([extent.over.ends(), extent.series.ends()], frame.canvas_rows())
    else {
        return Ok(Vec::new());
    };
    let unit = sources.measure().unit();
    let steps = (height / ROWS_PER_TICK).max(3);
    let upright = Axis::new(values.0, values.1, unit, steps, Ends::Marks);
    let height = upright.evenly(height);
    let margins = vertical(&upright, height, frame.encoding());
    let margin = margins.first().map_or(0, |margin| frame.encoding().display_width(margin));
    let width = frame.columns().saturating_sub(margin).max(1);
    let over_unit = sources.over().map_or(Unit::Number, |measure| measure.unit());
    let steps = (width / COLUMNS_PER_TICK).max(1);
    let level = Axis::new(over.0, over.1, over_unit, steps, Ends::Values);

    let dots = match frame.is_utf8() && frame.has_colors_for(sources.len()) {
        true => Dots::Braille,
        false => Dots::Marks,
    };
    let mut canvas = Canvas::new(width, height, dots);
    let mut bins = vec![vec![None::<Bin>; canvas.width()]; sources.len()];
    each_point(rows, sources, &mut |_, point| {
        let Some(Point { over, value, series, .. }) = point else { return };
        let place = (level.place(over, canvas.width()), upright.place(value, canvas.height()));
        match kind {
            Kind::Line => match &mut bins[series][place.0] {
                Some(bin) => bin.add(over, place.1),
                bin => *bin = Some(Bin::of(over, place.1)),
            },
            Kind::Scatter | Kind::Bar | Kind::Hist => canvas.set(place.0, place.1, series),
        }
    })?;
    for (series, bins) in bins.iter().enumerate() {
        draw_line(&mut canvas, bins, series);
    }

    let mut lines = Vec::new();
    if names.len() > 1 {
        let mark = |series: usize| match dots {
            Dots::Braille => '⠶',
            Dots::Marks => MARKS[series % MARKS.len()],
        };
        lines.push(legend(names, mark, frame.encoding()));
    }
    for (row, margin) in margins.into_iter().enumerate() {
        let mut line = Line::of(Style::Plain, margin);
        canvas.write_row(row, &mut line);
        lines.push(line);
    }
    let ticks = level.ticks().into_iter();
    let ticks: Vec<_> = ticks.map(|(mark, label)| (level.place(mark, width), label)).collect();
    let corner = if frame.is_utf8() { "└" } else { "+" };
    let [line, labels] = horizontal(&ticks, width, frame.encoding());
    let blanks = vec![b' '; margin.saturating_sub(1)];
    lines.push(Line::of(Style::Plain, [&blanks[..], corner.as_bytes(), &line].concat()));
    lines.push(Line::of(Style::Plain, [&blanks[..], b" ", &labels].concat()));
    Ok(lines)
}

/// Joins what is over the columns of dots, from left to right.
fn draw_line(canvas: &mut Canvas, bins: &[Option<Bin>], series: usize) {
    let mut before = None;
    for (x, bin) in bins.iter().enumerate() {
        let Some(bin) = bin else { continue };
        canvas.line((x, bin.lowest), (x, bin.highest), series);
        if let Some(before) = before {
            canvas.line(before, (x, bin.first.1), series);
        }
        before = Some((x, bin.last.1));
    }
}
