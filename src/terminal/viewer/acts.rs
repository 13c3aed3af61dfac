//! What keys and the mouse do to what is shown.
//!
//! Owns what each command means where. Which key is which command, [`super::keys`] says.

use std::io;

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::glyphs::measure;
use super::keys::{self, Command};
use super::pattern::Pattern;
use super::prompt::Prompt;
use super::request::{CopyFormat, CopyRequest, FORMATS};
use super::search::{Found, Search, Way};
use super::state::{Message, Over, Shape, Sought, State, Task};
use super::text::LongText;
use crate::number::counted;
use crate::result_view::{Order, Sorting, TableSource, whole_cell};
use crate::terminal::editing::{Input, Mouse, MouseAction};

/// The largest number before a key.
const MOST_COUNT: u64 = 1_000_000_000_000;
/// Rows that the wheel turns at once.
const WHEEL: i64 = 3;
/// What is said where nothing was looked for before.
const NOTHING_SOUGHT: &str = "nothing to look for yet; / asks what";
/// How much narrower or wider a key makes a column.
const STEP: isize = 4;

/// What is left to do after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but to show it.
    Nothing,
    /// The viewer is left.
    Leave,
    /// What still comes is cancelled.
    Cancel,
    /// The screen is drawn anew.
    Redraw,
    /// The process is stopped.
    Suspend,
    /// The process is ended.
    Quit,
    /// Something is copied.
    Copy(CopyRequest),
}

impl State {
    /// Takes a key, a paste or what the mouse did.
    ///
    /// # Errors
    /// Rows can't be read.
    pub fn input(&mut self, input: Input, source: &mut dyn TableSource) -> io::Result<Effect> {
        let had_message = self.message.take().is_some();
        match input {
            Input::Key(key) => self.key(key, had_message, source),
            Input::Mouse(mouse) => self.mouse(mouse, source),
            Input::Paste(text) => {
                let Over::Search(prompt, ..) = &mut self.over else { return Ok(Effect::Nothing) };
                prompt.insert(&text);
                Ok(Effect::Nothing)
            }
            Input::Invalid(_) => Ok(Effect::Nothing),
        }
    }

    fn key(
        &mut self,
        key: KeyEvent,
        had_message: bool,
        source: &mut dyn TableSource,
    ) -> io::Result<Effect> {
        match &mut self.over {
            Over::Search(prompt, way, _) => {
                let way = *way;
                let typed = prompt.key(key);
                return Ok(self.sought(typed, way));
            }
            Over::Copy => return self.copy_as(key, source),
            Over::None | Over::Cell(_) | Over::Help(_) => {}
        }
        if let KeyEvent(KeyCode::Char(digit @ '0'..='9'), Modifiers::NONE) = key
            && (digit != '0' || self.count.is_some())
        {
            let value = u64::from(digit) - u64::from('0');
            self.count = Some((self.count.unwrap_or(0) * 10 + value).min(MOST_COUNT));
            return Ok(Effect::Nothing);
        }
        let count = self.count.take();
        let Some(command) = keys::command(key) else {
            self.note("no such key here; H shows the keys");
            return Ok(Effect::Nothing);
        };
        match command {
            Command::Redraw => return Ok(Effect::Redraw),
            Command::Suspend => return Ok(Effect::Suspend),
            Command::Quit => return Ok(Effect::Quit),
            Command::Stop => return Ok(self.stop(source)),
            Command::Close if count.is_some() || had_message => return Ok(Effect::Nothing),
            _ => {}
        }
        match self.over {
            Over::None => self.command(command, count, source),
            _ => self.command_over(command, count, source),
        }
    }

