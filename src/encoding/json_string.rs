//! Strings of JSON.

use super::terminal_safe::is_unsafe;
use std::fmt::Write;

/// Puts a text as a string of JSON. What a terminal must not get is escaped, which JSON allows anywhere.
pub fn put_json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_unsafe(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        for (text, expected) in [
            ("", r#""""#),
            ("a\"b\\c\nd\te", r#""a\"b\\c\nd\te""#),
            ("\u{1b}[m\u{9b}\u{202e}\u{e0041}\r", r#""\u001b[m\u009b\u202e\udb40\udc41\u000d""#),
            ("Zürich 東京 😀", r#""Zürich 東京 😀""#),
        ] {
            let mut out = String::new();
            put_json_string(text, &mut out);
            assert_eq!(out, expected);
        }
    }
}
