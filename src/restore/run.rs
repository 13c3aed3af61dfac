//! A restore: looks first, restores, proves, and gives a new database its name when it is whole.

use super::archive_tool::ArchiveTool;
use super::base_backup::refuse_others;
use super::checks::{self, Facts};
use super::contents::{self, Contents, Extent};
use super::done::Done;
use super::dump_file::DumpFile;
use super::own_shell::{self, Ran};
use super::parallel;
use super::pump::{Ending, Origin, Passed, Passing, Settings, Transaction};
use super::request::{Existing, Owners, Request};
use super::target::{self, Needs, Target};
use super::verify;
use crate::archive::database::Properties;
use crate::archive::kind::Kind;
use crate::archive::report;
use crate::archive::selection::{self, Selection};
use crate::archive::summary::Summary;
use crate::backup::{Failure, FailureKind, Findings, Objections, Proof, Source, free_space};
use crate::catalog_query::identifier;
use crate::connection::Connection;
use crate::console::Console;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::interactive::Interactive;
use crate::session::{TransactionStatus, error_text, version_number};
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use tempfile::NamedTempFile;

/// From this version on servers know the setting that programs as new write at the top of a script.
const NEW_SETTINGS: i32 = 170_000;
/// From this version on a database can be dropped that somebody uses.
const DROP_FORCE: i32 = 130_000;
/// What the name of a database that is not whole ends with.
const UNFINISHED: &[u8] = b".restoring";
const LONGEST_NAME: usize = 63;

/// Everything that a restore needs, looked at.
struct Prepared<'a> {
    dump: DumpFile,
    archive: Option<ArchiveTool>,
    contents: Contents,
    selection: Option<Selection>,
    /// The list of what is chosen of an archive.
    list: Option<NamedTempFile>,
    /// Whether the script makes databases of its own.
    is_cluster: bool,
    target: Target,
    /// Where statements about databases are run.
    maintenance: Source<'a>,
}

/// Restores.
///
/// # Errors
/// It was not done; what is left then is told.
pub fn restore(
    console: &mut Console,
    connection: &Connection,
    request: &Request,
    interactive: &Interactive,
) -> Result<Done, Failure> {
    let began = Instant::now();
    let prepared = prepare(console, connection, request, interactive)?;
    let is_new = prepared.target.existing.is_none() && !prepared.is_cluster;
    let name = prepared.target.name.clone();
    let at_work = if is_new { create(console, &prepared)? } else { name.clone() };
    let restored = fill(console, connection, request, interactive, &prepared, &at_work);
    let (ran, verified) = match restored {
        Ok(done) => done,
        Err(failure) if is_new && failure.kind() != FailureKind::Proof => {
            let dropped = drop_database(console, &prepared, &at_work);
            return Err(dropped.map_or_else(|left| left, |()| failure));
        }
        Err(failure) if is_new => {
            finish(console, &prepared, &at_work)?;
            return Err(failure.with_hint("The database is there as it was restored."));
        }
        Err(failure) => return Err(left_behind(request, &prepared, failure)),
    };
    if is_new {
        finish(console, &prepared, &at_work)?;
    }
    let summary = &ran.passed.summary;
    let rows = summary.tables.iter().map(|table| table.rows).sum();
    let has_counts = request.jobs == 1 || request.proof == Proof::Counts;
    let objects = match &prepared.selection {
        Some(_) => String::new(),
        None => report::objects(prepared.contents.toc.as_ref(), summary),
    };
    Ok(Done {
        path: prepared.dump.path().display().to_string(),
        objects,
        database: (!prepared.is_cluster).then(|| String::from_utf8_lossy(&name).into_owned()),
        is_new,
        tables: summary.tables.len(),
        rows: has_counts.then_some(rows),
        warnings: ran.warnings,
        took: began.elapsed(),
        verified,
        remarks: remarks(&prepared, is_new),
    })
}

