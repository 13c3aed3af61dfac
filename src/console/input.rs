//! The stack of input sources: a script, standard input or the user; `\i` pushes, the end of a
//! source pops.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::terminal::interruptible::Interruptible;
use crate::terminal::signal::Interrupts;

/// Bytes read at once of a file that is the script's alone.
const BUFFER: usize = 64 << 10;
/// Bytes read at once of what others may read as well: as many as C's stdio takes, for what was taken
/// of a pipe can't be given back.
const SHARED_BUFFER: usize = 4 << 10;

/// Where lines come from.
enum Reader {
    /// A file, standard input, a text.
    Bytes(Box<dyn BufRead>),
    /// The user, through the editor; the main loop asks the terminal itself.
    User,
}

/// One source of input.
pub struct Source {
    reader: Reader,
    /// The name in messages (`psql:NAME:LINE:`), if the source has one.
    name: Option<Vec<u8>>,
    /// The file's place, for `\ir`.
    path: Option<PathBuf>,
    /// The number of the last line read.
    line: u64,
    /// How many bytes were read, near enough to tell how far a script has come.
    taken: u64,
    /// How many there are, of a file.
    size: Option<u64>,
    /// Whether this is the process's standard input.
    is_stdin: bool,
}

impl Source {
    /// A script file, which `interrupts` end the wait for.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn file(
        path: &Path,
        name: &[u8],
        interrupts: Option<Rc<Interrupts>>,
    ) -> io::Result<Source> {
        let file = File::open(path)?;
        // `/dev/stdin` may be a pipe.
        let size = file.metadata().ok().filter(|found| found.is_file()).map(|found| found.len());
        let buffer = if size.is_some() { BUFFER } else { SHARED_BUFFER };
        let file = Interruptible::new(file, interrupts);
        Ok(Source {
            reader: Reader::Bytes(Box::new(BufReader::with_capacity(buffer, file))),
            name: Some(name.to_vec()),
            path: Some(path.to_owned()),
            line: 0,
            taken: 0,
            size,
            is_stdin: false,
        })
    }

    fn stdin(reader: Reader, name: Option<&[u8]>) -> Source {
        Source {
            reader,
            name: name.map(<[u8]>::to_vec),
            path: None,
            line: 0,
            taken: 0,
            size: None,
            is_stdin: true,
        }
    }

    /// The user at the terminal.
    pub fn user() -> Source {
        Source::stdin(Reader::User, None)
    }

    /// The user at the terminal, who types what `-f -` reads.
    pub fn typed_script() -> Source {
        Source { name: Some(b"<stdin>".to_vec()), ..Source::user() }
    }

    /// Whether a user types.
    pub fn is_typed(&self) -> bool {
        matches!(self.reader, Reader::User)
    }

    /// Reads one line with its end into `line`, which is cleared first; false at the end of input.
    ///
    /// # Errors
    /// What the operating system said, or that Ctrl-C came ([`is_interrupt`]).
    ///
    /// [`is_interrupt`]: crate::terminal::interruptible::is_interrupt
    pub fn read_line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let Reader::Bytes(reader) = &mut self.reader else { return Ok(false) };
        let mut got = reader.read_until(b'\n', line)? > 0;
        if got {
            self.line += 1;
            self.taken += line.len() as u64;
        }
        // As in psql, a NUL byte hides the rest of its line, the end included.
        while got && let Some(nul) = memchr::memchr(0, line) {
            line.truncate(nul);
            got = reader.read_until(b'\n', line)? > 0;
        }
        Ok(got || !line.is_empty())
    }

    /// The bytes underneath, for COPY data; `None` for the user.
    pub fn bytes(&mut self) -> Option<&mut dyn BufRead> {
        match &mut self.reader {
            Reader::Bytes(reader) => Some(reader),
            Reader::User => None,
        }
    }

    /// Counts bytes that were read through [`Source::bytes`].
    pub fn count_bytes(&mut self, bytes: u64) {
        self.taken += bytes;
    }

    /// How many bytes of how many were read, of a file.
    pub fn extent(&self) -> Option<(u64, u64)> {
        Some((self.taken, self.size?))
    }

    /// The name in messages, if the source has one.
    pub fn name(&self) -> Option<&[u8]> {
        self.name.as_deref()
    }

    /// Counts lines that were read through [`Source::bytes`] or by the editor.
    pub fn count_lines(&mut self, lines: u64) {
        self.line += lines;
    }

    /// The number of the last line read, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}

/// Standard input, which the process shares with those that read it before, beside and after it: what
/// was read ahead is given back in the end, where that is possible.
struct StandardInput(BufReader<Interruptible<File>>);

