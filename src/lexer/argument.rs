//! Meta-commands: their names and arguments.
//!
//! Owns the quoting rules of arguments. It does not know which command takes which argument.

use super::environment::{Environment, Severity};
use super::quote::shell_quote;
use super::rules::{self, VariableForm, is_space};
use super::scanner::{Lexer, substitute};
use crate::encoding::Encoding;

/// How a meta-command's argument is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A word; single quotes are removed and their escapes resolved, double quotes are kept,
    /// variables and backquotes expanded.
    Normal,
    /// An SQL identifier: unquoted letters are folded to lower case, double quotes removed.
    SqlId,
    /// As `SqlId`, but nothing is folded (`\connect`). Patterns of `\d` are `Normal`, which keeps
    /// double quotes.
    SqlIdKeepCase,
    /// As `Normal`, but a first `|` takes the rest of the line as it stands. A value that begins
    /// with `|` is a command, quoted or not.
    FileOrPipe,
    /// The rest of the line as it stands; see [`Argument::strip_semicolons`].
    WholeLine,
}

/// An argument of a meta-command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Argument {
    /// The argument, quotes and variables resolved. It ends before the first NUL.
    pub value: Vec<u8>,
    /// The last quote used in it: `'`, `"`, a backquote, or `:` for a variable.
    pub quote: Option<u8>,
    /// How many bytes at its end are semicolons outside quotes (in the rest of a line, also
    /// white space).
    pub semicolons: usize,
}

impl Argument {
    /// The argument without semicolons at its end, as commands see it that may be ended like a
    /// statement; `None` if nothing is left and nothing was quoted.
    pub fn strip_semicolons(mut self) -> Option<Argument> {
        self.value.truncate(self.value.len().saturating_sub(self.semicolons));
        self.semicolons = 0;
        (!self.value.is_empty() || self.quote.is_some()).then_some(self)
    }

    fn push(&mut self, byte: u8) {
        self.value.push(byte);
        self.semicolons = 0;
    }
}

/// The argument ended in an open quote.
struct Unterminated;

/// What reading an argument does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// Variables are expanded and shell commands run.
    Evaluate,
    /// Neither.
    Skip,
}

