//! The terminal's other screen, which has no rows above it and leaves the first one as it was.
//!
//! Owns going there and back, whatever way it ends. Never knows what is shown there.

use std::io;
use std::sync::Once;
use std::thread;

use super::first_modes;
use super::other_screen;
use super::signal::restore_terminal_when_killed;
use super::stdout::write;

/// While it lives, the terminal shows its other screen.
#[derive(Debug)]
pub struct FullScreen;

impl FullScreen {
    /// Shows it. To be called while the terminal's modes are still the first ones.
    ///
    /// # Errors
    /// The terminal is gone, or nothing can be done when a signal ends the process.
    pub fn enter() -> io::Result<FullScreen> {
        static PREPARED: Once = Once::new();
        let mut prepared = Ok(());
        PREPARED.call_once(|| {
            restore_when_panicking();
            prepared = restore_terminal_when_killed(false);
        });
        prepared?;
        let screen = FullScreen;
        screen.show()?;
        Ok(screen)
    }

    /// Shows it again, after [`FullScreen::hide`] or whatever may have hidden it.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn show(&self) -> io::Result<()> {
        other_screen::set_shown(true);
        write(other_screen::ON)
    }

    /// Shows the first one for a while.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn hide(&self) -> io::Result<()> {
        other_screen::set_shown(false);
        write(other_screen::OFF)
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        // A terminal that went away needs no screen.
        let _ = self.hide();
    }
}

/// What a panic says is to be read, where the process ends by it too.
fn restore_when_panicking() {
    let owner = thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if thread::current().id() == owner && other_screen::is_shown() {
            first_modes::restore();
        }
        before(info);
    }));
}
