//! The copy: `pg_dump` writes the schema, `pg_restore` makes it on a scratch server.

use super::original::{Extension, extensions, sizes};
use super::said::Said;
use crate::backup::{Failure, FailureKind, Source, check_end, is_chatter, run_tool};
use crate::catalog_query::{CatalogQuery, identifier, literal};
use crate::connection::Connection;
use crate::conninfo::Settings;
use crate::console::{Console, Reported};
use crate::dry_run::Sizes;
use crate::interactive::Interactive;
use crate::progress::Transfer;
use crate::scratch::{self, Scratch};
use crate::server_tools::{Event, Invocation, Program, Suits, TargetServer, Tool, find, run};
use crate::session::{TransactionStatus, error_text};
use crate::terminal::signal;
use std::sync::Once;
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// From this version on `pg_dump` and `pg_restore` can leave comments out.
const NO_COMMENTS: i32 = 110_000;

/// A scratch copy of a schema. It is dropped with this value.
pub struct SchemaCopy {
    /// The connection to it, which ends before it.
    connection: Connection,
    _scratch: Scratch,
    database: String,
    server: String,
    sizes: Sizes,
    failures: Vec<String>,
    took: Duration,
}

impl SchemaCopy {
    /// Copies the schema of the session's database. The session is asked for nothing but its search_path.
    ///
    /// # Errors
    /// There is no copy, and nothing is left of it.
    pub fn make(
        console: &mut Console,
        connection: &mut Connection,
        interactive: &Interactive,
    ) -> Result<SchemaCopy, Failure> {
        let began = Instant::now();
        let search_path = search_path(console, connection)?;
        let source = Source::new(connection, None, interactive)?;
        let version = source.server.version();
        let tool = |program, version| {
            find(program, Suits::AtLeast(version))
                .map_err(|missing| Failure::new(FailureKind::NoTool, missing.to_string()))
        };
        let dump = tool(Program::PgDump, version)?;
        let restore = tool(Program::PgRestore, dump.version())?;
        let mut session = source.ask(console)?;
        let sizes = sizes(&mut session)?;
        let extensions = extensions(&mut session)?;
        drop(session);
        let file = NamedTempFile::new().map_err(|error| {
            let text = format!("could not make a temporary file: {}", error_text(&error));
            Failure::new(FailureKind::Place, text)
        })?;
        write(console, &source, &dump, &file)?;
        let scratch = open(console, version)?;
        make_extensions(&scratch, &extensions);
        let mut settings = Settings::default();
        for (keyword, value) in &scratch.settings {
            settings.set(keyword, value.as_str());
        }
        settings.set("client_encoding", source.encoding_name());
        let mut copy = Connection::beside(console, &settings).map_err(|error| {
            let text = String::from_utf8_lossy(&error.message).into_owned();
            Failure::new(FailureKind::Connection, text)
        })?;
        let failures = read(console, &mut copy, &restore, &file)?;
        let path = literal(&search_path, console.encoding());
        let set =
            [&b"SELECT pg_catalog.set_config('search_path', "[..], &path, b", false)"].concat();
        let refused = |reason: Vec<u8>| {
            Failure::new(FailureKind::Connection, String::from_utf8_lossy(&reason).into_owned())
        };
        copy.run_tersely(console, &set).map_err(refused)?;
        Ok(SchemaCopy {
            connection: copy,
            database: String::from_utf8_lossy(&source.database).into_owned(),
            server: format!("PostgreSQL {}", scratch.cluster().server().version),
            _scratch: scratch,
            sizes,
            failures,
            took: began.elapsed(),
        })
    }

    /// The connection to it.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// How large the tables are where they come from.
    pub fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// The database it was made of.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// What was made, and what could not be.
    pub fn tell(&self, console: &mut Console) {
        let seconds = self.took.as_secs_f64();
        console.info(console.folded(
            format!(
                "The schema of {} was copied to a scratch server ({}) in {seconds:.1} s; its tables are \
                 empty there.",
                self.database, self.server
            )
            .as_bytes(),
        ));
        let [first, ..] = &self.failures[..] else { return };
        let text = format!(
            "{} could not be made there; the first because: {first}",
            crate::number::counted(self.failures.len() as u64, "object")
        );
        console.warning(console.folded(text.as_bytes()));
    }

    /// Ends the connection and drops the copy.
    pub fn end(mut self, console: &mut Console) {
        self.connection.close(console);
    }
}

/// Where the session looks for names: the schemas that are there, `"$user"` by its name.
fn search_path(console: &mut Console, connection: &mut Connection) -> Result<Vec<u8>, Failure> {
    if connection.transaction_status() == TransactionStatus::Failed {
        let failure = Failure::new(FailureKind::Refused, "the transaction has failed");
        return Err(failure.with_hint("ROLLBACK ends it."));
    }
    let sql = "SELECT pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(s) \
         FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) s), ', ')";
    let query = CatalogQuery::new(sql, console.encoding());
    let told = connection.scalar(console, query.as_bytes());
    told.map_err(|Reported| {
        Failure::new(FailureKind::Connection, "the session does not tell its search_path")
    })
}

