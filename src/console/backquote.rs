//! Shell commands between backquotes.

use super::program::shell_command;
use super::{Console, os_error};
use std::process::Stdio;

impl Console {
    /// The output of a shell command in backquotes, without its last newline; `None` after
    /// reporting that it could not be started.
    pub fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.output.flush();
        let environment = self.child_environment();
        let output = shell_command(command, &environment)
            .stdin(Stdio::inherit())
            .stderr(Stdio::inherit())
            .output();
        match output {
            Ok(output) => {
                self.publish_exit_status(Ok(output.status));
                Some(as_value(output.stdout))
            }
            Err(error) => {
                self.error(os_error(command, &error));
                self.publish_exit_status(Err(error));
                None
            }
        }
    }
}

/// What a command printed, as the value of an argument: that can't hold a NUL byte, and its line
/// has no end.
fn as_value(mut text: Vec<u8>) -> Vec<u8> {
    if let Some(nul) = memchr::memchr(0, &text) {
        text.truncate(nul);
    }
    if text.last() == Some(&b'\n') {
        text.pop();
        if text.last() == Some(&b'\r') {
            text.pop();
        }
    }
    text
}
