//! The words in which the user is asked.

use super::destructive::{Destruction, Effect};

/// How much of a statement is shown.
const MOST: usize = 200;

/// What is known of what a statement would touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Estimate {
    /// So many rows, the planner expects.
    Rows(u64),
    /// So many rows are there, as was counted last, in so much room.
    Stored {
        /// The relation, as written.
        relation: Vec<u8>,
        /// Its rows, if they were ever counted.
        rows: Option<u64>,
        /// Its size with indexes and all, in words.
        size: Vec<u8>,
    },
    /// Nothing, for this reason.
    Unknown(Vec<u8>),
}

/// Where a statement would run.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The class of the server, if it has one.
    pub class: Option<&'a str>,
    pub database: &'a [u8],
    pub user: &'a [u8],
    pub host: &'a [u8],
    pub port: &'a [u8],
}

impl Place<'_> {
    /// `prod: database "shop" on host "db1" at port "5432", as user "joe"`
    pub fn in_words(&self) -> Vec<u8> {
        let class = self.class.map(|class| format!("{class}: ")).unwrap_or_default();
        let host: &[u8] = match crate::conninfo::is_socket(self.host) || self.host.is_empty() {
            true => b"the socket in",
            false => b"host",
        };
        let parts: [&[u8]; 11] = [
            class.as_bytes(),
            b"database \"",
            self.database,
            b"\" on ",
            host,
            b" \"",
            self.host,
            b"\" at port \"",
            self.port,
            b"\", as user \"",
            self.user,
        ];
        [&parts.concat()[..], b"\""].concat()
    }
}

/// What a statement destroys, in a line.
pub fn describe(destruction: &Destruction<'_>) -> Vec<u8> {
    let what = one_line(destruction.words);
    let why: &[u8] = match destruction.effect {
        Effect::Delete | Effect::Update => b" has no WHERE",
        Effect::Merge => b" changes every row that its source lacks",
        Effect::Drop | Effect::DropRows | Effect::Truncate | Effect::AlterDrop => b"",
    };
    [&what[..], why].concat()
}

/// What it would touch: `about 500 rows, 48 kB in orders`.
pub fn affected(estimates: &[Estimate]) -> Vec<u8> {
    let words = |estimate: &Estimate| match estimate {
        Estimate::Rows(rows) => format!("about {rows} rows, the planner expects").into_bytes(),
        Estimate::Stored { relation, rows, size } => {
            let rows = rows.map(|rows| format!("about {rows} rows, ")).unwrap_or_default();
            [rows.as_bytes(), size, b" in ", relation].concat()
        }
        Estimate::Unknown(reason) => [b"how many rows is not known: ", &reason[..]].concat(),
    };
    estimates.iter().map(words).collect::<Vec<_>>().join(&b"; "[..])
}

/// The text in a line, cut where it is long.
fn one_line(text: &[u8]) -> Vec<u8> {
    let mut line: Vec<u8> = Vec::new();
    for word in text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(b' ');
        }
        line.extend_from_slice(word);
    }
    if line.len() > MOST {
        let text = String::from_utf8_lossy(&line).into_owned();
        let cut: String = text.chars().take(MOST).collect();
        return format!("{cut}...").into_bytes();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Encoding;
    use crate::safeguard::{destructions, statements};

    #[test]
    fn what_is_asked() {
        for (sql, expected) in [
            ("delete\n  from  t", "delete from t has no WHERE"),
            ("drop table a, b cascade", "drop table a, b cascade"),
            ("update only s.t set x = 1", "update only s.t has no WHERE"),
        ] {
            let statements = statements(sql.as_bytes(), Encoding::Utf8);
            let found = destructions(&statements);
            assert_eq!(String::from_utf8_lossy(&describe(&found[0])), expected);
        }
        let long = format!("drop table {}", "x".repeat(300));
        let statements = statements(long.as_bytes(), Encoding::Utf8);
        assert_eq!(describe(&destructions(&statements)[0]).len(), MOST + 3);
    }

    #[test]
    fn where_and_how_many() {
        let place = Place {
            class: Some("prod"),
            database: b"shop",
            user: b"joe",
            host: b"db1",
            port: b"5432",
        };
        let check = |place: Place<'_>, expected: &str| {
            assert_eq!(String::from_utf8_lossy(&place.in_words()), expected);
        };
        check(place, "prod: database \"shop\" on host \"db1\" at port \"5432\", as user \"joe\"");
        let local = Place { class: None, host: b"/run", ..place };
        check(
            local,
            "database \"shop\" on the socket in \"/run\" at port \"5432\", as user \"joe\"",
        );
        let estimates = [
            Estimate::Rows(7),
            Estimate::Stored { relation: b"t".to_vec(), rows: Some(5), size: b"8 kB".to_vec() },
            Estimate::Stored { relation: b"u".to_vec(), rows: None, size: b"0 bytes".to_vec() },
        ];
        let expected = "about 7 rows, the planner expects; about 5 rows, 8 kB in t; 0 bytes in u";
        assert_eq!(String::from_utf8_lossy(&affected(&estimates)), expected);
    }
}
