//! What the programs are told: their arguments, by their version.

use super::request::{
    BaseBackup, Checkpoint, Compression, Dump, Format, Layout, Method, Passwords, Subject,
};
use crate::catalog_query::identifier;

/// From here on `pg_dump` takes a method of compression, before it only a level of gzip's.
const METHODS: i32 = 160_000;

/// What a program can't do that was asked of it.
pub type Unable = String;

/// The arguments of `pg_dump` or `pg_dumpall` of this version, but for the file, the database and the
/// connection.
///
/// # Errors
/// The program is too old for what was asked.
pub fn dump(dump: &Dump, version: i32) -> Result<Vec<Vec<u8>>, Unable> {
    let mut arguments: Vec<Vec<u8>> = Vec::new();
    let mut add = |text: &str| arguments.push(text.as_bytes().to_vec());
    if dump.subject == Subject::Globals {
        add("--globals-only");
    }
    if dump.passwords == Passwords::LeftOut {
        add("--no-role-passwords");
    }
    if !dump.subject.is_cluster() {
        add(&format!("--format={}", dump.format.word()));
    }
    if let Some(compression) = &dump.compression {
        add(&format!("--compress={}", compression_value(compression, version)?));
    }
    if let Some(jobs) = dump.jobs {
        add(&format!("--jobs={jobs}"));
    }
    let named = match &dump.subject {
        // pg_dump takes patterns; in quotes everything means itself.
        Subject::Schemas(names) => {
            ("--schema=", names.iter().map(|name| identifier(name)).collect())
        }
        Subject::Tables(patterns) => ("--table=", patterns.clone()),
        _ => ("", Vec::new()),
    };
    if !named.1.is_empty() {
        add("--strict-names");
    }
    arguments.extend(named.1.into_iter().map(|name| [named.0.as_bytes(), &name].concat()));
    Ok(arguments)
}

fn compression_value(compression: &Compression, version: i32) -> Result<String, Unable> {
    if version >= METHODS {
        return Ok(compression.text());
    }
    let Compression { method, detail } = compression;
    match (method, detail.as_deref()) {
        (Method::None, _) => Ok("0".to_owned()),
        (Method::Gzip, None) => Ok("6".to_owned()),
        (Method::Gzip, Some(level)) if level.parse::<u8>().is_ok_and(|level| level <= 9) => {
            Ok(level.to_owned())
        }
        _ => Err(format!(
            "pg_dump before version 16 compresses with gzip and a level from 0 to 9, not with {}",
            compression.text()
        )),
    }
}

/// The arguments of `pg_basebackup` of this version, but for the directory and the connection.
///
/// # Errors
/// The program is too old for what was asked.
pub fn base_backup(backup: &BaseBackup, version: i32) -> Result<Vec<String>, Unable> {
    let layout = if backup.layout == Layout::Tar { "tar" } else { "plain" };
    let checkpoint = if backup.checkpoint == Checkpoint::Fast { "fast" } else { "spread" };
    let mut arguments = vec![
        format!("--format={layout}"),
        format!("--checkpoint={checkpoint}"),
        // The backup has what it needs to start.
        "--wal-method=stream".to_owned(),
    ];
    if let Some(compression) = &backup.compression {
        arguments.push(match (compression.method, &compression.detail) {
            _ if version >= 150_000 => format!("--compress={}", compression.text()),
            (Method::None, _) => "--compress=0".to_owned(),
            (Method::Gzip, None) => "--gzip".to_owned(),
            (Method::Gzip, Some(level)) => format!("--compress={level}"),
            _ => {
                let method = compression.method.word();
                return Err(format!("pg_basebackup before version 15 knows no {method}"));
            }
        });
    }
    Ok(arguments)
}

/// The name of a backup where none is given, made of what it is of and when it was begun.
pub fn default_name(dump: &Dump, database: &[u8], stamp: &str) -> Vec<u8> {
    let subject = match &dump.subject {
        Subject::All => b"all-databases".to_vec(),
        Subject::Globals => b"globals".to_vec(),
        Subject::Database(name) => name.clone().unwrap_or_else(|| database.to_vec()),
        Subject::Schemas(names) if names.len() == 1 => [database, b"-", &names[0]].concat(),
        Subject::Schemas(_) => [database, b"-schemas"].concat(),
        Subject::Tables(_) => [database, b"-tables"].concat(),
    };
    let method = dump.compression.as_ref().map_or(Method::None, |found| found.method);
    let ending = match dump.format {
        Format::Custom => ".dump".to_owned(),
        Format::Tar => ".tar".to_owned(),
        Format::Plain => format!(".sql{}", method.ending()),
        Format::Directory => String::new(),
    };
    [&harmless(&subject)[..], b"-", stamp.as_bytes(), ending.as_bytes()].concat()
}

