//! The menu of candidates below the line: what it shows, and which one is chosen.
//!
//! Owns choosing. Never knows where candidates come from.

use crate::terminal::drawing::{Row, RowBuilder, Size, Style, width};

/// The most rows a menu takes.
pub const MAX_ROWS: usize = 8;
/// Columns between a word and what is said about it.
const GAP: usize = 2;

/// A candidate as the menu shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What is shown of the word.
    pub word: String,
    /// What kind of thing it is.
    pub kind: &'static str,
    /// What else is known of it.
    pub note: String,
}

/// A menu that is open.
#[derive(Debug)]
pub struct Menu {
    items: Vec<Item>,
    chosen: Option<usize>,
    /// The first item that is seen.
    top: usize,
}

/// How the parts of a menu look.
#[derive(Clone, Debug, Default)]
pub struct MenuStyle {
    /// Words.
    pub plain: Style,
    /// Kinds and notes.
    pub faint: Style,
    /// The item chosen.
    pub chosen: Style,
    /// What was looked for in an item.
    pub mark: Style,
}

impl Menu {
    /// A menu of these, none chosen.
    pub fn new(items: Vec<Item>) -> Menu {
        Menu { items, chosen: None, top: 0 }
    }

    /// Which item is chosen.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// Chooses the next item, behind the last the first.
    pub fn next(&mut self) {
        self.chosen = Some(self.chosen.map_or(0, |at| (at + 1) % self.items.len().max(1)));
    }

    /// Chooses the item before, before the first the last.
    pub fn previous(&mut self) {
        let last = self.items.len().saturating_sub(1);
        self.chosen = Some(self.chosen.and_then(|at| at.checked_sub(1)).unwrap_or(last));
    }

    /// Chooses an item so many further down or up, at most the last or first.
    pub fn page(&mut self, rows: isize) {
        let last = self.items.len().saturating_sub(1);
        let at = self.chosen.unwrap_or(0).saturating_add_signed(rows).min(last);
        self.chosen = Some(at);
    }

    /// The rows, with words beginning in `column` where there is room.
    pub fn rows(&mut self, size: Size, column: usize, room: usize, style: &MenuStyle) -> Vec<Row> {
        let height = self.items.len().min(MAX_ROWS).min(room);
        if height == 0 {
            return Vec::new();
        }
        if let Some(chosen) = self.chosen {
            self.top = self.top.min(chosen).max((chosen + 1).saturating_sub(height));
        }
        self.top = self.top.min(self.items.len() - height);
        let seen = &self.items[self.top..self.top + height];
        let word = seen.iter().map(|item| width(&item.word)).max().unwrap_or(0);
        let kind = seen.iter().map(|item| item.kind.len()).max().unwrap_or(0);
        let note = seen.iter().map(|item| width(&item.note)).max().unwrap_or(0);
        // The last column stays free: a full row would wrap.
        let room = size.columns.saturating_sub(1);
        let wanted = word + GAP + kind + if note > 0 { GAP + note } else { 0 } + 2;
        let indent = column.saturating_sub(1).min(room.saturating_sub(wanted));
        let draw = |(index, item): (usize, &Item)| {
            let is_chosen = self.chosen == Some(self.top + index);
            let (plain, faint) = match is_chosen {
                true => (&style.chosen, &style.chosen),
                false => (&style.plain, &style.faint),
            };
            let mark = if is_chosen { ">" } else { " " };
            let mut line = RowBuilder::new(room);
            line.add(&" ".repeat(indent), &Style::default());
            line.add(mark, plain);
            line.add_padded(&item.word, word, plain);
            line.add(&" ".repeat(GAP), plain);
            line.add_padded(item.kind, kind, faint);
            if note > 0 {
                line.add(&" ".repeat(GAP), faint);
                line.add_padded(&item.note, note, faint);
            }
            line.add(" ", plain);
            line.into_row()
        };
        seen.iter().enumerate().map(draw).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu(words: &[&str]) -> Menu {
        let item =
            |word: &&str| Item { word: (*word).to_owned(), kind: "table", ..Item::default() };
        Menu::new(words.iter().map(item).collect())
    }

    fn shown(menu: &mut Menu, columns: usize, column: usize, room: usize) -> Vec<String> {
        let size = Size { columns, rows: 24 };
        let rows = menu.rows(size, column, room, &MenuStyle::default());
        let text = |row: Row| row.cells.iter().map(|cell| cell.character).collect();
        rows.into_iter().map(text).collect()
    }

    #[test]
    fn rows_begin_under_the_word_where_there_is_room() {
        let mut menu = menu(&["orders", "o"]);
        assert_eq!(shown(&mut menu, 80, 3, 8), ["   orders  table ", "   o       table "]);
        assert_eq!(shown(&mut menu, 20, 18, 8)[0], "     orders  table ");
        assert_eq!(shown(&mut menu, 10, 9, 8)[0], " orders  ");
    }

    #[test]
    fn choosing_goes_round_and_is_always_seen() {
        let mut menu = menu(&["a", "b", "c", "d"]);
        for _ in 0..3 {
            menu.next();
        }
        assert_eq!(shown(&mut menu, 80, 0, 2), [" b  table ", ">c  table "]);
        menu.next();
        menu.next();
        assert_eq!(menu.chosen(), Some(0));
        menu.previous();
        assert_eq!(menu.chosen(), Some(3));
        menu.page(-8);
        assert_eq!(shown(&mut menu, 80, 0, 2)[0], ">a  table ");
    }
}
