//! Who answers Tab, and the menu while the user pauses: the helper, or the session.
//!
//! The helper (`session/helper`) is asked where it can be: it answers while a transaction is open
//! or has failed, and keeps nobody waiting. But it is another connection, so the session is asked
//! - for prepared statements, cursors and channels, which are its own;
//! - for settings, outside of transactions: it may have loaded modules that have some;
//! - for everything once it has temporary objects;
//! - for everything in a transaction that has changed something, which nobody else sees yet; but
//!   not for a pause, which leaves the transaction alone.
//!
//! The helper looks through the session's search_path. Outside of transactions the session is asked
//! for it again whenever a command may have changed it. Without a helper (`\set HELPER off`, no
//! connection left, ...) the session answers as well as it can.

use super::timed_lookup::look_up_in_time;
use super::usage::UsageStore;
use crate::catalog_query::{CatalogQuery, literal};
use crate::completion::{CompletionCache, Name, Object, Question, Wanted, query};
use crate::connection::Connection;
use crate::console::Console;
use crate::encoding::Encoding;
use crate::print::Rows;
use crate::session::TransactionStatus;
use crate::session::helper::{HelperEvent, Row};
use std::time::{Duration, Instant};

/// How soon a wait for an answer ends at Ctrl-C.
const HEEDS_INTERRUPTS: Duration = Duration::from_millis(100);
/// How old a question may be whose answer a pause still expects.
const EXPECTED: Duration = Duration::from_secs(1);
/// After so long without an answer a helper is given up.
const GIVE_UP: Duration = Duration::from_secs(30);
/// How long the search_path is trusted though no command changed it: a function may have.
const TRUST: Duration = Duration::from_secs(60);

/// The schemas of the search_path that exist and may be used, and whether there is one for
/// temporary objects.
const SEARCH_PATH: &str = "SELECT pg_catalog.array_to_string(ARRAY(SELECT \
    pg_catalog.quote_ident(s) FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) s), ', '), \
    pg_catalog.pg_my_temp_schema() <> 0";

/// What was asked, and what is known.
#[derive(Default)]
pub(super) struct CompletionSource {
    /// Questions under way, the oldest first.
    asked: Vec<Asked>,
    /// The helper they were put to.
    helper: u64,
    cache: CompletionCache,
    /// When the helper has been waited for long enough.
    deadline: Option<Instant>,
    view: SessionView,
    /// What this user uses.
    pub usage: UsageStore,
    /// The columns of the last result.
    pub result_columns: Vec<Vec<u8>>,
    /// The results that are kept: their numbers, and what statements they are of.
    pub kept_results: Vec<Name>,
}

struct Asked {
    number: u64,
    question: Question,
    at: Instant,
}

/// What the session sees that another connection may not.
#[derive(Default)]
struct SessionView {
    /// Which connection this is about.
    connection: u64,
    /// Its search_path; `None` is the one a new connection has.
    search_path: Option<Vec<u8>>,
    /// It has temporary objects.
    temporary: bool,
    /// When it was asked, or began.
    at: Option<Instant>,
    /// The parameter search_path as reported then (by servers since 18).
    reported: Option<Vec<u8>>,
}

/// How waiting for an answer ended.
enum Waited {
    /// With the names.
    Answered(Vec<Name>),
    /// The server can't answer.
    Refused,
    /// It takes too long.
    Late,
    /// The helper is gone.
    Ended,
}

impl CompletionSource {
    /// Names are looked up, for which answers of the helper are waited for so long.
    pub fn begin(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        patience: Duration,
    ) {
        let now = Instant::now();
        self.deadline = Some(now + patience);
        self.follow_connection(connection);
        // What has come since the last time.
        while let Some(event) = connection.next_helper_event(console, now) {
            self.handle(event);
        }
        if self.asked.first().is_some_and(|asked| asked.at.elapsed() > GIVE_UP) {
            connection.give_up_helper(console, "the server does not answer");
        }
    }