/// A name as a part of a file's: no directory, no option, nothing hidden, nothing a terminal obeys, and
/// not too long.
fn harmless(name: &[u8]) -> Vec<u8> {
    const LONGEST: usize = 150;
    let plain = |(at, &byte): (usize, &u8)| match byte {
        b'/' | b'\\' | 0..=31 | 127 => b'_',
        b'-' | b'.' | b'~' if at == 0 => b'_',
        byte => byte,
    };
    name.iter().take(LONGEST).enumerate().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Backup, Word, backup, base_backup as read_base_backup};
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        text.split(' ').map(|word| Word::new(word, word.contains('"'))).collect()
    }

    fn request(text: &str) -> Dump {
        match backup(&words(text)) {
            Ok(Backup::Dump(dump)) => dump,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn arguments_of_dumps() {
        let line = |text: &str, version| {
            dump(&request(text), version)
                .map(|found| String::from_utf8_lossy(&found.join(&b' ')).into_owned())
        };
        for (text, version, expected) in [
            ("database app", 180_006, "--format=custom"),
            (
                "database app format plain compress zstd:3",
                160_001,
                "--format=plain --compress=zstd:3",
            ),
            ("database app compress gzip:9", 150_001, "--format=custom --compress=9"),
            ("database app compress gzip", 150_001, "--format=custom --compress=6"),
            ("database app compress none", 150_001, "--format=custom --compress=0"),
            ("database app format directory jobs 3", 180_000, "--format=directory --jobs=3"),
            (
                "schema Odd \"O*d\"",
                180_000,
                "--format=custom --strict-names --schema=\"odd\" --schema=\"O*d\"",
            ),
            ("table a.*", 180_000, "--format=custom --strict-names --table=a.*"),
            ("all", 180_000, ""),
            ("globals without passwords", 180_000, "--globals-only --no-role-passwords"),
        ] {
            assert_eq!(line(text, version).as_deref(), Ok(expected), "{text}");
        }
        for text in ["database app compress zstd", "database app compress gzip:12"] {
            assert!(line(text, 150_014).is_err(), "{text}");
        }
    }

    #[test]
    fn arguments_of_base_backups() {
        let line = |text: &str, version| {
            let backup = read_base_backup(&words(text)).expect("a request");
            base_backup(&backup, version).map(|found| found.join(" "))
        };
        let rest = "--wal-method=stream";
        for (text, version, expected) in [
            ("to b", 180_000, format!("--format=plain --checkpoint=spread {rest}")),
            (
                "to b tar fast compress zstd:3",
                170_000,
                format!("--format=tar --checkpoint=fast {rest} --compress=zstd:3"),
            ),
            (
                "to b tar compress gzip",
                140_000,
                format!("--format=tar --checkpoint=spread {rest} --gzip"),
            ),
            (
                "to b tar compress gzip:9",
                140_000,
                format!("--format=tar --checkpoint=spread {rest} --compress=9"),
            ),
        ] {
            assert_eq!(line(text, version), Ok(expected), "{text}");
        }
        assert!(line("to b tar compress lz4", 140_000).is_err());
    }

    #[test]
    fn names() {
        for (text, expected) in [
            ("database", "app-S.dump"),
            ("database other format directory", "other-S"),
            ("database ../x/-y format tar", "_._x_-y-S.tar"),
            ("database format plain compress gzip", "app-S.sql.gz"),
            ("schema sales", "app-sales-S.dump"),
            ("schema sales hr", "app-schemas-S.dump"),
            ("table x", "app-tables-S.dump"),
            ("all", "all-databases-S.sql"),
            ("globals", "globals-S.sql"),
        ] {
            let name = default_name(&request(text), b"app", "S");
            assert_eq!(String::from_utf8_lossy(&name), expected, "{text}");
        }
    }
}
