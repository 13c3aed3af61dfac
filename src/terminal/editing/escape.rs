//! Terminals' escape sequences: xterm's, rxvt's, the Linux console's, screen's.

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::mouse::{self, Mouse};

/// The longest sequence that is waited for; what is longer is none.
const LONGEST: usize = 64;

/// What bytes that begin with Escape are.
#[derive(Debug, PartialEq, Eq)]
pub enum Escape {
    /// A key, and how many bytes it takes.
    Key(usize, KeyEvent),
    /// What the mouse did, and how many bytes that takes.
    Mouse(usize, Mouse),
    /// A sequence that stands for no key, and how many bytes it takes.
    Unknown(usize),
    /// The start of a bracketed paste.
    PasteStart(usize),
    /// The beginning of a sequence.
    Unfinished,
    /// No sequence: Escape itself, or Alt with a key.
    NoSequence,
}

/// Reads the sequence at the start of `bytes`.
pub fn parse(bytes: &[u8]) -> Escape {
    match bytes {
        [0x1b, b'[', rest @ ..] => control_sequence(rest),
        [0x1b, b'O', rest @ ..] => single_shift(rest),
        // A terminal's answer to a question, as about its colours.
        [0x1b, b']'] => Escape::Unfinished,
        [0x1b, b']', b'0'..=b'9', ..] => report(bytes),
        _ => Escape::NoSequence,
    }
}

/// A string that BEL or ST ends.
fn report(bytes: &[u8]) -> Escape {
    let end = bytes.iter().skip(2).position(|b| *b == 0x07 || *b == 0x1b).map(|at| at + 2);
    match end {
        Some(at) if bytes[at] == 0x07 => Escape::Unknown(at + 1),
        Some(at) if bytes.get(at + 1) == Some(&b'\\') => Escape::Unknown(at + 2),
        Some(at) if at + 1 < bytes.len() => Escape::Unknown(at),
        None if bytes.len() > 16 * LONGEST => Escape::Unknown(bytes.len()),
        _ => Escape::Unfinished,
    }
}

/// `ESC [` parameters, final byte.
fn control_sequence(rest: &[u8]) -> Escape {
    match rest {
        // The Linux console's F1 to F5.
        [b'[', letter @ b'A'..=b'E', ..] => {
            return Escape::Key(4, KeyEvent(KeyCode::F(letter - b'A' + 1), Modifiers::NONE));
        }
        [b'['] => return Escape::Unfinished,
        // A mouse report: three bytes follow.
        [b'M', ..] => {
            return if rest.len() < 4 { Escape::Unfinished } else { Escape::Unknown(6) };
        }
        _ => {}
    }
    let is_parameter = |b: &u8| matches!(b, 0x20..=0x23 | 0x25..=0x3f);
    let Some(end) = rest.iter().position(|b| !is_parameter(b)) else {
        return if rest.len() > LONGEST {
            Escape::Unknown(2 + rest.len())
        } else {
            Escape::Unfinished
        };
    };
    let parameters = &rest[..end];
    let length = 2 + end + 1;
    match rest[end] {
        b'~' if parameters == b"200" => Escape::PasteStart(length),
        last @ (b'M' | b'm') if parameters.starts_with(b"<") => {
            match mouse::report(&parameters[1..], last == b'M') {
                Some(mouse) => Escape::Mouse(length, mouse),
                None => Escape::Unknown(length),
            }
        }
        last @ (b'$' | b'@'..=b'~') => match sequence_key(parameters, last) {
            Some(key) => Escape::Key(length, key),
            None => Escape::Unknown(length),
        },
        // Something else begins within the sequence.
        _ => Escape::Unknown(length - 1),
    }
}

