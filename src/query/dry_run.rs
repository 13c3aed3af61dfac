//! `\dryrun`: runs statements in a transaction that is rolled back, and tells what they did. Inside a
//! transaction of the user's it is a savepoint that is gone back to.

use super::rehearsal::Rehearsal;
use super::runner::QueryRunner;
use crate::catalog_query::CatalogQuery;
use crate::connection::protocol::Protocol;
use crate::connection::{Connection, FetchMode, ResultSet, StatementResult, report_not_kept};
use crate::console::{Console, Reported};
use crate::dry_run::{
    Before, Touched, changed, locks_query, relations_query, timeouts_query, touched,
};
use crate::interactive::Interactive;
use crate::print::Rows;
use crate::progress::{self, Blocker, Report};
use crate::safeguard::Tally;
use std::time::{Duration, Instant};

const SAVEPOINT: &str = "pgsh_dryrun";
/// What a statement that was taken for another may have done to the transaction, by its tag.
const OF_TRANSACTIONS: [&[u8]; 5] =
    [b"BEGIN", b"START TRANSACTION", b"COMMIT", b"ROLLBACK", b"PREPARE TRANSACTION"];
/// How long a statement is at work before somebody asks what it waits for.
const DELAY: Duration = Duration::from_millis(700);
/// How long the answer may take; less than the statement may wait.
const PATIENCE: Duration = Duration::from_millis(1000);

/// What the statements did.
#[derive(Debug, Default)]
pub struct DryRun {
    /// By command.
    pub tally: Tally,
    /// How many rows were returned.
    pub returned: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// The relations that were locked or changed.
    pub touched: Vec<Touched>,
}

/// What becomes of what the statements did.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    Back,
    /// It is kept as long as the database is.
    Kept,
}

impl QueryRunner<'_> {
    /// Runs the statements, tells what they did, and takes it back.
    ///
    /// # Errors
    /// They failed, or could not be tried.
    pub fn dry_run(&mut self, sql: &[u8]) -> Result<DryRun, Reported> {
        self.console.interrupts.begin_command();
        self.connection.require(self.console)?;
        self.connection.refuse_in_pipeline(self.console)?;
        self.renew_connection()?;
        let begin =
            if self.console.variables.is_read_only() { "BEGIN READ WRITE" } else { "BEGIN" };
        let rehearsal = Rehearsal { command: "dryrun", begin, savepoint: SAVEPOINT };
        let mut blocker = None;
        let done = self.rehearse(&rehearsal, |runner| runner.try_out(sql, &mut blocker));
        if let Some(blocker) = blocker.filter(|_| done.is_err()) {
            self.console.info(format!("It would wait for {}.", in_words(&blocker)));
        }
        done
    }

    /// Runs the statements, each by itself, and tells what they did. Nothing of it is taken back.
    ///
    /// # Errors
    /// One failed.
    pub fn run_alone(&mut self, statements: &[&[u8]]) -> Result<DryRun, Reported> {
        self.console.interrupts.begin_command();
        let before = Before::new(self.rows_of(&relations_query())?, Vec::new());
        let mut dry_run = DryRun::default();
        let done = statements.iter().try_for_each(|statement| {
            self.run_and_count(statement, Taken::Kept, &mut None, &mut dry_run)
        });
        self.interactive.end_progress(self.console);
        done?;
        dry_run.touched = changed(&before, self.rows_of(&relations_query())?);
        Ok(dry_run)
    }

    /// Runs the statements inside the transaction, with what is asked before and behind.
    fn try_out(&mut self, sql: &[u8], blocker: &mut Option<Blocker>) -> Result<DryRun, Reported> {
        self.rows_of(&timeouts_query())?;
        let before = Before::new(self.rows_of(&relations_query())?, self.rows_of(&locks_query())?);
        let mut dry_run = DryRun::default();
        self.run_and_count(sql, Taken::Back, blocker, &mut dry_run)?;
        dry_run.touched = touched(&before, self.rows_of(&locks_query())?);
        // What COMMIT would look at.
        if self.connection.change_setting(self.console, "SET CONSTRAINTS ALL IMMEDIATE").is_err() {
            return Err(self.console.info("That is what COMMIT would say."));
        }
        Ok(dry_run)
    }

    /// The rows of a query of our own.
    fn rows_of(&mut self, query: &CatalogQuery) -> Result<Vec<Vec<Option<Vec<u8>>>>, Reported> {
        let mut set = self.connection.run_own(self.console, query.as_bytes())?;
        rows(&mut set).map_err(|error| report_not_kept(self.console, &error))
    }

    /// Runs the statements and counts what they did.
    fn run_and_count(
        &mut self,
        sql: &[u8],
        taken: Taken,
        blocker: &mut Option<Blocker>,
        dry_run: &mut DryRun,
    ) -> Result<(), Reported> {
        let start = Instant::now();
        let mut done = Ok(());
        self.connection.begin_query(sql);
        self.connection.send(sql, &Protocol::Simple);
        while let Some(result) = self.next_result_watching(start, blocker) {
            match result {
                StatementResult::Rows(set) => {
                    dry_run.tally.note(&set.tag);
                    dry_run.returned = dry_run.returned.saturating_add(set.rows.len());
                }
                StatementResult::Command(tag) if tag.starts_with(b"SELECT") => {
                    dry_run.tally.note(b"CREATE TABLE AS");
                }
                // What it ends is counted.
                StatementResult::Command(tag) if taken == Taken::Kept && tag == b"COMMIT" => {}
                StatementResult::Command(tag) => {
                    dry_run.tally.note(&tag);
                    if taken == Taken::Back && OF_TRANSACTIONS.contains(&&tag[..]) {
                        let tag = String::from_utf8_lossy(&tag);
                        let text = format!(
                            "\\dryrun: the statements ended the transaction themselves ({tag}): \
                             not all of what they did is rolled back"
                        );
                        done = Err(self.console.error(text));
                    }
                }
                StatementResult::Error(fields) => {
                    self.connection.report_server_error(self.console, fields, sql);
                    done = Err(Reported);
                }
                StatementResult::NotKept(error) => {
                    done = Err(report_not_kept(self.console, &error))
                }
                StatementResult::Lost(reason) => {
                    self.connection.on_connection_lost(self.console, &reason);
                    return Err(Reported);
                }
                StatementResult::CopyIn { .. } => {
                    self.connection.refuse_copy_data(b"a dry run has no data");
                }
                StatementResult::Empty
                | StatementResult::Part(_)
                | StatementResult::CopyOut
                | StatementResult::CopyBoth => {}
            }
        }
        dry_run.elapsed += start.elapsed();
        done
    }

    /// The next result; what the statement waits for is found out meanwhile.
    fn next_result_watching(
        &mut self,
        start: Instant,
        blocker: &mut Option<Blocker>,
    ) -> Option<StatementResult> {
        let interactive = &mut *self.interactive;
        let meanwhile = &mut |console: &mut Console, connection: &mut Connection| {
            if blocker.is_none() && is_quiet(connection, DELAY) {
                *blocker = who_blocks(interactive, console, connection);
            }
            interactive.show_progress(console, connection, start);
        };
        self.connection.next_result_meanwhile(self.console, FetchMode::Whole, meanwhile)
    }
}

