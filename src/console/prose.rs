//! Sentences on a user's screen: a line that is too long for it is broken between words.

use super::Console;
use crate::terminal;
use std::borrow::Cow;

/// What begins a line that is to be copied, and therefore stays whole.
const COMMANDS: [&str; 2] = ["\\", "pgsh "];

impl Console {
    /// A text as a user's screen shows it: broken between words. Elsewhere it stays as it is.
    pub fn folded<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        if !self.is_interactive() || self.output.is_redirected() {
            return Cow::Borrowed(text);
        }
        match (terminal::size(), std::str::from_utf8(text)) {
            (Some((columns, _)), Ok(text)) => Cow::Owned(folded(text, columns).into_bytes()),
            _ => Cow::Borrowed(text),
        }
    }
}

/// Breaks what is longer than so many columns. What is moved down stands below the line's beginning.
fn folded(text: &str, columns: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| folded_line(line, columns)).collect();
    lines.join("\n")
}

fn folded_line(line: &str, columns: usize) -> String {
    let words = line.trim_start_matches(' ');
    let indent = &line[..line.len() - words.len()];
    let is_command = COMMANDS.iter().any(|command| words.starts_with(command));
    if is_command || width(line) <= columns {
        return line.to_owned();
    }
    let mut text = indent.to_owned();
    let mut column = indent.len();
    for (at, word) in words.split(' ').enumerate() {
        let length = width(word);
        if at > 0 && column + 1 + length > columns {
            text.push('\n');
            text.push_str(indent);
            column = indent.len();
        } else if at > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text
}

fn width(text: &str) -> usize {
    crate::encoding::Encoding::Utf8.display_width(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words() {
        for (text, wanted) in [
            ("", ""),
            ("a bc def", "a bc def"),
            ("a bc def g", "a bc def\ng"),
            ("  a bc def", "  a bc\n  def"),
            ("one\n  two three four", "one\n  two\n  three\n  four"),
            // A word that is too long stays whole, and so does a command.
            ("a abcdefghij k", "a\nabcdefghij\nk"),
            ("  \\backup database shop", "  \\backup database shop"),
            ("a  bc def", "a  bc\ndef"),
            ("日本 日本", "日本\n日本"),
        ] {
            assert_eq!(folded(text, 8), wanted, "{text:?}");
        }
    }
}
