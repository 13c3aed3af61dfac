//! Answers the editor: names of the server's objects by queries (`completion_source` says whom to
//! ask), names of the user's own side (files, variables) directly, and what the server says while a
//! line is typed.

use super::completion_source::CompletionSource;
use super::outcome::context;
use super::prompts::{self, Position, Surroundings};
use super::statement_state::{LineState, line_states};
use super::timed_lookup::look_up_in_time;
use crate::catalog_query::CatalogQuery;
use crate::completion::{Catalog, Dialect, Name, Object, Wanted, query};
use crate::connection::Connection;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::console::{Console, os_error_text};
use crate::encoding::Encoding;
use crate::help::newcomers_word;
use crate::history::Context;
use crate::lexer::Prompt;
use crate::print::Rows;
use crate::prompt::Kind;
use crate::session::{Session, TransactionStatus};
use crate::sort::sort;
use crate::terminal::{EditorHost, Occasion, TypedLine, external_editor};
use crate::variables::{CompletionMode, KeywordCase};
use std::collections::HashMap;
use std::os::fd::BorrowedFd;
use std::time::Duration;

/// The savepoint that keeps a look-up from spoiling the user's transaction.
const SAVEPOINT: &str = "pgsh_completion";
/// How long a key waits for the helper's answers.
const A_KEY: Duration = Duration::from_millis(200);
/// How long a pause does: keys may come, and the answers are looked for again.
const A_PAUSE: Duration = Duration::from_millis(12);

/// What is typed, and where.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    pub kind: TypedLine,
    /// What was typed of the statement already, in whole lines.
    pub earlier: &'a [u8],
    /// It stands in an inactive branch of `\if`.
    pub inactive_branch: bool,
}

/// The shell as the editor sees it while a line is typed.
pub(super) struct ShellHost<'a> {
    pub console: &'a mut Console,
    pub connection: &'a mut Connection,
    completion: &'a mut CompletionSource,
    typed: Typed<'a>,
    /// Why candidates are looked for.
    occasion: Occasion,
    /// What prompts show.
    surroundings: Surroundings<'a>,
    /// Prompts of further lines: they may run commands, and are made once.
    continuations: HashMap<(Prompt, usize), Vec<u8>>,
}

impl<'a> ShellHost<'a> {
    pub fn new(
        console: &'a mut Console,
        connection: &'a mut Connection,
        completion: &'a mut CompletionSource,
        typed: &Typed<'a>,
        surroundings: Surroundings<'a>,
    ) -> ShellHost<'a> {
        let continuations = HashMap::new();
        ShellHost {
            console,
            connection,
            completion,
            typed: *typed,
            occasion: Occasion::Key,
            surroundings,
            continuations,
        }
    }
}

