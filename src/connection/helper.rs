//! The state of the connection's helper (`session/helper`).

use crate::session::helper::Helper;
use std::time::Instant;

/// The helper of the present connection.
#[derive(Default)]
pub(super) struct HelperConnection {
    pub helper: Option<Helper>,
    pub is_connected: bool,
    /// No helper is started before.
    pub pause: Option<Instant>,
    /// How many were started.
    pub started: u64,
}

impl HelperConnection {
    /// No helper, after this one.
    pub fn without(&self, pause: Option<Instant>) -> HelperConnection {
        HelperConnection { pause, started: self.started, ..HelperConnection::default() }
    }
}
