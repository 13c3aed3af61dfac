//! A light look at a text: its tokens, for completion and highlighting.
//!
//! Never fails and never expands; what is left open at the text's end is marked so. The rules are
//! the scanner's own.

use std::ops::Range;

use super::rules::{self, CLASS, Class, Prefixed, StringRule};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// White space.
    Space,
    /// A keyword or an unquoted identifier.
    Word,
    /// A "..." identifier.
    QuotedIdentifier,
    /// A string in any form, dollar quotes included.
    String,
    /// A number.
    Number,
    /// A parameter: `$1`.
    Parameter,
    /// An operator or a piece of punctuation; brackets, commas and semicolons stand alone.
    Operator,
    /// A comment.
    Comment,
    /// A variable reference.
    Variable,
    /// A meta-command's backslash and name, or `\;`, `\:` and `\\`. What follows is an argument,
    /// though it is split as if it were SQL.
    Command,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Whether it is a string, an identifier or a comment that does not end in this text.
    pub open: bool,
}

/// The tokens of `text`, one after the other and without gaps. The text is in an encoding with
/// ASCII-safe characters; standard-conforming strings are on.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let &byte = text.get(at)?;
        let (kind, end) = next(text, at, byte);
        let range = at..end.unwrap_or(text.len());
        at = range.end;
        Some(Token { kind, range, open: end.is_none() })
    })
}

/// The kind and end of the token at `at`; no end if it is open.
fn next(text: &[u8], at: usize, byte: u8) -> (TokenKind, Option<usize>) {
    let operator = (TokenKind::Operator, Some(at + 1));
    let follows = |byte: u8| text.get(at + 1) == Some(&byte);
    match CLASS[byte as usize] {
        Class::Space => (TokenKind::Space, Some(rules::space_end(text, at))),
        Class::Word => {
            let end = rules::word_end(text, at);
            match rules::prefixed(text, at, end, true) {
                Some(Prefixed::String { rule, quote }) => {
                    (TokenKind::String, rules::string_end(text, quote + 1, rule))
                }
                Some(Prefixed::Identifier { quote }) => {
                    (TokenKind::QuotedIdentifier, rules::identifier_end(text, quote + 1))
                }
                None => (TokenKind::Word, Some(end)),
            }
        }
        Class::Digit => (TokenKind::Number, Some(rules::number_end(text, at))),
        Class::Quote => {
            (TokenKind::String, rules::string_end(text, at + 1, StringRule::plain(true)))
        }
        Class::DoubleQuote => (TokenKind::QuotedIdentifier, rules::identifier_end(text, at + 1)),
        Class::Dollar => {
            if let Some(end) = rules::parameter_end(text, at) {
                (TokenKind::Parameter, Some(end))
            } else if let Some(end) = rules::dollar_tag_end(text, at) {
                (TokenKind::String, rules::dollar_end(text, end, &text[at..end]))
            } else {
                operator
            }
        }
        Class::Minus if follows(b'-') => {
            (TokenKind::Comment, Some(rules::line_comment_end(text, at)))
        }
        Class::Slash if follows(b'*') => {
            let mut depth = 1;
            let end = rules::comment_end(text, at + 2, &mut depth);
            (TokenKind::Comment, (depth == 0).then_some(end))
        }
        Class::Colon if follows(b':') || follows(b'=') => (TokenKind::Operator, Some(at + 2)),
        Class::Colon => match rules::variable_reference(text, at) {
            Some(reference) => (TokenKind::Variable, Some(reference.end)),
            None => operator,
        },
        Class::Backslash => match text.get(at + 1) {
            Some(b';' | b':' | b'\\') => (TokenKind::Command, Some(at + 2)),
            _ => {
                let name = |b: u8| !rules::is_space(b) && b != b'\\';
                (TokenKind::Command, Some(rules::run_end(text, at + 1, name)))
            }
        },
        Class::Open | Class::Close | Class::Semicolon => operator,
        Class::Plain if b",[].{}`".contains(&byte) => operator,
        Class::Plain | Class::Minus | Class::Slash => {
            let mut end = at + 1;
            while let Some(&b) = text.get(end) {
                let comment = matches!(&text[end..text.len().min(end + 2)], b"--" | b"/*");
                let class = CLASS[b as usize];
                let more = matches!(class, Class::Plain | Class::Minus | Class::Slash);
                if comment || !more || b",[].{}`".contains(&b) {
                    break;
                }
                end += 1;
            }
            (TokenKind::Operator, Some(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(TokenKind, &str)]) {
        let found: Vec<_> = tokens(text.as_bytes())
            .filter(|t| t.kind != TokenKind::Space)
            .map(|t| (t.kind, &text[t.range]))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn kinds() {
        use TokenKind::*;
        check(
            "select 1.5, $1",
            &[(Word, "select"), (Number, "1.5"), (Operator, ","), (Parameter, "$1")],
        );
        check(
            "E'a\\'b' U&\"x\" n'y' $a$ ; $a$",
            &[
                (String, "E'a\\'b'"),
                (QuotedIdentifier, "U&\"x\""),
                (String, "n'y'"),
                (String, "$a$ ; $a$"),
            ],
        );
        check(
            "a<=-b::int --c",
            &[
                (Word, "a"),
                (Operator, "<=-"),
                (Word, "b"),
                (Operator, "::"),
                (Word, "int"),
                (Comment, "--c"),
            ],
        );
        check(
            ":v :'v' :{?v} : \\echo \\;x",
            &[
                (Variable, ":v"),
                (Variable, ":'v'"),
                (Variable, ":{?v}"),
                (Operator, ":"),
                (Command, "\\echo"),
                (Command, "\\;"),
                (Word, "x"),
            ],
        );
        check(
            "(a+/*b*/c);",
            &[
                (Operator, "("),
                (Word, "a"),
                (Operator, "+"),
                (Comment, "/*b*/"),
                (Word, "c"),
                (Operator, ")"),
                (Operator, ";"),
            ],
        );
    }

    #[test]
    fn open_tokens_are_marked() {
        for text in ["'a", "E'a\\'", "\"a", "$$a", "/* /* */", "U&\"", "$a$ $b$", "E'\\"] {
            let last = tokens(text.as_bytes()).last().unwrap();
            assert!(last.open, "{text}");
            assert_eq!(last.range.end, text.len());
        }
        assert!(tokens(b"a 'b' \"c\" -- d").all(|t| !t.open));
    }

    #[test]
    fn tokens_leave_no_gap_whatever_the_bytes() {
        let mut seed = 1u32;
        for len in 0..400 {
            let text: Vec<u8> = (0..len)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    b"'\"$a1E;:\\-/*(){?}&`\xff\n ,."[(seed >> 16) as usize % 24]
                })
                .collect();
            let mut at = 0;
            for token in tokens(&text) {
                assert_eq!(token.range.start, at);
                assert!(token.range.end > at);
                at = token.range.end;
            }
            assert_eq!(at, text.len());
        }
    }
}
