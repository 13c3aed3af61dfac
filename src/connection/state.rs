//! The connection's state, and what can be asked of it.

use super::async_message::AsyncMessages;
use super::helper::HelperConnection;
use super::pipeline::Pipeline;
use super::statement_result::ResultSet;
use super::zone_cache::TimeZones;
use crate::cli::PasswordPrompt;
use crate::conninfo::Settings;
use crate::console::Console;
use crate::session::{ErrorFields, Field, Session, TransactionStatus};
use std::time::Instant;

/// The connection to a server, if there is one, and what is kept of it beside the session: parts that know nothing
/// of each other.
#[derive(Default)]
pub struct Connection {
    pub(super) session: Option<Session>,
    pub(super) origin: Origin,
    pub(super) pipeline: Pipeline,
    pub(super) errors: Errors,
    pub(super) async_messages: AsyncMessages,
    pub(super) reading: Reading,
    pub(super) helper: HelperConnection,
    pub(super) changes: CatalogChanges,
    /// A command has left something with the session that ends with it.
    pub(super) holds_state: bool,
    pub(super) time_zones: TimeZones,
    pub(super) settings_changes: SettingsChanges,
}

/// How often commands changed settings of the session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SettingsChanges {
    pub(super) resets: u64,
    pub(super) sets: u64,
}

/// What a connection is opened from.
#[derive(Default)]
pub(super) struct Origin {
    /// The settings of the last good connection, from which `\c` fills in what it is not told.
    pub(super) settings: Option<Settings>,
    pub(super) password_prompt: PasswordPrompt,
    pub(super) standing: Standing,
}

/// Whose connection it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// The shell's: opened anew for a user where it is lost.
    #[default]
    Shells,
    /// One beside it.
    Beside,
}

/// What went wrong.
#[derive(Default)]
pub(super) struct Errors {
    /// The connection's error text, as the client library keeps one: it grows while commands fail
    /// that send nothing.
    pub(super) text: Vec<u8>,
    /// The last error of the server, for `\errverbose`.
    pub(super) last: Option<LastError>,
    /// The connection broke while a script ran, which ends it.
    pub(super) ended_script: bool,
    /// The user knows that the connection broke, and why.
    pub(super) loss_reported: bool,
}

/// What `\errverbose` shows again.
#[derive(Clone, Debug)]
pub struct LastError {
    /// The error's fields.
    pub fields: ErrorFields,
    /// The statement it came from.
    pub query: Vec<u8>,
}

/// The result being read.
#[derive(Default)]
pub(super) struct Reading {
    /// The columns of a result that comes in parts.
    pub(super) fields: Option<Vec<Field>>,
    /// What was read of a result already, elsewhere.
    pub(super) begun: Option<ResultSet>,
    /// The user knows that large results are kept in memory.
    pub(super) memory_reported: bool,
}

/// What may have changed of the objects that the session sees.
#[derive(Clone, Debug, Default)]
pub struct CatalogChanges {
    /// Which connection it is: counts those opened and given up.
    pub connection: u64,
    /// When it began.
    pub since: Option<Instant>,
    /// The parameter search_path as reported then (by servers since 18).
    pub search_path: Option<Vec<u8>>,
    /// A command may have changed something since [`Connection::forget_changes`].
    pub changed: bool,
    /// The transaction under way has perhaps changed something, which nobody else sees.
    pub uncommitted: bool,
}

impl CatalogChanges {
    /// Another connection begins.
    pub(super) fn begin_connection(&mut self, search_path: Option<&[u8]>) {
        *self = CatalogChanges {
            connection: self.connection + 1,
            since: Some(Instant::now()),
            search_path: search_path.map(<[u8]>::to_vec),
            changed: false,
            uncommitted: false,
        };
    }

    /// Takes note of a command that was done. `rows` says whether it returned any: without them
    /// SELECT has made a table.
    pub(super) fn note(&mut self, tag: &[u8], rows: bool) {
        let may_change = match tag.split(|b| *b == b' ').next().unwrap_or_default() {
            b"ALTER" | b"CALL" | b"CREATE" | b"DISCARD" | b"DO" | b"DROP" | b"GRANT"
            | b"IMPORT" | b"RESET" | b"REVOKE" | b"SET" => true,
            b"SELECT" => !rows,
            _ => false,
        };
        self.changed |= may_change;
        self.uncommitted |= may_change;
    }

    /// The server is ready for the next query.
    pub(super) fn note_ready(&mut self, status: TransactionStatus) {
        self.uncommitted &= status != TransactionStatus::Idle;
    }
}

impl Connection {
    /// Whether there is a connection, as far as is known.
    pub fn is_open(&self) -> bool {
        self.session.is_some()
    }

