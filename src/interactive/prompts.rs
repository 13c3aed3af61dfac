//! Renders the prompts for the connection as it is.

use crate::connection::Connection;
use crate::console::Console;
use crate::prompt::{
    self, DEFAULT_PROMPT, Kind, OWN_DEFAULT_PROMPT, PromptContext, PromptVariables, Safeguard,
    Transaction,
};
use crate::session::{Session, TransactionStatus};
use std::os::unix::ffi::OsStringExt;

impl PromptVariables for Console {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.variables.get(name)
    }

    fn backquote(&mut self, command: &[u8]) -> Vec<u8> {
        Console::backquote(self, command).unwrap_or_default()
    }
}

/// Where a prompt stands.
pub(super) struct Position<'a> {
    pub kind: Kind,
    /// In an inactive branch of `\if`.
    pub inactive_branch: bool,
    /// What was typed of the statement already.
    pub earlier: &'a [u8],
}

impl Position<'_> {
    /// The prompt's variable.
    fn variable(&self) -> &'static [u8] {
        match self.kind {
            Kind::First => b"PROMPT1",
            Kind::Continuation(_) => b"PROMPT2",
            Kind::Copy => b"PROMPT3",
        }
    }

    /// The number of the line that the prompt stands before, from 1.
    fn line_number(&self) -> u64 {
        let ends = memchr::memchr_iter(b'\n', self.earlier).count() as u64;
        1 + ends + u64::from(!self.earlier.is_empty())
    }
}

/// What prompts show that neither the console nor the connection knows.
#[derive(Clone, Copy, Default)]
pub(super) struct Surroundings<'a> {
    /// The columns that the last PROMPT1 filled.
    pub prompt1_width: usize,
    /// The net under production, in a shell that has one.
    pub safeguard: Option<Safeguard<'a>>,
}

/// The prompt for this position.
pub(super) fn render(
    console: &mut Console,
    connection: &Connection,
    position: &Position<'_>,
    surroundings: &Surroundings<'_>,
) -> Vec<u8> {
    let mut template = console.variables.get(position.variable()).unwrap_or_default().to_vec();
    if surroundings.safeguard.is_some() && template == DEFAULT_PROMPT.as_bytes() {
        template = OWN_DEFAULT_PROMPT.into();
    }
    let context = PromptContext {
        connection: connection.session().map(|session| shown(connection, session)),
        kind: position.kind,
        inactive_branch: position.inactive_branch,
        single_line: console.settings().single_line,
        line_number: position.line_number(),
        prompt1_width: surroundings.prompt1_width,
        safeguard: surroundings.safeguard,
    };
    prompt::render(&template, &context, console)
}

/// What prompts show of a connection.
fn shown<'a>(connection: &'a Connection, session: &'a Session) -> prompt::Connection<'a> {
    let parameter = |name: &str| session.parameter(name);
    let default = std::env::var_os("PGDATABASE").map(OsStringExt::into_vec);
    let database = session.database();
    let pipeline = connection.pipeline();
    prompt::Connection {
        host: session.host(),
        default_socket_directory: session.settings().socket_directory(),
        port: session.port(),
        user: parameter("session_authorization").unwrap_or(session.user()),
        database,
        is_default_database: database == session.user() || default.as_deref() == Some(database),
        is_superuser: parameter("is_superuser") == Some(b"on"),
        backend_pid: session.backend_pid(),
        service: session.settings().get("service").unwrap_or_default(),
        pipeline: match (pipeline.is_on(), pipeline.is_aborted()) {
            (false, _) => prompt::Pipeline::Off,
            (true, false) => prompt::Pipeline::On,
            (true, true) => prompt::Pipeline::Abort,
        },
        transaction: match connection.transaction_status() {
            TransactionStatus::Idle => Transaction::None,
            // At a prompt the server is at work only for a pipeline.
            TransactionStatus::Active | TransactionStatus::InTransaction => Transaction::Open,
            TransactionStatus::Failed => Transaction::Failed,
            TransactionStatus::Unknown => Transaction::Unknown,
        },
        search_path: parameter("search_path"),
        in_hot_standby: parameter("in_hot_standby").map(|v| v == b"on"),
    }
}
