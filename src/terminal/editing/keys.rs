//! Bytes from a terminal to keys and pastes.
//!
//! Owns what came in and is no whole key yet. Never reads by itself and never waits: the caller feeds
//! it, and says when it has waited long enough for the rest of a key.

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::escape::{self, Escape};
use super::mouse::Mouse;

/// What the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(KeyEvent),
    /// A bracketed paste, its line ends as `\n`.
    Paste(String),
    /// What the mouse did, where the terminal was asked to tell.
    Mouse(Mouse),
    /// Bytes that are not UTF-8.
    Invalid(Vec<u8>),
}

const ESCAPE: KeyEvent = KeyEvent(KeyCode::Esc, Modifiers::NONE);

/// What ends a bracketed paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// Takes bytes, gives keys.
#[derive(Debug, Default)]
pub struct KeyReader {
    bytes: Vec<u8>,
    /// How much of `bytes` was handed out.
    start: usize,
    /// Within a bracketed paste: how far its end was looked for.
    paste: Option<usize>,
}

impl KeyReader {
    /// A reader that has got nothing yet.
    pub fn new() -> KeyReader {
        KeyReader::default()
    }

    /// Takes what was read.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            if let Some(searched) = &mut self.paste {
                *searched -= self.start;
            }
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next key or paste. `timed_out` says that the rest of a key did not come: an Escape is the
    /// Escape key then. A paste waits for its end whatever the time.
    pub fn next(&mut self, timed_out: bool) -> Option<Input> {
        loop {
            if let Some(searched) = self.paste {
                return self.next_of_paste(searched);
            }
            let rest = self.rest();
            let (length, input) = match next_key(rest, timed_out) {
                Step::More => return None,
                Step::Skip(length) => (length, None),
                Step::Take(length, input) => (length, Some(input)),
                Step::PasteStart(length) => {
                    self.start += length;
                    self.paste = Some(self.start);
                    continue;
                }
            };
            self.start += length;
            if input.is_some() {
                return input;
            }
        }
    }

    /// Gives what there is of a paste whose end will not come.
    pub fn finish_paste(&mut self) -> Option<Input> {
        self.paste.take()?;
        Some(pasted(self.bytes.split_off(self.start)))
    }

    /// Whether a key or a paste has begun and is not whole.
    pub fn waits_for_more(&self) -> bool {
        self.paste.is_some()
            || matches!(next_key(self.rest(), false), Step::More if self.has_more())
    }

    /// Whether a paste has begun and its end has not come.
    pub fn is_in_paste(&self) -> bool {
        self.paste.is_some()
    }

    /// Whether there is more than what was handed out: what was typed or pasted in one go.
    pub fn has_more(&self) -> bool {
        self.start < self.bytes.len()
    }

    /// How many of the bytes that come next are text, and no keys that do something; whether another
    /// key is among those that were read.
    pub fn text_ahead(&self) -> (usize, bool) {
        let is_text = |byte: &&u8| **byte >= b' ' && **byte != 0x7f;
        let count = self.rest().iter().take_while(is_text).count();
        (count, count < self.rest().len())
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    fn next_of_paste(&mut self, searched: usize) -> Option<Input> {
        match memchr::memmem::find(&self.bytes[searched..], PASTE_END) {
            Some(found) => {
                let end = searched + found;
                let paste = self.bytes[self.start..end].to_vec();
                self.start = end + PASTE_END.len();
                self.paste = None;
                Some(pasted(paste))
            }
            None => {
                let safe = self.bytes.len().saturating_sub(PASTE_END.len() - 1);
                self.paste = Some(safe.max(searched));
                None
            }
        }
    }
}

/// A paste's text, whose line ends are CR in most terminals.
fn pasted(bytes: Vec<u8>) -> Input {
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\r') => {
            Input::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))
        }
        Ok(text) => Input::Paste(text),
        Err(error) => Input::Invalid(error.into_bytes()),
    }
}

enum Step {
    /// It is not whole.
    More,
    /// So many bytes mean nothing here.
    Skip(usize),
    Take(usize, Input),
    PasteStart(usize),
}

fn next_key(bytes: &[u8], timed_out: bool) -> Step {
    match bytes.first() {
        None => Step::More,
        Some(0x1b) => escaped(bytes, timed_out),
        Some(_) => character(bytes, Modifiers::NONE, timed_out),
    }
}

