//! The server's processes as pg_stat_activity tells of them.

use super::age;
use super::host::Layout;
use super::place::Place;
use crate::catalog_query::{CatalogQuery, literal};
use crate::describe::Host;
use crate::encoding::Encoding;
use crate::print::{Row, RowBuffer};
use crate::reported::Reported;
use crate::sort::{sort, sort_by_key};
use std::cmp::Reverse;
use std::time::Duration;

/// What the server shows in place of a query to who may not see it.
const HIDDEN: &[u8] = b"<insufficient privilege>";

/// Who a process is, and where it is told of.
const WHO: &str = "a.pid, a.usename, a.datname, a.application_name";
const SOURCE: &str = "FROM pg_catalog.pg_stat_activity a";

/// Servers before this one don't tell what kind of process it is, nor of those that are no sessions.
const TELLS_KIND: i32 = 100_000;
/// Servers before this one don't tell who blocks whom.
pub(super) const TELLS_BLOCKERS: i32 = 90_600;
/// Since this version a role may signal autovacuum.
const SIGNALS_AUTOVACUUM: i32 = 180_000;

/// What a session is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Active,
    Failed,
    InTransaction,
    Idle,
    /// The server doesn't tell, or not to this user.
    Unknown,
}

/// The server's words for them.
const STATES: [(&str, State); 5] = [
    ("active", State::Active),
    ("fastpath function call", State::Active),
    ("idle in transaction (aborted)", State::Failed),
    ("idle in transaction", State::InTransaction),
    ("idle", State::Idle),
];

/// What keeps this user from signalling a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Nothing.
    Granted,
    /// It is a superuser's, or nobody's.
    NeedsSuperuser,
    /// It is autovacuum.
    NeedsAutovacuumRole,
    /// It is another role's.
    NeedsRole,
}

/// The words of the query for them.
const RIGHTS: [(&str, Right); 4] = [
    ("granted", Right::Granted),
    ("superuser", Right::NeedsSuperuser),
    ("autovacuum", Right::NeedsAutovacuumRole),
    ("role", Right::NeedsRole),
];

/// One of the server's processes.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    pub pid: i32,
    pub user: Option<Vec<u8>>,
    pub database: Option<Vec<u8>>,
    pub application: Vec<u8>,
    pub client: Option<Vec<u8>>,
    /// `client backend`, `walsender`, `checkpointer`, ...
    pub kind: Vec<u8>,
    pub state: State,
    state_words: Option<Vec<u8>>,
    /// Since when it is in its state, runs its query, is in its transaction, is there.
    pub in_state: Option<Duration>,
    pub in_query: Option<Duration>,
    pub in_transaction: Option<Duration>,
    pub connected: Option<Duration>,
    pub waits_for: Option<Vec<u8>>,
    /// The processes it waits for; 0 is a prepared transaction.
    pub blocked_by: Vec<i32>,
    pub query: Vec<u8>,
    pub right: Right,
    /// Which process of this number it is, and which of its queries: numbers are used again.
    pub birth: i64,
    pub query_birth: i64,
}

impl Backend {
    /// From a row of [`query`].
    fn new(row: Row<'_>) -> Backend {
        let cells: Vec<Option<&[u8]>> = row.cells().collect();
        let cell = |at: usize| cells.get(at).copied().flatten();
        let text = |at: usize| cell(at).map(<[u8]>::to_vec);
        let number = |at: usize| std::str::from_utf8(cell(at)?).ok()?.parse::<i64>().ok();
        // The clocks of two processors may differ by less than nothing.
        let age = |at: usize| Some(Duration::from_millis(number(at)?.max(0).cast_unsigned()));
        let word = |at: usize| cell(at).and_then(|word| std::str::from_utf8(word).ok());
        let mut blocked_by: Vec<i32> =
            word(13).unwrap_or_default().split(' ').filter_map(|pid| pid.parse().ok()).collect();
        sort(&mut blocked_by);
        blocked_by.dedup();
        Backend {
            pid: number(0).and_then(|pid| i32::try_from(pid).ok()).unwrap_or(0),
            user: text(1),
            database: text(2),
            application: text(3).unwrap_or_default(),
            client: text(4),
            kind: text(5).unwrap_or_default(),
            state: found(&STATES, word(6)).unwrap_or(State::Unknown),
            state_words: text(6),
            in_state: age(7),
            in_query: age(8),
            in_transaction: age(9),
            connected: age(10),
            waits_for: match (text(11), text(12)) {
                (Some(kind), Some(event)) => Some([&kind[..], b": ", &event].concat()),
                (kind, event) => kind.or(event),
            },
            blocked_by,
            query: text(14).unwrap_or_default(),
            right: found(&RIGHTS, word(15)).unwrap_or(Right::Granted),
            birth: number(16).unwrap_or(0),
            query_birth: number(17).unwrap_or(0),
        }
    }

