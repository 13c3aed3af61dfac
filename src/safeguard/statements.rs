//! A text as the server gets it -> its statements, and their words.

use crate::encoding::Encoding;
use crate::lexer::{TokenKind, masked, tokens};
use std::ops::Range;

/// A token that counts, with the brackets around it.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    pub kind: TokenKind,
    pub text: &'a [u8],
    /// Where it stands in the text of all statements.
    pub range: Range<usize>,
    /// How many brackets are open around it.
    pub depth: u32,
}

impl Word<'_> {
    /// Whether it is this keyword.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword.as_bytes())
    }

    /// Whether it is this punctuation.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Operator && self.text == sign.as_bytes()
    }

    /// Whether it may name something.
    pub fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
    }
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    text: &'a [u8],
    words: Vec<Word<'a>>,
}

impl<'a> Statement<'a> {
    pub(super) fn words(&self) -> &[Word<'a>] {
        &self.words
    }

    /// The whole text that the statement stands in.
    pub(super) fn whole(&self) -> &'a [u8] {
        self.text
    }

    /// The statement's own text, without the semicolon.
    pub fn text(&self) -> &'a [u8] {
        let start = self.words.first().map_or(0, |word| word.range.start);
        let end = self.words.last().map_or(start, |word| word.range.end);
        &self.text[start..end]
    }

    /// Whether the statement begins with these keywords.
    pub fn begins_with(&self, keywords: &[&str]) -> bool {
        keywords.len() <= self.words.len()
            && keywords.iter().zip(&self.words).all(|(keyword, word)| word.is(keyword))
    }

    /// Whether one of the keywords outside of brackets is this one.
    pub fn has(&self, keyword: &str) -> bool {
        self.words.iter().any(|word| word.depth == 0 && word.is(keyword))
    }

    /// Whether a function of this name is called.
    pub fn calls(&self, function: &str) -> bool {
        let quoted = format!("\"{function}\"");
        let calls = |pair: &[Word<'_>]| {
            (pair[0].is(function) || pair[0].text == quoted.as_bytes()) && pair[1].is_sign("(")
        };
        self.words.windows(2).any(calls)
    }
}

/// Whether a statement has a body, `BEGIN ATOMIC ... END`; elsewhere these words are names.
fn makes_routine(words: &[Word<'_>]) -> bool {
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    let kind = if is(1, "OR") && is(2, "REPLACE") { 3 } else { 1 };
    is(0, "CREATE") && (is(kind, "FUNCTION") || is(kind, "PROCEDURE"))
}

/// The statements of a text, without those that are empty.
pub fn statements(sql: &[u8], encoding: Encoding) -> Vec<Statement<'_>> {
    let masked = masked(sql, encoding);
    let look = masked.as_deref().unwrap_or(sql);
    let mut found = Vec::new();
    let mut words: Vec<Word<'_>> = Vec::new();
    let (mut depth, mut blocks) = (0u32, 0u32);
    for token in tokens(look) {
        let text = &sql[token.range.clone()];
        let word = |depth| Word { kind: token.kind, text, range: token.range.clone(), depth };
        match token.kind {
            TokenKind::Space | TokenKind::Comment => {}
            TokenKind::Operator if text == b";" && depth == 0 && blocks == 0 => {
                found.push(std::mem::take(&mut words));
            }
            TokenKind::Operator if text == b"(" => {
                words.push(word(depth));
                depth += 1;
            }
            TokenKind::Operator if text == b")" => {
                depth = depth.saturating_sub(1);
                words.push(word(depth));
            }
            _ => {
                let word = word(depth);
                let begins = word.is("ATOMIC")
                    && words.last().is_some_and(|last| last.is("BEGIN"))
                    && makes_routine(&words);
                // In the body of a function, semicolons end nothing.
                if begins || blocks > 0 && (word.is("CASE") || word.is("BEGIN")) {
                    blocks += 1;
                } else if blocks > 0 && word.is("END") {
                    blocks -= 1;
                }
                words.push(word);
            }
        }
    }
    found.push(words);
    let has_words = found.into_iter().filter(|words| !words.is_empty());
    has_words.map(|words| Statement { text: sql, words }).collect()
}

/// Whether one of these statements makes what a transaction did last.
pub fn ends_transaction(statements: &[Statement<'_>]) -> bool {
    let commits = |statement: &Statement<'_>| {
        statement.begins_with(&["COMMIT"]) && !statement.begins_with(&["COMMIT", "PREPARED"])
            || statement.begins_with(&["END"])
    };
    statements.iter().any(commits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_statement() {
        for (sql, expected) in [
            ("", &[][..]),
            (" ; -- x\n ;", &[]),
            ("select 1; select ';' ;", &["select 1", "select ';'"]),
            ("select begin atomic from b; commit", &["select begin atomic from b", "commit"]),
            (
                "create or replace procedure p() begin atomic select 1; end; commit",
                &["create or replace procedure p() begin atomic select 1; end", "commit"],
            ),
            (
                "create table t as select begin atomic from b; commit",
                &["create table t as select begin atomic from b", "commit"],
            ),
            (
                "create rule r as on delete to t do (delete from a; delete from b); select 1",
                &["create rule r as on delete to t do (delete from a; delete from b)", "select 1"],
            ),
            (
                "create function f() returns int begin atomic delete from t; select case 1 when 1 then 2 end; end; drop table x",
                &[
                    "create function f() returns int begin atomic delete from t; select case 1 when 1 then 2 end; end",
                    "drop table x",
                ],
            ),
            ("begin; end; do $$ begin; end $$", &["begin", "end", "do $$ begin; end $$"]),
            ("select '", &["select '"]),
            (")) ; x", &["))", "x"]),
        ] {
            let found = statements(sql.as_bytes(), Encoding::Utf8);
            let found: Vec<_> =
                found.iter().map(|s| String::from_utf8_lossy(s.text()).into_owned()).collect();
            assert_eq!(found, expected, "{sql}");
        }
    }

    #[test]
    fn what_makes_it_last() {
        for (sql, expected) in [
            ("commit", true),
            ("/* now */ END work", true),
            ("select 1; commit and chain", true),
            ("commit prepared 'x'", false),
            ("rollback", false),
            ("select 'commit'", false),
        ] {
            let statements = statements(sql.as_bytes(), Encoding::Utf8);
            assert_eq!(ends_transaction(&statements), expected, "{sql}");
        }
    }
}
