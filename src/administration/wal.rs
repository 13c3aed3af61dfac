//! `\wal`: archiving and replication as they are, and what a point-in-time recovery would need.

use super::age::shown;
use super::host::Layout;
use super::place::Place;
use super::recovery::{Archiver, Archiving, Facts, Level, needs};
use super::table::{self, Fields};
use crate::describe::{Host, View, short_version};
use crate::number::counted;
use crate::print::{Row, RowBuffer};
use crate::reported::Reported;
use std::time::Duration;

/// From when on the functions are called after the WAL.
const NAMES_WAL: i32 = 100_000;
const HIDDEN: &str = "Without the rights of pg_monitor some of this is hidden.";

/// A row of an answer.
struct Cells(Vec<Option<Vec<u8>>>);

impl Cells {
    fn new(row: Row<'_>) -> Cells {
        Cells(row.cells().map(|cell| cell.map(<[u8]>::to_vec)).collect())
    }

    fn first(rows: &RowBuffer) -> Cells {
        if rows.is_empty() { Cells(Vec::new()) } else { Cells::new(rows.row(0)) }
    }

    fn get(&self, at: usize) -> Option<Vec<u8>> {
        self.0.get(at).cloned().flatten()
    }

    fn text(&self, at: usize) -> Option<String> {
        self.get(at).map(|cell| String::from_utf8_lossy(&cell).into_owned())
    }

    fn number(&self, at: usize) -> Option<u64> {
        self.text(at)?.parse().ok()
    }

    fn is_true(&self, at: usize) -> bool {
        self.get(at).is_some_and(|cell| cell == b"t")
    }

    /// Seconds as an age.
    fn age(&self, at: usize) -> Option<String> {
        let seconds: f64 = self.text(at)?.parse().ok()?;
        Some(shown(Duration::try_from_secs_f64(seconds.max(0.0)).ok()?))
    }
}

/// Shows archiving, standbys, slots, and what a recovery would need.
///
/// # Errors
/// The server doesn't tell; the host has reported why.
pub fn wal(host: &mut dyn Host, place: &Place, layout: Layout) -> Result<(), Reported> {
    if !place.at_least(NAMES_WAL) {
        let version = short_version(place.context.version);
        host.error(
            format!("\\wal needs a server of version 10 or newer; this is {version}.").as_bytes(),
        );
        return Err(Reported);
    }
    let now = host.query(&place.question(state(place)))?;
    let now = Cells::first(&now.rows);
    let sees_all = now.is_true(12);
    let files = match now.is_true(13) {
        true => Some(Cells::first(&host.query(&place.question(FILES))?.rows)),
        false => None,
    };
    for line in position(&now) {
        host.line(line.as_bytes());
    }
    let archiver = Cells::first(&host.query(&place.question(ARCHIVER))?.rows);
    let facts = facts(&now, &archiver, files.as_ref());
    for line in archiving(&now, &archiver, &facts) {
        host.line(line.as_bytes());
    }
    standbys(host, place, layout)?;
    slots(host, place, layout)?;
    for line in needs(&facts) {
        host.line(line.as_bytes());
    }
    if !sees_all {
        host.line(HIDDEN.as_bytes());
    }
    Ok(())
}

/// Where the server is, in SQL: what it wrote, or, as a standby, what it has.
const HERE: &str = "(CASE WHEN pg_catalog.pg_is_in_recovery() THEN \
     COALESCE(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()) \
     ELSE pg_catalog.pg_current_wal_lsn() END)";

fn state(place: &Place) -> String {
    let setting = |name: &str| {
        format!("(SELECT s.setting FROM pg_catalog.pg_settings s WHERE s.name = '{name}')")
    };
    // From 12 on those who see all may look into the directories.
    let sees_files = match place.at_least(120_000) {
        true => {
            "pg_catalog.has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'EXECUTE') \
             AND pg_catalog.has_function_privilege('pg_catalog.pg_ls_waldir()', 'EXECUTE')"
        }
        false => "false",
    };
    format!(
        "SELECT pg_catalog.pg_is_in_recovery(), {HERE}, \
         CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_walfile_name({HERE}) END, \
         {}, {}, {}, {}, pg_catalog.pg_last_wal_replay_lsn(), \
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()), \
         pg_catalog.pg_wal_lsn_diff({HERE}, pg_catalog.pg_last_wal_replay_lsn()), \
         (SELECT w.status FROM pg_catalog.pg_stat_wal_receiver w LIMIT 1), \
         {}, pg_catalog.pg_has_role('pg_monitor', 'MEMBER'), {sees_files}, \
         CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_is_wal_replay_paused() END",
        setting("wal_level"),
        setting("archive_mode"),
        setting("archive_command"),
        setting("archive_library"),
        setting("max_wal_senders"),
    )
}

