//! How many blocks of COPY data follow a query in a script.

use super::token::{TokenKind, tokens};

/// How many statements of `sql` are a COPY FROM STDIN: each has its data after the query, which
/// are no commands even if the COPY never comes to take them.
///
/// As psql does it: a statement whose first word is COPY and in which FROM stands right before STDIN
/// (or STDOUT, which the server takes for the same), outside parentheses.
pub fn copy_from_stdin_count(sql: &[u8]) -> usize {
    let mut count = 0;
    let mut state = State::Start;
    let mut depth = 0i32;
    for token in tokens(sql) {
        let text = &sql[token.range];
        let is = |word: &str| text.eq_ignore_ascii_case(word.as_bytes());
        match token.kind {
            TokenKind::Space | TokenKind::Comment => continue,
            TokenKind::Operator if text == b"(" => depth += 1,
            TokenKind::Operator if text == b")" => depth -= 1,
            TokenKind::Operator if text == b";" && depth <= 0 => {
                (state, depth) = (State::Start, 0);
                continue;
            }
            _ => {}
        }
        let word = token.kind == TokenKind::Word && depth == 0;
        state = match state {
            State::Start if word && is("copy") => State::Copy,
            State::Start | State::Other => State::Other,
            State::From if word && (is("stdin") || is("stdout")) => {
                count += 1;
                State::Other
            }
            State::Copy | State::From if word && is("from") => State::From,
            State::Copy | State::From => State::Copy,
        };
    }
    count
}

/// Whether the first statement of `sql` is a COPY.
pub fn begins_with_copy(sql: &[u8]) -> bool {
    tokens(sql)
        .find(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Comment))
        .is_some_and(|token| sql[token.range].eq_ignore_ascii_case(b"copy"))
}

enum State {
    /// Before a statement's first word.
    Start,
    /// In a COPY.
    Copy,
    /// After FROM.
    From,
    /// In what does not matter.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row was tried with psql 18.6: did lines up to `\.` vanish after the query failed?
    #[test]
    fn blocks() {
        let rows = [
            ("copy a from stdin", 1),
            ("copy a from stdin; copy b from stdin", 2),
            ("select 1/0; copy a (b, c) from stdin with (format csv);", 1),
            ("/* hi */ COPY BINARY a FROM /* x */ STDIN", 1),
            ("copy a from stdout", 1),
            ("copy a to stdout from stdin", 1),
            ("copy a from 'stdin'", 0),
            ("copy a from \"stdin\"", 0),
            ("copy a from program stdin", 0),
            ("copy a(from stdin)", 0),
            ("copy (select 1) from stdin", 1),
            ("explain copy a from stdin", 0),
            ("select copy from stdin", 0),
            ("select $$copy a from stdin$$", 0),
        ];
        for (sql, expected) in rows {
            assert_eq!(copy_from_stdin_count(sql.as_bytes()), expected, "{sql}");
        }
    }
}
