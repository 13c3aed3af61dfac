//! Colours in what a user is told: an error, a hint, and the place in the statement.
//!
//! Owns which part of a message has which colour. A line that has one has it from its beginning to
//! its end, so that what a program waits for stands together.

use crate::encoding::Encoding;

/// The parts of messages that have colours: what begins each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageColors {
    /// An error's first line.
    pub error: Vec<u8>,
    /// A warning's, or any other notice's.
    pub warning: Vec<u8>,
    /// A hint.
    pub hint: Vec<u8>,
    /// The word of the statement that the caret points at, and the caret.
    pub place: Vec<u8>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something failed.
    Error,
    /// Something may be wrong.
    Warning,
    /// Nothing is wrong.
    Notice,
    /// It tells how to do better.
    Hint,
}

const RESET: &[u8] = crate::palette::RESET.as_bytes();

impl MessageColors {
    /// The message, whole lines, with colours.
    pub fn paint(&self, text: &[u8], severity: Severity, encoding: Encoding) -> Vec<u8> {
        let mut out = Vec::new();
        let mut lines = text.split_inclusive(|byte| *byte == b'\n').enumerate().peekable();
        while let Some((number, line)) = lines.next() {
            let caret = lines.peek().and_then(|(_, below)| caret(below));
            match caret {
                Some(caret) if number > 0 && line.starts_with(b"LINE ") => {
                    self.paint_place(line, caret, encoding, &mut out);
                    lines.next();
                    out.resize(out.len() + caret, b' ');
                    put(&mut out, &self.place, b"^\n");
                }
                _ => put(&mut out, self.of_line(number, line, severity), line),
            }
        }
        out
    }

    /// The colour of a line as a whole, if it has one.
    fn of_line(&self, number: usize, line: &[u8], severity: Severity) -> &[u8] {
        match (number, severity) {
            (0, Severity::Error) => &self.error,
            (0, Severity::Warning) => &self.warning,
            (0, Severity::Hint) => &self.hint,
            (1.., _) if line.starts_with(b"HINT:  ") => &self.hint,
            _ => b"",
        }
    }

    /// The excerpt of a statement with its word at the caret's column.
    fn paint_place(&self, line: &[u8], caret: usize, encoding: Encoding, out: &mut Vec<u8>) {
        let mut start = 0;
        let mut columns = 0;
        while columns < caret && start < line.len() {
            let length = encoding.char_len(&line[start..]).max(1);
            let end = (start + length).min(line.len());
            columns += encoding.display_width(&line[start..end]).max(1);
            start = end;
        }
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let rest = &line[start..];
        let length = match rest.first() {
            Some(quote @ (b'"' | b'\'')) => {
                rest[1..].iter().position(|byte| byte == quote).map_or(1, |at| at + 2)
            }
            Some(byte) if is_word(byte) => {
                rest.iter().position(|byte| !is_word(byte)).unwrap_or(rest.len())
            }
            Some(b'\n') | None => 0,
            Some(_) => 1,
        };
        out.extend_from_slice(&line[..start]);
        put(out, &self.place, &rest[..length]);
        out.extend_from_slice(&rest[length..]);
    }
}

/// The column of the caret, if the line holds nothing else.
fn caret(line: &[u8]) -> Option<usize> {
    let at = line.iter().position(|byte| *byte != b' ')?;
    (line[at..].trim_ascii_end() == b"^").then_some(at)
}

/// Puts a text, its line's end outside of the colour.
fn put(out: &mut Vec<u8>, color: &[u8], text: &[u8]) {
    let (text, end) = match text.strip_suffix(b"\n") {
        Some(text) => (text, &b"\n"[..]),
        None => (text, &b""[..]),
    };
    if color.is_empty() || text.is_empty() {
        out.extend_from_slice(&[text, end].concat());
    } else {
        out.extend_from_slice(&[color, text, RESET, end].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let colors = MessageColors {
            error: b"<e>".to_vec(),
            warning: b"<w>".to_vec(),
            hint: b"<h>".to_vec(),
            place: b"<p>".to_vec(),
        };
        let check = |text: &str, severity, expected: &str| {
            let painted = colors.paint(text.as_bytes(), severity, Encoding::Utf8);
            assert_eq!(String::from_utf8_lossy(&painted).replace("\x1b[0m", "</>"), expected);
        };
        check(
            "ERROR:  no x\nLINE 1: select é, x.y from t\n                  ^\nHINT:  Try y.\n",
            Severity::Error,
            "<e>ERROR:  no x</>\nLINE 1: select é, <p>x</>.y from t\n                  <p>^</>\n\
             <h>HINT:  Try y.</>\n",
        );
        check(
            "LINE 1: \"a b\" c\n        ^\n",
            Severity::Error,
            "<e>LINE 1: \"a b\" c</>\n        ^\n",
        );
        check(
            "E\nLINE 1: \"a b\" c\n        ^\n",
            Severity::Notice,
            "E\nLINE 1: <p>\"a b\"</> c\n        <p>^</>\n",
        );
        check(
            "E\nLINE 1: 東京 'x\n             ^\n",
            Severity::Notice,
            "E\nLINE 1: 東京 <p>'</>x\n             <p>^</>\n",
        );
        check("E\nLINE 1: a\n         ^\n", Severity::Notice, "E\nLINE 1: a\n         <p>^</>\n");
        check("WARNING:  w\nDETAIL:  d\n", Severity::Warning, "<w>WARNING:  w</>\nDETAIL:  d\n");
        check("LINE 9: no caret", Severity::Notice, "LINE 9: no caret");
        check("Perhaps y.\n", Severity::Hint, "<h>Perhaps y.</>\n");
        check("\n\n^\n", Severity::Error, "\n\n^\n");
        check("", Severity::Error, "");
    }
}
