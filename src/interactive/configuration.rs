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
        let is_reload = configuration == Configuration::Reloaded;
        let lines = if is_reload && !awaits_reload(&mut ask, began, took, &mut last) {
            vec![
                "The server has not read its files yet; \\settings -pending tells later."
                    .to_owned(),
            ]
        } else {
            let found = ask(&configuration.question());
            let refused = is_reload.then(|| ask(&Configuration::refused())).flatten();
            found.map(|found| configuration.words(&found, refused.as_ref())).unwrap_or_default()
        };
        self.last_reload = last;
        for line in lines {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a reload counts as read, where the helper answers so, the last answer for ever; and the
    /// last that is known then.
    fn awaited(answers: &[(&str, &str)], last: &str) -> (bool, Vec<u8>) {
        let mut answers = answers.iter();
        let mut answer = ("", "");
        let mut ask = |_: &CatalogQuery| {
            answer = *answers.next().unwrap_or(&answer);
            let mut rows = RowBuffer::default();
            rows.push([Some(answer.0.as_bytes()), Some(answer.1.as_bytes())]);
            Some(rows)
        };
        let mut last = last.as_bytes().to_vec();
        let took = Duration::from_millis(1);
        (awaits_reload(&mut ask, Instant::now().checked_sub(took), took, &mut last), last)
    }

    #[test]
    fn a_reload_that_was_told_of_is_no_other() {
        assert_eq!(awaited(&[("t", "10:00")], ""), (true, b"10:00".to_vec()));
        assert_eq!(awaited(&[("f", "9:00"), ("t", "10:00")], "9:00"), (true, b"10:00".to_vec()));
        assert_eq!(awaited(&[("t", "9:00"), ("t", "10:00")], "9:00"), (true, b"10:00".to_vec()));
        assert_eq!(awaited(&[("t", "9:00")], "9:00"), (false, b"9:00".to_vec()));
        assert_eq!(awaited(&[("f", "8:00")], "9:00"), (false, b"9:00".to_vec()));
    }

    #[test]
    fn who_can_t_be_asked_is_not_waited_for() {
        let mut last = Vec::new();
        assert!(awaits_reload(&mut |_| None, None, Duration::ZERO, &mut last));
        assert_eq!(last, b"");
    }
}
