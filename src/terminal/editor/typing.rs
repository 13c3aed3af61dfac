//! Typing one text: keys come in, the screen follows, until the text is accepted or dropped.
//!
//! Owns the order of things: signals before keys, all keys at hand before the screen is drawn, colours,
//! ghost text and the menu after a pause.

use std::io;
use std::time::{Duration, Instant};

use rustix::termios::{QueueSelector, tcflush};
use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::canvas::Canvas;
use super::ghost::first_word;
use super::input::read;
use super::line::Line;
use super::resize;
use super::searching::Searched;
use crate::terminal::drawing::Size;
use crate::terminal::editing::{Effect, Input, KeyReader, Mode};
use crate::terminal::editor_host::TypedLine;
use crate::terminal::key_input::REST_OF_KEY;
use crate::terminal::raw_mode::RawMode;
use crate::terminal::read_line::ReadLine;
use crate::terminal::signal::{self, Interrupts, bracketed_paste};
use crate::terminal::stdout::write;
use crate::terminal::wait::{Event, is_readable};

/// How long the rest of a paste may take: its end may have been lost.
const REST_OF_PASTE: Duration = Duration::from_secs(2);
/// How long keys that come without end may keep the screen from being drawn.
const UNDRAWN: Duration = Duration::from_millis(50);
/// How often answers are looked for that a pause did not wait for.
const ANSWERS: Duration = Duration::from_millis(25);
/// How long a terminal may take to say where its cursor is.
const CURSOR_REPORT: Duration = Duration::from_millis(150);

/// How typing goes on after a key.
enum Next {
    Key,
    Done(ReadLine),
}

/// Reads a text.
///
/// # Errors
/// The terminal fails, or sent bytes that are not UTF-8 ([`io::ErrorKind::InvalidData`]).
pub(super) fn read_text(line: Line<'_>) -> io::Result<ReadLine> {
    let modes = RawMode::enter()?;
    Typing { line, modes, key_ends: None }.run()
}

/// A text being typed, by keys.
struct Typing<'a> {
    line: Line<'a>,
    modes: RawMode,
    /// When the rest of a key is late.
    key_ends: Option<Instant>,
}

