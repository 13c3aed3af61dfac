//! The line editor: keys, prompt, history, Tab and colours, on rustyline.
//!
//! Owns reading a line from the person. Never knows a session: what Tab offers, and what comes in
//! meanwhile, is asked of a [`EditorHost`] on the caller's thread while the editor runs on one of its
//! own.
//!
//! The shell reads line by line, as psql does, and tells the editor each whole statement with
//! [`Editor::add_history`]. A statement recalled from history is edited as one text of several lines;
//! Enter accepts all of it, and [`Editor::read_line`] hands its lines out one after the other.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustyline::completion::Pair;
use rustyline::config::BellStyle;
use rustyline::error::ReadlineError;
use rustyline::highlight::CmdKind;
use rustyline::{
    Cmd, ConditionalEventHandler, Context, EditMode, Event, EventContext, EventHandler,
    ExternalPrinter, KeyCode, KeyEvent, Modifiers, Movement, RepeatCount,
};

use super::history::History;
use super::inputrc::Inputrc;
use super::read_line::ReadLine;
use super::signal::{Interrupts, Suspension};
use crate::completion::{self, Catalog};
use crate::encoding::terminal_safe::{is_safe, is_unsafe};
use crate::highlight::{self, Style};
use crate::prompt;
use crate::variables::HistControl;

/// The most candidates offered at once; rustyline counts them in 16 bits.
const MAX_CANDIDATES: usize = 5000;

/// Whom the editor asks while a line is typed.
pub trait EditorHost {
    /// Where Tab's candidates come from. Without it the line is data, not SQL: nothing is completed
    /// or coloured.
    fn catalog(&mut self) -> Option<&mut dyn Catalog>;
    /// What becomes readable when there is news.
    fn poll_fd(&self) -> Option<BorrowedFd<'_>>;
    /// Takes the news, to be shown above the line; empty if there is nothing to show.
    fn take_output(&mut self) -> Vec<u8>;
}

/// How an editor behaves.
#[derive(Debug, Default)]
pub struct Options {
    /// Keys and bell, as the person's inputrc has them.
    pub inputrc: Inputrc,
    /// Whether what is typed is coloured.
    pub style: Style,
}

/// The line editor of one shell.
pub struct Editor {
    inner: rustyline::Editor<Helper, History>,
    questions: Receiver<Question>,
    answers: Sender<Answer>,
    /// Readable when there is a question.
    asked: UnixStream,
    /// Takes what is to be shown above the line.
    above: Sender<String>,
    /// Further lines of a text accepted at once: a recalled statement, a paste.
    accepted: VecDeque<Vec<u8>>,
    /// Whether what is typed is data: Tab is a character of its own then.
    data: Arc<AtomicBool>,
}

/// What the editor's thread wants of the caller's.
enum Question {
    /// Candidates for this text with the cursor there.
    Complete { text: String, cursor: usize },
    /// Nothing more: the line is read.
    Done(rustyline::Result<String>),
}

type Answer = (usize, Vec<completion::Candidate>);

impl Editor {
    /// Whether the terminal `term` (TERM) can do what the editor needs; of one without a name nobody
    /// knows. If not, the caller reads plain lines.
    pub fn supports(term: Option<&str>) -> bool {
        !matches!(term, None | Some("" | "dumb" | "cons25" | "emacs"))
    }

