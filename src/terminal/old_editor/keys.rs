//! The keys that rustyline does not handle by itself: Tab, Ctrl-C and Ctrl-Z.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, Movement, RepeatCount};

use super::rows::rows;
use crate::terminal::screen;
use crate::terminal::signal::Suspension;

/// Whether candidates are being listed: rustyline asks before it lists many, and after each screen.
#[derive(Default)]
pub(super) struct Listing {
    /// Whether there is more than one candidate, so that another Tab lists them.
    pub is_ambiguous: AtomicBool,
    /// Whether that Tab came, and the line was not drawn since.
    pub has_started: AtomicBool,
}

/// Tab, a character while data are typed.
pub(super) struct Tab {
    pub is_data: Arc<AtomicBool>,
    pub listing: Arc<Listing>,
}

impl ConditionalEventHandler for Tab {
    fn handle(&self, _: &Event, count: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        let ambiguous = self.listing.is_ambiguous.load(Ordering::Relaxed);
        self.listing.has_started.store(ambiguous, Ordering::Relaxed);
        self.is_data.load(Ordering::Relaxed).then(|| Cmd::Insert(count, "\t".to_owned()))
    }
}

/// Ctrl-C, which a terminal shows where it is pressed.
pub(super) struct EchoedInterrupt(pub Arc<Listing>);

impl ConditionalEventHandler for EchoedInterrupt {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        // A terminal that went away is the editor's to report.
        let _ = rustix::io::write(io::stdout(), b"^C");
        if !self.0.has_started.load(Ordering::Relaxed) {
            return Some(Cmd::Interrupt);
        }
        // rustyline's question ignores Ctrl-C, but takes a backspace for a no. The signal, which
        // rustyline handles after that, drops the line.
        let _ = signal_hook::low_level::raise(signal_hook::consts::SIGINT);
        Some(Cmd::Kill(Movement::BackwardChar(1)))
    }
}

/// Ctrl-Z; rustyline's own command takes the terminal back before the process is stopped.
impl ConditionalEventHandler for Suspension {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        // What others write meanwhile stands below the line, and the line again below that.
        let (columns, lines) = screen::size().unwrap_or((80, 24));
        let (before, behind) = context.line().split_at(context.pos());
        let skip = |text| {
            let rows = rows(text, columns).min(lines);
            rustix::io::write(io::stdout(), &b"\r\n".repeat(rows - 1))
        };
        // A terminal that went away is the editor's to report.
        let _ = skip(behind).map_err(io::Error::from).and_then(|_| self.stop());
        let _ = skip(before);
        Some(Cmd::Repaint)
    }
}
