//! `CREATE DATABASE` as a dump has it, for another name and another server.

use super::name;
use std::fmt::Write;

/// What a database was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    options: Vec<(String, String)>,
}

/// The options taken along, with the server version that knows each.
const OPTIONS: [(&str, i32); 8] = [
    ("ENCODING", 0),
    ("LOCALE_PROVIDER", 150_000),
    ("LOCALE", 130_000),
    ("LC_COLLATE", 0),
    ("LC_CTYPE", 0),
    ("ICU_LOCALE", 150_000),
    ("ICU_RULES", 160_000),
    ("BUILTIN_LOCALE", 170_000),
];

impl Properties {
    /// Reads what stands behind `CREATE DATABASE name WITH`.
    pub fn parse(statement: &[u8]) -> Properties {
        let behind = statement.strip_prefix(b"CREATE DATABASE ").and_then(name::identifier);
        let Some((_, rest)) = behind else { return Properties::default() };
        let text = String::from_utf8_lossy(rest);
        let options = OPTIONS.iter().filter_map(|(option, _)| {
            let (_, value) = text.split_once(&format!(" {option} = "))?;
            Some(((*option).to_owned(), value_of(value)))
        });
        Properties { options: options.collect() }
    }

    /// Those of a script whose encoding is all that is known.
    pub fn of_encoding(encoding: &str) -> Properties {
        let quoted = format!("'{}'", encoding.replace('\'', "''"));
        Properties { options: vec![("ENCODING".to_owned(), quoted)] }
    }

    /// `ENCODING = 'UTF8' LOCALE = 'C'`, as a server of this version takes them.
    pub fn text(&self, version: i32) -> String {
        let mut text = String::new();
        for (option, value) in &self.options {
            if option == "LOCALE" && version < 130_000 {
                let _ = write!(text, " LC_COLLATE = {value} LC_CTYPE = {value}");
            } else if OPTIONS.iter().any(|(known, since)| known == option && *since <= version) {
                let _ = write!(text, " {option} = {value}");
            }
        }
        text
    }

    /// The options that a server of this version does not know, where they say more than is usual.
    pub fn unknown_to(&self, version: i32) -> Vec<&str> {
        let unknown = |(option, value): &&(String, String)| {
            let since =
                OPTIONS.iter().find(|(known, _)| known == option).map_or(0, |(_, since)| *since);
            since > version && option != "LOCALE" && value != "libc"
        };
        self.options.iter().filter(unknown).map(|(option, _)| option.as_str()).collect()
    }
}

/// A word, or a literal with its quotes.
fn value_of(text: &str) -> String {
    let Some(literal) = text.strip_prefix('\'') else {
        let is_of_word = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        return text.chars().take_while(is_of_word).collect();
    };
    let mut end = 0;
    while let Some(at) = literal[end..].find('\'') {
        end += at + 1;
        if !literal[end..].starts_with('\'') {
            break;
        }
        end += 1;
    }
    text[..=end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_servers_of_other_versions() {
        let libc = "CREATE DATABASE \"a b\" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8'";
        let old = "CREATE DATABASE x WITH TEMPLATE = template0 ENCODING = 'LATIN1' LC_COLLATE = 'C' LC_CTYPE = 'de_DE'";
        let builtin = "CREATE DATABASE x WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = builtin LOCALE = 'C' BUILTIN_LOCALE = 'C.UTF-8'";
        for (statement, version, expected, unknown) in [
            (libc, 180_000, " ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8'", 0),
            (libc, 140_000, " ENCODING = 'UTF8' LOCALE = 'C.UTF-8'", 0),
            (libc, 120_000, " ENCODING = 'UTF8' LC_COLLATE = 'C.UTF-8' LC_CTYPE = 'C.UTF-8'", 0),
            (old, 180_000, " ENCODING = 'LATIN1' LC_COLLATE = 'C' LC_CTYPE = 'de_DE'", 0),
            (
                builtin,
                180_000,
                " ENCODING = 'UTF8' LOCALE_PROVIDER = builtin LOCALE = 'C' BUILTIN_LOCALE = 'C.UTF-8'",
                0,
            ),
            (builtin, 140_000, " ENCODING = 'UTF8' LOCALE = 'C'", 2),
            // Nothing but words and literals becomes a part of a statement.
            (
                "CREATE DATABASE x WITH ENCODING = UTF8;DROP/**/TABLE/**/x LOCALE_PROVIDER = icu(",
                180_000,
                " ENCODING = UTF8 LOCALE_PROVIDER = icu",
                0,
            ),
            ("CREATE DATABASE x WITH ICU_RULES = 'a'' b' ENCODING = 'X'", 160_000, "", 0),
        ] {
            let found = Properties::parse(statement.as_bytes());
            assert_eq!(found.unknown_to(version).len(), unknown, "{statement}");
            if !expected.is_empty() {
                assert_eq!(found.text(version), expected);
            } else {
                assert_eq!(found.text(version), " ENCODING = 'X' ICU_RULES = 'a'' b'");
            }
        }
        assert_eq!(Properties::of_encoding("UTF8").text(90_600), " ENCODING = 'UTF8'");
    }
}
