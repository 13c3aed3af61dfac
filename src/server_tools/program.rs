//! The programs by name, their versions, and the packages that have them.

use crate::session::version_number;

/// A program of PostgreSQL's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Checks tables and indexes.
    PgAmcheck,
    /// Copies a cluster's files.
    PgBasebackup,
    /// Makes a full backup of incremental ones.
    PgCombinebackup,
    /// Dumps a database.
    PgDump,
    /// Dumps all databases, or what belongs to none.
    PgDumpall,
    /// Reads the archives of `pg_dump`.
    PgRestore,
    /// Compares a base backup with its manifest.
    PgVerifybackup,
    /// This shell itself: runs scripts.
    Pgsh,
}

impl Program {
    /// Its file's name.
    pub fn name(self) -> &'static str {
        match self {
            Program::PgAmcheck => "pg_amcheck",
            Program::PgBasebackup => "pg_basebackup",
            Program::PgCombinebackup => "pg_combinebackup",
            Program::PgDump => "pg_dump",
            Program::PgDumpall => "pg_dumpall",
            Program::PgRestore => "pg_restore",
            Program::PgVerifybackup => "pg_verifybackup",
            Program::Pgsh => "pgsh",
        }
    }
}

/// The packages that have the programs of a major version, or of the system's usual one.
pub(super) fn packages(major: Option<i32>) -> String {
    let Some(version) = major.map(major_text) else {
        return "postgresql-client (Debian, Ubuntu), postgresql (Red Hat, Homebrew)".to_owned();
    };
    let debian = format!("postgresql-client-{version} (Debian, Ubuntu)");
    format!("{debian}, postgresql{version} (Red Hat), postgresql@{version} (Homebrew)")
}

/// The major part of a version as `server_version_num` has it: 180006 is of 180000, 90603 of 90600.
pub fn major(version: i32) -> i32 {
    if version >= 100_000 { version / 10_000 * 10_000 } else { version / 100 * 100 }
}

/// A major version as people write it: `18`, `9.6`.
pub(super) fn major_text(major: i32) -> String {
    match major {
        100_000.. => (major / 10_000).to_string(),
        _ => format!("{}.{}", major / 10_000, major / 100 % 100),
    }
}

/// The version that `--version` tells, as text and as number: `pg_dump (PostgreSQL) 18.6` is `18.6`.
pub(super) fn told_version(said: &str) -> Option<(String, i32)> {
    let (_, behind) = said.split_once("(PostgreSQL) ")?;
    let text = behind.split_whitespace().next()?;
    let number = version_number(text.as_bytes());
    (number > 0).then(|| (text.to_owned(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_told() {
        for (said, expected) in [
            ("pg_dump (PostgreSQL) 18.6\n", Some(("18.6", 180_006))),
            ("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", Some(("15.14", 150_014))),
            ("psql (PostgreSQL) 9.6.24", Some(("9.6.24", 90_624))),
            ("pg_dump (PostgreSQL) 19beta1", Some(("19beta1", 190_000))),
            ("pg_dump (Fork) 18.6", None),
            ("pg_dump (PostgreSQL) x", None),
            ("", None),
        ] {
            let expected = expected.map(|(text, number)| (text.to_owned(), number));
            assert_eq!(told_version(said), expected, "{said}");
        }
    }

    #[test]
    fn major_versions() {
        for (version, number, text) in
            [(180_006, 180_000, "18"), (100_023, 100_000, "10"), (90_624, 90_600, "9.6")]
        {
            assert_eq!((major(version), major_text(major(version))), (number, text.to_owned()));
        }
    }
}
