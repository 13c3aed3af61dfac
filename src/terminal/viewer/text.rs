//! A long text in a pane: which part of it is seen, in rows that break at blanks.
//!
//! Owns where a row begins. Only what is seen is laid out, and a little before it on the way up,
//! however long the text is: the place in it is a number of bytes.

use super::glyphs::{Glyphs, Kind, mark_found};
use super::looks::Looks;
use super::pattern::Pattern;
use super::search::Way;
use crate::terminal::drawing::{Cell, Row, Style};

/// How far back a row's beginning is looked for.
const BACK: usize = 8192;
/// The bytes of a row, whatever they show: some fill no column.
const MOST_BYTES: usize = 4096;
/// Columns from one tab stop to the next.
const TAB_STOP: usize = 8;

/// A text, and the place in it that is seen first.
#[derive(Clone, Debug, Default)]
pub struct LongText {
    bytes: Vec<u8>,
    top: usize,
}

impl LongText {
    /// A text from its beginning.
    pub fn new(bytes: Vec<u8>) -> LongText {
        LongText { bytes, top: 0 }
    }

    /// Whether there is nothing of it.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How much of it is above and on the screen, in percent.
    pub fn share(&self, columns: usize, rows: usize, looks: &Looks) -> u8 {
        let end = self.end(columns, rows, looks) as u128;
        (end * 100).checked_div(self.bytes.len() as u128).unwrap_or(100) as u8
    }

    /// Whether its end is seen.
    fn end(&self, columns: usize, rows: usize, looks: &Looks) -> usize {
        let mut at = self.top;
        for _ in 0..rows {
            if at >= self.bytes.len() {
                break;
            }
            at = wrapped(&self.bytes, at, columns, looks).next;
        }
        at.min(self.bytes.len())
    }

    /// The rows that are seen, with what is looked for in them.
    pub fn rows(
        &self,
        columns: usize,
        rows: usize,
        sought: Option<&Pattern>,
        looks: &Looks,
    ) -> Vec<Row> {
        let mut at = self.top;
        let mut seen = Vec::new();
        while seen.len() < rows && (at < self.bytes.len() || seen.is_empty()) {
            let Wrapped { mut cells, offsets, next } = wrapped(&self.bytes, at, columns, looks);
            if let Some(pattern) = sought {
                let searched = &self.bytes[..self.bytes.len().min(next + MOST_BYTES)];
                while let Some(found) = pattern.find(searched, at).filter(|f| f.start < next) {
                    mark_found(&mut cells, &offsets, &found, looks);
                    at = found.end;
                }
            }
            seen.push(Row { cells, wraps: false });
            at = next;
        }
        seen
    }

    /// Goes to the row of the next place where something is, further down or up than the first row
    /// that is seen; false if there is none.
    pub fn find(&mut self, pattern: &Pattern, way: Way, columns: usize, looks: &Looks) -> bool {
        let first = wrapped(&self.bytes, self.top, columns, looks).next;
        let found = match way {
            Way::Forward => pattern.find(&self.bytes, first).map(|found| found.start),
            Way::Backward => pattern.find_last(&self.bytes[..self.top]),
        };
        found.map(|at| self.show(at, columns, looks)).is_some()
    }

    /// Goes to the first row where something is, unless that is seen.
    pub fn find_first(&mut self, pattern: &Pattern, size: (usize, usize), looks: &Looks) {
        let found = pattern.find(&self.bytes, 0).map(|found| found.start);
        if let Some(at) = found.filter(|at| *at >= self.end(size.0, size.1, looks)) {
            self.show(at, size.0, looks);
        }
    }

    /// Makes the row that holds this byte the first one.
    fn show(&mut self, at: usize, columns: usize, looks: &Looks) {
        let starts = self.starts_before(at + 1, columns, looks);
        self.top = starts.last().copied().unwrap_or(0);
    }

