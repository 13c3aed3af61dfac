//! How a session was opened: what a cancel request and the helper's connection need to follow it.

use crate::conninfo::Settings;
use crate::network::peer::Peer;
use crate::tls;

/// What a session was opened with, and where.
#[derive(Clone)]
pub struct ConnectParams {
    /// Resolved, with the defaults.
    pub(super) settings: Settings,
    /// The one host and address that took the connection.
    pub(super) peer: Peer,
    /// How the connection is encrypted, if it is.
    pub(super) tls: Option<tls::Config>,
}

impl ConnectParams {
    /// Forgets the passwords of the password file.
    pub(super) fn forget_passfile_passwords(&mut self) {
        self.settings.forget_passfile_passwords();
        self.peer.given.password = None;
    }
}
