//! What child processes find in their environment otherwise than this process has it in its own.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

/// Variables with their values; those without one are taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChildEnvironment(Vec<(&'static str, Option<Vec<u8>>)>);

impl ChildEnvironment {
    /// With these variables.
    pub fn new(variables: Vec<(&'static str, Option<Vec<u8>>)>) -> ChildEnvironment {
        ChildEnvironment(variables)
    }

    /// Leaves a variable as it is.
    pub fn forget(&mut self, name: &[u8]) {
        self.0.retain(|(known, _)| known.as_bytes() != name);
    }

    /// Gives it to a command that is about to be started.
    pub fn apply(&self, command: &mut Command) {
        for (name, value) in &self.0 {
            match value {
                Some(value) => command.env(name, OsStr::from_bytes(value)),
                None => command.env_remove(name),
            };
        }
    }
}
