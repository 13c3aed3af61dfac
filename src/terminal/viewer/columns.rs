//! The columns as they are shown: in which order, how wide, which of them frozen or hidden, and which
//! are seen.
//!
//! Owns all that is done to columns. Widths come from what was seen so far, never from all rows.

/// The most columns of the screen that a value is measured to, and a column may have.
pub const WIDEST: usize = 500;
/// What a column may always have where the screen has no room for all of them.
const FAIR: usize = 32;
/// Columns of the screen beside a column's width: a blank on either side, and what is between.
const AROUND: usize = 3;

/// A column of the result.
#[derive(Clone, Debug)]
struct Column {
    /// Its place in the result.
    index: usize,
    /// The columns of the screen that its name and the values seen so far take.
    natural: usize,
    /// Those that the user wants for it.
    chosen: Option<usize>,
    is_hidden: bool,
}

/// A column that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its place among the shown ones.
    pub place: usize,
    /// Its place in the result.
    pub index: usize,
    /// How wide it is.
    pub width: usize,
    /// How much of that there is room for.
    pub room: usize,
    /// Whether it is the last frozen one.
    pub ends_frozen: bool,
}

/// A result's columns.
#[derive(Clone, Debug)]
pub struct Columns {
    all: Vec<Column>,
    /// How many of the shown ones are frozen.
    frozen: usize,
    /// The first of the others that is seen, by its place.
    left: usize,
}

impl Columns {
    /// Columns whose names take so much room.
    pub fn new(names: impl IntoIterator<Item = usize>) -> Columns {
        let column = |(index, natural): (usize, usize)| Column {
            index,
            natural: natural.clamp(1, WIDEST),
            chosen: None,
            is_hidden: false,
        };
        let all = names.into_iter().enumerate().map(column).collect();
        Columns { all, frozen: 0, left: 0 }
    }

    fn shown(&self) -> impl Iterator<Item = &Column> {
        self.all.iter().filter(|column| !column.is_hidden)
    }

    /// How many are shown.
    pub fn len(&self) -> usize {
        self.shown().count()
    }

    /// How many are hidden.
    pub fn hidden(&self) -> usize {
        self.all.len() - self.len()
    }

    /// How many are frozen.
    pub fn frozen(&self) -> usize {
        self.frozen
    }

    /// The place in the result of the one shown at `place`.
    pub fn index(&self, place: usize) -> Option<usize> {
        self.shown().nth(place).map(|column| column.index)
    }

    /// Those shown, by their places in the result.
    pub fn indexes(&self) -> Vec<usize> {
        self.shown().map(|column| column.index).collect()
    }

    /// Where the column of the result is shown.
    pub fn place(&self, index: usize) -> Option<usize> {
        self.shown().position(|column| column.index == index)
    }

    fn shown_mut(&mut self, place: usize) -> Option<&mut Column> {
        self.all.iter_mut().filter(|column| !column.is_hidden).nth(place)
    }

    /// Takes in that a value takes so many columns of the screen; true if that is more than before.
    pub fn measure(&mut self, index: usize, width: usize) -> bool {
        let Some(column) = self.all.iter_mut().find(|column| column.index == index) else {
            return false;
        };
        let grows = width.min(WIDEST) > column.natural;
        column.natural = column.natural.max(width.min(WIDEST));
        grows
    }

    /// The most that a column gets unless the user wants another width: what lets all of them stand
    /// on the screen, if that is possible.
    fn limit(&self, screen: usize) -> usize {
        let room = screen.saturating_sub(self.len() * AROUND);
        let mut left = room.saturating_sub(self.shown().filter_map(|column| column.chosen).sum());
        let free = self.shown().filter(|column| column.chosen.is_none());
        let mut widths: Vec<usize> = free.map(|column| column.natural).collect();
        widths.sort_unstable();
        for (done, width) in widths.iter().enumerate() {
            let share = left / (widths.len() - done);
            if *width > share {
                return share.max(FAIR);
            }
            left -= width;
        }
        WIDEST
    }

    fn width(column: &Column, limit: usize, screen: usize) -> usize {
        let widest = screen.saturating_sub(AROUND).max(1);
        column.chosen.unwrap_or(column.natural.min(limit)).clamp(1, widest)
    }

