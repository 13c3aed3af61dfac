//! Runs the queries about the server's sessions: over the session, or over its helper while the
//! session is in a transaction.
//!
//! In a transaction the server answers such questions as it did the first time, and one that failed
//! refuses them. The helper has no transaction.

use super::call::Call;
use crate::administration::{Answered, Desk, Layout, Place, own_process};
use crate::catalog_query::CatalogQuery;
use crate::connection::Lost;
use crate::conninfo;
use crate::console::Reported;
use crate::describe::{Answer, Context, Host, View};
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::escaped;
use crate::print::{Expanded, Format};
use crate::session::{Session, TransactionStatus};
use crate::shell::Shell;
use crate::terminal;
use std::time::Duration;

/// How long a helper may take to connect and answer.
const HELPER_PATIENCE: Duration = Duration::from_secs(15);
/// How long one that is connected may take to say which process it is.
const GLANCE: Duration = Duration::from_millis(500);

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    Session,
    Helper,
}

/// The shell at an operator's desk.
pub struct OperatorsDesk<'a> {
    shell: &'a mut Shell,
    route: Route,
    /// What is shown, if somebody else shows it.
    gathered: Option<Vec<Shown>>,
}

/// What a command at the desk shows.
pub enum Shown {
    /// A table.
    Table(View),
    /// A line.
    Line(Vec<u8>),
}

impl<'a> OperatorsDesk<'a> {
    /// Finds who answers, and where the shell is on the server, whose `context` is the session's.
    ///
    /// # Errors
    /// Nobody can answer, which was reported.
    pub fn open(
        shell: &'a mut Shell,
        context: Context,
    ) -> Result<(OperatorsDesk<'a>, Place), Reported> {
        shell.connection.require(&mut shell.console)?;
        let lost = shell.connection.renew_if_lost(&mut shell.console)?;
        if let Some(words) = lost.and_then(Lost::words) {
            shell.console.info(words);
        }
        let status = shell.connection.transaction_status();
        let is_free = status == TransactionStatus::Idle && !shell.connection.pipeline().is_on();
        let helper = match is_free {
            true if shell.connection.is_helper_connected() => process_of_helper(shell, GLANCE),
            true => None,
            false if shell.console.shows_own_help() => process_of_helper(shell, HELPER_PATIENCE),
            false => None,
        };
        let route = if is_free || helper.is_none() { Route::Session } else { Route::Helper };
        if route == Route::Session && status == TransactionStatus::Failed {
            return Err(nobody_answers(shell));
        }
        let session = shell.connection.session();
        let place = Place {
            session: session.map_or(0, |session| session.backend_pid()),
            helper,
            server: session.map(server_name).unwrap_or_default(),
            is_in_transaction: route == Route::Session
                && status == TransactionStatus::InTransaction,
            context: match route {
                Route::Session => context,
                Route::Helper => Context { encoding: Encoding::Utf8, ..context },
            },
        };
        Ok((OperatorsDesk { shell, route, gathered: None }, place))
    }

    /// Shows nothing from now on, but gathers it.
    pub fn gather(&mut self) {
        self.gathered.get_or_insert_default();
    }

    /// What was gathered.
    pub fn into_gathered(self) -> Vec<Shown> {
        self.gathered.unwrap_or_default()
    }

    fn ask_helper(&mut self, query: &CatalogQuery) -> Result<Answer, Reported> {
        let shell = &mut *self.shell;
        shell.connection.echo_hidden(&mut shell.console, query.as_bytes())?;
        let Shell { console, connection, interactive, .. } = shell;
        match interactive.ask_helper(console, connection, query, HELPER_PATIENCE) {
            Some(rows) => Ok(Answer { columns: Vec::new(), rows }),
            None => Err(console.error("the helper connection was given no answer")),
        }
    }
}

/// Says why nobody answers while the transaction has failed.
fn nobody_answers(shell: &mut Shell) -> Reported {
    let reason = match shell.console.variables.get(b"HELPER_STATUS") {
        _ if !shell.console.shows_own_help() => "a script has no other connection".to_owned(),
        _ if !shell.console.variables.allows_helper() => "HELPER is off".to_owned(),
        Some(status) => format!("the helper connection: {}", String::from_utf8_lossy(status)),
        None => "there can be no helper connection".to_owned(),
    };
    let text = format!(
        "the transaction has failed, so the server answers nothing before ROLLBACK ({reason})"
    );
    shell.console.error(text)
}

/// The helper's process, if one may be asked and answers in time.
fn process_of_helper(shell: &mut Shell, patience: Duration) -> Option<i32> {
    let Shell { console, connection, interactive, .. } = shell;
    let rows = interactive.ask_helper(console, connection, &own_process(), patience)?;
    let row = (!rows.is_empty()).then(|| rows.row(0))?;
    std::str::from_utf8(row.get(0)?).ok()?.parse().ok()
}

/// How the command wants its table.
pub fn layout(call: &Call<'_>) -> Layout {
    let console = &call.shell.console;
    let modifiers = call.name.get(call.command.name().len()..).unwrap_or_default();
    let is_expanded = modifiers.contains(&b'x');
    let is_aligned = console.print.format == Format::Aligned
        && !is_expanded
        && console.print.expanded != Expanded::On;
    let is_read = console.is_interactive() && !console.output.is_redirected();
    let columns = terminal::size().map(|(columns, _)| columns);
    Layout {
        is_verbose: modifiers.contains(&b'+'),
        is_expanded,
        screen: columns.filter(|_| is_aligned && is_read),
    }
}

/// The server as a question names it.
fn server_name(session: &Session) -> Vec<u8> {
    let host = if conninfo::is_socket(session.host()) { b"this machine" } else { session.host() };
    let names: [&[u8]; 7] =
        [host, b":", session.port(), b" (database ", session.database(), b", as ", session.user()];
    [names.concat(), b")".to_vec()].concat()
}

impl Host for OperatorsDesk<'_> {
    fn query(&mut self, query: &CatalogQuery) -> Result<Answer, Reported> {
        match self.route {
            Route::Session => self.shell.query(query),
            Route::Helper => self.ask_helper(query),
        }
    }

    fn show(&mut self, view: View) -> Result<(), Reported> {
        if let Some(gathered) = &mut self.gathered {
            gathered.push(Shown::Table(view));
            return Ok(());
        }
        self.shell.show_with_sentences(view)
    }

    fn error(&mut self, text: &[u8]) {
        self.shell.error(text);
    }

    fn line(&mut self, text: &[u8]) {
        if let Some(gathered) = &mut self.gathered {
            gathered.push(Shown::Line(text.to_vec()));
            return;
        }
        let text = self.shell.console.folded(text);
        self.shell.line(&text);
    }
}

impl Desk for OperatorsDesk<'_> {
    fn confirm(&mut self, question: &[u8]) -> Answered {
        let console = &self.shell.console;
        if !console.is_interactive() {
            return Answered::Nobody;
        }
        // The terminal would obey what is in a name.
        let question = escaped(question, console.encoding()).into_owned();
        if self.shell.queries().consents(&question) { Answered::Yes } else { Answered::No }
    }

    fn pause(&mut self, time: Duration) -> bool {
        self.shell.console.output.flush();
        !self.shell.console.interrupts.pause(time)
    }
}