    /// Whether the server hides from this user what it is at.
    pub fn is_hidden(&self) -> bool {
        self.query == HIDDEN
    }

    /// Whether somebody is connected by it, or works in a database: no process of the server's own.
    pub fn is_session(&self) -> bool {
        self.database.is_some() || matches!(&self.kind[..], b"client backend" | b"walsender")
    }

    /// Whether it is in nobody's way: the server ends it when somebody wants its database, or it ends
    /// with its session.
    pub fn yields(&self) -> bool {
        matches!(&self.kind[..], b"autovacuum worker" | b"parallel worker")
    }

    /// Whether it is kept from its work. A session that idles waits for its client, always.
    pub fn is_waiting(&self) -> bool {
        self.state == State::Active
    }

    /// How long it has been at what it is at.
    pub fn at_it(&self) -> Option<Duration> {
        match self.state {
            State::Active => self.in_query,
            State::Failed | State::InTransaction | State::Idle => self.in_state,
            State::Unknown => None,
        }
    }

    /// What it is at, in the server's words.
    pub fn state_words(&self) -> Option<&[u8]> {
        self.state_words.as_deref()
    }

    /// What it is at, in few words where a user reads it on a screen.
    pub fn state_shown(&self, layout: Layout) -> Option<Vec<u8>> {
        let words = match (layout.screen, self.state) {
            (Some(_), State::InTransaction) => Some(&b"in transaction"[..]),
            (Some(_), State::Failed) => Some(&b"failed"[..]),
            _ => self.state_words(),
        };
        words.map(<[u8]>::to_vec)
    }

    /// What comes first in a list: who works before who waits before who idles, and who has been at
    /// it for longer.
    fn rank(&self, place: &Place) -> impl Ord + use<> {
        (
            place.is_own(self.pid),
            self.state,
            Reverse(self.in_transaction.max(self.at_it())),
            self.pid,
        )
    }

    /// The query in one line of at most so many columns.
    pub fn one_line(&self, encoding: Encoding, columns: usize) -> Vec<u8> {
        cut(&one_line(&self.query), encoding, columns)
    }

    /// `ann (psql, pid 4711, idle in transaction for 3m12s)`
    pub fn named(&self) -> Vec<u8> {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        parts.extend((!self.application.is_empty()).then(|| self.application.clone()));
        parts.push(format!("pid {}", self.pid).into_bytes());
        let state =
            self.state_words.clone().or_else(|| (!self.is_client()).then(|| self.kind.clone()));
        let since = self.at_it().map(|age| format!(" for {}", age::shown(age)).into_bytes());
        parts.extend(state.map(|state| [state, since.unwrap_or_default()].concat()));
        let user = self.user.as_deref().unwrap_or(&self.kind);
        [user, b" (", &parts.join(&b", "[..]), b")"].concat()
    }

    /// Whether a client is connected by it.
    pub fn is_client(&self) -> bool {
        self.kind == b"client backend"
    }
}

/// The value that a table pairs with a word.
fn found<T: Copy>(table: &[(&str, T)], word: Option<&str>) -> Option<T> {
    table.iter().find(|(known, _)| Some(*known) == word).map(|(_, value)| *value)
}

/// A statement in one line.
fn one_line(query: &[u8]) -> Vec<u8> {
    let words = query.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ')
}

/// A text in at most so many columns; three dots say that there is more.
fn cut(text: &[u8], encoding: Encoding, columns: usize) -> Vec<u8> {
    const MORE: &[u8] = b"...";
    let (mut at, mut width, mut fits) = (0, 0, 0);
    while at < text.len() {
        let length = encoding.char_len(&text[at..]).clamp(1, text.len() - at);
        width += encoding.display_width(&text[at..at + length]);
        if width > columns {
            return [&text[..fits], MORE].concat();
        }
        at += length;
        if width + MORE.len() <= columns {
            fits = at;
        }
    }
    text.to_vec()
}

/// Which processes are wanted.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    All,
    /// With one of these numbers.
    Pids(Vec<i32>),
    /// In this database.
    Database(Vec<u8>),
}

/// The processes that are wanted, in their order for a list.
pub(super) fn backends(
    host: &mut dyn Host,
    place: &Place,
    wanted: &Wanted,
) -> Result<Vec<Backend>, Reported> {
    let answer = host.query(&query(place, wanted))?;
    Ok(read(place, &answer.rows))
}

/// The processes of an answer, in their order for a list.
pub(super) fn read(place: &Place, rows: &RowBuffer) -> Vec<Backend> {
    let mut backends: Vec<Backend> = (0..rows.len()).map(|at| Backend::new(rows.row(at))).collect();
    // Whoever asks is seen asking.
    for own in backends.iter_mut().filter(|backend| place.is_own(backend.pid)) {
        if memchr::memmem::find(&own.query, WHO.as_bytes()).is_some() {
            own.query = b"(this question)".to_vec();
        }
    }
    sort_by_key(&mut backends, |backend| backend.rank(place));
    backends
}

