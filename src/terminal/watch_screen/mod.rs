//! One screen on which each run of a query takes the place of the one before.
//!
//! Owns the terminal's other screen while it lives, and the keys that are pressed there. Never knows
//! who is asked, nor what changed.

mod layout;
mod looks;
mod shown;
mod status;

use std::io;
use std::time::Instant;

use rustyline::{KeyCode, KeyEvent, Modifiers};

use self::layout::{Layout, Line, Lines};
use self::looks::Looks;
pub use self::shown::{Section, Shown};
use super::drawing::{Frame, Position, Row, Screen, Size};
use super::editing::{Input, KeyReader, MouseAction};
use super::full_screen::FullScreen;
use super::key_input::{REST_OF_KEY, read};
use super::raw_mode::RawMode;
use super::screen;
use super::signal::Interrupts;
use super::stdout::write;
use super::wait::{Event, Signals};
use crate::palette::Palette;
use crate::watching::Seen;

/// The screen's size where nobody knows it.
const USUAL_SIZE: Size = Size { columns: 80, rows: 24 };
/// Columns that are scrolled at once.
const STEP: usize = 10;

/// How rows are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In a table.
    Table,
    /// A record for each.
    Records,
    /// In a table if the screen is wide enough for it.
    Fitting,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The time was up, or the user wants to see the next run now.
    Next,
    /// The user has seen enough, or the terminal is gone.
    End,
}

/// The screen.
pub struct WatchScreen {
    looks: Looks,
    form: Form,
    size: Size,
    layouts: Vec<Layout>,
    lines: Lines,
    shown: Option<Shown>,
    /// The first line of the body that is shown, and the first column.
    top: usize,
    left: usize,
    keys: KeyReader,
    screen: Screen,
    signals: Signals,
    // In this order: the modes are restored before the screen.
    modes: RawMode,
    full_screen: FullScreen,
}

impl WatchScreen {
    /// Goes to the terminal's other screen.
    ///
    /// # Errors
    /// The terminal can't be used.
    pub fn open(palette: Option<Palette>, form: Form) -> io::Result<WatchScreen> {
        let signals = Signals::install()?;
        let full_screen = FullScreen::enter()?;
        let modes = RawMode::enter_with_interrupts()?;
        Ok(WatchScreen {
            looks: Looks::new(palette),
            form,
            size: size(),
            layouts: Vec::new(),
            lines: Lines::default(),
            shown: None,
            top: 0,
            left: 0,
            keys: KeyReader::new(),
            screen: Screen::default(),
            signals,
            modes,
            full_screen,
        })
    }

