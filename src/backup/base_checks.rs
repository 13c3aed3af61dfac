//! What is looked at before a base backup, so that everything that stands in its way is told at once.

use super::failure::{Failure, FailureKind, Findings};
use super::queries;
use super::request::{BaseBackup, Layout, Method};
use super::side_session::{SideSession, is_true, number, text};
use super::source::Source;
use super::tablespace::{self, Mapping};
use crate::console::Console;
use crate::progress::size;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// From this version on there are incremental backups.
const INCREMENTAL: i32 = 170_000;
/// A base backup takes one WAL sender for the files and one for the WAL.
const SENDERS: u64 = 2;
/// What tells how a server is prepared for base backups.
const SETTINGS: [&str; 4] = ["wal_level", "max_wal_senders", "summarize_wal", "hba_file"];
/// What a base backup's directory has, for the next to build on.
const MANIFEST: &str = "backup_manifest";

/// What the server has.
pub struct Looked {
    /// How many bytes its databases have.
    pub bytes: u64,
    /// Where its tablespaces go.
    pub mappings: Vec<Mapping>,
}

/// Looks at the server.
///
/// # Errors
/// The connection broke, or Ctrl-C.
pub fn server(
    console: &Console,
    source: &Source<'_>,
    session: &mut SideSession,
    backup: &BaseBackup,
    place: &Path,
    findings: &mut Findings,
) -> Result<Looked, Failure> {
    let known = session.ask_row(&queries::base_backup())?;
    let settings = session.ask(&queries::settings(&SETTINGS))?;
    let settings: HashMap<String, String> =
        settings.iter().map(|row| (text(row, 0), text(row, 1))).collect();
    if is_true(&known, 0) {
        findings.note(
            "the server is a standby: the backup is as old as its replay, and fails if the standby is promoted meanwhile",
        );
    }
    let user = text(&known, 2);
    if !is_true(&known, 1) {
        let text = format!("\"{user}\" may not make base backups");
        let hint = format!("ALTER ROLE \"{user}\" REPLICATION allows it.");
        findings.object(refused(text).with_hint(hint));
    }
    check_wal(&settings, number(&known, 3), findings);
    if backup.incremental_from.is_some() {
        check_incremental(session.version(), &settings, findings);
    }
    // Who lacks the attribute would be refused for that.
    if is_true(&known, 1) && setting(&settings, "max_wal_senders") != "0" {
        check_access(console, source, &settings, findings);
    }
    let mappings = match backup.layout {
        Layout::Plain => map_tablespaces(session, backup, place, findings)?,
        Layout::Tar => Vec::new(),
    };
    let bytes = number(&known, 4);
    check_room(backup, bytes, place, super::final_name::free_space(place), findings);
    Ok(Looked { bytes, mappings })
}

fn refused(text: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Refused, text)
}

fn setting<'a>(settings: &'a HashMap<String, String>, name: &str) -> &'a str {
    settings.get(name).map_or("", String::as_str)
}

/// Whether the server writes enough WAL, and has senders left for it.
fn check_wal(settings: &HashMap<String, String>, busy: u64, findings: &mut Findings) {
    if setting(settings, "wal_level") == "minimal" {
        let hint = "ALTER SYSTEM SET wal_level = 'replica', and a restart of the server.";
        findings
            .object(refused("wal_level is minimal, too little for a base backup").with_hint(hint));
    }
    let Ok(all) = setting(settings, "max_wal_senders").parse::<u64>() else { return };
    if all.saturating_sub(busy) < SENDERS {
        let text = format!(
            "a base backup needs {SENDERS} WAL senders: max_wal_senders is {all}, and {busy} are busy"
        );
        let hint = "ALTER SYSTEM SET max_wal_senders to more, and a restart of the server.";
        findings.object(refused(text).with_hint(hint));
    }
}

fn check_incremental(version: i32, settings: &HashMap<String, String>, findings: &mut Findings) {
    if version < INCREMENTAL {
        let text = "incremental backups came with PostgreSQL 17: the server is older";
        findings.object(refused(text));
    } else if setting(settings, "summarize_wal") == "off" {
        let hint =
            "ALTER SYSTEM SET summarize_wal = on, a reload, and then a full backup to build on.";
        findings.object(
            refused("summarize_wal is off: the server can't tell what changed").with_hint(hint),
        );
    }
}

