//! Reading keys from the terminal.

use std::io;
use std::time::{Duration, Instant};

use super::parts::Parts;
use crate::terminal::signal::Interrupts;
use crate::terminal::wait::{Event, is_hung_up};

/// How long the rest of a key may take; a lone Escape is the Escape key after that.
pub(super) const REST_OF_KEY: Duration = Duration::from_millis(50);

/// Reads what the terminal sent; false if it is gone. One byte at a time, so that what is typed ahead
/// stays with the terminal: it may be for a program that the text starts.
///
/// # Errors
/// The terminal can't be read.
pub(super) fn read(parts: &mut Parts) -> io::Result<bool> {
    let mut buffer = [0; 1024];
    let most = if parts.keys.is_in_paste() { buffer.len() } else { 1 };
    match rustix::io::read(io::stdin(), &mut buffer[..most]) {
        // The kernel may have dropped what was there to read, or another program have taken it.
        Ok(0) => Ok(!is_hung_up()),
        Err(rustix::io::Errno::IO) => Ok(false),
        Ok(count) => {
            parts.keys.feed(&buffer[..count]);
            Ok(true)
        }
        Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(true),
        Err(error) => Err(error.into()),
    }
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
