//! Where output goes: standard output, the target of `\o` or `\g` (a file or a command's input),
//! and the session log of `-L`.

use crate::account;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::{TerminalSafe, escaped};
use crate::terminal::pager::Pager;
use crate::terminal::signal::{IgnoreSigpipe, Interrupts, pass_on_sigpipe};
use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};

/// Bytes gathered before a write.
const BUFFER: usize = 64 << 10;
/// Bytes written between two looks for Ctrl-C: as many as need not be gathered first.
const SLICE: usize = BUFFER;

/// A file or a shell command that query results are sent to.
#[derive(Debug)]
pub enum Target {
    /// A file, made anew.
    File(BufWriter<File>),
    /// A shell command's standard input; that it stops reading is no reason to end.
    Pipe(Child, BufWriter<std::process::ChildStdin>, IgnoreSigpipe),
    /// A pager, which the user may quit at any time.
    Pager(BufWriter<Pager>),
}

impl Target {
    /// Opens what `\o`, `\g` and `-o` name: a file, or a command after `|`.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn open(name: &[u8]) -> io::Result<Target> {
        if let Some(command) = name.strip_prefix(b"|") {
            let mut child = shell_command(command).stdin(Stdio::piped()).spawn()?;
            let stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
            let writer = BufWriter::with_capacity(BUFFER, stdin);
            return Ok(Target::Pipe(child, writer, IgnoreSigpipe::acquire()));
        }
        Target::file(name)
    }

    /// Opens a file, whatever its name begins with.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn file(name: &[u8]) -> io::Result<Target> {
        let file = File::create(bytes_to_os(name))?;
        Ok(Target::File(BufWriter::with_capacity(BUFFER, file)))
    }

    /// Whether the target is a command.
    pub fn is_pipe(&self) -> bool {
        matches!(self, Target::Pipe(..))
    }

    /// Writes what is left and closes; a command's exit status is waited for.
    ///
    /// # Errors
    /// The rest couldn't be written.
    pub fn close(self) -> io::Result<Option<ExitStatus>> {
        match self {
            Target::File(mut file) => file.flush().map(|()| None),
            Target::Pager(mut pager) => {
                let _ = pager.flush();
                pager.into_parts().0.finish().map(|()| None)
            }
            Target::Pipe(mut child, mut stdin, _sigpipe) => {
                // A command that stopped reading is no error of ours.
                let _ = stdin.flush();
                drop(stdin.into_parts());
                child.wait().map(Some)
            }
        }
    }

    /// A pager for results that come one after the other.
    ///
    /// # Errors
    /// `sh` can't be started.
    pub fn pager(command: &OsString) -> io::Result<Target> {
        Ok(Target::Pager(BufWriter::with_capacity(BUFFER, Pager::start(command)?)))
    }

    /// The stream to write to.
    pub fn writer(&mut self) -> &mut dyn Write {
        match self {
            Target::File(file) => file,
            Target::Pipe(_, stdin, _) => stdin,
            Target::Pager(pager) => pager,
        }
    }
}

/// `sh -c command`, its streams and what it does on SIGPIPE inherited.
pub fn shell_command(command: &[u8]) -> Command {
    let mut shell = Command::new("/bin/sh");
    // The C library's system() and popen() call it so, and it says so in its messages.
    shell.arg0("sh").arg("-c").arg(bytes_to_os(command));
    pass_on_sigpipe(&mut shell);
    shell
}

/// A name as the operating system takes it.
pub fn bytes_to_os(name: &[u8]) -> &std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(name)
}

/// A path with `~` or `~USER` at its beginning resolved to a home directory, if there is one.
pub fn expand_tilde(name: &[u8]) -> Vec<u8> {
    let Some(rest) = name.strip_prefix(b"~") else { return name.to_vec() };
    let (user, rest) = rest.split_at(memchr::memchr(b'/', rest).unwrap_or(rest.len()));
    let home = match std::str::from_utf8(user) {
        Ok("") => dirs::home_dir(),
        Ok(user) => account::home(user),
        Err(_) => None,
    };
    match home {
        Some(home) => [&home.into_os_string().into_vec(), rest].concat(),
        None => name.to_vec(),
    }
}

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

/// The path as scripts are called in messages: `~` resolved, and without what leads nowhere
/// (`//`, `.`, `x/..`). Links are not looked at.
pub fn clean_path(name: &[u8]) -> Vec<u8> {
    shortened(&expand_tilde(name))
}

/// The path without what leads nowhere; a `~` that comes first then is a file's.
pub fn shortened(name: &[u8]) -> Vec<u8> {
    if name.is_empty() {
        return Vec::new();
    }
    let root: &[u8] = if name[0] == b'/' { b"/" } else { b"" };
    let mut steps: Vec<&[u8]> = Vec::new();
    for step in name.split(|&b| b == b'/').filter(|s| !matches!(*s, b"" | b".")) {
        match (step, steps.last()) {
            (b"..", Some(last)) if *last != b".." => {
                steps.pop();
            }
            (b"..", None) if !root.is_empty() => {}
            _ => steps.push(step),
        }
    }
    match [root, &steps.join(&b'/')].concat() {
        path if path.is_empty() => b".".to_vec(),
        path => path,
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
    redirect: Option<Target>,
    log: Option<BufWriter<File>>,
}

impl Output {
    /// Output to the process's standard output.
    ///
    /// # Errors
    /// The descriptor can't be duplicated.
    pub fn new() -> io::Result<Output> {
        Ok(Output { stdout: standard_output(None)?, terminal: None, redirect: None, log: None })
    }

    /// From now on a user at a terminal is shown text in this encoding: control characters and
    /// their like are escaped (`encoding::terminal_safe`).
    pub fn show_user(&mut self, encoding: Encoding) {
        self.flush();
        self.terminal = Some(encoding);
        self.stdout.get_mut().set_encoding(self.terminal);
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

    /// Standard output for what the user wrote, escape sequences and all.
    pub fn stdout_as_written(&mut self) -> &mut dyn Write {
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
        &mut self.stdout
    }

    /// Where query results go.
    pub fn query(&mut self) -> &mut dyn Write {
        match &mut self.redirect {
            Some(target) => target.writer(),
            None => &mut self.stdout,
        }
    }

    /// Whether query results go elsewhere than to standard output.
    pub fn is_redirected(&self) -> bool {
        self.redirect.is_some()
    }

    /// Whether query results go to a command.
    pub fn is_piped(&self) -> bool {
        self.redirect.as_ref().is_some_and(Target::is_pipe)
    }

    /// Whether query results go to a pager.
    pub fn is_paged(&self) -> bool {
        matches!(self.redirect, Some(Target::Pager(_)))
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

    /// Writes everything out. What can't be written is lost, as psql loses it: a reader that went
    /// away ends the process by SIGPIPE.
    pub fn flush(&mut self) {
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

    /// As [`Output::stderr`], escape sequences and all.
    pub fn stderr_as_written(&mut self, text: &[u8]) {
        self.flush();
        let _ = io::stderr().write_all(text);
    }
}

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn paths_lose_what_leads_nowhere() {
        for (given, expected) in [
            ("a.sql", "a.sql"),
            ("./a//b/./c/", "a/b/c"),
            ("a/../b", "b"),
            ("a/../../b", "../b"),
            ("../../b", "../../b"),
            ("/../a/..", "/"),
            ("a/..", "."),
            (".", "."),
            ("", ""),
        ] {
            assert_eq!(clean_path(given.as_bytes()), expected.as_bytes(), "{given}");
        }
    }
}