    /// Shows a run in the place of the one before.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn show(&mut self, shown: Shown) -> io::Result<()> {
        let is_first = self.shown.is_none();
        self.shown = Some(shown);
        self.lay_out();
        match is_first || self.size != size() {
            true => self.redraw(),
            false => {
                self.forget_last_row()?;
                self.draw()
            }
        }
    }

    /// Waits until it is time for the next run, doing meanwhile what keys ask for.
    ///
    /// # Errors
    /// The terminal fails.
    pub fn wait(
        &mut self,
        until: Option<Instant>,
        interrupts: Option<&Interrupts>,
    ) -> io::Result<Heard> {
        loop {
            while let Some(input) = self.keys.next(false) {
                if let Some(heard) = self.take(&input)? {
                    return Ok(heard);
                }
            }
            let rest = self.keys.waits_for_more().then(|| Instant::now() + REST_OF_KEY);
            let deadline = [rest, until].into_iter().flatten().min();
            match self.signals.wait(interrupts, None, deadline)? {
                Event::Keys => {
                    if !read(&mut self.keys)? {
                        return Ok(Heard::End);
                    }
                }
                // Whoever called asks what it was.
                Event::Interrupt => return Ok(Heard::End),
                Event::Resized => self.redraw()?,
                Event::Continued => {
                    self.modes.set()?;
                    self.full_screen.show()?;
                    self.redraw()?;
                }
                Event::Timeout if until.is_some_and(|until| until <= Instant::now()) => {
                    return Ok(Heard::Next);
                }
                Event::Timeout => {
                    let input = self.keys.finish_paste().or_else(|| self.keys.next(true));
                    if let Some(input) = input
                        && let Some(heard) = self.take(&input)?
                    {
                        return Ok(heard);
                    }
                }
                Event::Output => {}
            }
        }
    }

    /// Does what a key asks for.
    fn take(&mut self, input: &Input) -> io::Result<Option<Heard>> {
        let page = self.height().saturating_sub(1).max(1);
        let (top, left) = (self.top, self.left);
        match input {
            Input::Key(KeyEvent(code, modifiers)) => match (code, *modifiers) {
                (KeyCode::Char('q' | 'Q') | KeyCode::Esc, Modifiers::NONE)
                | (KeyCode::Char('C' | 'c'), Modifiers::CTRL) => return Ok(Some(Heard::End)),
                (KeyCode::Char(' '), _) => return Ok(Some(Heard::Next)),
                (KeyCode::Char('L' | 'l'), Modifiers::CTRL) => self.redraw()?,
                (KeyCode::Up | KeyCode::Char('k'), _) => self.top = top.saturating_sub(1),
                (KeyCode::Down | KeyCode::Char('j'), _) => self.top += 1,
                (KeyCode::PageUp, _) => self.top = top.saturating_sub(page),
                (KeyCode::PageDown, _) => self.top += page,
                (KeyCode::Home | KeyCode::Char('g'), _) => (self.top, self.left) = (0, 0),
                (KeyCode::End | KeyCode::Char('G'), _) => self.top = self.lines.body.len(),
                (KeyCode::Left | KeyCode::Char('h'), _) => self.left = left.saturating_sub(STEP),
                (KeyCode::Right, _) => self.left += STEP,
                _ => {}
            },
            Input::Mouse(mouse) => match mouse.action {
                MouseAction::WheelUp => self.top = top.saturating_sub(3),
                MouseAction::WheelDown => self.top += 3,
                _ => {}
            },
            Input::Paste(_) | Input::Invalid(_) => {}
        }
        self.clamp();
        if (self.top, self.left) != (top, left) {
            self.draw()?;
        }
        Ok(None)
    }

    /// Lines of the body that there is room for.
    fn height(&self) -> usize {
        self.size.rows.saturating_sub(2 + self.lines.head.len())
    }

    fn clamp(&mut self) {
        self.top = self.top.min(self.lines.body.len().saturating_sub(self.height()));
        let most = self.lines.width().saturating_sub(self.size.columns);
        self.left = self.left.min(most.div_ceil(STEP).saturating_mul(STEP));
    }

    fn lay_out(&mut self) {
        let Some(shown) = &self.shown else { return };
        self.layouts.resize_with(shown.sections.len(), Layout::default);
        let mut sections =
            shown.sections.iter().zip(&mut self.layouts).map(|(section, layout)| match section {
                Section::Table(seen) => table(seen, layout, &self.looks, self.form, self.size),
                Section::Text(text) => {
                    Lines { head: Vec::new(), body: text.lines().map(Line::plain).collect() }
                }
            });
        // What is one table keeps its headings in sight.
        let mut lines = sections.next().unwrap_or_default();
        for next in sections {
            let body = std::mem::take(&mut lines.body);
            lines.body = std::mem::take(&mut lines.head);
            lines.body.extend(body);
            lines.body.push(Line::default());
            lines.body.extend(next.head.into_iter().chain(next.body));
        }
        self.lines = lines;
        self.clamp();
    }

    /// Draws all of the screen.
    fn redraw(&mut self) -> io::Result<()> {
        self.size = size();
        self.lay_out();
        let blank =
            Frame { rows: vec![Row::default(); self.size.rows], cursor: Position::default() };
        write(&self.screen.begin(self.size.columns, b"\x1b[0m\x1b[H\x1b[2J\x1b[?25l", blank))?;
        self.draw()
    }

    /// In the last row, where the cursor rests, something else may have been shown meanwhile.
    fn forget_last_row(&mut self) -> io::Result<()> {
        let (rows, cursor) = self.screen.shown();
        let mut rows = rows.to_vec();
        if let Some(last) = rows.last_mut() {
            *last = Row::default();
        }
        let row = rows.len();
        self.screen.resized(self.size.columns, rows, Position { column: 0, ..cursor });
        write(format!("\x1b[0m\x1b[{row};1H\x1b[K\x1b[?25l").as_bytes())
    }

    fn draw(&mut self) -> io::Result<()> {
        let frame = self.frame();
        write(&self.screen.draw(frame))
    }

    fn frame(&self) -> Frame {
        let Size { columns, rows: height } = self.size;
        let mut rows = Vec::with_capacity(height);
        if let Some(shown) = &self.shown {
            rows.push(status::title(shown, columns, &self.looks));
            let body = self.lines.body.iter().skip(self.top).take(self.height());
            rows.extend(
                self.lines.head.iter().chain(body).map(|line| line.row(self.left, columns)),
            );
            rows.truncate(height.saturating_sub(1).max(1));
            rows.resize(height.saturating_sub(1).max(1), Row::default());
            let window = self.top..(self.top + self.height()).min(self.lines.body.len());
            let window = (window, self.lines.body.len());
            rows.push(status::status(shown, window, columns.saturating_sub(1), &self.looks));
        }
        rows.resize(height, Row::default());
        Frame { rows, cursor: Position { row: height - 1, column: 0 } }
    }
}

fn table(seen: &Seen, layout: &mut Layout, looks: &Looks, form: Form, size: Size) -> Lines {
    match form {
        Form::Table => layout.table(seen, looks),
        Form::Records => layout.records(seen, looks),
        Form::Fitting => {
            let table = layout.table(seen, looks);
            if table.width() > size.columns { layout.records(seen, looks) } else { table }
        }
    }
}

fn size() -> Size {
    match screen::size() {
        Some((columns, rows)) => Size { columns: columns.max(2), rows },
        None => USUAL_SIZE,
    }
}
