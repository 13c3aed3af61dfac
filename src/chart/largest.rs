//! The largest of many bars, as the rows go by.

use super::bars::{Bar, BarValue, MOST_VALUE};
use super::frame::Frame;
use super::label::shown;
use super::measure::Reading;
use super::source::{Sources, Undrawn};
use super::tick_label::exact;
use crate::print::Rows;
use std::io;

/// A bar, how long it is, and which it was.
struct Ranked {
    length: f64,
    order: u64,
    bar: Bar,
}

/// The largest bars of a result in the order of its rows.
pub(super) struct Largest {
    pub bars: Vec<Bar>,
    /// Of how many they are.
    pub of: u64,
    pub undrawn: Undrawn,
}

impl Largest {
    /// Goes through all rows; labels are in column `over`, or the rows as they are counted.
    pub fn of(
        rows: &mut dyn Rows,
        sources: &Sources,
        over: Option<usize>,
        series: &[usize],
        frame: &Frame,
    ) -> io::Result<Largest> {
        let most = (frame.bars() / sources.len().max(1)).max(2);
        let (mut undrawn, mut readings) = (Undrawn::default(), Vec::new());
        let (mut number, mut of) = (0, 0);
        let (mut ranked, mut least) = (Vec::new(), f64::NEG_INFINITY);
        rows.rewind()?;
        while let Some(row) = rows.next()? {
            number += 1;
            sources.read(row, number, &mut readings);
            let drawn = readings.iter().filter_map(|reading| undrawn.drawable(*reading));
            let Some(length) = drawn.map(f64::abs).reduce(f64::max) else { continue };
            of += 1;
            if length <= least {
                continue;
            }
            let label = match over {
                Some(column) => shown(row.get(column).unwrap_or(b"NULL"), frame.encoding()),
                None => number.to_string().into_bytes(),
            };
            let values = readings.iter().zip(series);
            let value = |(reading, at): (&Reading, &usize)| value(*reading, row.get(*at), frame);
            let values = values.map(value).collect();
            ranked.push(Ranked { length, order: number, bar: Bar { label, values } });
            if ranked.len() >= most * 2 {
                keep_largest(&mut ranked, most);
                least = ranked.last().map_or(least, |last| last.length);
            }
        }
        keep_largest(&mut ranked, most);
        ranked.sort_by_key(|ranked| ranked.order);
        let bars = ranked.into_iter().map(|ranked| ranked.bar).collect();
        Ok(Largest { bars, of, undrawn })
    }
}

/// Of equal ones those that came first.
fn keep_largest(ranked: &mut Vec<Ranked>, most: usize) {
    ranked.sort_by(|a, b| b.length.total_cmp(&a.length).then(a.order.cmp(&b.order)));
    ranked.truncate(most);
}

/// A value as it came, unless it is long.
fn value(reading: Reading, text: Option<&[u8]>, frame: &Frame) -> BarValue {
    let text = text.unwrap_or(b"NULL");
    let length = match reading {
        Reading::Value(value) => Some(value),
        _ => None,
    };
    let text = match length {
        Some(value) if text.len() > MOST_VALUE => exact(value).into(),
        _ => shown(text, frame.encoding()),
    };
    BarValue { length, text }
}
