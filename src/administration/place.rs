//! Where the shell itself is on a server.

use crate::catalog_query::CatalogQuery;
use crate::describe::Context;
use crate::encoding::Encoding;

/// Where the shell itself is on the server, and what depends on it.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The server, the database, the encoding of questions and answers.
    pub context: Context,
    /// The process of the session.
    pub session: i32,
    /// The process of the session's helper, if it has one.
    pub helper: Option<i32>,
    /// The server as a question names it: `db.example:5432, database shop`.
    pub server: Vec<u8>,
    /// Questions are asked within a transaction of the user's, where the server answers what it
    /// answered first unless told otherwise.
    pub is_in_transaction: bool,
}

impl Place {
    /// Whether the server is of this version or newer.
    pub(super) fn at_least(&self, version: i32) -> bool {
        self.context.version >= version
    }

    /// The encoding of questions and answers.
    pub(super) fn encoding(&self) -> Encoding {
        self.context.encoding
    }

    /// A question about the present.
    pub(super) fn question(&self, sql: impl AsRef<[u8]>) -> CatalogQuery {
        const FORGET: &str = "SELECT pg_catalog.pg_stat_clear_snapshot()";
        let query = CatalogQuery::new(sql, self.encoding());
        match self.is_in_transaction {
            true => query.after(CatalogQuery::new(FORGET, self.encoding())),
            false => query,
        }
    }

    /// Whether a process is the shell's own session or its helper.
    pub(super) fn is_own(&self, pid: i32) -> bool {
        pid == self.session || Some(pid) == self.helper
    }
}
