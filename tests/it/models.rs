//! Directories made once in a run of the tests, for tests to copy: a cluster takes its time to make.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::harness;

/// What one test makes and others of its kind copy, each under its key.
pub struct Models {
    /// How their directories' names begin; each kind has its own.
    name: &'static str,
    made: Mutex<BTreeMap<String, Arc<OnceLock<PathBuf>>>>,
}

impl Models {
    pub const fn new(name: &'static str) -> Models {
        Models { name, made: Mutex::new(BTreeMap::new()) }
    }

    /// The directory of this key. `make` fills it if it is the first to be asked; others of the same
    /// key wait, those of another don't.
    pub fn get(&self, key: &str, make: impl FnOnce(&Path)) -> PathBuf {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}-{}", self.name, made.len());
        let model = Arc::clone(made.entry(key.to_owned()).or_default());
        drop(made);
        model
            .get_or_init(|| {
                let directory = harness::cluster_directory(&name);
                make(&directory);
                directory
            })
            .clone()
    }
}

/// Copies a directory whole, owners and all.
pub fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(done.expect("cp runs").success(), "{} can't be copied", from.display());
}
