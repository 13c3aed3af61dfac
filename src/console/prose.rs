//! Sentences on a user's screen: a line that is too long for it is broken between words.

use super::{Console, Reported};
use crate::encoding::fold::fold_line;
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

    /// What stands below a table, as a user's screen shows it.
    pub fn folded_footers(&self, footers: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let lines = |footer: &Vec<u8>| -> Vec<Vec<u8>> {
            self.folded(footer).split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
        };
        footers.iter().flat_map(lines).collect()
    }

    /// Tells a user something in a sentence: as [`Console::info`], broken between words.
    pub fn tell(&mut self, text: impl AsRef<[u8]>) -> Reported {
        self.info(self.folded(text.as_ref()))
    }
}

/// Breaks what is longer than so many columns, but for commands.
fn folded(text: &str, columns: usize) -> String {
    let is_command = |line: &str| COMMANDS.iter().any(|command| line.starts_with(command));
    let lines = text.split('\n').map(|line| match is_command(line.trim_start_matches(' ')) {
        true => line.to_owned(),
        false => fold_line(line, columns),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_folded_but_a_command() {
        for (text, wanted) in [
            ("", ""),
            ("one\n  two three four", "one\n  two\n  three\n  four"),
            ("  \\backup database shop", "  \\backup database shop"),
        ] {
            assert_eq!(folded(text, 8), wanted, "{text:?}");
        }
    }
}
