//! What a file is, by its first bytes.

use super::tar;

/// How many bytes are enough to tell.
pub const ENOUGH: usize = 4096;

/// What a file that is not compressed holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SQL that `pg_dump` wrote.
    Script,
    /// SQL that `pg_dumpall` wrote.
    ClusterScript,
    /// Text that may be SQL of any origin.
    Text,
    /// `pg_dump --format=custom`, with the version of the format.
    Custom(FormatVersion),
    /// `pg_dump --format=tar`
    Tar,
    /// The table of contents of `pg_dump --format=directory`.
    DirectoryContents,
    /// A tar file of a base backup.
    BaseBackupTar,
    /// A tar file of something else.
    OtherTar,
    /// Something else.
    Other,
    /// Nothing.
    Empty,
}

/// The version of an archive's format: 1.16.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormatVersion(pub u8, pub u8, pub u8);

/// The first major version of `pg_dump`, as a server's version number, that wrote each format.
const WRITERS: [(FormatVersion, i32); 5] = [
    (FormatVersion(1, 16, 0), 170_000),
    (FormatVersion(1, 15, 0), 160_000),
    (FormatVersion(1, 14, 0), 120_000),
    (FormatVersion(1, 13, 0), 100_000),
    (FormatVersion(1, 0, 0), 90_000),
];

impl FormatVersion {
    /// The first major version whose `pg_restore` reads it, as far as is known: what is newer than all we
    /// know needs the newest there is.
    pub fn read_by(self) -> i32 {
        let known = WRITERS.iter().find(|(format, _)| *format <= self);
        known.map_or(WRITERS[WRITERS.len() - 1].1, |(_, version)| *version)
    }
}

/// The byte that tells the kinds of archive apart, and where it stands.
const FORMAT_AT: usize = 10;
const TAR_CONTENTS: u8 = 3;
const DIRECTORY_CONTENTS: u8 = 5;

const MAGIC: &[u8] = b"PGDMP";
const SCRIPT: &[u8] = b"-- PostgreSQL database dump\n";
const CLUSTER_SCRIPT: &[u8] = b"-- PostgreSQL database cluster dump\n";

/// What a file is that begins with these bytes; [`ENOUGH`] of them, if it has as many.
pub fn of(head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    if head.starts_with(MAGIC) && head.len() > FORMAT_AT {
        return match head[FORMAT_AT] {
            TAR_CONTENTS | DIRECTORY_CONTENTS => Kind::DirectoryContents,
            _ => Kind::Custom(FormatVersion(head[5], head[6], head[7])),
        };
    }
    if let Some(first) = tar::header(head) {
        return match first.name() {
            b"toc.dat" => Kind::Tar,
            b"backup_label" | b"tablespace_map" | b"PG_VERSION" => Kind::BaseBackupTar,
            name if name.starts_with(b"pg_") || name.starts_with(b"base/") => Kind::BaseBackupTar,
            _ => Kind::OtherTar,
        };
    }
    if head.contains(&0) {
        return Kind::Other;
    }
    let begins = |text: &[u8]| memchr::memmem::find(head, text).is_some();
    if begins(CLUSTER_SCRIPT) {
        return Kind::ClusterScript;
    }
    if begins(SCRIPT) {
        return Kind::Script;
    }
    let printable = |byte: &u8| !matches!(byte, 0..=8 | 14..=31 | 127) || *byte == 27;
    if head.iter().all(printable) { Kind::Text } else { Kind::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes() {
        let tar = |name: &str| tar::tests::member(name, "x");
        for (head, expected) in [
            (&b""[..], Kind::Empty),
            (b"PGDMP\x01\x10\x00\x04\x08\x01\x01", Kind::Custom(FormatVersion(1, 16, 0))),
            (b"PGDMP\x01\x0e\x00\x04\x08\x05\x01", Kind::DirectoryContents),
            (b"PGDMP", Kind::Text),
            (b"--\n-- PostgreSQL database dump\n--\n", Kind::Script),
            (b"--\n-- PostgreSQL database cluster dump\n--\n", Kind::ClusterScript),
            (b"select 1;\n", Kind::Text),
            (b"caf\xc3\xa9 \xe9\n", Kind::Text),
            (b"\x7fELF\x02\x01", Kind::Other),
            (b"a\0b", Kind::Other),
            (&tar("toc.dat"), Kind::Tar),
            (&tar("backup_label"), Kind::BaseBackupTar),
            (&tar("pg_wal/000"), Kind::BaseBackupTar),
            (&tar("readme"), Kind::OtherTar),
        ] {
            assert_eq!(of(head), expected, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn who_reads_a_format() {
        for (format, version) in [
            (FormatVersion(1, 16, 0), 170_000),
            (FormatVersion(1, 17, 0), 170_000),
            (FormatVersion(1, 15, 0), 160_000),
            (FormatVersion(1, 14, 0), 120_000),
            (FormatVersion(1, 12, 0), 90_000),
            (FormatVersion(0, 9, 0), 90_000),
        ] {
            assert_eq!(format.read_by(), version, "{format:?}");
        }
    }
}
