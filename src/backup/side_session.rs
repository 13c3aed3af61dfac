//! A connection of the backup's own beside the session: it asks what there is and holds the snapshot, while
//! the session stays as it is, whatever state it is in.

use super::failure::{Failure, FailureKind};
use super::queries;
use crate::catalog_query::CatalogQuery;
use crate::conninfo::Settings;
use crate::console::Console;
use crate::encoding::Encoding;
use crate::print::Row;
use crate::session::{ErrorFields, Event, Session};

/// A row's values; NULL is `None`.
pub type Values = Vec<Option<Vec<u8>>>;

/// A connection beside the session.
pub struct SideSession {
    session: Session,
}

/// Why a question has no answer.
#[derive(Debug)]
pub enum QueryError {
    /// The server refused it.
    Refused(ErrorFields),
    /// The connection broke.
    Lost(Vec<u8>),
    /// Ctrl-C.
    Interrupted,
}

impl QueryError {
    /// What is said of it.
    pub fn text(&self) -> String {
        let text = match self {
            QueryError::Refused(fields) => fields.get(b'M').unwrap_or_default(),
            QueryError::Lost(reason) => reason,
            QueryError::Interrupted => b"stopped",
        };
        String::from_utf8_lossy(text).trim_end().to_owned()
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Failure {
        let kind = match &error {
            QueryError::Refused(_) => FailureKind::Refused,
            QueryError::Lost(_) => FailureKind::Connection,
            QueryError::Interrupted => FailureKind::Stopped,
        };
        Failure::new(kind, error.text())
    }
}

impl SideSession {
    /// Connects. What comes back is in the encoding of that name.
    ///
    /// # Errors
    /// The server does not let us in.
    pub fn open(
        console: &Console,
        settings: &Settings,
        encoding_name: &[u8],
    ) -> Result<SideSession, Failure> {
        let mut settings = settings.clone();
        settings.set("client_encoding", encoding_name);
        settings.set("application_name", console.program());
        let session = Session::connect(&settings, console.interrupts.owned_fd());
        let session = session.map_err(|error| {
            let text = String::from_utf8_lossy(&error.message).into_owned();
            Failure::new(FailureKind::Connection, text)
        })?;
        Ok(SideSession { session })
    }

    /// The server's version as `server_version_num` has it.
    pub fn version(&self) -> i32 {
        self.session.server_version()
    }

    /// The server's version as it tells it.
    pub fn version_text(&self) -> String {
        let text = self.session.parameter("server_version").unwrap_or_default();
        String::from_utf8_lossy(text).into_owned()
    }

    /// The encoding of what is asked and answered.
    pub fn encoding(&self) -> Encoding {
        self.session.encoding()
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// There is none.
    pub fn ask(&mut self, query: &CatalogQuery) -> Result<Vec<Values>, QueryError> {
        self.session.query(query.as_bytes());
        let mut rows = Vec::new();
        let mut failed = None;
        let lost = |error: crate::session::ConnectionLost| QueryError::Lost(error.message);
        loop {
            let cancel = match self.session.next_event().map_err(lost)? {
                Event::Ready(_) => return failed.map_or(Ok(rows), Err),
                Event::DataRow(body) => {
                    rows.push(
                        Row::trusted(body).cells().map(|cell| cell.map(<[u8]>::to_vec)).collect(),
                    );
                    false
                }
                Event::Error(fields) => {
                    failed.get_or_insert(QueryError::Refused(fields));
                    false
                }
                Event::Interrupted => true,
                _ => false,
            };
            if cancel {
                failed = Some(QueryError::Interrupted);
                // One that is not heard ends with the query.
                let _ = self.session.cancel_token().cancel();
            }
        }
    }

    /// A text of the session's encoding in the database's own, which programs speak by themselves.
    ///
    /// # Errors
    /// It has characters that the database does not know.
    pub fn in_database_encoding(&mut self, given: &[u8]) -> Result<Vec<u8>, Failure> {
        if given.is_ascii() {
            return Ok(given.to_vec());
        }
        let row = self.ask_row(&queries::in_database_encoding(given, self.encoding()))?;
        let digits = text(&row, 0);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        Ok(digits.as_bytes().chunks(2).filter_map(byte).collect())
    }

    /// Asks for one row; its values, none where there is no row.
    ///
    /// # Errors
    /// As [`SideSession::ask`]'s.
    pub fn ask_row(&mut self, query: &CatalogQuery) -> Result<Values, QueryError> {
        self.ask(query).map(|rows| rows.into_iter().next().unwrap_or_default())
    }
}

/// A value as text; NULL and what is not there are empty.
pub fn text(values: &Values, at: usize) -> String {
    let value = values.get(at).and_then(Option::as_ref);
    value.map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
}

/// A value as a number; 0 where it is none.
pub fn number(values: &Values, at: usize) -> u64 {
    text(values, at).parse().unwrap_or(0)
}

/// A boolean's value.
pub fn is_true(values: &Values, at: usize) -> bool {
    text(values, at) == "t"
}
