//! inputrc's notation of keys, and how keys are shown.

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::keys::{Input, KeyReader};

/// The keys that send these bytes.
pub fn keys(bytes: &[u8]) -> Vec<KeyEvent> {
    let mut reader = KeyReader::new();
    reader.feed(bytes);
    let inputs = std::iter::from_fn(|| reader.next(true));
    inputs
        .filter_map(|input| match input {
            Input::Key(key) => Some(key),
            Input::Paste(_) | Input::Mouse(_) | Input::Invalid(_) => None,
        })
        .collect()
}

/// The bytes that inputrc's text between quotes stands for: `\C-x`, `\M-x`, `\e`, `\d`, `\nnn`, `\xHH`, ...
pub fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some(taken) = unescape_one(rest, &mut bytes) {
        rest = &rest[taken..];
    }
    bytes
}

/// Reads one key of the notation; returns how much text it takes.
fn unescape_one(text: &[u8], bytes: &mut Vec<u8>) -> Option<usize> {
    match text {
        [] => None,
        [b'\\', b'C' | b'c', b'-', rest @ ..] if !rest.is_empty() => {
            let start = bytes.len();
            let taken = unescape_one(rest, bytes)?;
            if let Some(last) = bytes[start..].last_mut() {
                *last = control(*last);
            }
            Some(3 + taken)
        }
        [b'\\', b'M' | b'm', b'-', rest @ ..] if !rest.is_empty() => {
            bytes.push(0x1b);
            Some(3 + unescape_one(rest, bytes)?)
        }
        [b'\\', b'0'..=b'7', ..] => Some(1 + number(&text[1..], 8, 3, bytes)),
        [b'\\', b'x', digit, ..] if digit.is_ascii_hexdigit() => {
            Some(2 + number(&text[2..], 16, 2, bytes))
        }
        [b'\\', c, ..] => {
            bytes.push(match c {
                b'a' => 0x07,
                b'b' => 0x08,
                b'd' => 0x7f,
                b'e' => 0x1b,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                other => *other,
            });
            Some(2)
        }
        [c, ..] => {
            bytes.push(*c);
            Some(1)
        }
    }
}

fn number(text: &[u8], base: u32, most: usize, bytes: &mut Vec<u8>) -> usize {
    let digits = text.iter().take(most).map_while(|b| char::from(*b).to_digit(base));
    let (length, value) =
        digits.fold((0, 0), |(length, value), digit| (length + 1, value * base + digit));
    bytes.push((value & 0xff) as u8);
    length
}

/// What Ctrl makes of a byte.
fn control(byte: u8) -> u8 {
    if byte == b'?' { 0x7f } else { byte.to_ascii_uppercase() & 0x1f }
}