impl Read for StandardInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl BufRead for StandardInput {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }
}

impl Drop for StandardInput {
    fn drop(&mut self) {
        let unread = self.0.buffer().len() as i64;
        if unread > 0 {
            // Not by the reader's own seek, which counts what it read ahead. A pipe can't seek.
            let _ = self.0.get_mut().get_mut().seek_relative(-unread);
        }
    }
}

/// All that is read of standard input is read through one of these: it reads ahead.
fn standard_reader(interrupts: Option<Rc<Interrupts>>) -> io::Result<Reader> {
    let stdin = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let stdin = Interruptible::new(stdin, interrupts);
    let reader = BufReader::with_capacity(SHARED_BUFFER, stdin);
    Ok(Reader::Bytes(Box::new(StandardInput(reader))))
}

/// The stack of sources; the last is being read.
#[derive(Default)]
pub struct Input {
    sources: Vec<Source>,
    /// Standard input while it is no source of commands.
    stdin: Option<Source>,
    /// What ends the wait for a line, once it is watched for.
    interrupts: Option<Rc<Interrupts>>,
}

impl Input {
    /// Lets `interrupts` end the wait for what is opened from now on.
    pub fn watch_interrupts(&mut self, interrupts: Option<Rc<Interrupts>>) {
        self.interrupts = interrupts;
    }

    /// Reads from `source` until it ends.
    pub fn push(&mut self, source: Source) {
        self.sources.push(source);
    }

    /// Leaves the current source. What standard input still holds is kept for its next reader.
    pub fn pop(&mut self) {
        let Some(left) = self.sources.pop() else { return };
        if !left.is_stdin || left.is_typed() {
            return;
        }
        match self.sources.iter_mut().find(|source| source.is_stdin && !source.is_typed()) {
            Some(outer) => outer.reader = left.reader,
            None => self.stdin = Some(left),
        }
    }

    /// Standard input, not a terminal, as a source to push; it goes on where it was left. `name`
    /// is `<stdin>` for `-f -`.
    ///
    /// # Errors
    /// The descriptor can't be duplicated.
    pub fn open_standard(&mut self, name: Option<&[u8]>) -> io::Result<Source> {
        let read_now = self.sources.iter_mut().rev().find(|s| s.is_stdin && !s.is_typed());
        let reader = match read_now.or(self.stdin.as_mut()) {
            Some(source) => {
                std::mem::replace(&mut source.reader, Reader::Bytes(Box::new(io::empty())))
            }
            None => standard_reader(self.interrupts.clone())?,
        };
        self.stdin = None;
        Ok(Source::stdin(reader, name))
    }

    /// The source being read, to look at.
    pub fn source(&self) -> Option<&Source> {
        self.sources.last()
    }

    /// The source being read.
    pub fn current(&mut self) -> Option<&mut Source> {
        self.sources.last_mut()
    }

    /// Standard input, whether or not commands come from it; `None` if it can't be read, or a
    /// person's editor reads it.
    pub fn standard_input(&mut self) -> Option<&mut Source> {
        let at = self.sources.iter().rposition(|source| source.is_stdin);
        let source = match at {
            Some(at) => &mut self.sources[at],
            None => match &mut self.stdin {
                Some(source) => source,
                slot => {
                    let reader = standard_reader(self.interrupts.clone()).ok()?;
                    slot.insert(Source::stdin(reader, None))
                }
            },
        };
        (!source.is_typed()).then_some(source)
    }

    /// The source being read, or standard input if commands come from the command line.
    pub fn current_or_standard(&mut self) -> Option<&mut Source> {
        if self.sources.is_empty() { self.standard_input() } else { self.current() }
    }

    /// Whether standard input is where the data of a COPY FROM STDIN come from now.
    pub fn reads_standard_input(&self) -> bool {
        self.sources.last().is_none_or(|source| source.is_stdin)
    }

    /// Whether a user types the commands, or those that led here.
    pub fn has_user(&self) -> bool {
        self.sources.iter().any(Source::is_typed)
    }

    /// Whether a user types the commands now.
    pub fn is_typed(&self) -> bool {
        self.sources.last().is_some_and(Source::is_typed)
    }

    /// The name and line for messages, if the current source has a name.
    pub fn place(&self) -> Option<(&[u8], u64)> {
        let source = self.sources.last()?;
        Some((source.name.as_deref()?, source.line))
    }

    /// The folder of the current script, against which `\ir` resolves names.
    pub fn folder(&self) -> Option<&Path> {
        self.sources.last()?.path.as_deref()?.parent()
    }
}
