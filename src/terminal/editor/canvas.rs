//! What is drawn on: a screen, or a terminal that can't move its cursor.

use super::plain_screen::PlainScreen;
use crate::terminal::drawing::{Frame, Screen};
use crate::terminal::screen::moves_cursor;

/// What is drawn on.
#[derive(Debug)]
pub enum Canvas {
    /// A terminal that obeys escape sequences.
    Screen(Screen),
    /// One that does not.
    Plain(PlainScreen),
}

impl Canvas {
    /// For a terminal named `term` (TERM).
    pub fn new(term: Option<&str>) -> Canvas {
        match moves_cursor(term) {
            true => Canvas::Screen(Screen::default()),
            false => Canvas::Plain(PlainScreen::default()),
        }
    }

    /// Whether it has no more than text.
    pub fn is_plain(&self) -> bool {
        matches!(self, Canvas::Plain(_))
    }

    /// The bytes that begin with a prompt, written as it came, which looks as `frame` says.
    pub fn begin(&mut self, columns: usize, prompt: &[u8], frame: Frame) -> Vec<u8> {
        match self {
            Canvas::Screen(screen) => screen.begin(columns, prompt, frame),
            Canvas::Plain(screen) => screen.begin(prompt, frame),
        }
    }

    /// The bytes that make it look as `frame` says.
    pub fn draw(&mut self, frame: Frame) -> Vec<u8> {
        match self {
            Canvas::Screen(screen) => screen.draw(frame),
            Canvas::Plain(screen) => screen.draw(frame),
        }
    }

    /// The bytes that clear what is drawn, for something else to be written in its place; where
    /// nothing can be cleared, below it.
    pub fn clear(&mut self) -> Vec<u8> {
        match self {
            Canvas::Screen(screen) => screen.clear(),
            Canvas::Plain(screen) => screen.leave(),
        }
    }

    /// The bytes that leave what is drawn for the row below.
    pub fn leave(&mut self) -> Vec<u8> {
        match self {
            Canvas::Screen(screen) => screen.leave(),
            Canvas::Plain(screen) => screen.leave(),
        }
    }
}
