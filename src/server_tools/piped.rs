//! A program whose standard output is read as it is, byte by byte: what it says is kept until it ends.

use super::at_end::StopAtEnd;
use super::invocation::Invocation;
use rustix::process::Pid;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, ExitStatus, Stdio};

/// No more than this is kept of what a program says.
const MAX_SAID: u64 = 64 * 1024;

/// A program that runs, and what it writes. It is killed if this is dropped before its end.
#[derive(Debug)]
pub struct Piped {
    child: Child,
    output: ChildStdout,
    said: File,
    _stop_at_end: StopAtEnd,
}

impl Piped {
    /// Starts a program.
    ///
    /// # Errors
    /// It can't be started.
    pub fn start(invocation: &mut Invocation) -> io::Result<Piped> {
        let said = tempfile::tempfile()?;
        let command = invocation.command();
        // A group of its own: Ctrl-C at the terminal is this process's, which stops all of it.
        command.stdout(Stdio::piped()).stderr(said.try_clone()?).process_group(0);
        let mut child = command.spawn()?;
        let stop_at_end = StopAtEnd::new(Pid::from_child(&child));
        let output = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        Ok(Piped { child, output, said, _stop_at_end: stop_at_end })
    }

    /// Waits for its end; how it ended, and what it said.
    ///
    /// # Errors
    /// It can't be waited for.
    pub fn finish(&mut self) -> io::Result<(ExitStatus, String)> {
        let status = self.child.wait()?;
        let mut said = Vec::new();
        self.said.rewind()?;
        (&self.said).take(MAX_SAID).read_to_end(&mut said)?;
        Ok((status, String::from_utf8_lossy(&said).into_owned()))
    }
}

impl Read for Piped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.output.read(buffer)
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::super::find::Tool;
    use super::super::program::Program;
    use super::*;

    #[test]
    fn bytes_and_words() {
        let path = "/bin/sh".into();
        let tool = Tool { program: Program::Pgsh, path, version_text: String::new(), version: 0 };
        let mut invocation = Invocation::local(&tool);
        invocation.arg("-c").arg("printf 'a\\r\\n\\200'; echo no >&2; exit 3");
        let mut piped = Piped::start(&mut invocation).expect("a shell");
        let mut output = Vec::new();
        piped.read_to_end(&mut output).expect("output");
        let (status, said) = piped.finish().expect("an end");
        assert_eq!(
            (&output[..], status.code(), said.as_str()),
            (&b"a\r\n\x80"[..], Some(3), "no\n")
        );
    }
}
