//! `\activity`: who is connected, and at what.

use super::backend::{self, Backend, Wanted};
use super::host::Layout;
use super::place::Place;
use super::table::{self, Fields, age};
use crate::describe::{Host, View, short_version};
use crate::history::pattern::Pattern;
use crate::number::counted;
use crate::reported::Reported;

/// Which role may see what others are at.
const SEES_ALL: &str = "pg_read_all_stats, which pg_monitor includes,";

/// Shows who is connected; with `+` also the processes of the server's own. Returns how many there
/// are.
///
/// # Errors
/// The server doesn't tell; the host has reported why.
pub fn list(
    host: &mut dyn Host,
    place: &Place,
    pattern: &str,
    layout: Layout,
    title: Option<Vec<u8>>,
) -> Result<usize, Reported> {
    if !place.at_least(backend::TELLS_BLOCKERS) {
        let version = short_version(place.context.version);
        let text = format!("The server (version {version}) does not tell what sessions wait for.");
        host.error(text.as_bytes());
        return Err(Reported);
    }
    let mut found = backend::backends(host, place, &Wanted::All)?;
    let pattern = Pattern::new(pattern);
    found.retain(|backend| {
        (layout.is_verbose || backend.is_session())
            && cells(backend).any(|text| holds(&pattern, &text))
    });
    let listed = found.len();
    let mut view = view(&found, place, layout);
    view.title = title.or_else(|| Some(b"Activity".to_vec()));
    host.show(view)?;
    Ok(listed)
}

fn holds(pattern: &Pattern, text: &[u8]) -> bool {
    pattern.is_held_by(&String::from_utf8_lossy(text))
}

/// What a pattern is looked for in.
fn cells(backend: &Backend) -> impl Iterator<Item = Vec<u8>> {
    let pid = Some(backend.pid.to_string().into_bytes());
    let texts = [
        pid,
        backend.user.clone(),
        backend.database.clone(),
        Some(backend.application.clone()),
        backend.client.clone(),
        backend.state_words().map(<[u8]>::to_vec),
        backend.waits_for.clone(),
        Some(backend.query.clone()),
        Some(backend.kind.clone()),
    ];
    texts.into_iter().flatten()
}

fn view(found: &[Backend], place: &Place, layout: Layout) -> View {
    let mut fields = Fields::new();
    add_who(&mut fields, |backend: &Backend| backend);
    if layout.is_verbose {
        fields.text("Kind", |b| Some(b.kind.clone())).text("Connected", |b| age(b.connected));
    }
    fields
        .text("State", move |b| b.state_shown(layout))
        .text("For", |b| age(b.at_it()))
        .dispensable("Xact", |b| age(b.in_transaction))
        .optional("Waits for", move |b| match (layout.screen, blocked_by(b)) {
            (Some(_), Some(others)) => Some([b"lock of ", &others[..]].concat()),
            _ => b.waits_for.clone().filter(|_| b.is_waiting()),
        });
    if layout.screen.is_none() {
        fields.text("Blocked by", blocked_by);
    }
    let encoding = place.encoding();
    let query = |backend: &Backend, room: Option<usize>| match room {
        Some(room) => backend.one_line(encoding, room),
        None => backend.query.clone(),
    };
    let mut view = table::with_query(found, &fields, query, layout, encoding);
    view.footers.get_or_insert_default().extend(footers(found, place));
    view
}

/// Adds the columns that say who a process is.
pub(super) fn add_who<T: 'static>(fields: &mut Fields<T>, of: fn(&T) -> &Backend) {
    let name = |name: &[u8]| Some(name.to_vec()).filter(|name| !name.is_empty());
    fields
        .number("PID", move |t| Some(of(t).pid.to_string().into_bytes()))
        .text("User", move |t| of(t).user.clone())
        .dispensable("Database", move |t| of(t).database.clone())
        .dispensable("Application", move |t| name(&of(t).application))
        .dispensable("Client", move |t| of(t).client.clone());
}

/// Those that a process waits for.
fn blocked_by(backend: &Backend) -> Option<Vec<u8>> {
    let name = |pid: &i32| match pid {
        0 => "prepared transaction".to_owned(),
        pid => pid.to_string(),
    };
    let names: Vec<String> = backend.blocked_by.iter().map(name).collect();
    (!names.is_empty()).then(|| names.join(", ").into_bytes())
}

/// What stands below: which are the shell's own, and what is hidden.
fn footers(found: &[Backend], place: &Place) -> Vec<Vec<u8>> {
    let is_listed = |pid: &i32| found.iter().any(|backend| backend.pid == *pid);
    let session = Some(place.session).filter(is_listed).map(|pid| format!("{pid} is this session"));
    let helper = place.helper.filter(is_listed).map(|pid| format!("{pid} its helper"));
    let own: Vec<String> = session.into_iter().chain(helper).collect();
    let mut footers = Vec::new();
    if !own.is_empty() {
        footers.push(format!("{}.", own.join(", ")).into_bytes());
    }
    let hidden = found.iter().filter(|backend| backend.is_hidden()).count();
    if hidden > 0 {
        let what = counted(hidden, "session");
        let text = format!("What {what} of others do is hidden; {SEES_ALL} would show it.");
        footers.push(text.into_bytes());
    }
    footers
}