const ARCHIVER: &str = "SELECT a.archived_count, a.last_archived_wal, \
     pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.last_archived_time), \
     a.failed_count, a.last_failed_wal, \
     pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.last_failed_time), \
     a.last_archived_time::pg_catalog.timestamptz(0), a.last_failed_time::pg_catalog.timestamptz(0), \
     a.last_failed_time > COALESCE(a.last_archived_time, '-infinity'::pg_catalog.timestamptz) \
     FROM pg_catalog.pg_stat_archiver a";

/// How many segments wait to be archived, and the newest base backup that the server remembers.
const FILES: &str = "SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_ls_archive_statusdir() f \
     WHERE f.name LIKE '%.ready'), b.name, b.modification::pg_catalog.timestamptz(0) \
     FROM (SELECT 1) one LEFT JOIN (SELECT f.name, f.modification FROM pg_catalog.pg_ls_waldir() f \
     WHERE f.name LIKE '%.backup' ORDER BY f.modification DESC LIMIT 1) b ON true";

fn position(now: &Cells) -> Vec<String> {
    let here = now.text(1).unwrap_or_else(|| "an unknown place".to_owned());
    let level = now.text(3).unwrap_or_default();
    if !now.is_true(0) {
        let segment = now.text(2).unwrap_or_default();
        return vec![format!("Primary, at {here} in {segment}; wal_level is {level}.")];
    }
    let replayed = now.text(7).unwrap_or_default();
    let source = match now.text(10) {
        Some(status) => format!("WAL receiver: {status}"),
        None => "no WAL receiver: WAL comes from the archive, or not at all".to_owned(),
    };
    let behind = now.number(9).filter(|bytes| *bytes > 0);
    let behind = behind.map_or("all of it".to_owned(), |bytes| format!("all but {bytes} bytes"));
    let paused = if now.is_true(14) { "; replay is paused" } else { "" };
    let mut lines = vec![format!(
        "In recovery (standby): has WAL to {here}, replayed {behind}, to {replayed}{paused}; {source}."
    )];
    lines.push(match now.age(8) {
        Some(age) => format!("The last transaction it replayed was committed {age} ago."),
        None => "It has replayed no transaction yet.".to_owned(),
    });
    lines
}

fn facts(now: &Cells, archiver: &Cells, files: Option<&Cells>) -> Facts {
    let is_set = |at| now.text(at).map(|text| !text.is_empty());
    let archiving = match (now.text(4).as_deref(), is_set(5), is_set(6)) {
        (None | Some("off"), ..) => Archiving::Off,
        (Some("on"), ..) if now.is_true(0) => Archiving::Off,
        (_, Some(false), Some(false) | None) => Archiving::Nowhere,
        _ => Archiving::On,
    };
    let level = match now.text(3).as_deref() {
        Some("minimal") => Level::Minimal,
        _ => Level::Enough,
    };
    Facts {
        level,
        archiving,
        archiver: Archiver {
            last: archiver.text(1).zip(archiver.text(6)),
            failing: archiver.is_true(8).then(|| archiver.text(4).zip(archiver.text(7))).flatten(),
        },
        waiting: files.and_then(|files| files.number(0)),
        backup: files.and_then(|files| files.text(1).zip(files.text(2))),
        sees_files: files.is_some(),
        is_standby: now.is_true(0),
    }
}

