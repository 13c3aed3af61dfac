//! A drawing: rows of text in styles, and how they are written.

use super::frame::Frame;
use super::label::{shown, wrapped};
use crate::palette::{Palette, RESET, Role};
use std::io::{self, Write};

/// What a piece of a drawing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Numbers and lines of the axes, labels.
    Plain,
    /// What the drawing shows.
    Heading,
    /// What is not drawn.
    Note,
    /// The series of this number.
    Series(usize),
}

/// A row of a drawing: pieces from left to right, in the client's encoding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(Vec<(Style, Vec<u8>)>);

impl Line {
    /// A row of one piece.
    pub fn of(style: Style, text: impl Into<Vec<u8>>) -> Line {
        Line(vec![(style, text.into())])
    }

    /// Adds a piece on the right.
    pub fn push(&mut self, style: Style, text: impl AsRef<[u8]>) {
        match self.0.last_mut() {
            Some((last, end)) if *last == style => end.extend_from_slice(text.as_ref()),
            _ => self.0.push((style, text.as_ref().to_vec())),
        }
    }

    /// The text without its styles.
    pub fn text(&self) -> Vec<u8> {
        let whole: Vec<&[u8]> = self.0.iter().map(|(_, text)| &text[..]).collect();
        whole.concat()
    }

    /// Writes it without blanks at its end.
    fn write(&self, palette: Option<Palette>, out: &mut dyn Write) -> io::Result<()> {
        let mut left = self.text().trim_ascii_end().len();
        for (style, text) in &self.0 {
            let text = &text[..text.len().min(left)];
            left -= text.len();
            match palette.and_then(|palette| start(palette, *style)).filter(|_| !text.is_empty()) {
                Some(start) => {
                    out.write_all(start.as_bytes())?;
                    out.write_all(text)?;
                    out.write_all(RESET.as_bytes())?;
                }
                None => out.write_all(text)?,
            }
        }
        out.write_all(b"\n")
    }
}

/// What begins a style's colour.
fn start(palette: Palette, style: Style) -> Option<&'static str> {
    match style {
        Style::Plain => None,
        Style::Heading => Some(palette.start(Role::Heading)),
        Style::Note => Some(palette.start(Role::Comment)),
        Style::Series(number) => {
            let colors = palette.of_series();
            Some(colors[number % colors.len()])
        }
    }
}

/// Rows of text that show figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    lines: Vec<Line>,
}

impl Drawing {
    /// Adds a heading below.
    pub fn head(&mut self, text: &[u8], frame: &Frame) {
        self.add(Style::Heading, text, frame);
    }

    /// Adds a sentence below.
    pub fn say(&mut self, text: &[u8], frame: &Frame) {
        self.add(Style::Plain, text, frame);
    }

    /// Adds a remark below.
    pub fn note(&mut self, text: &[u8], frame: &Frame) {
        self.add(Style::Note, text, frame);
    }

    fn add(&mut self, style: Style, text: &[u8], frame: &Frame) {
        let text = shown(text, frame.encoding());
        let rows = wrapped(&text, frame.columns(), frame.encoding());
        self.extend(rows.into_iter().map(|row| Line::of(style, row)));
    }

    /// Adds a row below.
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds rows below.
    pub fn extend(&mut self, lines: impl IntoIterator<Item = Line>) {
        self.lines.extend(lines);
    }

    /// Writes all rows, in colours if there are any.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write(&self, palette: Option<Palette>, out: &mut dyn Write) -> io::Result<()> {
        self.lines.iter().try_for_each(|line| line.write(palette, out))
    }
}