    /// An editor with a history.
    ///
    /// # Errors
    /// When the terminal can't be used.
    pub fn new(options: Options, history: History) -> io::Result<Editor> {
        super::signal::restore_terminal_when_killed()?;
        let inputrc = options.inputrc;
        let suspension = Suspension::new(inputrc.bracketed_paste)?;
        let mut config = rustyline::Config::builder()
            .auto_add_history(false)
            .completion_type(rustyline::CompletionType::List)
            .completion_show_all_if_ambiguous(inputrc.show_all_if_ambiguous)
            .bell_style(if inputrc.bell { BellStyle::Audible } else { BellStyle::None })
            .bracketed_paste(inputrc.bracketed_paste)
            .tab_stop(8);
        if inputrc.vi {
            // In vi mode Escape is a key of its own: it must not wait for another.
            config = config.edit_mode(EditMode::Vi).keyseq_timeout(Some(50));
        }
        let mut inner =
            rustyline::Editor::with_history(config.build(), history).map_err(into_io)?;
        let (ask, questions) = mpsc::channel();
        let (answers, answer) = mpsc::channel();
        let (asked, bell) = UnixStream::pair()?;
        let above = printer(inner.create_external_printer().map_err(into_io)?)?;
        let listing = Arc::new(Listing::default());
        inner.set_helper(Some(Helper {
            listing: Arc::clone(&listing),
            style: options.style,
            data: false,
            earlier: String::new(),
            ask,
            bell,
            answer: Mutex::new(answer),
            accepting: Cell::new(false),
            drawn: RefCell::default(),
        }));
        let data = Arc::new(AtomicBool::new(false));
        inner.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
        inner.bind_sequence(
            KeyEvent(KeyCode::Tab, Modifiers::NONE),
            EventHandler::Conditional(Box::new(Tab {
                data: Arc::clone(&data),
                listing: Arc::clone(&listing),
            })),
        );
        inner.bind_sequence(
            KeyEvent(KeyCode::Char('C'), Modifiers::CTRL),
            EventHandler::Conditional(Box::new(EchoedInterrupt(listing))),
        );
        inner.bind_sequence(
            KeyEvent(KeyCode::Char('Z'), Modifiers::CTRL),
            EventHandler::Conditional(Box::new(suspension)),
        );
        for (keys, command) in inputrc.bindings {
            inner.bind_sequence(Event::KeySeq(keys), command);
        }
        Ok(Editor { inner, questions, answers, asked, above, accepted: VecDeque::new(), data })
    }

    /// Reads one line. `prompt` is a rendered prompt with its marks ([`prompt::render`]);
    /// `earlier` is what was read of the statement so far, whole lines; `initial` stands in the
    /// line already.
    ///
    /// # Errors
    /// When the terminal fails, or sends bytes that are not UTF-8 ([`io::ErrorKind::InvalidData`]):
    /// that line is lost, and the next one can be read.
    pub fn read_line(
        &mut self,
        prompt: &[u8],
        earlier: &[u8],
        initial: &str,
        interrupts: Option<&Interrupts>,
        host: &mut dyn EditorHost,
    ) -> io::Result<ReadLine> {
        if let Some(line) = self.accepted.pop_front() {
            return Ok(ReadLine::Line(line));
        }
        let raw = String::from_utf8_lossy(&prompt::visible(prompt)).into_owned();
        let styled = String::from_utf8_lossy(&prompt::without_marks(prompt)).into_owned();
        let data = host.catalog().is_none();
        self.data.store(data, Ordering::Relaxed);
        if let Some(helper) = self.inner.helper_mut() {
            helper.data = data;
            helper.earlier = String::from_utf8_lossy(earlier).into_owned();
            if !helper.earlier.is_empty() && !helper.earlier.ends_with('\n') {
                helper.earlier.push('\n');
            }
        }
        let line = self.converse(&(raw, styled), initial, interrupts, host);
        match line {
            Ok(text) => {
                self.accepted.extend(text.split('\n').map(|line| line.as_bytes().to_vec()));
                Ok(ReadLine::Line(self.accepted.pop_front().unwrap_or_default()))
            }
            Err(ReadlineError::Interrupted) => Ok(ReadLine::Interrupted),
            Err(ReadlineError::Eof) => Ok(ReadLine::Eof),
            Err(error) => Err(into_io(error)),
        }
    }

    /// Runs the editor on a thread of its own and answers its questions on this one, where the
    /// host lives.
    fn converse(
        &mut self,
        prompt: &(String, String),
        initial: &str,
        interrupts: Option<&Interrupts>,
        host: &mut dyn EditorHost,
    ) -> rustyline::Result<String> {
        let mut interrupted = false;
        let Editor { inner, questions, answers, asked, above, .. } = self;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let line = inner.readline_with_initial(prompt, (initial, ""));
                if let Some(helper) = inner.helper() {
                    helper.done(line);
                }
            });
            loop {
                interrupted |= attend(asked, above, interrupts, host)?;
                match questions.recv() {
                    Ok(Question::Complete { text, cursor }) => {
                        let answer = match host.catalog() {
                            Some(catalog) => completion::complete(text.as_bytes(), cursor, catalog),
                            None => (cursor, Vec::new()),
                        };
                        if answers.send(answer).is_err() {
                            return Err(ReadlineError::Eof);
                        }
                    }
                    // The interrupt came before the line was whole.
                    Ok(Question::Done(Ok(_))) if interrupted => {
                        return Err(ReadlineError::Interrupted);
                    }
                    Ok(Question::Done(line)) => return line,
                    Err(_) => return Err(ReadlineError::Eof),
                }
            }
        })
    }

    /// Whether lines of a text already accepted wait to be read; no prompt is shown for them.
    pub fn has_accepted_lines(&self) -> bool {
        !self.accepted.is_empty()
    }

    /// Forgets the rest of a text already accepted: after Ctrl-C, as the kernel forgets what was
    /// typed ahead.
    pub fn drop_accepted_lines(&mut self) {
        self.accepted.clear();
    }

    /// Adds a whole statement (or meta-command) to the history.
    ///
    /// # Errors
    /// When the history file can't be written.
    pub fn add_history(&mut self, text: &[u8], control: HistControl) -> io::Result<bool> {
        self.inner.history_mut().add(text, control)
    }

    /// The history, for `\s`.
    pub fn history(&self) -> &History {
        self.inner.history()
    }

    /// The history, to change its limit (HISTSIZE).
    pub fn history_mut(&mut self) -> &mut History {
        self.inner.history_mut()
    }
}

