//! How much a statement would touch, before it runs: the planner's estimate, or what is stored.
//!
//! Asked inside a transaction or a savepoint that is taken back, under timeouts: the user's own
//! transaction is as before, whatever comes of it.

use super::runner::QueryRunner;
use crate::connection::ResultSet;
use crate::print::Rows;
use crate::safeguard::{Destruction, Effect, Estimate, planned_rows, stored_query};
use crate::session::TransactionStatus;

/// How long the server may take, and how long it may wait for a lock.
const TIMEOUTS: &str = "SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '500ms'";
const SAVEPOINT: &str = "pgsh_estimate";
/// The most relations whose sizes are asked for.
const MOST: usize = 10;

impl QueryRunner<'_> {
    /// What is known of how much a statement would touch.
    pub(super) fn estimate_in_time(&mut self, destruction: &Destruction<'_>) -> Vec<Estimate> {
        let has_estimate = match destruction.effect {
            Effect::Delete | Effect::Update | Effect::Merge => destruction.planned.is_some(),
            Effect::DropRows | Effect::Truncate => true,
            Effect::Drop | Effect::AlterDrop => false,
        };
        if !has_estimate {
            return Vec::new();
        }
        let (begin, end) = match self.connection.transaction_status() {
            TransactionStatus::Idle => ("BEGIN READ ONLY".to_owned(), "ROLLBACK".to_owned()),
            TransactionStatus::InTransaction => (
                format!("SAVEPOINT {SAVEPOINT}"),
                format!("ROLLBACK TO {SAVEPOINT}; RELEASE {SAVEPOINT}"),
            ),
            TransactionStatus::Active | TransactionStatus::Failed | TransactionStatus::Unknown => {
                return Vec::new();
            }
        };
        if self.connection.change_setting(self.console, &begin).is_err() {
            return Vec::new();
        }
        // A server too old for one of them has neither.
        let timed = self.connection.change_setting(self.console, TIMEOUTS);
        let estimates = match (timed, destruction.planned) {
            (Err(_), _) => Vec::new(),
            (Ok(()), Some(statement)) => self.planned(statement),
            (Ok(()), None) => self.stored(&destruction.relations),
        };
        let _ = self.connection.change_setting(self.console, &end);
        estimates
    }

    /// What the planner expects.
    fn planned(&mut self, statement: &[u8]) -> Vec<Estimate> {
        let sql = [b"EXPLAIN ", statement].concat();
        match self.connection.run_tersely(self.console, &sql) {
            Ok(set) => planned_rows(&cells(set)).map(Estimate::Rows).into_iter().collect(),
            Err(reason) => vec![Estimate::Unknown(reason)],
        }
    }

    /// What is stored in these relations.
    fn stored(&mut self, relations: &[&[u8]]) -> Vec<Estimate> {
        let mut found = Vec::new();
        for relation in relations.iter().take(MOST) {
            let query = stored_query(relation, self.console.encoding());
            let Ok(set) = self.connection.run_tersely(self.console, query.as_bytes()) else {
                return found;
            };
            let [rows, Some(size)] = &cells(set)[..] else { continue };
            found.push(Estimate::Stored {
                relation: relation.to_vec(),
                rows: rows.as_ref().and_then(|rows| std::str::from_utf8(rows).ok()?.parse().ok()),
                size: size.clone(),
            });
        }
        found
    }
}

/// All values of a result, one after the other.
fn cells(mut set: ResultSet) -> Vec<Option<Vec<u8>>> {
    let mut found = Vec::new();
    if set.rows.rewind().is_ok() {
        while let Ok(Some(row)) = set.rows.next() {
            found.extend(row.cells().map(|cell| cell.map(<[u8]>::to_vec)));
        }
    }
    found
}
