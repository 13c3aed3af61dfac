//! Sees that a query of our own leaves nothing to the search_path. Debug builds only: a query that
//! fails here is a mistake in the source.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::token::{Kind, Token, tokens};
use crate::encoding::Encoding;

/// What compares with an operator that it doesn't show, or names columns that nobody wrote down.
const HIDDEN: &[&str] =
    &["LIKE", "ILIKE", "SIMILAR", "IN", "BETWEEN", "NULLIF", "USING", "NATURAL", "OVERLAPS"];

/// Words that a bracket may follow without making them a function.
const NO_FUNCTIONS: &[&str] = &[
    "ALL", "AND", "ANY", "ARRAY", "AS", "BY", "COALESCE", "DISTINCT", "ELSE", "EXISTS", "FROM",
    "JOIN", "LATERAL", "NOT", "ON", "OPERATOR", "OR", "OVER", "ROW", "SELECT", "THEN", "UNION",
    "VALUES", "WHEN", "WHERE",
];

/// Words that a literal may follow; any other is a type (`date '2020-01-01'`).
const BEFORE_LITERALS: &[&str] =
    &["SELECT", "TO", "WHEN", "THEN", "ELSE", "AND", "OR", "NOT", "ANY", "ALL"];

/// Common table expressions of ours.
const OURS: &[&str] = &["below", "grouped", "halves", "looked", "nested", "weeks"];

thread_local! {
    /// What was found to be qualified: many queries are asked again.
    static QUALIFIED: RefCell<BTreeSet<Vec<u8>>> = const { RefCell::new(BTreeSet::new()) };
}

/// Panics if an operator, function, type, collation or relation in `sql` bears no schema.
pub fn assert_qualified(sql: &[u8], encoding: Encoding) {
    if QUALIFIED.with_borrow(|known| known.contains(sql)) {
        return;
    }
    let tokens = tokens(sql, encoding);
    for at in 0..tokens.len() {
        if let Some(fault) = fault(&tokens, at) {
            let token = String::from_utf8_lossy(tokens[at].text);
            panic!("{fault} `{token}` bears no schema in\n{}", String::from_utf8_lossy(sql));
        }
    }
    QUALIFIED.with_borrow_mut(|known| known.insert(sql.to_vec()));
}

fn fault(tokens: &[Token<'_>], at: usize) -> Option<&'static str> {
    let nothing = Token { kind: Kind::Mark, gap: b"", text: b"" };
    let near = |by: isize| {
        let at = at.checked_add_signed(by);
        at.and_then(|at| tokens.get(at)).copied().unwrap_or(nothing)
    };
    let (token, before, after) = (near(0), near(-1), near(1));
    let ours = |by| near(by).text == b"pg_catalog" && near(by + 1).is_mark(".");
    match token.kind {
        Kind::Operator if before.is_mark(".") && ours(-2) && near(-3).is_mark("(") => {
            (near(-4).text != b"OPERATOR").then_some("operator")
        }
        Kind::Operator => {
            let star = token.text == b"*"
                && !matches!(before.kind, Kind::String)
                && (before.is_mark("(") || before.is_mark(".") || before.is_word(&["SELECT"]));
            let begins = matches!(before.text, b"(" | b"[" | b",")
                || matches!(before.text, b"THEN" | b"ELSE" | b"SELECT")
                // After an operator.
                || before.is_mark(")") && near(-2).kind == Kind::Operator;
            let sign = token.text == b"-" && after.text.first().is_some_and(u8::is_ascii_digit);
            (!(star || sign && begins)).then_some("operator")
        }
        Kind::Word if token.is_word(HIDDEN) => Some("the operator of"),
        Kind::Word if token.is_word(&["CASE"]) => {
            (!after.is_word(&["WHEN"])).then_some("the operator of")
        }
        Kind::Word if token.is_word(&["DISTINCT"]) => {
            (before.is_word(&["IS"]) || after.is_word(&["FROM"])).then_some("the operator of")
        }
        Kind::Word if token.is_word(&["FROM", "JOIN"]) => {
            let own = OURS.iter().any(|name| name.as_bytes() == after.text);
            let relation = ours(1)
                || own
                || after.is_mark("(")
                || after.kind == Kind::Quoted
                || after.is_word(&["LATERAL", "ONLY"]);
            (!relation).then_some("the relation after")
        }
        // `FROM a, b`, and whatever else could be a relation or a function of the system.
        Kind::Word if token.text.starts_with(b"pg_") && !ours(0) => {
            (!(before.is_mark(".") && ours(-2))).then_some("name")
        }
        Kind::String if before.kind == Kind::Word && !before.is_word(BEFORE_LITERALS) => {
            Some("the type before")
        }
        Kind::Word if token.is_word(&["COLLATE"]) => (!ours(1)).then_some("the collation after"),
        Kind::Word if after.is_mark("(") && !token.is_word(NO_FUNCTIONS) => {
            // `f(...) k(a, b)` and `AS c(a, b)` name columns.
            let names = before.is_mark(")") || before.is_word(&["AS", "ORDINALITY"]);
            (!(names || before.is_mark(".") && ours(-2))).then_some("function")
        }
        Kind::Mark if token.text == b"::" => (!ours(1)).then_some("the type after"),
        _ => None,
    }
}
