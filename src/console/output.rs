//! Where output goes: standard output, the target of `\o` or `\g`, and the session log of `-L`.

use super::path::bytes_to_os;
use super::target::Target;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::{TerminalSafe, escaped};
use crate::terminal::signal::Interrupts;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;

/// Bytes gathered before a write.
const BUFFER: usize = 64 << 10;
/// Bytes written between two looks for Ctrl-C: as many as need not be gathered first.
const SLICE: usize = BUFFER;

/// The most bytes of messages that are kept back.
const MOST_HELD: usize = 64 << 10;

/// Goes to the line's beginning and clears what is there and below.
const CLEAR: &str = "\r\x1b[J";

/// A stream that takes no more once Ctrl-C was pressed, so that a long result ends there.
pub struct UntilInterrupted<'a> {
    /// Where it goes.
    pub stream: &'a mut dyn Write,
    /// Ctrl-C, if it is watched for.
    pub interrupts: Option<&'a Interrupts>,
}

impl Write for UntilInterrupted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.interrupts.is_some_and(Interrupts::pending) {
            // Not ErrorKind::Interrupted, which means "try again".
            return Err(io::Error::other("interrupted"));
        }
        // A terminal is slow: what was not begun when Ctrl-C comes is not to appear.
        self.stream.write(&bytes[..bytes.len().min(SLICE)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Standard output, for text a terminal may get under this encoding.
fn standard_output(terminal: Option<Encoding>) -> io::Result<BufWriter<TerminalSafe<File>>> {
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    Ok(BufWriter::with_capacity(BUFFER, TerminalSafe::new(stdout, terminal)))
}

/// The shell's output streams.
#[derive(Debug)]
pub struct Output {
    stdout: BufWriter<TerminalSafe<File>>,
    /// The encoding of what a user at a terminal is shown; `None` if nobody is.
    terminal: Option<Encoding>,
    /// The line that tells of a statement at work, and the columns of the screen it was written for.
    status: Option<(String, usize)>,
    redirect: Option<Target>,
    /// Whether standard output has got a result that nothing may follow.
    stdout_is_taken: bool,
    log: Option<BufWriter<File>>,
    /// Messages that wait until there is a screen again on which they stay.
    held: Option<Vec<u8>>,
}

impl Output {
    /// Output to the process's standard output.
    ///
    /// # Errors
    /// The descriptor can't be duplicated.
    pub fn new() -> io::Result<Output> {
        Ok(Output {
            stdout: standard_output(None)?,
            terminal: None,
            status: None,
            redirect: None,
            stdout_is_taken: false,
            log: None,
            held: None,
        })
    }

    /// From now on a user at a terminal is shown text in this encoding: control characters and
    /// their like are escaped (`encoding::terminal_safe`).
    pub fn show_user(&mut self, encoding: Encoding) {
        self.flush();
        self.terminal = Some(encoding);
        self.stdout.get_mut().set_encoding(self.terminal);
    }

    /// Whether the shell's own colours pass to standard output from now on: only while a table is
    /// printed, whose values can't hold any.
    pub fn set_colors(&mut self, has_colors: bool) {
        self.flush();
        self.stdout.get_mut().set_colors(has_colors);
    }

    /// Whether a user at a terminal is shown all this.
    pub fn has_user(&self) -> bool {
        self.terminal.is_some()
    }

    /// Another encoding, for the user if there is one.
    pub fn set_encoding(&mut self, encoding: Encoding) {
        if self.terminal.is_some_and(|old| old != encoding) {
            self.show_user(encoding);
        }
    }

    /// The encoding of what a user at a terminal is shown; `None` if nobody is.
    pub fn terminal(&self) -> Option<Encoding> {
        self.terminal
    }

    /// The text as the user may be shown it on standard error.
    pub fn shown<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        match self.terminal {
            Some(encoding) if crate::terminal::stderr_is_tty() => escaped(text, encoding),
            _ => Cow::Borrowed(text),
        }
    }

    /// Shows a line on a screen of so many columns, in the place of the one before and until anything
    /// is written. The cursor rests at its beginning: from there everything is cleared that a
    /// terminal makes of the line when it is narrowed.
    pub fn show_status(&mut self, text: String, columns: usize) {
        let status = Some((text, columns));
        if status != self.status {
            self.flush();
            let text = status.as_ref().map_or("", |(text, _)| text);
            let _ = io::stderr().write_all(format!("{CLEAR}{text}\r").as_bytes());
            self.status = status;
        }
    }

    /// Takes that line away.
    pub fn clear_status(&mut self) {
        if self.status.take().is_some() {
            let _ = io::stderr().write_all(CLEAR.as_bytes());
        }
    }

    /// Standard output for what the user wrote, escape sequences and all.
    pub fn stdout_as_written(&mut self) -> &mut dyn Write {
        self.clear_status();
        if self.terminal.is_none() {
            return &mut self.stdout;
        }
        // What can't be written is lost, as in `flush`.
        let _ = self.stdout.flush();
        self.stdout.get_mut().stream()
    }

    /// Where query results go, for what the user wrote.
    pub fn query_as_written(&mut self) -> &mut dyn Write {
        if self.redirect.is_some() { self.query() } else { self.stdout_as_written() }
    }

    /// Standard output.
    pub fn stdout(&mut self) -> &mut dyn Write {
        self.clear_status();
        &mut self.stdout
    }

    /// Where query results go.
    pub fn query(&mut self) -> &mut dyn Write {
        self.clear_status();
        match &mut self.redirect {
            Some(target) => target.writer(),
            None => &mut self.stdout,
        }
    }

    /// Whether query results go elsewhere than to standard output.
    pub fn is_redirected(&self) -> bool {
        self.redirect.is_some()
    }

    /// Whether query results go to a pager.
    pub fn is_paged(&self) -> bool {
        self.redirect.as_ref().is_some_and(Target::is_pager)
    }

    /// Takes where query results go for one that nothing may follow; whether that was free.
    pub fn take(&mut self) -> bool {
        match &mut self.redirect {
            Some(target) => target.take(),
            None => !std::mem::replace(&mut self.stdout_is_taken, true),
        }
    }

    /// A result, or its next part, is written from now on, of a kind that no file is to have half.
    pub fn begin_whole(&mut self, is_first_part: bool) {
        if let Some(target) = &mut self.redirect {
            target.begin_whole(is_first_part);
        }
    }

    /// The result was written whole.
    pub fn end_whole(&mut self) {
        if let Some(target) = &mut self.redirect {
            target.end_whole();
        }
    }

    /// Sends query results to `target` (standard output if `None`) and returns the former target,
    /// which the caller closes or puts back.
    pub fn redirect(&mut self, target: Option<Target>) -> Option<Target> {
        self.flush();
        std::mem::replace(&mut self.redirect, target)
    }

    /// Opens the session log.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn open_log(&mut self, name: &[u8]) -> io::Result<()> {
        let file = File::options().append(true).create(true).open(bytes_to_os(name))?;
        self.log = Some(BufWriter::with_capacity(BUFFER, file));
        Ok(())
    }

    /// The session log, if one is kept.
    pub fn log(&mut self) -> Option<&mut dyn Write> {
        self.log.as_mut().map(|l| l as &mut dyn Write)
    }

    /// Whether there is a log.
    pub fn has_log(&self) -> bool {
        self.log.is_some()
    }

    /// Writes everything out. What can't be written is lost, as psql loses it: a reader that went
    /// away ends the process by SIGPIPE.
    pub fn flush(&mut self) {
        if !self.stdout.buffer().is_empty() {
            self.clear_status();
        }
        if self.stdout.flush().is_err() {
            self.drop_unwritten();
        }
        if let Some(target) = &mut self.redirect {
            let _ = target.writer().flush();
        }
        if let Some(log) = &mut self.log {
            let _ = log.flush();
        }
    }

    /// Forgets what standard output did not take: written again later, when SIGPIPE is no longer
    /// ignored, it would end the process.
    fn drop_unwritten(&mut self) {
        if let Ok(anew) = standard_output(self.terminal) {
            drop(std::mem::replace(&mut self.stdout, anew).into_parts());
        }
    }

    /// Writes text to standard error after everything that was written before it.
    pub fn stderr(&mut self, text: &[u8]) {
        let text = self.shown(text).into_owned();
        self.stderr_as_written(&text);
    }

    /// Keeps messages back from now on: what they would be written on is about to be overwritten.
    pub fn hold_messages(&mut self) {
        self.held.get_or_insert_default();
    }

    /// Writes the messages that were kept back, and keeps no more of them.
    pub fn release_messages(&mut self) {
        if let Some(held) = self.held.take() {
            self.stderr_as_written(&held);
        }
    }

    /// As [`Output::stderr`], escape sequences and all.
    pub fn stderr_as_written(&mut self, text: &[u8]) {
        self.flush();
        self.clear_status();
        if let Some(held) = &mut self.held {
            held.extend_from_slice(&text[..text.len().min(MOST_HELD.saturating_sub(held.len()))]);
            return;
        }
        let _ = io::stderr().write_all(text);
    }
}
