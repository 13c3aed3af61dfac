//! Text being typed -> tokens, for colours and completion.
//!
//! Owns how a meta-command's arguments are told apart; SQL's tokens are [`crate::lexer`]'s. Any
//! text has tokens, whatever is unclosed reaches to the end.

use crate::lexer::{self, TokenKind};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key word or an unquoted identifier.
    Word,
    /// A `"..."` identifier.
    Identifier,
    /// A string in any of its forms.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// `:name`, `:'name'`, `:"name"`, `:{?name}` or `$1`.
    Variable,
    /// A backslash and the name of a meta-command.
    MetaCommand,
    /// An argument of a meta-command, quotes and all.
    Argument,
    /// An operator, a bracket or other punctuation.
    Symbol,
}

/// A token: `text[start..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether what closes it is missing (a quote, a comment).
    pub open: bool,
}

impl Token {
    /// The token's bytes.
    pub fn text<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.start..self.end]
    }
}

/// The tokens of `text`, white space left out.
pub fn tokens(text: &[u8]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        at = sql(text, at, &mut out);
    }
    out
}

/// Adds the tokens from `from` up to and with a meta-command and its arguments; tells where they
/// end.
fn sql(text: &[u8], from: usize, out: &mut Vec<Token>) -> usize {
    for token in lexer::tokens(&text[from..]) {
        let (start, end) = (token.range.start + from, token.range.end + from);
        let kind = match token.kind {
            TokenKind::Space => continue,
            TokenKind::Word => Kind::Word,
            TokenKind::QuotedIdentifier => Kind::Identifier,
            TokenKind::String => Kind::String,
            TokenKind::Number => Kind::Number,
            TokenKind::Comment => Kind::Comment,
            TokenKind::Parameter | TokenKind::Variable => Kind::Variable,
            TokenKind::Operator => Kind::Symbol,
            TokenKind::Command => match &text[start..end] {
                b"\\;" | b"\\:" | b"\\\\" => Kind::Symbol,
                _ => Kind::MetaCommand,
            },
        };
        out.push(Token { kind, start, end, open: token.open });
        if kind == Kind::MetaCommand {
            return arguments(text, end, out);
        }
    }
    text.len()
}

/// Adds a meta-command's arguments from `at` to the line's end, another backslash or `\\`.
fn arguments(text: &[u8], mut at: usize, out: &mut Vec<Token>) -> usize {
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\n' => return at + 1,
            b'\\' if text.get(at + 1) == Some(&b'\\') => {
                out.push(Token { kind: Kind::Symbol, start: at, end: at + 2, open: false });
                return at + 2;
            }
            b'\\' => return at,
            _ if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let (end, open) = argument(text, at);
                out.push(Token { kind: Kind::Argument, start: at, end, open });
                at = end;
            }
        }
    }
    at
}

/// Where the argument at `at` ends, words and quoted parts without space between them, and
/// whether a quote is open.
fn argument(text: &[u8], mut at: usize) -> (usize, bool) {
    let mut quote = None;
    while let Some(&byte) = text.get(at) {
        match quote {
            Some(_) if byte == b'\n' => break,
            Some(q) if byte == q => quote = None,
            // In '...' a backslash takes the next character along.
            Some(b'\'') if byte == b'\\' && text.get(at + 1).is_some_and(|b| *b != b'\n') => {
                at += 1
            }
            Some(_) => {}
            None if byte.is_ascii_whitespace() || byte == b'\\' => break,
            None if b"'\"`".contains(&byte) => quote = Some(byte),
            None => {}
        }
        at += 1;
    }
    (at, quote.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(Kind, &str)]) {
        let tokens = tokens(text.as_bytes());
        let got: Vec<_> = tokens.iter().map(|t| (t.kind, &text[t.start..t.end])).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn meta_commands() {
        use Kind::*;
        let gx = [(MetaCommand, "\\gx"), (Argument, "(a=b)"), (Argument, "f/*"), (Word, "x")];
        check("\\gx (a=b) f/*\nx", &gx);
        let set = [
            (MetaCommand, "\\set"),
            (Argument, "a"),
            (Argument, "'b c'd"),
            (Symbol, "\\\\"),
            (Word, "select"),
        ];
        check("\\set a 'b c'd \\\\ select", &set);
        let escaped = [(MetaCommand, "\\i"), (Argument, "'a\\' b\\\\'c")];
        check("\\i 'a\\' b\\\\'c", &escaped);
        check("a \\; b", &[(Word, "a"), (Symbol, "\\;"), (Word, "b")]);
        check("\\a\\t", &[(MetaCommand, "\\a"), (MetaCommand, "\\t")]);
        check("\\", &[(MetaCommand, "\\")]);
    }

    #[test]
    fn any_text_has_tokens_in_order() {
        for text in ["'", "\"", "/*", "$$", ":'", ":{", "e'\\", "\\x '", "\\x '\n'", "\\\\", "."] {
            let mut at = 0;
            for token in tokens(text.as_bytes()) {
                assert!(token.start >= at && token.end > token.start && token.end <= text.len());
                at = token.end;
            }
        }
    }
}
