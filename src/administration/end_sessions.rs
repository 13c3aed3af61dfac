//! `\cancel` and `\terminate`: what will be ended, and what came of it.

use super::activity::add_who;
use super::backend::{self, Backend, Right, State, Wanted, moment};
use super::host::{Answered, Desk, Layout};
use super::place::Place;
use super::table::{self, Fields, age};
use super::target::{Condition, Consent, Deed, Request};
use crate::catalog_query::literal;
use crate::number::counted;
use crate::reported::Reported;
use std::time::Duration;

/// How often it is looked whether a session has gone, after how long.
const LOOKS: [u64; 12] = [10, 20, 50, 100, 200, 300, 400, 500, 700, 700, 1000, 1000];

/// What came of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Ended,
    /// It had gone before.
    Gone,
    /// It was told to, but is still there.
    Remains,
    /// It was told to, and what it does is hidden from this user.
    Unseen,
    /// The server refused.
    Refused,
    /// Nothing was tried, behind one that was refused.
    NotTried,
    /// It was left alone, for this reason.
    Left(&'static str),
}

/// A session and what came of it.
struct Case {
    backend: Backend,
    outcome: Outcome,
}

/// Ends sessions, or what they run, after asking.
///
/// # Errors
/// Not all could be ended; what is wrong was reported.
pub fn end(
    desk: &mut dyn Desk,
    place: &Place,
    deed: Deed,
    request: &Request,
    layout: Layout,
) -> Result<(), Reported> {
    let mut found = backend::backends(desk, place, &Wanted::All)?;
    // Who names sessions by what they have in common means neither himself nor the server.
    let is_other = |b: &Backend| b.is_session() && !b.yields() && !place.is_own(b.pid);
    found.retain(|b| request.means(b) && (!request.pids.is_empty() || is_other(b)));
    report_missing(desk, place, request, &found)?;
    if found.is_empty() {
        desk.line(format!("No session to {}.", verb(deed)).as_bytes());
        return Ok(());
    }
    let hindrances: Vec<_> = found.iter().map(|b| hindrance(b, place, deed)).collect();
    let able = hindrances.iter().filter(|hindrance| hindrance.is_none()).count();
    if able > 0 && request.consent == Consent::Asked {
        preview(desk, place, deed, &found, layout)?;
        match desk.confirm(&question(deed, able, place)) {
            Answered::Yes => {}
            Answered::No => {
                desk.line(b"Nothing was done.");
                return Ok(());
            }
            Answered::Nobody => {
                let text = format!(
                    "{} would be {}, and nobody can be asked here: -y stands for the answer",
                    counted(able, "session"),
                    past(deed)
                );
                desk.error(text.as_bytes());
                return Err(Reported);
            }
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    let mut was_refused = false;
    for (backend, hindrance) in found.into_iter().zip(hindrances) {
        let outcome = match hindrance {
            Some(reason) => Outcome::Left(reason),
            None if was_refused => Outcome::NotTried,
            None => signal(desk, place, deed, &backend),
        };
        was_refused |= outcome == Outcome::Refused;
        cases.push(Case { backend, outcome });
    }
    watch_them_go(desk, place, deed, &mut cases);
    tell(desk, place, deed, &cases, layout)
}

fn verb(deed: Deed) -> &'static str {
    match deed {
        Deed::Cancel => "cancel",
        Deed::Terminate => "end",
    }
}

fn past(deed: Deed) -> &'static str {
    match deed {
        Deed::Cancel => "cancelled",
        Deed::Terminate => "ended",
    }
}

/// Reports what was named and isn't there.
fn report_missing(
    desk: &mut dyn Desk,
    place: &Place,
    request: &Request,
    found: &[Backend],
) -> Result<(), Reported> {
    let mut missing = Ok(());
    for pid in &request.pids {
        if !found.iter().any(|backend| backend.pid == *pid) {
            desk.error(format!("there is no process {pid} of the server's").as_bytes());
            missing = Err(Reported);
        }
    }
    if !found.is_empty() {
        return missing;
    }
    for condition in &request.conditions {
        let (what, catalog, column, name) = match condition {
            Condition::Database(name) => ("database", "pg_database", "datname", name),
            Condition::User(name) => ("role", "pg_roles", "rolname", name),
            Condition::Idle(_) => continue,
        };
        let sql = format!("SELECT 1 FROM pg_catalog.{catalog} WHERE {column} = ");
        let sql = [sql.as_bytes(), &literal(name, place.encoding())].concat();
        if desk.query(&place.question(sql))?.rows.is_empty() {
            desk.error(&[format!("there is no {what} \"").as_bytes(), name, b"\""].concat());
            missing = Err(Reported);
        }
    }
    missing
}

/// What keeps the user from ending a session, if anything does.
fn hindrance(backend: &Backend, place: &Place, deed: Deed) -> Option<&'static str> {
    let runs_nothing = matches!(backend.state, State::Idle | State::InTransaction | State::Failed);
    match backend.right {
        _ if backend.pid == place.session => Some("it is this session"),
        _ if Some(backend.pid) == place.helper => Some("it is this session's helper"),
        _ if !backend.is_session() => Some("it is a process of the server's own"),
        Right::NeedsSuperuser => Some("it takes a superuser: it is a superuser's or the server's"),
        Right::NeedsAutovacuumRole => Some("it takes the role pg_signal_autovacuum_worker"),
        Right::NeedsRole => Some("it takes its user's role or pg_signal_backend"),
        Right::Granted if deed == Deed::Cancel && runs_nothing => Some("it runs nothing"),
        Right::Granted => None,
    }
}

