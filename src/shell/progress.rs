//! Shows a person how far a statement has come that takes its time: one line on the terminal,
//! written again and again and gone before anything else is written.

use super::Shell;
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
/// How often it is looked for an answer.
const TICK: Duration = Duration::from_millis(100);

/// Goes to the line's beginning and clears it.
const ERASE: &[u8] = b"\r\x1b[K";

impl Shell {
    /// Waits for the server's first word on what was sent, showing progress meanwhile, if a person
    /// is there to see it.
    pub(super) fn show_progress(&mut self, began: Instant) {
        let wanted = self.is_interactive()
            && self.editor.is_some()
            && crate::terminal::stderr_is_tty()
            && self.variables.get(SWITCH).and_then(parse_bool) != Some(false);
        if !wanted || !self.waits(DELAY) || !self.may_have_helper() {
            return;
        }
        let session = self.session.as_ref();
        let question = session.and_then(|s| query(s.backend_pid(), s.server_version()));
        let Some(question) = question else { return };
        let mut watch = Watch::new(began);
        let mut shown = false;
        let mut asked = None;
        let mut answered = true;
        while self.waits(TICK) {
            if answered && asked.is_none_or(|(_, at): (u64, Instant)| at.elapsed() >= INTERVAL) {
                let Some(number) = self.ask_helper(&question) else { break };
                asked = Some((number, Instant::now()));
                answered = false;
            }
            while let Some(news) = self.helper_news(Instant::now()) {
                let rows = match news {
                    HelperEvent::Answer(number, rows)
                        if asked.is_some_and(|(n, _)| n == number) =>
                    {
                        rows
                    }
                    // It may come back; the same question has the same number no more.
                    HelperEvent::Ended(_) => Vec::new(),
                    other => {
                        self.hear(other);
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
                    self.output
                        .stderr_as_written(&[ERASE, line.unwrap_or_default().as_bytes()].concat());
                }
            }
        }
        if shown {
            self.output.stderr_as_written(ERASE);
        }
    }

    /// Whether the server says nothing, nor the person, for so long.
    fn waits(&mut self, time: Duration) -> bool {
        self.session.as_mut().is_some_and(|session| session.is_quiet_until(Instant::now() + time))
    }
}
