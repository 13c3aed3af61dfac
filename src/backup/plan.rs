//! `\backup plan`: which kind of backup suits a cluster, and the commands for it.
//!
//! The facts are gathered at one end, what follows from them is text at the other.

use super::failure::Failure;
use super::queries;
use super::side_session::{SideSession, is_true, number, text};
use crate::progress::size;

/// A cluster up to this size is dumped in an evening.
const SMALL: u64 = 50 << 30;
/// WAL of so many bytes in a day makes a dump of the night before poor comfort.
const BUSY: u64 = 10 << 30;
/// From this version on there are incremental backups.
const INCREMENTAL: i32 = 170_000;
const DAY: u64 = 86_400;
/// Statistics of fewer seconds tell nothing of a day.
const ENOUGH: u64 = 3 * 3600;

/// What is known of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    version: i32,
    version_text: String,
    is_standby: bool,
    may_copy: bool,
    /// The databases with their sizes, the largest first.
    databases: Vec<(String, u64)>,
    /// Bytes of WAL in a day, if the server knows.
    wal_a_day: Option<u64>,
    archives: bool,
    summarizes: bool,
}

/// Asks the server.
///
/// # Errors
/// The connection broke, or Ctrl-C.
pub fn look(session: &mut SideSession) -> Result<Cluster, Failure> {
    let known = session.ask_row(&queries::base_backup())?;
    let settings = session.ask(&queries::settings(&["archive_mode", "summarize_wal"]))?;
    let is = |name: &str, value: &str| {
        settings.iter().any(|row| text(row, 0) == name && text(row, 1) == value)
    };
    let databases = session.ask(&queries::databases())?;
    let version = session.version();
    let wal = session.ask_row(&queries::wal_written(version))?;
    let seconds = number(&wal, 1);
    Ok(Cluster {
        version,
        version_text: session.version_text(),
        is_standby: is_true(&known, 0),
        may_copy: is_true(&known, 1),
        databases: databases.iter().map(|row| (text(row, 0), number(row, 1))).collect(),
        wal_a_day: (seconds >= ENOUGH).then(|| number(&wal, 0).saturating_mul(DAY) / seconds),
        archives: is("archive_mode", "on") || is("archive_mode", "always"),
        summarizes: is("summarize_wal", "on"),
    })
}

/// The kinds of backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Logical,
    Physical,
}

impl Cluster {
    fn total(&self) -> u64 {
        self.databases.iter().map(|(_, bytes)| bytes).sum()
    }

    fn suits(&self) -> Kind {
        let is_busy = self.wal_a_day.is_some_and(|bytes| bytes > BUSY);
        if self.total() > SMALL || is_busy || self.archives {
            Kind::Physical
        } else {
            Kind::Logical
        }
    }

    /// What is known, what follows, and the commands, as lines.
    pub fn plan(&self) -> String {
        let mut lines = vec![self.facts()];
        match self.suits() {
            Kind::Logical => lines.push(
                "It is small and changes little: a dump every night is enough, can be restored table by \
                 table and into any later version, and loses at most a day."
                    .to_owned(),
            ),
            Kind::Physical => lines.push(self.why_physical()),
        }
        lines.push(String::new());
        if self.suits() == Kind::Physical {
            lines.extend(self.physical());
        }
        lines.extend(self.logical());
        lines.join("\n")
    }

    fn facts(&self) -> String {
        let count = self.databases.len();
        let databases = if count == 1 { "database" } else { "databases" };
        let role = if self.is_standby { ", a standby" } else { "" };
        let wal = match self.wal_a_day {
            Some(bytes) => format!("{} of WAL in a day", size(bytes)),
            None => "how much it changes is not known".to_owned(),
        };
        let archives = if self.archives { "WAL is archived" } else { "WAL is not archived" };
        let total = size(self.total());
        format!(
            "PostgreSQL {}{role}: {count} {databases}, {total}; {wal}; {archives}.",
            self.version_text
        )
    }

    fn why_physical(&self) -> String {
        let mut why = Vec::new();
        if self.total() > SMALL {
            why.push("it is large");
        }
        if self.wal_a_day.is_some_and(|bytes| bytes > BUSY) {
            why.push("it changes much");
        }
        if self.archives {
            why.push("its WAL is archived");
        }
        format!(
            "A base backup suits it, for {}: with archived WAL it can be brought back to any moment; dumps \
             besides keep single tables at hand.",
            why.join(" and ")
        )
    }

