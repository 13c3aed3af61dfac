//! `\backup`: looks first, has `pg_dump` or `pg_dumpall` write, proves, and names what is whole.

use super::arguments;
use super::counts;
use super::done::Done;
use super::dump_checks::{self, Table};
use super::failure::{Failure, FailureKind, Findings};
use super::final_name::{self, Unfinished};
use super::progress::DumpFollower;
use super::proof;
use super::queries;
use super::request::{Dump, Existing, Objections, Proof, Subject};
use super::side_session::{SideSession, text};
use super::source::Source;
use super::tool_run::run_tool;
use crate::connection::Connection;
use crate::console::Console;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::interactive::Interactive;
use crate::progress::Transfer;
use crate::server_tools::{Invocation, Program, Suits, Tool, find, major};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

/// From this version on `pg_dump` marks its errors, so that they are told from what it says else.
const MARKED_ERRORS: i32 = 120_000;

/// Everything a dump needs, looked at.
struct Prepared {
    tool: Tool,
    arguments: Vec<Vec<u8>>,
    unfinished: Unfinished,
    session: SideSession,
    tables: Vec<Table>,
}

/// Makes a dump.
///
/// # Errors
/// There is none.
pub fn dump(
    console: &mut Console,
    connection: &Connection,
    request: &Dump,
    interactive: &Interactive,
) -> Result<Done, Failure> {
    let began = Instant::now();
    let name = match &request.subject {
        Subject::Database(name) => name.as_deref(),
        _ => None,
    };
    let name = name.map(|name| as_the_server_knows_it(console, connection, name, interactive));
    let source = Source::new(connection, name.transpose()?.as_deref(), interactive)?;
    let mut prepared = prepare(console, &source, request)?;
    run(console, &source, request, &mut prepared)?;
    let path = prepared.unfinished.path().to_owned();
    let mut proven = vec![proof::dump(console, &prepared.tool, &path, request)?];
    let counted = match request.common.proof {
        Proof::Listing => None,
        Proof::Counts => Some(count(console, &source, &mut prepared)?),
    };
    let Prepared { tool, unfinished, session, .. } = prepared;
    let (place, bytes) = (unfinished.place().to_owned(), final_name::size(&path));
    let failed = |text: String| Failure::new(FailureKind::Place, text);
    let file = counts::file(&place);
    forget_counts(&file)?;
    unfinished.finish().map_err(failed)?;
    let mut counts = None;
    if let Some(Counted { text, rows, tables }) = counted {
        let beside = Unfinished::new(&file, Existing::Overwritten).map_err(failed)?;
        std::fs::write(beside.path(), text).map_err(|error| {
            let reason = crate::session::error_text(&error);
            failed(format!("could not write \"{}\": {reason}", file.display()))
        })?;
        beside.finish().map_err(failed)?;
        let noun = if tables == 1 { "table" } else { "tables" };
        let shown = file.display();
        proven.push(format!("{rows} rows of {tables} {noun} were counted, see \"{shown}\"."));
        counts = Some((file, rows));
    }
    Ok(Done {
        subject: subject(request, &source),
        path: place,
        format: request.format.word(),
        took: began.elapsed(),
        bytes,
        tool: tool.to_string(),
        server: session.version_text(),
        proven,
        counts,
    })
}

/// A database's name as the server takes it when a connection begins, whatever the session speaks.
fn as_the_server_knows_it(
    console: &Console,
    connection: &Connection,
    name: &[u8],
    interactive: &Interactive,
) -> Result<Vec<u8>, Failure> {
    if name.is_ascii() {
        return Ok(name.to_vec());
    }
    Source::new(connection, None, interactive)?.ask(console)?.in_database_encoding(name)
}

/// Removes the counts of an earlier dump of this name: they are not this one's.
fn forget_counts(file: &Path) -> Result<(), Failure> {
    if !file.is_file() {
        return Ok(());
    }
    std::fs::remove_file(file).map_err(|error| {
        let reason = crate::session::error_text(&error);
        let text = format!("could not remove \"{}\": {reason}", file.display());
        Failure::new(FailureKind::Place, text)
    })
}

