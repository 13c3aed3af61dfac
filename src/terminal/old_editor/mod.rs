//! The line editor: keys, prompt, history, Tab and colours, on rustyline.
//!
//! Owns reading a line from the user. Never knows a session: what Tab offers, and what comes in
//! meanwhile, is asked of an [`EditorHost`] on the caller's thread while the editor runs on one of
//! its own.
//!
//! The shell reads line by line, as psql does, and adds each whole statement to the history with
//! [`Editor::add_history`]. A statement recalled from history is edited as one text of several
//! lines; Enter accepts all of it, and [`Editor::read_line`] hands its lines out one after the
//! other.

mod helper;
mod keys;
mod rows;

use std::collections::VecDeque;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustyline::config::BellStyle;
use rustyline::error::ReadlineError;
use rustyline::{
    Cmd, EditMode, Event, EventHandler, ExternalPrinter, KeyCode, KeyEvent, Modifiers,
};

use super::editor_host::EditorHost;
use super::history::History;
use super::inputrc::Inputrc;
use super::read_line::ReadLine;
use super::signal::{self, Interrupts, Suspension};
use crate::completion;
use crate::highlight::Style;
use crate::prompt;
use crate::variables::HistControl;
use helper::{Caller, Candidates, Helper, Request};
use keys::{EchoedInterrupt, Listing, Tab};

/// An editor's options.
#[derive(Debug, Default)]
pub struct Options {
    /// Keys and bell, as the user's inputrc has them.
    pub inputrc: Inputrc,
    /// Whether what is typed is coloured.
    pub style: Style,
}

/// The line editor of one shell.
pub struct Editor {
    inner: rustyline::Editor<Helper, History>,
    requests: Receiver<Request>,
    candidates: Sender<Candidates>,
    /// Readable when there is a request.
    wake: UnixStream,
    /// Takes what is to be printed above the line.
    printer: Sender<String>,
    /// Further lines of a text accepted at once: a recalled statement, a paste.
    accepted: VecDeque<Vec<u8>>,
    /// Whether what is typed is data: Tab is a character of its own then.
    is_data: Arc<AtomicBool>,
}

impl Editor {
    /// Whether the terminal `term` (TERM) can do what the editor needs, which one without a name
    /// can't. If not, the caller reads plain lines.
    pub fn supports(term: Option<&str>) -> bool {
        !matches!(term, None | Some("" | "dumb" | "cons25" | "emacs"))
    }

