//! The stack of input sources: a script, standard input or the person; `\i` pushes, the end of a
//! source pops.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

/// Bytes read at once.
const BUFFER: usize = 64 << 10;

/// Where lines come from.
enum Reader {
    /// A file, standard input, a text.
    Bytes(Box<dyn BufRead>),
    /// The person, through the editor; the main loop asks the terminal itself.
    Person,
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
}

impl Source {
    /// A script file.
    ///
    /// # Errors
    /// What the operating system said; a directory is refused.
    pub fn file(path: &Path, name: &[u8]) -> io::Result<Source> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Ok(Source {
            reader: Reader::Bytes(Box::new(BufReader::with_capacity(BUFFER, file))),
            name: Some(name.to_vec()),
            path: Some(path.to_owned()),
            line: 0,
        })
    }

    /// Standard input, not a terminal; `name` is `<stdin>` for `-f -`.
    ///
    /// # Errors
    /// The descriptor can't be duplicated.
    pub fn stdin(name: Option<&[u8]>) -> io::Result<Source> {
        let stdin = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        Ok(Source {
            reader: Reader::Bytes(Box::new(BufReader::with_capacity(BUFFER, stdin))),
            name: name.map(<[u8]>::to_vec),
            path: None,
            line: 0,
        })
    }

    /// A text in memory.
    pub fn text(text: Vec<u8>) -> Source {
        Source {
            reader: Reader::Bytes(Box::new(io::Cursor::new(text))),
            name: None,
            path: None,
            line: 0,
        }
    }

    /// The person at the terminal.
    pub fn person() -> Source {
        Source { reader: Reader::Person, name: None, path: None, line: 0 }
    }

    /// Whether a person types.
    pub fn is_person(&self) -> bool {
        matches!(self.reader, Reader::Person)
    }

    /// Reads one line with its end into `line`, which is cleared first; false at the end of input.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn read_line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let Reader::Bytes(reader) = &mut self.reader else { return Ok(false) };
        let got = reader.read_until(b'\n', line)? > 0;
        if got {
            self.line += 1;
        }
        Ok(got)
    }

    /// The bytes underneath, for COPY data; `None` for the person.
    pub fn bytes(&mut self) -> Option<&mut dyn BufRead> {
        match &mut self.reader {
            Reader::Bytes(reader) => Some(reader),
            Reader::Person => None,
        }
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

/// The stack of sources; the last is being read.
#[derive(Default)]
pub struct Input {
    sources: Vec<Source>,
}

impl Input {
    /// Reads from `source` until it ends.
    pub fn push(&mut self, source: Source) {
        self.sources.push(source);
    }

    /// Leaves the current source.
    pub fn pop(&mut self) {
        self.sources.pop();
    }

    /// The source being read.
    pub fn current(&mut self) -> Option<&mut Source> {
        self.sources.last_mut()
    }

    /// Whether a person types the commands now.
    pub fn is_person(&self) -> bool {
        self.sources.last().is_some_and(Source::is_person)
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

/// Reads a whole stream, such as a shell command's output.
///
/// # Errors
/// What the operating system said.
pub fn read_all(mut stream: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(bytes)
}
