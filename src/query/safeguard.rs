//! Asks the user before something is done that a slip of the hand may not mean: a statement that
//! destroys something (CONFIRM), the end of a transaction without AUTOCOMMIT, leaving one that is
//! open. At the prompt alone; a script is never asked.

use super::request::{QueryRequest, ResultAction};
use super::runner::QueryRunner;
use crate::connection::ResultSet;
use crate::console::Reported;
use crate::interactive::{Consent, is_yes};
use crate::print::Rows;
use crate::safeguard::{
    Confirm, Destruction, Estimate, Place, affected, describe, destructions, ends_transaction,
    has_changed_query, statements,
};
use crate::session::TransactionStatus;

/// The most things that are described before one question.
const MOST: usize = 10;

/// What leaving an open transaction comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// `\q`: the user is asked.
    Shell,
    /// `\c`: the user is asked.
    Connection,
    /// Ctrl-D: the user is told, and leaves by another one.
    EndOfInput,
}

impl QueryRunner<'_> {
    /// What goes before a statement at the prompt: the session is as it is to be here, and the user
    /// means it.
    pub(super) fn guard(&mut self, request: &QueryRequest<'_>) -> Result<(), Reported> {
        // Also for a script that the user includes, which may leave a transaction open.
        self.interactive.begin_tally(self.connection);
        if !self.console.shows_own_help() {
            return Ok(());
        }
        self.interactive.apply_safeguards(self.console, self.connection);
        let runs = !matches!(request.plan.action, ResultAction::Describe);
        if !runs || self.connection.transaction_status() == TransactionStatus::Failed {
            return Ok(());
        }
        self.show_what_is_committed(request.text)?;
        let confirm = self.console.variables.confirms();
        if confirm == Confirm::Off {
            return Ok(());
        }
        let statements = statements(request.text, self.console.encoding());
        let destructions = destructions(&statements);
        if destructions.is_empty() {
            return Ok(());
        }
        self.describe_destructions(&destructions);
        self.confirm(confirm)
    }

    /// Without AUTOCOMMIT: what the transaction has done, before it is made to last.
    fn show_what_is_committed(&mut self, text: &[u8]) -> Result<(), Reported> {
        let tally = self.interactive.transaction_tally();
        let is_open = self.connection.transaction_status() == TransactionStatus::InTransaction;
        if self.console.settings().autocommit || !is_open || tally.is_empty() {
            return Ok(());
        }
        if !ends_transaction(&statements(text, self.console.encoding())) {
            return Ok(());
        }
        let words = format!("This transaction: {}.", tally.in_words());
        self.console.tell(words);
        match self.console.variables.confirms() {
            Confirm::Off => Ok(()),
            _ => self.ask(b"Commit it? [y/N] ", is_yes),
        }
    }

    /// Says what is about to be destroyed, how much of it, and where.
    fn describe_destructions(&mut self, destructions: &[Destruction<'_>]) {
        for destruction in destructions.iter().take(MOST) {
            let mut line = describe(destruction);
            let estimates = self.estimate(destruction);
            if !estimates.is_empty() {
                line = [&line[..], b": ", &affected(&estimates)].concat();
            }
            self.console.tell(line);
        }
        let others = destructions.len().saturating_sub(MOST);
        if others > 0 {
            self.console.tell(format!("... and {others} more."));
        }
        let place = self.place();
        self.console.tell(place);
    }

    /// What is known of how much a statement would touch. Nothing is asked inside a pipeline.
    fn estimate(&mut self, destruction: &Destruction<'_>) -> Vec<Estimate> {
        if self.connection.pipeline().is_on() {
            return Vec::new();
        }
        self.estimate_in_time(destruction)
    }

    /// Where statements run, in words.
    fn place(&self) -> Vec<u8> {
        let Some(session) = self.connection.session() else { return Vec::new() };
        let user = self.connection.parameter("session_authorization").unwrap_or(session.user());
        let place = Place {
            class: self.interactive.server_class(),
            database: session.database(),
            user,
            host: session.host(),
            port: session.port(),
        };
        place.in_words()
    }

    /// Before a script that the user includes: its statements are not asked about one by one, so the
    /// script is.
    ///
    /// # Errors
    /// It is not to run.
    pub fn confirm_script(&mut self, name: &[u8]) -> Result<(), Reported> {
        let confirm = self.console.variables.confirms();
        if confirm == Confirm::Off || !self.console.shows_own_help() || !self.connection.is_open() {
            return Ok(());
        }
        let text =
            [b"What \"", name, b"\" holds is not asked about statement by statement."].concat();
        self.console.tell(text);
        let place = self.place();
        self.console.tell(place);
        self.confirm(confirm)
    }

    fn confirm(&mut self, confirm: Confirm) -> Result<(), Reported> {
        if confirm != Confirm::Typed {
            return self.ask(b"Run it? [y/N] ", is_yes);
        }
        let database = self.connection.session().map(|session| session.database().to_vec());
        let is_name = |answer: &[u8]| database.as_deref() == Some(answer);
        self.ask(b"Type the name of the database to run it: ", is_name)
    }

    /// Asks whether something is to be done that is no statement.
    pub fn consents(&mut self, question: &[u8]) -> bool {
        self.interactive.consent(self.console, question, is_yes) == Consent::Yes
    }

    /// Asks, on the terminal; all but an answer that says so is a no.
    fn ask(&mut self, question: &[u8], says_yes: impl Fn(&[u8]) -> bool) -> Result<(), Reported> {
        match self.interactive.consent(self.console, question, says_yes) {
            Consent::Yes => return Ok(()),
            Consent::No => {}
            // With \gexec there may be more to come.
            Consent::Interrupted => self.console.interrupts.give_up_work(),
        }
        Err(self.console.tell("Nothing was sent."))
    }

    /// Whether the open transaction has changed something, which leaving takes back. What functions
    /// did, only the server knows (since 10): it has given the transaction a number then.
    fn would_lose_work(&mut self) -> bool {
        if self.connection.transaction_status() != TransactionStatus::InTransaction
            || self.connection.pipeline().is_on()
        {
            return false;
        }
        let Some(session) = self.connection.session_mut() else { return false };
        if session.hung_up_in().is_some() {
            return false;
        }
        if !self.interactive.transaction_tally().is_empty() {
            return true;
        }
        let answer = self.connection.run_tersely(self.console, has_changed_query().as_bytes());
        answer.is_ok_and(|set| first_cell(set).as_deref() == Some(b"t"))
    }

    /// Before the session ends: asks, or tells, if that takes back what an open transaction has done.
    ///
    /// # Errors
    /// The user is to stay.
    pub fn confirm_leaving(&mut self, leaving: Leaving) -> Result<(), Reported> {
        if !self.console.shows_own_help() || !self.would_lose_work() {
            return Ok(());
        }
        let tally = self.interactive.transaction_tally();
        let done = match tally.is_empty() {
            true => String::new(),
            false => format!(" ({})", tally.in_words()),
        };
        let text = format!("A transaction is open{done}; leaving takes back what it has done.");
        self.console.tell(text);
        match leaving {
            Leaving::EndOfInput => {
                Err(self.console.tell("COMMIT makes it last; Ctrl-D once more leaves."))
            }
            Leaving::Shell => self.ask_to_leave(b"Leave? [y/N] "),
            Leaving::Connection => self.ask_to_leave(b"Leave this connection? [y/N] "),
        }
    }

    fn ask_to_leave(&mut self, question: &[u8]) -> Result<(), Reported> {
        match self.interactive.consent(self.console, question, is_yes) {
            Consent::Yes => Ok(()),
            Consent::No | Consent::Interrupted => Err(Reported),
        }
    }
}

/// The first value of a result.
pub(super) fn first_cell(mut set: ResultSet) -> Option<Vec<u8>> {
    set.rows.rewind().ok()?;
    set.rows.next().ok()??.get(0).map(<[u8]>::to_vec)
}