    /// Ctrl-C: what is nearest ends.
    fn stop(&mut self, source: &mut dyn TableSource) -> Effect {
        match &self.task {
            Task::Search(_) => {
                self.task = Task::None;
                self.note("the search was stopped");
            }
            Task::Sort(..) => {
                source.stop_sort();
                self.task = Task::None;
                self.waiting_search = None;
                self.note("the sort was stopped; the order is as before");
            }
            Task::None if !matches!(self.over, Over::None) => self.over = Over::None,
            Task::None if self.is_coming() => {
                self.note("asked the server to cancel the rest");
                return Effect::Cancel;
            }
            Task::None => self.note("q leaves"),
        }
        Effect::Nothing
    }

    /// A command in the table or record.
    fn command(
        &mut self,
        command: Command,
        count: Option<u64>,
        source: &mut dyn TableSource,
    ) -> io::Result<Effect> {
        let step = STEP * count.unwrap_or(1).clamp(1, 1000) as isize;
        if self.shape == Shape::Record && self.move_in_record(command, count) {
            return Ok(Effect::Nothing);
        }
        if self.move_in_table(command, count) {
            self.follows = false;
            return Ok(Effect::Nothing);
        }
        match command {
            Command::Follow => {
                self.rows.go_to(u64::MAX);
                self.follows = self.is_coming();
            }
            Command::Search => return Ok(self.ask(Way::Forward)),
            Command::SearchBack => return Ok(self.ask(Way::Backward)),
            Command::Next => return Ok(self.search_again(false)),
            Command::Previous => return Ok(self.search_again(true)),
            Command::Open => return self.open(source),
            Command::Record => {
                self.shape = match self.shape {
                    Shape::Table => Shape::Record,
                    Shape::Record => Shape::Table,
                };
            }
            Command::Freeze => self.freeze(count),
            Command::Narrow => self.columns.widen(self.place, -step, self.size.columns),
            Command::Widen => self.columns.widen(self.place, step, self.size.columns),
            Command::Fit => self.columns.fit(self.place),
            Command::Hide => return Ok(self.hide()),
            Command::ShowAll => self.show_all(),
            Command::MoveLeft => self.place = self.columns.move_by(self.place, -1),
            Command::MoveRight => self.place = self.columns.move_by(self.place, 1),
            Command::Sort => return Ok(self.sort(source)),
            Command::Mark => return self.mark(source),
            Command::Unmark => self.marks.clear(),
            Command::Copy => return Ok(self.ask_how_to_copy()),
            Command::Help => self.over = Over::Help(LongText::new(keys::help().into())),
            Command::Leave if self.is_record_of_table() => self.shape = Shape::Table,
            Command::Leave => return Ok(Effect::Leave),
            Command::Close if self.is_record_of_table() => self.shape = Shape::Table,
            Command::Close => self.sought = None,
            _ => return Ok(Effect::Nothing),
        }
        Ok(Effect::Nothing)
    }

    /// Moves the cursor; false if the command is another one.
    fn move_in_table(&mut self, command: Command, count: Option<u64>) -> bool {
        let times = count.unwrap_or(1).clamp(1, MOST_COUNT) as i64;
        let height = self.rows.height() as i64;
        let last = self.columns.len().saturating_sub(1);
        let screen = self.size.columns;
        match command {
            Command::Up => self.rows.move_by(-times),
            Command::Down => self.rows.move_by(times),
            Command::PageDown => self.rows.scroll(times.saturating_mul(height)),
            Command::PageUp => self.rows.scroll(times.saturating_mul(-height)),
            Command::HalfDown => self.rows.scroll(times.saturating_mul((height / 2).max(1))),
            Command::HalfUp => self.rows.scroll(times.saturating_mul(-(height / 2).max(1))),
            Command::First => self.rows.go_to(count.unwrap_or(1).saturating_sub(1)),
            Command::Last => self.rows.go_to(count.map_or(u64::MAX, |row| row.saturating_sub(1))),
            Command::Left => self.place = self.place.saturating_sub(times as usize),
            Command::Right => self.place = self.place.saturating_add(times as usize).min(last),
            Command::FirstColumn => self.place = 0,
            Command::LastColumn => self.place = last,
            Command::NextColumns => self.place = self.columns.next_screen(screen, self.place),
            Command::PreviousColumns => {
                self.place = self.columns.previous_screen(screen, self.place);
            }
            _ => return false,
        }
        true
    }

