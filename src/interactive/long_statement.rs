//! A statement that takes its time: what is known of it, and what the helper is asked.

use crate::catalog_query::CatalogQuery;
use crate::connection::Connection;
use crate::console::Console;
use crate::progress::{Report, Watch, query};
use std::time::{Duration, Instant};

/// How often the helper is asked.
const INTERVAL: Duration = Duration::from_millis(500);

/// A statement that takes its time.
pub(super) struct LongStatement {
    pub began: Instant,
    pub watch: Watch,
    pub inquiry: Inquiry,
    /// When its line was last made.
    pub told: Option<Instant>,
}

impl LongStatement {
    /// One that began then.
    pub fn new(
        console: &mut Console,
        connection: &mut Connection,
        began: Instant,
    ) -> LongStatement {
        let inquiry = Inquiry::about(console, connection);
        LongStatement { began, watch: Watch::new(began), inquiry, told: None }
    }
}

/// What is asked of the server about a statement, and what it said.
pub(super) struct Inquiry {
    /// `None` if nobody can be asked.
    pub question: Option<CatalogQuery>,
    /// The number of the question put last, and when that was.
    pub asked: Option<(u64, Instant)>,
    is_answered: bool,
    pub report: Option<Report>,
}

impl Inquiry {
    fn about(console: &mut Console, connection: &mut Connection) -> Inquiry {
        let session = connection.may_have_helper(console).then(|| connection.session()).flatten();
        let question = session.and_then(|s| query(s.backend_pid(), s.server_version()));
        Inquiry { question, asked: None, is_answered: true, report: None }
    }

    /// The question, if it is to be put now.
    pub fn due(&mut self) -> Option<&CatalogQuery> {
        let rested = self.asked.is_none_or(|(_, at)| at.elapsed() >= INTERVAL);
        if !self.is_answered || !rested {
            return None;
        }
        self.is_answered = self.question.is_none();
        self.question.as_ref()
    }

    /// Whether this is the number of the question put last.
    pub fn awaits(&self, number: u64) -> bool {
        self.asked.is_some_and(|(asked, _)| asked == number)
    }

    pub fn answered(&mut self, report: Option<Report>) {
        self.is_answered = true;
        self.report = report;
    }
}
