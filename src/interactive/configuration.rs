//! Tells the user behind ALTER SYSTEM and a reload what came of it.

use super::Interactive;
use crate::administration::Configuration;
use crate::catalog_query::CatalogQuery;
use crate::connection::Connection;
use crate::console::Console;
use crate::print::RowBuffer;
use crate::session::TransactionStatus;
use crate::variables::Verbosity;
use std::time::{Duration, Instant};

/// How long the helper may take to connect and answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the server may take to read its files.
const RELOADING: Duration = Duration::from_secs(1);
/// The least time that a question is allowed for its way.
const LEAST: Duration = Duration::from_millis(5);
/// How often it is asked whether it has.
const INTERVAL: Duration = Duration::from_millis(20);
/// From when on a server tells what waits for a restart.
const TELLS_PENDING: i32 = 90_500;

impl Interactive {
    /// Tells what came of a statement that succeeded, if it was about the configuration. In a
    /// transaction, and in a script, nothing is asked.
    pub fn tell_configuration(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        statement: &[u8],
        took: Duration,
    ) {
        // A script's statements are not even looked at.
        if !console.shows_own_help() {
            return;
        }
        let Some(configuration) = Configuration::of(statement) else { return };
        let began = Instant::now().checked_sub(took);
        let is_terse =
            matches!(console.settings().verbosity, Verbosity::Terse | Verbosity::SqlState);
        let is_free = connection.transaction_status() == TransactionStatus::Idle
            && !connection.pipeline().is_on();
        let version = connection.session().map_or(0, |session| session.server_version());
        let is_quiet = is_terse || console.settings().quiet;
        if is_quiet || !is_free || version < TELLS_PENDING {
            return;
        }
        let mut last = std::mem::take(&mut self.last_reload);
        let mut ask = |query: &CatalogQuery| self.ask_helper(console, connection, query, PATIENCE);
        let is_known = configuration != Configuration::Reloaded
            || awaits_reload(&mut ask, began, took, &mut last);
        self.last_reload = last;
        let mut ask = |query: &CatalogQuery| self.ask_helper(console, connection, query, PATIENCE);
        if !is_known {
            console.tell("The server has not read its files yet; \\settings -pending tells later.");
            return;
        }
        let found = ask(&configuration.question());
        let refused = (configuration == Configuration::Reloaded)
            .then(|| ask(&Configuration::refused()))
            .flatten();
        for line in
            found.map(|found| configuration.words(&found, refused.as_ref())).unwrap_or_default()
        {
            console.tell(line);
        }
    }
}

/// Waits until the helper has read the files, as a statement wanted that began then and took so long;
/// whether it has, as far as it can be asked. `last` is when it did so before, and becomes when it did.
fn awaits_reload(
    ask: &mut impl FnMut(&CatalogQuery) -> Option<RowBuffer>,
    began: Option<Instant>,
    took: Duration,
    last: &mut Vec<u8>,
) -> bool {
    let deadline = Instant::now() + RELOADING;
    loop {
        // The question is on its way for no longer than the statement was, there and back. More would
        // take an earlier reload for this one, as a slow machine may where it isn't the last known.
        let since = began.map_or(RELOADING, |began| began.elapsed()) + took.max(LEAST);
        let answer = ask(&Configuration::has_reloaded(since));
        let Some(rows) = answer else { return true };
        let row = (!rows.is_empty()).then(|| rows.row(0));
        let when = row.filter(|row| row.get(0) == Some(b"t")).and_then(|row| row.get(1));
        match when.filter(|when| *when != &last[..]) {
            Some(when) => {
                *last = when.to_vec();
                return true;
            }
            None if Instant::now() < deadline => std::thread::sleep(INTERVAL),
            None => return false,
        }
    }
}
