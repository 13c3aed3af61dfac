//! Text being typed -> tokens, for colours and completion.
//!
//! Owns a forgiving reading of SQL and meta-commands: any text has tokens, whatever is unclosed
//! reaches to the end. Execution reads with [`crate::lexer`], never with this.

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
    /// `:name`, `:'name'`, `:"name"` or `:{?name}`.
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
    let mut scanner = Scanner { text, at: 0, tokens: Vec::new() };
    while scanner.at < text.len() {
        scanner.sql();
    }
    scanner.tokens
}

/// Whether a byte may begin an unquoted identifier.
fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Whether a byte may stand in an unquoted identifier.
pub(super) fn in_word(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Adds a token of `length` bytes.
    fn take(&mut self, kind: Kind, length: usize) {
        let end = (self.at + length).min(self.text.len());
        self.tokens.push(Token { kind, start: self.at, end, open: false });
        self.at = end;
    }

    fn take_while(&mut self, kind: Kind, accepts: impl Fn(u8) -> bool) {
        let length = self.text[self.at..].iter().take_while(|b| accepts(**b)).count();
        self.take(kind, length.max(1));
    }

    /// Adds a token that reaches up to and with `close`, searched from `from` bytes ahead.
    fn take_until(&mut self, kind: Kind, from: usize, close: &[u8]) {
        let start = self.at;
        let from = (self.at + from).min(self.text.len());
        let found = memchr::memmem::find(&self.text[from..], close);
        self.at = found.map_or(self.text.len(), |at| from + at + close.len());
        self.tokens.push(Token { kind, start, end: self.at, open: found.is_none() });
    }

    /// Adds a quoted token whose opening quote is `from` bytes ahead; a doubled quote does not end
    /// it, and with `escapes` a backslash escapes.
    fn take_quoted(&mut self, kind: Kind, from: usize, escapes: bool) {
        let start = self.at;
        let quote = self.peek(from);
        let mut at = self.at + from + 1;
        let mut open = true;
        while let Some(&byte) = self.text.get(at) {
            at += 1;
            if byte == b'\\' && escapes {
                at += 1;
            } else if byte == quote {
                if self.text.get(at) != Some(&quote) {
                    open = false;
                    break;
                }
                at += 1;
            }
        }
        self.at = at.min(self.text.len());
        self.tokens.push(Token { kind, start, end: self.at, open });
    }

    fn sql(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (byte, _) if byte.is_ascii_whitespace() => self.at += 1,
            (b'-', b'-') => {
                let end = memchr::memchr(b'\n', &self.text[self.at..]);
                self.take(Kind::Comment, end.unwrap_or(self.text.len() - self.at));
            }
            (b'/', b'*') => self.comment(),
            (b'\'', _) => self.take_quoted(Kind::String, 0, false),
            (b'"', _) => self.take_quoted(Kind::Identifier, 0, false),
            (b'e' | b'E', b'\'') => self.take_quoted(Kind::String, 1, true),
            (b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'') => {
                self.take_quoted(Kind::String, 1, false);
            }
            (b'u' | b'U', b'&') if self.peek(2) == b'\'' => {
                self.take_quoted(Kind::String, 2, false);
            }
            (b'u' | b'U', b'&') if self.peek(2) == b'"' => {
                self.take_quoted(Kind::Identifier, 2, false);
            }
            (b'$', next) if next == b'$' || begins_word(next) => self.dollar(),
            (b'$', next) if next.is_ascii_digit() => self.take_while(Kind::Variable, in_word),
            (b':', b':' | b'=') => self.take(Kind::Symbol, 2),
            (b':', b'\'' | b'"') => self.take_quoted(Kind::Variable, 1, false),
            (b':', b'{') => self.take_until(Kind::Variable, 1, b"}"),
            (b':', next) if in_word(next) && next != b'$' => {
                let name = self.text[self.at + 1..].iter().take_while(|b| in_word(**b)).count();
                self.take(Kind::Variable, 1 + name);
            }
            (b'\\', b';') => self.take(Kind::Symbol, 2),
            (b'\\', _) => self.meta_command(),
            (byte, next) if byte.is_ascii_digit() || byte == b'.' && next.is_ascii_digit() => {
                self.take_while(Kind::Number, |b| b.is_ascii_alphanumeric() || b"._".contains(&b));
            }
            (byte, _) if begins_word(byte) => self.take_while(Kind::Word, in_word),
            (byte, _) if b"+-*/<>=~!@#%^&|`?".contains(&byte) => self.operator(),
            _ => self.take(Kind::Symbol, 1),
        }
    }

    /// An operator; a comment may begin right behind it.
    fn operator(&mut self) {
        let run = &self.text[self.at..];
        let mut length = run.iter().take_while(|b| b"+-*/<>=~!@#%^&|`?".contains(b)).count();
        for comment in [b"--", b"/*"] {
            if let Some(at) = memchr::memmem::find(&run[..length], comment) {
                length = at;
            }
        }
        self.take(Kind::Symbol, length.max(1));
    }

    /// A comment, which may hold others.
    fn comment(&mut self) {
        let start = self.at;
        let mut depth = 0;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.tokens.push(Token { kind: Kind::Comment, start, end: self.at, open: depth > 0 });
    }

    /// A dollar-quoted string, or a dollar sign.
    fn dollar(&mut self) {
        let rest = &self.text[self.at..];
        let tag = rest[1..].iter().take_while(|b| in_word(**b) && **b != b'$').count() + 1;
        if rest.get(tag) == Some(&b'$') {
            let delimiter = rest[..=tag].to_vec();
            self.take_until(Kind::String, delimiter.len(), &delimiter);
        } else {
            self.take(Kind::Symbol, 1);
        }
    }

    /// A meta-command with its arguments, up to the line's end or `\\`.
    fn meta_command(&mut self) {
        let name = self.text[self.at + 1..].iter();
        let name = name.take_while(|b| !b.is_ascii_whitespace() && **b != b'\\').count();
        self.take(Kind::MetaCommand, 1 + name);
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'\n', _) => break,
                (b'\\', b'\\') => {
                    self.take(Kind::Symbol, 2);
                    break;
                }
                (b'\\', _) => break,
                (byte, _) if byte.is_ascii_whitespace() => self.at += 1,
                _ => self.argument(),
            }
        }
    }

    /// One argument: words and quoted parts without space between them.
    fn argument(&mut self) {
        let start = self.at;
        let mut quote = None;
        while let Some(&byte) = self.text.get(self.at) {
            match quote {
                Some(q) if byte == q => quote = None,
                Some(_) if byte == b'\n' => break,
                Some(_) => {}
                None if byte.is_ascii_whitespace() || byte == b'\\' => break,
                None if b"'\"`".contains(&byte) => quote = Some(byte),
                None => {}
            }
            self.at += 1;
        }
        let open = quote.is_some();
        self.tokens.push(Token { kind: Kind::Argument, start, end: self.at, open });
    }
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
    fn sql() {
        use Kind::*;
        check(
            "select a.\"B c\", 'it''s' from t -- end",
            &[
                (Word, "select"),
                (Word, "a"),
                (Symbol, "."),
                (Identifier, "\"B c\""),
                (Symbol, ","),
                (String, "'it''s'"),
                (Word, "from"),
                (Word, "t"),
                (Comment, "-- end"),
            ],
        );
        check("1.5e3+$1", &[(Number, "1.5e3"), (Symbol, "+"), (Variable, "$1")]);
        check("e'\\''x", &[(String, "e'\\''"), (Word, "x")]);
        check("$a$ ' $a$ $b", &[(String, "$a$ ' $a$"), (Symbol, "$"), (Word, "b")]);
        check(
            "a::text :v :'v' :{?v}",
            &[
                (Word, "a"),
                (Symbol, "::"),
                (Word, "text"),
                (Variable, ":v"),
                (Variable, ":'v'"),
                (Variable, ":{?v}"),
            ],
        );
        check("/* a /* b */ c */x", &[(Comment, "/* a /* b */ c */"), (Word, "x")]);
        check("a<--b", &[(Word, "a"), (Symbol, "<"), (Comment, "--b")]);
    }

    #[test]
    fn meta_commands() {
        use Kind::*;
        check(
            "select 1 \\gx (a=b) f\nx",
            &[
                (Word, "select"),
                (Number, "1"),
                (MetaCommand, "\\gx"),
                (Argument, "(a=b)"),
                (Argument, "f"),
                (Word, "x"),
            ],
        );
        check(
            "\\set a 'b c'd \\\\ select",
            &[
                (MetaCommand, "\\set"),
                (Argument, "a"),
                (Argument, "'b c'd"),
                (Symbol, "\\\\"),
                (Word, "select"),
            ],
        );
        check("a \\; b", &[(Word, "a"), (Symbol, "\\;"), (Word, "b")]);
        check("\\", &[(MetaCommand, "\\")]);
    }

    #[test]
    fn any_text_has_tokens_that_cover_it_in_order() {
        for text in [
            "'",
            "\"",
            "/*",
            "$$",
            ":'",
            ":{",
            "e'\\",
            "\\x '",
            "\u{e9}\u{fe0f}",
            "\\\\",
            "u&'",
            ".",
        ] {
            let tokens = tokens(text.as_bytes());
            let mut at = 0;
            for token in tokens {
                assert!(
                    token.start >= at && token.end > token.start && token.end <= text.len(),
                    "{text:?}"
                );
                at = token.end;
            }
        }
        assert!(tokens(b"'abc").last().unwrap().open);
    }
}
