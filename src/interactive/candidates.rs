//! What may follow a text, for who is at no prompt (`--complete`).

use super::Interactive;
use super::history;
use super::prompts::Surroundings;
use super::shell_host::{ShellHost, Typed};
use super::usage::UsageStore;
use crate::completion::{self, Candidate};
use crate::connection::Connection;
use crate::console::Console;
use crate::terminal::TypedLine;

impl Interactive {
    /// What may follow `text`, the likeliest first.
    pub fn candidates(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        text: &[u8],
    ) -> Vec<Candidate> {
        let typed = Typed { kind: TypedLine::Statement, earlier: b"", inactive_branch: false };
        let completion = &mut self.completion;
        completion.usage = UsageStore::open(history::file(console).as_deref());
        let mut host =
            ShellHost::new(console, connection, completion, &typed, Surroundings::default());
        completion::ranked(text, text.len(), &mut host).1
    }
}