    /// The columns that are seen on a screen of this width, the one at `cursor` among them. The
    /// first column of the screen is not theirs.
    pub fn seen(&mut self, screen: usize, cursor: usize) -> Vec<Seen> {
        let limit = self.limit(screen);
        let widths: Vec<(usize, usize)> = self
            .shown()
            .map(|column| (column.index, Columns::width(column, limit, screen)))
            .collect();
        let taken = |width: usize| width + AROUND;
        let mut frozen_width = 0;
        // Frozen columns leave some of the screen to the others.
        let fits = |(_, width): &&(usize, usize)| {
            frozen_width += taken(*width);
            frozen_width <= screen / 3 * 2
        };
        let frozen = widths.iter().take(self.frozen).take_while(fits).count();
        let frozen_width: usize = widths[..frozen].iter().map(|(_, width)| taken(*width)).sum();
        let room = screen.saturating_sub(frozen_width);
        // The first one to be seen for this one to be the last that is seen whole.
        let first_before = |last: usize| {
            let mut needed = 0;
            // The last one needs nothing behind it.
            let fits = |(_, width): &&(usize, usize)| {
                needed += taken(*width);
                needed <= room + 1
            };
            let fitting = widths[frozen..=last].iter().rev().take_while(fits).count();
            last + 1 - fitting.max(1)
        };
        self.left = match widths.len().checked_sub(1) {
            // Nothing is left free that there is something for.
            Some(last) if last >= frozen => self.left.min(first_before(last)).max(frozen),
            _ => frozen,
        };
        if cursor >= frozen && cursor < widths.len() {
            self.left = self.left.max(first_before(cursor)).min(cursor);
        }
        let mut seen = Vec::new();
        // Behind a blank or a mark.
        let mut at = 1;
        for place in (0..frozen).chain(self.left..widths.len()) {
            let (index, width) = widths[place];
            let room = width.min(screen.saturating_sub(at));
            if room == 0 {
                break;
            }
            let ends_frozen = place + 1 == frozen;
            seen.push(Seen { place, index, width, room, ends_frozen });
            at += taken(width);
        }
        seen
    }

    /// Freezes so many of those shown.
    pub fn freeze(&mut self, count: usize) {
        self.frozen = count.min(self.len());
    }

    /// Hides the one at `place`, unless it is the last.
    pub fn hide(&mut self, place: usize) -> bool {
        if self.len() < 2 {
            return false;
        }
        if place < self.frozen {
            self.frozen -= 1;
        }
        if let Some(column) = self.shown_mut(place) {
            column.is_hidden = true;
        }
        true
    }

    /// Shows all of them again.
    pub fn show_all(&mut self) {
        self.all.iter_mut().for_each(|column| column.is_hidden = false);
    }

    /// Makes the one at `place` wider or narrower than it is now on this screen.
    pub fn widen(&mut self, place: usize, by: isize, screen: usize) {
        let limit = self.limit(screen);
        if let Some(column) = self.shown_mut(place) {
            let width = Columns::width(column, limit, screen);
            column.chosen = Some(width.saturating_add_signed(by).clamp(1, WIDEST));
        }
    }

    /// Makes the one at `place` as wide as what was seen of it; if it is, as wide as it was at first.
    pub fn fit(&mut self, place: usize) {
        if let Some(column) = self.shown_mut(place) {
            let is_fitted = column.chosen == Some(column.natural);
            column.chosen = (!is_fitted).then_some(column.natural);
        }
    }

    /// Moves the one at `place` by one to the right or left; where it is then.
    pub fn move_by(&mut self, place: usize, by: isize) -> usize {
        let Some(to) = place.checked_add_signed(by).filter(|to| *to < self.len()) else {
            return place;
        };
        let at = |place: usize| {
            let shown = self.all.iter().enumerate().filter(|(_, column)| !column.is_hidden);
            shown.map(|(at, _)| at).nth(place)
        };
        if let (Some(from), Some(other)) = (at(place), at(to)) {
            self.all.swap(from, other);
        }
        to
    }

    /// The place of the first column behind those that are seen on a screen of this width.
    pub fn next_screen(&mut self, screen: usize, cursor: usize) -> usize {
        let seen = self.seen(screen, cursor);
        let whole = seen.iter().rfind(|seen| seen.room == seen.width);
        let next = whole.map_or(0, |seen| seen.place + 1);
        let next = next.min(self.len().saturating_sub(1));
        self.left = next;
        next
    }

