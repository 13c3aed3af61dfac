//! Sessions of the superuser on a cluster: they create and drop databases.

use crate::catalog_query::CatalogQuery;
use crate::conninfo::{self, Settings};
use crate::encoding::Encoding;
use crate::print::Row;
use crate::session::{Event, Session};

use super::cluster::{self, Cluster};
use super::error::Error;

/// Opens a session of the superuser on a cluster that runs, whatever the environment says.
///
/// # Errors
/// The server doesn't let us in.
pub fn connect(cluster: &Cluster, database: &str) -> Result<Session, Error> {
    let mut given = Settings::default();
    given.set("host", cluster.socket().as_os_str().as_encoded_bytes());
    given.set("port", cluster::PORT);
    given.set("user", cluster::USER);
    given.set("dbname", database);
    let resolved = conninfo::resolve(&given, &|_| None, &|_| None, &|| Ok(cluster::USER.into()));
    let settings = resolved.map_err(|e| Error::new(String::from_utf8_lossy(&e.message)))?;
    Session::connect(&settings, None).map_err(|e| Error::new(String::from_utf8_lossy(&e.message)))
}

/// The session that creates and drops databases.
pub(super) struct Admin {
    session: Session,
    major_version: u32,
}

impl Admin {
    /// Connects.
    ///
    /// # Errors
    /// The server doesn't let us in.
    pub fn connect(cluster: &Cluster) -> Result<Admin, Error> {
        let session = connect(cluster, "postgres")?;
        Ok(Admin { session, major_version: cluster.server().major })
    }

    /// Creates a database, unless there is one of this name, and its owner, if that is to be a role of its
    /// own: one that may nothing else.
    ///
    /// # Errors
    /// The server refuses.
    pub fn create_database(&mut self, name: &str, owner: Option<&str>) -> Result<(), Error> {
        let mut sql = format!("CREATE DATABASE {}", quote(name));
        if let Some(owner) = owner {
            let owner = quote(owner);
            if let Some(state) = self.execute(&format!("CREATE ROLE {owner} LOGIN"))? {
                return Err(Error::new(format!("could not create role {owner} ({state})")));
            }
            sql = format!("{sql} OWNER {owner}");
        }
        match self.execute(&sql)?.as_deref() {
            None | Some("42P04") => Ok(()), // there already: kept from last time
            Some(state) => {
                Err(Error::new(format!("could not create database \"{name}\" ({state})")))
            }
        }
    }

    /// Drops a database, if there is one of this name, and the role of that name.
    ///
    /// # Errors
    /// The server refuses.
    pub fn drop_database(&mut self, name: &str) -> Result<(), Error> {
        let force = if self.major_version >= 13 { " WITH (FORCE)" } else { "" };
        match self.execute(&format!("DROP DATABASE IF EXISTS {}{force}", quote(name)))? {
            None => {}
            Some(state) => {
                return Err(Error::new(format!("could not drop database \"{name}\" ({state})")));
            }
        }
        match self.execute(&format!("DROP ROLE IF EXISTS {}", quote(name)))? {
            None => Ok(()),
            Some(state) => Err(Error::new(format!("could not drop role \"{name}\" ({state})"))),
        }
    }

    /// Drops a database that somebody keeps under this name.
    ///
    /// # Errors
    /// The server refuses: somebody is connected to it, by whatever program.
    pub fn drop_kept_database(&mut self, name: &str) -> Result<(), Error> {
        match self.execute(&format!("DROP DATABASE {}", quote(name)))?.as_deref() {
            None => Ok(()),
            Some("55006") => Err(Error::in_use(name)),
            Some("3D000") => Err(Error::new(format!("there is no scratch database \"{name}\""))),
            Some(state) => Err(Error::new(format!("could not drop database \"{name}\" ({state})"))),
        }
    }

    /// The OIDs and names of all databases that are no templates.
    ///
    /// # Errors
    /// The server doesn't answer.
    pub fn databases(&mut self) -> Result<Vec<(String, String)>, Error> {
        let mut found = Vec::new();
        let sql = "SELECT d.oid, d.datname FROM pg_catalog.pg_database d WHERE NOT d.datistemplate";
        let query = CatalogQuery::new(sql, Encoding::Utf8);
        let failed = self.run(query.as_bytes(), &mut |row| {
            let text =
                |index| String::from_utf8_lossy(row.get(index).unwrap_or_default()).into_owned();
            found.push((text(0), text(1)));
        })?;
        match failed {
            None => Ok(found),
            Some(state) => Err(Error::new(format!("could not list the databases ({state})"))),
        }
    }

    /// Runs `sql`; the SQLSTATE of its error, if any.
    fn execute(&mut self, sql: &str) -> Result<Option<String>, Error> {
        self.run(sql.as_bytes(), &mut |_| {})
    }

    /// As `execute`, with each row of the result handed over.
    fn run(
        &mut self,
        sql: &[u8],
        on_row: &mut dyn FnMut(Row<'_>),
    ) -> Result<Option<String>, Error> {
        self.session.query(sql);
        let mut state = None;
        loop {
            match self
                .session
                .next_event()
                .map_err(|e| Error::new(String::from_utf8_lossy(&e.message)))?
            {
                Event::Error(fields) => {
                    state = Some(
                        String::from_utf8_lossy(fields.get(b'C').unwrap_or_default()).into_owned(),
                    );
                }
                Event::DataRow(body) => on_row(Row::trusted(body)),
                Event::Ready(_) => return Ok(state),
                _ => {}
            }
        }
    }
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names() {
        assert_eq!(quote("a\"b"), "\"a\"\"b\"");
    }
}
