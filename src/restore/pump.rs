//! A script on its way into a shell: read, counted, and kept from what no dump has.

use super::archive_tool::Running;
use crate::archive::script::{self, Part, ScriptReader};
use crate::archive::summary::Summary;
use crate::session::error_text;
use std::io::{self, PipeWriter, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const BUFFER: usize = 128 * 1024;

/// Where the script comes from.
pub enum Origin {
    /// A script, decompressed.
    Script(Box<dyn Read + Send>),
    /// What `pg_restore` makes of an archive.
    Archive(Box<Running>),
}

/// How the script must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With the comment that says that it is complete.
    Told,
    /// Anywhere between two statements.
    Any,
}

/// Which settings the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settings {
    /// All that dumps have.
    All,
    /// Only those before version 17.
    Old,
}

/// What a script does where one of its statements fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// All of it is undone.
    One,
    /// What was done stays.
    None,
}

impl Passing {
    /// The statements that are not passed on.
    fn left_out(self) -> Vec<&'static [u8]> {
        let setting = (self.settings == Settings::Old).then_some(script::NEW_SETTING);
        let transaction = (self.transaction == Transaction::One).then_some(script::TRANSACTION);
        let others = transaction.into_iter().chain([script::RESTRICTIONS]).flatten();
        setting.into_iter().chain(others).collect()
    }
}

/// How a script is passed on.
#[derive(Clone, Copy, Debug)]
pub struct Passing {
    /// Whether the server knows the settings of new ones.
    pub settings: Settings,
    /// Whether all of it is one transaction.
    pub transaction: Transaction,
    /// How it must end.
    pub ending: Ending,
    /// Whether tables are analyzed in the end.
    pub analyzes: bool,
}

/// What is known of a script while it is passed on.
#[derive(Debug, Default)]
pub struct Passed {
    /// What it held so far.
    pub summary: Summary,
    /// How many bytes were passed on.
    pub bytes: u64,
    /// Why it was not passed on to its end.
    pub failure: Option<String>,
}

/// What both sides look at.
pub type Shared = Arc<Mutex<Passed>>;

/// Looks at it.
pub fn lock(shared: &Shared) -> MutexGuard<'_, Passed> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes a script on to its end, into a shell whose commands are restricted by `key`. Where it fails the reader must not take what it has for all: the pipe is
/// handed back open, for whoever stops the reader first.
pub fn pass(
    origin: Origin,
    passing: Passing,
    key: String,
    writer: PipeWriter,
    shared: &Shared,
) -> Option<PipeWriter> {
    let script = ScriptReader::new(passing.left_out()).restricted_by(key);
    let mut pump = Pump { script, passing, writer, shared };
    match pump.run(origin) {
        Ok(()) => None,
        // The reader ended first, and says why.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
        Err(error) => {
            lock(shared).failure = Some(error_text(&error));
            Some(pump.writer)
        }
    }
}

struct Pump<'a> {
    script: ScriptReader,
    passing: Passing,
    writer: PipeWriter,
    shared: &'a Shared,
}

impl Pump<'_> {
    fn run(&mut self, origin: Origin) -> io::Result<()> {
        match origin {
            Origin::Script(mut reader) => self.copy(&mut reader)?,
            Origin::Archive(mut running) => {
                self.copy(&mut running)?;
                running.finish().map_err(io::Error::other)?;
            }
        }
        self.end()
    }

    fn copy(&mut self, reader: &mut impl Read) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER];
        let mut out = Vec::with_capacity(2 * BUFFER);
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.take(&buffer[..count], &mut out)?;
            self.writer.write_all(&out)?;
            out.clear();
        }
    }

    /// Looks at a piece before it is passed on.
    fn take(&mut self, piece: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let mut passed = lock(self.shared);
        let summary = &mut passed.summary;
        let (mut ends, mut connects) = (None, None);
        let is_one = self.passing.transaction == Transaction::One;
        self.script.take(piece, out, &mut |part: Part<'_>| {
            match part {
                Part::Statement(text) if is_one && ends_transaction(text) => {
                    ends.get_or_insert_with(|| String::from_utf8_lossy(text).into_owned());
                }
                Part::Backslash(text) if is_one && text.starts_with(b"\\connect") => {
                    connects.get_or_insert_with(|| String::from_utf8_lossy(text).into_owned());
                }
                _ => {}
            }
            summary.take(part);
        });
        if let Some(statement) = ends {
            return Err(io::Error::other(format!(
                "it ends transactions by itself ({statement}), so that it can't be all or nothing: \\i runs it"
            )));
        }
        if let Some(command) = connects {
            return Err(io::Error::other(format!(
                "it leads to another database in its middle ({command}): read it first, \\i runs it"
            )));
        }
        if let Some(command) = summary.commands.first() {
            let command = String::from_utf8_lossy(command).into_owned();
            return Err(io::Error::other(format!(
                "it has the command {command}, which no dump has: read it first, \\i runs it"
            )));
        }
        passed.bytes += piece.len() as u64;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let mut passed = lock(self.shared);
        let mut out = Vec::new();
        let summary = &mut passed.summary;
        self.script.finish(&mut out, &mut |part: Part<'_>| summary.take(part));
        let is_whole = self.script.is_between_statements()
            && (summary.is_complete || self.passing.ending == Ending::Any);
        if !is_whole {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "it is cut short: the end is missing",
            ));
        }
        if self.passing.analyzes {
            out.push(b'\n');
            out.extend(summary.analyze());
        }
        drop(passed);
        self.writer.write_all(&out)
    }
}

/// Whether a statement would end the transaction around all of them.
fn ends_transaction(statement: &[u8]) -> bool {
    const ENDS: [&[u8]; 5] = [b"COMMIT", b"END", b"ROLLBACK", b"ABORT", b"PREPARE TRANSACTION"];
    let begins = |statement: &[u8], word: &[u8]| {
        let rest = statement.get(word.len()..);
        statement.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
            && rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
    };
    let words = statement.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join(&b" "[..]);
    ENDS.iter().any(|word| begins(&words, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_transaction() {
        for (statement, expected) in [
            ("commit", true),
            ("COMMIT", true),
            ("prepare\n transaction 'a'", true),
            ("END WORK", true),
            ("Rollback to savepoint a", true),
            ("endless", false),
            ("select 'commit'", false),
        ] {
            assert_eq!(ends_transaction(statement.as_bytes()), expected, "{statement}");
        }
    }
}