/// Milliseconds since a moment.
pub(super) fn since(moment: &str) -> String {
    format!(
        "(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - {moment}) * 1000)\
         ::pg_catalog.int8"
    )
}

/// A moment as a number that no setting changes.
pub(super) fn moment(moment: &str) -> String {
    format!("COALESCE((pg_catalog.date_part('epoch', {moment}) * 1000000)::pg_catalog.int8, 0)")
}

/// The query for processes.
pub(super) fn query(place: &Place, wanted: &Wanted) -> CatalogQuery {
    let kind = match place.at_least(TELLS_KIND) {
        true => "a.backend_type",
        false => "'client backend'",
    };
    let wait = match place.at_least(TELLS_BLOCKERS) {
        true => {
            "a.wait_event_type, a.wait_event, CASE WHEN a.wait_event_type = 'Lock' THEN \
             pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(a.pid), ' ') END"
        }
        false => "CASE WHEN a.waiting THEN 'Lock' END, NULL, NULL",
    };
    let columns = [
        WHO,
        "CASE WHEN a.client_addr IS NOT NULL THEN COALESCE(a.client_hostname, \
         pg_catalog.host(a.client_addr)) END",
        kind,
        "a.state",
        &since("a.state_change"),
        &since("a.query_start"),
        &since("a.xact_start"),
        &since("a.backend_start"),
        wait,
        "a.query",
        &right(place),
        &moment("a.backend_start"),
        &moment("a.query_start"),
    ];
    let condition = match wanted {
        Wanted::All => Vec::new(),
        Wanted::Pids(pids) => {
            let pids: Vec<String> = pids.iter().map(ToString::to_string).collect();
            format!(" WHERE a.pid IN ({})", pids.join(", ")).into_bytes()
        }
        Wanted::Database(name) => {
            let name = literal(name, place.encoding());
            [b" WHERE a.datname = ", &name[..]].concat()
        }
    };
    let sql = format!(
        "SELECT {} {SOURCE} LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid",
        columns.join(", ")
    );
    place.question([sql.as_bytes(), &condition[..]].concat())
}

/// What keeps this user from signalling a process, by the rules of the documentation ("Server
/// Signaling Functions", "Predefined Roles").
fn right(place: &Place) -> String {
    let has = |role: &str| format!("pg_catalog.pg_has_role('{role}'::pg_catalog.name, 'USAGE')");
    let autovacuum = match place.at_least(SIGNALS_AUTOVACUUM) {
        true => format!(
            "WHEN a.backend_type = 'autovacuum worker' THEN CASE WHEN {} THEN 'granted' \
             ELSE 'autovacuum' END ",
            has("pg_signal_autovacuum_worker")
        ),
        false => String::new(),
    };
    let signals = match place.at_least(TELLS_BLOCKERS) {
        true => format!(" OR {}", has("pg_signal_backend")),
        false => String::new(),
    };
    format!(
        "CASE WHEN (SELECT m.rolsuper FROM pg_catalog.pg_roles m WHERE m.rolname = current_user) \
         THEN 'granted' {autovacuum}WHEN a.usesysid IS NULL OR COALESCE(r.rolsuper, true) \
         THEN 'superuser' WHEN pg_catalog.pg_has_role(a.usesysid, 'USAGE'){signals} \
         THEN 'granted' ELSE 'role' END"
    )
}

/// The question which process answers it.
pub fn own_process() -> CatalogQuery {
    CatalogQuery::new("SELECT pg_catalog.pg_backend_pid()", Encoding::Utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_in_one_line() {
        for (query, columns, expected) in [
            ("select 1", 20, "select 1"),
            ("select\n\t 1,\r\n 2", 20, "select 1, 2"),
            ("select 1", 8, "select 1"),
            ("select 12", 8, "selec..."),
            ("grün grün", 8, "grün ..."),
            ("你好你好你好", 8, "你好..."),
            ("", 8, ""),
        ] {
            let line = cut(&one_line(query.as_bytes()), Encoding::Utf8, columns);
            assert_eq!(String::from_utf8_lossy(&line), expected);
        }
    }

    #[test]
    fn every_version_has_a_query() {
        for version in [90_200, 90_600, 100_000, 120_000, 150_000, 180_000] {
            let mut place = Place::default();
            place.context.version = version;
            for wanted in
                [Wanted::All, Wanted::Pids(vec![1, 2]), Wanted::Database(b"a'b\\c".to_vec())]
            {
                let text = query(&place, &wanted);
                assert!(text.as_bytes().starts_with(b"SELECT a.pid"));
            }
        }
    }
}
