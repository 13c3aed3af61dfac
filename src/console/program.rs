//! Shell commands: how they are started, and how they ended.

use super::path::bytes_to_os;
use crate::terminal::ChildEnvironment;
use crate::terminal::signal::{self, pass_on_sigpipe};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus};

/// `sh -c command` in this environment, its streams and what it does on SIGPIPE inherited.
pub fn shell_command(command: &[u8], environment: &ChildEnvironment) -> Command {
    let mut shell = Command::new("/bin/sh");
    // The C library's system() and popen() call it so, and it says so in its messages.
    shell.arg0("sh").arg("-c").arg(bytes_to_os(command));
    environment.apply(&mut shell);
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