impl Lexer {
    /// The meta-command's name after [`End::Backslash`](super::End::Backslash): up to white space or a backslash.
    pub fn command_name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while self.peek().is_some_and(|b| !is_space(b) && b != b'\\') {
            name.push(self.take());
        }
        name
    }

    /// The next argument, or `None` before a backslash, at the line's end, or after a report
    /// of a quote left open, which uses up the line.
    pub fn argument(&mut self, env: &mut dyn Environment, kind: ArgumentKind) -> Option<Argument> {
        self.scan_argument(env, kind, Reading::Evaluate)
    }

    /// As [`Lexer::argument`], but no variable is expanded and no shell command runs: for
    /// inactive `\if` branches and for naming superfluous arguments.
    pub fn skip_argument(
        &mut self,
        env: &mut dyn Environment,
        kind: ArgumentKind,
    ) -> Option<Argument> {
        self.scan_argument(env, kind, Reading::Skip)
    }

    /// Takes this command if it comes next, behind blanks: a command may end with another that is
    /// its own (`\\activity \\watch`).
    pub fn take_command(&mut self, name: &[u8]) -> bool {
        let frame = self.current();
        let rest = &frame.scan()[frame.at..];
        let blanks = rest.iter().take_while(|byte| is_space(**byte)).count();
        let after = rest[blanks..].strip_prefix(b"\\").and_then(|rest| rest.strip_prefix(name));
        let found =
            after.is_some_and(|after| after.first().is_none_or(|&b| is_space(b) || b == b'\\'));
        if found {
            frame.at += blanks + 1 + name.len();
        }
        found
    }

    /// The rest of the line as it stands, which is used up: after a command failed.
    pub fn rest_of_line(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        while self.peek().is_some() {
            rest.push(self.take());
        }
        rest
    }

    /// Ends a meta-command: a separating `\\` is used up.
    pub fn finish_command(&mut self) {
        let frame = self.current();
        if frame.scan()[frame.at..].starts_with(b"\\\\") {
            frame.at += 2;
        }
    }

    /// The next byte as the rules see it.
    fn peek(&mut self) -> Option<u8> {
        let frame = self.current();
        frame.scan().get(frame.at).copied()
    }

    /// The next byte, if it is in the same text as the last.
    fn peek_here(&mut self) -> Option<u8> {
        let frame = self.top();
        frame.scan().get(frame.at).copied()
    }

    /// Uses up the byte last peeked at.
    fn take(&mut self) -> u8 {
        let frame = self.top();
        let byte = frame.text[frame.at];
        frame.at += 1;
        byte
    }

    fn scan_argument(
        &mut self,
        env: &mut dyn Environment,
        kind: ArgumentKind,
        reading: Reading,
    ) -> Option<Argument> {
        while self.peek().is_some_and(is_space) {
            self.take();
        }
        let first = self.peek()?;
        if kind == ArgumentKind::WholeLine {
            let value = self.rest_of_line();
            let semicolons = value.iter().rev().take_while(|&&b| b == b';' || is_space(b)).count();
            return Some(Argument { value, quote: None, semicolons });
        }
        if first == b'\\' {
            return None;
        }
        if kind == ArgumentKind::FileOrPipe && first == b'|' {
            return Some(Argument { value: self.rest_of_line(), ..Argument::default() });
        }
        let Ok(mut argument) = self.scan_word(env, reading) else {
            env.report(Severity::Error, b"unterminated quoted string");
            return None;
        };
        if let Some(nul) = memchr::memchr(0, &argument.value) {
            argument.value.truncate(nul);
            argument.semicolons = 0;
        }
        match kind {
            ArgumentKind::SqlId => {
                argument.value = dequote(&argument.value, Case::Fold, self.encoding)
            }
            ArgumentKind::SqlIdKeepCase => {
                argument.value = dequote(&argument.value, Case::Keep, self.encoding)
            }
            ArgumentKind::Normal | ArgumentKind::FileOrPipe | ArgumentKind::WholeLine => {}
        }
        Some(argument)
    }

    fn scan_word(
        &mut self,
        env: &mut dyn Environment,
        reading: Reading,
    ) -> Result<Argument, Unterminated> {
        let mut argument = Argument::default();
        while let Some(byte) = self.peek().filter(|&b| !is_space(b) && b != b'\\') {
            match byte {
                b'\'' => {
                    argument.quote = Some(byte);
                    argument.semicolons = 0;
                    self.single_quoted(&mut argument.value)?;
                }
                b'"' => {
                    argument.quote = Some(byte);
                    argument.push(self.take());
                    while self.peek().ok_or(Unterminated)? != b'"' {
                        argument.push(self.take());
                    }
                    argument.push(self.take());
                }
                b'`' => {
                    argument.quote = Some(byte);
                    argument.semicolons = 0;
                    let command = self.backquoted(env, reading)?;
                    match reading {
                        Reading::Evaluate => {
                            argument.value.extend(env.backquote(&command).unwrap_or_default());
                        }
                        Reading::Skip => argument.value.extend(command),
                    }
                }
                b':' => {
                    let Some((form, name, raw)) = self.variable() else {
                        argument.push(self.take());
                        continue;
                    };
                    argument.semicolons = 0;
                    let value = match (reading, form) {
                        (Reading::Evaluate, _) => substitute(form, &name, env),
                        (Reading::Skip, VariableForm::Test) => Some(b"FALSE".to_vec()),
                        (Reading::Skip, _) => None,
                    };
                    if value.is_some() {
                        argument.quote = Some(byte);
                    }
                    argument.value.extend(value.unwrap_or(raw));
                }
                b';' => {
                    argument.value.push(self.take());
                    argument.semicolons += 1;
                }
                _ => argument.push(self.take()),
            }
        }
        Ok(argument)
    }

    /// The variable reference at the next byte, which is used up: form, name, and the reference
    /// as it stands.
    fn variable(&mut self) -> Option<(VariableForm, Vec<u8>, Vec<u8>)> {
        let frame = self.current();
        let reference = rules::variable_reference(frame.scan(), frame.at)?;
        let name = frame.text[reference.name].to_vec();
        let raw = frame.text[frame.at..reference.end].to_vec();
        frame.at = reference.end;
        Some((reference.form, name, raw))
    }

    /// Reads '...' with its escapes.
    fn single_quoted(&mut self, value: &mut Vec<u8>) -> Result<(), Unterminated> {
        self.take();
        loop {
            match self.peek().ok_or(Unterminated)? {
                b'\'' => {
                    self.take();
                    if self.peek_here() != Some(b'\'') {
                        return Ok(());
                    }
                    value.push(self.take());
                }
                b'\\' => {
                    let backslash = self.take();
                    if self.peek_here().is_none() {
                        value.push(backslash);
                        continue;
                    }
                    let escaped = self.take();
                    value.push(match escaped {
                        b'n' => b'\n',
                        b't' => b'\t',
                        b'b' => 0x08,
                        b'r' => b'\r',
                        b'f' => 0x0c,
                        b'0'..=b'7' => self.digits(escaped - b'0', 8, 2),
                        b'x' if self.peek_here().is_some_and(|b| b.is_ascii_hexdigit()) => {
                            self.digits(0, 16, 2)
                        }
                        _ => escaped,
                    });
                }
                _ => value.push(self.take()),
            }
        }
    }

    /// A byte given by up to `limit` more digits.
    fn digits(&mut self, mut value: u8, radix: u8, limit: usize) -> u8 {
        for _ in 0..limit {
            let digit = self.peek_here().and_then(|b| char::from(b).to_digit(radix.into()));
            let Some(digit) = digit else { break };
            self.take();
            value = value.wrapping_mul(radix).wrapping_add(digit as u8);
        }
        value
    }

    /// Reads a shell command in backquotes; `:name` and `:'name'` are expanded, the latter
    /// quoted for the shell.
    fn backquoted(
        &mut self,
        env: &mut dyn Environment,
        reading: Reading,
    ) -> Result<Vec<u8>, Unterminated> {
        self.take();
        let mut command = Vec::new();
        loop {
            match self.peek().ok_or(Unterminated)? {
                b'`' => {
                    self.take();
                    return Ok(command);
                }
                b':' if reading == Reading::Evaluate => {
                    let Some((form, name, raw)) = self.variable() else {
                        command.push(self.take());
                        continue;
                    };
                    let value = env.variable(&name).map(<[u8]>::to_vec);
                    command.extend(match (form, value) {
                        (VariableForm::Plain, Some(value)) => value,
                        (VariableForm::Literal, Some(value)) => {
                            shell_quote(&value).unwrap_or_else(|| {
                                let text = [
                                    b"shell command argument contains a newline or carriage return: \"".as_slice(),
                                    &value,
                                    b"\"",
                                ];
                                env.report(Severity::Error, &text.concat());
                                raw
                            })
                        }
                        _ => raw,
                    });
                }
                _ => command.push(self.take()),
            }
        }
    }
}

/// What becomes of the letters of an identifier outside quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// They are folded to lower case, as the server folds them.
    Fold,
    /// They stay as they are.
    Keep,
}

/// An SQL identifier as the server would read it: double quotes are removed, and letters outside
/// of them folded if `case` says so.
pub fn dequote(value: &[u8], case: Case, encoding: Encoding) -> Vec<u8> {
    let masked = rules::mask(value, encoding);
    let seen = masked.as_deref().unwrap_or(value);
    let mut name = Vec::with_capacity(value.len());
    let mut quoted = false;
    let mut at = 0;
    while let Some(&byte) = seen.get(at) {
        if byte == b'"' && quoted && seen.get(at + 1) == Some(&b'"') {
            name.push(b'"');
            at += 1;
        } else if byte == b'"' {
            quoted = !quoted;
        } else if case == Case::Fold && !quoted && byte.is_ascii() {
            name.push(byte.to_ascii_lowercase());
        } else {
            name.push(value[at]);
        }
        at += 1;
    }
    name
}
