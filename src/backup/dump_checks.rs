//! What is looked at before a dump, so that everything that stands in its way is told at once.

use super::failure::{Failure, FailureKind, Findings};
use super::queries;
use super::request::{Dump, Format, Method, Subject};
use super::side_session::{SideSession, Values, is_true, number, text};
use super::source::Source;
use crate::describe::Context;
use crate::progress::size;
use crate::session::TransactionStatus;
use std::path::Path;

/// So many names are told of a list.
const NAMED: usize = 5;
/// From this version on a role can be allowed to read everything.
const READ_ALL_DATA: i32 = 140_000;

/// A table or sequence that is dumped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its schema.
    pub schema: Vec<u8>,
    /// Its name.
    pub name: Vec<u8>,
    /// Its kind, as `pg_class.relkind` has it.
    pub kind: String,
    /// How many bytes its rows have.
    pub bytes: u64,
    is_readable: bool,
    has_hidden_rows: bool,
}

impl Table {
    fn new(row: &Values) -> Table {
        let name = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        Table {
            schema: name(0),
            name: name(1),
            kind: text(row, 2),
            bytes: number(row, 3),
            is_readable: is_true(row, 4),
            has_hidden_rows: is_true(row, 5),
        }
    }

    /// `schema.name`
    pub fn full_name(&self) -> String {
        String::from_utf8_lossy(&[&self.schema[..], b".", &self.name].concat()).into_owned()
    }
}

/// Looks at the database; what is dumped of it.
///
/// # Errors
/// The connection broke, or Ctrl-C.
pub fn database(
    source: &Source<'_>,
    session: &mut SideSession,
    dump: &Dump,
    findings: &mut Findings,
) -> Result<Vec<Table>, Failure> {
    let server = session.ask_row(&queries::server())?;
    note_recovery(&server, findings);
    if source.transaction == TransactionStatus::InTransaction {
        findings.note("this session's transaction is open: what it has changed is not in the dump");
    }
    let locks = session.ask(&queries::exclusive_locks())?;
    check_locks(source, &locks, findings);
    let sizes = if locks.is_empty() { queries::Sizes::Measured } else { queries::Sizes::Estimated };
    let version = session.version();
    let database = source.database.clone();
    let context = Context { version, database, encoding: session.encoding(), ..Context::default() };
    let query = queries::tables(&dump.subject, sizes, &context).map_err(|wrong| {
        Failure::new(FailureKind::Arguments, String::from_utf8_lossy(&wrong).into_owned())
    })?;
    let tables: Vec<Table> = session.ask(&query)?.iter().map(Table::new).collect();
    check_tables(&tables, &text(&server, 2), version, findings);
    if tables.is_empty() && matches!(dump.subject, Subject::Tables(_)) {
        findings.note("the patterns fit no table");
    }
    Ok(tables)
}

/// Looks at the cluster: who dumps roles must see their passwords.
///
/// # Errors
/// The connection broke, or Ctrl-C.
pub fn cluster(
    session: &mut SideSession,
    dump: &Dump,
    findings: &mut Findings,
) -> Result<u64, Failure> {
    let server = session.ask_row(&queries::server())?;
    note_recovery(&server, findings);
    if !is_true(&server, 3) && dump.passwords == super::request::Passwords::Kept {
        let user = text(&server, 2);
        let text = format!(
            "\"{user}\" may not read the passwords of roles (pg_authid), which the dump has"
        );
        let hint = "A superuser may; \"without passwords\" leaves them out.";
        findings.object(Failure::new(FailureKind::Refused, text).with_hint(hint));
    }
    if dump.subject == Subject::Globals {
        return Ok(0);
    }
    let databases = session.ask(&queries::databases())?;
    Ok(databases.iter().map(|database| number(database, 1)).sum())
}

fn note_recovery(server: &Values, findings: &mut Findings) {
    if is_true(server, 0) {
        findings.note(
            "the server is a standby: the dump is as old as its replay, and is cancelled if it stands in \
             the replay's way for longer than max_standby_streaming_delay",
        );
    }
}

