//! What only a user at a terminal sees: prompts, the editor with its history and completion, the
//! pager, the progress line.
//!
//! Owns the editor. Asks the connection, and never knows what becomes of a line.

mod catalog;
mod completion_source;
mod paging;
mod progress_line;
mod prompts;
mod read_line;
mod timed_lookup;

use self::catalog::{LineKind, ShellHost};
use self::completion_source::CompletionSource;
use crate::completion::{self, Candidate};
use crate::connection::Connection;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::console::{Console, environment, os_error_text};
use crate::terminal::history::History;
use crate::terminal::inputrc::Inputrc;
use crate::terminal::old_editor::{Editor, Options};
use crate::terminal::plain_editor::PlainEditor;
use std::path::PathBuf;

/// The user's side of the shell.
pub struct Interactive {
    /// The line editor, when a user types.
    editor: Option<Editor>,
    /// What there is in its place on a terminal that can't move its cursor.
    plain_editor: Option<PlainEditor>,
    /// What Tab knows of the server's names.
    completion: CompletionSource,
    /// The columns the last PROMPT1 filled (`%w`).
    prompt1_width: usize,
    /// COLUMNS of the environment, as it was at the start.
    columns: Option<u32>,
}

impl Default for Interactive {
    fn default() -> Interactive {
        Interactive {
            editor: None,
            plain_editor: None,
            completion: CompletionSource::default(),
            prompt1_width: 0,
            columns: columns_wanted(),
        }
    }
}

/// The width that COLUMNS of the environment asks for, if it is one.
fn columns_wanted() -> Option<u32> {
    let value = environment::get(b"COLUMNS")?;
    u32::try_from(crate::number::leading_integer(&value)).ok().filter(|columns| *columns > 0)
}

impl Interactive {
    /// Opens the line editor with its history, or what the terminal can do.
    pub fn open_editor(&mut self, console: &mut Console) {
        let term = std::env::var("TERM").ok();
        if !Editor::supports(term.as_deref()) {
            self.plain_editor = PlainEditor::new().ok();
            return;
        }
        let limit = usize::try_from(console.settings().hist_size).ok();
        let (history, opened) = History::open(history_file(console), limit);
        if let Err(error) = opened {
            let reason = os_error_text(&error);
            console.warning(format!("could not open the history file: {reason}"));
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

    /// What may follow `text`, the likeliest first.
    pub fn candidates(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        text: &[u8],
    ) -> Vec<Candidate> {
        let completion = &mut self.completion;
        let mut host = ShellHost { console, connection, completion, kind: LineKind::Sql };
        completion::ranked(text, text.len(), &mut host).1
    }

    /// Puts a statement into the history.
    pub fn add_history(&mut self, console: &mut Console, text: &[u8]) {
        let control = console.settings().hist_control;
        let limit = usize::try_from(console.settings().hist_size).ok();
        let Some(editor) = &mut self.editor else { return };
        editor.history_mut().set_limit(limit);
        if let Err(error) = editor.add_history(text, control) {
            let reason = os_error_text(&error);
            console.warning(format!("could not write the history file: {reason}"));
        }
    }

    /// The history, one entry after the other, each line ended; `None` without an editor.
    pub fn history_text(&self) -> Option<String> {
        let editor = self.editor.as_ref()?;
        Some(editor.history().entries().flat_map(|entry| [entry, "\n"]).collect())
    }

    /// Whether Ctrl-C was pressed since the line before, and forgets it with what was typed ahead.
    pub fn take_interrupt(&mut self, console: &mut Console) -> bool {
        // A cancelled query has left the cursor at the start of a line.
        let begun = !console.interrupts.is_work_given_up();
        if console.interrupts.take().is_none() {
            return false;
        }
        if begun {
            // The terminal shows `^C` where it was pressed.
            let _ = console.output.stdout().write_all(b"\n");
        }
        self.forget_typed_ahead();
        true
    }

    /// After Ctrl-C: forgets the lines that were typed or pasted ahead.
    fn forget_typed_ahead(&mut self) {
        if let Some(editor) = &mut self.editor {
            editor.drop_accepted_lines();
        }
    }
}

/// HISTFILE, PSQL_HISTORY, or a place of our own, shared with nothing else.
fn history_file(console: &Console) -> Option<PathBuf> {
    if let Some(name) = console.variables.get(b"HISTFILE") {
        let name = expand_tilde(name);
        return (!name.is_empty()).then(|| PathBuf::from(bytes_to_os(&name)));
    }
    if let Some(name) = std::env::var_os("PSQL_HISTORY") {
        return Some(PathBuf::from(name));
    }
    let folder = dirs::state_dir().or_else(dirs::data_local_dir)?;
    Some(folder.join("pgsh").join("history"))
}
