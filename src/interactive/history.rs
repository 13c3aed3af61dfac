//! What was typed goes into the history, and once it ran, how it went.
//!
//! An entry may hold several statements, or be a meta-command that sends some: its run ends when
//! the next line is read. It took as long as all of them together, and failed if one of them did.

use super::Interactive;
use super::outcome::{QueryOutcome, RunSoFar, context};
use super::usage;
use crate::connection::Connection;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::console::{Console, os_error_text};
use crate::history::{Entries, Outcome, Run, SqlState, error_place};
use crate::terminal::history::{History, Options};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Opens the history, which may begin with psql's.
pub(super) fn open(console: &mut Console) -> History {
    let settings = console.settings();
    let (file, origin) = match given_file(console) {
        Some(given) => (given, None),
        None => (own_file(), dirs::home_dir().map(|home| home.join(".psql_history"))),
    };
    let (limit, control) = (usize::try_from(settings.hist_size).ok(), settings.hist_control);
    let (history, opened) = History::open(Options { file, origin, limit, control });
    if let Err(error) = opened {
        let reason = os_error_text(&error);
        console.warning(format!("could not open the history file: {reason}"));
    }
    // Who calls a shell psql expects that history to be there.
    if history.imported() > 0 && console.program() != b"psql" {
        let count = history.imported();
        console.println_unless_quiet(format!(
            "The history begins with {count} entries of ~/.psql_history, which stays as it is."
        ));
    }
    history
}

/// The file of the history, if it is kept.
pub(super) fn file(console: &Console) -> Option<PathBuf> {
    given_file(console).unwrap_or_else(own_file)
}

/// The file that HISTFILE or PSQL_HISTORY names, which may be none.
fn given_file(console: &Console) -> Option<Option<PathBuf>> {
    if let Some(name) = console.variables.get(b"HISTFILE") {
        let name = expand_tilde(name);
        return Some((!name.is_empty()).then(|| PathBuf::from(bytes_to_os(&name))));
    }
    std::env::var_os("PSQL_HISTORY").map(|name| Some(PathBuf::from(name)))
}

/// A place of our own, shared with nothing else.
fn own_file() -> Option<PathBuf> {
    let folder = dirs::state_dir().or_else(dirs::data_local_dir)?;
    Some(folder.join("pgsh").join("history"))
}

impl Interactive {
    /// Puts a statement into the history, before it runs.
    pub fn add_history(&mut self, console: &mut Console, connection: &Connection, text: &[u8]) {
        self.end_run(console);
        let control = console.settings().hist_control;
        let limit = usize::try_from(console.settings().hist_size).ok();
        let Some(editor) = &mut self.editor else { return };
        editor.history_mut().set_limit(limit);
        if let Err(error) = editor.history_mut().add_entry(text, control) {
            report_not_written(console, &error);
        }
        let began = SystemTime::now().duration_since(UNIX_EPOCH);
        let run = Run {
            began: began.map_or(0, |since| since.as_secs() as i64),
            context: Arc::new(context(connection)),
            duration: None,
            outcome: Outcome::Succeeded,
            rows: None,
        };
        self.running = Some(RunSoFar { run, error_at: None, words: usage::words(text) });
    }

    /// Puts a statement that was given up before it was whole into this session's history: lines that
    /// were read, and what was typed of the next.
    pub fn add_abandoned(&mut self, console: &mut Console, lines: &[u8]) {
        self.end_run(console);
        let control = console.settings().hist_control;
        if let Some(editor) = &mut self.editor {
            let typed = editor.take_abandoned();
            let parts = [lines, typed.as_bytes()];
            let parts: Vec<&[u8]> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            editor.history_mut().add_abandoned(&parts.join(&b"\n"[..]), control);
        }
    }

    /// Takes note of how a query of the newest entry went.
    pub fn note_query(&mut self, outcome: &QueryOutcome<'_>) {
        let Some(RunSoFar { run, error_at, .. }) = &mut self.running else { return };
        if !outcome.elapsed.is_zero() {
            *run.duration.get_or_insert_default() += outcome.elapsed;
        }
        if !outcome.failed {
            run.rows = outcome.rows;
        } else if run.outcome == Outcome::Succeeded {
            let code = outcome.error.and_then(|error| error.get(b'C'));
            run.outcome = Outcome::Failed(code.and_then(SqlState::parse));
            let entry = self.editor.as_ref().and_then(|editor| editor.history().entries().last());
            let position = outcome.error.and_then(|error| error.get(b'P'));
            *error_at = entry.zip(position).and_then(|(entry, position)| {
                error_place::in_entry(entry.text(), outcome.text, position)
            });
        }
    }

    /// Takes note that something of the newest entry failed.
    pub fn note_failure(&mut self) {
        if let Some(RunSoFar { run, .. }) = &mut self.running
            && run.outcome == Outcome::Succeeded
        {
            run.outcome = Outcome::Failed(None);
        }
    }

    /// The newest entry has run: the journal tells how it went.
    pub fn end_run(&mut self, console: &mut Console) {
        let (Some(RunSoFar { run, error_at, words }), Some(editor)) =
            (self.running.take(), &mut self.editor)
        else {
            return;
        };
        if run.outcome == Outcome::Succeeded {
            self.completion.usage.count(&words);
        }
        if let Err(error) = editor.history_mut().end_run(run, error_at) {
            report_not_written(console, &error);
        }
    }

    /// The entries of the history; `None` without an editor.
    pub fn history(&self) -> Option<&Entries> {
        Some(self.editor.as_ref()?.history().entries())
    }

    /// The history that is kept, one entry after the other, each line ended; `None` without an
    /// editor.
    pub fn history_text(&self) -> Option<String> {
        let editor = self.editor.as_ref()?;
        Some(editor.history().kept_texts().flat_map(|entry| [entry, "\n"]).collect())
    }
}

fn report_not_written(console: &mut Console, error: &std::io::Error) {
    let reason = os_error_text(error);
    console.warning(format!("could not write the history file: {reason}"));
}
