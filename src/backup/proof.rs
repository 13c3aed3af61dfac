//! Whether what a program wrote can be read again.

use super::failure::{Failure, FailureKind};
use super::progress::{Follower, is_chatter};
use super::request::{Dump, Format, Method};
use super::tool_run::run_tool;
use crate::console::Console;
use crate::progress::Transfer;
use crate::server_tools::{Invocation, Program, Suits, Tool, find};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// What the last lines of a whole script hold.
const COMPLETE: [&str; 2] =
    ["PostgreSQL database dump complete", "PostgreSQL database cluster dump complete"];
/// So many bytes at a script's end hold them.
const LAST: u64 = 4096;

/// A program that is followed by nobody.
struct Unfollowed;

impl Follower for Unfollowed {
    fn takes(&mut self, line: &str) -> bool {
        is_chatter(line)
    }

    fn tell(&self, _: &mut Transfer) {}
}

/// Reads a dump again: the list of an archive, the end of a script. What was proven, as a sentence.
///
/// # Errors
/// It can't be read, or is not whole.
pub fn dump(
    console: &mut Console,
    tool: &Tool,
    path: &Path,
    dump: &Dump,
) -> Result<String, Failure> {
    let not_proven = |text: String| Failure::new(FailureKind::Proof, text);
    if dump.format != Format::Plain {
        let tables = list(console, tool, path)?;
        let noun = if tables == 1 { "table" } else { "tables" };
        return Ok(format!("The archive can be read: the data of {tables} {noun}."));
    }
    if dump.compression.as_ref().is_some_and(|found| found.method != Method::None) {
        return Ok(format!("{tool} wrote it to its end; a compressed script was not read again."));
    }
    let end = end_of(path).map_err(|error| {
        not_proven(format!("the script can't be read: {}", crate::session::error_text(&error)))
    })?;
    if COMPLETE.iter().any(|text| end.contains(text)) {
        return Ok("The script is whole.".to_owned());
    }
    Err(not_proven("the script breaks off".to_owned()))
}

/// Lists an archive with `pg_restore`; how many tables have data in it.
fn list(console: &mut Console, tool: &Tool, path: &Path) -> Result<usize, Failure> {
    let restore = find(Program::PgRestore, Suits::AtLeast(tool.version()))
        .map_err(|missing| Failure::new(FailureKind::NoTool, missing.to_string()))?;
    let mut invocation = Invocation::local(&restore);
    invocation.arg("--list").arg(path);
    let listed = run_tool(console, &restore, &mut invocation, &mut Unfollowed, None);
    let lines = listed.map_err(|failure| match failure.kind() {
        FailureKind::Stopped => failure,
        _ => Failure::new(FailureKind::Proof, "the archive can't be read again"),
    })?;
    let has_data = |line: &&Vec<u8>| String::from_utf8_lossy(line).contains(" TABLE DATA ");
    Ok(lines.iter().filter(has_data).count())
}

/// The last bytes of a file.
fn end_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LAST)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    Ok(String::from_utf8_lossy(&end).into_owned())
}

/// Compares a base backup with its manifest. What was proven, as a sentence.
///
/// # Errors
/// They differ, or it can't be read.
pub fn base_backup(
    console: &mut Console,
    version: i32,
    path: &Path,
    skip_wal: bool,
) -> Result<String, Failure> {
    let verify = match find(Program::PgVerifybackup, Suits::Same(version)) {
        Ok(tool) => tool,
        Err(missing) => {
            let missing = missing.to_string();
            let first = missing.lines().next().unwrap_or_default();
            return Ok(format!("It was not compared with its manifest: {first}."));
        }
    };
    let mut invocation = Invocation::local(&verify);
    invocation.arg("--quiet");
    if skip_wal {
        invocation.arg("--no-parse-wal");
    }
    invocation.arg(path);
    run_tool(console, &verify, &mut invocation, &mut Unfollowed, None).map_err(|failure| {
        match failure.kind() {
            FailureKind::Stopped => failure,
            _ => Failure::new(FailureKind::Proof, "the backup differs from its manifest"),
        }
    })?;
    Ok(format!("{verify} agrees: every file is as the manifest says."))
}
