//! One line that tells how far something has come: the clock, what it is at, a bar and numbers, how
//! to stop it.

use crate::encoding::Encoding;
use crate::encoding::terminal_safe::is_unsafe;
use std::time::Duration;

/// How many cells the bar has.
const BAR: usize = 10;
/// How to stop what is at work.
pub(super) const STOP: &str = " (Ctrl-C cancels)";
/// Narrower lines only tell the time.
const ROOM_FOR_STOP: usize = 22;
/// How long something is watched before its rate and the time left are shown.
const LEARNING_TIME: Duration = Duration::from_secs(2);

/// A line being made.
pub(super) struct Line {
    text: String,
    /// How many columns there are before what stops it.
    room: usize,
    stop: &'static str,
}

impl Line {
    /// A line of at most so many columns for what has taken so long.
    pub fn new(elapsed: Duration, columns: usize) -> Line {
        let stop = if columns < ROOM_FOR_STOP { "" } else { STOP };
        Line { text: clock(elapsed), room: columns.saturating_sub(stop.len()), stop }
    }

    /// Adds a text, as far as there is room in the line.
    pub fn add(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut columns = self.columns();
        // The terminal would obey control characters in a name.
        for c in std::iter::once(' ').chain(text.chars()).map(|c| if is_odd(c) { '?' } else { c }) {
            columns += Encoding::Utf8.display_width(c.encode_utf8(&mut [0; 4]).as_bytes());
            if columns > self.room {
                return;
            }
            self.text.push(c);
        }
    }

    /// Adds as many of the numbers as there is room for, and before them a bar if there is room for
    /// that as well.
    pub fn add_numbers(&mut self, share: Option<f64>, numbers: Vec<String>) {
        let (room, mut length) = (self.room, self.columns());
        let mut fits = |number: &String| {
            let fits = length + 1 + number.len() <= room;
            length += if fits { 1 + number.len() } else { room };
            fits
        };
        let shown: Vec<_> = numbers.into_iter().take_while(|number| fits(number)).collect();
        let bar = share.map(bar).filter(|bar| fits(bar));
        for part in bar.iter().chain(&shown) {
            self.text.push(' ');
            self.text.push_str(part);
        }
    }

    /// The whole line.
    pub fn finish(mut self) -> String {
        self.text.push_str(self.stop);
        self.text
    }

    fn columns(&self) -> usize {
        Encoding::Utf8.display_width(self.text.as_bytes())
    }
}

/// The share that is done; `None` if there is no telling.
pub(super) fn share(done: u64, total: u64) -> Option<f64> {
    (total > 0).then(|| (done as f64 / total as f64).min(1.0))
}

/// `25%`, never more than is done.
pub(super) fn percentage(share: f64) -> String {
    format!("{:.0}%", (share * 100.0).floor())
}

/// How much is done in a second when this much more was done in that time, if that was long enough
/// to tell.
pub(super) fn pace(more: u64, took: Duration) -> Option<f64> {
    (took >= LEARNING_TIME && more > 0).then(|| more as f64 / took.as_secs_f64())
}

/// `0:12 left`, at this pace.
pub(super) fn time_left(done: u64, total: u64, pace: f64) -> Option<String> {
    let left = Duration::try_from_secs_f64(total.saturating_sub(done) as f64 / pace).ok()?;
    Some(format!("{} left", clock(left)))
}

/// `250 MB (50 MB/s)`; nothing for nothing.
pub(super) fn amount(done: u64, pace: Option<f64>, unit: &str) -> Option<String> {
    let pace = pace.map_or(0, |pace| pace as u64);
    match (unit, pace) {
        (_, _) if done == 0 => None,
        ("bytes", 0) => Some(size(done)),
        ("bytes", pace) => Some(format!("{} ({}/s)", size(done), size(pace))),
        (unit, 0) => Some(format!("{done} {unit}")),
        (unit, pace) => Some(format!("{done} {unit} ({pace}/s)")),
    }
}

/// A bar that is filled as far as the work has come.
fn bar(share: f64) -> String {
    let filled = (share * BAR as f64) as usize;
    format!("[{}{}]", "#".repeat(filled), "-".repeat(BAR - filled))
}

/// Whether a character must not be written to the terminal.
fn is_odd(c: char) -> bool {
    c.is_control() || is_unsafe(c)
}

/// `900 bytes`, `12 kB`, `1.5 GB`: as short as `pg_size_pretty` has it.
pub fn size(bytes: u64) -> String {
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    let mut size = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if size < 1000.0 {
            let decimals = usize::from(size < 10.0 && unit != "bytes");
            return format!("{size:.decimals$} {unit}");
        }
        size /= 1024.0;
    }
    format!("{size:.1} TB")
}

/// `1:02`, `1:00:02`
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    match minutes / 60 {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{:02}:{seconds:02}", minutes % 60),
    }
}
