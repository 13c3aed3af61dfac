//! `\tz`: the session's time zone, and an instant in several.

use super::call::{Call, Outcome};
use crate::catalog_query::literal;
use crate::console::Reported;
use crate::describe::{Host, View};
use crate::print::{Column, RowBuffer};
use crate::shell::Shell;
use crate::sort::sort;
use crate::suggest;
use crate::time_zone::{
    self, Instant, Instants, Typed, VERSION, Zone, disagreement, is_shown_twice, question,
    shown_before, shown_in,
};
use std::sync::Arc;
use std::time::SystemTime;

const TEXT: u32 = 25;
const DAY: i64 = 86_400;

/// `\tz [NAME]`, `\tz TIMESTAMP ZONE...`
pub fn time_zone(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.shell.connection.require(&mut call.shell.console)?;
    let words = call.values();
    let words: Vec<String> =
        words.iter().map(|word| String::from_utf8_lossy(word).trim().to_owned()).collect();
    match words.as_slice() {
        [] => show_session_zone(call.shell)?,
        [first, rest @ ..] => match typed(first, rest) {
            Some((typed, zones)) => show_instant(call, typed, zones)?,
            None if rest.is_empty() => set_session_zone(call, first)?,
            None => {
                return call.fail(format!(
                    "\"{first}\" is no timestamp, which comes before several time zones: try \
                     \\tz now {}",
                    words.join(" ")
                ));
            }
        },
    }
    Ok(Outcome::Done)
}

/// The point in time that the words begin with, and the words behind it.
fn typed<'w>(first: &str, rest: &'w [String]) -> Option<(Typed, &'w [String])> {
    if let [second, zones @ ..] = rest
        && Typed::is_time(second)
        && let Some(typed) = Typed::read(&format!("{first} {second}"))
    {
        return Some((typed, zones));
    }
    Typed::read(first).map(|typed| (typed, rest))
}

fn now() -> Instant {
    // A clock before 1970 shows the start of 1970.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Instant { seconds: since.as_secs() as i64, micros: 0 }
}

/// `\tz`: the clocks of the session's zone.
fn show_session_zone(shell: &mut Shell) -> Result<(), Reported> {
    let name = shell.connection.session_zone();
    let Some((zone, note)) = zone_by(shell, &name) else {
        return Err(shell.console.error(format!(
            "\\tz: the session's time zone \"{name}\" is not in the shell's own tables ({VERSION}), \
             and the server can't be asked inside a transaction"
        )));
    };
    let now = now();
    let next = zone.next_change(now.seconds).map(|(at, _)| {
        [shown_before(&zone, at), shown_in(&zone, Instant { seconds: at, micros: 0 })]
    });
    let [before, after] = next.map_or([None, None], |told| told.map(Some));
    let cells = [Some(name), Some(shown_in(&zone, now)), before, after];
    let mut rows = RowBuffer::default();
    rows.push(cells.iter().map(|cell| cell.as_deref().map(str::as_bytes)));
    let mut footers = Vec::new();
    if cells[2].is_none() {
        footers.push(b"No change of these clocks is known.".to_vec());
    }
    footers.extend(note.map(String::into_bytes));
    let headings = ["Time zone", "Now", "Next change", "Becomes"];
    shell.show_with_sentences(view("Time zone of the session", &headings, rows, footers))
}

/// `\tz NAME`
fn set_session_zone(call: &mut Call<'_>, typed: &str) -> Result<(), Reported> {
    let name = checked_name(call, typed)?;
    let shell = &mut *call.shell;
    let quoted = literal(name.as_bytes(), shell.console.encoding());
    let command = format!("SET TIME ZONE {}", String::from_utf8_lossy(&quoted));
    shell.connection.command(&mut shell.console, &command)?;
    let set = shell.connection.session_zone();
    let now = now();
    if let Some((zone, note)) = zone_by(shell, &set) {
        let shown = shown_in(&zone, now);
        shell.console.println_unless_quiet(format!("Time zone is \"{set}\": it is {shown} there."));
        if let Some(note) = note {
            shell.console.println_unless_quiet(note);
        }
    }
    report_disagreement(shell, &set, now);
    Ok(())
}

/// Tells where the server's tables of a zone differ from the shell's own.
fn report_disagreement(shell: &mut Shell, name: &str, now: Instant) {
    let Shell { console, connection, .. } = shell;
    let Some(server) = connection.server_zone(console, name) else { return };
    let Some(own) = connection.compiled_zone(name) else { return };
    if let Some(told) = disagreement(&server, &own, now.seconds) {
        let text = format!(
            "The server's tables of \"{name}\" disagree with the shell's own ({VERSION}): {told}. \
             The server's count."
        );
        console.info(text);
    }
}

/// The name as the server has it.
///
/// # Errors
/// Nobody knows it.
fn checked_name(call: &mut Call<'_>, typed: &str) -> Result<String, Reported> {
    if time_zone::is_notation(typed) && time_zone::is_strict(typed) {
        return Ok(typed.to_owned());
    }
    let query = question::spelling(typed, call.shell.console.encoding());
    let answer = call.shell.query(&query)?;
    let found = answer.rows.iter().next().and_then(|row| row.get(0).map(<[u8]>::to_vec));
    match found {
        Some(name) => Ok(String::from_utf8_lossy(&name).into_owned()),
        None if typed.starts_with(|c: char| c.is_ascii_digit()) => {
            call.fail(format!("\"{typed}\" is neither a time zone nor a timestamp"))
        }
        None => Err(report_unknown(call, typed, "the server knows no time zone")),
    }
}