    /// Whether the helper will soon answer what it was asked.
    pub fn awaits_answer(&self) -> bool {
        self.asked.iter().any(|asked| asked.at.elapsed() < EXPECTED)
    }

    /// Forgets what is of another connection or another helper.
    fn follow_connection(&mut self, connection: &Connection) {
        let changes = connection.changes();
        if self.view.connection != changes.connection {
            self.cache.clear();
            self.view = SessionView {
                connection: changes.connection,
                at: changes.since,
                reported: changes.search_path.clone(),
                ..SessionView::default()
            };
        }
        if self.helper != connection.helper_number() {
            self.helper = connection.helper_number();
            self.asked.clear();
        }
    }

    /// The names the helper finds, perhaps none in time; `None` if the session is to be asked.
    pub fn names_from_helper(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        wanted: &Wanted<'_>,
        prefix: &[u8],
        query: &CatalogQuery,
    ) -> Option<Vec<Name>> {
        if !self.helper_sees(console, connection, wanted.object) {
            return None;
        }
        let question = Question::new(wanted, prefix);
        let known = match self.cache.find(&question, Instant::now()) {
            Some((names, true)) => return Some(names),
            Some((names, false)) => Some(names),
            None => None,
        };
        // A helper whose connection was lost meanwhile says so only now; then a new one is asked.
        for _ in 0..2 {
            let number = self.ask(console, connection, &question, query)?;
            let connected = connection.is_helper_connected();
            match self.wait_for(console, connection, number) {
                Waited::Answered(names) => return Some(names),
                Waited::Late if connection.is_helper_connected() => {
                    return Some(known.unwrap_or_default());
                }
                Waited::Late => return known,
                Waited::Ended if connected => {}
                Waited::Ended | Waited::Refused => return None,
            }
        }
        None
    }

    /// Whether the helper is wanted, and sees what the session sees.
    fn helper_sees(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        object: Object,
    ) -> bool {
        let own = matches!(object, Object::PreparedStatement | Object::Cursor | Object::Channel);
        if own || !connection.may_have_helper(console) {
            return false;
        }
        if connection.pipeline().is_on() {
            return true;
        }
        let status = connection.transaction_status();
        if matches!(object, Object::Setting | Object::SettingValue) {
            // Asked in a transaction, the session would refuse SET TRANSACTION ISOLATION LEVEL.
            return !matches!(status, TransactionStatus::Idle | TransactionStatus::Unknown);
        }
        match status {
            TransactionStatus::Idle => {
                self.refresh(console, connection);
                !self.view.temporary
            }
            TransactionStatus::InTransaction => {
                !self.view.temporary && !self.is_outdated(connection)
            }
            // The session can't answer, so this is the best there is.
            TransactionStatus::Failed | TransactionStatus::Active => true,
            TransactionStatus::Unknown => false,
        }
    }

    fn is_outdated(&self, connection: &Connection) -> bool {
        connection.changes().changed
            || self.view.reported.as_deref() != connection.parameter("search_path")
    }

    /// Asks the session what it sees, if that may have changed.
    fn refresh(&mut self, console: &mut Console, connection: &mut Connection) {
        let old = self.view.at.is_some_and(|at| at.elapsed() > TRUST);
        if !old && !self.is_outdated(connection) {
            return;
        }
        self.cache.invalidate();
        let query = CatalogQuery::new(SEARCH_PATH, Encoding::Utf8);
        let Some(mut set) = look_up_in_time(console, connection, &query) else { return };
        let Ok(Some(row)) = set.rows.rewind().and_then(|()| set.rows.next()) else { return };
        let search_path = row.get(0).map(<[u8]>::to_vec);
        if search_path != self.view.search_path {
            self.cache.clear();
        }
        self.view = SessionView {
            connection: self.view.connection,
            search_path,
            temporary: row.get(1) == Some(b"t"),
            at: Some(Instant::now()),
            reported: connection.parameter("search_path").map(<[u8]>::to_vec),
        };
        connection.forget_changes();
    }

