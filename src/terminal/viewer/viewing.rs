//! The viewer on the terminal: waits for keys, signals and rows, and has the screen follow.
//!
//! Owns the order of things: keys before all else, the screen after them, and what goes on between
//! keys a few milliseconds at a time.

use std::io;
use std::time::{Duration, Instant};

use super::acts::Effect;
use super::draw;
use super::looks::Looks;
use super::request::ViewerHost;
use super::state::{Shape, State};
use crate::palette::Palette;
use crate::result_view::TableSource;
use crate::terminal::drawing::{Frame, Position, Row, Screen, Size};
use crate::terminal::editing::KeyReader;
use crate::terminal::full_screen::FullScreen;
use crate::terminal::key_input::{REST_OF_KEY, read};
use crate::terminal::raw_mode::RawMode;
use crate::terminal::screen;
use crate::terminal::signal::{self, Interrupts, Suspension};
use crate::terminal::stdout::write;
use crate::terminal::wait::{Event, Signals, is_readable};

/// How often the screen follows what is no key: rows that come, a search.
const PAUSE: Duration = Duration::from_millis(100);
/// The same while rows that come are seen.
const SHORT_PAUSE: Duration = Duration::from_millis(20);
/// How long keys that come without end may keep the screen from being drawn.
const UNDRAWN: Duration = Duration::from_millis(50);
/// The screen's size where nobody knows it.
const USUAL_SIZE: Size = Size { columns: 80, rows: 24 };

/// How a result is shown.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The colours, if there are any.
    pub palette: Option<Palette>,
    /// What stands for NULL (`\pset null`); the word itself where that is empty.
    pub null: Vec<u8>,
    /// Whether the terminal shows UTF-8.
    pub is_utf8: bool,
    /// How the rows are shown at first.
    pub shape: Shape,
}

/// How it goes on after keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// With more of them.
    Key,
    /// Not at all: the user leaves, or the terminal is gone.
    End,
}

/// Shows a result until the user leaves it. What becomes of rows that still come then is the host's to
/// say.
///
/// # Errors
/// The terminal can't be used, or rows can't be read. The screen is as it was before in any case.
pub fn view(
    source: &mut dyn TableSource,
    look: &Look,
    host: &mut dyn ViewerHost,
    interrupts: Option<&Interrupts>,
) -> io::Result<()> {
    Viewing::begin(source, look, host, interrupts).and_then(Viewing::run)
}

fn size() -> Size {
    match screen::size() {
        Some((columns, rows)) => Size { columns: columns.max(2), rows },
        None => USUAL_SIZE,
    }
}

/// A result being looked at: the state, and each of the ways in and out that the loop waits for.
struct Viewing<'a> {
    source: &'a mut dyn TableSource,
    host: &'a mut dyn ViewerHost,
    interrupts: Option<&'a Interrupts>,
    state: State,
    keys: KeyReader,
    /// When the rest of a key is late.
    key_ends: Option<Instant>,
    screen: Screen,
    /// When it was drawn last.
    drawn: Instant,
    /// Whether there is something new to show.
    is_stale: bool,
    has_cursor: bool,
    signals: Signals,
    suspension: Suspension,
    // In this order: the modes are restored before the screen.
    modes: RawMode,
    full_screen: FullScreen,
}