fn prepare<'a>(
    console: &mut Console,
    connection: &Connection,
    request: &Request,
    interactive: &'a Interactive,
) -> Result<Prepared<'a>, Failure> {
    let path = expand_tilde(&request.path);
    let dump = DumpFile::open(Path::new(bytes_to_os(&path)))?;
    refuse_others(&dump)?;
    let archive = dump.is_archive().then(|| ArchiveTool::find(&dump)).transpose()?;
    let mut contents = contents::look(console, &dump, archive.as_ref(), Extent::Head, &[])?;
    let is_cluster = archive.is_none()
        && (*dump.kind() == Kind::ClusterScript || !contents.summary.databases.is_empty());
    let maintenance = Source::new(connection, None, interactive)?;
    let goal = Source::new(connection, request.into.as_deref(), interactive)?;
    refuse_words(request, &dump, is_cluster, archive.as_ref(), goal.server.version())?;
    let is_there = is_there(console, &maintenance, &goal)?;
    let mut selection = None;
    let mut list = None;
    if let (Some(toc), Some(archive), false) = (&contents.toc, &archive, request.only.is_empty()) {
        let mut chosen = selection::select(toc, &request.only);
        refuse_unused(request, &chosen)?;
        if !is_there {
            selection::complete(toc, &mut chosen);
        }
        let file = list_file(&selection::list(toc, &chosen.chosen))?;
        let of_list = [use_list(&file)];
        contents.summary =
            contents::look(console, &dump, Some(archive), Extent::Head, &of_list)?.summary;
        (selection, list) = (Some(chosen), Some(file));
    }
    let mut needs = needs(&contents, selection.as_ref());
    if request.owners == Owners::LeftOut {
        needs.roles.clear();
        contents.summary.database_owner = None;
    }
    let mut findings = Findings::default();
    let mut session = maintenance.ask(console)?;
    let target = if is_cluster {
        Target { version: goal.server.version(), ..Target::default() }
    } else {
        target::look(console, &mut session, &goal, &needs)?
    };
    drop(session);
    if !is_cluster {
        let facts = facts(&dump, &contents, &target);
        checks::check(request, &target, &facts, &mut findings);
        if is_there
            && maintenance.transaction != TransactionStatus::Idle
            && maintenance.database == goal.database
        {
            let text = "this session's transaction is open: the restore may wait for it for ever";
            let failure = Failure::new(FailureKind::Refused, text);
            findings.object(failure.with_hint("COMMIT or ROLLBACK first."));
        }
    } else {
        findings.note(
            "a script that makes databases is not all or nothing: what is done before a failure stays",
        );
    }
    note_selection(&contents, selection.as_ref(), is_there, &mut findings);
    if request.objections == Objections::AreTold {
        findings.ignore();
    }
    findings.tell_notes(console);
    findings.check()?;
    Ok(Prepared { dump, archive, contents, selection, list, is_cluster, target, maintenance })
}

/// Whether the database is there.
fn is_there(console: &Console, maintenance: &Source<'_>, goal: &Source) -> Result<bool, Failure> {
    let mut session = maintenance.ask(console)?;
    let query = super::queries::database(&goal.database, session.encoding());
    Ok(!session.ask_row(&query)?.is_empty())
}

/// Refuses words that this kind of dump can't obey.
fn refuse_words(
    request: &Request,
    dump: &DumpFile,
    is_cluster: bool,
    archive: Option<&ArchiveTool>,
    server: i32,
) -> Result<(), Failure> {
    let refuse =
        |text: &str, hint: &str| Err(Failure::new(FailureKind::Arguments, text).with_hint(hint));
    let is_script = archive.is_none();
    if is_script && !request.only.is_empty() {
        return refuse(
            "\"only\" needs an archive: a script is restored as a whole",
            "Restore it into a new database (\"into NAME\") and take from there what is wanted.",
        );
    }
    if is_script && request.existing == Existing::Dropped {
        return refuse(
            "\"clean\" needs an archive: a script drops what it says itself",
            "pg_dump --clean makes one that drops.",
        );
    }
    if is_script && request.owners == Owners::LeftOut {
        return refuse(
            "\"without owners\" needs an archive: a script gives away what it says itself",
            "pg_dump --no-owner --no-privileges makes one that does not.",
        );
    }
    if is_cluster && request.into.is_some() {
        return refuse(
            "the script makes databases of its own: it can't go into another",
            "Leave \"into\" out; \\restore? tells which they are.",
        );
    }
    if request.jobs > 1 && (is_script || *dump.kind() == Kind::Tar || dump.compression().is_some())
    {
        return refuse(
            "several jobs need an archive of format custom or directory that is not compressed as a whole",
            "Leave \"jobs\" out, or unpack it first.",
        );
    }
    let is_newer = archive.is_some_and(|archive| archive.tool().version() >= NEW_SETTINGS);
    if request.jobs > 1 && is_newer && server < NEW_SETTINGS {
        return refuse(
            "several jobs of this pg_restore begin with a setting that the server does not know",
            "Leave \"jobs\" out: one job leaves the setting out.",
        );
    }
    Ok(())
}