    /// The session, if there is one.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The session, to send and receive.
    pub fn session_mut(&mut self) -> Option<&mut Session> {
        self.session.as_mut()
    }

    /// The settings of the last good connection.
    pub fn last_settings(&self) -> Option<&Settings> {
        self.origin.settings.as_ref()
    }

    /// Says when passwords are asked for.
    pub fn set_password_prompt(&mut self, prompt: PasswordPrompt) {
        self.origin.password_prompt = prompt;
    }

    /// A parameter the server reported.
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.session.as_ref()?.parameter(name)
    }

    /// Whether backslashes in '...' are ordinary characters.
    pub fn standard_strings(&self) -> bool {
        self.parameter("standard_conforming_strings").is_none_or(|setting| setting == b"on")
    }

    /// The transaction status the server last told; `Unknown` without a connection.
    pub fn transaction_status(&self) -> TransactionStatus {
        if self.pipeline.is_on() {
            return self.pipeline.transaction_status();
        }
        self.session.as_ref().map_or(TransactionStatus::Unknown, Session::transaction_status)
    }

    /// Whether the connection broke while a script ran, which ends it.
    pub fn has_ended_script(&self) -> bool {
        self.errors.ended_script
    }

    /// Whether, and since when, the objects that the session sees may have changed.
    pub fn changes(&self) -> &CatalogChanges {
        &self.changes
    }

    /// The changes are known now.
    pub fn forget_changes(&mut self) {
        self.changes.changed = false;
    }

    /// How often commands took settings of the session back (RESET, DISCARD ALL), and how often they
    /// set some.
    pub fn settings_changes(&self) -> (u64, u64) {
        (self.settings_changes.resets, self.settings_changes.sets)
    }

    /// The last error of the server.
    pub fn last_error(&self) -> Option<&LastError> {
        self.errors.last.as_ref()
    }

    /// Reports an error of the server and keeps it for `\errverbose`.
    pub fn report_server_error(&mut self, console: &mut Console, fields: ErrorFields, sql: &[u8]) {
        console.server_message(&fields, Some(sql));
        self.set_error_text(console, &fields, sql);
        self.errors.last = Some(LastError { fields, query: sql.to_vec() });
    }

    /// An error of the server becomes the connection's error text.
    pub(super) fn set_error_text(&mut self, console: &Console, fields: &ErrorFields, sql: &[u8]) {
        self.errors.text =
            crate::console::server_message::text(fields, Some(sql), console.message_style());
        self.errors.text.pop();
    }

    /// Adds to the connection's error text, which psql shows whole each time.
    pub(super) fn add_error_text(&mut self, text: &str) {
        if !self.errors.text.is_empty() {
            self.errors.text.push(b'\n');
        }
        self.errors.text.extend_from_slice(text.as_bytes());
    }

    /// Adds to the connection's error text, and reports all of it.
    pub(super) fn report_error_text(&mut self, console: &mut Console, text: &str) {
        self.add_error_text(text);
        self.repeat_error_text(console);
    }

    /// Reports the connection's error text, if it has any.
    pub(super) fn repeat_error_text(&self, console: &mut Console) {
        if !self.errors.text.is_empty() {
            console.info(&self.errors.text);
        }
    }

    /// A query begins, which notices refer to.
    pub fn begin_query(&mut self, sql: &[u8]) {
        self.errors.text.clear();
        self.async_messages.begin_query(sql);
    }

    /// Gives up the session on the spot: it is in a state that nothing can be done with.
    pub fn abandon(&mut self, ends_script: bool) {
        self.session = None;
        self.errors.ended_script |= ends_script;
    }

    /// Keeps ENCODING true after a query that may have changed `client_encoding`.
    pub fn publish_encoding(&self, console: &mut Console) {
        let Some(session) = &self.session else { return };
        let name = session.encoding_name();
        if !name.is_empty() && console.variables.get(b"ENCODING") != Some(name) {
            console.set_encoding(session.encoding());
            console.variables.put(b"ENCODING", name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_may_change_names() {
        let check = |tag: &str, rows: bool, changes: bool| {
            let mut seen = CatalogChanges::default();
            seen.note(tag.as_bytes(), rows);
            assert_eq!((seen.changed, seen.uncommitted), (changes, changes), "{tag}");
            seen.note_ready(TransactionStatus::InTransaction);
            assert_eq!(seen.uncommitted, changes, "{tag}");
            seen.note_ready(TransactionStatus::Idle);
            assert_eq!((seen.changed, seen.uncommitted), (changes, false), "{tag}");
        };
        check("CREATE TABLE", false, true);
        check("SET", false, true);
        check("SELECT 3", true, false);
        check("SELECT 3", false, true);
        check("INSERT 0 1", false, false);
        check("COMMIT", false, false);
        check("", false, false);
    }
}
