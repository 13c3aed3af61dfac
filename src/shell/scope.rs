//! What belongs to one source of commands while it is read: where the lexer stands in it, its query
//! buffer, its `\if` blocks.

use super::Shell;
use crate::conditional::Conditionals;
use crate::lexer::{Lexer, Prompt};

/// What belongs to one source while it is read: every script has its own query buffer and its own
/// `\if` blocks.
#[derive(Default)]
pub struct Scope {
    /// The lexer and the line it is in.
    pub lexer: Lexer,
    /// The line read last, kept for its memory.
    pub line: Vec<u8>,
    /// The lexer has not come to the end of its line yet.
    pub in_line: bool,
    /// The query buffer.
    pub query: Vec<u8>,
    /// There is none: a `-c` string is a meta-command and nothing else.
    pub no_query_buffer: bool,
    /// The query before.
    pub previous: Vec<u8>,
    /// Open `\if` blocks.
    pub conditionals: Conditionals,
    /// Lines of the statement being typed, for the history.
    pub typed: Vec<u8>,
    /// Ends of input seen in a row (IGNOREEOF).
    pub ends: i32,
    /// The command that included the source being read above this one.
    pub including: Vec<u8>,
    /// ON_ERROR_STOP as it was when the line was read: a change takes effect with the next one.
    pub stops: bool,
}

impl Scope {
    /// What the prompt has to say.
    pub fn prompt(&self) -> Prompt {
        self.lexer.prompt(self.query.is_empty())
    }

    /// Hands a line to the lexer.
    pub fn take_line(&mut self, shell: &Shell, text: &[u8]) {
        self.lexer.set_line(text, shell);
        self.in_line = true;
    }

    /// Ctrl-C at the prompt: forgets the statement begun, which can be recalled.
    pub fn abandon(&mut self, shell: &mut Shell) {
        shell.interactive.add_abandoned(&mut shell.console, &self.typed);
        self.lexer.reset();
        self.in_line = false;
        self.query.clear();
        self.typed.clear();
    }

    /// Puts what was typed into the history as one entry.
    pub fn add_history(&mut self, shell: &mut Shell) {
        let typed = std::mem::take(&mut self.typed);
        if !typed.is_empty() {
            let Shell { console, connection, interactive, .. } = shell;
            interactive.add_history(console, connection, &typed);
        }
    }
}