impl EditorHost for ShellHost<'_> {
    fn line(&self) -> TypedLine {
        self.typed.kind
    }

    fn completion(&self) -> CompletionMode {
        let is_set = self.console.variables.get(b"COMPLETION").is_some();
        match self.console.program() {
            // As psql, unless told otherwise.
            b"psql" if !is_set => CompletionMode::List,
            _ => self.console.variables.completion_mode(),
        }
    }

    fn catalog(&mut self, occasion: Occasion) -> Option<&mut dyn Catalog> {
        self.occasion = occasion;
        if self.typed.kind == TypedLine::Data { None } else { Some(self) }
    }

    fn awaits_names(&self) -> bool {
        self.completion.awaits_answer()
    }

    fn ends_statement(&mut self, text: &str) -> bool {
        let states = self.states(text);
        let is_whole = states.last().is_none_or(|last| last.prompt == Prompt::Ready);
        let is_word = self.typed.earlier.is_empty() && newcomers_word(text.as_bytes()).is_some();
        // As in psql: what is whole runs, and the rest is gone on with.
        is_whole || is_word || states.iter().any(|state| state.runs)
    }

    fn continuation_prompts(&mut self, text: &str) -> Vec<Vec<u8>> {
        let states = self.states(text);
        let lines = text.matches('\n').count();
        let first = states.len().saturating_sub(lines + 1);
        let mut prompts = Vec::with_capacity(lines);
        for (at, state) in states[..states.len() - 1].iter().enumerate().skip(first) {
            let kind = match state.prompt {
                Prompt::Ready => Kind::First,
                open => Kind::Continuation(open),
            };
            prompts.push(self.continuation_prompt(kind, state.prompt, at));
        }
        prompts
    }

    fn edit_text(&mut self, text: &str) -> Option<String> {
        match external_editor::edit_text(text) {
            Ok(edited) => edited,
            Err(error) => {
                let reason = os_error_text(&error);
                self.console.error(format!("could not edit the text: {reason}"));
                None
            }
        }
    }

    fn context(&self) -> Context {
        context(self.connection)
    }

    fn is_interrupted(&self) -> bool {
        self.console.interrupts.is_pressed()
    }

    fn poll_fd(&self) -> Option<BorrowedFd<'_>> {
        let session = self.connection.session();
        session.filter(|session| self.is_idle() && session.is_idle()).map(Session::as_fd)
    }

    fn take_output(&mut self) -> Vec<u8> {
        if self.is_idle() { self.connection.idle_messages(self.console) } else { Vec::new() }
    }
}

impl ShellHost<'_> {
    /// The states at the end of each line of the statement, the lines read before included.
    fn states(&self, text: &str) -> Vec<LineState> {
        let mut whole = String::from_utf8_lossy(self.typed.earlier).into_owned();
        if !whole.is_empty() && !whole.ends_with('\n') {
            whole.push('\n');
        }
        whole.push_str(text);
        line_states(&whole, self.console, self.connection)
    }

    /// The prompt before the line behind line `at` (from 0).
    fn continuation_prompt(&mut self, kind: Kind, open: Prompt, at: usize) -> Vec<u8> {
        if let Some(prompt) = self.continuations.get(&(open, at)) {
            return prompt.clone();
        }
        let earlier = vec![b'\n'; at];
        let position =
            Position { kind, inactive_branch: self.typed.inactive_branch, earlier: &earlier };
        let prompt = prompts::render(self.console, self.connection, &position, &self.surroundings);
        self.continuations.insert((open, at), prompt.clone());
        prompt
    }
}

impl Catalog for ShellHost<'_> {
    fn begin(&mut self) {
        let patience = match self.occasion {
            Occasion::Key => A_KEY,
            Occasion::Pause => A_PAUSE,
        };
        self.completion.begin(self.console, self.connection, patience);
    }

    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Name> {
        let local = match wanted.object {
            Object::Variable => self
                .console
                .variables
                .iter()
                .map(|(name, _)| name.to_vec())
                .filter(|name| name.starts_with(prefix))
                .collect(),
            Object::ResultColumn => {
                let names = self.completion.result_columns.iter();
                names.filter(|name| name.starts_with(prefix)).cloned().collect()
            }
            Object::EnvironmentVariable => {
                use std::os::unix::ffi::OsStringExt;
                let names = std::env::vars_os().map(|(name, _)| name.into_vec());
                let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
                sort(&mut names);
                names
            }
            Object::KeptResult => {
                let mut kept = self.completion.kept_results.clone();
                kept.retain(|kept| kept.name.starts_with(prefix));
                return kept;
            }
            Object::Service => services(prefix),
            Object::File | Object::Directory => files(prefix, wanted.object == Object::Directory),
            _ => return self.names(wanted, prefix).unwrap_or_default(),
        };
        local.into_iter().map(Name::from).collect()
    }

    fn usage(&self, word: &[u8]) -> f64 {
        self.completion.usage.weight(word)
    }

    fn keyword_case(&self) -> KeywordCase {
        self.console.settings().comp_keyword_case
    }

    fn dialect(&self) -> Dialect {
        let session = self.connection.session();
        match session.and_then(|session| session.settings().get("replication")) {
            Some(b"database") => Dialect::SqlAndReplication,
            // Whatever else has no meaning was refused.
            Some(b"true" | b"on" | b"yes" | b"1") => Dialect::Replication,
            _ => Dialect::Sql,
        }
    }

    fn has_own_commands(&self) -> bool {
        self.console.program() != b"psql"
    }

    fn encoding(&self) -> Encoding {
        self.console.encoding()
    }
}