/// A key that begins with Escape.
fn escaped(bytes: &[u8], timed_out: bool) -> Step {
    match escape::parse(bytes) {
        Escape::Key(length, key) => Step::Take(length, Input::Key(key)),
        Escape::Mouse(length, mouse) => Step::Take(length, Input::Mouse(mouse)),
        Escape::Unknown(length) => Step::Skip(length),
        Escape::PasteStart(length) => Step::PasteStart(length),
        Escape::Unfinished if !timed_out => Step::More,
        Escape::Unfinished => unfinished(bytes),
        Escape::NoSequence if bytes.len() == 2 && bytes[1] == 0x1b && !timed_out => Step::More,
        Escape::NoSequence => match bytes.get(1..) {
            None | Some([]) if !timed_out => Step::More,
            None | Some([]) => Step::Take(1, Input::Key(ESCAPE)),
            Some([0x1b, ..]) => match escape::parse(&bytes[1..]) {
                Escape::Unfinished if !timed_out => Step::More,
                // Escape before a function key: whoever gets both decides whether that is Alt.
                Escape::Key(..) => Step::Take(1, Input::Key(ESCAPE)),
                _ => Step::Take(2, Input::Key(KeyEvent(KeyCode::Esc, Modifiers::ALT))),
            },
            Some(rest) => match character(rest, Modifiers::ALT, timed_out) {
                Step::Take(length, input) => Step::Take(1 + length, input),
                other => other,
            },
        },
    }
}

/// What an escape sequence is whose end did not come: Alt-[ or Alt-O, else nothing.
fn unfinished(bytes: &[u8]) -> Step {
    match bytes {
        [_, c @ (b'[' | b'O' | b']')] => {
            Step::Take(2, Input::Key(KeyEvent(KeyCode::Char(char::from(*c)), Modifiers::ALT)))
        }
        _ => Step::Skip(bytes.len()),
    }
}

/// One character, or a control key.
fn character(bytes: &[u8], modifiers: Modifiers, timed_out: bool) -> Step {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let end = length.min(bytes.len());
    match std::str::from_utf8(&bytes[..end]) {
        Ok(text) => match text.chars().next() {
            Some(c) => Step::Take(end, Input::Key(key(c, modifiers))),
            None => Step::More,
        },
        Err(error) => match error.error_len() {
            None if !timed_out => Step::More,
            None => Step::Take(end, Input::Invalid(bytes[..end].to_vec())),
            Some(wrong) => Step::Take(wrong, Input::Invalid(bytes[..wrong].to_vec())),
        },
    }
}

