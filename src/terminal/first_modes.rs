//! The terminal's modes as they were before the line editor changed them, for whatever ends the process
//! at once: a signal, or the end of memory.

use std::io;
use std::sync::OnceLock;

use super::signal::bracketed_paste;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

struct FirstModes {
    modes: Termios,
    marks_pastes: bool,
}

static FIRST: OnceLock<FirstModes> = OnceLock::new();

/// Takes note of the modes, and of whether the editor will have the terminal mark pastes.
///
/// # Errors
/// Standard input is no terminal.
pub(super) fn keep(marks_pastes: bool) -> io::Result<()> {
    let modes = tcgetattr(io::stdin())?;
    FIRST.get_or_init(|| FirstModes { modes, marks_pastes });
    Ok(())
}

/// Gives the terminal its modes back, if they were noted. Allocates nothing.
pub(super) fn restore() {
    if let Some(first) = FIRST.get() {
        // Neither matters when the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &first.modes);
        if first.marks_pastes {
            let _ = rustix::io::write(io::stdout(), bracketed_paste::OFF);
        }
    }
}
