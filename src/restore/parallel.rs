//! A restore by `pg_restore` itself, with several connections at once.

use super::archive_tool::ArchiveTool;
use crate::backup::{Failure, Follower, Source, is_chatter, run_tool};
use crate::console::Console;
use crate::progress::Transfer;
use crate::server_tools::Invocation;
use std::path::Path;
use std::time::Instant;

/// Follows `pg_restore --verbose`.
#[derive(Default)]
struct RestoreFollower {
    tables: u64,
    done: u64,
    current: String,
    warnings: u64,
    /// The line before was one of those that only tell how it goes on; a name with a newline continues it.
    was_chatter: bool,
}

impl Follower for RestoreFollower {
    fn takes(&mut self, line: &str) -> bool {
        if let Some((_, name)) = line.split_once("processing data for table ") {
            self.current = name.trim_matches('"').to_owned();
            self.done += 1;
            self.was_chatter = true;
            return true;
        }
        self.warnings += u64::from(line.contains("warning: "));
        if line.starts_with("pg_restore: ") {
            self.was_chatter = is_chatter(line);
        }
        self.was_chatter
    }

    fn tell(&self, transfer: &mut Transfer) {
        let RestoreFollower { tables, done, current, .. } = self;
        transfer.set_what(format!("restoring table {done} of {tables} {current}").trim_end());
    }
}

/// Restores into the source's database; the number of warnings.
///
/// # Errors
/// It failed, and what was done until then stays.
pub fn restore(
    console: &mut Console,
    source: &Source<'_>,
    archive: &ArchiveTool,
    path: &Path,
    jobs: u32,
    tables: u64,
    arguments: &[String],
) -> Result<u64, Failure> {
    let mut invocation = Invocation::connected(archive.tool(), &source.server)?;
    invocation.database(&source.database).option("--jobs", jobs.to_string());
    invocation.arg("--exit-on-error").arg("--verbose");
    for argument in arguments {
        invocation.arg(argument);
    }
    invocation.arg("--").arg(path);
    let transfer = Transfer::new("restoring", Instant::now());
    let line = source.interactive.transfer_line(console, transfer);
    let mut follower = RestoreFollower { tables, ..RestoreFollower::default() };
    run_tool(console, archive.tool(), &mut invocation, &mut follower, line)?;
    Ok(follower.warnings)
}
