//! What the viewer shows: the table, where the cursor is in it, and what is open over it.
//!
//! Owns all that keys change. Reads rows by the source that it is given; never knows a terminal.

use std::io;
use std::time::Instant;

use super::columns::{Columns, Seen};
use super::glyphs::measure;
use super::looks::Looks;
use super::marks::Marks;
use super::pace::Pace;
use super::page::Page;
use super::pattern::Pattern;
use super::prompt::Prompt;
use super::rows::Rows;
use super::search::{Search, Way};
use super::text::LongText;
use crate::print::Alignment;
use crate::result_view::{Arrival, Order, TableSource};
use crate::terminal::drawing::Size;

/// What is known of a column from the result.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its name.
    pub name: Vec<u8>,
    /// How its values are aligned.
    pub alignment: Alignment,
}

/// How the rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// As a table.
    #[default]
    Table,
    /// The cursor's row, a line for each column.
    Record,
}

/// What is open over the rows.
#[derive(Clone, Debug)]
pub enum Over {
    /// Nothing.
    None,
    /// A cell, whole.
    Cell(LongText),
    /// The keys.
    Help(LongText),
    /// The question what to look for: in the rows, or the cell that was open.
    Search(Prompt, Way, Option<Box<LongText>>),
    /// The question how to copy.
    Copy,
}

/// What is said in the last row until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// How something went.
    Note(String),
    /// What is wrong.
    Error(String),
}

/// What was looked for.
#[derive(Clone, Debug)]
pub struct Sought {
    /// As it was typed.
    pub text: String,
    /// What fits.
    pub pattern: Pattern,
    /// Which way.
    pub way: Way,
}

/// What goes on between keys.
#[derive(Debug)]
pub enum Task {
    /// Nothing.
    None,
    /// A search.
    Search(Search),
    /// A sort by a column of the result, and how far it is in percent.
    Sort(Option<(usize, Order)>, u64),
}

/// What the viewer shows: a field for each thing that a key may change, since most keys change several.
#[derive(Debug)]
pub struct State {
    pub(super) looks: Looks,
    /// What stands for NULL.
    pub(super) null: Vec<u8>,
    pub(super) headings: Vec<Heading>,
    pub(super) columns: Columns,
    /// The cursor's column, by its place among the shown ones.
    pub(super) place: usize,
    pub(super) rows: Rows,
    pub(super) arrival: Arrival,
    pub(super) pace: Pace,
    pub(super) page: Page,
    pub(super) size: Size,
    /// The columns that are seen.
    pub(super) seen: Vec<Seen>,
    /// The first column of a record that is seen.
    pub(super) record_top: usize,
    pub(super) marks: Marks,
    /// The column of the result that the rows are sorted by.
    pub(super) sorted: Option<(usize, Order)>,
    pub(super) shape: Shape,
    /// The shape that the viewer opened with, which is left for good.
    pub(super) first_shape: Shape,
    pub(super) over: Over,
    /// The number that was typed before a key.
    pub(super) count: Option<u64>,
    pub(super) message: Option<Message>,
    pub(super) task: Task,
    /// What was looked for last.
    pub(super) sought: Option<Sought>,
    /// Whether a search waits for the end of a sort, and goes the other way.
    pub(super) waiting_search: Option<bool>,
    /// Whether the cursor stays in the last row as rows come.
    pub(super) follows: bool,
}

impl State {
    /// A result's beginning.
    pub fn new(source: &dyn TableSource, looks: Looks, null: Vec<u8>, size: Size) -> State {
        let heading = |column: &crate::print::Column| Heading {
            name: source.encoding().for_display(&column.name).into_owned(),
            alignment: column.alignment,
        };
        let headings: Vec<Heading> = source.columns().iter().map(heading).collect();
        let columns =
            Columns::new(headings.iter().map(|heading| measure(&heading.name, true, &looks)));
        let mut state = State {
            looks,
            null,
            headings,
            columns,
            place: 0,
            rows: Rows::default(),
            arrival: Arrival::Coming,
            pace: Pace::default(),
            page: Page::default(),
            size,
            seen: Vec::new(),
            record_top: 0,
            marks: Marks::default(),
            sorted: None,
            shape: Shape::Table,
            first_shape: Shape::Table,
            over: Over::None,
            count: None,
            message: None,
            task: Task::None,
            sought: None,
            waiting_search: None,
            follows: false,
        };
        state.resize(size);
        state
    }

