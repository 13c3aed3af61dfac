//! Shell commands: how they are started, what they print between backquotes, how they ended.

use super::path::bytes_to_os;
use super::{Console, os_error};
use crate::terminal::signal::{self, pass_on_sigpipe};
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};

/// `sh -c command`, its streams and what it does on SIGPIPE inherited.
pub fn shell_command(command: &[u8]) -> Command {
    let mut shell = Command::new("/bin/sh");
    // The C library's system() and popen() call it so, and it says so in its messages.
    shell.arg0("sh").arg("-c").arg(bytes_to_os(command));
    pass_on_sigpipe(&mut shell);
    shell
}

/// How a command ended that did not end well.
pub fn exit_text(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(127), _) => "command not found".to_owned(),
        (Some(126), _) => "command not executable".to_owned(),
        (Some(code), _) => format!("child process exited with exit code {code}"),
        (None, Some(number)) => {
            let name = signal::name(number);
            format!("child process was terminated by signal {number}: {name}")
        }
        (None, None) => format!("child process exited with unrecognized status {status}"),
    }
}

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

    /// The output of a shell command in backquotes, without its last newline; `None` after
    /// reporting that it could not be started.
    pub fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.output.flush();
        let output =
            shell_command(command).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
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
