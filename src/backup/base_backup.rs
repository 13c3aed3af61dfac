//! `\basebackup`: looks first, has `pg_basebackup` copy, compares with the manifest, and names what is whole.

use super::arguments;
use super::base_checks::{self, Looked};
use super::done::Done;
use super::failure::{Failure, FailureKind, Findings};
use super::final_name::{self, Unfinished};
use super::progress::BaseBackupFollower;
use super::proof;
use super::request::{BaseBackup, Layout, Objections};
use super::source::Source;
use super::tablespace::Mapping;
use super::tool_run::run_tool;
use crate::connection::Connection;
use crate::console::Console;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::interactive::Interactive;
use crate::progress::Transfer;
use crate::server_tools::{Invocation, Program, Removal, Suits, Tool, find};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// From this version on a manifest comes with the backup, and tar files can be compared with it since 18.
const MANIFESTS: i32 = 130_000;
const MANIFESTS_OF_TAR: i32 = 180_000;

/// Everything a base backup needs, looked at.
struct Prepared {
    tool: Tool,
    arguments: Vec<String>,
    unfinished: Unfinished,
    manifest: Option<PathBuf>,
    server_version: String,
    /// How many bytes the databases have, and where the tablespaces go.
    looked: Looked,
}

/// Makes a base backup.
///
/// # Errors
/// There is none.
pub fn base_backup(
    console: &mut Console,
    connection: &Connection,
    request: &BaseBackup,
    interactive: &Interactive,
) -> Result<Done, Failure> {
    let began = Instant::now();
    let source = Source::new(connection, None, interactive)?;
    let prepared = prepare(console, &source, request)?;
    let Prepared { tool, arguments, unfinished, manifest, server_version, looked } = prepared;
    let Looked { bytes, mappings } = looked;
    let mut invocation = Invocation::connected(&tool, &source.server)?;
    for argument in &arguments {
        invocation.arg(argument);
    }
    invocation.option("--pgdata", unfinished.path());
    // They lie where they are to be from the beginning: the backup leads to them.
    let tablespaces = mappings.iter().map(Mapping::make_directory);
    let tablespaces = tablespaces.collect::<Result<Vec<Removal>, _>>()?;
    for mapping in &mappings {
        invocation.arg(mapping.argument());
    }
    if let Some(manifest) = &manifest {
        invocation.option("--incremental", manifest);
    }
    let transfer = Transfer::new("base backup", Instant::now()).of(Some(bytes));
    let line = source.interactive.transfer_line(console, transfer);
    if line.is_some() {
        invocation.arg("--progress").arg("--verbose");
    }
    let mut follower = BaseBackupFollower::default();
    run_tool(console, &tool, &mut invocation, &mut follower, line)?;
    let path = unfinished.path().to_owned();
    let proven = prove(console, &source, request, &path)?;
    let outside: u64 = tablespaces.iter().map(|one| final_name::size(one.path())).sum();
    let (place, bytes) = (unfinished.place().to_owned(), final_name::size(&path) + outside);
    unfinished.finish().map_err(|text| Failure::new(FailureKind::Place, text))?;
    tablespaces.into_iter().for_each(Removal::keep);
    Ok(Done {
        subject: "the cluster".to_owned(),
        path: place,
        format: request.layout.word(),
        took: began.elapsed(),
        bytes,
        tool: tool.to_string(),
        server: server_version,
        proven: vec![proven],
        counts: None,
    })
}

/// Compares what was written with its manifest, where there is a way to.
fn prove(
    console: &mut Console,
    source: &Source<'_>,
    request: &BaseBackup,
    path: &Path,
) -> Result<String, Failure> {
    let version = source.server.version();
    let (is_tar, not_compared) =
        (request.layout == Layout::Tar, "It was not compared with a manifest");
    match version {
        ..MANIFESTS => Ok(format!("{not_compared}: those came with PostgreSQL 13.")),
        ..MANIFESTS_OF_TAR if is_tar => {
            Ok(format!("{not_compared}: pg_verifybackup reads tar files since PostgreSQL 18."))
        }
        // WAL in a tar file can't be parsed.
        _ => {
            proof::base_backup(console, version, path, is_tar || request.incremental_from.is_some())
        }
    }
}

/// Looks at everything, and tells all that stands in the way at once.
fn prepare(
    console: &mut Console,
    source: &Source<'_>,
    request: &BaseBackup,
) -> Result<Prepared, Failure> {
    let mut findings = Findings::default();
    let tool = find(Program::PgBasebackup, Suits::AtLeast(source.server.version()))
        .map_err(|missing| Failure::new(FailureKind::NoTool, missing.to_string()));
    let tool = findings.take(tool);
    let arguments = tool.as_ref().and_then(|tool| {
        let made = arguments::base_backup(request, tool.version());
        findings.take(made.map_err(|unable| Failure::new(FailureKind::Refused, unable)))
    });
    let to = expand_tilde(&request.to);
    let place = Path::new(bytes_to_os(&to));
    let unfinished = Unfinished::new(place, request.common.existing);
    let unfinished =
        findings.take(unfinished.map_err(|text| Failure::new(FailureKind::Place, text)));
    let manifest = request.incremental_from.as_ref().and_then(|from| {
        let from = expand_tilde(from);
        findings.take(base_checks::manifest(Path::new(bytes_to_os(&from))))
    });
    let session = findings.take(source.ask(console));
    let looked = session.and_then(|mut session| {
        let looked =
            base_checks::server(console, source, &mut session, request, place, &mut findings);
        findings.take(looked).map(|looked| (session.version_text(), looked))
    });
    if request.common.objections == Objections::AreTold {
        findings.ignore();
    }
    findings.tell_notes(console);
    findings.check()?;
    let nothing = || Failure::new(FailureKind::Refused, "the checks came to no end");
    let (server_version, looked) = looked.ok_or_else(nothing)?;
    Ok(Prepared {
        tool: tool.ok_or_else(nothing)?,
        arguments: arguments.ok_or_else(nothing)?,
        unfinished: unfinished.ok_or_else(nothing)?,
        manifest,
        server_version,
        looked,
    })
}