/// Has `pg_dump` write the schema.
fn write(
    console: &mut Console,
    source: &Source<'_>,
    tool: &Tool,
    file: &NamedTempFile,
) -> Result<(), Failure> {
    let mut invocation = Invocation::connected(tool, &source.server)?;
    invocation.database(&source.database).option("--file", file.path());
    invocation.arg("--schema-only").arg("--format=custom").arg("--no-subscriptions");
    // One lock in the way is told, not waited for.
    invocation.arg("--lock-wait-timeout=5000").arg("--verbose");
    let transfer = Transfer::new("copying the schema", Instant::now());
    let line = source.interactive.transfer_line(console, transfer);
    run_tool(console, tool, &mut invocation, &mut Quiet, line).map(drop)
}

/// Follows a program of which only what is wrong is told.
struct Quiet;

impl crate::backup::Follower for Quiet {
    fn takes(&mut self, line: &str) -> bool {
        is_chatter(line)
    }

    fn tell(&self, _: &mut Transfer) {}
}

/// A scratch database on a server that takes what one of this version has.
fn open(console: &mut Console, version: i32) -> Result<Scratch, Failure> {
    static WATCH: Once = Once::new();
    // Without a handler a server may be left behind, no more.
    WATCH.call_once(|| drop(signal::before_killed(scratch::end_when_killed)));
    let major = u32::try_from(version / 10_000).unwrap_or(0);
    console.output.flush();
    let opened = scratch::open_confined(major);
    // Ctrl-C ends the programs that make a server, too.
    if console.interrupts.signal().is_some_and(|signal| signal.take()) {
        console.interrupts.give_up_work();
        return Err(Failure::new(FailureKind::Stopped, "stopped by Ctrl-C"));
    }
    opened.map_err(|error| {
        let failure = Failure::new(FailureKind::NoTool, error.to_string());
        failure.with_hint(
            "pgsh --scratch --scratch-install installs one; PGSH_SERVER_BIN names one's directory.",
        )
    })
}

/// Makes the extensions as the superuser: their scripts are this machine's own, and few of them an ordinary
/// role may run. What fails is told when it is made again.
fn make_extensions(scratch: &Scratch, extensions: &[Extension]) {
    let Ok(mut session) = scratch::connect(scratch.cluster(), scratch.database()) else { return };
    let owner = identifier(scratch.database().as_bytes());
    let owner = String::from_utf8_lossy(&owner).into_owned();
    let quoted = |name: &str| String::from_utf8_lossy(&identifier(name.as_bytes())).into_owned();
    for Extension { name, schema } in extensions {
        let mut statements = Vec::new();
        if !matches!(schema.as_str(), "pg_catalog" | "public") {
            let schema = quoted(schema);
            statements.push(format!("CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}"));
        }
        let (name, schema) = (quoted(name), quoted(schema));
        statements.push(format!("CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}"));
        for statement in statements {
            session.query(statement.as_bytes());
            while let Ok(event) = session.next_event() {
                if matches!(event, crate::session::Event::Ready(_)) {
                    break;
                }
            }
        }
    }
}

/// Has `pg_restore` make the schema; what could not be made.
fn read(
    console: &mut Console,
    copy: &mut Connection,
    tool: &Tool,
    file: &NamedTempFile,
) -> Result<Vec<String>, Failure> {
    let Some(session) = copy.session() else { return Ok(Vec::new()) };
    let database = session.database().to_vec();
    let mut invocation = Invocation::connected(tool, &TargetServer::of(session, None))?;
    invocation.database(&database);
    invocation.arg("--no-owner").arg("--no-privileges").arg("--no-tablespaces");
    if tool.version() >= NO_COMMENTS {
        invocation.arg("--no-comments");
    }
    invocation.arg("--").arg(file.path());
    let mut said = Said::default();
    let interrupts = console.interrupts.signal();
    let ended = run(&mut invocation, interrupts.as_deref(), &mut |event| {
        if let Event::Error(line) = event {
            crate::backup::Follower::takes(&mut said, &String::from_utf8_lossy(line));
        }
    });
    let ended = ended.map_err(|error| {
        let text = format!("could not run {tool}: {}", error_text(&error));
        Failure::new(FailureKind::Tool, text)
    })?;
    // It fails where any object did.
    if ended.interrupted || said.failures().is_empty() && !said.rest().is_empty() {
        check_end(console, tool, ended, &said.rest())
            .map_err(|failure| failure.with_hint(said.rest()))?;
    }
    Ok(said.failures().to_vec())
}
