//! What the rest of the shell asks of the net under production, and tells it.

use super::Interactive;
use crate::connection::Connection;
use crate::console::Console;
use crate::safeguard::Tally;

impl Interactive {
    /// The class of the present connection, if it has one.
    pub fn server_class(&self) -> Option<&str> {
        self.safeguards.class_name()
    }

    /// The user has asked for another connection: what holds in its class, or in the same again, is
    /// in force anew.
    pub fn forget_server_class(&mut self, console: &mut Console) {
        self.safeguards.forget_class(console);
    }

    /// Brings what holds here into force, where anything has changed: another connection, another
    /// SERVERS, READONLY.
    pub fn apply_safeguards(&mut self, console: &mut Console, connection: &mut Connection) {
        self.safeguards.apply(console, connection);
    }

    /// Takes note of a command that was done.
    pub fn note_done(&mut self, tag: &[u8]) {
        self.safeguards.note_done(tag);
    }

    /// What the open transaction has done, as far as is known.
    pub fn transaction_tally(&self) -> &Tally {
        self.safeguards.tally()
    }

    /// A statement is about to be sent: without a transaction, nothing was done in it.
    pub fn begin_tally(&mut self, connection: &Connection) {
        self.safeguards.begin_tally(connection);
    }
}
