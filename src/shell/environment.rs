//! Answers the lexer: variables, encodings, quoting, backquoted commands.

use super::Shell;
use super::output::shell_command;
use crate::encoding::Encoding;
use crate::lexer::{Complaint, Environment};
use std::process::Stdio;

impl Environment for Shell {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.variables.get(name)
    }

    fn encoding(&self) -> Encoding {
        self.print.encoding
    }

    fn standard_strings(&self) -> bool {
        let setting =
            self.session.as_ref().and_then(|s| s.parameter("standard_conforming_strings"));
        setting.is_none_or(|s| s == b"on")
    }

    fn single_line(&self) -> bool {
        self.settings().single_line
    }

    fn quote(&mut self, value: &[u8], identifier: bool) -> Option<Vec<u8>> {
        if self.session.is_none() {
            self.error("cannot escape without active connection");
            return None;
        }
        let quoted = if identifier {
            crate::lexer::quote_identifier(value, self.encoding())
        } else {
            crate::lexer::quote_literal(value, self.encoding())
        };
        match quoted {
            Ok(quoted) => Some(quoted),
            Err(reason) => {
                self.info(reason.message());
                None
            }
        }
    }

    fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.output.flush();
        let output =
            shell_command(command).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
        match output {
            Ok(output) => {
                self.shell_result(Ok(output.status));
                let mut text = output.stdout;
                if text.contains(&0) {
                    // The value of an argument can't hold it.
                    let end = text.iter().position(|b| *b == 0).unwrap_or(text.len());
                    text.truncate(end);
                }
                if text.last() == Some(&b'\n') {
                    text.pop();
                    if text.last() == Some(&b'\r') {
                        text.pop();
                    }
                }
                Some(text)
            }
            Err(error) => {
                self.error(super::os_error(command, &error));
                self.shell_result(Err(error));
                None
            }
        }
    }

    fn complain(&mut self, complaint: Complaint, text: &[u8]) {
        match complaint {
            Complaint::Warning => self.warning(text),
            Complaint::Error => self.error(text),
        }
    }
}

/// A variable of the process's environment.
pub fn get(name: &[u8]) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    std::env::var_os(super::output::bytes_to_os(name)).map(OsStringExt::into_vec)
}

/// Sets a variable of the process's environment, or removes it.
pub fn set(name: &[u8], value: Option<&[u8]>) {
    use super::output::bytes_to_os;
    let _none = crate::session::lookup::none_under_way();
    crate::terminal::set_environment(bytes_to_os(name), value.map(bytes_to_os));
}