/// `database "app"`
fn subject(request: &Dump, source: &Source<'_>) -> String {
    let database = String::from_utf8_lossy(&source.database).into_owned();
    let list = |names: &[Vec<u8>]| String::from_utf8_lossy(&names.join(&b", "[..])).into_owned();
    match &request.subject {
        Subject::Database(_) => format!("database \"{database}\""),
        Subject::Schemas(names) => format!("schema {} of database \"{database}\"", list(names)),
        Subject::Tables(patterns) => format!("table {} of database \"{database}\"", list(patterns)),
        Subject::All => "all databases".to_owned(),
        Subject::Globals => "roles and tablespaces".to_owned(),
    }
}

/// Where the dump is to be.
fn place(request: &Dump, source: &Source<'_>) -> PathBuf {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let stamp = crate::terminal::time_stamp(i64::try_from(now.as_secs()).unwrap_or(0));
    let stamp = String::from_utf8_lossy(&stamp).into_owned();
    let Some(to) = &request.to else { return free_name(request, source, Path::new(""), &stamp) };
    let to = expand_tilde(to);
    let path = Path::new(bytes_to_os(&to));
    let into =
        to.ends_with(b"/") || path.is_dir() && request.format != super::request::Format::Directory;
    if into { free_name(request, source, path, &stamp) } else { path.to_owned() }
}

/// A name in a directory that nothing has yet: several may be made within a second.
fn free_name(request: &Dump, source: &Source<'_>, directory: &Path, stamp: &str) -> PathBuf {
    let stamps = (2..).map(|number| format!("{stamp}-{number}"));
    let mut places = std::iter::once(stamp.to_owned()).chain(stamps).map(|stamp| {
        let name = arguments::default_name(request, &source.database, &stamp);
        directory.join(bytes_to_os(&name))
    });
    let first = places.next().unwrap_or_default();
    if first.symlink_metadata().is_err() {
        return first;
    }
    // Where that many are there, the first tells why not.
    places.take(1000).find(|place| place.symlink_metadata().is_err()).unwrap_or(first)
}

/// Looks at everything, and tells all that stands in the way at once.
fn prepare(
    console: &mut Console,
    source: &Source<'_>,
    request: &Dump,
) -> Result<Prepared, Failure> {
    let mut findings = Findings::default();
    let program = if request.subject.is_cluster() { Program::PgDumpall } else { Program::PgDump };
    let tool = find(program, Suits::AtLeast(source.server.version()))
        .map_err(|missing| Failure::new(FailureKind::NoTool, missing.to_string()));
    let tool = findings.take(tool);
    let arguments = tool.as_ref().and_then(|tool| {
        let made = arguments::dump(request, tool.version());
        findings.take(made.map_err(|unable| Failure::new(FailureKind::Refused, unable)))
    });
    let place = place(request, source);
    let unfinished = Unfinished::new(&place, request.common.existing);
    let unfinished =
        findings.take(unfinished.map_err(|text| Failure::new(FailureKind::Place, text)));
    let session = findings.take(source.ask(console));
    let looked = session.and_then(|session| {
        let looked = look(source, session, request, &place, &mut findings);
        findings.take(looked)
    });
    if let Some(tool) = &tool {
        note_newer(tool, source, request, &mut findings);
    }
    if request.common.objections == Objections::AreTold {
        findings.ignore();
    }
    findings.tell_notes(console);
    findings.check()?;
    let nothing = || Failure::new(FailureKind::Refused, "the checks came to no end");
    let (mut session, tables) = looked.ok_or_else(nothing)?;
    // Names are told to the program in the database's encoding, whatever the session speaks.
    let arguments = arguments.ok_or_else(nothing)?;
    let arguments = arguments.iter().map(|given| session.in_database_encoding(given));
    let arguments = arguments.collect::<Result<_, _>>()?;
    Ok(Prepared {
        tool: tool.ok_or_else(nothing)?,
        arguments,
        unfinished: unfinished.ok_or_else(nothing)?,
        session,
        tables,
    })
}

