//! Shows a user how far data have come that the shell itself moves, or has moved by a child: one line
//! on the terminal, written again and again and gone before anything else is written.

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

impl TransferLine {
    /// The line of a transfer that began when it says.
    pub(super) fn new(transfer: Transfer) -> TransferLine {
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
