//! The transaction control that psql adds to a statement: the implicit BEGIN of AUTOCOMMIT off and
//! the savepoints of ON_ERROR_ROLLBACK.
//!
//! Decides by the statement's first words; the caller sends.

use crate::encoding::Encoding;

/// The savepoint's name under ON_ERROR_ROLLBACK (psql's documentation, "ON_ERROR_ROLLBACK").
pub const SAVEPOINT: &str = "pg_psql_temporary_savepoint";

/// The words a statement starts with, upper-cased ASCII; comments and white space are skipped.
struct Words<'a> {
    rest: &'a [u8],
    encoding: Encoding,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Vec<u8> {
        self.rest = skip_blank(self.rest, self.encoding);
        let len = self.rest.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
        let (word, rest) = self.rest.split_at(len);
        self.rest = rest;
        word.to_ascii_uppercase()
    }
}

/// Skips white space, `--` comments and nested `/* */` comments.
fn skip_blank(mut text: &[u8], encoding: Encoding) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        if text.starts_with(b"--") {
            let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
            text = &text[end..];
        } else if text.starts_with(b"/*") {
            let mut depth = 0u32;
            while !text.is_empty() {
                if text.starts_with(b"/*") {
                    depth += 1;
                    text = &text[2..];
                } else if text.starts_with(b"*/") {
                    depth -= 1;
                    text = &text[2..];
                    if depth == 0 {
                        break;
                    }
                } else {
                    text = &text[encoding.char_len(text)..];
                }
            }
        } else {
            return text;
        }
    }
}

/// Whether a statement creates, changes or drops a database, which may need that no other session is
/// connected to it.
pub fn concerns_database(sql: &[u8], encoding: Encoding) -> bool {
    let mut words = Words { rest: sql, encoding };
    matches!(words.next().as_slice(), b"CREATE" | b"ALTER" | b"DROP") && words.next() == b"DATABASE"
}

/// Whether a statement under AUTOCOMMIT off runs without a BEGIN before it: transaction control
/// itself, and the commands that can't run in a transaction block (as their
/// reference pages say).
pub fn needs_no_begin(sql: &[u8], encoding: Encoding) -> bool {
    let mut words = Words { rest: sql, encoding };
    match words.next().as_slice() {
        b"ABORT" | b"BEGIN" | b"START" | b"COMMIT" | b"END" | b"ROLLBACK" => true,
        b"PREPARE" => words.next() == b"TRANSACTION",
        b"VACUUM" => true,
        b"CLUSTER" => {
            // Only the form without a table needs to be alone.
            words.rest = skip_blank(words.rest, encoding);
            let word = words.next();
            let rest = skip_blank(words.rest, encoding);
            (word.is_empty() || word == b"VERBOSE") && !starts_word(rest)
        }
        b"CREATE" => {
            let mut word = words.next();
            match word.as_slice() {
                b"DATABASE" | b"TABLESPACE" => return true,
                b"UNIQUE" => word = words.next(),
                _ => {}
            }
            word == b"INDEX" && words.next() == b"CONCURRENTLY"
        }
        b"ALTER" => words.next() == b"SYSTEM",
        b"DROP" => match words.next().as_slice() {
            b"DATABASE" | b"SYSTEM" | b"TABLESPACE" => true,
            b"INDEX" => words.next() == b"CONCURRENTLY",
            _ => false,
        },
        b"REINDEX" => {
            words.rest = skip_blank(words.rest, encoding);
            if words.rest.first() == Some(&b'(') {
                let end = memchr::memchr(b')', words.rest).map_or(words.rest.len(), |i| i + 1);
                words.rest = &words.rest[end..];
            }
            match words.next().as_slice() {
                b"DATABASE" | b"SYSTEM" => true,
                b"INDEX" | b"TABLE" => words.next() == b"CONCURRENTLY",
                _ => false,
            }
        }
        b"DISCARD" => words.next() == b"ALL",
        _ => false,
    }
}

fn starts_word(text: &[u8]) -> bool {
    text.first().is_some_and(|&b| b.is_ascii_alphabetic() || b == b'_' || b == b'"' || b >= 0x80)
}

/// Whether the savepoint of ON_ERROR_ROLLBACK is not to be released after a statement with this
/// command tag: a transaction command, which ended it or must keep it.
pub fn keeps_savepoint(tag: &[u8]) -> bool {
    matches!(tag, b"COMMIT" | b"SAVEPOINT" | b"RELEASE" | b"ROLLBACK")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_about_databases() {
        let check = |sql: &str, concerns: bool| {
            assert_eq!(concerns_database(sql.as_bytes(), Encoding::Utf8), concerns, "{sql}");
        };
        check("create database a template b", true);
        check("/* now */ Alter DATABASE a rename to b", true);
        check("drop database if exists a", true);
        check("drop table database", false);
        check("create databases", false);
        check("select 'drop database'", false);
    }

    #[test]
    fn implicit_begin() {
        let alone = [
            "begin",
            " -- c\n /* a /* b */ */ Start transaction",
            "vacuum t",
            "create database x",
            "create unique index concurrently i on t(a)",
            "drop index concurrently i",
            "reindex (verbose) database d",
            "discard all",
            "cluster",
            "alter system set a = 1",
            "prepare transaction 'x'",
        ];
        let within = [
            "select 1",
            "cluster t",
            "prepare x as select 1",
            "create index i on t(a)",
            "discard temp",
            "",
        ];
        for sql in alone {
            assert!(needs_no_begin(sql.as_bytes(), Encoding::Utf8), "{sql}");
        }
        for sql in within {
            assert!(!needs_no_begin(sql.as_bytes(), Encoding::Utf8), "{sql}");
        }
    }
}
