//! A value as one line of text that a terminal may get, for screens that are drawn cell by cell.

use super::cell_text::CellText;
use super::options::Options;
use super::table::Column;
use crate::encoding::terminal_safe::escaped_result;

/// Bytes of a character, at most.
const LONGEST_CHARACTER: usize = 4;

/// Writes values as lines.
pub struct OneLine {
    text: CellText,
    options: Options,
}

impl OneLine {
    /// As these options have values written; of the encodings only UTF-8 is understood.
    pub fn new(options: &Options) -> OneLine {
        let options = Options { for_terminal: false, ..options.clone() };
        OneLine { text: CellText::new(&options), options }
    }

    /// A value of a column, or its first characters: `most` of them.
    pub fn text(&mut self, value: Option<&[u8]>, column: &Column, most: usize) -> String {
        let shown = self.text.text(value, column);
        let part = &shown[..shown.len().min(most.saturating_mul(LONGEST_CHARACTER))];
        let safe = escaped_result(part, self.options.encoding);
        let blank = |c: char| if matches!(c, '\n' | '\t') { ' ' } else { c };
        String::from_utf8_lossy(&safe).chars().take(most).map(blank).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let options = Options { null: b"-".to_vec(), ..Options::default() };
        let mut line = OneLine::new(&options);
        let column = Column::of_type("a".into(), 25);
        for (value, expected) in [
            (Some("a\nb\tc"), "a b c"),
            (None, "-"),
            (Some("\x1b[2J"), "\\x1B[2J"),
            (Some("\u{e4}\u{4e2d}\u{202e}"), "\u{e4}\u{4e2d}\\u202E"),
            (Some("0123456789 0123456789"), "0123456789 "),
        ] {
            let text = line.text(value.map(str::as_bytes), &column, 11);
            assert_eq!(text, expected.chars().take(11).collect::<String>());
        }
    }
}
