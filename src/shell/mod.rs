//! One shell: its parts, and what ties them.
//!
//! The parts are rooms of their own: the console, the connection, the user's side, and the running
//! of queries, which borrows those three.

pub mod describe_host;
mod environment;
pub mod scope;

use crate::connection::Connection;
use crate::connection::protocol::Protocol;
use crate::console::{Console, Reported};
use crate::interactive::Interactive;
use crate::lexer::Prompt;
use crate::plan::LastPlans;
use crate::print;
use crate::query::{Cut, KeptResults, QueryRequest, QueryRunner, ResultPlan};
use crate::terminal::ReadLine;

/// One shell.
pub struct Shell {
    /// Where commands come from and output goes.
    pub console: Console,
    /// The connection.
    pub connection: Connection,
    /// The user's side.
    pub interactive: Interactive,
    /// The last results.
    pub kept_results: KeptResults,
    /// The last plans.
    pub last_plans: LastPlans,
    /// What commands asked of the next query.
    pub next_query: NextQuery,
    /// `\restrict`'s key, while restricted.
    pub restricted: Option<Vec<u8>>,
}

/// What commands asked of the next query, whatever sends it.
#[derive(Default)]
pub struct NextQuery {
    /// What `\bind` and its kin prepared.
    pub protocol: Protocol,
    /// The printing options to go back to behind it: a `\g` that is refused after its options leaves
    /// them in force that long.
    print_before: Option<Box<print::Options>>,
}

impl Shell {
    /// A shell that calls itself `program` in messages, not connected.
    ///
    /// # Errors
    /// Standard output can't be used.
    pub fn new(program: &[u8]) -> std::io::Result<Shell> {
        Ok(Shell {
            console: Console::new(program)?,
            connection: Connection::default(),
            interactive: Interactive::default(),
            kept_results: KeptResults::default(),
            last_plans: LastPlans::default(),
            next_query: NextQuery::default(),
            restricted: None,
        })
    }

    /// Ends: what is being written is written out, the server is told good-bye.
    ///
    /// # Errors
    /// A file of results that was to appear now does not.
    pub fn close(&mut self) -> Result<(), Reported> {
        self.interactive.end_run(&mut self.console);
        let closed = self.console.redirect_results(None);
        self.console.output.flush();
        self.connection.close(&mut self.console);
        closed
    }

    /// The parts that a query needs.
    pub fn queries(&mut self) -> QueryRunner<'_> {
        QueryRunner {
            console: &mut self.console,
            connection: &mut self.connection,
            interactive: &mut self.interactive,
            kept: &mut self.kept_results,
        }
    }

    /// Sends a query and does with its result what `plan` says, and what commands before asked of
    /// the next query.
    ///
    /// # Errors
    /// Anything failed.
    pub fn send(&mut self, text: &[u8], cut: Cut, plan: ResultPlan) -> Result<(), Reported> {
        let protocol = std::mem::take(&mut self.next_query.protocol);
        let sent = self.queries().send(&QueryRequest { text, cut, protocol, plan });
        self.restore_print();
        sent
    }

    /// Changes the printing options until the next query is done.
    pub fn change_print_once(&mut self, options: print::Options) {
        let before = std::mem::replace(&mut self.console.print, options);
        self.next_query.print_before.get_or_insert_with(|| Box::new(before));
    }

    /// Goes back to the printing options there were before [`Shell::change_print_once`].
    pub fn restore_print(&mut self) {
        if let Some(before) = self.next_query.print_before.take() {
            let encoding = self.console.print.encoding;
            self.console.print = print::Options { encoding, ..*before };
        }
    }

    /// Brings into force what holds on the server at hand, before the user is asked for more.
    pub fn apply_safeguards(&mut self) {
        self.interactive.apply_safeguards(&mut self.console, &mut self.connection);
    }

    /// Reads a line of a statement from the user.
    pub fn read_statement_line(
        &mut self,
        reason: Prompt,
        inactive_branch: bool,
        earlier: &[u8],
    ) -> ReadLine {
        let Shell { console, connection, interactive, .. } = self;
        interactive.read_statement_line(console, connection, reason, inactive_branch, earlier)
    }

    /// Shows a text to the user, through the pager if it is long.
    pub fn page(&mut self, text: &[u8]) {
        self.interactive.page(&mut self.console, text);
    }
}
