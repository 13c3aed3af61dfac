//! Reading keys while a line is typed.

use std::io;
use std::time::Instant;

use super::parts::Parts;
use crate::terminal::key_input::{self, REST_OF_KEY};
use crate::terminal::signal::Interrupts;
use crate::terminal::wait::Event;

/// Reads what the terminal sent; false if it is gone.
///
/// # Errors
/// The terminal can't be read.
pub(super) fn read(parts: &mut Parts) -> io::Result<bool> {
    key_input::read(&mut parts.keys)
}

/// Waits for more of a key; false if something else came, or the terminal is gone.
///
/// # Errors
/// The terminal can't be read.
pub(super) fn wait_for_key(parts: &mut Parts, interrupts: Option<&Interrupts>) -> io::Result<bool> {
    let deadline = parts.keys.waits_for_more().then(|| Instant::now() + REST_OF_KEY);
    match parts.signals.wait(interrupts, None, deadline)? {
        Event::Keys => read(parts),
        _ => Ok(false),
    }
}
