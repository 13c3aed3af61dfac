//! What is known of the server's time zones, and what a result must be known of to be shown in other
//! zones than the session's.
//!
//! The server's own database decides, which the shell's may not agree with. The server is asked
//! between statements, outside transactions, once for each zone and connection.

use super::state::Connection;
use super::zone_cache::Parameters;
use crate::catalog_query::CatalogQuery;
use crate::console::Console;
use crate::print::Rows;
use crate::session::TransactionStatus;
use crate::time_zone::{self, DateStyle, Display, Order, Zone, question};
use crate::type_parts::TypeParts;
use std::sync::Arc;

impl Connection {
    /// Before a statement whose result is shown in these zones: asks the server for what is not
    /// known of them yet, and takes note of the settings that it will write the result under.
    pub fn prepare_time_zones(&mut self, console: &mut Console, zones: &[String], sql: &[u8]) {
        let mut sent_under = self.parameters();
        sent_under.may_vary = may_set(sql);
        for zone in zones {
            self.ask_for_zone(console, zone);
        }
        if sent_under.style.is_some_and(|style| style != DateStyle::Iso) {
            self.ask_for_zone(console, &sent_under.zone);
        }
        self.time_zones.sent_under = sent_under;
        self.time_zones.unshown_reported = false;
    }

    /// Before a result is shown that an earlier statement left, under settings that nobody remembers:
    /// only what says all by itself is shown in other zones.
    pub fn forget_sent_settings(&mut self) {
        self.time_zones.sent_under.may_vary = true;
        self.time_zones.unshown_reported = false;
    }

    /// Takes note that the user is told of values shown as they came; whether that is news.
    pub fn note_unshown(&mut self) -> bool {
        !std::mem::replace(&mut self.time_zones.unshown_reported, true)
    }

    /// How a result at hand is shown in these zones.
    pub fn display_in_zones(&mut self, zones: &[String]) -> Display {
        let zones = zones.iter().filter_map(|zone| self.known_zone(zone)).collect();
        let sent_under = &self.time_zones.sent_under;
        let ends_under = Parameters { may_vary: sent_under.may_vary, ..self.parameters() };
        let is_certain = *sent_under == ends_under && !sent_under.may_vary;
        match sent_under.style {
            Some(style) if style != DateStyle::Iso && is_certain => {
                let session = sent_under.zone.clone();
                Display::new(zones, style, self.known_zone(&session))
            }
            // This style says all by itself, and no other is mistaken for it.
            _ => Display::new(zones, DateStyle::Iso, None),
        }
    }

    /// The session's zone by name, as the server reported it.
    pub fn session_zone(&self) -> String {
        String::from_utf8_lossy(self.parameter("TimeZone").unwrap_or_default()).into_owned()
    }

    /// The style in which the session shows dates and times, as the server reported it.
    pub fn date_style(&self) -> Option<DateStyle> {
        DateStyle::from_parameter(self.parameter("DateStyle")?)
    }

    /// Whether the session writes the day before the month, where its style leaves the choice.
    pub fn date_order(&self) -> Order {
        Order::from_parameter(self.parameter("DateStyle").unwrap_or_default())
    }

    /// A zone as the server told of it, or else as the shell's own database has it.
    pub fn known_zone(&mut self, name: &str) -> Option<Arc<Zone>> {
        match self.time_zones.server.get(name) {
            Some(Some(zone)) => Some(zone.clone()),
            Some(None) | None => self.compiled_zone(name),
        }
    }

    /// A zone as the server tells of it; `None` where it can't be asked now, or does not answer.
    pub fn server_zone(&mut self, console: &mut Console, name: &str) -> Option<Arc<Zone>> {
        self.forget_other_connections();
        if let Some(known) = self.time_zones.server.get(name) {
            return known.clone();
        }
        if time_zone::is_notation(name) {
            return self.compiled_zone(name);
        }
        if self.transaction_status() != TransactionStatus::Idle || self.pipeline.is_on() {
            return None;
        }
        let query = question::changes(name, console.encoding());
        let zone = self.ask(console, name, &query).map(Arc::new);
        self.time_zones.server.insert(name.to_owned(), zone.clone());
        zone
    }

    /// A zone as the shell's own database has it.
    pub fn compiled_zone(&mut self, name: &str) -> Option<Arc<Zone>> {
        let look_up = || time_zone::zone(name).map(Arc::new);
        self.time_zones.compiled.entry(name.to_owned()).or_insert_with(look_up).clone()
    }

    /// What another connection's server answered says nothing of this one's.
    pub(super) fn forget_other_connections(&mut self) {
        let known = &mut self.time_zones;
        if known.connection != self.changes.connection {
            known.connection = self.changes.connection;
            known.server.clear();
            known.type_parts = TypeParts::default();
            known.reported.clear();
            known.rounded_floats_reported = false;
        }
    }

    fn ask_for_zone(&mut self, console: &mut Console, name: &str) {
        if self.server_zone(console, name).is_some()
            || self.time_zones.reported.iter().any(|known| known == name)
        {
            return;
        }
        self.time_zones.reported.push(name.to_owned());
        if self.compiled_zone(name).is_some() {
            let version = time_zone::VERSION;
            console.info(format!(
                "The server could not be asked about the time zone \"{name}\"; the shell's own \
                 tables ({version}) are used."
            ));
        }
    }

    fn ask(&mut self, console: &mut Console, name: &str, query: &CatalogQuery) -> Option<Zone> {
        let mut set = self.run_quietly(console, query.as_bytes())?;
        set.rows.rewind().ok()?;
        let mut rows = Vec::new();
        while let Some(row) = set.rows.next().ok()? {
            rows.push([row.get(0), row.get(1)].map(|cell| cell.map(<[u8]>::to_vec)));
        }
        let rows = rows.iter().map(|[at, shown]| (at.as_deref(), shown.as_deref()));
        question::answered(name, rows)
    }

    fn parameters(&self) -> Parameters {
        Parameters { zone: self.session_zone(), style: self.date_style(), may_vary: false }
    }
}

/// Whether a text might set the parameters and take them back, which the server does not always
/// tell of: several statements with a SET among them, or the function.
fn may_set(sql: &[u8]) -> bool {
    let lower = sql.to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
    has(b"set_config") || has(b"set") && has(b";")
}