impl<'a> Viewing<'a> {
    fn begin(
        source: &'a mut dyn TableSource,
        look: &Look,
        host: &'a mut dyn ViewerHost,
        interrupts: Option<&'a Interrupts>,
    ) -> io::Result<Viewing<'a>> {
        let suspension = Suspension::new(false)?;
        let signals = Signals::install()?;
        let null = if look.null.is_empty() { b"NULL".to_vec() } else { look.null.clone() };
        let looks = Looks::new(look.palette, look.is_utf8);
        let state = State::new(source, looks, null, size()).in_shape(look.shape);
        let full_screen = FullScreen::enter()?;
        let modes = RawMode::enter()?;
        Ok(Viewing {
            source,
            host,
            interrupts,
            state,
            keys: KeyReader::new(),
            key_ends: None,
            screen: Screen::default(),
            drawn: Instant::now(),
            is_stale: true,
            has_cursor: false,
            signals,
            suspension,
            modes,
            full_screen,
        })
    }

    fn run(mut self) -> io::Result<()> {
        self.is_stale |= self.state.take_in(self.source, Instant::now())?;
        self.redraw()?;
        loop {
            if self.take_keys()? == Next::End {
                return Ok(());
            }
            self.is_stale |= self.state.take_in(self.source, Instant::now())?;
            if self.state.is_busy() {
                self.state.go_on(self.source)?;
                self.is_stale = true;
            }
            if self.is_stale && self.drawn.elapsed() >= self.pause() {
                self.draw()?;
            }
            match self.wait()? {
                Event::Keys => {
                    if !read(&mut self.keys)? {
                        return Ok(());
                    }
                }
                Event::Interrupt => {
                    self.interrupts.map(Interrupts::take);
                    self.keys.feed(b"\x03");
                }
                Event::Resized => self.redraw()?,
                Event::Continued => {
                    self.modes.set()?;
                    self.full_screen.show()?;
                    self.redraw()?;
                }
                Event::Timeout if self.key_ends.is_some_and(|at| at <= Instant::now()) => {
                    self.key_ends = None;
                    let input = self.keys.finish_paste().or_else(|| self.keys.next(true));
                    if let Some(input) = input
                        && self.take(input)? == Next::End
                    {
                        return Ok(());
                    }
                    self.draw()?;
                }
                Event::Output | Event::Timeout => {}
            }
        }
    }

    /// How soon the screen follows what is no key.
    fn pause(&self) -> Duration {
        let rows = &self.state.rows;
        match rows.seen().end - rows.seen().start < rows.height() || !self.state.is_coming() {
            true => SHORT_PAUSE,
            false => PAUSE,
        }
    }

    fn wait(&mut self) -> io::Result<Event> {
        if self.state.is_busy() {
            let now = Instant::now();
            return self.signals.wait(self.interrupts, None, Some(now));
        }
        let shown = self.is_stale.then(|| self.drawn + self.pause());
        let deadline = [shown, self.key_ends].into_iter().flatten().min();
        let descriptor = if self.state.is_coming() { self.source.descriptor() } else { None };
        self.signals.wait(self.interrupts, descriptor, deadline)
    }

    /// Handles all keys at hand, and shows what they did.
    fn take_keys(&mut self) -> io::Result<Next> {
        let mut has_keys = false;
        loop {
            while let Some(input) = self.keys.next(false) {
                has_keys = true;
                if self.take(input)? == Next::End {
                    return Ok(Next::End);
                }
            }
            if !is_readable(Duration::ZERO) {
                break;
            }
            if !read(&mut self.keys)? {
                return Ok(Next::End);
            }
            if self.drawn.elapsed() > UNDRAWN && has_keys {
                self.draw()?;
            }
        }
        self.key_ends = self.keys.waits_for_more().then(|| Instant::now() + REST_OF_KEY);
        if has_keys {
            self.draw()?;
        }
        Ok(Next::Key)
    }

    fn take(&mut self, input: crate::terminal::editing::Input) -> io::Result<Next> {
        match self.state.input(input, self.source)? {
            Effect::Nothing => {}
            Effect::Leave => return Ok(Next::End),
            Effect::Cancel => self.source.cancel(),
            Effect::Redraw => self.redraw()?,
            Effect::Suspend => self.suspend()?,
            Effect::Quit => signal::quit(),
            Effect::Copy(request) => match self.host.copy(self.source, &request) {
                Ok(said) => self.state.note(&said),
                Err(error) => self.state.error(&error),
            },
        }
        Ok(Next::Key)
    }

    /// Ctrl-Z.
    fn suspend(&mut self) -> io::Result<()> {
        self.full_screen.hide()?;
        self.suspension.stop()?;
        self.signals.forget_continued();
        self.full_screen.show()?;
        self.redraw()
    }

    /// Draws all of the screen.
    fn redraw(&mut self) -> io::Result<()> {
        let size = size();
        self.state.resize(size);
        let blank = Frame { rows: vec![Row::default(); size.rows], cursor: Position::default() };
        let cleared = self.screen.begin(size.columns, b"\x1b[0m\x1b[H\x1b[2J\x1b[?25l", blank);
        self.has_cursor = false;
        write(&cleared)?;
        self.draw()
    }

    /// Has the screen show how things are.
    fn draw(&mut self) -> io::Result<()> {
        self.state.prepare(self.source)?;
        let mut out = self.screen.draw(draw::frame(&self.state));
        if self.has_cursor != draw::is_typing(&self.state) {
            self.has_cursor = !self.has_cursor;
            out.extend_from_slice(if self.has_cursor { b"\x1b[?25h" } else { b"\x1b[?25l" });
        }
        write(&out)?;
        self.drawn = Instant::now();
        self.is_stale = false;
        Ok(())
    }
}