fn refuse_unused(request: &Request, selection: &Selection) -> Result<(), Failure> {
    if selection.unused.is_empty() {
        return Ok(());
    }
    let shown: Vec<_> =
        selection.unused.iter().map(|&at| format!("\"{}\"", request.only[at])).collect();
    let text = format!("nothing in the dump is named {}", shown.join(", "));
    Err(Failure::new(FailureKind::Arguments, text).with_hint("\\restore? lists what is in it."))
}

fn list_file(list: &[u8]) -> Result<NamedTempFile, Failure> {
    let written = NamedTempFile::new().and_then(|mut file| file.write_all(list).map(|()| file));
    written.map_err(|error| {
        let text = format!("could not write a list of what is restored: {}", error_text(&error));
        Failure::new(FailureKind::Place, text)
    })
}

fn use_list(file: &NamedTempFile) -> String {
    format!("--use-list={}", file.path().display())
}

/// What the dump needs of the server.
fn needs(contents: &Contents, selection: Option<&Selection>) -> Needs {
    let summary = &contents.summary;
    let mut needs = Needs {
        roles: summary.needed_roles().cloned().collect(),
        tablespaces: summary.needed_tablespaces().cloned().collect(),
        extensions: summary.extensions.iter().cloned().collect(),
        relations: Vec::new(),
    };
    if let (Some(selection), Some(toc)) = (selection, &contents.toc) {
        let named = selection.named.iter().filter_map(|&id| toc.entry(id));
        let relations =
            named.filter(|one| one.is_table() || matches!(one.kind.as_str(), "VIEW" | "SEQUENCE"));
        needs.relations = relations.map(|one| (one.schema.clone(), one.name.clone())).collect();
    }
    needs
}

fn facts(dump: &DumpFile, contents: &Contents, target: &Target) -> Facts {
    let summary = &contents.summary;
    let header = contents.toc.as_ref().map(|toc| toc.header.server_version.clone());
    let version = header.or(summary.server_version.clone()).unwrap_or_default();
    let unknown = properties(summary);
    let unknown = unknown.unknown_to(target.version).into_iter().map(str::to_owned).collect();
    Facts {
        dumped_from: version_number(version.as_bytes()),
        encoding: summary.encoding.clone(),
        bytes: dump.bytes(),
        unknown_options: if target.existing.is_none() { unknown } else { Vec::new() },
        // A server elsewhere may have a directory of this name, too; then it is not this one's.
        free: target
            .directory
            .as_ref()
            .filter(|place| place.is_dir())
            .and_then(|place| free_space(place)),
    }
}

fn properties(summary: &Summary) -> Properties {
    match (&summary.create_database, &summary.encoding) {
        (Some(statement), _) => Properties::parse(statement),
        (None, Some(encoding)) => Properties::of_encoding(encoding),
        (None, None) => Properties::default(),
    }
}

/// Tells what belongs to the chosen objects and does not come with them.
fn note_selection(
    contents: &Contents,
    selection: Option<&Selection>,
    is_there: bool,
    findings: &mut Findings,
) {
    let (Some(selection), Some(toc)) = (selection, &contents.toc) else { return };
    let names = |ids: &[u32]| {
        let entries = ids.iter().filter_map(|&id| toc.entry(id));
        let names: Vec<_> =
            entries.map(|one| format!("{} {}", report::singular(&one.kind), one.shown())).collect();
        checks::list(&names)
    };
    if !selection.needed.is_empty() {
        let needed = names(&selection.needed);
        findings.note(match is_there {
            true => format!("what is chosen needs what must be there: {needed}"),
            false => format!("what is chosen needs more, which comes with it: {needed}"),
        });
    }
    if !selection.references.is_empty() {
        findings.note(format!(
            "foreign keys of other tables that refer to it are not restored: {}",
            names(&selection.references)
        ));
    }
}

