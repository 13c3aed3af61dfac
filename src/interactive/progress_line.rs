//! Shows a user how far a statement has come that takes its time: one line on the terminal,
//! written again and again and gone before anything else is written.

use super::Interactive;
use crate::connection::Connection;
use crate::console::Console;
use crate::progress::{Report, Watch, query};
use crate::session::helper::HelperEvent;
use crate::variables::parse_bool;
use std::time::{Duration, Instant};

/// The variable that switches this off.
const SWITCH: &[u8] = b"PROGRESS";
/// How long a statement runs before anybody wonders.
const DELAY: Duration = Duration::from_secs(1);
/// How often the helper is asked.
const INTERVAL: Duration = Duration::from_millis(500);
/// How often to poll for an answer.
const TICK: Duration = Duration::from_millis(100);

/// Goes to the line's beginning and clears it.
const ERASE: &[u8] = b"\r\x1b[K";

impl Interactive {
    /// Waits for the server's first word on what was sent, showing progress meanwhile, if a user is
    /// there to see it.
    pub fn show_progress(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        began: Instant,
    ) {
        let wanted = console.is_interactive()
            && self.editor.is_some()
            && crate::terminal::stderr_is_tty()
            && console.variables.get(SWITCH).and_then(parse_bool) != Some(false);
        if !wanted || !waits(connection, DELAY) || !connection.may_have_helper(console) {
            return;
        }
        let question =
            connection.session().and_then(|s| query(s.backend_pid(), s.server_version()));
        let Some(question) = question else { return };
        let mut watch = Watch::new(began);
        let mut shown = false;
        let mut asked = None;
        let mut answered = true;
        while waits(connection, TICK) {
            if answered && asked.is_none_or(|(_, at): (u64, Instant)| at.elapsed() >= INTERVAL) {
                let Some(number) = connection.ask_helper(console, &question) else { break };
                asked = Some((number, Instant::now()));
                answered = false;
            }
            while let Some(event) = connection.next_helper_event(console, Instant::now()) {
                let rows = match event {
                    HelperEvent::Answer(number, rows)
                        if asked.is_some_and(|(n, _)| n == number) =>
                    {
                        rows
                    }
                    // It may come back; the same question has the same number no more.
                    HelperEvent::Ended(_) => Vec::new(),
                    other => {
                        self.completion.handle(other);
                        continue;
                    }
                };
                answered = true;
                let columns = crate::terminal::size().map_or(80, |(columns, _)| columns);
                let line = rows.first().map(|row| {
                    watch.line(&Report::new(row), Instant::now(), columns.saturating_sub(1))
                });
                if shown || line.is_some() {
                    shown = line.is_some();
                    let line = line.unwrap_or_default();
                    console.output.stderr_as_written(&[ERASE, line.as_bytes()].concat());
                }
            }
        }
        if shown {
            console.output.stderr_as_written(ERASE);
        }
    }
}

/// Whether the server says nothing, nor the user, for so long.
fn waits(connection: &mut Connection, time: Duration) -> bool {
    let session = connection.session_mut();
    session.is_some_and(|session| session.is_quiet_until(Instant::now() + time))
}
