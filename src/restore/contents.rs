//! What is in a dump: an archive's list and definitions, or what reading a script finds.

use super::archive_tool::ArchiveTool;
use super::dump_file::DumpFile;
use crate::archive::kind::Kind;
use crate::archive::script::{Part, ScriptReader};
use crate::archive::summary::Summary;
use crate::archive::tar;
use crate::archive::toc::Toc;
use crate::backup::{Failure, FailureKind};
use crate::console::Console;
use crate::session::error_text;
use std::collections::BTreeMap;
use std::io::{self, Read};

/// How much of a script is read before it is restored.
const HEAD: u64 = 16 << 20;

/// What is in a dump.
#[derive(Debug, Default)]
pub struct Contents {
    /// An archive's list.
    pub toc: Option<Toc>,
    /// What its script holds: for an archive the definitions alone.
    pub summary: Summary,
    /// The sizes of the data of entries, as they lie there.
    pub sizes: BTreeMap<u32, u64>,
}

/// How much of a script is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Its first part, which has most of what it needs.
    Head,
}

/// Looks at a dump; `tool` is the one for archives, and the arguments say what it leaves out.
///
/// # Errors
/// It can't be read, or Ctrl-C.
pub fn look(
    console: &Console,
    dump: &DumpFile,
    tool: Option<&ArchiveTool>,
    extent: Extent,
    arguments: &[String],
) -> Result<Contents, Failure> {
    let mut contents = Contents::default();
    let Some(tool) = tool else {
        let reader = dump.reader().map_err(|error| unreadable(dump, &error))?;
        let read = match extent {
            Extent::Whole => read_script(console, reader, &mut contents.summary),
            Extent::Head => read_script(console, reader.take(HEAD), &mut contents.summary),
        };
        read.map_err(|error| unreadable(dump, &error))?;
        return Ok(contents);
    };
    let mut toc = Toc::parse(&tool.list()?);
    // With --create it tells how the database was made.
    const DEFINITIONS: [&str; 4] =
        ["--verbose", "--create", "--section=pre-data", "--section=post-data"];
    let all: Vec<&str> =
        DEFINITIONS.into_iter().chain(arguments.iter().map(String::as_str)).collect();
    let mut running = tool.script(&all)?;
    read_script(console, &mut running, &mut contents.summary)
        .map_err(|error| unreadable(dump, &error))?;
    // What it could not do about data is told when those are wanted.
    let _ = running.finish();
    toc.name_exactly(&contents.summary.told);
    contents.sizes = sizes(dump).unwrap_or_default();
    contents.toc = Some(toc);
    Ok(contents)
}

/// Reads a script to its end.
///
/// # Errors
/// It can't be read; Ctrl-C is [`io::ErrorKind::Interrupted`].
pub fn read_script(
    console: &Console,
    mut reader: impl Read,
    summary: &mut Summary,
) -> io::Result<()> {
    let interrupts = console.interrupts.signal();
    let mut script = ScriptReader::new(Vec::new());
    let mut tell = |part: Part<'_>| summary.take(part);
    let mut buffer = vec![0; 128 * 1024];
    let mut out = Vec::new();
    loop {
        if interrupts.as_ref().is_some_and(|signal| signal.take()) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        script.take(&buffer[..count], &mut out, &mut tell);
        out.clear();
    }
    script.finish(&mut out, &mut tell);
    Ok(())
}

fn unreadable(dump: &DumpFile, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::Interrupted {
        return Failure::new(FailureKind::Stopped, "stopped");
    }
    let text = format!("could not read \"{}\": {}", dump.path().display(), error_text(error));
    Failure::new(FailureKind::Place, text)
}

/// The sizes of the data by the numbers of their entries, where the format tells them.
fn sizes(dump: &DumpFile) -> io::Result<BTreeMap<u32, u64>> {
    // `2695.dat`, `2695.dat.gz`
    let number = |name: &str| name.split_once(".dat").and_then(|(id, _)| id.parse().ok());
    match dump.kind() {
        Kind::Tar => {
            let members = tar::members(&mut dump.reader()?)?;
            let sizes = members.iter().filter_map(|member| {
                Some((number(&String::from_utf8_lossy(member.name()))?, member.size()))
            });
            Ok(sizes.collect())
        }
        Kind::DirectoryContents => {
            let entries = std::fs::read_dir(dump.path())?.flatten();
            let sizes = entries.filter_map(|entry| {
                Some((number(&entry.file_name().to_string_lossy())?, entry.metadata().ok()?.len()))
            });
            Ok(sizes.collect())
        }
        _ => Ok(BTreeMap::new()),
    }
}
