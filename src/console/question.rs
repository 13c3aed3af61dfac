//! Questions: asked on the terminal, or of standard input where there is none.

use super::Console;
use crate::encoding::terminal_safe::escaped;
use crate::terminal::ReadLine;
use crate::terminal::interruptible::is_interrupt;
use crate::terminal::password::{self, Echo};
use std::borrow::Cow;
use std::io::{BufRead, Read};
use zeroize::Zeroizing;

impl Console {
    /// Asks a question (`\prompt`): on the terminal, or of standard input if a script in a file
    /// asks.
    pub fn ask(&mut self, text: &[u8]) -> ReadLine {
        if self.input.place().is_some() && self.input.standard_input().is_some() {
            let _ = self.output.stdout().write_all(text);
            self.output.flush();
            return match self.read_answer() {
                Some(answer) => ReadLine::Line(answer),
                None if self.interrupts.is_pressed() => ReadLine::Interrupted,
                None => ReadLine::Eof,
            };
        }
        self.ask_terminal(text, Echo::On).map_or(ReadLine::Interrupted, ReadLine::Line)
    }

    /// Asks what must not be answered by what was typed before it was read: that is forgotten. The
    /// end of input is an empty answer.
    pub fn ask_anew(&mut self, text: &[u8]) -> ReadLine {
        self.output.flush();
        password::forget_typed_ahead();
        self.ask_terminal(text, Echo::On).map_or(ReadLine::Interrupted, ReadLine::Line)
    }

    /// Asks for a password, which is overwritten when it is let go; `None` after Ctrl-C.
    pub fn ask_secret(&mut self, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.ask_terminal(text, Echo::Off).map(Zeroizing::new)
    }

    /// Asks on the terminal; without one, on standard error and of standard input. The end of
    /// either is an empty answer. `None` after Ctrl-C.
    fn ask_terminal(&mut self, text: &[u8], echo: Echo) -> Option<Vec<u8>> {
        self.output.flush();
        let hidden = echo == Echo::Off;
        let shown = if hidden { escaped(text, self.print.encoding) } else { Cow::Borrowed(text) };
        match password::ask(&shown, echo, self.interrupts.fd()) {
            Ok(Some(ReadLine::Line(line))) => Some(line),
            Ok(Some(ReadLine::Eof)) => Some(Vec::new()),
            Ok(None) => {
                self.output.stderr(text);
                let mut answer = self.read_answer().unwrap_or_default();
                if self.interrupts.is_pressed() {
                    self.output.stderr(b"\n");
                    return None;
                }
                if answer.last() == Some(&b'\r') {
                    answer.pop();
                }
                if hidden {
                    self.output.stderr(b"\n");
                }
                Some(answer)
            }
            Ok(Some(ReadLine::Interrupted)) | Err(_) => {
                // Before anything runs, Ctrl-C ends the program.
                if self.has_connected {
                    password::end_line();
                }
                if self.is_interactive() {
                    self.interrupts.forget();
                } else {
                    self.interrupts.break_off_reading();
                }
                None
            }
        }
    }

    /// The next line of standard input, without its end, whatever commands are read from.
    fn read_answer(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let input = self.input.standard_input()?.bytes()?;
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                if is_interrupt(&error) {
                    self.interrupts.break_off_reading();
                }
                return None;
            }
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Some(line)
    }

    /// SINGLESTEP: shows the statement and asks whether it is to run.
    pub fn confirms_step(&mut self, sql: &[u8]) -> bool {
        let shown = [
            b"/**(Single step mode: verify command)******************************************/\n",
            sql,
            b"\n/**(press return to proceed or enter x and return to cancel)*******************/\n",
        ]
        .concat();
        let _ = self.output.stdout().write_all(&shown);
        self.output.flush();
        let answer = match self.input.standard_input().and_then(super::input::Source::bytes) {
            // psql takes no more than two bytes of a script for its answer.
            Some(script) => {
                let mut answer = Vec::new();
                let _ = BufRead::read_until(&mut script.take(2), b'\n', &mut answer);
                answer
            }
            None => crate::terminal::plain::ask_line().unwrap_or_default(),
        };
        !answer.starts_with(b"x")
    }
}
