//! The sequences for the terminal's other screen, and whether it is shown, for whatever ends the process
//! at once.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// The other screen; the mouse reported, its place by numbers; pastes marked; no cursor.
pub const ON: &[u8] = b"\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?25l";
/// The same taken back. Where there is no other screen, at least this one is empty.
pub const OFF: &[u8] = b"\x1b[0m\x1b[H\x1b[2J\x1b[?25h\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?1049l";

/// Whether the other screen is shown.
static IS_SHOWN: AtomicBool = AtomicBool::new(false);

/// Takes note of whether it is shown.
pub fn set_shown(is_shown: bool) {
    IS_SHOWN.store(is_shown, Ordering::Relaxed);
}

/// Whether it is.
pub fn is_shown() -> bool {
    IS_SHOWN.load(Ordering::Relaxed)
}

/// Shows the first screen, if the other one is shown. Allocates nothing.
pub fn restore() {
    if IS_SHOWN.swap(false, Ordering::Relaxed) {
        let _ = rustix::io::write(io::stdout(), OFF);
    }
}