/// Waits for a question, and meanwhile shows what news the host has. Tells whether a SIGINT came
/// that the editor did not catch, because it was about to begin or to end: the editor is told of it.
fn attend(
    asked: &mut UnixStream,
    above: &Sender<String>,
    interrupts: Option<&Interrupts>,
    host: &mut dyn EditorHost,
) -> io::Result<bool> {
    let mut interrupted = false;
    loop {
        let news = host.take_output();
        if !news.is_empty() {
            // Who takes it lives as long as the editor.
            let _ = above.send(String::from_utf8_lossy(&news).into_owned());
        }
        let mut fds = vec![PollFd::new(&*asked, PollFlags::IN)];
        let others = [interrupts.map(Interrupts::fd), host.poll_fd()];
        fds.extend(
            others.into_iter().flatten().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
        );
        match poll(&mut fds, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        if !fds[0].revents().is_empty() {
            asked.read_exact(&mut [0])?;
            return Ok(interrupted || interrupts.is_some_and(Interrupts::take));
        }
        if interrupts.is_some_and(Interrupts::take) {
            interrupted = true;
            // Until the editor catches the signal, it comes back here.
            std::thread::sleep(Duration::from_millis(1));
            let _ = signal_hook::low_level::raise(signal_hook::consts::SIGINT);
        }
    }
}

/// Prints above the line, on a thread of its own: the editor takes a text when it comes to it, and
/// may first have a question that must be answered.
fn printer(mut above: impl ExternalPrinter + Send + 'static) -> io::Result<Sender<String>> {
    let (sender, texts) = mpsc::channel();
    let print = move || {
        for text in texts {
            // A terminal that went away is the editor's to report.
            let _ = above.print(text);
        }
    };
    std::thread::Builder::new().name("news".to_owned()).stack_size(64 << 10).spawn(print)?;
    Ok(sender)
}

fn into_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// Whether candidates are being listed: rustyline asks before it lists many, and after each screen.
#[derive(Default)]
struct Listing {
    /// There is more than one candidate: another Tab lists them.
    ambiguous: AtomicBool,
    /// That Tab came, and the line was not drawn since.
    begun: AtomicBool,
}

/// Tab, a character while data are typed.
struct Tab {
    data: Arc<AtomicBool>,
    listing: Arc<Listing>,
}

impl ConditionalEventHandler for Tab {
    fn handle(&self, _: &Event, count: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        let ambiguous = self.listing.ambiguous.load(Ordering::Relaxed);
        self.listing.begun.store(ambiguous, Ordering::Relaxed);
        self.data.load(Ordering::Relaxed).then(|| Cmd::Insert(count, "\t".to_owned()))
    }
}

/// Ctrl-C, which a terminal shows where it is pressed.
struct EchoedInterrupt(Arc<Listing>);

impl ConditionalEventHandler for EchoedInterrupt {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        // A terminal that went away is the editor's to report.
        let _ = rustix::io::write(io::stdout(), b"^C");
        if !self.0.begun.load(Ordering::Relaxed) {
            return Some(Cmd::Interrupt);
        }
        // rustyline's question takes no Ctrl-C for an answer, but a backspace for a no. The line
        // is dropped by the signal, which rustyline catches and looks at after that.
        let _ = signal_hook::low_level::raise(signal_hook::consts::SIGINT);
        Some(Cmd::Kill(Movement::BackwardChar(1)))
    }
}

