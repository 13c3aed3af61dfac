//! How many blocks of COPY data a script holds after a query.
//!
//! A COPY FROM STDIN that fails leaves its data in the script, where they would be taken for
//! commands. Only the text of the query tells that they are there.

use super::rules;
use super::token::{TokenKind, tokens};
use crate::encoding::Encoding;

/// Words of a statement that are looked at.
const WORDS: usize = 8;

/// How many statements of `sql` are followed by COPY data: those that begin with COPY and, among
/// their first words outside parentheses and quotes, have FROM before STDIN.
pub fn copy_data_blocks(sql: &[u8], encoding: Encoding) -> usize {
    blocks_among(sql, encoding, usize::MAX)
}

/// Whether the first statement of `sql` is followed by COPY data.
pub fn begins_with_copy_data(sql: &[u8], encoding: Encoding) -> bool {
    blocks_among(sql, encoding, 1) > 0
}

/// How many of the first `statements` of `sql` are followed by COPY data.
fn blocks_among(sql: &[u8], encoding: Encoding, mut statements: usize) -> usize {
    if !mentions_standard_stream(sql) {
        return 0;
    }
    let masked = rules::mask(sql, encoding);
    let sql = masked.as_deref().unwrap_or(sql);
    let mut blocks = 0;
    let mut statement = Statement::default();
    let mut depth = 0u32;
    for token in tokens(sql) {
        let text = &sql[token.range];
        match (token.kind, text) {
            (TokenKind::Operator, b"(") => depth += 1,
            (TokenKind::Operator, b")") => depth = depth.saturating_sub(1),
            (TokenKind::Operator, b";") if depth == 0 => {
                blocks += usize::from(statement.state == State::Stdin);
                statement = Statement::default();
                statements -= 1;
                if statements == 0 {
                    return blocks;
                }
            }
            (TokenKind::Word, word) if depth == 0 => statement.take(word),
            _ => {}
        }
    }
    blocks + usize::from(statement.state == State::Stdin)
}

/// Whether `sql` is one statement that by its words changes nothing, so that nothing is lost if it is
/// given up.
pub fn only_reads(sql: &[u8], encoding: Encoding) -> bool {
    // What is prepared, or a procedure, may be any of the others.
    const CHANGES: [&str; 6] = ["insert", "update", "delete", "merge", "execute", "call"];
    let masked = rules::mask(sql, encoding);
    let sql = masked.as_deref().unwrap_or(sql);
    let mut ended = false;
    for token in tokens(sql) {
        let text = &sql[token.range];
        let changes = || CHANGES.iter().any(|verb| text.eq_ignore_ascii_case(verb.as_bytes()));
        match token.kind {
            TokenKind::Space | TokenKind::Comment => {}
            _ if ended => return false,
            TokenKind::Operator if text == b";" => ended = true,
            TokenKind::Word if changes() => return false,
            _ => {}
        }
    }
    true
}

/// A quick look: most queries are no COPY and need not be cut into tokens.
fn mentions_standard_stream(sql: &[u8]) -> bool {
    memchr::memchr2_iter(b's', b'S', sql).any(|at| {
        let begins = |name: &[u8]| {
            sql[at..].get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name))
        };
        begins(b"stdin") || begins(b"stdout")
    })
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Begin,
    Copy,
    From,
    Stdin,
    Other,
}

#[derive(Default)]
struct Statement {
    words: usize,
    state: State,
}

impl Statement {
    fn take(&mut self, word: &[u8]) {
        self.words += 1;
        let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        self.state = match self.state {
            State::Stdin => State::Stdin,
            _ if self.words > WORDS => State::Other,
            State::Begin if is("copy") => State::Copy,
            State::Copy if is("from") => State::From,
            State::Copy => State::Copy,
            State::From if is("stdin") || is("stdout") => State::Stdin,
            State::Begin | State::From | State::Other => State::Other,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks() {
        let cases = [
            ("select 1", 0),
            ("copy t from stdin", 1),
            ("COPY s.\"from\" (a, \"from\", b) FROM /* c */ StdIn (format csv)", 1),
            ("copy t from 'x' stdin", 1),
            ("copy t from stdout", 1),
            ("copy t to stdin", 0),
            ("copy t from x stdin", 0),
            ("copy t from from stdin", 0),
            ("copy t from \"stdin\"", 0),
            ("explain copy t from stdin", 0),
            ("copy (select a from stdin) to stdout", 0),
            ("copy a b c d e from stdin", 1),
            ("copy a b c d e f from stdin", 0),
            ("copy a from stdin; select 1; copy b from stdin", 2),
        ];
        for (sql, expected) in cases {
            assert_eq!(copy_data_blocks(sql.as_bytes(), Encoding::Utf8), expected, "{sql}");
            let begins = begins_with_copy_data(sql.as_bytes(), Encoding::Utf8);
            assert_eq!(begins, expected > 0, "{sql}");
        }
        for (sql, expected) in [
            ("copy t to stdout", true),
            ("copy (select 'delete' as \"update\") to stdout; -- insert", true),
            ("copy (DELETE from t returning *) to stdout", false),
            ("copy t to stdout; copy t to stdout", false),
            ("select i, 'call' from t", true),
            ("EXECUTE prepared(1);", false),
            ("explain (analyze) execute prepared", false),
            ("call procedure()", false),
        ] {
            assert_eq!(only_reads(sql.as_bytes(), Encoding::Utf8), expected, "{sql}");
        }
        assert!(!begins_with_copy_data(b"select 1; copy t from stdin", Encoding::Utf8));
        // The quote is a part of a character.
        let sql = b"select '\x9c' as x; copy t from stdin; ')";
        assert_eq!(copy_data_blocks(sql, Encoding::Gbk), 0);
        assert_eq!(copy_data_blocks(sql, Encoding::Utf8), 1);
    }
}
