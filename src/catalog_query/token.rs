//! The tokens of a query of our own.

use crate::encoding::Encoding;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, an identifier without quotes or a number.
    Word,
    /// A "..." identifier.
    Quoted,
    /// A '...' or E'...' literal.
    String,
    /// An operator.
    Operator,
    /// `::`, or any other character.
    Mark,
}

/// A token and the blanks before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub gap: &'a [u8],
    pub text: &'a [u8],
}

impl Token<'_> {
    /// Whether it is one of these keywords, which our queries write in capitals.
    pub fn is_word(&self, words: &[&str]) -> bool {
        let may_be = self.kind == Kind::Word && matches!(self.text.first(), Some(b'A'..=b'Z'));
        may_be && words.iter().any(|word| word.as_bytes() == self.text)
    }

    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark.as_bytes()
    }
}

/// Splits `sql`; the last token is an empty [`Kind::Mark`] with the blanks at the end.
pub fn tokens(sql: &[u8], encoding: Encoding) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let start = end_of(sql, at, |c| c.is_ascii_whitespace());
        let gap = &sql[at..start];
        let (kind, end) = match sql.get(start) {
            None => {
                tokens.push(Token { kind: Kind::Mark, gap, text: b"" });
                return tokens;
            }
            Some(b'E') if sql.get(start + 1) == Some(&b'\'') => {
                (Kind::String, quoted_end(sql, start + 2, b'\'', true, encoding))
            }
            Some(b'\'') => (Kind::String, quoted_end(sql, start + 1, b'\'', false, encoding)),
            Some(b'"') => (Kind::Quoted, quoted_end(sql, start + 1, b'"', false, encoding)),
            Some(&c) if is_word(c) => (Kind::Word, end_of(sql, start, is_word)),
            Some(&c) if is_operator(c) => (Kind::Operator, end_of(sql, start, is_operator)),
            Some(b':') if sql.get(start + 1) == Some(&b':') => (Kind::Mark, start + 2),
            Some(_) => (Kind::Mark, start + 1),
        };
        tokens.push(Token { kind, gap, text: &sql[start..end] });
        at = end;
    }
}

fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'_' | b'$' | 0x80..)
}

fn is_operator(c: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&c)
}

fn end_of(sql: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    sql[from..].iter().position(|&c| !belongs(c)).map_or(sql.len(), |length| from + length)
}

/// The end of what was opened by `quote` before `at`.
fn quoted_end(sql: &[u8], mut at: usize, quote: u8, escapes: bool, encoding: Encoding) -> usize {
    while at < sql.len() {
        let rest = &sql[at..];
        let plain = &rest[..memchr::memchr2(quote, b'\\', rest).unwrap_or(rest.len())];
        match rest[0] {
            _ if !plain.is_empty() && plain.is_ascii() => at += plain.len(),
            b'\\' if escapes => at += 2,
            c if c == quote && sql.get(at + 1) == Some(&quote) => at += 2,
            c if c == quote => return at + 1,
            // The second byte of a character may look like a backslash.
            _ => at += encoding.char_len(rest),
        }
    }
    sql.len()
}