fn sequence_key(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut numbers = [0_u32; 3];
    for (place, number) in text.split(';').enumerate() {
        // xterm and kitty may add `:` and further details to a number.
        let number = number.split(':').next().unwrap_or_default();
        if !number.is_empty() {
            *numbers.get_mut(place)? = number.parse().ok()?;
        }
    }
    let [first, second, third] = numbers;
    let modified = modifiers(second);
    Some(match last {
        b'~' if first == 27 => return character_key(third, modified),
        b'~' => KeyEvent(numbered(first)?, modified),
        // rxvt's modifiers are the final byte.
        b'$' => KeyEvent(numbered(first)?, Modifiers::SHIFT),
        b'^' => KeyEvent(numbered(first)?, Modifiers::CTRL),
        b'@' => KeyEvent(numbered(first)?, Modifiers::CTRL_SHIFT),
        b'a'..=b'd' => KeyEvent(lettered(last.to_ascii_uppercase())?, Modifiers::SHIFT),
        b'u' => return character_key(first, modified),
        b'Z' => KeyEvent(KeyCode::BackTab, modified.difference(Modifiers::SHIFT)),
        // A report of the cursor's place ends as F3 with modifiers does.
        b'R' if first > 1 || second > 16 => return None,
        // Old terminals have the modifiers alone: `ESC [ 5 C`.
        _ if second == 0 && first > 1 => KeyEvent(lettered(last)?, modifiers(first)),
        _ => KeyEvent(lettered(last)?, modified),
    })
}

/// `ESC O` letter; old terminals put a modifier between.
fn single_shift(rest: &[u8]) -> Escape {
    let (digits, after) =
        rest.split_at(rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len()));
    let Some(last) = after.first() else {
        return if rest.len() > 2 { Escape::Unknown(2 + rest.len()) } else { Escape::Unfinished };
    };
    if !(0x40..=0x7e).contains(last) {
        return if digits.is_empty() {
            Escape::NoSequence
        } else {
            Escape::Unknown(2 + digits.len())
        };
    }
    let length = 2 + digits.len() + 1;
    let number = std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let key = match last {
        b'a'..=b'd' => {
            lettered(last.to_ascii_uppercase()).map(|code| KeyEvent(code, Modifiers::CTRL))
        }
        b'M' => Some(KeyEvent(KeyCode::Enter, modifiers(number))),
        b'I' => Some(KeyEvent(KeyCode::Tab, modifiers(number))),
        // The keypad's own keys.
        b'X' => Some(KeyEvent(KeyCode::Char('='), modifiers(number))),
        b'j'..=b'y' => Some(KeyEvent(KeyCode::Char(char::from(last - 0x40)), modifiers(number))),
        _ => lettered(*last).map(|code| KeyEvent(code, modifiers(number))),
    };
    key.map_or(Escape::Unknown(length), |key| Escape::Key(length, key))
}

/// xterm's modifiers: one more than the sum of 1 for Shift, 2 for Alt, 4 for Ctrl, 8 for Meta.
fn modifiers(number: u32) -> Modifiers {
    let bits = number.saturating_sub(1);
    let mut modifiers = Modifiers::NONE;
    for (bit, modifier) in
        [(1, Modifiers::SHIFT), (2, Modifiers::ALT), (4, Modifiers::CTRL), (8, Modifiers::ALT)]
    {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}

fn lettered(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'R' => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F((number - 10) as u8),
        17..=21 => KeyCode::F((number - 11) as u8),
        23..=26 => KeyCode::F((number - 12) as u8),
        28 | 29 => KeyCode::F((number - 13) as u8),
        31..=34 => KeyCode::F((number - 14) as u8),
        _ => return None,
    })
}

/// A character that was sent as its number.
fn character_key(number: u32, modifiers: Modifiers) -> Option<KeyEvent> {
    let c = char::from_u32(number)?;
    Some(match c {
        '\x7f' | '\x08' => KeyEvent(KeyCode::Backspace, modifiers),
        '\r' => KeyEvent(KeyCode::Enter, modifiers),
        '\t' => KeyEvent::normalize(KeyEvent(KeyCode::Tab, modifiers)),
        '\x1b' => KeyEvent(KeyCode::Esc, modifiers),
        // Shift is in the character itself.
        _ => {
            let shifted =
                modifiers.contains(Modifiers::SHIFT) && !modifiers.contains(Modifiers::CTRL);
            let c = if shifted { c.to_uppercase().next().unwrap_or(c) } else { c };
            KeyEvent::normalize(KeyEvent(KeyCode::Char(c), modifiers.difference(Modifiers::SHIFT)))
        }
    })
}
