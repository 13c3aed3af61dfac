//! The tour of `--tour` at the prompt.

use super::Interactive;
use crate::console::Console;
use crate::palette::{RESET, Role};
use crate::terminal::editor::Editor;

impl Interactive {
    /// Begins the tour.
    pub fn begin_tour(&mut self) {
        self.tour = Some(Box::default());
    }

    /// Says the next step before the prompt for a new statement, if it is time for it.
    pub fn show_tour(&mut self, console: &mut Console) {
        // Lines that were pasted come first.
        if self.editor.as_ref().is_some_and(Editor::has_accepted_lines) {
            return;
        }
        let Some(tour) = &mut self.tour else { return };
        if let Some(said) = tour.say() {
            let (start, end) = match self.palette {
                Some(palette) => (palette.start(Role::Heading), RESET),
                None => ("", ""),
            };
            let text = format!("\n{start}{}{end}\n{}\n\n", said.heading, said.text);
            // All of it is our own, the colours as well.
            let _ = console.output.stdout_as_written().write_all(text.as_bytes());
        }
        if tour.is_over() {
            self.tour = None;
        }
    }

    /// Takes note of a line that was typed, for the tour; `begins` says that it begins a statement.
    pub fn note_for_tour(&mut self, line: &[u8], begins: bool) {
        if let Some(tour) = &mut self.tour {
            tour.note(&String::from_utf8_lossy(line), begins);
        }
    }
}
