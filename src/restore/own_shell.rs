//! This shell itself, run on a script, as a child: what `pg_restore` would do over its own connection is
//! done as psql does it, in one transaction.

use super::dump_file::DumpFile;
use super::pump::{self, Origin, Passed, Passing, Shared, Transaction, lock};
use crate::backup::{Failure, FailureKind, Follower, Source, check_end, is_chatter, run_tool};
use crate::console::Console;
use crate::progress::Transfer;
use crate::server_tools::{Event, Invocation, Tool, run_while};
use crate::session::error_text;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

/// How the shell ends where a statement fails, and where the server is gone.
const STATEMENT_FAILED: i32 = 3;
const CONNECTION_LOST: i32 = 2;

/// What a script left behind.
pub struct Ran {
    /// What passed.
    pub passed: Passed,
    /// How many warnings there were.
    pub warnings: u64,
}

fn shell(source: &Source<'_>, database: &[u8]) -> Result<(Tool, Invocation), Failure> {
    let tool = Tool::own_shell().map_err(|error| {
        let text = format!("it is not known where this program is: {}", error_text(&error));
        Failure::new(FailureKind::NoTool, text)
    })?;
    let mut invocation = Invocation::connected(&tool, &source.server)?;
    invocation.arg("--no-psqlrc").arg("--quiet").arg("--set=ON_ERROR_STOP=1");
    invocation.option("--output", "/dev/null").database(database);
    Ok((tool, invocation))
}

/// Runs a statement that no transaction may hold.
///
/// # Errors
/// The server refuses.
pub fn statement(
    console: &mut Console,
    source: &Source<'_>,
    database: &[u8],
    sql: &[u8],
) -> Result<(), Failure> {
    let (tool, mut invocation) = shell(source, database)?;
    invocation.option("--command", crate::console::path::bytes_to_os(sql));
    run_tool(console, &tool, &mut invocation, &mut Silent, None).map(drop)
}

/// A program of which nothing is followed.
struct Silent;

impl Follower for Silent {
    fn takes(&mut self, line: &str) -> bool {
        is_chatter(line)
    }

    fn tell(&self, _: &mut Transfer) {}
}

/// Runs a script to its end.
///
/// # Errors
/// It failed, the dump could not be read to its end, or Ctrl-C.
pub fn script(
    console: &mut Console,
    source: &Source<'_>,
    dump: &DumpFile,
    origin: Origin,
    passing: Passing,
) -> Result<Ran, Failure> {
    let failed = |error: io::Error| Failure::new(FailureKind::Tool, error_text(&error));
    let (tool, mut invocation) = shell(source, &source.database)?;
    if passing.transaction == Transaction::One {
        invocation.arg("--single-transaction");
    }
    // Whatever the pump overlooks: no command of the script's runs, and it knows no key to lift that.
    let key = format!("{:x}", RandomState::new().hash_one(std::process::id()));
    invocation.option("--command", format!("\\restrict {key}"));
    invocation.option("--file", "-");
    let (reader, writer) = io::pipe().map_err(failed)?;
    invocation.stdin(Stdio::from(reader));
    let shared = Shared::default();
    let pumped = Shared::clone(&shared);
    let pump = thread::spawn(move || pump::pass(origin, passing, key, writer, &pumped));
    let interrupts = console.interrupts.signal();
    // Of an archive it is not known how much its script will be.
    let is_counted = !dump.is_archive() || dump.compression().is_some();
    let transfer = Transfer::new("restoring", Instant::now()).of(is_counted.then(|| dump.bytes()));
    let mut line = source.interactive.transfer_line(console, transfer);
    let (mut said, mut warnings) = (String::new(), 0);
    console.output.flush();
    let ended = run_while(
        &mut invocation,
        interrupts.as_deref(),
        &mut |event| match event {
            Event::Output(_) => {}
            // That it was stopped is told with the reason.
            Event::Error(_) if lock(&shared).failure.is_some() => {}
            Event::Error(text) => {
                let shown = String::from_utf8_lossy(text);
                warnings += u64::from(shown.contains("WARNING:  "));
                said.push_str(&shown);
                said.push('\n');
                console.info(text);
            }
            Event::Tick => {
                if let Some(line) = &mut line {
                    line.update(console, |transfer| {
                        tell(transfer, &lock(&shared), dump, is_counted)
                    });
                }
            }
        },
        &|| lock(&shared).failure.is_none(),
    );
    console.output.clear_status();
    // The child is gone, and with it whoever read: what still waits to write ends.
    drop(invocation);
    let open = pump.join();
    drop(open);
    let passed = std::mem::take(&mut *lock(&shared));
    let ended = ended.map_err(failed)?;
    if let Some(reason) = passed.failure.as_ref().filter(|_| !ended.interrupted) {
        let text = format!("could not read \"{}\" to its end: {reason}", dump.path().display());
        return Err(Failure::new(FailureKind::Place, text));
    }
    let failed = |kind, text: &str| Err(Failure::new(kind, text));
    match ended.status.code().filter(|_| !ended.interrupted) {
        Some(STATEMENT_FAILED) => {
            return failed(FailureKind::Tool, "a statement of the dump failed, see above");
        }
        Some(CONNECTION_LOST) => {
            return failed(FailureKind::Connection, "the connection to the server was lost");
        }
        _ => check_end(console, &tool, ended, &said)?,
    }
    Ok(Ran { passed, warnings })
}

/// Tells how far a restore has come.
fn tell(transfer: &mut Transfer, passed: &Passed, dump: &DumpFile, is_counted: bool) {
    if let Some(table) = passed.summary.tables.last() {
        let (schema, name) =
            (String::from_utf8_lossy(&table.schema), String::from_utf8_lossy(&table.name));
        transfer.set_what(format!("restoring {schema}.{name}"));
    }
    transfer.set_done(if is_counted { dump.bytes_read() } else { passed.bytes });
}