/// The bytes of a key that is written as a name: `Control-u`, `Meta-Rubout`, `Tab`.
pub fn named(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.trim();
    let (mut has_control, mut has_meta) = (false, false);
    while let Some((prefix, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
        match prefix.to_ascii_lowercase().as_str() {
            "control" | "ctrl" | "c" => has_control = true,
            "meta" | "m" => has_meta = true,
            _ => return None,
        }
        rest = after;
    }
    let mut byte = match rest.to_ascii_lowercase().as_str() {
        "del" | "rubout" => 0x7f,
        "esc" | "escape" => 0x1b,
        "lfd" | "newline" => b'\n',
        "ret" | "return" => b'\r',
        "spc" | "space" => b' ',
        "tab" => b'\t',
        // As readline has it, the first character counts.
        _ => *rest.as_bytes().first()?,
    };
    if !byte.is_ascii() {
        return (!has_control && !has_meta).then(|| rest.as_bytes().to_vec());
    }
    if has_control {
        byte = control(byte);
    }
    Some(if has_meta { vec![0x1b, byte] } else { vec![byte] })
}

/// What a key sends: what is inserted of it when it is quoted, and what a macro keeps.
pub fn bytes_of(key: KeyEvent) -> String {
    let KeyEvent(code, modifiers) = key;
    let mut bytes = String::new();
    if modifiers.contains(Modifiers::ALT) && !is_sequence(code, modifiers) {
        bytes.push('\x1b');
    }
    let has_control = modifiers.contains(Modifiers::CTRL);
    match code {
        KeyCode::Char(c) if has_control && c.is_ascii() => bytes.push(char::from(control(c as u8))),
        KeyCode::Char(c) => bytes.push(c),
        KeyCode::Backspace if !has_control => bytes.push('\x7f'),
        KeyCode::Enter if !has_control => bytes.push('\r'),
        KeyCode::Tab if !has_control => bytes.push('\t'),
        KeyCode::Esc if !has_control => bytes.push('\x1b'),
        KeyCode::Null => bytes.push('\0'),
        _ => bytes.push_str(&sequence(code, modifiers)),
    }
    bytes
}

fn is_sequence(code: KeyCode, modifiers: Modifiers) -> bool {
    match code {
        KeyCode::Char(_) | KeyCode::Null => false,
        KeyCode::Backspace | KeyCode::Enter | KeyCode::Tab | KeyCode::Esc => {
            modifiers.contains(Modifiers::CTRL)
        }
        _ => true,
    }
}

/// xterm's sequence for a key.
fn sequence(code: KeyCode, modifiers: Modifiers) -> String {
    let mut number = 1;
    for (modifier, bit) in [(Modifiers::SHIFT, 1), (Modifiers::ALT, 2), (Modifiers::CTRL, 4)] {
        number += if modifiers.contains(modifier) { bit } else { 0 };
    }
    let lettered = |letter: char| match number {
        1 => format!("\x1b[{letter}"),
        _ => format!("\x1b[1;{number}{letter}"),
    };
    let numbered = |code: u32| match number {
        1 => format!("\x1b[{code}~"),
        _ => format!("\x1b[{code};{number}~"),
    };
    let character = |code: u32| format!("\x1b[27;{number};{code}~");
    match code {
        KeyCode::Up => lettered('A'),
        KeyCode::Down => lettered('B'),
        KeyCode::Right => lettered('C'),
        KeyCode::Left => lettered('D'),
        KeyCode::End => lettered('F'),
        KeyCode::Home => lettered('H'),
        KeyCode::BackTab => lettered('Z'),
        KeyCode::Insert => numbered(2),
        KeyCode::Delete => numbered(3),
        KeyCode::PageUp => numbered(5),
        KeyCode::PageDown => numbered(6),
        KeyCode::F(n) => {
            let n = u32::from(n);
            numbered(match n {
                0..=5 => 10 + n,
                6..=10 => 11 + n,
                11..=14 => 12 + n,
                15..=16 => 13 + n,
                _ => 14 + n,
            })
        }
        KeyCode::Backspace => character(0x7f),
        KeyCode::Enter => character(0x0d),
        KeyCode::Tab => character(0x09),
        KeyCode::Esc => character(0x1b),
        _ => String::new(),
    }
}

/// The keys in inputrc's notation, without the quotes.
pub fn escape(keys: &[KeyEvent]) -> String {
    let mut text = String::new();
    for c in keys.iter().flat_map(|key| bytes_of(*key).chars().collect::<Vec<_>>()) {
        match c {
            '\x1b' => text.push_str("\\e"),
            '\x7f' => text.push_str("\\C-?"),
            '\0'..='\x1f' => {
                text.push_str("\\C-");
                text.push(char::from(c as u8 | 0x40).to_ascii_lowercase());
            }
            '"' | '\\' => text.extend(['\\', c]),
            _ => text.push(c),
        }
    }
    text
}

/// The keys as people call them: `Ctrl-X Ctrl-E`, `Alt-.`, `Shift-Tab`.
pub fn display(keys: &[KeyEvent]) -> String {
    keys.iter().map(|key| display_one(*key)).collect::<Vec<_>>().join(" ")
}

fn display_one(KeyEvent(code, modifiers): KeyEvent) -> String {
    let mut text = String::new();
    for (modifier, name) in
        [(Modifiers::CTRL, "Ctrl-"), (Modifiers::ALT, "Alt-"), (Modifiers::SHIFT, "Shift-")]
    {
        if modifiers.contains(modifier) {
            text.push_str(name);
        }
    }
    match code {
        KeyCode::Char(' ') => text.push_str("Space"),
        KeyCode::Char(c) => text.push(c),
        KeyCode::BackTab => text.push_str("Shift-Tab"),
        KeyCode::Esc => text.push_str("Escape"),
        KeyCode::PageUp => text.push_str("Page-Up"),
        KeyCode::PageDown => text.push_str("Page-Down"),
        KeyCode::F(n) => text.push_str(&format!("F{n}")),
        other => text.push_str(&format!("{other:?}")),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        for (text, bytes) in [
            ("abc", b"abc".as_slice()),
            (r"\C-a\C-A\C-?", b"\x01\x01\x7f"),
            (r"\M-x", b"\x1bx"),
            (r"\M-\C-x\C-\M-x", b"\x1b\x18\x1b\x18"),
            (r"\e[A", b"\x1b[A"),
            (r"\\\x22\'", b"\\\"'"),
            (r"\a\b\d\f\n\r\t\v", b"\x07\x08\x7f\x0c\n\r\t\x0b"),
            (r"\033[1~\0\1234", b"\x1b[1~\0S4"),
            (r"\x1b\x41\x4g\xzz", b"\x1bA\x04gxzz"),
            (r"\q", b"q"),
            (r"\", b"\\"),
            (r"\C-", b"C-"),
            (r"\M-", b"M-"),
            ("é", "é".as_bytes()),
        ] {
            assert_eq!(unescape(text), bytes, "{text}");
        }
    }

    #[test]
    fn names() {
        for (text, bytes) in [
            ("Control-u", Some(b"\x15".as_slice())),
            ("C-u", Some(b"\x15")),
            ("Meta-Rubout", Some(b"\x1b\x7f")),
            ("M-C-h", Some(b"\x1b\x08")),
            ("TAB", Some(b"\t")),
            ("escape", Some(b"\x1b")),
            ("RET", Some(b"\r")),
            ("SPACE", Some(b" ")),
            ("newline", Some(b"\n")),
            ("x", Some(b"x")),
            ("Hyper-x", None),
            ("", None),
        ] {
            assert_eq!(named(text).as_deref(), bytes, "{text}");
        }
    }

    #[test]
    fn keys_are_written_and_shown() {
        for (notation, shown) in [
            (r"\C-x\C-e", "Ctrl-X Ctrl-E"),
            (r"\e.", "Alt-."),
            (r"\e[1;5D", "Ctrl-Left"),
            (r"\e[3;5~", "Ctrl-Delete"),
            (r"\e[Z", "Shift-Tab"),
            (r"\e\C-m", "Alt-Enter"),
            (r"\e\C-y", "Ctrl-Alt-Y"),
            (r"\C-?", "Backspace"),
            (r"\e", "Escape"),
            (r"\e ", "Alt-Space"),
            (r"\C-@", "Ctrl-@"),
            (r"\C-x(", "Ctrl-X ("),
            (r"\e[5~", "Page-Up"),
            (r"\e[15~", "F5"),
            (r"\e[24~", "F12"),
            (r"\e[29~", "F16"),
            (r"\e[34~", "F20"),
            (r"d", "d"),
        ] {
            let keys = keys(&unescape(notation));
            assert_eq!(escape(&keys), notation);
            assert_eq!(display(&keys), shown);
        }
    }
}
