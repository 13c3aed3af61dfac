//! Shows a user how far data have come that the shell itself moves, or has moved by a child: one line
//! on the terminal, written again and again and gone before anything else is written.

use super::Interactive;
use crate::console::Console;
use crate::progress::Transfer;
use std::time::{Duration, Instant};

/// How long a transfer runs before anybody wonders.
const DELAY: Duration = Duration::from_secs(1);
/// How often the line is written.
const INTERVAL: Duration = Duration::from_millis(100);

/// The line of a transfer.
#[derive(Debug)]
pub struct TransferLine {
    transfer: Transfer,
    /// When it is written next.
    due: Instant,
}

impl Interactive {
    /// The line of a transfer that begins, if there is a user to see it: at a prompt (in what `\i` reads
    /// there as well) whose terminal can take a line back, unless PROGRESS is off. A script's user has to
    /// have asked for it.
    pub fn transfer_line(&self, console: &Console, transfer: Transfer) -> Option<TransferLine> {
        let is_wanted = match &self.editor {
            Some(editor) => !editor.is_plain() && console.variables.shows_progress(),
            None => console.variables.asks_for_progress() && takes_lines_back(console),
        };
        (is_wanted && crate::terminal::stderr_is_tty()).then(|| TransferLine::new(transfer))
    }
}

/// Whether this terminal, where no editor is, can take back what is written.
fn takes_lines_back(console: &Console) -> bool {
    let term = std::env::var("TERM");
    !console.input.has_user() && !matches!(term.as_deref(), Err(_) | Ok("" | "dumb"))
}

impl TransferLine {
    fn new(transfer: Transfer) -> TransferLine {
        let due = transfer.began() + DELAY;
        TransferLine { transfer, due }
    }

    /// Tells it what is new: `line.update(console, |transfer| transfer.advance(bytes))`. Call it as
    /// often as you like; the line is written when it is time to. `console.output.clear_status` takes it
    /// away, as does whatever is written.
    pub fn update(&mut self, console: &mut Console, change: impl FnOnce(&mut Transfer)) {
        change(&mut self.transfer);
        self.refresh(console);
    }

    /// Writes the line anew, if it is time to.
    pub fn refresh(&mut self, console: &mut Console) {
        let now = Instant::now();
        if now < self.due {
            return;
        }
        // The last column stays free: some terminals would begin another line.
        let columns = crate::terminal::size().map_or(80, |(columns, _)| columns);
        console.output.show_status(self.transfer.line(now, columns.saturating_sub(1)), columns);
        self.due = now + INTERVAL;
    }

    /// When the line is to be written next.
    pub fn due(&self) -> Instant {
        self.due
    }
}
