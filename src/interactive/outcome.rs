//! How a statement ran, and where.

use crate::connection::Connection;
use crate::error_fields::ErrorFields;
use crate::history::{Context, Run};
use std::time::Duration;

/// The port that goes without saying.
const USUAL_PORT: &[u8] = b"5432";

/// The run of the newest entry, so far.
pub(super) struct RunSoFar {
    pub run: Run,
    pub error_at: Option<usize>,
    /// The words it uses, which count once it has succeeded.
    pub words: Vec<Vec<u8>>,
}

/// How a query went.
#[derive(Debug)]
pub struct QueryOutcome<'a> {
    /// What was sent.
    pub text: &'a [u8],
    /// How long it took.
    pub elapsed: Duration,
    /// The rows that came, or that it changed.
    pub rows: Option<u64>,
    /// Whether anything failed.
    pub failed: bool,
    /// What the server said then.
    pub error: Option<&'a ErrorFields>,
}

/// Where statements run now.
pub(super) fn context(connection: &Connection) -> Context {
    let Some(session) = connection.session() else { return Context::default() };
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let mut host = text(session.host());
    if session.port() != USUAL_PORT {
        host = format!("{host}:{}", text(session.port()));
    }
    Context { database: text(session.database()), host, user: text(session.user()) }
}
