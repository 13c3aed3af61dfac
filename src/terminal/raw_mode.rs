//! The terminal's modes while a line is edited: keys come one by one, are not shown, and make no
//! signals.

use std::io;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

/// While it lives, the terminal gives keys as they are pressed.
#[derive(Debug)]
pub struct RawMode {
    before: Termios,
    signals: KeySignals,
}

/// Which keys make signals all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeySignals {
    /// None.
    None,
    /// Ctrl-C, as for a query that is at work.
    Interrupt,
}

/// What no key is.
const DISABLED: u8 = if cfg!(target_os = "linux") { 0 } else { 0xff };

impl RawMode {
    /// Sets the modes of the terminal that standard input is.
    ///
    /// # Errors
    /// It is none, or is gone.
    pub fn enter() -> io::Result<RawMode> {
        RawMode::enter_with(KeySignals::None)
    }

    /// As [`RawMode::enter`], but Ctrl-C makes its signal.
    ///
    /// # Errors
    /// As [`RawMode::enter`].
    pub fn enter_with_interrupts() -> io::Result<RawMode> {
        RawMode::enter_with(KeySignals::Interrupt)
    }

    fn enter_with(signals: KeySignals) -> io::Result<RawMode> {
        let before = tcgetattr(io::stdin())?;
        let raw = RawMode { before, signals };
        raw.set()?;
        Ok(raw)
    }

    /// Sets them again, after somebody else did.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn set(&self) -> io::Result<()> {
        let mut modes = self.before.clone();
        modes.input_modes &= !(InputModes::BRKINT
            | InputModes::ICRNL
            | InputModes::INLCR
            | InputModes::IGNCR
            | InputModes::INPCK
            | InputModes::ISTRIP
            | InputModes::IXON);
        modes.local_modes &= !(LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN);
        match self.signals {
            KeySignals::None => modes.local_modes &= !LocalModes::ISIG,
            KeySignals::Interrupt => {
                modes.special_codes[SpecialCodeIndex::VQUIT] = DISABLED;
                modes.special_codes[SpecialCodeIndex::VSUSP] = DISABLED;
            }
        }
        // Reading never waits: what there was to read may be gone by then.
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Drain, &modes)?;
        Ok(())
    }

    /// Gives the terminal the modes that it had, for a while.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn leave(&self) -> io::Result<()> {
        tcsetattr(io::stdin(), OptionalActions::Drain, &self.before)?;
        Ok(())
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // A terminal that went away needs no modes.
        let _ = self.leave();
    }
}