/// The name of a database as long as it is not whole.
fn unfinished_name(name: &[u8]) -> Vec<u8> {
    let mut end = name.len().min(LONGEST_NAME - UNFINISHED.len());
    while end > 0 && end < name.len() && name[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    [&name[..end], UNFINISHED].concat()
}

/// Makes the database under a name that says that it is not whole.
fn create(console: &mut Console, prepared: &Prepared<'_>) -> Result<Vec<u8>, Failure> {
    let name = unfinished_name(&prepared.target.name);
    let maintenance = &prepared.maintenance;
    let mut session = maintenance.ask(console)?;
    let query = super::queries::database(&name, session.encoding());
    if !session.ask_row(&query)?.is_empty() {
        let shown = String::from_utf8_lossy(&name).into_owned();
        let text = format!("database \"{shown}\" is there, of a restore that runs or was killed");
        let hint = format!("Where none runs, DROP DATABASE \"{shown}\" removes it.");
        return Err(Failure::new(FailureKind::Refused, text).with_hint(hint));
    }
    drop(session);
    let options = properties(&prepared.contents.summary).text(prepared.target.version);
    let sql =
        [b"CREATE DATABASE ", &identifier(&name)[..], b" TEMPLATE template0", options.as_bytes()];
    own_shell::statement(console, maintenance, &maintenance.database, &sql.concat())?;
    Ok(name)
}

/// Drops what is not whole.
fn drop_database(
    console: &mut Console,
    prepared: &Prepared<'_>,
    name: &[u8],
) -> Result<(), Failure> {
    let maintenance = &prepared.maintenance;
    let force: &[u8] = if prepared.target.version >= DROP_FORCE { b" WITH (FORCE)" } else { b"" };
    let sql = [b"DROP DATABASE IF EXISTS ", &identifier(name)[..], force].concat();
    own_shell::statement(console, maintenance, &maintenance.database, &sql).map_err(|failure| {
        let name = String::from_utf8_lossy(name).into_owned();
        let text = format!(
            "the restore failed, and database \"{name}\", which is not whole, is still there"
        );
        let hint = format!("DROP DATABASE \"{name}\" removes it.");
        Failure::new(failure.kind(), text).with_hint(hint)
    })
}

/// Gives a database its owner and its name.
fn finish(console: &mut Console, prepared: &Prepared<'_>, at_work: &[u8]) -> Result<(), Failure> {
    let Prepared { target, maintenance, contents, .. } = prepared;
    let at = identifier(at_work);
    if let Some(owner) = contents.summary.database_owner.as_ref().filter(|_| target.is_superuser) {
        let sql = [b"ALTER DATABASE ", &at[..], b" OWNER TO ", &identifier(owner)].concat();
        own_shell::statement(console, maintenance, &maintenance.database, &sql)?;
    }
    let sql = [b"ALTER DATABASE ", &at[..], b" RENAME TO ", &identifier(&target.name)].concat();
    own_shell::statement(console, maintenance, &maintenance.database, &sql).map_err(|failure| {
        let name = String::from_utf8_lossy(at_work).into_owned();
        failure.with_hint(format!("All was restored; the database is called \"{name}\" still."))
    })
}

/// Restores into a database that is there now, and compares.
fn fill(
    console: &mut Console,
    connection: &Connection,
    request: &Request,
    interactive: &Interactive,
    prepared: &Prepared<'_>,
    database: &[u8],
) -> Result<(Ran, Option<verify::Verified>), Failure> {
    let database = if prepared.is_cluster { None } else { Some(database) };
    let goal = Source::new(connection, database, interactive)?;
    let ran = match &prepared.archive {
        Some(archive) if request.jobs > 1 => {
            in_parallel(console, &goal, request, prepared, archive)?
        }
        _ => in_one(console, &goal, request, prepared)?,
    };
    let verified = match request.proof {
        Proof::Counts if !prepared.is_cluster => {
            Some(verify::verify(console, &goal, prepared.dump.path(), &ran.passed.summary)?)
        }
        _ => None,
    };
    Ok((ran, verified))
}

/// What `pg_restore` is told of what is chosen, and of what is there.
fn archive_arguments(request: &Request, prepared: &Prepared<'_>) -> Vec<String> {
    let mut arguments: Vec<String> = prepared.list.iter().map(use_list).collect();
    if request.owners == Owners::LeftOut {
        arguments.extend(["--no-owner", "--no-privileges"].map(str::to_owned));
    }
    if request.existing == Existing::Dropped && prepared.target.existing.is_some() {
        arguments.extend(["--clean", "--if-exists"].map(str::to_owned));
    }
    arguments
}

fn in_one(
    console: &mut Console,
    goal: &Source<'_>,
    request: &Request,
    prepared: &Prepared<'_>,
) -> Result<Ran, Failure> {
    let dump = &prepared.dump;
    let origin = match &prepared.archive {
        Some(archive) => {
            Origin::Archive(Box::new(archive.script(&archive_arguments(request, prepared))?))
        }
        None => Origin::Script(dump.reader().map_err(|error| {
            let text =
                format!("could not read \"{}\": {}", dump.path().display(), error_text(&error));
            Failure::new(FailureKind::Place, text)
        })?),
    };
    let is_new = goal.server.version() >= NEW_SETTINGS;
    let passing = Passing {
        settings: if is_new { Settings::All } else { Settings::Old },
        transaction: if prepared.is_cluster { Transaction::None } else { Transaction::One },
        ending: if *dump.kind() == Kind::Text { Ending::Any } else { Ending::Told },
        analyzes: !prepared.is_cluster,
    };
    own_shell::script(console, goal, dump, origin, passing)
}

fn in_parallel(
    console: &mut Console,
    goal: &Source<'_>,
    request: &Request,
    prepared: &Prepared<'_>,
    archive: &ArchiveTool,
) -> Result<Ran, Failure> {
    let arguments = archive_arguments(request, prepared);
    let toc = prepared.contents.toc.as_ref();
    let is_chosen =
        |id: u32| prepared.selection.as_ref().is_none_or(|chosen| chosen.chosen.contains(&id));
    let tables = toc.map_or(0, |toc| {
        let entries = toc.entries.iter().filter(|one| one.kind == "TABLE DATA");
        entries.filter(|one| is_chosen(one.id)).count()
    });
    let warnings = parallel::restore(
        console,
        goal,
        archive,
        prepared.dump.path(),
        request.jobs,
        tables as u64,
        &arguments,
    )?;
    let mut passed = Passed::default();
    if request.proof == Proof::Counts {
        let arguments: Vec<String> = arguments
            .into_iter()
            .filter(|one| one.starts_with("--use-list"))
            .chain(["--data-only".to_owned()])
            .collect();
        let mut running = archive.script(&arguments)?;
        let read = contents::read_script(console, &mut running, &mut passed.summary);
        let read = read.map_err(|error| error_text(&error)).and_then(|()| running.finish());
        read.map_err(|text| Failure::new(FailureKind::Tool, text))?;
    }
    let analyze = match passed.summary.has_statistics {
        true => Vec::new(),
        false => prepared.contents.summary.analyze(),
    };
    let passing = Passing {
        settings: Settings::All,
        transaction: Transaction::None,
        ending: Ending::Any,
        analyzes: false,
    };
    let origin = Origin::Script(Box::new(std::io::Cursor::new(analyze)));
    own_shell::script(console, goal, &prepared.dump, origin, passing)?;
    Ok(Ran { passed, warnings })
}

/// Says what a failure left in a database that was there before.
fn left_behind(request: &Request, prepared: &Prepared<'_>, failure: Failure) -> Failure {
    let name = String::from_utf8_lossy(&prepared.target.name).into_owned();
    let hint = match () {
        () if failure.kind() == FailureKind::Proof => {
            format!("What was restored is in database \"{name}\".")
        }
        () if prepared.is_cluster => "What was done before the failure stays.".to_owned(),
        () if request.jobs > 1 => {
            format!(
                "Several jobs share no transaction: database \"{name}\" has what was done until then."
            )
        }
        () => format!("Database \"{name}\" is as it was before."),
    };
    failure.with_hint(hint)
}

fn remarks(prepared: &Prepared<'_>, is_new: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    let summary = &prepared.contents.summary;
    if is_new && !prepared.target.is_superuser && summary.database_owner.is_some() {
        let user = &prepared.target.user;
        remarks
            .push(format!("The database belongs to \"{user}\": only a superuser gives it away."));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_databases_that_are_not_whole() {
        assert_eq!(unfinished_name(b"app"), b"app.restoring");
        assert_eq!(unfinished_name(&[b'a'; 63]).len(), 63);
        let umlauts = unfinished_name("ü".repeat(31).as_bytes());
        assert!(std::str::from_utf8(&umlauts).is_ok() && umlauts.len() <= 63);
    }
}