    /// Moves the cursor in a record, whose lines are columns; false if the command is another one.
    fn move_in_record(&mut self, command: Command, count: Option<u64>) -> bool {
        let times = usize::try_from(count.unwrap_or(1).max(1)).unwrap_or(usize::MAX);
        let page = self.size.rows.saturating_sub(2).max(1);
        let last = self.columns.len().saturating_sub(1);
        let (up, down) = match command {
            Command::Up => (times, 0),
            Command::Down => (0, times),
            Command::PageUp => (page.saturating_mul(times), 0),
            Command::PageDown => (0, page.saturating_mul(times)),
            Command::HalfUp => ((page / 2).max(1), 0),
            Command::HalfDown => (0, (page / 2).max(1)),
            Command::First | Command::FirstColumn => (usize::MAX, 0),
            Command::Last | Command::LastColumn => (0, usize::MAX),
            Command::Left => {
                self.rows.move_by(-i64::try_from(times).unwrap_or(i64::MAX));
                (0, 0)
            }
            Command::Right => {
                self.rows.move_by(i64::try_from(times).unwrap_or(i64::MAX));
                (0, 0)
            }
            _ => return false,
        };
        let is_step = matches!(
            command,
            Command::Up
                | Command::Down
                | Command::PageUp
                | Command::PageDown
                | Command::HalfUp
                | Command::HalfDown
        );
        // Past its end goes on with the next record, as records stand one below the other.
        if is_step && down > 0 && self.place == last && self.rows.cursor() + 1 < self.rows.count() {
            self.rows.move_by(1);
            self.place = 0;
        } else if is_step && up > 0 && self.place == 0 && self.rows.cursor() > 0 {
            self.rows.move_by(-1);
            self.place = last;
        } else {
            self.place = self.place.saturating_sub(up).saturating_add(down).min(last);
        }
        true
    }

    /// A command in a pane.
    fn command_over(
        &mut self,
        command: Command,
        count: Option<u64>,
        source: &mut dyn TableSource,
    ) -> io::Result<Effect> {
        let is_cell = matches!(self.over, Over::Cell(_));
        let (columns, rows) = self.pane_size();
        let looks = self.looks.clone();
        let times = usize::try_from(count.unwrap_or(1).clamp(1, MOST_COUNT)).unwrap_or(1);
        let (Over::Cell(text) | Over::Help(text)) = &mut self.over else {
            return Ok(Effect::Nothing);
        };
        match command {
            Command::Down => text.down(times, columns, rows, &looks),
            Command::Up => text.up(times, columns, &looks),
            Command::PageDown => text.down(rows, columns, rows, &looks),
            Command::PageUp => text.up(rows, columns, &looks),
            Command::HalfDown => text.down((rows / 2).max(1), columns, rows, &looks),
            Command::HalfUp => text.up((rows / 2).max(1), columns, &looks),
            Command::First | Command::FirstColumn => text.first(),
            Command::Last | Command::LastColumn => text.bottom(columns, rows, &looks),
            Command::Left | Command::Right if is_cell => {
                self.move_in_table(command, count);
                return self.open(source);
            }
            Command::Search if is_cell => return Ok(self.ask(Way::Forward)),
            Command::SearchBack if is_cell => return Ok(self.ask(Way::Backward)),
            Command::Next if is_cell => self.search_cell(false),
            Command::Previous if is_cell => self.search_cell(true),
            Command::Copy if is_cell => return self.copy(CopyFormat::Value, source),
            Command::Leave | Command::Close | Command::Open | Command::Help => {
                self.over = Over::None;
            }
            _ => return Ok(Effect::Nothing),
        }
        Ok(Effect::Nothing)
    }