    /// The same, shown first of all in this shape.
    pub fn in_shape(mut self, shape: Shape) -> State {
        (self.shape, self.first_shape) = (shape, shape);
        self
    }

    /// Whether a record is open over the table, to which leaving it goes back.
    pub fn is_record_of_table(&self) -> bool {
        self.shape == Shape::Record && self.first_shape == Shape::Table
    }

    /// Takes in that the screen has another size.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.rows.set_height(self.body_rows());
    }

    /// The rows above the body.
    pub fn header_rows(&self) -> usize {
        match self.size.rows {
            0..3 => 0,
            3..6 => 1,
            _ => 2,
        }
    }

    /// The rows of the screen between the header and the last one.
    pub fn body_rows(&self) -> usize {
        self.size.rows.saturating_sub(self.header_rows() + 1).max(1)
    }

    /// Takes in what has come; true if that shows.
    ///
    /// # Errors
    /// The rows can't be kept.
    pub fn take_in(&mut self, source: &mut dyn TableSource, now: Instant) -> io::Result<bool> {
        let available = source.available()?;
        let is_new = available.rows != self.rows.count()
            || std::mem::discriminant(&available.arrival) != std::mem::discriminant(&self.arrival);
        self.pace.note(available.rows, now);
        self.rows.set_count(available.rows);
        self.arrival = match available.arrival {
            Arrival::Ended(why) => Arrival::Ended(source.encoding().for_display(&why).into_owned()),
            arrival => arrival,
        };
        if self.follows {
            self.rows.go_to(u64::MAX);
        }
        Ok(is_new)
    }

    /// Whether rows are still to come.
    pub fn is_coming(&self) -> bool {
        matches!(self.arrival, Arrival::Coming | Arrival::Waiting)
    }

    /// Whether there is something to do between keys.
    pub fn is_busy(&self) -> bool {
        !matches!(self.task, Task::None) || self.arrival == Arrival::Waiting
    }

    /// Reads what is to be seen, and finds the columns' widths by it.
    ///
    /// # Errors
    /// Rows can't be read.
    pub fn prepare(&mut self, source: &mut dyn TableSource) -> io::Result<()> {
        // Columns may have been hidden while one was looked for.
        self.place = self.place.min(self.columns.len().saturating_sub(1));
        let mut has_new = self.page.load(source, self.rows.seen())?;
        // A wider column may make others leave the screen, a narrower one bring others.
        for _ in 0..8 {
            let seen = self.columns.seen(self.size.columns, self.place);
            has_new |= seen != self.seen;
            self.seen = seen;
            // What was measured once need not be at each key.
            if !has_new || !self.measure() {
                break;
            }
        }
        let height = self.size.rows.saturating_sub(2).max(1);
        let first = (self.place + 1).saturating_sub(height);
        self.record_top = self.record_top.max(first).min(self.place);
        Ok(())
    }

    /// Takes in how wide the values on the screen are; true if a column gets wider by that.
    fn measure(&mut self) -> bool {
        let mut grows = false;
        for seen in &self.seen {
            let width = |row: &super::page::PageRow| match row.value(seen.index) {
                Some(value) => measure(value.bytes, value.is_whole, &self.looks),
                None => measure(&self.null, true, &self.looks),
            };
            let widest = self.page.rows().map(width).max().unwrap_or(0);
            grows |= self.columns.measure(seen.index, widest);
        }
        grows
    }

    /// The column of the result that the cursor is in.
    pub fn index(&self) -> Option<usize> {
        self.columns.index(self.place)
    }
}