/// Ctrl-Z. rustyline's own takes the terminal back before the process is stopped.
impl ConditionalEventHandler for Suspension {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        // What others write meanwhile comes below the line, and the line again below that.
        let (columns, lines) = super::size().unwrap_or((80, 24));
        let (before, behind) = context.line().split_at(context.pos());
        let skip = |text| {
            let rows = rows(text, columns).min(lines);
            rustix::io::write(io::stdout(), &b"\r\n".repeat(rows - 1))
        };
        // A terminal that went away is the editor's to report.
        let _ = skip(behind).map_err(io::Error::from).and_then(|_| self.stop());
        let _ = skip(before);
        Some(Cmd::Repaint)
    }
}

/// What rustyline asks, on the editor's thread.
struct Helper {
    listing: Arc<Listing>,
    style: Style,
    /// Whether the line is data rather than SQL.
    data: bool,
    /// The statement's earlier lines, each with its end.
    earlier: String,
    ask: Sender<Question>,
    bell: UnixStream,
    answer: Mutex<Receiver<Answer>>,
    /// Whether the line is being drawn for the last time.
    accepting: Cell<bool>,
    /// The line as it is on the screen.
    drawn: RefCell<String>,
}

impl Helper {
    fn done(&self, line: rustyline::Result<String>) {
        // The other side waits for this message as long as the editor runs.
        let _ = self.ask(Question::Done(line));
    }

    /// Asks, and wakes the other side; false if it is not there.
    fn ask(&self, question: Question) -> bool {
        self.ask.send(question).is_ok() && (&self.bell).write_all(b"?").is_ok()
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
        self.listing.ambiguous.store(false, Ordering::Relaxed);
        let text = format!("{}{line}", self.earlier);
        let nothing = (cursor, Vec::new());
        if !self.ask(Question::Complete { text, cursor: self.earlier.len() + cursor }) {
            return Ok(nothing);
        }
        let Ok(answer) = self.answer.lock() else { return Ok(nothing) };
        let Ok((start, candidates)) = answer.recv() else { return Ok(nothing) };
        let start = start.saturating_sub(self.earlier.len()).min(cursor);
        // What the terminal would obey, or show as something else.
        let harmless = |c: &completion::Candidate| {
            is_safe(&c.text)
                && !c.text.iter().any(u8::is_ascii_control)
                && std::str::from_utf8(&c.text).is_ok()
        };
        let candidates = candidates.into_iter().filter(harmless).take(MAX_CANDIDATES);
        let pairs = candidates.map(|c| Pair {
            display: String::from_utf8_lossy(&c.shown).into_owned(),
            replacement: String::from_utf8_lossy(&c.text).into_owned(),
        });
        let pairs: Vec<_> = pairs.collect();
        self.listing.ambiguous.store(pairs.len() > 1, Ordering::Relaxed);
        Ok((start, pairs))
    }
}

impl Helper {
    /// The line with its colours; without, if it is data or so tall that a part of it has left the
    /// screen: what is drawn anew would scroll by each time.
    fn painted<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if self.data || is_tall(line, super::size()) {
            return Cow::Borrowed(line);
        }
        let cursor = (!self.accepting.get()).then_some(cursor);
        highlight::line(&self.earlier, line, cursor, self.style)
    }

    /// The line as it is drawn: without what the terminal would obey, which takes no room in
    /// rustyline's reckoning either. It comes by pasting, and of histories others wrote.
    fn drawable<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if is_safe(line.as_bytes()) {
            return self.painted(line, cursor);
        }
        let shown: String = line.chars().filter(|c| !is_unsafe(*c)).collect();
        Cow::Owned(self.painted(&shown, shown.len()).into_owned())
    }
}

/// Whether a text, behind a prompt, may take more than the screen's lines.
fn is_tall(text: &str, screen: Option<(usize, usize)>) -> bool {
    screen.is_some_and(|(columns, lines)| rows(text, columns) >= lines)
}

/// How many lines of the screen a text takes at most: a byte fills no more than a column.
fn rows(text: &str, columns: usize) -> usize {
    text.split('\n').map(|line| 1 + line.len() / columns).sum()
}

impl rustyline::highlight::Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        self.listing.begun.store(false, Ordering::Relaxed);
        let painted = self.drawable(line, cursor);
        painted.as_ref().clone_into(&mut self.drawn.borrow_mut());
        painted
    }

    /// Whether all must be drawn anew: rustyline moves the cursor, and writes or erases at the end,
    /// without.
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
