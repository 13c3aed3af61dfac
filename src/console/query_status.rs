//! The variables that tell a script how its last query went: ERROR, SQLSTATE, ROW_COUNT and those of
//! the last error.

use super::Console;
use super::command_tag::row_count;

impl Console {
    /// Sets ERROR, SQLSTATE and ROW_COUNT after a success with this command tag.
    pub fn publish_success(&mut self, tag: &[u8]) {
        let count = row_count(tag).unwrap_or(0).to_string();
        self.variables.put(b"ERROR", b"false");
        self.variables.put(b"SQLSTATE", b"00000");
        self.variables.put(b"ROW_COUNT", count.as_bytes());
    }

    /// Sets the variables that tell of a failure.
    pub fn publish_failure(&mut self, sqlstate: &[u8], message: &[u8]) {
        self.variables.put(b"ERROR", b"true");
        self.variables.put(b"SQLSTATE", sqlstate);
        self.variables.put(b"ROW_COUNT", b"0");
        self.variables.put(b"LAST_ERROR_SQLSTATE", sqlstate);
        self.variables.put(b"LAST_ERROR_MESSAGE", message);
    }

    /// Sets the variables after a failure that the server knows nothing of, and has no SQLSTATE.
    pub fn publish_own_failure(&mut self) {
        self.publish_failure(b"", b"");
    }
}