impl Typing<'_> {
    fn run(mut self) -> io::Result<ReadLine> {
        self.line.begin()?;
        loop {
            if self.line.host.is_interrupted() {
                return self.interrupt();
            }
            self.line.show_output()?;
            if let Next::Done(line) = self.take_keys()? {
                return Ok(line);
            }
            self.line.draw()?;
            let deadline = [self.line.settles, self.key_ends].into_iter().flatten().min();
            let Line { parts, host, interrupts, .. } = &mut self.line;
            match parts.signals.wait(*interrupts, host.poll_fd(), deadline)? {
                Event::Keys => {
                    if !read(parts)? {
                        self.line.close(b"")?;
                        return Ok(ReadLine::Eof);
                    }
                }
                Event::Interrupt => {
                    interrupts.map(Interrupts::take);
                    return self.interrupt();
                }
                Event::Resized => self.resize()?,
                Event::Continued => {
                    self.modes.set()?;
                    self.line.begin()?;
                }
                Event::Output => {}
                Event::Timeout => {
                    if let Next::Done(line) = self.time_is_up()? {
                        return Ok(line);
                    }
                }
            }
        }
    }

    /// Handles all keys at hand.
    fn take_keys(&mut self) -> io::Result<Next> {
        loop {
            while let Some(input) = self.line.parts.keys.next(false) {
                if let Next::Done(line) = self.take_input(input)? {
                    return Ok(Next::Done(line));
                }
            }
            if !is_readable(Duration::ZERO) || !read(self.line.parts)? {
                break;
            }
            if self.line.drawn.elapsed() > UNDRAWN && !self.line.parts.keys.is_in_paste() {
                self.line.draw()?;
            }
        }
        let parts = &self.line.parts;
        let wait = match (parts.keys.is_in_paste(), parts.keys.waits_for_more()) {
            (true, _) => Some(REST_OF_PASTE),
            (false, true) => Some(REST_OF_KEY),
            (false, false) => parts.editing.key_timeout(),
        };
        self.key_ends = wait.map(|time| Instant::now() + time);
        Ok(Next::Key)
    }

    fn take_input(&mut self, input: Input) -> io::Result<Next> {
        let line = &mut self.line;
        if matches!(input, Input::Invalid(_)) {
            line.close(b"")?;
            line.parts.editing.start("", 0, line.parts.history.entries());
            // What came with it is no text either.
            line.parts.keys = KeyReader::new();
            let _ = tcflush(io::stdin(), QueueSelector::IFlush);
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the line is not valid UTF-8"));
        }
        let input = match line.search_key(input) {
            Searched::On | Searched::Over(None) => return Ok(Next::Key),
            Searched::Accept => return self.accept(),
            Searched::Over(Some(input)) => input,
        };
        if let Input::Key(key) = &input {
            if line.kind == TypedLine::Data && *key == KeyEvent(KeyCode::Tab, Modifiers::NONE) {
                line.parts.editing.insert("\t");
                line.changed();
                return Ok(Next::Key);
            }
            if line.menu_key(*key)? || self.ghost_key(*key) {
                return Ok(Next::Key);
            }
        }
        let parts = &mut *self.line.parts;
        let entry = parts.editing.history_index();
        let mut effect = Some(parts.editing.key(input, parts.history.entries()));
        parts.show_error(entry);
        // A macro may go on behind its effects.
        while let Some(what) = effect {
            if let Next::Done(line) = self.take_effect(what)? {
                return Ok(Next::Done(line));
            }
            let parts = &mut *self.line.parts;
            effect = parts.editing.resume(parts.history.entries());
        }
        Ok(Next::Key)
    }

    /// What a key's effect means here.
    fn take_effect(&mut self, effect: Effect) -> io::Result<Next> {
        let line = &mut self.line;
        if !matches!(effect, Effect::Complete) {
            line.lists_next = false;
        }
        match effect {
            // The cursor may have moved.
            Effect::Nothing => line.moved(),
            Effect::Changed => {
                line.changed();
                line.narrow_menu();
            }
            Effect::Bell => line.ring()?,
            Effect::Accept | Effect::AcceptAndNext => return self.accept(),
            Effect::Interrupt => return self.interrupt().map(Next::Done),
            Effect::Eof => {
                line.finish()?;
                if line.parts.marks_pastes() {
                    // readline leaves the line only where it has such sequences to write.
                    write(&[bracketed_paste::OFF, b"\r\n"].concat())?;
                }
                return Ok(Next::Done(ReadLine::Eof));
            }
            Effect::Suspend => self.suspend()?,
            Effect::Quit => {
                line.close(b"")?;
                signal::quit();
                line.begin()?;
            }
            Effect::ClearScreen => line.clear_screen(b"\x1b[H\x1b[2J")?,
            Effect::ClearDisplay => line.clear_screen(b"\x1b[H\x1b[2J\x1b[3J")?,
            Effect::Redraw => line.redraw()?,
            Effect::Complete => line.tab()?,
            Effect::MenuComplete => line.choose_next(true)?,
            Effect::MenuCompleteBackward => line.choose_next(false)?,
            Effect::PossibleCompletions => line.list_candidates()?,
            Effect::InsertCompletions => line.insert_candidates()?,
            Effect::SearchBackward | Effect::SearchForward => line.begin_search(),
            Effect::EditExternally => return self.edit_externally(),
            Effect::ExpandTilde => line.expand_tilde(),
            Effect::ReReadInit => line.parts.read_inputrc(),
            Effect::Print(dump) => {
                let text = line.parts.editing.dump(dump);
                line.show_above(text.as_bytes())?;
            }
        }
        Ok(Next::Key)
    }

    /// Right and its like at the end of the text take the ghost text, or a word of it.
    fn ghost_key(&mut self, key: KeyEvent) -> bool {
        let line = &mut self.line;
        let editing = &mut line.parts.editing;
        if line.ghost.is_empty() || editing.cursor() != editing.text().len() {
            return false;
        }
        let KeyEvent(code, modifiers) = key;
        let is_word = match modifiers {
            Modifiers::ALT => matches!(code, KeyCode::Right | KeyCode::Char('f')),
            Modifiers::CTRL => code == KeyCode::Right,
            _ => false,
        };
        let is_all = match modifiers {
            Modifiers::NONE => matches!(code, KeyCode::Right | KeyCode::End),
            Modifiers::CTRL => matches!(code, KeyCode::Char('F' | 'E')),
            _ => false,
        };
        if !is_word && !is_all {
            return false;
        }
        let mut taken = std::mem::take(&mut line.ghost);
        let length = if is_word { first_word(&taken) } else { taken.len() };
        let rest = taken.split_off(length);
        editing.insert(&taken);
        // The menu was for the word as it was.
        line.moved();
        line.ghost = rest;
        true
    }

    /// Enter: a whole statement is run, another goes on in a new line.
    fn accept(&mut self) -> io::Result<Next> {
        let line = &mut self.line;
        let text = line.parts.editing.text();
        let is_whole = line.kind != TypedLine::Statement
            || line.parts.canvas.is_plain()
            || text.trim().is_empty()
            || line.host.ends_statement(text);
        if !is_whole {
            line.parts.editing.open_line();
            line.menu = None;
            line.changed();
            return Ok(Next::Key);
        }
        let text = text.as_bytes().to_vec();
        line.close(b"")?;
        line.parts.editing.start("", 0, line.parts.history.entries());
        Ok(Next::Done(ReadLine::Line(text)))
    }

    /// Ctrl-C, which a terminal shows where it is pressed. What was typed can be recalled.
    fn interrupt(&mut self) -> io::Result<ReadLine> {
        let line = &mut self.line;
        line.close(b"^C")?;
        if line.kind != TypedLine::Data {
            line.parts.editing.text().clone_into(&mut line.parts.abandoned);
        }
        line.parts.editing.start("", 0, line.parts.history.entries());
        Ok(ReadLine::Interrupted)
    }

    /// Ctrl-Z.
    fn suspend(&mut self) -> io::Result<()> {
        self.line.close(b"")?;
        self.line.parts.suspension.stop()?;
        self.line.parts.signals.forget_continued();
        self.line.begin()
    }

    /// The time is up that was waited for.
    fn time_is_up(&mut self) -> io::Result<Next> {
        let now = Instant::now();
        if self.key_ends.is_some_and(|at| at <= now) {
            self.key_ends = None;
            let parts = &mut *self.line.parts;
            let next = if parts.keys.waits_for_more() {
                match parts.keys.finish_paste().or_else(|| parts.keys.next(true)) {
                    Some(input) => self.take_input(input)?,
                    None => Next::Key,
                }
            } else {
                let effect = parts.editing.timed_out(parts.history.entries());
                self.take_effect(effect)?
            };
            if matches!(next, Next::Done(_)) {
                return Ok(next);
            }
        }
        if self.line.settles.is_some_and(|at| at <= now) {
            self.settle();
        }
        Ok(Next::Key)
    }

    /// After a pause: colours, ghost text, the menu.
    fn settle(&mut self) {
        let line = &mut self.line;
        line.settles = None;
        if line.parts.canvas.is_plain() || line.kind == TypedLine::Data || line.search.is_some() {
            return;
        }
        line.has_paused = true;
        line.find_colours(Some(line.parts.editing.cursor()));
        // vi's commands are for what is there.
        if line.parts.editing.mode() != Mode::ViCommand {
            line.find_ghost();
            line.offer_menu();
            line.find_signature();
            if line.host.awaits_names() {
                line.settles = Some(Instant::now() + ANSWERS);
            }
        }
    }

    /// The terminal has another size: everything is drawn anew where the prompt began.
    fn resize(&mut self) -> io::Result<()> {
        let Size { columns, rows: height } = self.line.size();
        let Canvas::Screen(drawn) = &self.line.parts.canvas else { return Ok(()) };
        let (rows, cursor) = drawn.shown();
        if columns == drawn.columns() && rows.len() <= height {
            return Ok(());
        }
        let rewrapped = resize::rewrapped(rows, cursor, columns);
        let cut = resize::cut(rows, cursor, columns);
        let is_rewrapped = rewrapped.1 != cut.1
            && cursor_column(&mut self.line)?.is_some_and(|column| column == rewrapped.1.column);
        let (rows, mut cursor) = if is_rewrapped { rewrapped } else { cut };
        // What is above the screen's edge can't be drawn any more.
        cursor.row = cursor.row.min(height - 1);
        if let Canvas::Screen(drawn) = &mut self.line.parts.canvas {
            drawn.resized(columns, rows, cursor);
        }
        self.line.redraw()
    }

    /// Opens what is typed in the user's text editor, and accepts what comes back.
    fn edit_externally(&mut self) -> io::Result<Next> {
        let line = &mut self.line;
        line.close(b"")?;
        let text = line.parts.editing.text().to_owned();
        self.modes.leave()?;
        let edited = line.host.edit_text(&text);
        self.modes.set()?;
        line.begin()?;
        if let Some(edited) = edited {
            let edited = edited.trim_end_matches('\n');
            line.parts.editing.set(edited, edited.len());
            if line.host.ends_statement(edited) {
                line.draw()?;
                return self.accept();
            }
        }
        line.changed();
        Ok(Next::Key)
    }
}

