//! Answers the lexer: variables, encodings, quoting, backquoted commands.

use super::Shell;
use crate::encoding::Encoding;
use crate::lexer::{Environment, Quoting, Severity};

impl Environment for Shell {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.console.variables.get(name)
    }

    fn encoding(&self) -> Encoding {
        self.console.print.encoding
    }

    fn standard_strings(&self) -> bool {
        self.connection.standard_strings()
    }

    fn single_line(&self) -> bool {
        self.console.settings().single_line
    }

    fn quote(&mut self, value: &[u8], quoting: Quoting) -> Option<Vec<u8>> {
        if !self.connection.is_open() {
            self.console.error("cannot escape without active connection");
            return None;
        }
        match quoting.quote(value, self.console.encoding()) {
            Ok(quoted) => Some(quoted),
            Err(reason) => {
                self.console.info(reason.message());
                None
            }
        }
    }

    fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.console.backquote(command)
    }

    fn report(&mut self, severity: Severity, text: &[u8]) {
        match severity {
            Severity::Warning => self.console.warning(text),
            Severity::Error => {
                self.console.error(text);
            }
        }
    }
}