/// Looks at the server.
fn look(
    source: &Source<'_>,
    mut session: SideSession,
    request: &Dump,
    place: &Path,
    findings: &mut Findings,
) -> Result<(SideSession, Vec<Table>), Failure> {
    session.ask(&queries::settle())?;
    let (tables, bytes) = if request.subject.is_cluster() {
        (Vec::new(), dump_checks::cluster(&mut session, request, findings)?)
    } else {
        let tables = dump_checks::database(source, &mut session, request, findings)?;
        let bytes = tables.iter().map(|table| table.bytes).sum();
        (tables, bytes)
    };
    dump_checks::room(request, bytes, place, final_name::free_space(place), findings);
    Ok((session, tables))
}

/// An archive is read by the `pg_restore` of the version that wrote it, or a newer one.
fn note_newer(tool: &Tool, source: &Source<'_>, request: &Dump, findings: &mut Findings) {
    let is_newer = major(tool.version()) > major(source.server.version());
    if is_newer && request.format != super::request::Format::Plain {
        findings.note(format!(
            "the archive of {tool}, which is newer than the server, needs a pg_restore as new"
        ));
    }
}

/// Has the program write the dump.
fn run(
    console: &mut Console,
    source: &Source<'_>,
    request: &Dump,
    prepared: &mut Prepared,
) -> Result<(), Failure> {
    let Prepared { tool, arguments, unfinished, session, tables } = prepared;
    let mut invocation = Invocation::connected(tool, &source.server)?;
    for argument in arguments.iter() {
        invocation.arg(bytes_to_os(argument));
    }
    invocation.option("--file", unfinished.path());
    if request.subject.is_cluster() {
        invocation.option("--database", bytes_to_os(&source.database));
    } else {
        invocation.database(&source.database);
    }
    if request.common.proof == Proof::Counts {
        session.ask(&queries::settle_values())?;
        session.ask(&queries::begin_snapshot())?;
        let snapshot = session.ask_row(&queries::export_snapshot())?;
        invocation.option("--snapshot", text(&snapshot, 0));
    }
    let sizes: HashMap<String, u64> =
        tables.iter().map(|table| (table.full_name(), table.bytes)).collect();
    let transfer = Transfer::new("dumping", Instant::now()).of(Some(sizes.values().sum()));
    let line = source.interactive.transfer_line(console, transfer);
    if line.is_some() && tool.version() >= MARKED_ERRORS {
        invocation.arg("--verbose");
    }
    let mut follower = DumpFollower::new(sizes, request.jobs.unwrap_or(1));
    run_tool(console, tool, &mut invocation, &mut follower, line).map(drop)
}

/// What was counted: the text of the file, and its sums.
struct Counted {
    text: String,
    rows: u64,
    tables: usize,
}

/// Counts the rows of what was dumped, in the dump's snapshot.
fn count(
    console: &mut Console,
    source: &Source<'_>,
    prepared: &mut Prepared,
) -> Result<Counted, Failure> {
    let mut counted = Vec::new();
    let has_rows = |table: &&Table| matches!(table.kind.as_str(), "r" | "m");
    for table in prepared.tables.iter().filter(has_rows) {
        let count = counts::count(&mut prepared.session, &table.schema, &table.name);
        counted.push(count.inspect_err(|failure| {
            if failure.kind() == FailureKind::Stopped {
                console.interrupts.give_up_work();
            }
        })?);
    }
    let version = prepared.session.version_text();
    let text = counts::text_of_file(&source.database, &version, &counted);
    let rows = counted.iter().map(counts::Count::rows).sum();
    Ok(Counted { text, rows, tables: counted.len() })
}
