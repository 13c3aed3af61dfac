//! Which row the cursor is in, and which rows are seen.
//!
//! Owns both. Never knows what is in them.

use std::ops::Range;

/// The cursor's row and the first one seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many there are.
    count: u64,
    /// How many the screen has room for.
    height: u64,
    cursor: u64,
    top: u64,
}

impl Rows {
    /// The cursor's row; 0 also where there is none.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many the screen has room for.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// The rows that are seen.
    pub fn seen(&self) -> Range<u64> {
        self.top..self.top.saturating_add(self.height).min(self.count)
    }

    /// Takes in how many rows there are now.
    pub fn set_count(&mut self, count: u64) {
        self.count = count;
        self.settle();
    }

    /// Takes in how many rows the screen has room for.
    pub fn set_height(&mut self, height: usize) {
        self.height = (height as u64).max(1);
        self.settle();
    }

    /// Goes to a row, or the last.
    pub fn go_to(&mut self, row: u64) {
        self.cursor = row;
        self.settle();
    }

    /// Goes to a row that was looked for: where it is not seen, it is not shown at the edge.
    pub fn find(&mut self, row: u64) {
        if !self.seen().contains(&row) {
            self.top = row.saturating_sub(self.height / 2);
        }
        self.go_to(row);
    }

    /// Moves by so many rows.
    pub fn move_by(&mut self, by: i64) {
        self.go_to(self.cursor.saturating_add_signed(by));
    }

    /// Turns screens, or parts of one: the cursor stays where it is on the screen.
    pub fn scroll(&mut self, by: i64) {
        let last_top = self.count.saturating_sub(self.height);
        self.top = self.top.saturating_add_signed(by).min(last_top.max(self.top));
        self.go_to(self.cursor.saturating_add_signed(by));
    }

    /// Turns the rows below the cursor, which moves only where it would be lost.
    pub fn turn(&mut self, by: i64) {
        let last_top = self.count.saturating_sub(self.height);
        self.top = self.top.saturating_add_signed(by).min(last_top.max(self.top));
        let last = self.top.saturating_add(self.height - 1);
        self.go_to(self.cursor.clamp(self.top, last));
    }

    /// Keeps the cursor among the rows, and among those that are seen.
    fn settle(&mut self) {
        self.height = self.height.max(1);
        self.cursor = self.cursor.min(self.count.saturating_sub(1));
        let first = self.cursor.saturating_sub(self.height - 1);
        self.top = self.top.max(first).min(self.cursor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving() {
        let mut rows = Rows::default();
        rows.set_height(10);
        rows.set_count(100);
        let mut check = |act: &dyn Fn(&mut Rows), cursor: u64, top: u64| {
            act(&mut rows);
            assert_eq!((rows.cursor(), rows.seen().start), (cursor, top));
        };
        check(&|rows| rows.move_by(3), 3, 0);
        check(&|rows| rows.scroll(10), 13, 10);
        check(&|rows| rows.turn(5), 15, 15);
        check(&|rows| rows.turn(-3), 15, 12);
        check(&|rows| rows.turn(-9), 12, 3);
        check(&|rows| rows.scroll(-10), 2, 0);
        check(&|rows| rows.scroll(-10), 0, 0);
        check(&|rows| rows.find(50), 50, 45);
        check(&|rows| rows.find(52), 52, 45);
        check(&|rows| rows.go_to(u64::MAX), 99, 90);
        check(&|rows| rows.scroll(10), 99, 90);
        check(&|rows| rows.move_by(i64::MIN), 0, 0);
        check(&|rows| rows.go_to(95), 95, 86);
        check(&|rows| rows.set_height(3), 95, 93);
        check(&|rows| rows.set_height(0), 95, 95);
        check(&|rows| rows.set_count(0), 0, 0);
        check(&|rows| rows.scroll(10), 0, 0);
        assert_eq!(rows.seen(), 0..0);
    }
}
