//! What the mouse did, as terminals report it that were asked to (xterm's SGR reports).

use rustyline::Modifiers;

/// What the mouse did, and where: columns and rows from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub action: MouseAction,
    /// The column of the screen.
    pub column: usize,
    /// The row of the screen.
    pub row: usize,
    /// The keys that were held.
    pub modifiers: Modifiers,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAction {
    /// Its left button was pressed.
    Click,
    /// The wheel was turned.
    WheelUp,
    /// The wheel was turned.
    WheelDown,
    /// The wheel was pushed.
    WheelLeft,
    /// The wheel was pushed.
    WheelRight,
}

/// Reads a report's parameters: `0;3;4`. Nothing that matters to anybody is `None`: buttons let go,
/// other buttons, moves.
pub(super) fn report(parameters: &[u8], is_pressed: bool) -> Option<Mouse> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut numbers = text.split(';').map(|number| number.parse::<usize>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let mut modifiers = Modifiers::NONE;
    for (bit, modifier) in [(4, Modifiers::SHIFT), (8, Modifiers::ALT), (16, Modifiers::CTRL)] {
        if button & bit != 0 {
            modifiers |= modifier;
        }
    }
    let action = match button & !(4 | 8 | 16) {
        0 => MouseAction::Click,
        64 => MouseAction::WheelUp,
        65 => MouseAction::WheelDown,
        66 => MouseAction::WheelLeft,
        67 => MouseAction::WheelRight,
        _ => return None,
    };
    let (column, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
    is_pressed.then_some(Mouse { action, column, row, modifiers })
}
