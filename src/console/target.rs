//! A place that query results are sent to: a file, a program's input, a pager. It is opened here, closed,
//! and its program waited for.

use super::path::bytes_to_os;
use super::program::shell_command;
use super::whole_file::{self, WholeFile};
use crate::print::Format;
use crate::terminal::ChildEnvironment;
use crate::terminal::pager::Pager;
use crate::terminal::signal::IgnoreSigpipe;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ExitStatus, Stdio};

/// Bytes gathered before a write.
const BUFFER: usize = 64 << 10;

/// A file or a shell command that query results are sent to.
#[derive(Debug)]
pub struct Target {
    stream: Stream,
    /// Whether it has got a result that nothing may follow.
    is_taken: bool,
}

#[derive(Debug)]
enum Stream {
    /// A file made anew, and its path.
    File(BufWriter<File>, Vec<u8>),
    /// A file that appears once it is whole.
    Whole(WholeFile),
    /// A shell command's standard input; that it stops reading is no reason to end.
    Pipe(Child, BufWriter<ChildStdin>, IgnoreSigpipe),
    /// A pager, which the user may quit at any time.
    Pager(BufWriter<Pager>),
}

/// When a file that is made anew appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appearance {
    /// At once, empty, as psql makes it.
    AtOnce,
    /// Once it is whole: what was there stays until then.
    OnceWhole,
}

impl Appearance {
    /// When a file appears that results of this format go to.
    pub fn for_format(format: Format) -> Appearance {
        if format.is_own() { Appearance::OnceWhole } else { Appearance::AtOnce }
    }
}

/// How a target was closed.
#[derive(Debug)]
pub enum Closed {
    /// A file has all that it was to get.
    File,
    /// What was to be the content of this file did not become whole: it is as it was.
    Broken(PathBuf),
    /// The command ended so.
    Command(ExitStatus),
}

impl Target {
    /// Opens what `\o`, `\g` and `-o` name: a file, or a command after `|`, which finds this
    /// environment.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn open(
        name: &[u8],
        appearance: Appearance,
        environment: &ChildEnvironment,
    ) -> io::Result<Target> {
        if let Some(command) = name.strip_prefix(b"|") {
            let mut child = shell_command(command, environment).stdin(Stdio::piped()).spawn()?;
            let stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
            let writer = BufWriter::with_capacity(BUFFER, stdin);
            return Ok(Target::of(Stream::Pipe(child, writer, IgnoreSigpipe::acquire())));
        }
        if appearance == Appearance::OnceWhole
            && let Some(file) = WholeFile::create(name)?
        {
            return Ok(Target::of(Stream::Whole(file)));
        }
        Target::file(name)
    }

    /// Opens a file, whatever its name begins with.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn file(name: &[u8]) -> io::Result<Target> {
        let file = File::create(bytes_to_os(name))?;
        let path = std::path::absolute(bytes_to_os(name)).unwrap_or_default();
        let path = path.into_os_string().into_vec();
        Ok(Target::of(Stream::File(BufWriter::with_capacity(BUFFER, file), path)))
    }

    /// A pager for results that come one after the other.
    ///
    /// # Errors
    /// `sh` can't be started.
    pub fn pager(command: OsString, environment: &ChildEnvironment) -> io::Result<Target> {
        let pager = Pager::start(&command.into(), environment)?;
        Ok(Target::of(Stream::Pager(BufWriter::with_capacity(BUFFER, pager))))
    }

    fn of(stream: Stream) -> Target {
        Target { stream, is_taken: false }
    }

    /// Writes what is left and closes; a command's exit status is waited for.
    ///
    /// # Errors
    /// The rest couldn't be written.
    pub fn close(self) -> io::Result<Closed> {
        match self.stream {
            Stream::File(mut file, _) => file.flush().map(|()| Closed::File),
            Stream::Whole(file) => file.close().map(|closed| match closed {
                whole_file::Closed::Named | whole_file::Closed::Unused => Closed::File,
                whole_file::Closed::Broken(path) => Closed::Broken(path),
            }),
            Stream::Pager(mut pager) => {
                let _ = pager.flush();
                pager.into_parts().0.finish().map(|()| Closed::File)
            }
            Stream::Pipe(mut child, mut stdin, _sigpipe) => {
                // A command that stopped reading is no error of ours.
                let _ = stdin.flush();
                drop(stdin.into_parts());
                child.wait().map(Closed::Command)
            }
        }
    }

    /// The stream to write to.
    pub fn writer(&mut self) -> &mut dyn Write {
        match &mut self.stream {
            Stream::File(file, _) => file,
            Stream::Whole(file) => file.writer(),
            Stream::Pipe(_, stdin, _) => stdin,
            Stream::Pager(pager) => pager,
        }
    }

    /// Whether all that is written to it is there at once.
    pub fn appears_at_once(&self) -> bool {
        !matches!(self.stream, Stream::Whole(_))
    }

    /// Whether it is a pager.
    pub fn is_pager(&self) -> bool {
        matches!(self.stream, Stream::Pager(_))
    }

    /// Takes it for a result that nothing may follow, nor anything have gone before that is one;
    /// whether it was free.
    pub fn take(&mut self) -> bool {
        !std::mem::replace(&mut self.is_taken, true)
    }

    /// A result, or its next part, is written from now on, of a kind that no file is to have half. A
    /// file that is still empty, as psql makes it, is one from now on that appears once it is whole.
    pub fn begin_whole(&mut self, is_first_part: bool) {
        if let Stream::File(file, path) = &self.stream
            && file.buffer().is_empty()
            && file.get_ref().metadata().is_ok_and(|data| data.is_file() && data.len() == 0)
            && let Ok(Some(whole)) = WholeFile::create(path)
        {
            self.stream = Stream::Whole(whole);
        }
        if let Stream::Whole(file) = &mut self.stream {
            file.begin(is_first_part);
        }
    }

    /// The result was written whole.
    pub fn end_whole(&mut self) {
        if let Stream::Whole(file) = &mut self.stream {
            file.end();
        }
    }
}
