//! What was learned of time zones, and the settings a statement was sent under.

use crate::time_zone::{DateStyle, Zone};
use crate::type_parts::TypeParts;
use std::collections::HashMap;
use std::sync::Arc;

/// The zones that were looked at, and the settings that results are written under.
#[derive(Debug, Default)]
pub(super) struct TimeZones {
    /// Which connection was asked.
    pub connection: u64,
    /// What it answered; `None` for a zone that it gave no answer of.
    pub server: HashMap<String, Option<Arc<Zone>>>,
    /// What the database compiled in says; `None` for a zone that it doesn't have.
    pub compiled: HashMap<String, Option<Arc<Zone>>>,
    /// What types are made of that can't be altered.
    pub type_parts: TypeParts,
    /// Zones of which the user knows that the shell's own database is used.
    pub reported: Vec<String>,
    /// The user knows that the server rounds floats.
    pub rounded_floats_reported: bool,
    /// `TimeZone` and `DateStyle` as they were when the statement was sent.
    pub sent_under: Parameters,
    /// The user knows that values of this statement's results are shown as they came.
    pub unshown_reported: bool,
}

/// The parameters that timestamps are written under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    pub zone: String,
    pub style: Option<DateStyle>,
    /// The statement may set them and take them back.
    pub may_vary: bool,
}
