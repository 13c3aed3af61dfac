//! Questions to the connection's helper: starts it when there is need, and publishes how it is.

use super::state::Connection;
use crate::catalog_query::CatalogQuery;
use crate::console::Console;
use crate::session::helper::{Helper, HelperEvent};
use std::time::{Duration, Instant};

/// The variable that tells how the helper is, once there was need of one.
const STATUS: &[u8] = b"HELPER_STATUS";
/// How long no helper is started after one could not connect.
const PAUSE: Duration = Duration::from_secs(60);

impl Connection {
    /// Whether there is a helper, connected or about to be.
    pub fn has_helper(&self) -> bool {
        self.helper.helper.is_some()
    }

    /// Whether the helper's connection stands.
    pub fn is_helper_connected(&self) -> bool {
        self.helper.is_connected
    }

    /// Which helper it is, counted from the first. Another one knows nothing of what was asked.
    pub fn helper_number(&self) -> u64 {
        self.helper.started
    }

    /// Whether the user lets a helper answer, and the session is one that it could stand in for.
    pub fn may_have_helper(&mut self, console: &mut Console) -> bool {
        if !console.variables.allows_helper() {
            self.hang_up_helper(console);
            return false;
        }
        let session = self.session.as_ref();
        session.is_some_and(|session| session.settings().get("replication").is_none())
    }

    /// Puts a query to the helper, which is started if need be; the question's number.
    pub fn ask_helper(&mut self, console: &mut Console, query: &CatalogQuery) -> Option<u64> {
        let sql = std::str::from_utf8(query.as_bytes()).ok()?;
        if self.helper.helper.is_none() {
            if self.helper.pause.is_some_and(|end| Instant::now() < end) {
                return None;
            }
            let params = self.session.as_ref()?.helper_params();
            self.helper.helper = Some(Helper::start(params).ok()?);
            self.helper.started += 1;
            console.variables.put(STATUS, b"connecting");
        }
        Some(self.helper.helper.as_mut()?.ask(sql))
    }

    /// Waits for what the helper tells; `None` if that is nothing in time.
    pub fn next_helper_event(
        &mut self,
        console: &mut Console,
        deadline: Instant,
    ) -> Option<HelperEvent> {
        let event = self.helper.helper.as_ref()?.next_event(deadline)?;
        match &event {
            HelperEvent::Connected => {
                self.helper.is_connected = true;
                console.variables.put(STATUS, b"connected");
            }
            HelperEvent::Ended(reason) => self.give_up_helper(console, reason),
            HelperEvent::Answer(..) | HelperEvent::Refused(_) => {}
        }
        Some(event)
    }

    /// Gives the helper up for this reason; without one it was not needed any more.
    pub fn give_up_helper(&mut self, console: &mut Console, reason: &str) {
        let pause = (!self.helper.is_connected).then(|| Instant::now() + PAUSE);
        self.helper = self.helper.without(pause);
        let status = if reason.is_empty() { "idle" } else { reason };
        console.variables.put(STATUS, status.as_bytes());
    }

    /// Ends the helper's connection: it is not wanted, or a statement is about to run that wants a
    /// database for itself.
    pub fn hang_up_helper(&mut self, console: &mut Console) {
        if let Some(helper) = self.helper.helper.take() {
            helper.hang_up();
            self.helper.is_connected = true;
            self.give_up_helper(console, "");
        }
    }

    /// The connection changed or is given up: its helper goes with it, and all that was known.
    pub(super) fn forget_helper(&mut self, console: &mut Console) {
        if let Some(helper) = self.helper.helper.take() {
            helper.hang_up();
        }
        self.helper = self.helper.without(None);
        let search_path = self.session.as_ref().and_then(|s| s.parameter("search_path"));
        self.changes.begin_connection(search_path);
        console.variables.unset(STATUS);
    }
}
