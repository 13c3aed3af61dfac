//! `\copy`: COPY with a file, a command or a stream on this side.

use super::request::{CopyFile, CopyProgress, CopyStream, QueryRequest, ResultAction, ResultPlan};
use super::runner::QueryRunner;
use crate::connection::protocol::Protocol;
use crate::console::path::{base_name, bytes_to_os};
use crate::console::program::{exit_text, shell_command};
use crate::console::{Reported, os_error, os_error_text};
use crate::terminal::ChildEnvironment;
use crate::terminal::signal::IgnoreSigpipe;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

/// What `\copy` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCopy {
    /// The COPY to send.
    pub query: Vec<u8>,
    /// Data go to the server.
    pub from: bool,
    /// This side of the copy.
    pub endpoint: Endpoint,
}

/// This side of a `\copy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The current source (`stdin`), or where query results go (`stdout`).
    Script,
    /// The process's standard input or output (`pstdin`, `pstdout`).
    Standard,
    /// A file.
    File(Vec<u8>),
    /// A shell command.
    Program(Vec<u8>),
}

impl QueryRunner<'_> {
    /// `\copy`: opens this side, sends the query, closes.
    ///
    /// # Errors
    /// Anything failed.
    pub fn client_copy(&mut self, copy: &ClientCopy, protocol: Protocol) -> Result<(), Reported> {
        let to_program = !copy.from && matches!(copy.endpoint, Endpoint::Program(_));
        let _sigpipe = to_program.then(IgnoreSigpipe::acquire);
        let mut program = None;
        let stream = match &copy.endpoint {
            Endpoint::Script => Ok(CopyStream::Script),
            Endpoint::Standard => Ok(CopyStream::Standard),
            Endpoint::File(name) => open_file(name, copy.from).map(CopyStream::Opened),
            Endpoint::Program(command) => {
                self.console.output.flush();
                let environment = self.console.child_environment();
                start_program(command, &environment, copy.from)
                    .map(|(child, file)| {
                        program = Some((child, command));
                        let progress = copy.from.then(|| CopyProgress {
                            what: "\\copy from program".to_owned(),
                            total: None,
                        });
                        CopyStream::Opened(CopyFile { file, progress })
                    })
                    .map_err(|error| os_error(command, &error))
            }
        };
        let stream = stream.map_err(|text| self.console.error(text))?;
        let plan = ResultPlan::new(ResultAction::Copy(stream));
        let sent = self.send(&QueryRequest { protocol, plan, ..QueryRequest::plain(&copy.query) });
        match program {
            Some((child, command)) => sent.and(self.end_program(child, command)),
            None => sent,
        }
    }

    /// Waits for the command of a `\copy`.
    fn end_program(&mut self, mut child: Child, command: &[u8]) -> Result<(), Reported> {
        let status = child.wait();
        let failure = match &status {
            Ok(status) if status.success() => None,
            Ok(status) => Some([command, &b": "[..], exit_text(*status).as_bytes()].concat()),
            Err(error) => Some(
                format!("could not close pipe to external command: {}", os_error_text(error))
                    .into_bytes(),
            ),
        };
        self.console.publish_exit_status(status);
        failure.map_or(Ok(()), |text| Err(self.console.error(text)))
    }
}

/// Opens the file of a `\copy`; the error is what psql says.
fn open_file(name: &[u8], to_read: bool) -> Result<CopyFile, Vec<u8>> {
    let path = bytes_to_os(name);
    let file = if to_read { File::open(path) } else { File::create(path) };
    let file = file.map_err(|error| os_error(name, &error))?;
    let metadata = file.metadata().ok();
    if metadata.as_ref().is_some_and(|found| found.is_dir()) {
        return Err([name, b": cannot copy from/to a directory"].concat());
    }
    let direction = if to_read { "from" } else { "to" };
    // What is no file may be the terminal itself.
    let progress = metadata.filter(|found| found.is_file()).map(|found| CopyProgress {
        what: format!("\\copy {direction} {}", base_name(name)),
        total: to_read.then_some(found.len()),
    });
    Ok(CopyFile { file, progress })
}

/// Starts the command of a `\copy`, with a pipe from its output or to its input.
fn start_program(
    command: &[u8],
    environment: &ChildEnvironment,
    to_read: bool,
) -> io::Result<(Child, File)> {
    let mut shell = shell_command(command, environment);
    if to_read {
        let mut child = shell.stdout(Stdio::piped()).spawn()?;
        let pipe = child.stdout.take().map(OwnedFd::from).ok_or(io::ErrorKind::BrokenPipe)?;
        return Ok((child, File::from(pipe)));
    }
    let mut child = shell.stdin(Stdio::piped()).spawn()?;
    let pipe = child.stdin.take().map(OwnedFd::from).ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, File::from(pipe)))
}