/// Whether the server lets us in as it does for a base backup.
fn check_access(
    console: &Console,
    source: &Source<'_>,
    settings: &HashMap<String, String>,
    findings: &mut Findings,
) {
    let Err(failure) = source.try_replication(console) else { return };
    let why = failure.messages().iter().map(|message| message.text.clone()).collect::<Vec<_>>();
    let file = Some(setting(settings, "hba_file")).filter(|file| !file.is_empty());
    let file = file.unwrap_or("pg_hba.conf");
    let line = format!("host replication {} ADDRESS scram-sha-256", source.user());
    let hint = format!("A line in {file} lets it in: {line} (local for a socket), and a reload.");
    let text = format!("the server does not let us in for replication: {}", why.join(" "));
    findings.object(refused(text).with_hint(hint));
}

/// Where the files of tablespaces go: a plain backup would write them to the paths that the server has.
fn map_tablespaces(
    session: &mut SideSession,
    backup: &BaseBackup,
    place: &Path,
    findings: &mut Findings,
) -> Result<Vec<Mapping>, Failure> {
    let rows = session.ask(&queries::tablespaces())?;
    let known: Vec<_> = rows.iter().map(|row| (text(row, 0), text(row, 1))).collect();
    let found = findings.take(tablespace::mappings(&known, &backup.tablespaces, place));
    Ok(found.unwrap_or_default())
}

fn check_room(
    backup: &BaseBackup,
    bytes: u64,
    place: &Path,
    free: Option<u64>,
    findings: &mut Findings,
) {
    let Some(free) = free else { return };
    let compressed = backup.compression.as_ref().is_some_and(|found| found.method != Method::None);
    let least = match (&backup.incremental_from, compressed) {
        (Some(_), _) => 0,
        (None, true) => bytes / 10,
        (None, false) => bytes,
    };
    let shown = place.parent().unwrap_or(place).display();
    let text =
        format!("{} are free in \"{shown}\", and the cluster has {}", size(free), size(bytes));
    if free < least {
        let hint = "\"to\" names another place; \"ignoring checks\" tries it all the same.";
        findings.object(refused(text).with_hint(hint));
    } else if free < bytes {
        findings.note(format!("{text}: it may not be enough"));
    }
}

/// The manifest that an incremental backup builds on: the file itself, or that of the backup's directory.
///
/// # Errors
/// There is none.
pub fn manifest(from: &Path) -> Result<PathBuf, Failure> {
    let inside = from.join(MANIFEST);
    if inside.is_file() {
        return Ok(inside);
    }
    if from.is_file() {
        return Ok(from.to_owned());
    }
    Err(refused(format!("\"{}\" is no base backup: there is no {MANIFEST} in it", from.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(settings: &[(&str, &str)]) -> HashMap<String, String> {
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn settings_that_stand_in_the_way() {
        for (level, senders, busy, expected) in [
            ("replica", "10", 8, None),
            (
                "replica",
                "10",
                9,
                Some("a base backup needs 2 WAL senders: max_wal_senders is 10, and 9 are busy"),
            ),
            (
                "replica",
                "0",
                0,
                Some("a base backup needs 2 WAL senders: max_wal_senders is 0, and 0 are busy"),
            ),
            ("minimal", "10", 0, Some("wal_level is minimal, too little for a base backup")),
        ] {
            let mut findings = Findings::default();
            check_wal(
                &known(&[("wal_level", level), ("max_wal_senders", senders)]),
                busy,
                &mut findings,
            );
            let told = findings.check().err().map(|failure| failure.messages()[0].text.clone());
            assert_eq!(told.as_deref(), expected, "{level} {senders} {busy}");
        }
    }

    #[test]
    fn what_incremental_backups_need() {
        for (version, summarize, objects) in [
            (160_000, "", true),
            (170_000, "off", true),
            (170_000, "on", false),
            (180_000, "on", false),
        ] {
            let mut findings = Findings::default();
            check_incremental(version, &known(&[("summarize_wal", summarize)]), &mut findings);
            assert_eq!(findings.check().is_err(), objects, "{version} {summarize}");
        }
    }

    #[test]
    fn manifests() {
        let home = tempfile::tempdir().expect("a directory");
        assert!(manifest(home.path()).is_err());
        let file = home.path().join(MANIFEST);
        std::fs::write(&file, "{}").expect("a file");
        assert_eq!(manifest(home.path()), Ok(file.clone()));
        assert_eq!(manifest(&file), Ok(file));
    }
}
