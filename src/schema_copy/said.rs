//! What `pg_restore` says could not be made, while it goes on.

use crate::backup::{Follower, is_chatter};
use crate::progress::Transfer;

/// Takes all that is said: what failed is told afterwards.
#[derive(Debug, Default)]
pub(super) struct Said {
    failures: Vec<String>,
    /// What else is wrong, line by line.
    rest: Vec<String>,
}

/// What belongs to a newer `pg_restore`, or to what is there already, and is no loss.
fn is_harmless(error: &str) -> bool {
    let is_there = error.starts_with("schema \"") && error.ends_with(" already exists");
    let others = ["unrecognized configuration parameter", "must be owner of extension"];
    is_there || others.iter().any(|other| error.starts_with(other))
}

impl Follower for Said {
    fn takes(&mut self, line: &str) -> bool {
        if let Some((_, error)) = line.split_once("could not execute query: ERROR:  ") {
            if !is_harmless(error) {
                self.failures.push(error.to_owned());
            }
        } else if line.contains("error: ") && !is_chatter(line) {
            self.rest.push(line.to_owned());
        }
        true
    }

    fn tell(&self, _: &mut Transfer) {}
}

impl Said {
    /// What the server refused.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    /// What else went wrong, in a line.
    pub fn rest(&self) -> String {
        self.rest.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_loss() {
        let mut said = Said::default();
        for line in [
            "pg_restore: while PROCESSING TOC:",
            "pg_restore: error: could not execute query: ERROR:  role \"bob\" does not exist",
            "Command was: CREATE POLICY p ON t TO bob;",
            "pg_restore: error: could not execute query: ERROR:  schema \"s\" already exists",
            "pg_restore: [archiver (db)] could not execute query: ERROR:  type \"x\" does not exist",
            "pg_restore: error: connection to server failed",
            "pg_restore: warning: errors ignored on restore: 3",
        ] {
            assert!(said.takes(line), "{line}");
        }
        assert_eq!(said.failures(), ["role \"bob\" does not exist", "type \"x\" does not exist"]);
        assert_eq!(said.rest(), "pg_restore: error: connection to server failed");
    }
}