/// Whether the server says nothing for so long.
fn is_quiet(connection: &mut Connection, time: Duration) -> bool {
    let session = connection.session_mut();
    session.is_some_and(|session| session.is_quiet_until(Instant::now() + time))
}

/// Asks over the helper who holds the lock that the session waits for.
fn who_blocks(
    interactive: &mut Interactive,
    console: &mut Console,
    connection: &mut Connection,
) -> Option<Blocker> {
    if !connection.may_have_helper(console) {
        return None;
    }
    let session = connection.session()?;
    let question = progress::query(session.backend_pid(), session.server_version())?;
    let answer = interactive.ask_helper(console, connection, &question, PATIENCE)?;
    (0..answer.len()).find_map(|at| {
        let row = answer.row(at);
        let text =
            |cell: Option<&[u8]>| cell.map(|cell| String::from_utf8_lossy(cell).into_owned());
        match Report::new(&row.cells().map(text).collect::<Vec<_>>()) {
            Report::Blocked(blocker) => Some(blocker),
            Report::Progress(_) => None,
        }
    })
}

/// `process 4711 (psql, alice, idle in transaction) for 5 s: UPDATE t`
fn in_words(blocker: &Blocker) -> String {
    let Blocker { pid, application, state, age, query, others } = blocker;
    let mut words = match pid {
        0 => "a prepared transaction".to_owned(),
        pid => format!("process {pid}"),
    };
    let who: Vec<&str> = [application.as_str(), state.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    if !who.is_empty() {
        words += &format!(" ({})", who.join(", "));
    }
    if *others > 0 {
        words += &format!(" and {others} more");
    }
    if let Some(age) = age {
        words += &format!(", in a transaction for {age} s");
    }
    match query.split_whitespace().collect::<Vec<_>>().join(" ") {
        query if query.is_empty() => words,
        query => format!("{words}: {}", query.chars().take(100).collect::<String>()),
    }
}

fn rows(set: &mut ResultSet) -> std::io::Result<Vec<Vec<Option<Vec<u8>>>>> {
    let mut found = Vec::new();
    set.rows.rewind()?;
    while let Some(row) = set.rows.next()? {
        found.push(row.cells().map(|cell| cell.map(<[u8]>::to_vec)).collect());
    }
    Ok(found)
}
