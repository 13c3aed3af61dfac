//! What a session holds of a cluster: a lease, and the database that comes with it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::admin::Admin;
use super::cluster::Cluster;
use super::error::Error;
use super::kept;
use super::lease::{self, Lease, Leases};
use super::lock::Lock;
use super::name::PREFIX;
use super::private_directory::private_directory;
use super::server::Server;

/// What the session, or a signal that comes first, must clean up.
#[derive(Debug)]
pub(super) struct LeasedDatabase {
    cluster: Cluster,
    place: PathBuf,
    lease: Mutex<Option<Lease>>,
}

impl LeasedDatabase {
    /// Takes a lease on the cluster of this server below `cache`. Until the lock is dropped, nobody else
    /// begins or ends one there.
    ///
    /// # Errors
    /// A directory can't be made or is somebody else's; a signal ended the wait for the lock.
    pub fn enter(server: Server, cache: &Path) -> Result<(Lock, LeasedDatabase), Error> {
        private_directory(cache, None)?;
        let place = kept::cluster_place(cache, server.major);
        let cluster = Cluster::new(server, &place)?;
        private_directory(&lease::directory(&place), None)?;
        let lock = Lock::exclusive(&place.join("lock"))?;
        let lease = Mutex::new(Some(Lease::take(&place)?));
        Ok((lock, LeasedDatabase { cluster, place, lease }))
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The name of a database that ends with the lease.
    pub fn own_name(&self) -> String {
        let lease = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{PREFIX}{}", lease.as_ref().map_or("", Lease::name))
    }

    /// Creates the database, unless there is one of this name, with its owner.
    ///
    /// # Errors
    /// The server doesn't start, or refuses.
    pub fn begin(&self, database: &str, owner: Option<&str>) -> Result<(), Error> {
        let mut admin = self.start()?;
        admin.create_database(database, owner)?;
        if let Some(lease) = &*self.lease.lock().unwrap_or_else(PoisonError::into_inner) {
            lease.tell_database(&self.place, database)?;
        }
        kept::record(&self.place, &admin.databases()?, &[database.to_owned()])
    }

    /// Drops a database that is kept under this name.
    ///
    /// # Errors
    /// It is in use, or the server doesn't start, or refuses.
    pub fn drop_kept(&self, name: &str) -> Result<(), Error> {
        if self.others()?.live.iter().any(|database| database == name) {
            return Err(Error::in_use(name));
        }
        let mut admin = self.start()?;
        admin.drop_kept_database(name)?;
        kept::record(&self.place, &admin.databases()?, &[])
    }

    /// Starts the server and drops the databases of dead sessions.
    fn start(&self) -> Result<Admin, Error> {
        self.cluster.start()?;
        let mut admin = Admin::connect(&self.cluster)?;
        for dead in self.others()?.dead {
            admin.drop_database(&format!("{PREFIX}{dead}"))?;
            lease::remove(&self.place, &dead);
        }
        Ok(admin)
    }

    fn others(&self) -> Result<Leases, Error> {
        let ours = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        Leases::of_others(&self.place, ours.as_ref())
    }

    /// Whether the lease goes on.
    pub fn is_held(&self) -> bool {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Ends the lease: its own database goes, and if it was the last one the server stops.
    ///
    /// # Errors
    /// The database can't be dropped, or the server doesn't stop.
    pub fn end(&self) -> Result<(), Error> {
        let mut held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lease) = held.take() else { return Ok(()) };
        let _lock = Lock::exclusive_uninterrupted(&self.place.join("lock"))?;
        let dropped = Admin::connect(&self.cluster).and_then(|mut admin| {
            admin.drop_database(&format!("{PREFIX}{}", lease.name()))?;
            let used = lease::database(&self.place, lease.name());
            kept::record(&self.place, &admin.databases()?, &[used])
        });
        if dropped.is_ok() {
            lease::remove(&self.place, lease.name());
        }
        drop(lease);
        if Leases::of_others(&self.place, None)?.live.is_empty() {
            self.cluster.stop()?;
        }
        dropped
    }
}
