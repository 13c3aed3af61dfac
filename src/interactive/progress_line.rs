//! Shows a user how long a statement has run that takes its time, and how far it has come: one line
//! on the terminal, written again and again and gone before anything else is written.

use super::Interactive;
use super::TransferLine;
use super::long_statement::{Inquiry, LongStatement};
use crate::connection::Connection;
use crate::console::Console;
use crate::progress::{Report, Transfer};
use crate::session::helper::HelperEvent;
use std::time::{Duration, Instant};

/// How long a statement runs before anybody wonders.
const DELAY: Duration = Duration::from_secs(1);
/// How often to poll for an answer.
const TICK: Duration = Duration::from_millis(100);

impl Interactive {
    /// Waits for the server's next word on what was sent at `began`, showing progress meanwhile, if
    /// a user is there to see it.
    pub fn show_progress(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        began: Instant,
    ) {
        let wanted = console.shows_own_help()
            && self.editor.as_ref().is_some_and(|editor| !editor.is_plain())
            && console.variables.shows_progress()
            && crate::terminal::stderr_is_tty();
        if !wanted {
            return;
        }
        let rest = DELAY.saturating_sub(began.elapsed());
        if !rest.is_zero() && !waits(connection, rest) {
            return;
        }
        let known = self.progress.take().filter(|statement| statement.began == began);
        let mut statement = known.unwrap_or_else(|| LongStatement::new(console, connection, began));
        loop {
            if statement.told.is_none_or(|at| at.elapsed() >= TICK) {
                self.tell(&mut statement, console, connection);
            }
            if !waits(connection, TICK) {
                break;
            }
        }
        self.progress = Some(statement);
    }

    /// The line of a transfer that begins, if there is a user to see it: at a prompt (in what `\i` reads
    /// there as well) whose terminal can take a line back, unless PROGRESS is off. A script's user has to
    /// have asked for it.
    pub fn transfer_line(&self, console: &Console, transfer: Transfer) -> Option<TransferLine> {
        let is_wanted = match &self.editor {
            Some(editor) => !editor.is_plain() && console.variables.shows_progress(),
            None => console.variables.asks_for_progress() && takes_lines_back(console),
        };
        (is_wanted && crate::terminal::stderr_is_tty()).then(|| TransferLine::new(transfer))
    }

    /// Writes the line anew, if it is another one.
    fn tell(
        &mut self,
        statement: &mut LongStatement,
        console: &mut Console,
        connection: &mut Connection,
    ) {
        self.inquire(&mut statement.inquiry, console, connection);
        let now = Instant::now();
        // The last column stays free: some terminals would begin another line.
        let columns = crate::terminal::size().map_or(80, |(columns, _)| columns);
        let report = statement.inquiry.report.as_ref();
        let text = statement.watch.line(report, now, columns.saturating_sub(1));
        console.output.show_status(text, columns);
        statement.told = Some(now);
    }

    /// The statement is done.
    pub fn end_progress(&mut self, console: &mut Console) {
        self.progress = None;
        console.output.clear_status();
    }

    /// Asks the helper when it is time to, and takes what it answers.
    fn inquire(
        &mut self,
        inquiry: &mut Inquiry,
        console: &mut Console,
        connection: &mut Connection,
    ) {
        if let Some(question) = inquiry.due() {
            match connection.ask_helper(console, question) {
                Some(number) => inquiry.asked = Some((number, Instant::now())),
                None => inquiry.question = None,
            }
        }
        while let Some(event) = connection.next_helper_event(console, Instant::now()) {
            match event {
                HelperEvent::Answer(number, rows) if inquiry.awaits(number) => {
                    inquiry.answered(rows.first().map(|row| Report::new(row)));
                }
                // It may come back; the same question has the same number no more.
                HelperEvent::Ended(_) => inquiry.answered(None),
                other => {
                    self.completion.handle(other);
                }
            }
        }
    }
}

/// Whether the server says nothing, nor the user, for so long.
fn waits(connection: &mut Connection, time: Duration) -> bool {
    let session = connection.session_mut();
    session.is_some_and(|session| session.is_quiet_until(Instant::now() + time))
}

/// Whether this terminal, where no editor is, can take back what is written.
fn takes_lines_back(console: &Console) -> bool {
    let term = std::env::var("TERM");
    !console.input.has_user() && !matches!(term.as_deref(), Err(_) | Ok("" | "dumb"))
}