    fn physical(&self) -> Vec<String> {
        let mut lines = vec!["Every week, the whole cluster:".to_owned()];
        if !self.may_copy {
            lines.push("  (as a role with REPLICATION, which this one is not)".to_owned());
        }
        lines.push("  \\basebackup to /backups/base tar compress gzip".to_owned());
        if self.version >= INCREMENTAL {
            if !self.summarizes {
                lines.push(
                    "  (for the next: ALTER SYSTEM SET summarize_wal = on, and a reload)"
                        .to_owned(),
                );
            }
            lines.push("Every night, what changed since:".to_owned());
            lines.push("  \\basebackup to /backups/day tar incremental /backups/base".to_owned());
        }
        if !self.archives {
            lines.push(
                "Until WAL is archived (\\wal), it comes back as it was then, to no other moment."
                    .to_owned(),
            );
        }
        lines
    }

    fn logical(&self) -> Vec<String> {
        let mut lines = vec!["Every night, roles and tablespaces:".to_owned()];
        lines.push("  \\backup globals to /backups/".to_owned());
        lines.push("and each database:".to_owned());
        for (name, _) in &self.databases {
            lines.push(format!("  \\backup database {} to /backups/", word(name)));
        }
        lines.push("By cron, with the status telling what failed (\\? backup):".to_owned());
        if let Some((name, _)) = self.databases.first() {
            let name = database_in_crontab(name);
            lines.push(format!("  pgsh -X -q -d {name} -c '\\backup database to /backups/'"));
        }
        lines
    }
}

/// A name as an argument of a meta-command.
fn word(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    // Single quotes for the lexer, double ones for the name.
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A database as `-d` of a crontab's line takes it: what reads like a connection string is one, and a percent
/// sign ends the line.
fn database_in_crontab(name: &str) -> String {
    let is_string = name.contains('=') || name.starts_with("postgres") && name.contains(':');
    let word = match is_string {
        true => {
            let name = name.replace('\\', "\\\\").replace('\'', "\\'");
            shell_word(&format!("dbname='{name}'"))
        }
        false => shell_word(name),
    };
    word.replace('%', "\\%")
}

/// A word of the system's shell.
fn shell_word(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_';
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_in_crontabs() {
        for (name, expected) in [
            ("app", "app"),
            ("it's", r"'it'\''s'"),
            ("a=b", r"'dbname='\''a=b'\'''"),
            ("postgres", "postgres"),
            ("postgres://x", r"'dbname='\''postgres://x'\'''"),
            ("50%", r"'50\%'"),
        ] {
            assert_eq!(database_in_crontab(name), expected);
        }
    }

    #[test]
    fn what_suits() {
        let small = Cluster {
            version: 180_006,
            version_text: "18.6".to_owned(),
            may_copy: true,
            databases: vec![("app".to_owned(), 3 << 30), ("odd name".to_owned(), 10)],
            wal_a_day: Some(1 << 20),
            ..Cluster::default()
        };
        let check = |cluster: &Cluster, kind: Kind, parts: &[&str]| {
            assert_eq!(cluster.suits(), kind);
            let plan = cluster.plan();
            parts.iter().for_each(|part| assert!(plan.contains(part), "{part}: {plan}"));
            assert_eq!(plan.contains("\\basebackup"), kind == Kind::Physical, "{plan}");
        };
        let dumps = ["\\backup globals", "\\backup database app to", "database \"odd name\" to"];
        check(&small, Kind::Logical, &dumps);
        check(
            &small,
            Kind::Logical,
            &["PostgreSQL 18.6: 2 databases, 3.0 GB; 1.0 MB of WAL in a day"],
        );
        let large = Cluster { databases: vec![("app".to_owned(), 80 << 30)], ..small.clone() };
        check(&large, Kind::Physical, &["it is large", "incremental", "summarize_wal = on"]);
        let busy = Cluster { wal_a_day: Some(20 << 30), version: 150_000, ..small.clone() };
        check(&busy, Kind::Physical, &["it changes much", "\\basebackup to /backups/base"]);
        assert!(!busy.plan().contains("incremental"));
        let archived = Cluster { archives: true, wal_a_day: None, may_copy: false, ..small };
        check(&archived, Kind::Physical, &["its WAL is archived", "REPLICATION", "not known"]);
    }
}
