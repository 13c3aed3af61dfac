//! What only a user at a terminal sees: prompts, the editor with its history and completion, the
//! pager, the progress line.
//!
//! Owns the editor. Asks the connection, and never knows what becomes of a line.

mod catalog;
mod completion_source;
mod history;
mod long_statement;
mod paging;
mod progress_line;
mod prompts;
mod read_line;
mod suggestion;
mod timed_lookup;
mod usage;

use self::catalog::{LineKind, ShellHost};
use self::completion_source::CompletionSource;
pub use self::history::QueryOutcome;
use self::history::RunSoFar;
use self::long_statement::LongStatement;
use self::usage::UsageStore;
use crate::completion::{self, Candidate};
use crate::connection::Connection;
use crate::console::{Console, environment};
use crate::help::KeyMode;
use crate::highlight::Style;
use crate::palette::Palette;
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
    /// How the newest entry of the history goes.
    running: Option<RunSoFar>,
    /// The columns the last PROMPT1 filled (`%w`).
    prompt1_width: usize,
    /// The colours of what the user is shown, if there are any.
    palette: Option<Palette>,
    /// The statement at work, if it takes its time.
    progress: Option<LongStatement>,
    /// COLUMNS of the environment, as it was at the start.
    columns: Option<u32>,
}

impl Default for Interactive {
    fn default() -> Interactive {
        Interactive {
            editor: None,
            plain_editor: None,
            completion: CompletionSource::default(),
            running: None,
            prompt1_width: 0,
            palette: None,
            progress: None,
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
        let history = history::open(console);
        self.completion.usage = UsageStore::open(history::file(console).as_deref());
        let inputrc = Inputrc::load(
            std::env::var_os("INPUTRC").map(PathBuf::from),
            dirs::home_dir().as_deref(),
        );
        let variable = |name| std::env::var(name).ok();
        self.palette = Palette::from_environment(
            variable("NO_COLOR").as_deref(),
            term.as_deref(),
            variable("COLORFGBG").as_deref(),
        );
        console.color_messages(self.palette);
        let options = Options { inputrc, style: Style { palette: self.palette } };
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
        completion.usage = UsageStore::open(history::file(console).as_deref());
        let mut host = ShellHost { console, connection, completion, kind: LineKind::Sql };
        completion::ranked(text, text.len(), &mut host).1
    }

    /// The keys of the editor, by mode.
    pub fn keys(&self) -> Vec<KeyMode> {
        Vec::new()
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