    /// Opens the cell that the cursor is on.
    fn open(&mut self, source: &mut dyn TableSource) -> io::Result<Effect> {
        let Some(index) = self.index().filter(|_| self.rows.count() > 0) else {
            return Ok(Effect::Nothing);
        };
        let text = whole_cell(source, self.rows.cursor(), index)?;
        let mut text = LongText::new(text.unwrap_or_default());
        if let Some(sought) = &self.sought {
            text.find_first(&sought.pattern, self.pane_size(), &self.looks);
        }
        self.over = Over::Cell(text);
        Ok(Effect::Nothing)
    }

    fn freeze(&mut self, count: Option<u64>) {
        let wanted = match count {
            Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
            None if self.columns.frozen() == self.place + 1 => 0,
            None => self.place + 1,
        };
        self.columns.freeze(wanted);
    }

    fn hide(&mut self) -> Effect {
        if !self.columns.hide(self.place) {
            self.error("the last column stays");
            return Effect::Nothing;
        }
        self.place = self.place.min(self.columns.len().saturating_sub(1));
        Effect::Nothing
    }

    fn show_all(&mut self) {
        let index = self.index();
        self.columns.show_all();
        self.place = index.and_then(|index| self.columns.place(index)).unwrap_or(0);
    }

    /// Begins to sort by the cursor's column: rising, falling, as the rows came.
    fn sort(&mut self, source: &mut dyn TableSource) -> Effect {
        let Some(index) = self.index().filter(|_| self.rows.count() > 0) else {
            return Effect::Nothing;
        };
        // A sort that goes on counts as done: each key is a step further.
        let before = match self.task {
            Task::Sort(by, _) => {
                source.stop_sort();
                by
            }
            _ => self.sorted,
        };
        let by = match before.filter(|(sorted, _)| *sorted == index) {
            None => Some((index, Order::Ascending)),
            Some((_, Order::Ascending)) => Some((index, Order::Descending)),
            Some((_, Order::Descending)) => None,
        };
        source.begin_sort(by);
        self.task = Task::Sort(by, 0);
        Effect::Nothing
    }

    /// Takes in what the rows are sorted by: the sign of it needs room.
    fn set_sorted(&mut self, by: Option<(usize, Order)>) {
        self.sorted = by;
        if let Some((index, _)) = by {
            let name = measure(&self.headings[index].name, true, &self.looks);
            self.columns.measure(index, name + 1);
        }
    }

    fn mark(&mut self, source: &mut dyn TableSource) -> io::Result<Effect> {
        if self.rows.count() == 0 {
            return Ok(Effect::Nothing);
        }
        let arrival = source.arrival_number(self.rows.cursor())?;
        if !self.marks.toggle(arrival) {
            self.error("no more rows can be marked");
            return Ok(Effect::Nothing);
        }
        self.rows.move_by(1);
        Ok(Effect::Nothing)
    }

    fn ask_how_to_copy(&mut self) -> Effect {
        if self.rows.count() == 0 || self.columns.len() == 0 {
            return Effect::Nothing;
        }
        self.over = Over::Copy;
        Effect::Nothing
    }

    fn copy_as(
        &mut self,
        KeyEvent(code, modifiers): KeyEvent,
        source: &mut dyn TableSource,
    ) -> io::Result<Effect> {
        self.over = Over::None;
        let format = FORMATS.iter().find(|(key, ..)| code == KeyCode::Char(*key));
        match format.filter(|_| modifiers == Modifiers::NONE) {
            Some((_, format, _)) => self.copy(*format, source),
            None => Ok(Effect::Nothing),
        }
    }

    fn copy(&self, format: CopyFormat, source: &mut dyn TableSource) -> io::Result<Effect> {
        let (columns, is_value) = match (format, self.index()) {
            (CopyFormat::Value, Some(index)) => (vec![index], true),
            _ => (self.columns.indexes(), false),
        };
        let rows = match self.marks.is_empty() || is_value {
            true => vec![source.arrival_number(self.rows.cursor())?],
            false => self.marks.iter().collect(),
        };
        Ok(Effect::Copy(CopyRequest { format, columns, rows }))
    }

