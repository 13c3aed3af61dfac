//! Talking with the person: prompts and lines, questions, the pager, the history.

use super::Shell;
use crate::encoding::terminal_safe::escaped;
use crate::lexer::{Environment, Prompt};
use crate::print::{self, Table};
use crate::prompt::{self, Connection, Kind, PromptContext, PromptVariables, Transaction};
use crate::session::TransactionStatus;
use crate::terminal::ReadLine;
use crate::terminal::editor::{Editor, Options};
use crate::terminal::history::History;
use crate::terminal::inputrc::Inputrc;
use crate::terminal::interruptible::is_interrupt;
use crate::terminal::pager::{self, Pager};
use crate::terminal::password::{self, Echo};
use crate::terminal::plain;
use std::borrow::Cow;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// What the person gave.
pub enum PersonLine {
    /// A line, without its end.
    Line(Vec<u8>),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D on an empty line, or the terminal went away.
    End,
}

impl PromptVariables for Shell {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.variables.get(name)
    }

    fn backquote(&mut self, command: &[u8]) -> Vec<u8> {
        Environment::backquote(self, command).unwrap_or_default()
    }
}

impl Shell {
    /// Opens the line editor with its history, if the terminal can do it.
    pub fn open_editor(&mut self) {
        let term = std::env::var("TERM").ok();
        if !Editor::supports(term.as_deref()) {
            return;
        }
        let limit = usize::try_from(self.settings().hist_size).ok();
        let (history, opened) = History::open(self.history_file(), limit);
        if let Err(error) = opened {
            self.warning(format!(
                "could not open the history file: {}",
                super::os_error_text(&error)
            ));
        }
        let inputrc = Inputrc::load(
            std::env::var_os("INPUTRC").map(PathBuf::from),
            dirs::home_dir().as_deref(),
        );
        let options = Options {
            inputrc,
            style: crate::highlight::Style::from_environment(
                std::env::var("NO_COLOR").ok().as_deref(),
                term.as_deref(),
            ),
        };
        self.editor = Editor::new(options, history).ok();
    }

    /// HISTFILE, PSQL_HISTORY, or a place of our own, shared with nothing else.
    fn history_file(&self) -> Option<PathBuf> {
        if let Some(name) = self.variables.get(b"HISTFILE") {
            let name = super::output::expand_tilde(name);
            return (!name.is_empty()).then(|| PathBuf::from(super::output::bytes_to_os(&name)));
        }
        if let Some(name) = std::env::var_os("PSQL_HISTORY") {
            return Some(PathBuf::from(name));
        }
        let folder = dirs::state_dir().or_else(dirs::data_local_dir)?;
        Some(folder.join("pgsh").join("history"))
    }

    /// Asks for a line of a statement, with the prompt `reason` calls for; `earlier` is what was
    /// typed of the statement already.
    pub fn ask_line(&mut self, reason: Prompt, inactive: bool, earlier: &[u8]) -> PersonLine {
        self.show_notifications();
        if self.editor.as_ref().is_some_and(Editor::has_accepted_lines) {
            // No prompt is shown for them, so none is made: it may run commands.
            return self.read_typed(b"", earlier, true);
        }
        let kind = match reason {
            Prompt::Ready => Kind::First,
            other => Kind::Continuation(other),
        };
        let name: &[u8] = if reason == Prompt::Ready { b"PROMPT1" } else { b"PROMPT2" };
        let rendered = self.render_prompt(name, kind, inactive, earlier);
        if reason == Prompt::Ready {
            self.prompt1_width = prompt::width(&rendered, self.encoding());
        }
        self.read_typed(&rendered, earlier, true)
    }

    /// Asks for a line of COPY data with PROMPT3; `Ok(None)` at the end of input, an error on
    /// Ctrl-C.
    pub(super) fn read_copy_line(&mut self) -> Result<Option<Vec<u8>>, ()> {
        let rendered = self.render_prompt(b"PROMPT3", Kind::Copy, false, b"");
        match self.read_typed(&rendered, b"", false) {
            PersonLine::Line(line) => Ok(Some(line)),
            PersonLine::End => Ok(None),
            PersonLine::Interrupted => Err(()),
        }
    }

