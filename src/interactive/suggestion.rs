//! What the user may have meant, told behind the server's error.

use super::Interactive;
use crate::administration::{self, Occupants, Place};
use crate::connection::Connection;
use crate::console::Console;
use crate::describe::Context;
use crate::error_fields::ErrorFields;
use crate::suggest::{Found, Kind, Missing, foreign, unset_variable};
use crate::variables::Verbosity;
use std::time::Duration;

/// How long the catalog may be asked: nobody waits for a hint.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long the helper may take to connect and tell who is in a database's way.
const PATIENCE_FOR_OCCUPANTS: Duration = Duration::from_secs(2);

impl Interactive {
    /// Tells what may have been meant by a query that failed with this error.
    pub fn suggest(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        error: &ErrorFields,
        query: &[u8],
    ) {
        let is_terse =
            matches!(console.settings().verbosity, Verbosity::Terse | Verbosity::SqlState);
        if !console.shows_own_help() || is_terse {
            return;
        }
        let text = String::from_utf8_lossy(query);
        let code = error.get(b'C');
        // SHOW takes any name for that of a setting.
        let is_foreign = matches!(code, Some(b"42601" | b"42704"));
        if code == Some(b"55006") {
            // The command that it tells is our own.
            if let Some(words) = self.occupants(console, connection, query) {
                console.suggest(console.folded(&words));
            }
            return;
        }
        let suggestion = match foreign::statement(&text).filter(|_| is_foreign) {
            Some(psqls) => Some(format!("In psql that is {psqls}")),
            None if code == Some(b"42601") => unset_variable(error, &text)
                .map(|name| format!("The variable {name} is not set; \\set {name} VALUE sets it.")),
            None => Missing::of(error, query)
                .and_then(|missing| self.name_meant(console, connection, &missing)),
        };
        if let Some(suggestion) = suggestion {
            console.suggest(suggestion);
        }
    }

    /// Who is connected to the database that a statement wanted for itself.
    fn occupants(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        query: &[u8],
    ) -> Option<Vec<u8>> {
        let database = administration::database_wanted(query)?;
        let session = connection.session()?;
        let context = Context { version: session.server_version(), ..Context::default() };
        let place = Place { context, session: session.backend_pid(), ..Place::default() };
        let question = administration::question(&place, &database);
        let rows = self.ask_helper(console, connection, &question, PATIENCE_FOR_OCCUPANTS)?;
        let found = Occupants::new(&place, &rows);
        administration::who_is_there(&found, &database)
    }

    /// Asks the catalog for what may have been meant.
    fn name_meant(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        missing: &Missing,
    ) -> Option<String> {
        let rows = self.completion.ask_once(console, connection, &missing.query(), PATIENCE);
        let rows = match rows {
            // Some types have names in no catalog.
            None if missing.kind == Kind::Type => Vec::new(),
            rows => rows?,
        };
        missing.suggestion(rows.into_iter().filter_map(Found::from_row).collect())
    }
}
