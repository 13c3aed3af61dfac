//! psql's history file: one entry a line, a line break inside an entry written as `\x01`. psql
//! built with libedit writes another form, which is read here too: a first line of its own, and
//! blanks and control characters as escapes.

use std::borrow::Cow;

/// Stands for a line break inside an entry.
const BREAK: u8 = 1;

/// The first line of a file that libedit wrote.
const LIBEDIT: &[u8] = b"_HiStOrY_V2_";

/// An entry as a line of the file, its end included.
pub fn encode(entry: &[u8]) -> Vec<u8> {
    let mut line: Vec<u8> = entry.iter().map(|b| if *b == b'\n' { BREAK } else { *b }).collect();
    line.push(b'\n');
    line
}

/// An entry from its line.
pub fn decode(line: &[u8]) -> String {
    let text: Vec<u8> = line.iter().map(|b| if *b == BREAK { b'\n' } else { *b }).collect();
    match String::from_utf8(text) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

/// The lines of a file, empty ones left out, as psql with readline would have written them.
pub fn lines(text: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> + Clone {
    let is_libedits = text.split(|b| *b == b'\n').next() == Some(LIBEDIT);
    let lines = text.split(|b| *b == b'\n').skip(usize::from(is_libedits));
    lines.filter(|line| !line.is_empty()).map(move |line| {
        if is_libedits { Cow::Owned(without_escapes(line)) } else { Cow::Borrowed(line) }
    })
}

/// A line of libedit's with its escapes (those of vis(3)) resolved: `\040`, `\^A`, `\M-a`, `\\`.
fn without_escapes(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        let (decoded, length) = match byte {
            b'\\' => escape(after).unwrap_or((byte, 0)),
            _ => (byte, 0),
        };
        // An entry has no line break but those that psql wrote as `BREAK`.
        out.push(if decoded == b'\n' { BREAK } else { decoded });
        rest = &after[length..];
    }
    out
}

/// The byte that an escape stands for, and the escape's length behind its backslash.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', ..] => Some((b'\\', 1)),
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            Some(((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), 3))
        }
        [b'^', control, ..] => Some((control ^ 0x40, 2)),
        [b'M', b'-', low, ..] => Some((low | 0x80, 3)),
        [b'M', b'^', control, ..] => Some(((control ^ 0x40) | 0x80, 3)),
        _ => None,
    }
}
