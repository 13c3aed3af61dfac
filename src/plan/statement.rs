//! What can be explained, and how a server of some version is asked.

use crate::lexer::{TokenKind, tokens};
use crate::safeguard::Statement;

/// Whether a plan is only made, or carried out as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The statement does not run.
    Planned,
    /// It runs, and is watched.
    Run,
}

/// Whether parameters of a statement, `$1`, have values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// They have none.
    None,
    /// `\bind` gave them.
    Bound,
}

/// Why a statement can't be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExplained(String);

impl NotExplained {
    /// The reason.
    pub fn in_words(&self) -> &str {
        &self.0
    }
}

/// A statement, and the text that asks for its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained<'s> {
    prefix: String,
    statement: &'s [u8],
}

/// What the statements begin with that EXPLAIN takes.
const BEGINNINGS: [&[&str]; 14] = [
    &["SELECT"],
    &["WITH"],
    &["VALUES"],
    &["TABLE"],
    &["INSERT"],
    &["UPDATE"],
    &["DELETE"],
    &["MERGE"],
    &["EXECUTE"],
    &["DECLARE"],
    &["CREATE", "MATERIALIZED", "VIEW"],
    &["CREATE", "TABLE"],
    &["CREATE", "TEMP"],
    &["CREATE", "TEMPORARY"],
];
/// More ways to write CREATE TABLE AS.
const MORE_TABLES: [&[&str]; 3] =
    [&["CREATE", "UNLOGGED"], &["CREATE", "GLOBAL"], &["CREATE", "LOCAL"]];
/// What has a plan that EXPLAIN does not show.
const HINTS: [(&[&str], &str); 5] = [
    (&["REFRESH"], "EXPLAIN shows no plan of REFRESH: ask for that of the view's query"),
    (&["COPY"], "EXPLAIN shows no plan of COPY: ask for that of its query"),
    (&["PREPARE"], "a PREPARE has no plan before it is executed: EXECUTE it"),
    (&["CALL"], "EXPLAIN looks into no procedure; auto_explain.log_nested_statements does"),
    (&["DO"], "EXPLAIN looks into no block of code; auto_explain.log_nested_statements does"),
];

impl<'s> Explained<'s> {
    /// How a statement is explained on a server of this version.
    ///
    /// # Errors
    /// It can't be.
    pub fn new(
        statement: &Statement<'s>,
        how: How,
        version: i32,
        values: Values,
    ) -> Result<Explained<'s>, NotExplained> {
        if let Some((_, hint)) = HINTS.iter().find(|(words, _)| statement.begins_with(words)) {
            return Err(NotExplained((*hint).to_owned()));
        }
        let begins =
            BEGINNINGS.iter().chain(&MORE_TABLES).any(|words| statement.begins_with(words));
        if !begins && !statement.text().starts_with(b"(") {
            let word = statement.text().split(|b| !b.is_ascii_alphanumeric()).next();
            let word = String::from_utf8_lossy(word.unwrap_or_default()).to_uppercase();
            let text = format!(
                "{word} has no plan; queries have one, INSERT, UPDATE, DELETE, MERGE, EXECUTE, DECLARE and \
                 CREATE TABLE AS"
            );
            return Err(NotExplained(text));
        }
        let mut options = options(how, version);
        if has_parameters(statement.text()) && values == Values::None {
            options.push(generic(how, version)?);
        }
        Ok(Explained {
            prefix: format!("EXPLAIN ({}) ", options.join(", ")),
            statement: statement.text(),
        })
    }

    /// The text that asks for the plan.
    pub fn sql(&self) -> Vec<u8> {
        [self.prefix.as_bytes(), self.statement].concat()
    }

    /// What stands before the statement in that text, in characters.
    pub fn prefix_length(&self) -> usize {
        self.prefix.len()
    }

    /// The statement.
    pub fn statement(&self) -> &'s [u8] {
        self.statement
    }
}

/// The options that a server knows.
fn options(how: How, version: i32) -> Vec<&'static str> {
    const KNOWN: [(&str, i32, bool); 8] = [
        ("ANALYZE", 0, true),
        ("BUFFERS", 0, true),
        ("SUMMARY", 100_000, false),
        ("SETTINGS", 120_000, false),
        ("WAL", 130_000, true),
        ("SERIALIZE TEXT", 170_000, true),
        ("MEMORY", 170_000, true),
        ("FORMAT JSON", 0, false),
    ];
    let fits =
        |(_, since, runs): &&(&str, i32, bool)| *since <= version && (!runs || how == How::Run);
    KNOWN.iter().filter(fits).map(|(option, ..)| *option).collect()
}

/// The option for a statement with parameters.
fn generic(how: How, version: i32) -> Result<&'static str, NotExplained> {
    let prepare = "PREPARE the statement and explain EXECUTE, or give values by \\bind";
    if how == How::Run {
        return Err(NotExplained(format!("the parameters have no values: {prepare}")));
    }
    if version < 160_000 {
        let text = format!(
            "the parameters have no values, without which only servers from 16 on make a plan (this \
             is {}): {prepare}",
            version / 10_000
        );
        return Err(NotExplained(text));
    }
    Ok("GENERIC_PLAN")
}

fn has_parameters(sql: &[u8]) -> bool {
    tokens(sql).any(|token| token.kind == TokenKind::Parameter)
}

/// A statement without an EXPLAIN that it begins with.
pub fn without_explain(sql: &[u8]) -> &[u8] {
    let mut words = tokens(sql)
        .filter(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Comment))
        .peekable();
    let is = |range: &std::ops::Range<usize>, word: &str| {
        sql[range.clone()].eq_ignore_ascii_case(word.as_bytes())
    };
    if words.next_if(|token| is(&token.range, "EXPLAIN")).is_none() {
        return sql;
    }
    if words.next_if(|token| is(&token.range, "(")).is_some() {
        let mut depth = 1;
        while depth > 0 {
            let Some(token) = words.next() else { return b"" };
            match &sql[token.range] {
                b"(" => depth += 1,
                b")" => depth -= 1,
                _ => {}
            }
        }
    } else {
        for word in [&["ANALYZE", "ANALYSE"][..], &["VERBOSE"]] {
            words.next_if(|token| word.iter().any(|word| is(&token.range, word)));
        }
    }
    words.next().map_or(b"", |token| &sql[token.range.start..])
}