    fn ask(&mut self, way: Way) -> Effect {
        let last = self.sought.as_ref().map_or("", |sought| &sought.text);
        let prompt = Prompt::new(last);
        let cell = match std::mem::replace(&mut self.over, Over::None) {
            Over::Cell(text) => Some(Box::new(text)),
            _ => None,
        };
        self.over = Over::Search(prompt, way, cell);
        Effect::Nothing
    }

    /// Goes on after a key at the question what to look for.
    fn sought(&mut self, typed: super::prompt::Typed, way: Way) -> Effect {
        use super::prompt::Typed;
        let text = match typed {
            Typed::More => return Effect::Nothing,
            Typed::GivenUp => String::new(),
            // As in less and vi: what was looked for last.
            Typed::Done(text) if text.is_empty() => {
                self.sought.as_ref().map_or_else(String::new, |sought| sought.text.clone())
            }
            Typed::Done(text) => text,
        };
        self.over = match std::mem::replace(&mut self.over, Over::None) {
            Over::Search(.., Some(cell)) => Over::Cell(*cell),
            _ => Over::None,
        };
        if text.is_empty() {
            return Effect::Nothing;
        }
        match Pattern::new(&text) {
            Ok(pattern) => self.sought = Some(Sought { text, pattern, way }),
            Err(error) => {
                self.error(&error);
                return Effect::Nothing;
            }
        }
        match self.over {
            Over::Cell(_) => self.search_cell(false),
            _ => return self.search_again(false),
        }
        Effect::Nothing
    }

    /// Looks for it again in the cell that is open.
    fn search_cell(&mut self, is_reversed: bool) {
        let (columns, _) = self.pane_size();
        let (Over::Cell(text), Some(sought)) = (&mut self.over, &self.sought) else {
            self.error(NOTHING_SOUGHT);
            return;
        };
        let way = if is_reversed { sought.way.reversed() } else { sought.way };
        if !text.find(&sought.pattern, way, columns, &self.looks) {
            let text = format!("not found further on: {}", sought.text);
            self.error(&text);
        }
    }

    fn search_again(&mut self, is_reversed: bool) -> Effect {
        let Some(sought) = &self.sought else {
            self.error(NOTHING_SOUGHT);
            return Effect::Nothing;
        };
        if let Task::Sort(..) = self.task {
            self.waiting_search = Some(is_reversed);
            return Effect::Nothing;
        }
        let way = if is_reversed { sought.way.reversed() } else { sought.way };
        let start = (self.rows.cursor(), self.place);
        let columns = self.columns.indexes();
        let search = Search::new(sought.pattern.clone(), way, columns, start, self.rows.count());
        self.task = Task::Search(search);
        Effect::Nothing
    }

    /// Does some more of what goes on between keys.
    ///
    /// # Errors
    /// Rows can't be read.
    pub fn go_on(&mut self, source: &mut dyn TableSource) -> io::Result<()> {
        match &mut self.task {
            Task::None => {}
            Task::Search(search) => match search.go_on(source)? {
                Found::Going => {}
                Found::Nowhere => {
                    self.task = Task::None;
                    let text = self.sought.as_ref().map_or("", |sought| &sought.text);
                    let so_far = if self.is_coming() { " in the rows so far" } else { "" };
                    self.error(&format!("not found{so_far}: {text}"));
                }
                Found::At { row, place, went_round } => {
                    self.task = Task::None;
                    self.follows = false;
                    self.rows.find(row);
                    self.place = place;
                    if went_round {
                        self.note("the search went on at the other end");
                    }
                }
            },
            Task::Sort(by, share) => match source.continue_sort() {
                Ok(Sorting::Going { done, of }) => {
                    let done = u128::from(done) * 100;
                    *share = done.checked_div(of.into()).unwrap_or(0).min(100) as u64;
                }
                Ok(Sorting::Done) => {
                    let by = *by;
                    self.set_sorted(by);
                    self.task = Task::None;
                    self.page.clear();
                    self.rows.go_to(0);
                    if let Some(is_reversed) = self.waiting_search.take() {
                        self.search_again(is_reversed);
                    }
                }
                Err(error) => {
                    self.task = Task::None;
                    self.waiting_search = None;
                    self.error(&format!("could not sort: {error}"));
                }
            },
        }
        Ok(())
    }

