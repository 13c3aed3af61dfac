//! An archive as `pg_restore` reads it: its list, and the script it makes of it.

use super::dump_file::DumpFile;
use crate::archive::kind::Kind;
use crate::backup::{Failure, FailureKind};
use crate::server_tools::{Invocation, Piped, Program, Suits, Tool, find};
use crate::session::error_text;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::Stdio;
use std::thread::{self, JoinHandle};

/// What a program says of an archive of later making.
const TOO_NEW: &str = "unsupported version (";

/// A `pg_restore` for a dump.
#[derive(Clone, Debug)]
pub struct ArchiveTool {
    tool: Tool,
    dump: DumpFile,
}

/// What a `pg_restore` writes, as it runs.
pub struct Running {
    piped: Piped,
    feeder: Option<JoinHandle<io::Result<()>>>,
    tool: String,
}

impl ArchiveTool {
    /// The program that reads this dump.
    ///
    /// # Errors
    /// None is new enough.
    pub fn find(dump: &DumpFile) -> Result<ArchiveTool, Failure> {
        let suits = match dump.kind() {
            Kind::Custom(version) => Suits::AtLeast(version.read_by()),
            // The newest reads them all.
            _ => Suits::Newest,
        };
        let tool = find(Program::PgRestore, suits)
            .map_err(|missing| Failure::new(FailureKind::NoTool, missing.to_string()))?;
        Ok(ArchiveTool { tool, dump: dump.clone() })
    }

    /// The program.
    pub fn tool(&self) -> &Tool {
        &self.tool
    }

    /// The list of what is in it.
    ///
    /// # Errors
    /// It can't be read.
    pub fn list(&self) -> Result<Vec<u8>, Failure> {
        let mut list = Vec::new();
        let mut running = self.start(&["--list", "--verbose"])?;
        running.read_to_end(&mut list).map_err(|error| self.failed(&error_text(&error)))?;
        running.finish().map_err(|said| self.failed(&said))?;
        Ok(list)
    }

    /// Begins to write a script.
    ///
    /// # Errors
    /// The program can't be started.
    pub fn script<T: AsRef<OsStr>>(&self, arguments: &[T]) -> Result<Running, Failure> {
        let all =
            ["--file=-"].into_iter().map(OsStr::new).chain(arguments.iter().map(AsRef::as_ref));
        self.start(&all.collect::<Vec<_>>())
    }

    fn start<T: AsRef<OsStr>>(&self, arguments: &[T]) -> Result<Running, Failure> {
        let failed = |error: io::Error| self.failed(&error_text(&error));
        let mut invocation = Invocation::local(&self.tool);
        for argument in arguments {
            invocation.arg(argument);
        }
        let mut feeder = None;
        if self.dump.compression().is_some() {
            let mut reader = self.dump.reader().map_err(failed)?;
            let (pipe, mut writer) = io::pipe().map_err(failed)?;
            invocation.stdin(Stdio::from(pipe));
            feeder = Some(thread::spawn(move || match io::copy(&mut reader, &mut writer) {
                // It has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other.map(drop),
            }));
        } else {
            // Whatever it begins with, it is no option.
            invocation.arg("--").arg(self.dump.path());
        }
        let piped = Piped::start(&mut invocation).map_err(failed)?;
        Ok(Running { piped, feeder, tool: self.tool.to_string() })
    }

    fn failed(&self, reason: &str) -> Failure {
        let path = self.dump.path().display();
        if reason.contains(TOO_NEW) {
            let reason = reason.trim_end();
            let text =
                format!("{} is older than the pg_dump that wrote \"{path}\": {reason}", self.tool);
            let hint = "A pg_restore as new as that reads it; PGSH_SERVER_BIN names its directory.";
            return Failure::new(FailureKind::NoTool, text).with_hint(hint);
        }
        let text = format!("{} could not read \"{path}\": {}", self.tool, reason.trim_end());
        Failure::new(FailureKind::Tool, text)
    }
}

impl Running {
    /// Waits for its end.
    ///
    /// # Errors
    /// It failed: what it said.
    pub fn finish(&mut self) -> Result<(), String> {
        let (status, said) = self.piped.finish().map_err(|error| error_text(&error))?;
        // A file that is cut short is the reason for what the program says of it.
        if let Some(fed) = self.feeder.take().map(JoinHandle::join) {
            fed.unwrap_or_else(|_| Err(io::Error::other("the reader of the file ended early")))
                .map_err(|error| error_text(&error))?;
        }
        // It says of data that it can't decompress that there are none, and succeeds.
        if !status.success() || said.contains("no data will be available") {
            let said = said.lines().map(|line| line.trim_start_matches("pg_restore: "));
            let said = said.collect::<Vec<_>>().join("; ");
            return Err(if said.is_empty() {
                format!("{} was ended: {status}", self.tool)
            } else {
                said
            });
        }
        Ok(())
    }
}

impl Read for Running {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.piped.read(buffer)
    }
}
