//! SHELL_ERROR and SHELL_EXIT_CODE: the variables that tell how a shell command ended.

use super::Console;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

impl Console {
    /// Sets SHELL_ERROR and SHELL_EXIT_CODE after a shell command ended.
    pub fn publish_exit_status(&mut self, status: io::Result<ExitStatus>) {
        let code = match status {
            Ok(status) => status.code().or(status.signal().map(|s| s + 128)).unwrap_or(-1),
            Err(_) => 127,
        };
        self.variables.put(b"SHELL_ERROR", if code == 0 { b"false" } else { b"true" });
        self.variables.put(b"SHELL_EXIT_CODE", code.to_string().as_bytes());
    }
}