    /// Reads a line, with the editor where there is one; it is SQL or COPY data.
    fn read_typed(&mut self, rendered: &[u8], earlier: &[u8], sql: bool) -> PersonLine {
        self.output.flush();
        if self.take_interrupt_at_prompt() {
            return PersonLine::Interrupted;
        }
        let Some(mut editor) = self.editor.take() else { return self.read_plain(rendered, sql) };
        let interrupts = self.interrupts.clone();
        let line = loop {
            let mut host = super::catalog::ShellCatalog::new(self, sql);
            match editor.read_line(rendered, earlier, "", interrupts.as_deref(), &mut host) {
                Ok(ReadLine::Line(text)) => break PersonLine::Line(text),
                Ok(ReadLine::Interrupted) => break PersonLine::Interrupted,
                Ok(ReadLine::Eof) => break PersonLine::End,
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    self.error("the line was not valid UTF-8 and is ignored");
                }
                Err(error) => {
                    self.error(format!("could not read from the terminal: {error}"));
                    break PersonLine::End;
                }
            }
        };
        self.editor = Some(editor);
        self.count_typed_line();
        if self.take_interrupt().is_some() {
            self.forget_typed_ahead();
            return PersonLine::Interrupted;
        }
        line
    }

    /// Reads a line without an editor (`-n`, or a terminal that can do nothing).
    fn read_plain(&mut self, rendered: &[u8], sql: bool) -> PersonLine {
        let prompt = prompt::without_marks(rendered);
        let interrupt = self.interrupts.as_ref().and_then(|i| i.try_clone_fd().ok());
        let mut host = super::catalog::ShellCatalog::new(self, sql);
        match plain::read_line(&prompt, interrupt.as_ref().map(AsFd::as_fd), &mut host) {
            Ok(ReadLine::Line(line)) => {
                self.count_typed_line();
                PersonLine::Line(line)
            }
            Ok(ReadLine::Interrupted) => {
                self.forget_interrupt();
                let _ = self.output.stdout().write_all(b"\n");
                PersonLine::Interrupted
            }
            Ok(ReadLine::Eof) | Err(_) => PersonLine::End,
        }
    }

    fn count_typed_line(&mut self) {
        if let Some(source) = self.input.current() {
            source.count_lines(1);
        }
    }

    fn render_prompt(
        &mut self,
        name: &[u8],
        kind: Kind,
        inactive: bool,
        earlier: &[u8],
    ) -> Vec<u8> {
        let template = self.variables.get(name).unwrap_or_default().to_vec();
        let lines =
            1 + memchr::memchr_iter(b'\n', earlier).count() as u64 + u64::from(!earlier.is_empty());
        let transaction = self.transaction_status();
        let Some(session) = self.session.take() else {
            let context = PromptContext {
                connection: None,
                kind,
                inactive_branch: inactive,
                single_line: self.settings().single_line,
                line_number: lines,
                prompt1_width: self.prompt1_width,
            };
            return prompt::render(&template, &context, self);
        };
        let parameter = |name: &str| session.parameter(name);
        let default = std::env::var_os("PGDATABASE").map(std::os::unix::ffi::OsStringExt::into_vec);
        let database = session.database();
        let context = PromptContext {
            connection: Some(Connection {
                host: session.host(),
                default_socket_directory: session.settings().socket_directory(),
                port: session.port(),
                user: parameter("session_authorization").unwrap_or(session.user()),
                database,
                is_default_database: database == session.user()
                    || default.as_deref() == Some(database),
                is_superuser: parameter("is_superuser") == Some(b"on"),
                backend_pid: session.backend_pid(),
                service: session.settings().get("service").unwrap_or_default(),
                pipeline: match (self.pipeline.is_on(), self.pipeline.is_aborted()) {
                    (false, _) => prompt::Pipeline::Off,
                    (true, false) => prompt::Pipeline::On,
                    (true, true) => prompt::Pipeline::Abort,
                },
                transaction: match transaction {
                    TransactionStatus::Idle => Transaction::None,
                    // At a prompt the server is at work only for a pipeline.
                    TransactionStatus::Active | TransactionStatus::InTransaction => {
                        Transaction::Open
                    }
                    TransactionStatus::Failed => Transaction::Failed,
                    TransactionStatus::Unknown => Transaction::Unknown,
                },
                search_path: parameter("search_path"),
                in_hot_standby: parameter("in_hot_standby").map(|v| v == b"on"),
            }),
            kind,
            inactive_branch: inactive,
            single_line: self.settings().single_line,
            line_number: lines,
            prompt1_width: self.prompt1_width,
        };
        let rendered = prompt::render(&template, &context, self);
        self.session = Some(session);
        rendered
    }

    /// Puts a statement into the history.
    pub fn remember(&mut self, text: &[u8]) {
        let control = self.settings().hist_control;
        let limit = usize::try_from(self.settings().hist_size).ok();
        let Some(editor) = &mut self.editor else { return };
        editor.history_mut().set_limit(limit);
        if let Err(error) = editor.add_history(text, control) {
            self.warning(format!(
                "could not write the history file: {}",
                super::os_error_text(&error)
            ));
        }
    }

    /// Asks a question (`\prompt`): on the terminal, or of standard input if a script in a file
    /// asks.
    pub fn ask(&mut self, text: &[u8]) -> ReadLine {
        if self.input.place().is_some() && self.input.standard_input().is_some() {
            let _ = self.output.stdout().write_all(text);
            self.output.flush();
            return match self.read_answer() {
                Some(answer) => ReadLine::Line(answer),
                None if self.is_interrupted() => ReadLine::Interrupted,
                None => ReadLine::Eof,
            };
        }
        self.ask_terminal(text, Echo::On).map_or(ReadLine::Interrupted, ReadLine::Line)
    }

    /// Asks for a password, which is overwritten when it is let go.
    pub fn ask_secret(&mut self, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.ask_terminal(text, Echo::Off).map(Zeroizing::new)
    }

    /// Asks on the terminal; without one, on standard error and of standard input. The end of
    /// either is an empty answer. `None` after Ctrl-C.
    fn ask_terminal(&mut self, text: &[u8], echo: Echo) -> Option<Vec<u8>> {
        self.output.flush();
        let shown = match echo {
            Echo::On => Cow::Borrowed(text),
            Echo::Off => escaped(text, self.encoding()),
        };
        match password::ask(&shown, echo, self.interrupts.as_ref().map(|i| i.fd())) {
            Ok(Some(ReadLine::Line(line))) => Some(line),
            Ok(Some(ReadLine::Eof)) => Some(Vec::new()),
            Ok(None) => {
                self.output.stderr(text);
                let mut answer = self.read_answer().unwrap_or_default();
                if self.is_interrupted() {
                    self.output.stderr(b"\n");
                    return None;
                }
                if answer.last() == Some(&b'\r') {
                    answer.pop();
                }
                if echo == Echo::Off {
                    self.output.stderr(b"\n");
                }
                Some(answer)
            }
            Ok(Some(ReadLine::Interrupted)) | Err(_) => {
                // Before anything is connected, Ctrl-C ends the program.
                if self.connection.is_some() {
                    password::end_line();
                }
                if self.is_interactive() {
                    self.forget_interrupt();
                } else {
                    self.break_off_reading();
                }
                None
            }
        }
    }

    /// The next line of standard input, without its end, whatever commands are read from.
    pub(super) fn read_answer(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let input = self.input.standard_input()?.bytes()?;
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                if is_interrupt(&error) {
                    self.break_off_reading();
                }
                return None;
            }
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Some(line)
    }

    /// After Ctrl-C: forgets the lines that were typed or pasted ahead.
    pub fn forget_typed_ahead(&mut self) {
        if let Some(editor) = &mut self.editor {
            editor.drop_accepted_lines();
        }
    }

    /// The screen that query results go to, if they go to one. COLUMNS is believed before the
    /// terminal; results that come in parts keep to it even where there is no terminal.
    pub(super) fn screen(&self, in_parts: bool) -> print::Screen {
        if self.output.is_redirected() || !(in_parts || crate::terminal::stdout_is_tty()) {
            return print::Screen::default();
        }
        let columns = self.columns.or_else(crate::terminal::columns).unwrap_or(0);
        let lines = crate::terminal::size().map_or(0, |(_, lines)| lines as u32);
        print::Screen { columns, lines }
    }

    /// A pager for this table, if it is long and a person looks at it.
    pub(super) fn pager_for(
        &mut self,
        table: &mut Table<'_>,
        options: &print::Options,
    ) -> Option<Pager> {
        if !self.may_page(options) {
            return None;
        }
        let screen = self.screen(false);
        let enough =
            u64::from(screen.lines).max(u64::try_from(options.pager_min_lines).unwrap_or(0));
        let lines = match print::pager_estimate(table, options, screen, enough).ok()? {
            print::PagerEstimate::Lines(lines) => lines,
            print::PagerEstimate::TooWide => u64::MAX,
        };
        self.pager(lines, options)
    }

    /// Whether a table that is long enough goes to a pager.
    pub(super) fn may_page(&self, options: &print::Options) -> bool {
        !self.not_a_tty && !self.output.is_redirected() && options.pager != print::Pager::Off
    }

    /// A pager for so many lines, if that is too much for the screen.
    pub(super) fn pager(&mut self, lines: u64, options: &print::Options) -> Option<Pager> {
        let screen_lines = crate::terminal::size().map(|(_, lines)| lines);
        let settings = pager::PagerSettings {
            option: options.pager,
            min_lines: usize::try_from(options.pager_min_lines).unwrap_or(0),
            screen_lines,
            on_terminals: !self.not_a_tty && !self.output.is_redirected(),
        };
        if !settings.wants_pager(usize::try_from(lines).unwrap_or(usize::MAX)) {
            return None;
        }
        self.output.flush();
        let command = pager::command(|name| std::env::var_os(name))?;
        Pager::start(&command).ok()
    }

    /// Shows a text to the person, through the pager if it is long.
    pub fn page(&mut self, text: &[u8]) {
        // A program that pages need not know what a terminal may get.
        let shown = self.output.terminal().map(|encoding| escaped(text, encoding));
        let text = shown.as_deref().unwrap_or(text);
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let options = self.print.clone();
        match self.pager(lines, &options) {
            Some(mut pager) => {
                let _ = pager.write_all(text);
                let _ = pager.finish();
                self.forget_interrupt();
            }
            None => {
                let _ = self.output.stdout().write_all(text);
            }
        }
    }
}
