//! Where the statement being typed stands at the end of each of its lines, as the lexer sees it.

use crate::connection::Connection;
use crate::console::Console;
use crate::encoding::Encoding;
use crate::lexer::{End, Environment, Lexer, Prompt, Quoting, Severity};

/// Meta-commands that end the statement before them: they send it, or forget it.
const ENDING: &[&str] = &[
    "g",
    "gx",
    "gexec",
    "gset",
    "gdesc",
    "dryrun",
    "crosstabview",
    "watch",
    "parse",
    "r",
    "reset",
    "sendpipeline",
];

/// Where a text stands at the end of one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineState {
    /// What is open.
    pub prompt: Prompt,
    /// Whether there is something to run: a whole statement, or a meta-command.
    pub runs: bool,
}

/// The states at the end of each line of a text that begins a statement.
pub(super) fn line_states(
    text: &str,
    console: &Console,
    connection: &Connection,
) -> Vec<LineState> {
    let mut environment = TypedEnvironment { console, connection };
    let mut lexer = Lexer::new();
    let mut query = Vec::new();
    let mut states = Vec::new();
    for line in text.split('\n') {
        if line.is_empty() && !lexer.in_quote() {
            states.push(LineState { prompt: lexer.prompt(query.is_empty()), runs: false });
            continue;
        }
        lexer.set_line(line.as_bytes(), &environment);
        let mut runs = false;
        loop {
            match lexer.scan_sql(&mut environment, &mut query) {
                End::Statement => {
                    runs = true;
                    query.clear();
                }
                End::Backslash => {
                    runs = true;
                    let name = lexer.command_name();
                    if ENDING.iter().any(|ending| ending.as_bytes() == name) {
                        query.clear();
                        lexer.reset();
                    }
                    // What else stands on the line is the command's, as far as that matters here.
                    lexer.rest_of_line();
                }
                End::Incomplete(_) | End::Empty => break,
            }
        }
        states.push(LineState { prompt: lexer.prompt(query.is_empty()), runs });
    }
    states
}

/// The shell as the lexer sees it while a text is typed: nothing is run or reported yet.
struct TypedEnvironment<'a> {
    console: &'a Console,
    connection: &'a Connection,
}

impl Environment for TypedEnvironment<'_> {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.console.variables.get(name)
    }

    fn encoding(&self) -> Encoding {
        self.console.encoding()
    }

    fn standard_strings(&self) -> bool {
        self.connection.standard_strings()
    }

    fn single_line(&self) -> bool {
        self.console.settings().single_line
    }

    fn quote(&mut self, value: &[u8], quoting: Quoting) -> Option<Vec<u8>> {
        quoting.quote(value, self.console.encoding()).ok()
    }

    fn backquote(&mut self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn report(&mut self, _: Severity, _: &[u8]) {}
}
