//! Sentences in lines that end between words.

use super::Encoding;

/// A line in lines of at most so many columns, broken between words; a word that is longer stays
/// whole. What is moved down stands below the line's beginning.
pub fn fold_line(line: &str, columns: usize) -> String {
    let words = line.trim_start_matches(' ');
    let indent = &line[..line.len() - words.len()];
    if width(line) <= columns {
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
    Encoding::Utf8.display_width(text.as_bytes())
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
            // A word that is too long stays whole.
            ("a abcdefghij k", "a\nabcdefghij\nk"),
            ("a  bc def", "a  bc\ndef"),
            ("日本 日本", "日本\n日本"),
        ] {
            assert_eq!(fold_line(text, 8), wanted, "{text:?}");
        }
    }
}
