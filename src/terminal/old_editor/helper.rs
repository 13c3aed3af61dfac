//! What rustyline asks while a line is edited: candidates for Tab, and colours.
//!
//! Runs on the editor's thread, and has the caller's thread find the candidates.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};

use rustyline::Context;
use rustyline::completion::Pair;
use rustyline::highlight::CmdKind;

use super::keys::Listing;
use super::rows::is_tall;
use crate::completion;
use crate::encoding::terminal_safe::{is_safe, is_unsafe};
use crate::highlight::{self, Style};
use crate::terminal::{screen, signal};

/// The most candidates offered at once; rustyline counts them in 16 bits.
const MAX_CANDIDATES: usize = 5000;

/// What the editor's thread asks of the caller's.
pub(super) enum Request {
    /// Candidates for this text with the cursor there.
    Complete { text: String, cursor: usize },
    /// Nothing more: the line is read.
    Done(rustyline::Result<String>),
}

/// Where the word to complete begins, and what it may become.
pub(super) type Candidates = (usize, Vec<completion::Candidate>);

/// rustyline's helper, on the editor's thread.
pub(super) struct Helper {
    listing: Arc<Listing>,
    style: Style,
    /// Whether the line is data rather than SQL.
    pub is_data: bool,
    /// The statement's earlier lines, each with its end.
    earlier: String,
    caller: Caller,
    /// Whether the line is being drawn for the last time.
    accepting: Cell<bool>,
    /// Whether the editor has drawn the line, and so has SIGINT.
    has_begun: Cell<bool>,
    /// The line as it is on the screen.
    drawn: RefCell<String>,
}

/// The caller's thread, which waits for requests.
pub(super) struct Caller {
    requests: Sender<Request>,
    /// Wakes the caller, who polls the other end.
    wake: UnixStream,
    candidates: Mutex<Receiver<Candidates>>,
}

impl Caller {
    /// Reached by these ends of its channels.
    pub fn new(
        requests: Sender<Request>,
        wake: UnixStream,
        candidates: Receiver<Candidates>,
    ) -> Caller {
        Caller { requests, wake, candidates: Mutex::new(candidates) }
    }

    /// Sends a request, and wakes the caller; false if it is not there.
    fn send(&self, request: Request) -> bool {
        self.requests.send(request).is_ok() && (&self.wake).write_all(b"?").is_ok()
    }

    /// The candidates for this text with the cursor there.
    fn complete(&self, text: String, cursor: usize) -> Option<Candidates> {
        if !self.send(Request::Complete { text, cursor }) {
            return None;
        }
        self.candidates.lock().ok()?.recv().ok()
    }
}

impl Helper {
    /// A helper for an editor that colours in this style.
    pub fn new(listing: Arc<Listing>, style: Style, caller: Caller) -> Helper {
        Helper {
            listing,
            style,
            is_data: false,
            earlier: String::new(),
            caller,
            accepting: Cell::new(false),
            has_begun: Cell::new(false),
            drawn: RefCell::default(),
        }
    }

    /// Sets what was read of the statement before the line.
    pub fn set_earlier(&mut self, earlier: &[u8]) {
        self.earlier = String::from_utf8_lossy(earlier).into_owned();
        if !self.earlier.is_empty() && !self.earlier.ends_with('\n') {
            self.earlier.push('\n');
        }
    }

    /// Tells the caller that the line is read.
    pub fn done(&self, line: rustyline::Result<String>) {
        self.has_begun.set(false);
        // The caller waits for this message as long as the editor runs.
        let _ = self.caller.send(Request::Done(line));
    }
}

impl rustyline::Helper for Helper {}

impl rustyline::validate::Validator for Helper {}

impl rustyline::hint::Hinter for Helper {
    type Hint = String;
}

impl rustyline::completion::Completer for Helper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        self.listing.is_ambiguous.store(false, Ordering::Relaxed);
        let text = format!("{}{line}", self.earlier);
        let nothing = (cursor, Vec::new());
        let candidates = self.caller.complete(text, self.earlier.len() + cursor);
        let Some((start, candidates)) = candidates else { return Ok(nothing) };
        let start = start.saturating_sub(self.earlier.len()).min(cursor);
        let candidates =
            candidates.into_iter().filter(completion::Candidate::is_harmless).take(MAX_CANDIDATES);
        let pairs = candidates.map(|c| Pair {
            display: String::from_utf8_lossy(&c.shown).into_owned(),
            replacement: String::from_utf8_lossy(&c.text).into_owned(),
        });
        let pairs: Vec<_> = pairs.collect();
        self.listing.is_ambiguous.store(pairs.len() > 1, Ordering::Relaxed);
        Ok((start, pairs))
    }
}

impl Helper {
    /// The line with its colours; without them if it is data, or so tall that a part of it has left
    /// the screen: a redrawn one would scroll by each time.
    fn painted<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if self.is_data || is_tall(line, screen::size()) {
            return Cow::Borrowed(line);
        }
        let cursor = (!self.accepting.get()).then_some(cursor);
        highlight::line(&self.earlier, line, cursor, self.style)
    }

    /// The line as it is drawn: without characters that the terminal would obey, which rustyline
    /// takes for zero columns wide too. They come by pasting, or from histories that others wrote.
    fn drawable<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if is_safe(line.as_bytes()) {
            return self.painted(line, cursor);
        }
        let shown: String = line.chars().filter(|c| !is_unsafe(*c)).collect();
        Cow::Owned(self.painted(&shown, shown.len()).into_owned())
    }
}

impl rustyline::highlight::Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        self.listing.has_started.store(false, Ordering::Relaxed);
        // The editor calls this first once it reads keys.
        if !self.has_begun.replace(true) {
            signal::share_sigint();
        }
        let painted = self.drawable(line, cursor);
        painted.as_ref().clone_into(&mut self.drawn.borrow_mut());
        painted
    }

    /// Whether the line must be redrawn: to move the cursor, and to write or erase at the end,
    /// rustyline need not.
    fn highlight_char(&self, line: &str, cursor: usize, kind: CmdKind) -> bool {
        // Nothing is marked in a line that was accepted.
        self.accepting.set(kind == CmdKind::ForcedRefresh);
        let painted = self.drawable(line, cursor);
        let mut drawn = self.drawn.borrow_mut();
        let more = painted.strip_prefix(drawn.as_str());
        let fewer = drawn.strip_prefix(painted.as_ref());
        let differs = match more.or(fewer) {
            Some(end) if kind == CmdKind::Other => end.contains('\x1b'),
            Some(end) => !end.is_empty(),
            None => true,
        };
        painted.as_ref().clone_into(&mut drawn);
        differs
    }
}