/// The key that sends `c`. Ctrl-H is told apart from Backspace, which sends DEL.
pub fn key(c: char, modifiers: Modifiers) -> KeyEvent {
    match c {
        '\x08' => KeyEvent(KeyCode::Char('H'), modifiers | Modifiers::CTRL),
        '\u{80}'..='\u{9f}' => KeyEvent(KeyCode::Char(c), modifiers),
        _ => KeyEvent::new(c, modifiers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::editing::mouse::MouseAction;

    const NONE: Modifiers = Modifiers::NONE;
    const ALT: Modifiers = Modifiers::ALT;
    const CTRL: Modifiers = Modifiers::CTRL;
    const SHIFT: Modifiers = Modifiers::SHIFT;

    fn key(code: KeyCode, modifiers: Modifiers) -> Input {
        Input::Key(KeyEvent(code, modifiers))
    }

    fn c(c: char, modifiers: Modifiers) -> Input {
        key(KeyCode::Char(c), modifiers)
    }

    /// What a reader gives of bytes that come all at once, and then no more.
    fn read(bytes: &[u8]) -> Vec<Input> {
        let mut reader = KeyReader::new();
        reader.feed(bytes);
        let mut inputs: Vec<Input> = std::iter::from_fn(|| reader.next(false)).collect();
        inputs.extend(std::iter::from_fn(|| reader.next(true)));
        assert!(!reader.waits_for_more() || reader.is_in_paste(), "{bytes:?}");
        inputs
    }

    fn rows() -> Vec<(&'static [u8], Vec<Input>)> {
        let escape = || key(KeyCode::Esc, NONE);
        vec![
            (b"a", vec![c('a', NONE)]),
            (b"A", vec![c('A', NONE)]),
            ("é€😀".as_bytes(), vec![c('é', NONE), c('€', NONE), c('😀', NONE)]),
            (b"\x01", vec![c('A', CTRL)]),
            (b"\x00", vec![c('@', CTRL)]),
            (b"\x1f", vec![c('_', CTRL)]),
            (b"\t", vec![key(KeyCode::Tab, NONE)]),
            (b"\r", vec![key(KeyCode::Enter, NONE)]),
            (b"\n", vec![c('J', CTRL)]),
            (b"\x7f", vec![key(KeyCode::Backspace, NONE)]),
            (b"\x08", vec![c('H', CTRL)]),
            (b"\x1b", vec![escape()]),
            (b"\x1bx", vec![c('x', ALT)]),
            ("\x1bé".as_bytes(), vec![c('é', ALT)]),
            (b"\x1b\r", vec![key(KeyCode::Enter, ALT)]),
            (b"\x1b\x7f", vec![key(KeyCode::Backspace, ALT)]),
            (b"\x1b\x08", vec![c('H', CTRL | ALT)]),
            (b"\x1b\x1b", vec![key(KeyCode::Esc, ALT)]),
            (b"\x1b\x1bx", vec![key(KeyCode::Esc, ALT), c('x', NONE)]),
            (b"\x1b[", vec![c('[', ALT)]),
            (b"\x1bO", vec![c('O', ALT)]),
            (b"\x1bO\x01", vec![c('O', ALT), c('A', CTRL)]),
            (b"\x1b[A", vec![key(KeyCode::Up, NONE)]),
            (b"\x1bOA", vec![key(KeyCode::Up, NONE)]),
            (b"\x1b\x1b[A", vec![escape(), key(KeyCode::Up, NONE)]),
            (b"\x1b[1;5C", vec![key(KeyCode::Right, CTRL)]),
            (b"\x1b[1;3D", vec![key(KeyCode::Left, ALT)]),
            (b"\x1b[1;2H", vec![key(KeyCode::Home, SHIFT)]),
            (b"\x1bO5C", vec![key(KeyCode::Right, CTRL)]),
            (b"\x1b[5C", vec![key(KeyCode::Right, CTRL)]),
            (b"\x1bOc", vec![key(KeyCode::Right, CTRL)]),
            (b"\x1b[c", vec![key(KeyCode::Right, SHIFT)]),
            (b"\x1b[3~", vec![key(KeyCode::Delete, NONE)]),
            (b"\x1b[3;5~", vec![key(KeyCode::Delete, CTRL)]),
            (b"\x1b[3^", vec![key(KeyCode::Delete, CTRL)]),
            (b"\x1b[3$", vec![key(KeyCode::Delete, SHIFT)]),
            (b"\x1b[3@", vec![key(KeyCode::Delete, CTRL | SHIFT)]),
            (b"\x1b[1~\x1b[7~", vec![key(KeyCode::Home, NONE), key(KeyCode::Home, NONE)]),
            (b"\x1b[4~\x1b[8~", vec![key(KeyCode::End, NONE), key(KeyCode::End, NONE)]),
            (b"\x1b[5~\x1b[6~", vec![key(KeyCode::PageUp, NONE), key(KeyCode::PageDown, NONE)]),
            (b"\x1b[2~", vec![key(KeyCode::Insert, NONE)]),
            (b"\x1b[Z", vec![key(KeyCode::BackTab, NONE)]),
            (b"\x1bOP\x1b[11~\x1b[[A", vec![key(KeyCode::F(1), NONE); 3]),
            (b"\x1b[15~", vec![key(KeyCode::F(5), NONE)]),
            (b"\x1b[17~\x1b[24~", vec![key(KeyCode::F(6), NONE), key(KeyCode::F(12), NONE)]),
            (b"\x1b[34~", vec![key(KeyCode::F(20), NONE)]),
            (b"\x1bOM", vec![key(KeyCode::Enter, NONE)]),
            (b"\x1bOk", vec![c('+', NONE)]),
            // Keys sent as numbers, by xterm and by kitty.
            (b"\x1b[27;5;97~", vec![c('A', CTRL)]),
            (b"\x1b[97;5u", vec![c('A', CTRL)]),
            (b"\x1b[13;3u", vec![key(KeyCode::Enter, ALT)]),
            (b"\x1b[9;2u", vec![key(KeyCode::BackTab, NONE)]),
            (b"\x1b[97;2u", vec![c('A', NONE)]),
            (b"\x1b[27u", vec![escape()]),
            // Nothing is left of what means nothing.
            (b"\x1b[99~a", vec![c('a', NONE)]),
            (b"\x1b[?1;2ca", vec![c('a', NONE)]),
            (b"\x1b[I\x1b[Oa", vec![c('a', NONE)]),
            (b"\x1b[M !!a", vec![c('a', NONE)]),
            (b"\x1b[<0;3;4ma", vec![c('a', NONE)]),
            (b"\x1b[<35;3;4Ma", vec![c('a', NONE)]),
            (b"\x1b[<0;0;4Ma", vec![c('a', NONE)]),
            (b"\x1b[<0;99999999999999999999;4Ma", vec![c('a', NONE)]),
            (b"\x1b[12;40Ra", vec![c('a', NONE)]),
            (b"\x1b]11;rgb:0000/0000/0000\x07a", vec![c('a', NONE)]),
            (b"\x1b]11;rgb:0000/0000/0000\x1b\\a", vec![c('a', NONE)]),
            (b"\x1b[1;", vec![]),
            (b"\x1b[1;\x01", vec![c('A', CTRL)]),
            (b"\xff", vec![Input::Invalid(vec![0xff])]),
            (b"\xc3a", vec![Input::Invalid(vec![0xc3]), c('a', NONE)]),
            (b"\xe2\x82", vec![Input::Invalid(vec![0xe2, 0x82])]),
            (
                b"\x1b[200~a\x01\x1bb\x1b[201~c",
                vec![Input::Paste("a\x01\x1bb".into()), c('c', NONE)],
            ),
            (b"\x1b[200~a\rb\r\nc\n\x1b[201~", vec![Input::Paste("a\nb\nc\n".into())]),
            (b"\x1b[200~\x1b[201~", vec![Input::Paste(String::new())]),
            (b"\x1b[200~\xff\x1b[201~", vec![Input::Invalid(vec![0xff])]),
        ]
    }

    #[test]
    fn keys_of_terminals() {
        for (bytes, expected) in rows() {
            assert_eq!(read(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    /// Whatever is split anywhere comes to the same, as long as no time passes.
    #[test]
    fn input_may_come_in_pieces() {
        for (bytes, expected) in rows() {
            for size in 1..bytes.len() {
                let mut reader = KeyReader::new();
                let mut inputs = Vec::new();
                for piece in bytes.chunks(size) {
                    reader.feed(piece);
                    inputs.extend(std::iter::from_fn(|| reader.next(false)));
                }
                inputs.extend(std::iter::from_fn(|| reader.next(true)));
                assert_eq!(inputs, expected, "{:?} by {size}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn reports_of_the_mouse() {
        let mouse =
            |action, modifiers| Input::Mouse(Mouse { action, column: 2, row: 3, modifiers });
        for (bytes, expected) in [
            (&b"\x1b[<0;3;4M"[..], mouse(MouseAction::Click, NONE)),
            (b"\x1b[<64;3;4M", mouse(MouseAction::WheelUp, NONE)),
            (b"\x1b[<69;3;4M", mouse(MouseAction::WheelDown, SHIFT)),
            (b"\x1b[<83;3;4M", mouse(MouseAction::WheelRight, CTRL)),
        ] {
            assert_eq!(read(bytes), [expected]);
        }
    }

    #[test]
    fn an_escape_is_a_key_once_the_time_is_up() {
        let mut reader = KeyReader::new();
        reader.feed(b"\x1b");
        assert_eq!(reader.next(false), None);
        assert!(reader.waits_for_more());
        assert_eq!(reader.next(true), Some(key(KeyCode::Esc, NONE)));
        assert!(!reader.waits_for_more());
        assert_eq!(reader.next(true), None);
        reader.feed(b"[A");
        assert_eq!(reader.next(false), Some(c('[', NONE)));
    }

    #[test]
    fn a_paste_waits_for_its_end() {
        let mut reader = KeyReader::new();
        reader.feed(b"\x1b[200~select\r1");
        assert_eq!(reader.next(true), None);
        assert!(reader.is_in_paste() && reader.waits_for_more());
        reader.feed(b"\x1b[201~");
        assert_eq!(reader.next(false), Some(Input::Paste("select\n1".into())));
        assert!(!reader.is_in_paste() && !reader.waits_for_more());
    }

    #[test]
    fn a_paste_without_an_end_can_be_finished() {
        let mut reader = KeyReader::new();
        reader.feed(b"\x1b[200~select\r1");
        assert_eq!(reader.next(true), None);
        assert_eq!(reader.finish_paste(), Some(Input::Paste("select\n1".into())));
        assert_eq!(reader.finish_paste(), None);
        reader.feed(b"a");
        assert_eq!(reader.next(false), Some(c('a', NONE)));
    }

    #[test]
    fn what_follows_a_key_can_be_seen() {
        let mut reader = KeyReader::new();
        for (bytes, ahead) in
            [(&b"\tselect"[..], (6, false)), (b"\ta\r", (1, true)), (b"\t\x01", (0, true))]
        {
            reader.feed(bytes);
            assert_eq!(reader.next(false), Some(key(KeyCode::Tab, NONE)));
            assert_eq!(reader.text_ahead(), ahead);
            while reader.next(false).is_some() {}
            assert_eq!(reader.text_ahead(), (0, false));
        }
    }
}