    fn mouse(&mut self, mouse: Mouse, source: &mut dyn TableSource) -> io::Result<Effect> {
        let is_sideways = mouse.modifiers.contains(Modifiers::SHIFT);
        let command = match mouse.action {
            MouseAction::Click => return self.click(mouse, source),
            MouseAction::WheelUp if is_sideways => Command::Left,
            MouseAction::WheelDown if is_sideways => Command::Right,
            MouseAction::WheelUp => Command::Up,
            MouseAction::WheelDown => Command::Down,
            MouseAction::WheelLeft => Command::Left,
            MouseAction::WheelRight => Command::Right,
        };
        match (&self.over, command) {
            (Over::None, Command::Up) if self.shape == Shape::Table => self.rows.turn(-WHEEL),
            (Over::None, Command::Down) if self.shape == Shape::Table => self.rows.turn(WHEEL),
            (Over::None, _) => return self.command(command, None, source),
            (Over::Cell(_) | Over::Help(_), Command::Up | Command::Down) => {
                return self.command_over(command, Some(WHEEL as u64), source);
            }
            _ => {}
        }
        self.follows = false;
        Ok(Effect::Nothing)
    }

    /// A click chooses a cell; where it is chosen already, opens it. On a name, sorts.
    fn click(&mut self, mouse: Mouse, source: &mut dyn TableSource) -> io::Result<Effect> {
        if !matches!(self.over, Over::None) {
            return Ok(Effect::Nothing);
        }
        if self.shape == Shape::Record {
            let place = mouse.row.checked_sub(1).map(|line| self.record_top + line);
            let Some(place) = place.filter(|place| *place < self.columns.len()) else {
                return Ok(Effect::Nothing);
            };
            if std::mem::replace(&mut self.place, place) == place {
                return self.open(source);
            }
            return Ok(Effect::Nothing);
        }
        let Some(place) = self.place_at(mouse.column) else { return Ok(Effect::Nothing) };
        let was_chosen = std::mem::replace(&mut self.place, place) == place;
        let Some(line) = mouse.row.checked_sub(self.header_rows()) else {
            return Ok(if mouse.row == 0 { self.sort(source) } else { Effect::Nothing });
        };
        let seen = self.rows.seen();
        let row = seen.start.saturating_add(line as u64);
        if line >= self.body_rows() || !seen.contains(&row) {
            return Ok(Effect::Nothing);
        }
        self.follows = false;
        if was_chosen && row == self.rows.cursor() {
            return self.open(source);
        }
        self.rows.go_to(row);
        Ok(Effect::Nothing)
    }

    /// The column at a column of the screen, by its place.
    fn place_at(&self, column: usize) -> Option<usize> {
        let mut at = 0;
        self.seen.iter().find_map(|seen| {
            // The blanks around it are its own.
            let end = at + seen.width + 3;
            let is_here = (at..end).contains(&column);
            at = end;
            is_here.then_some(seen.place)
        })
    }

    /// Says something until the next key.
    pub fn note(&mut self, text: &str) {
        self.message = Some(Message::Note(text.to_owned()));
    }

    /// Says what is wrong until the next key.
    pub fn error(&mut self, text: &str) {
        self.message = Some(Message::Error(text.to_owned()));
    }

    /// What is to be copied, in words.
    pub fn what_is_copied(&self) -> String {
        match self.marks.len() {
            0 => "this row".to_owned(),
            count => counted(count as u64, "marked row"),
        }
    }
}