/// Shows what is about to be ended.
fn preview(
    desk: &mut dyn Desk,
    place: &Place,
    deed: Deed,
    found: &[Backend],
    layout: Layout,
) -> Result<(), Reported> {
    let cases: Vec<Case> = found
        .iter()
        .map(|backend| {
            let outcome = hindrance(backend, place, deed).map_or(Outcome::NotTried, Outcome::Left);
            Case { backend: backend.clone(), outcome }
        })
        .collect();
    let mut fields = Fields::new();
    add_who(&mut fields, |case: &Case| &case.backend);
    fields
        .text("State", move |c| c.backend.state_shown(layout))
        .text("For", |c| age(c.backend.at_it()))
        .dispensable("Xact", |c| age(c.backend.in_transaction))
        .optional("Left alone", |c| match c.outcome {
            Outcome::Left(reason) => Some(reason.into()),
            _ => None,
        });
    let encoding = place.encoding();
    let query = |case: &Case, room: Option<usize>| {
        room.map_or_else(
            || case.backend.query.clone(),
            |room| case.backend.one_line(encoding, room),
        )
    };
    let mut view = table::with_query(&cases, &fields, query, layout, encoding);
    view.title = Some(format!("To be {}", past(deed)).into_bytes());
    desk.show(view)
}

fn question(deed: Deed, able: usize, place: &Place) -> Vec<u8> {
    let what = match deed {
        Deed::Cancel if able == 1 => "Cancel what this session runs".to_owned(),
        Deed::Cancel => format!("Cancel what these {able} sessions run"),
        Deed::Terminate if able == 1 => "End this session".to_owned(),
        Deed::Terminate => format!("End these {able} sessions"),
    };
    [what.as_bytes(), b" on ", &place.server, b"? [y/N] "].concat()
}

/// Has the server signal a session, if it is still the same.
fn signal(desk: &mut dyn Desk, place: &Place, deed: Deed, backend: &Backend) -> Outcome {
    let Backend { pid, birth, query_birth, .. } = backend;
    let function = match deed {
        Deed::Cancel => "pg_cancel_backend",
        Deed::Terminate => "pg_terminate_backend",
    };
    let mut sql = format!(
        "SELECT pg_catalog.{function}(a.pid) FROM pg_catalog.pg_stat_activity a \
         WHERE a.pid = {pid} AND {} = {birth}",
        moment("a.backend_start")
    );
    if deed == Deed::Cancel {
        sql += &format!(" AND {} = {query_birth}", moment("a.query_start"));
    }
    let Ok(answer) = desk.query(&place.question(sql)) else { return Outcome::Refused };
    let is_told = !answer.rows.is_empty() && answer.rows.row(0).get(0) == Some(b"t");
    match is_told {
        false => Outcome::Gone,
        true if deed == Deed::Cancel && backend.is_hidden() => Outcome::Unseen,
        true => Outcome::Remains,
    }
}

/// Waits until those that were told to go have gone, for as long as that may take.
fn watch_them_go(desk: &mut dyn Desk, place: &Place, deed: Deed, cases: &mut [Case]) {
    for wait in LOOKS {
        let remaining = cases.iter().filter(|case| case.outcome == Outcome::Remains);
        let pids: Vec<i32> = remaining.map(|case| case.backend.pid).collect();
        if pids.is_empty() || !desk.pause(Duration::from_millis(wait)) {
            return;
        }
        let Ok(now) = backend::backends(desk, place, &Wanted::Pids(pids)) else { return };
        let is_there = |then: &Backend| {
            now.iter().any(|now| {
                let runs = deed == Deed::Terminate
                    || (now.state, now.query_birth) == (then.state, then.query_birth);
                (now.pid, now.birth) == (then.pid, then.birth) && runs
            })
        };
        for case in cases.iter_mut().filter(|case| case.outcome == Outcome::Remains) {
            if !is_there(&case.backend) {
                case.outcome = Outcome::Ended;
            }
        }
    }
}

/// Tells what came of each.
fn tell(
    desk: &mut dyn Desk,
    place: &Place,
    deed: Deed,
    cases: &[Case],
    layout: Layout,
) -> Result<(), Reported> {
    let mut fields = Fields::new();
    add_who(&mut fields, |case: &Case| &case.backend);
    fields.text("Outcome", move |case| Some(words(deed, case.outcome)));
    let mut view = table::plain(cases, &fields, layout, place.encoding());
    view.footers.get_or_insert_default();
    desk.show(view)?;
    let is_done =
        |case: &&Case| matches!(case.outcome, Outcome::Ended | Outcome::Gone | Outcome::Unseen);
    let done = cases.iter().filter(is_done).count();
    if done == cases.len() {
        return Ok(());
    }
    let text = format!("{done} of {} {}", counted(cases.len(), "session"), past(deed));
    desk.error(text.as_bytes());
    Err(Reported)
}

fn words(deed: Deed, outcome: Outcome) -> Vec<u8> {
    match outcome {
        Outcome::Ended => past(deed).into(),
        Outcome::Gone if deed == Deed::Cancel => "was done already".into(),
        Outcome::Gone => "was gone already".into(),
        Outcome::Remains => "told to, and still there".into(),
        Outcome::Unseen => "told to; what it does is hidden".into(),
        Outcome::Refused => "the server refused".into(),
        Outcome::NotTried => "not tried".into(),
        Outcome::Left(reason) => format!("left alone: {reason}").into_bytes(),
    }
}
