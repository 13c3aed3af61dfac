//! Finds out before anything is sent that the server has hung up, so that what a user typed goes to
//! a new connection instead of nowhere.

use super::state::Connection;
use crate::console::{Console, Reported};
use crate::session::TransactionStatus;

/// What a new connection lacks that the old one had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// A transaction was open.
    Transaction,
    /// Commands had left something with the session.
    State,
    /// Nothing that is known of.
    Nothing,
}

impl Lost {
    /// What is gone, in words; `None` if nothing is.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Lost::Transaction => {
                Some("The transaction ended with the old connection; what it had done is undone.")
            }
            Lost::State => {
                Some("What SET, PREPARE, LISTEN and the like did ended with the old connection.")
            }
            Lost::Nothing => None,
        }
    }
}

impl Connection {
    /// Opens the connection anew if a user's has broken since the last answer, before anything is
    /// sent; what was lost with the old one, if that was necessary.
    ///
    /// # Errors
    /// There is no new connection.
    pub fn renew_if_lost(&mut self, console: &mut Console) -> Result<Option<Lost>, Reported> {
        if !console.is_interactive() || self.pipeline.is_on() {
            return Ok(None);
        }
        let Some(status) = self.session.as_mut().and_then(|session| session.hung_up_in()) else {
            return Ok(None);
        };
        let lost = match status {
            TransactionStatus::InTransaction | TransactionStatus::Failed => Lost::Transaction,
            _ if self.holds_state => Lost::State,
            _ => Lost::Nothing,
        };
        let last_words = self.idle_messages(console);
        console.output.stderr_as_written(&last_words);
        // The reason is among these words, or was told before.
        self.errors.loss_reported = true;
        self.on_connection_lost(console, b"");
        if self.is_open() { Ok(Some(lost)) } else { Err(Reported) }
    }

    /// Takes note of what a command that was done leaves with the session.
    pub(super) fn note_session_state(&mut self, tag: &[u8]) {
        match tag {
            b"SET" | b"PREPARE" | b"LISTEN" | b"LOAD" | b"DECLARE CURSOR" => {
                self.holds_state = true;
            }
            b"DISCARD ALL" => self.holds_state = false,
            _ => {}
        }
        match tag {
            b"RESET" | b"DISCARD ALL" => self.settings_changes.resets += 1,
            b"SET" => self.settings_changes.sets += 1,
            _ => {}
        }
    }
}
