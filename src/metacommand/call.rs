//! A meta-command being run: its arguments, and what it leaves the loop to do.

use crate::console::input::Source;
use crate::console::{Console, Reported};
use crate::grammar::{self, MetaCommand};
use crate::lexer::{Argument, ArgumentKind};
use crate::query::ResultPlan;
use crate::shell::Shell;
use crate::shell::scope::Scope;
use crate::suggest;

/// What a meta-command leaves the loop to do.
pub enum Outcome {
    /// Nothing.
    Done,
    /// Send the query buffer, and do with its result what the plan says.
    Send(Box<ResultPlan>),
    /// Scan the query buffer as if it had just been typed.
    NewText,
    /// Read this source first.
    Include(Box<Source>),
    /// Leave the current source, which at the prompt is the shell.
    Quit,
}

/// A meta-command being run.
pub struct Call<'a> {
    /// The shell.
    pub shell: &'a mut Shell,
    /// The query buffer, the lexer and the `\if` blocks of the source the command stands in.
    pub scope: &'a mut Scope,
    /// The command as typed, without its backslash.
    pub name: &'a [u8],
    pub(super) command: &'static MetaCommand,
    pub(super) position: usize,
}

impl Call<'_> {
    /// The next argument, read as the command's row says; `None` if there is none.
    pub fn argument(&mut self) -> Option<Argument> {
        let row = self.command.argument(self.position)?;
        self.position += 1;
        let argument = self.scope.lexer.argument(self.shell, row.kind)?;
        if row.drops_semicolons { argument.strip_semicolons() } else { Some(argument) }
    }

    /// The next argument, read as the first one is.
    pub fn next_as_first(&mut self) -> Option<Argument> {
        self.position = 0;
        self.argument()
    }

    /// The next argument, read as a plain word.
    pub fn next_as_normal(&mut self) -> Option<Argument> {
        self.scope.lexer.argument(self.shell, ArgumentKind::Normal)
    }

    /// The next argument's text.
    pub fn value(&mut self) -> Option<Vec<u8>> {
        self.argument().map(|a| a.value)
    }

    /// All arguments that are left.
    pub fn values(&mut self) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| self.value()).collect()
    }

    /// Reports an error of this command: `\NAME: text`.
    ///
    /// # Errors
    /// Always.
    pub fn fail<T>(&mut self, text: impl AsRef<[u8]>) -> Result<T, Reported> {
        Err(self.shell.console.error([b"\\", self.name, b": ", text.as_ref()].concat()))
    }

    /// The next argument's text, which must be there.
    ///
    /// # Errors
    /// It is missing.
    pub fn required(&mut self) -> Result<Vec<u8>, Reported> {
        match self.value() {
            Some(value) => Ok(value),
            None => self.fail("missing required argument"),
        }
    }

    /// Checks that there is a query buffer where the command stands.
    ///
    /// # Errors
    /// It stands in a `-c` string, which has none.
    pub fn require_query_buffer(&mut self) -> Result<(), Reported> {
        if self.scope.no_query_buffer {
            return Err(self.shell.console.error("no query buffer"));
        }
        Ok(())
    }

    /// Takes the query buffer, as what sends it does; the previous query if it is empty.
    ///
    /// # Errors
    /// There is no query buffer where the command stands.
    pub fn take_query_buffer(&mut self) -> Result<Vec<u8>, Reported> {
        self.require_query_buffer()?;
        self.recall_query();
        let sql = std::mem::take(&mut self.scope.query);
        self.scope.previous.clone_from(&sql);
        self.scope.lexer.reset();
        Ok(sql)
    }

    /// Takes the previous query if the buffer is empty, as `\g`, `\e`, `\p` and others do.
    pub fn recall_query(&mut self) {
        if self.scope.query.is_empty() {
            let previous = self.scope.previous.clone();
            self.scope.query = previous;
        }
    }
}

/// The commands that a mistyped or foreign name may stand for.
fn meant(console: &Console, name: &str) -> Option<String> {
    if let Some(psqls) = suggest::foreign::command(name) {
        return Some(psqls.to_owned());
    }
    let close = suggest::closeness::closest(name, grammar::command_names(console.has_own()));
    let close: Vec<String> = close.into_iter().map(|name| format!("\\{name}")).collect();
    (!close.is_empty()).then(|| suggest::alternatives(&close))
}

/// Says that no such command exists.
pub(super) fn report_unknown(shell: &mut Shell, scope: &mut Scope, name: &[u8]) -> Reported {
    let reported = shell.console.error([b"invalid command \\", name].concat());
    if shell.console.is_interactive() {
        shell.console.info("Try \\? for help.");
        if shell.console.shows_own_help()
            && let Some(meant) = meant(&shell.console, &String::from_utf8_lossy(name))
        {
            shell.console.suggest(format!("Perhaps you meant {meant}."));
        }
    }
    scope.lexer.rest_of_line();
    reported
}
