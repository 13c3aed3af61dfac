//! Reading keys from the terminal.

use std::io;
use std::time::Duration;

use super::editing::KeyReader;
use super::wait::is_hung_up;

/// How long the rest of a key may take; a lone Escape is the Escape key after that.
pub const REST_OF_KEY: Duration = Duration::from_millis(50);

/// Reads what the terminal sent; false if it is gone. One byte at a time, so that what is typed ahead
/// stays with the terminal: it may be for a program that the text starts.
///
/// # Errors
/// The terminal can't be read.
pub fn read(keys: &mut KeyReader) -> io::Result<bool> {
    let mut buffer = [0; 1024];
    let most = if keys.is_in_paste() { buffer.len() } else { 1 };
    match rustix::io::read(io::stdin(), &mut buffer[..most]) {
        // The kernel may have dropped what was there to read, or another program have taken it.
        Ok(0) => Ok(!is_hung_up()),
        Err(rustix::io::Errno::IO) => Ok(false),
        Ok(count) => {
            keys.feed(&buffer[..count]);
            Ok(true)
        }
        Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
