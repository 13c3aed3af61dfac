//! Reading an argument of a meta-command for what is in it, without doing what it says.

use super::argument::ArgumentKind;
use super::environment::{Environment, Severity};
use super::quote::Quoting;
use super::scanner::Lexer;
use crate::encoding::Encoding;

/// The value of an argument of which nothing is to be run or quoted for SQL, and that is all of
/// `text`; variables are left as they stand.
pub fn plain_argument(text: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    let mut env = Strict { encoding, ok: true };
    let mut lexer = Lexer::new();
    lexer.set_line(text, &env);
    let argument = lexer.argument(&mut env, ArgumentKind::Normal)?;
    let whole = lexer.rest_of_line().is_empty();
    (env.ok && whole).then_some(argument.value)
}

/// Runs nothing and looks nothing up.
pub(crate) struct Strict {
    pub(crate) encoding: Encoding,
    /// Whether nothing was to be run.
    pub(crate) ok: bool,
}

impl Environment for Strict {
    fn variable(&self, _: &[u8]) -> Option<&[u8]> {
        None
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn standard_strings(&self) -> bool {
        true
    }

    fn single_line(&self) -> bool {
        false
    }

    fn quote(&mut self, _: &[u8], _: Quoting) -> Option<Vec<u8>> {
        self.ok = false;
        None
    }

    fn backquote(&mut self, _: &[u8]) -> Option<Vec<u8>> {
        self.ok = false;
        None
    }

    fn report(&mut self, _: Severity, _: &[u8]) {}
}