    /// The place of the first column of those that stand before what is seen.
    pub fn previous_screen(&mut self, screen: usize, cursor: usize) -> usize {
        let seen = self.seen(screen, cursor);
        let frozen = seen.iter().position(|seen| seen.ends_frozen).map_or(0, |at| at + 1);
        let Some(before) = seen.get(frozen).and_then(|seen| seen.place.checked_sub(1)) else {
            return 0;
        };
        // The screen on which that one is the last.
        self.left = 0;
        let seen = self.seen(screen, before);
        seen.get(frozen).map_or(0, |seen| seen.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(widths: &[usize]) -> Columns {
        Columns::new(widths.iter().copied())
    }

    /// The columns seen as `place:room/width`.
    fn shown(columns: &mut Columns, screen: usize, cursor: usize) -> String {
        let seen = columns.seen(screen, cursor);
        let text = |seen: &Seen| {
            let end = if seen.ends_frozen { "#" } else { "" };
            match seen.room == seen.width {
                true => format!("{}:{}{end}", seen.place, seen.width),
                false => format!("{}:{}/{}{end}", seen.place, seen.room, seen.width),
            }
        };
        seen.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn widths_share_the_screen() {
        assert_eq!(shown(&mut columns(&[5, 10]), 80, 0), "0:5 1:10");
        // What is short gets what it needs, what is long the rest.
        assert_eq!(shown(&mut columns(&[5, 400]), 80, 0), "0:5 1:69");
        assert_eq!(shown(&mut columns(&[100, 400]), 80, 0), "0:37 1:37");
        assert_eq!(shown(&mut columns(&[400]), 80, 0), "0:77");
        // Where nothing helps, a fair width, and the last one in part.
        assert_eq!(shown(&mut columns(&[100; 5]), 80, 0), "0:32 1:32 2:9/32");
        assert_eq!(shown(&mut columns(&[]), 80, 0), "");
    }

    #[test]
    fn the_cursors_column_is_seen() {
        let mut many = columns(&[10; 1600]);
        assert_eq!(shown(&mut many, 40, 0), "0:10 1:10 2:10");
        assert_eq!(shown(&mut many, 40, 3), "1:10 2:10 3:10");
        assert_eq!(shown(&mut many, 40, 2), "1:10 2:10 3:10");
        assert_eq!(shown(&mut many, 40, 1599), "1597:10 1598:10 1599:10");
        assert_eq!(shown(&mut many, 40, 5), "5:10 6:10 7:10");
        many.freeze(1);
        assert_eq!(shown(&mut many, 40, 5), "0:10# 5:10 6:10");
        assert_eq!(shown(&mut many, 40, 8), "0:10# 7:10 8:10");
        assert_eq!(shown(&mut many, 40, 0), "0:10# 7:10 8:10");
        // What was left behind comes back where there is room for it.
        many.freeze(0);
        let mut few = columns(&[10; 4]);
        assert_eq!(shown(&mut few, 20, 3), "3:10");
        assert_eq!(shown(&mut few, 80, 3), "0:10 1:10 2:10 3:10");
        // Too many to leave room: those that do not fit are as others.
        many.freeze(9);
        assert_eq!(shown(&mut many, 40, 8), "0:10 1:10# 8:10");
        let mut wide = columns(&[100]);
        wide.widen(0, 400, 10);
        assert_eq!(shown(&mut wide, 10, 0), "0:7");
        assert_eq!(shown(&mut wide, 2, 0), "0:1");
        assert_eq!(shown(&mut wide, 1, 0), "");
    }

    #[test]
    fn screens_of_columns() {
        let mut many = columns(&[10; 9]);
        assert_eq!(many.next_screen(40, 0), 3);
        assert_eq!(shown(&mut many, 40, 3), "3:10 4:10 5:10");
        assert_eq!(many.next_screen(40, 3), 6);
        assert_eq!(shown(&mut many, 40, 6), "6:10 7:10 8:10");
        assert_eq!(many.next_screen(40, 6), 8);
        assert_eq!(shown(&mut many, 40, 8), "6:10 7:10 8:10");
        assert_eq!(many.previous_screen(40, 8), 3);
        assert_eq!(shown(&mut many, 40, 3), "3:10 4:10 5:10");
        assert_eq!(many.previous_screen(40, 3), 0);
        assert_eq!(many.previous_screen(40, 0), 0);
    }

    #[test]
    fn what_is_done_to_columns() {
        let mut three = columns(&[1, 2, 3]);
        assert_eq!(three.move_by(0, 1), 1);
        assert_eq!(three.indexes(), [1, 0, 2]);
        assert_eq!(three.move_by(0, -1), 0);
        assert_eq!(three.move_by(2, 1), 2);
        assert!(three.hide(1));
        assert_eq!((three.indexes(), three.hidden()), (vec![1, 2], 1));
        assert_eq!(three.move_by(0, 1), 1);
        assert_eq!(three.indexes(), [2, 1]);
        assert!(three.hide(0) && !three.hide(0));
        three.show_all();
        assert_eq!(three.len(), 3);
        three.measure(1, 9999);
        assert_eq!(shown(&mut three, 80, 0), "0:3 1:1 2:67");
        let place = three.place(1).unwrap();
        three.fit(place);
        assert_eq!(shown(&mut three, 80, 0), "0:3 1:1 2:69/77");
        three.fit(place);
        three.widen(place, -60, 80);
        assert_eq!(shown(&mut three, 80, 0), "0:3 1:1 2:7");
        three.freeze(2);
        three.hide(0);
        assert_eq!(three.frozen(), 1);
    }
}