/// Nobody gets a lock beside an exclusive one: a dump waits, and for this session itself for ever.
fn check_locks(source: &Source<'_>, locks: &[Values], findings: &mut Findings) {
    for lock in locks {
        let (relation, pid) = (text(lock, 0), text(lock, 1));
        if pid == source.pid.to_string() {
            let text =
                format!("this session itself has {relation} locked: the dump would wait for ever");
            let hint = "COMMIT or ROLLBACK first.";
            findings.object(Failure::new(FailureKind::Refused, text).with_hint(hint));
        } else {
            let (user, state) = (text(lock, 2), text(lock, 3));
            findings.note(format!(
                "process {pid} ({user}, {state}) has {relation} locked: the dump waits for it"
            ));
        }
    }
}

fn check_tables(tables: &[Table], user: &str, version: i32, findings: &mut Findings) {
    let unreadable: Vec<_> = tables.iter().filter(|table| !table.is_readable).collect();
    if !unreadable.is_empty() {
        let text = format!("\"{user}\" may not read {}", names(&unreadable));
        let hint = if version >= READ_ALL_DATA {
            format!("GRANT pg_read_all_data TO \"{user}\" lets it read everything.")
        } else {
            "A superuser may, or whoever was granted USAGE of the schemas and SELECT.".to_owned()
        };
        findings.object(Failure::new(FailureKind::Refused, text).with_hint(hint));
    }
    let hidden: Vec<_> = tables.iter().filter(|table| table.has_hidden_rows).collect();
    if !hidden.is_empty() {
        let text = format!("row security hides rows from \"{user}\" in {}", names(&hidden));
        let hint = "A role with BYPASSRLS sees them all, as a superuser does.";
        findings.object(Failure::new(FailureKind::Refused, text).with_hint(hint));
    }
}

/// `a.b, a.c and 3 more`
fn names(tables: &[&Table]) -> String {
    let named: Vec<_> = tables.iter().take(NAMED).map(|table| table.full_name()).collect();
    let more = tables.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// Compares what there is to write with the room for it.
pub fn room(dump: &Dump, bytes: u64, place: &Path, free: Option<u64>, findings: &mut Findings) {
    let Some(free) = free else { return };
    let compressed = match &dump.compression {
        Some(compression) => compression.method != Method::None,
        None => matches!(dump.format, Format::Custom | Format::Directory),
    };
    // What compression leaves is not known; a tenth is little.
    let least = if compressed { bytes / 10 } else { bytes };
    let shown = place.parent().unwrap_or(place).display();
    let text =
        format!("{} are free in \"{shown}\", and the tables have {}", size(free), size(bytes));
    if free < least {
        let hint = "\"to\" names another place; \"ignoring checks\" tries it all the same.";
        findings.object(Failure::new(FailureKind::Refused, text).with_hint(hint));
    } else if free < bytes {
        findings.note(format!("{text}: it may not be enough"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Backup, Word, backup};
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let table = |name: &str| Table {
            schema: b"s".to_vec(),
            name: name.as_bytes().to_vec(),
            kind: "r".to_owned(),
            bytes: 1,
            is_readable: false,
            has_hidden_rows: name == "a",
        };
        let tables: Vec<Table> = ["a", "b", "c", "d", "e", "f", "g"].map(table).to_vec();
        let mut findings = Findings::default();
        check_tables(&tables, "joe", 150_000, &mut findings);
        let failure = findings.check().expect_err("objections");
        let texts: Vec<_> =
            failure.messages().iter().map(|message| message.text.as_str()).collect();
        let expected = [
            "\"joe\" may not read s.a, s.b, s.c, s.d, s.e and 2 more",
            "row security hides rows from \"joe\" in s.a",
        ];
        assert_eq!(texts, expected);
        assert!(
            failure.messages()[0]
                .hint
                .as_ref()
                .is_some_and(|hint| hint.contains("pg_read_all_data"))
        );
    }

    #[test]
    fn room_for_what_there_is() {
        let check = |words: &str, free: u64, objections: usize, notes: usize| {
            let words: Vec<Word> = words.split(' ').map(|word| Word::new(word, false)).collect();
            let Ok(Backup::Dump(dump)) = backup(&words) else { panic!("a dump") };
            let mut findings = Findings::default();
            room(&dump, 1000, Path::new("/b/x"), Some(free), &mut findings);
            assert_eq!(
                (usize::from(findings.clone().check().is_err()), findings.notes().len()),
                (objections, notes),
                "{words:?} {free}"
            );
        };
        check("database format plain", 999, 1, 0);
        check("database format plain", 1000, 0, 0);
        check("database format plain compress gzip", 500, 0, 1);
        check("database", 99, 1, 0);
        check("database", 100, 0, 1);
        check("database compress none", 500, 1, 0);
    }
}
