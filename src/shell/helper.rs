//! The shell's helper (`session/helper`): starts it when there is need, and tells how it is.

use super::Shell;
use crate::catalog_query::CatalogQuery;
use crate::session::helper::{Helper, HelperEvent};
use crate::variables::parse_bool;
use std::time::{Duration, Instant};

/// The variable that switches the helper off.
const SWITCH: &[u8] = b"HELPER";
/// The variable that tells how the helper is, once there was need of one.
const STATUS: &[u8] = b"HELPER_STATUS";
/// How long no helper is started after one could not connect.
const PAUSE: Duration = Duration::from_secs(60);

/// The helper of the present connection.
#[derive(Default)]
pub struct Aide {
    helper: Option<Helper>,
    connected: bool,
    /// No helper is started before.
    pause: Option<Instant>,
}

impl Aide {
    /// Whether there is a helper, connected or about to be.
    pub fn is_there(&self) -> bool {
        self.helper.is_some()
    }

    /// Whether its connection stands.
    pub fn is_connected(&self) -> bool {
        self.connected
    }
}

impl Shell {
    /// Whether the person lets a helper answer, and the session is one that it could stand in for.
    pub(super) fn may_have_helper(&mut self) -> bool {
        if self.variables.get(SWITCH).and_then(parse_bool) == Some(false) {
            self.hang_up_helper();
            return false;
        }
        let session = self.session.as_ref();
        session.is_some_and(|session| session.settings().get("replication").is_none())
    }

    /// Puts a query to the helper, which is started if need be; the question's number.
    pub(super) fn ask_helper(&mut self, query: &CatalogQuery) -> Option<u64> {
        let sql = std::str::from_utf8(query.as_bytes()).ok()?;
        if self.aide.helper.is_none() {
            if self.aide.pause.is_some_and(|end| Instant::now() < end) {
                return None;
            }
            let params = self.session.as_ref()?.helper_params();
            self.aide.helper = Some(Helper::start(params).ok()?);
            self.variables.put(STATUS, b"connecting");
        }
        Some(self.aide.helper.as_mut()?.ask(sql))
    }

    /// Waits for what the helper tells; `None` if that is nothing in time.
    pub(super) fn helper_news(&mut self, deadline: Instant) -> Option<HelperEvent> {
        let news = self.aide.helper.as_ref()?.next_event(deadline)?;
        match &news {
            HelperEvent::Connected => {
                self.aide.connected = true;
                self.variables.put(STATUS, b"connected");
            }
            HelperEvent::Ended(reason) => self.helper_ended(reason),
            HelperEvent::Answer(..) | HelperEvent::Refused(_) => {}
        }
        Some(news)
    }

    /// Gives the helper up for this reason; without one it was not needed any more.
    pub(super) fn helper_ended(&mut self, reason: &str) {
        let pause = (!self.aide.connected).then(|| Instant::now() + PAUSE);
        self.aide = Aide { pause, ..Aide::default() };
        self.names.forget_questions();
        let status = if reason.is_empty() { "idle" } else { reason };
        self.variables.put(STATUS, status.as_bytes());
    }

    /// Ends the helper's connection: it is not wanted, or a statement is about to run that wants a
    /// database for itself.
    pub(super) fn hang_up_helper(&mut self) {
        if let Some(helper) = self.aide.helper.take() {
            helper.hang_up();
            self.aide.connected = true;
            self.helper_ended("");
        }
    }

    /// The connection changed or is given up: its helper, and all that was known, goes with it.
    pub(super) fn forget_helper(&mut self) {
        if let Some(helper) = self.aide.helper.take() {
            helper.hang_up();
        }
        self.aide = Aide::default();
        self.forget_names();
        self.variables.unset(STATUS);
    }
}