fn report_unknown(call: &mut Call<'_>, name: &str, what: &str) -> Reported {
    let reported = call.shell.console.error(format!("\\tz: {what} \"{name}\""));
    let close = time_zone::close_names(name);
    if !close.is_empty() && call.shell.console.is_interactive() {
        let meant = suggest::alternatives(&close);
        call.shell.console.suggest(format!("Perhaps you meant {meant}."));
    }
    reported
}

/// A zone by the server's tables, or else by the shell's own; and what is to be said of that.
fn zone_by(shell: &mut Shell, name: &str) -> Option<(Arc<Zone>, Option<String>)> {
    let Shell { console, connection, .. } = shell;
    if let Some(zone) = connection.server_zone(console, name) {
        return Some((zone, None));
    }
    let zone = connection.compiled_zone(name)?;
    let note = format!("By the shell's own tables ({VERSION}): the server can't be asked now.");
    Some((zone, Some(note)))
}

/// `\tz TIMESTAMP ZONE...`: the session's zone first, then those named.
fn show_instant(call: &mut Call<'_>, typed: Typed, names: &[String]) -> Result<(), Reported> {
    let session = call.shell.connection.session_zone();
    let mut zones = Vec::new();
    let mut notes = Vec::new();
    for name in std::iter::once(&session).chain(names) {
        let known = match time_zone::spelling(name) {
            Some(spelling) => spelling.to_owned(),
            None if *name == session || time_zone::is_strict(name) => name.clone(),
            None => return Err(report_unknown(call, name, "unknown time zone")),
        };
        let Some((zone, note)) = zone_by(call.shell, &known) else {
            return Err(report_unknown(call, name, "nothing is known of the time zone"));
        };
        if zones.iter().all(|other: &Arc<Zone>| other.name() != zone.name()) {
            zones.push(zone);
        }
        notes.extend(note);
    }
    sort(&mut notes);
    notes.dedup();
    let Some(session) = zones.first() else { return Ok(()) };
    let readings = readings(typed, session);
    let view = instants_view(&readings, &zones, notes);
    call.shell.show_with_sentences(view)
}

/// The instants that may be meant.
struct Readings {
    instants: Vec<Instant>,
    /// Why there are two.
    why: Option<&'static str>,
}

/// What a user may mean who lives in this zone.
fn readings(typed: Typed, session: &Zone) -> Readings {
    let now = now();
    let (day, second_of_day, micros, offset) = match typed {
        Typed::Now => return Readings { instants: vec![now], why: None },
        Typed::Clock { day, second_of_day, micros, offset } => (day, second_of_day, micros, offset),
    };
    let here = i64::from(session.clock(now.seconds).offset);
    let today = || (now.seconds + offset.unwrap_or(here)).div_euclid(DAY);
    let wall = day.unwrap_or_else(today) * DAY + second_of_day;
    let (seconds, why) = match (offset, session.instants(wall)) {
        (Some(offset), _) => (vec![wall - offset], None),
        (None, Instants::One(at)) => (vec![at], None),
        (None, Instants::Two(first, second)) => (vec![first, second], Some("show this time twice")),
        (None, Instants::Skipped(late, early)) => (vec![early, late], Some("never show this time")),
    };
    let instants = seconds.into_iter().map(|seconds| Instant { seconds, micros }).collect();
    Readings { instants, why }
}

/// A row per zone, a column per reading.
fn instants_view(readings: &Readings, zones: &[Arc<Zone>], notes: Vec<String>) -> View {
    let mut rows = RowBuffer::default();
    let mut footers = Vec::new();
    for zone in zones {
        let shown = readings.instants.iter().map(|instant| shown_in(zone, *instant));
        let cells: Vec<String> = std::iter::once(zone.name().to_owned()).chain(shown).collect();
        rows.push(cells.iter().map(|cell| Some(cell.as_bytes())));
        if readings.why.is_none() && readings.instants.iter().any(|at| is_shown_twice(zone, *at)) {
            footers.push(format!("The clocks of {} show that time twice.", zone.name()));
        }
    }
    let headings = match (readings.why, zones.first()) {
        (Some(why), Some(session)) => {
            footers.push(format!(
                "The clocks of {} {why}. The server takes the second reading.",
                session.name()
            ));
            &["Time zone", "First reading", "Second reading"][..]
        }
        _ => &["Time zone", "Local time"],
    };
    footers.extend(notes);
    let footers = footers.into_iter().map(String::into_bytes).collect();
    view("One instant in several time zones", headings, rows, footers)
}

fn view(title: &str, headings: &[&str], rows: RowBuffer, footers: Vec<Vec<u8>>) -> View {
    let column = |name: &&str| Column::of_type(name.as_bytes().to_vec(), TEXT);
    View {
        title: Some(title.into()),
        columns: headings.iter().map(column).collect(),
        rows,
        footers: Some(footers),
        expanded: None,
    }
}