/// The column the cursor is in, from 0, if the terminal says so in time.
fn cursor_column(line: &mut Line<'_>) -> io::Result<Option<usize>> {
    write(b"\x1b[6n")?;
    let deadline = Instant::now() + CURSOR_REPORT;
    let mut came = Vec::new();
    let mut column = None;
    while column.is_none() && is_readable(deadline.saturating_duration_since(Instant::now())) {
        let mut byte = [0];
        if rustix::io::read(io::stdin(), &mut byte)? == 0 {
            break;
        }
        came.push(byte[0]);
        if let Some((start, found)) = cursor_report(&came) {
            column = Some(found);
            came.truncate(start);
        }
    }
    // Keys that were pressed meanwhile.
    line.parts.keys.feed(&came);
    Ok(column)
}

/// Where a terminal's report of its cursor begins that ends `bytes`, and the column it says, from 0.
fn cursor_report(bytes: &[u8]) -> Option<(usize, usize)> {
    let body = bytes.strip_suffix(b"R")?;
    let start = body.windows(2).rposition(|pair| pair == b"\x1b[")?;
    let text = std::str::from_utf8(&body[start + 2..]).ok()?;
    let (row, column) = text.split_once(';')?;
    row.parse::<usize>().ok()?;
    Some((start, column.parse::<usize>().ok()?.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_the_cursor() {
        for (bytes, report) in [
            (&b"\x1b[12;40R"[..], Some((0, 39))),
            (b"ab\x1b[1;1R", Some((2, 0))),
            (b"\x1b[1;1", None),
            (b"\x1b[R", None),
            (b"R", None),
        ] {
            assert_eq!(cursor_report(bytes), report);
        }
    }
}
