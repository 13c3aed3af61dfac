//! The terminal's modes as they were before the line editor or the viewer changed them, for whatever ends the process
//! at once: a signal, or the end of memory.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::other_screen;
use super::signal::bracketed_paste;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

static FIRST: OnceLock<Termios> = OnceLock::new();
static MARKS_PASTES: AtomicBool = AtomicBool::new(false);

/// Takes note of the modes, and of whether the editor will have the terminal mark pastes.
///
/// # Errors
/// Standard input is no terminal.
pub(super) fn keep(marks_pastes: bool) -> io::Result<()> {
    let modes = tcgetattr(io::stdin())?;
    FIRST.get_or_init(|| modes);
    MARKS_PASTES.fetch_or(marks_pastes, Ordering::Relaxed);
    Ok(())
}

/// Gives the terminal its screen and its modes back, if they were noted. Allocates nothing.
pub(super) fn restore() {
    other_screen::restore();
    if let Some(modes) = FIRST.get() {
        // Neither matters when the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
        if MARKS_PASTES.load(Ordering::Relaxed) {
            let _ = rustix::io::write(io::stdout(), bracketed_paste::OFF);
        }
    }
}