    /// Puts a question to the helper, unless it is under way already; its number.
    fn ask(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        question: &Question,
        query: &CatalogQuery,
    ) -> Option<u64> {
        self.follow_connection(connection);
        if let Some(asked) = self.asked.iter().find(|asked| asked.question == *question) {
            return Some(asked.number);
        }
        let number = self.send(console, connection, query)?;
        self.asked.push(Asked { number, question: question.clone(), at: Instant::now() });
        Some(number)
    }

    /// Sends a query to the helper, which looks through the session's search_path; its number.
    fn send(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        query: &CatalogQuery,
    ) -> Option<u64> {
        let path = match connection.parameter("search_path") {
            // Newer than what was asked: in a failed transaction, say.
            Some(path) if self.view.reported.as_deref() != Some(path) => Some(path),
            _ => self.view.search_path.as_deref(),
        };
        // The helper has none of its own, and this one for the question's transaction only.
        let set_path = match path {
            Some(path) => {
                let path = literal(path, Encoding::Utf8);
                [b"SELECT pg_catalog.set_config('search_path', ", &path[..], b", true)"].concat()
            }
            None => b"SET LOCAL search_path TO DEFAULT".to_vec(),
        };
        let query = query.clone().after(CatalogQuery::new(set_path, Encoding::Utf8));
        let number = connection.ask_helper(console, &query)?;
        // It may have been started just now.
        self.follow_connection(connection);
        Some(number)
    }

    /// The helper's answer to a query, if it comes in time.
    pub fn ask_once(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        query: &CatalogQuery,
        patience: Duration,
    ) -> Option<Vec<Row>> {
        if !connection.may_have_helper(console) {
            return None;
        }
        self.follow_connection(connection);
        let number = self.send(console, connection, query)?;
        let deadline = Instant::now() + patience;
        loop {
            let until = deadline.min(Instant::now() + HEEDS_INTERRUPTS);
            let Some(event) = connection.next_helper_event(console, until) else {
                let is_over = Instant::now() >= deadline || !connection.has_helper();
                if is_over || console.interrupts.is_work_interrupted() {
                    return None;
                }
                continue;
            };
            match event {
                HelperEvent::Answer(of, rows) if of == number => return Some(rows),
                HelperEvent::Refused(of) if of == number => return None,
                HelperEvent::Ended(_) => {
                    self.handle(event);
                    return None;
                }
                event => drop(self.handle(event)),
            }
        }
    }

    /// Waits for the answer to a question.
    fn wait_for(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        number: u64,
    ) -> Waited {
        let deadline = self.deadline.unwrap_or_else(Instant::now);
        while let Some(event) = connection.next_helper_event(console, deadline) {
            match event {
                HelperEvent::Refused(of) if of == number => {
                    self.handle(event);
                    return Waited::Refused;
                }
                HelperEvent::Ended(_) => {
                    self.handle(event);
                    return Waited::Ended;
                }
                _ => {}
            }
            if let Some((of, names)) = self.handle(event)
                && of == number
            {
                return Waited::Answered(names);
            }
        }
        Waited::Late
    }

    /// Takes in what the helper tells; an answer is kept, and returned with its number.
    pub fn handle(&mut self, event: HelperEvent) -> Option<(u64, Vec<Name>)> {
        match event {
            HelperEvent::Answer(number, rows) => {
                let cells = |row: Row| row.into_iter().map(|cell| cell.map(String::into_bytes));
                let names: Vec<Name> =
                    rows.into_iter().filter_map(|row| query::name(cells(row))).collect();
                let at = self.asked.iter().position(|asked| asked.number == number)?;
                let asked = self.asked.remove(at);
                self.cache.keep(asked.question, names.clone(), asked.at);
                return Some((number, names));
            }
            HelperEvent::Refused(number) => self.asked.retain(|asked| asked.number != number),
            HelperEvent::Connected => {}
            HelperEvent::Ended(_) => self.asked.clear(),
        }
        None
    }
}
