//! What only a user at a terminal sees: prompts, the editor with its history and completion, the
//! pager, the progress line.
//!
//! Owns the editor. Asks the connection, and never knows what becomes of a line.

mod answer;
mod candidates;
mod completion_source;
mod configuration;
mod consent;
mod helper_answer;
mod history;
mod long_statement;
mod open;
mod outcome;
mod paging;
mod progress_line;
mod prompts;
mod read_line;
mod safeguard_access;
mod safeguards;
mod screen_rows;
mod shell_host;
mod statement_state;
mod suggestion;
mod timed_lookup;
mod touring;
mod transfer_line;
mod usage;
mod viewing;
mod watching;

pub use self::answer::{Consent, is_yes};
use self::completion_source::CompletionSource;
use self::long_statement::LongStatement;
pub use self::outcome::QueryOutcome;
use self::outcome::RunSoFar;
use self::safeguards::Safeguards;
pub use self::transfer_line::TransferLine;
use crate::console::{Console, environment};
use crate::help::KeyMode;
use crate::palette::Palette;
use crate::terminal::editor::Editor;
use crate::tour::Tour;

/// The user's side of the shell: parts that know nothing of each other, so that a handler borrows the one it needs.
pub struct Interactive {
    /// The line editor, when a user types.
    editor: Option<Editor>,
    /// What Tab knows of the server's names.
    completion: CompletionSource,
    /// How the newest entry of the history goes.
    running: Option<RunSoFar>,
    /// The columns the last PROMPT1 filled (`%w`).
    prompt1_width: usize,
    /// The rows that it took.
    prompt1_rows: u64,
    /// The colours of what the user is shown, if there are any.
    palette: Option<Palette>,
    /// The colours that there would be, were they not refused (NO_COLOR).
    refused_palette: Option<Palette>,
    /// The net under production.
    safeguards: Safeguards,
    /// The statement at work, if it takes its time.
    progress: Option<LongStatement>,
    /// The tour, while it is under way.
    tour: Option<Box<Tour>>,
    /// COLUMNS of the environment, as it was at the start.
    columns: Option<u32>,
    /// When the server last read its files, by its own clock, of what the user was told.
    last_reload: Vec<u8>,
}

impl Default for Interactive {
    fn default() -> Interactive {
        Interactive {
            editor: None,
            last_reload: Vec::new(),
            completion: CompletionSource::default(),
            running: None,
            prompt1_width: 0,
            prompt1_rows: 1,
            palette: None,
            refused_palette: None,
            safeguards: Safeguards::default(),
            progress: None,
            tour: None,
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
    /// Whether statements are typed in the line editor.
    pub fn has_editor(&self) -> bool {
        self.editor.is_some()
    }

    /// The keys of the editor, by mode.
    pub fn keys(&self) -> Vec<KeyMode> {
        self.editor.as_ref().map(Editor::keys).unwrap_or_default()
    }

    /// Takes note of the last result's columns, for Tab.
    pub fn note_result_columns(&mut self, names: impl Iterator<Item = Vec<u8>>) {
        if self.editor.is_some() {
            self.completion.result_columns = names.collect();
        }
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

    /// After Ctrl-C or a question answered with no: forgets the lines that were typed or pasted ahead.
    pub fn forget_typed_ahead(&mut self) {
        if let Some(editor) = &mut self.editor {
            editor.drop_accepted_lines();
        }
    }
}