    /// An editor with a history.
    ///
    /// # Errors
    /// When the terminal can't be used.
    pub fn new(options: Options, history: History) -> io::Result<Editor> {
        let inputrc = options.inputrc;
        signal::restore_terminal_when_killed(inputrc.bracketed_paste)?;
        let suspension = Suspension::new(inputrc.bracketed_paste)?;
        let mut config = rustyline::Config::builder()
            .auto_add_history(false)
            .completion_type(rustyline::CompletionType::List)
            .completion_show_all_if_ambiguous(inputrc.show_all_if_ambiguous)
            .bell_style(if inputrc.bell { BellStyle::Audible } else { BellStyle::None })
            .bracketed_paste(inputrc.bracketed_paste)
            .tab_stop(8);
        if inputrc.vi {
            // In vi mode Escape is a key by itself: it must not wait for another.
            config = config.edit_mode(EditMode::Vi).keyseq_timeout(Some(50));
        }
        let mut inner =
            rustyline::Editor::with_history(config.build(), history).map_err(into_io)?;
        let (send_request, requests) = mpsc::channel();
        let (candidates, receive_candidates) = mpsc::channel();
        let (wake, write_end) = UnixStream::pair()?;
        let caller = Caller::new(send_request, write_end, receive_candidates);
        let printer = spawn_printer(inner.create_external_printer().map_err(into_io)?)?;
        let listing = Arc::new(Listing::default());
        inner.set_helper(Some(Helper::new(Arc::clone(&listing), options.style, caller)));
        let is_data = Arc::new(AtomicBool::new(false));
        inner.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
        inner.bind_sequence(
            KeyEvent(KeyCode::Tab, Modifiers::NONE),
            EventHandler::Conditional(Box::new(Tab {
                is_data: Arc::clone(&is_data),
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
        Ok(Editor {
            inner,
            requests,
            candidates,
            wake,
            printer,
            accepted: VecDeque::new(),
            is_data,
        })
    }

    /// Reads one line. `prompt` is a rendered prompt with its marks ([`prompt::render`]);
    /// `earlier` is what was read of the statement so far, in whole lines.
    ///
    /// # Errors
    /// When the terminal fails, or sends bytes that are not UTF-8 ([`io::ErrorKind::InvalidData`]):
    /// that line is lost, and the next one can be read.
    pub fn read_line(
        &mut self,
        prompt: &[u8],
        earlier: &[u8],
        interrupts: Option<&Interrupts>,
        host: &mut dyn EditorHost,
    ) -> io::Result<ReadLine> {
        if let Some(line) = self.accepted.pop_front() {
            return Ok(ReadLine::Line(line));
        }
        let raw = String::from_utf8_lossy(&prompt::visible(prompt)).into_owned();
        let styled = String::from_utf8_lossy(&prompt::without_marks(prompt)).into_owned();
        let is_data = host.catalog().is_none();
        self.is_data.store(is_data, Ordering::Relaxed);
        if let Some(helper) = self.inner.helper_mut() {
            helper.is_data = is_data;
            helper.set_earlier(earlier);
        }
        let line = self.run(&(raw, styled), interrupts, host);
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

    /// Runs the editor on a thread of its own and serves its requests on this one, where the host
    /// lives.
    fn run(
        &mut self,
        prompt: &(String, String),
        interrupts: Option<&Interrupts>,
        host: &mut dyn EditorHost,
    ) -> rustyline::Result<String> {
        let mut interrupted = false;
        signal::note_sigint();
        let Editor { inner, requests, candidates, wake, printer, .. } = self;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let line = inner.readline(prompt);
                if let Some(helper) = inner.helper() {
                    helper.done(line);
                }
            });
            loop {
                interrupted |= wait_for_request(wake, printer, interrupts, host)?;
                match requests.recv() {
                    Ok(Request::Complete { text, cursor }) => {
                        let found = match host.catalog() {
                            Some(catalog) => completion::complete(text.as_bytes(), cursor, catalog),
                            None => (cursor, Vec::new()),
                        };
                        if candidates.send(found).is_err() {
                            return Err(ReadlineError::Eof);
                        }
                    }
                    // The interrupt came before the line was whole.
                    Ok(Request::Done(Ok(_))) if interrupted => {
                        return Err(ReadlineError::Interrupted);
                    }
                    Ok(Request::Done(line)) => return line,
                    Err(_) => return Err(ReadlineError::Eof),
                }
            }
        })
    }

    /// Whether lines of a text already accepted wait to be read; no prompt is shown for them.
    pub fn has_accepted_lines(&self) -> bool {
        !self.accepted.is_empty()
    }

    /// Drops the rest of a text already accepted: after Ctrl-C, as the kernel drops what was typed
    /// ahead.
    pub fn drop_accepted_lines(&mut self) {
        self.accepted.clear();
    }

    /// Adds a whole statement (or meta-command) to the history.
    ///
    /// # Errors
    /// When the history file can't be written.
    pub fn add_history(&mut self, text: &[u8], control: HistControl) -> io::Result<bool> {
        self.inner.history_mut().add_entry(text, control)
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

/// How long the editor may take to end by a SIGINT before it is told of it.
const INTERRUPTING: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// Waits for a request, and meanwhile shows what comes in. Returns whether a SIGINT came; the editor is
/// told of one that it did not catch, because it was about to begin.
fn wait_for_request(
    wake: &mut UnixStream,
    printer: &Sender<String>,
    interrupts: Option<&Interrupts>,
    host: &mut dyn EditorHost,
) -> io::Result<bool> {
    let mut interrupted = false;
    loop {
        let output = host.take_output();
        if !output.is_empty() {
            // The printer lives as long as the editor.
            let _ = printer.send(String::from_utf8_lossy(&output).into_owned());
        }
        let mut fds = vec![PollFd::new(&*wake, PollFlags::IN)];
        let others = [interrupts.map(Interrupts::fd), host.poll_fd()];
        fds.extend(
            others.into_iter().flatten().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
        );
        match poll(&mut fds, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        if !fds[0].revents().is_empty() {
            wake.read_exact(&mut [0])?;
            return Ok(interrupted || interrupts.is_some_and(Interrupts::take));
        }
        if interrupts.is_some_and(Interrupts::take) {
            interrupted = true;
            let mut fds = [PollFd::new(&*wake, PollFlags::IN)];
            if poll(&mut fds, Some(&INTERRUPTING)) == Ok(0) {
                let _ = signal_hook::low_level::raise(signal_hook::consts::SIGINT);
            }
        }
    }
}

/// Prints above the line, on a thread of its own: the editor takes a text when it comes to it, and
/// may first have a request that must be served.
fn spawn_printer(mut printer: impl ExternalPrinter + Send + 'static) -> io::Result<Sender<String>> {
    let (sender, texts) = mpsc::channel();
    let print = move || {
        for text in texts {
            // A terminal that went away is the editor's to report.
            let _ = printer.print(text);
        }
    };
    std::thread::Builder::new().name("printer".to_owned()).stack_size(64 << 10).spawn(print)?;
    Ok(sender)
}

fn into_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    }
}
