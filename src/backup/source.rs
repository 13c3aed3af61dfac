//! Where a backup comes from: the server and the database of the session, what is known of them, and who
//! looks on.

use super::failure::{Failure, FailureKind};
use super::side_session::SideSession;
use crate::connection::Connection;
use crate::console::Console;
use crate::interactive::Interactive;
use crate::server_tools::TargetServer;
use crate::session::TransactionStatus;

/// Where a backup comes from.
pub struct Source<'a> {
    /// For programs.
    pub server: TargetServer,
    /// The database that is asked.
    pub database: Vec<u8>,
    /// The session's server process.
    pub pid: i32,
    /// What the session is in the middle of.
    pub transaction: TransactionStatus,
    /// Who looks on.
    pub interactive: &'a Interactive,
    settings: crate::conninfo::Settings,
    encoding_name: Vec<u8>,
}

impl<'a> Source<'a> {
    /// The session's server, and this database of it or the session's own.
    ///
    /// # Errors
    /// There is no session.
    pub fn new(
        connection: &Connection,
        database: Option<&[u8]>,
        interactive: &'a Interactive,
    ) -> Result<Source<'a>, Failure> {
        let not_connected = "You are currently not connected to a database.";
        let missing = || Failure::new(FailureKind::Connection, not_connected);
        let session = connection.session().ok_or_else(missing)?;
        let database = database.unwrap_or(session.database()).to_vec();
        let settings = connection.settings_beside(&database).ok_or_else(missing)?;
        let password = settings.hosts().first().and_then(|host| host.password.clone());
        Ok(Source {
            server: TargetServer::of(session, password),
            pid: session.backend_pid(),
            transaction: connection.transaction_status(),
            encoding_name: session.encoding_name().to_vec(),
            interactive,
            settings,
            database,
        })
    }

    /// Connects beside the session.
    ///
    /// # Errors
    /// The server does not let us in.
    pub fn ask(&self, console: &Console) -> Result<SideSession, Failure> {
        SideSession::open(console, &self.settings, &self.encoding_name)
    }

    /// Whether the server lets us in for a base backup: as for replication.
    ///
    /// # Errors
    /// It does not.
    pub fn try_replication(&self, console: &Console) -> Result<(), Failure> {
        let mut settings = self.settings.clone();
        settings.set("replication", *b"true");
        SideSession::open(console, &settings, &self.encoding_name).map(drop)
    }

    /// The encoding that the session speaks.
    pub fn encoding_name(&self) -> &[u8] {
        &self.encoding_name
    }

    /// The user who connects.
    pub fn user(&self) -> String {
        String::from_utf8_lossy(self.settings.get("user").unwrap_or_default()).into_owned()
    }
}
