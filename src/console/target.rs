//! A place that query results are sent to: a file, a program's input, a pager.

use super::path::bytes_to_os;
use super::program::shell_command;
use crate::terminal::ChildEnvironment;
use crate::terminal::pager::Pager;
use crate::terminal::signal::IgnoreSigpipe;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};

/// Bytes gathered before a write.
const BUFFER: usize = 64 << 10;

/// A file or a shell command that query results are sent to.
#[derive(Debug)]
pub enum Target {
    /// A file, made anew.
    File(BufWriter<File>),
    /// A shell command's standard input; that it stops reading is no reason to end.
    Pipe(Child, BufWriter<ChildStdin>, IgnoreSigpipe),
    /// A pager, which the user may quit at any time.
    Pager(BufWriter<Pager>),
}

impl Target {
    /// Opens what `\o`, `\g` and `-o` name: a file, or a command after `|`, which finds this
    /// environment.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn open(name: &[u8], environment: &ChildEnvironment) -> io::Result<Target> {
        if let Some(command) = name.strip_prefix(b"|") {
            let mut child = shell_command(command, environment).stdin(Stdio::piped()).spawn()?;
            let stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
            let writer = BufWriter::with_capacity(BUFFER, stdin);
            return Ok(Target::Pipe(child, writer, IgnoreSigpipe::acquire()));
        }
        Target::file(name)
    }

    /// Opens a file, whatever its name begins with.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn file(name: &[u8]) -> io::Result<Target> {
        let file = File::create(bytes_to_os(name))?;
        Ok(Target::File(BufWriter::with_capacity(BUFFER, file)))
    }

    /// Writes what is left and closes; a command's exit status is waited for.
    ///
    /// # Errors
    /// The rest couldn't be written.
    pub fn close(self) -> io::Result<Option<ExitStatus>> {
        match self {
            Target::File(mut file) => file.flush().map(|()| None),
            Target::Pager(mut pager) => {
                let _ = pager.flush();
                pager.into_parts().0.finish().map(|()| None)
            }
            Target::Pipe(mut child, mut stdin, _sigpipe) => {
                // A command that stopped reading is no error of ours.
                let _ = stdin.flush();
                drop(stdin.into_parts());
                child.wait().map(Some)
            }
        }
    }

    /// A pager for results that come one after the other.
    ///
    /// # Errors
    /// `sh` can't be started.
    pub fn pager(command: OsString, environment: &ChildEnvironment) -> io::Result<Target> {
        let pager = Pager::start(&command.into(), environment)?;
        Ok(Target::Pager(BufWriter::with_capacity(BUFFER, pager)))
    }

    /// The stream to write to.
    pub fn writer(&mut self) -> &mut dyn Write {
        match self {
            Target::File(file) => file,
            Target::Pipe(_, stdin, _) => stdin,
            Target::Pager(pager) => pager,
        }
    }
}
