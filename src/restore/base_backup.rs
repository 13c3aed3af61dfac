//! What is no dump, and what to do with it.

use super::dump_file::DumpFile;
use crate::archive::kind::Kind;
use crate::backup::{Failure, FailureKind};

/// Refuses what can't be restored, and says what it is and what would help.
///
/// # Errors
/// It is no dump.
pub fn refuse_others(dump: &DumpFile) -> Result<(), Failure> {
    let path = dump.path().display();
    let (text, hint) = match dump.kind() {
        Kind::BaseBackupTar if dump.path().join("PG_VERSION").is_file() => (
            format!("\"{path}\" is a base backup, a whole cluster's files, and goes into no server that runs"),
            format!(
                "It is started as a server of its own, by a copy of it: pg_ctl -D \"{path}\" start. See \"The whole \
                 cluster\" in docs/backup-and-restore.md."
            ),
        ),
        Kind::BaseBackupTar => (
            format!("\"{path}\" is a base backup, a whole cluster's files, and goes into no server that runs"),
            "Unpack base.tar into an empty directory of mode 0700 and pg_wal.tar into its pg_wal, then start it \
             by pg_ctl -D DIRECTORY start. See \"The whole cluster\" in docs/backup-and-restore.md."
                .to_owned(),
        ),
        Kind::Empty => (
            format!("\"{path}\" is empty: there is nothing to restore"),
            "A dump that broke off may leave such a file.".to_owned(),
        ),
        Kind::OtherTar => (
            format!("\"{path}\" is a tar file, but no dump"),
            "The first file in a dump is \"toc.dat\".".to_owned(),
        ),
        Kind::Other => match dump.compression() {
            Some(method) if method.reader(Box::new(&b""[..])).is_none() => (
                format!("\"{path}\" is compressed by {}, which is not read here", method.name()),
                format!("{} \"{path}\" unpacks it.", method.undone_by()),
            ),
            _ if dump.path().is_dir() => (
                format!("the directory \"{path}\" holds no dump"),
                "A dump of format directory has a file \"toc.dat\".".to_owned(),
            ),
            _ => (
                format!("\"{path}\" is no dump: it is neither SQL nor an archive of pg_dump"),
                "\\restore? tells what a dump holds.".to_owned(),
            ),
        },
        _ => return Ok(()),
    };
    Err(Failure::new(FailureKind::Refused, text).with_hint(hint))
}