    /// Goes down by so many rows, but not past the last screen.
    pub fn down(&mut self, by: usize, columns: usize, rows: usize, looks: &Looks) {
        let before = self.top;
        for _ in 0..by {
            let next = wrapped(&self.bytes, self.top, columns, looks).next;
            if next >= self.bytes.len() {
                break;
            }
            self.top = next;
        }
        if self.end(columns, rows, looks) == self.bytes.len() {
            let there = self.top;
            self.bottom(columns, rows, looks);
            self.top = self.top.min(there).max(before);
        }
    }

    /// Goes up by so many rows.
    pub fn up(&mut self, by: usize, columns: usize, looks: &Looks) {
        let mut left = by;
        while left > 0 && self.top > 0 {
            let starts = self.starts_before(self.top, columns, looks);
            match starts.len().checked_sub(left) {
                Some(at) => {
                    self.top = starts[at];
                    return;
                }
                None => {
                    left -= starts.len();
                    self.top = starts.first().copied().unwrap_or(0);
                }
            }
        }
    }

    /// Goes to the beginning.
    pub fn first(&mut self) {
        self.top = 0;
    }

    /// Goes to the last screen.
    pub fn bottom(&mut self, columns: usize, rows: usize, looks: &Looks) {
        self.top = self.bytes.len();
        self.up(rows, columns, looks);
    }

    /// Where rows begin before `end`, those of one line at most.
    fn starts_before(&self, end: usize, columns: usize, looks: &Looks) -> Vec<usize> {
        // What ends there may be a line's end.
        let searched = end.saturating_sub(1);
        let far = searched.saturating_sub(BACK);
        let line = memchr::memrchr(b'\n', &self.bytes[far..searched]);
        let mut at = line.map_or(far, |line| far + line + 1);
        if line.is_none() && far > 0 {
            // Not in the middle of a character.
            while at < end && self.bytes[at] & 0xc0 == 0x80 {
                at += 1;
            }
        }
        let mut starts = Vec::new();
        while at < end {
            starts.push(at);
            at = wrapped(&self.bytes, at, columns, looks).next;
        }
        starts
    }
}

/// A row of a text.
#[derive(Debug, Default)]
struct Wrapped {
    cells: Vec<Cell>,
    /// Where in the text each cell's character begins.
    offsets: Vec<usize>,
    /// Where the next row begins.
    next: usize,
}

impl Wrapped {
    fn and_next(mut self, next: usize) -> Wrapped {
        self.next = next;
        self
    }
}