fn archiving(now: &Cells, archiver: &Cells, facts: &Facts) -> Vec<String> {
    let mode = now.text(4).unwrap_or_else(|| "unknown".to_owned());
    let by = |at, what| {
        now.text(at).filter(|text| !text.is_empty()).map(|text| format!("{what} {text}"))
    };
    let by = match by(6, "archive_library").or_else(|| by(5, "archive_command")) {
        _ if mode == "off" => String::new(),
        Some(by) => format!(", {by}"),
        None if facts.archiving == Archiving::Nowhere => {
            ", by nothing: archive_command is empty".to_owned()
        }
        None => String::new(),
    };
    let mut lines = vec![format!("Archiving: archive_mode {mode}{by}.")];
    let archived = archiver.number(0).unwrap_or(0);
    if let (Some(name), Some(age)) = (archiver.text(1), archiver.age(2)) {
        lines.push(format!("  {archived} archived, last {name} {age} ago."));
    } else if mode != "off" {
        lines.push("  Nothing was archived since the statistics were reset.".to_owned());
    }
    if let (Some(name), Some(age)) = (archiver.text(4), archiver.age(5)) {
        let failed = counted(archiver.number(3).unwrap_or(0), "failure");
        let still = if archiver.is_true(8) { ", and nothing was archived since" } else { "" };
        lines.push(format!("  {failed}, last {name} {age} ago{still}."));
    }
    if let Some(waiting) = facts.waiting.filter(|waiting| *waiting > 0 || mode != "off") {
        lines.push(format!("  {waiting} waiting in archive_status."));
    }
    lines
}

/// What a row says at this place.
fn cell(at: usize) -> impl Fn(&Cells) -> Option<Vec<u8>> {
    move |cells| cells.get(at)
}

/// How long ago something was that a row tells of at this place.
fn age(at: usize) -> impl Fn(&Cells) -> Option<Vec<u8>> {
    move |cells| cells.age(at).map(String::into_bytes)
}

/// Shows the answer to a query as a table, or says that it is empty.
fn list(
    host: &mut dyn Host,
    place: &Place,
    query: String,
    (title, fields): (&str, &Fields<Cells>),
    nothing: &str,
    layout: Layout,
) -> Result<(), Reported> {
    let answer = host.query(&place.question(query))?;
    let found: Vec<Cells> = answer.rows.iter().map(Cells::new).collect();
    if found.is_empty() {
        host.line(nothing.as_bytes());
        return Ok(());
    }
    let title = Some(title.into());
    host.show(View { title, ..table::plain(&found, fields, layout, place.encoding()) })
}

fn standbys(host: &mut dyn Host, place: &Place, layout: Layout) -> Result<(), Reported> {
    let lag = |column: &str| format!("pg_catalog.date_part('epoch', r.{column})");
    let query = format!(
        "SELECT r.application_name, COALESCE(r.client_addr::pg_catalog.text, 'socket'), r.state, \
         r.sync_state, pg_catalog.pg_size_pretty(pg_catalog.pg_wal_lsn_diff({HERE}, r.sent_lsn)), \
         pg_catalog.pg_size_pretty(pg_catalog.pg_wal_lsn_diff({HERE}, r.replay_lsn)), {}, {}, {} \
         FROM pg_catalog.pg_stat_replication r ORDER BY 1, 2",
        lag("write_lag"),
        lag("flush_lag"),
        lag("replay_lag"),
    );
    let mut fields = Fields::new();
    fields
        .text("Standby", cell(0))
        .dispensable("Client", cell(1))
        .text("State", cell(2))
        .text("Sync", cell(3))
        .text("To send", cell(4))
        .text("To replay", cell(5))
        .dispensable("Write lag", age(6))
        .dispensable("Flush lag", age(7))
        .text("Replay lag", age(8));
    list(host, place, query, ("Standbys", &fields), "No standby is connected.", layout)
}

fn slots(host: &mut dyn Host, place: &Place, layout: Layout) -> Result<(), Reported> {
    let (status, safe) = match place.at_least(130_000) {
        true => ("s.wal_status", "pg_catalog.pg_size_pretty(s.safe_wal_size)"),
        false => ("NULL", "NULL"),
    };
    let inactive = match place.at_least(170_000) {
        true => "pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - s.inactive_since)",
        false => "NULL",
    };
    let query = format!(
        "SELECT s.slot_name, s.slot_type, s.database, CASE WHEN s.active THEN 'yes' ELSE 'no' END, \
         pg_catalog.pg_size_pretty(pg_catalog.pg_wal_lsn_diff({HERE}, s.restart_lsn)), {status}, {safe}, \
         {inactive} FROM pg_catalog.pg_replication_slots s ORDER BY s.slot_name"
    );
    let mut fields = Fields::new();
    fields
        .text("Slot", cell(0))
        .dispensable("Type", cell(1))
        .dispensable("Database", cell(2))
        .text("Active", cell(3))
        .text("Retains", cell(4))
        .text("WAL status", cell(5))
        .optional("Until lost", cell(6))
        .dispensable("Inactive for", age(7));
    let nothing = "There is no replication slot.";
    list(host, place, query, ("Replication slots", &fields), nothing, layout)
}
