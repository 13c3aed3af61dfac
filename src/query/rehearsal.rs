//! What is done only to be taken back: in a transaction of its own, or inside one of the user's from a
//! savepoint on.

use super::runner::QueryRunner;
use crate::console::Reported;
use crate::session::TransactionStatus;

/// How work that is taken back is begun.
pub(super) struct Rehearsal<'a> {
    /// The command that it belongs to, for messages.
    pub command: &'a str,
    /// What begins a transaction of its own.
    pub begin: &'a str,
    /// The name of the savepoint inside one of the user's.
    pub savepoint: &'a str,
}

impl QueryRunner<'_> {
    /// Does work and takes back what it did.
    ///
    /// # Errors
    /// The work failed, could not begin or could not be taken back.
    pub(super) fn rehearse<T>(
        &mut self,
        rehearsal: &Rehearsal<'_>,
        work: impl FnOnce(&mut Self) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        let savepoint = rehearsal.savepoint;
        let (begin, end) = match self.connection.transaction_status() {
            TransactionStatus::InTransaction => (
                format!("SAVEPOINT {savepoint}"),
                format!("ROLLBACK TO {savepoint}; RELEASE {savepoint}"),
            ),
            TransactionStatus::Idle => (rehearsal.begin.to_owned(), "ROLLBACK".to_owned()),
            TransactionStatus::Active | TransactionStatus::Failed | TransactionStatus::Unknown => {
                let command = rehearsal.command;
                let text = format!("\\{command}: the transaction has failed; ROLLBACK ends it");
                return Err(self.console.error(text));
            }
        };
        self.connection.change_setting(self.console, &begin)?;
        let done = work(self);
        let ended = match self.connection.is_open() {
            true => self.connection.change_setting(self.console, &end),
            false => Err(Reported),
        };
        self.interactive.end_progress(self.console);
        let done = done?;
        ended.map(|()| done)
    }
}