/// The row that begins at a place of a text.
fn wrapped(bytes: &[u8], at: usize, columns: usize, looks: &Looks) -> Wrapped {
    let plain = Style::default();
    let mut row = Wrapped { next: at, ..Wrapped::default() };
    let mut width = 0;
    // Behind the last blank: how many cells there are, and where the text goes on.
    let mut blank = None;
    for glyph in Glyphs::new(bytes.get(at..).unwrap_or_default(), looks, &plain) {
        let length = glyph.length;
        let (drawn, taken) = match glyph.kind {
            Kind::LineEnd => {
                let next = row.next + length;
                return row.and_next(next);
            }
            Kind::Blank if bytes[row.next] == b'\t' => {
                let blanks =
                    (TAB_STOP - width % TAB_STOP).min(columns.saturating_sub(width)).max(1);
                (vec![Cell::plain(' ', &plain); blanks], blanks)
            }
            _ => {
                let taken = glyph.width();
                (glyph.cells, taken)
            }
        };
        if width + taken > columns && row.next > at {
            if glyph.kind == Kind::Blank {
                // One blank is the break itself.
                let next = row.next + length;
                return row.and_next(next);
            }
            if let Some((count, next)) = blank.filter(|(count, _)| *count > columns / 2) {
                row.cells.truncate(count);
                return row.and_next(next);
            }
            return row;
        }
        row.offsets.extend(drawn.iter().map(|_| row.next));
        row.cells.extend(drawn);
        width += taken;
        row.next += length;
        if row.next - at > MOST_BYTES {
            return row;
        }
        if glyph.kind == Kind::Blank {
            blank = Some((row.cells.len(), row.next));
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::Palette;

    fn shown(text: &LongText, columns: usize, rows: usize) -> Vec<String> {
        let seen = text.rows(columns, rows, None, &Looks::plain(true));
        seen.iter().map(|row| row.cells.iter().map(|cell| cell.character).collect()).collect()
    }

    #[test]
    fn rows_break_at_blanks() {
        for (text, columns, expected) in [
            ("", 10, &[""][..]),
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 8, &["one two ", "three"]),
            ("onetwothree", 4, &["onet", "woth", "ree"]),
            ("a bcdefghij", 6, &["a bcde", "fghij"]),
            ("a\n\nb\r\nc\n", 6, &["a", "", "b", "c"]),
            ("a\tb", 20, &["a       b"]),
            ("a\tb", 5, &["a    ", "b"]),
            ("中文字", 5, &["中文", "字"]),
            ("\u{1b}[2J", 6, &["\\x1B[2", "J"]),
            ("中", 1, &["中"]),
        ] {
            let long = LongText::new(text.into());
            assert_eq!(shown(&long, columns, 9), expected, "{text:?}");
        }
    }

    #[test]
    fn up_and_down() {
        let looks = Looks::plain(true);
        let lines: String = (0..100).map(|n| format!("line {n}\n")).collect();
        let mut text = LongText::new(lines.into());
        text.down(3, 20, 5, &looks);
        assert_eq!(shown(&text, 20, 2), ["line 3", "line 4"]);
        text.up(1, 20, &looks);
        assert_eq!(shown(&text, 20, 1), ["line 2"]);
        text.up(9, 20, &looks);
        assert_eq!(shown(&text, 20, 1), ["line 0"]);
        text.down(999, 20, 5, &looks);
        assert_eq!(shown(&text, 20, 9), ["line 95", "line 96", "line 97", "line 98", "line 99"]);
        assert_eq!(text.share(20, 5, &looks), 100);
        text.down(1, 20, 5, &looks);
        assert_eq!(shown(&text, 20, 1), ["line 95"]);
        text.first();
        text.bottom(20, 2, &looks);
        assert_eq!(shown(&text, 20, 9), ["line 98", "line 99"]);
    }

    #[test]
    fn something_is_looked_for() {
        let looks = Looks::plain(true);
        let lines: String = (0..100).map(|n| format!("line {n}\n")).collect();
        let mut text = LongText::new(lines.into());
        let pattern = Pattern::new("9").unwrap();
        let mut find = |way, expected: &str| {
            let is_found = text.find(&pattern, way, 20, &looks);
            assert_eq!(shown(&text, 20, 1), [expected]);
            is_found
        };
        assert!(find(Way::Forward, "line 9") && find(Way::Forward, "line 19"));
        assert!(find(Way::Backward, "line 9") && !find(Way::Backward, "line 9"));
        text.first();
        text.find_first(&pattern, (20, 10), &looks);
        assert_eq!(shown(&text, 20, 1), ["line 0"]);
        text.find_first(&pattern, (20, 9), &looks);
        assert_eq!(shown(&text, 20, 1), ["line 9"]);
        let found = Palette::from_environment(None, Some("xterm"), None);
        let rows = text.rows(20, 1, Some(&pattern), &Looks::new(found, true));
        let styles = rows[0].cells.iter().map(|cell| !cell.style.sequences().is_empty());
        assert_eq!(styles.collect::<Vec<_>>(), [false, false, false, false, false, true]);
    }

    /// A text of 100 MB in one line: no key lays out more than a little of it.
    #[test]
    fn a_long_line() {
        let looks = Looks::plain(true);
        let mut text = LongText::new(vec![b'x'; 100 << 20]);
        let begun = std::time::Instant::now();
        text.bottom(80, 24, &looks);
        assert_eq!(shown(&text, 80, 24).len(), 24);
        text.up(24, 80, &looks);
        assert_eq!(shown(&text, 80, 24)[0].len(), 80);
        text.down(24, 80, 24, &looks);
        text.first();
        assert_eq!(text.share(80, 24, &looks), 0);
        assert!(begun.elapsed() < std::time::Duration::from_secs(5));
    }
}
