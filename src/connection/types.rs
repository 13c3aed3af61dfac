//! What types are made of, as the server told: asked once for each type and connection.

use super::state::Connection;
use crate::catalog_query::CatalogQuery;
use crate::console::Console;
use crate::print::Rows;
use crate::session::TransactionStatus;
use crate::type_parts::TypeParts;

impl Connection {
    /// What these types are made of, as far as it is known or the server can be asked now.
    pub fn type_parts(&mut self, console: &mut Console, type_oids: &[u32]) -> TypeParts {
        self.forget_other_connections();
        let mut parts = self.time_zones.type_parts.clone();
        let mut unknown = type_oids.to_vec();
        unknown.retain(|oid| !parts.knows(*oid));
        if unknown.is_empty() || !self.can_be_asked() {
            return parts;
        }
        let query = self.type_query(console, &unknown);
        if let Some(mut set) = self.run_quietly(console, query.as_bytes()) {
            let mut told = TypeParts::default();
            let _ = set.rows.rewind();
            while let Ok(Some(row)) = set.rows.next() {
                told.learn([0, 1, 2, 3].map(|at| row.get(at)));
            }
            self.add_type_parts(&mut parts, &told, &unknown);
        }
        parts
    }

    /// The question what types are made of.
    pub fn type_query(&self, console: &Console, type_oids: &[u32]) -> CatalogQuery {
        let version = self.session().map_or(0, |session| session.server_version());
        TypeParts::query(type_oids, version, console.encoding())
    }

    /// Adds what was told of these types to what is known, for good if it can't change.
    pub fn add_type_parts(&mut self, known: &mut TypeParts, told: &TypeParts, asked: &[u32]) {
        known.extend(told);
        asked.iter().for_each(|oid| known.forget_if_endless(*oid));
        let lasting = &mut self.time_zones.type_parts;
        lasting.extend(told);
        lasting.forget_rows();
    }

    /// Takes note that the user was told of rounded floats.
    pub fn note_rounded_floats(&mut self) {
        self.forget_other_connections();
        self.time_zones.rounded_floats_reported = true;
    }

    /// Whether the user was told of them on this connection.
    pub fn knows_of_rounded_floats(&mut self) -> bool {
        self.forget_other_connections();
        self.time_zones.rounded_floats_reported
    }

    /// Whether the session has nothing under way, and would answer.
    pub fn can_be_asked(&self) -> bool {
        let answers = matches!(
            self.transaction_status(),
            TransactionStatus::Idle | TransactionStatus::InTransaction
        );
        answers && self.session().is_some_and(|session| session.is_idle()) && !self.pipeline.is_on()
    }
}
