//! A server of a test's own, and the shell run there.

use tempfile::TempDir;

use crate::harness::Shell;
use crate::own_server::OwnServer;
use crate::pty::Terminal;
use crate::run::{Outcome, Run};

/// A server of a test's own, and where the shell has its files.
pub struct Place {
    pub server: OwnServer,
    pub home: TempDir,
    arguments: &'static [&'static str],
}

impl Place {
    /// At this server; scripts run with these arguments.
    pub fn new(server: OwnServer, arguments: &'static [&'static str]) -> Place {
        Place { server, home: tempfile::tempdir().expect("a directory"), arguments }
    }

    pub fn run(&self, user: &str) -> Run {
        self.server
            .shell(Shell::Pgsh, self.home.path())
            .instead(env!("CARGO_BIN_EXE_pgsh"), ["-X"])
            .env("PGUSER", user)
            .env("PGDATABASE", "postgres")
    }

    /// What a script of these lines prints.
    pub fn script(&self, user: &str, text: &str) -> Outcome {
        self.run(user).args(self.arguments).stdin(text).outcome()
    }

    /// The shell at a terminal, at its first prompt.
    pub fn terminal(&self, database: &str) -> Terminal {
        let run = self.run("postgres").env("PGDATABASE", database).env("TERM", "xterm");
        let run = run.env("PSQL_HISTORY", self.home.path().join("history"));
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        terminal.wait("=# ");
        terminal
    }
}