impl ShellHost<'_> {
    /// Whether no answer is to come: what a pipeline or a COPY is answered is taken when it is asked
    /// for.
    fn is_idle(&self) -> bool {
        self.typed.kind != TypedLine::Data && !self.connection.pipeline().is_busy()
    }

    /// Asks the server: through the helper where that will do.
    fn names(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Option<Vec<Name>> {
        let session = self.connection.session()?;
        let encoding = self.console.encoding();
        let query = query::query(wanted, prefix, session.server_version(), encoding)?;
        self.completion
            .names_from_helper(self.console, self.connection, wanted, prefix, &query)
            .or_else(|| self.ask_session(&query))
    }

    /// Asks the session, unless it could not answer or would be disturbed.
    fn ask_session(&mut self, query: &CatalogQuery) -> Option<Vec<Name>> {
        let mut set = match self.connection.transaction_status() {
            TransactionStatus::Idle => look_up_in_time(self.console, self.connection, query)?,
            // A savepoint, and perhaps the transaction's snapshot: not unless the user asks.
            TransactionStatus::InTransaction if self.occasion == Occasion::Pause => return None,
            TransactionStatus::InTransaction => {
                self.connection
                    .run_quietly(self.console, format!("SAVEPOINT {SAVEPOINT}").as_bytes())?;
                let set = look_up_in_time(self.console, self.connection, query);
                let back = format!("ROLLBACK TO {SAVEPOINT}; RELEASE {SAVEPOINT}");
                self.connection.run_quietly(self.console, back.as_bytes())?;
                set?
            }
            TransactionStatus::Failed | TransactionStatus::Active | TransactionStatus::Unknown => {
                return None;
            }
        };
        set.rows.rewind().ok()?;
        let mut names = Vec::new();
        while let Some(row) = set.rows.next().ok()? {
            names.extend(query::name(row.cells().map(|cell| cell.map(<[u8]>::to_vec))));
        }
        Some(names)
    }
}

/// The services of the user's service file that begin with `prefix`.
fn services(prefix: &[u8]) -> Vec<Vec<u8>> {
    let file = std::env::var_os("PGSERVICEFILE")
        .unwrap_or_else(|| bytes_to_os(&expand_tilde(b"~/.pg_service.conf")).into());
    let text = std::fs::read(file).unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let named = lines.filter_map(|line| line.strip_prefix(b"[")?.strip_suffix(b"]"));
    named.filter(|name| name.starts_with(prefix)).map(<[u8]>::to_vec).collect()
}

/// Files whose path begins with `prefix`; directories end in `/`.
fn files(prefix: &[u8], only_directories: bool) -> Vec<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    let cut = memchr::memrchr(b'/', prefix).map_or(0, |at| at + 1);
    let (folder, start) = prefix.split_at(cut);
    let opened = expand_tilde(if folder.is_empty() { b"." } else { folder });
    let Ok(entries) = std::fs::read_dir(bytes_to_os(&opened)) else {
        return Vec::new();
    };
    let mut names: Vec<Vec<u8>> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let hidden = name.as_bytes().starts_with(b".");
            name.as_bytes().starts_with(start) && (!hidden || !start.is_empty())
        })
        .filter_map(|entry| {
            let directory = entry.path().is_dir();
            if only_directories && !directory {
                return None;
            }
            let mut name = [folder, entry.file_name().as_bytes()].concat();
            if directory {
                name.push(b'/');
            }
            Some(name)
        })
        .collect();
    sort(&mut names);
    names
}
