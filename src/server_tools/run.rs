//! Runs a program: its lines as they come, a moment now and then for whoever shows progress, and Ctrl-C.

use super::at_end::StopAtEnd;
use super::invocation::Invocation;
use super::stop::Stop;
use crate::terminal::signal::Interrupts;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Pid;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long to wait at most for the next line.
const TICK: Duration = Duration::from_millis(100);
/// How long to wait for a child that says no more.
const CLOSING: Duration = Duration::from_millis(5);
/// How long a child's own children may keep its output open when it has ended.
const LINGER: Duration = Duration::from_secs(1);
/// A longer line comes in pieces.
const MAX_LINE: usize = 64 * 1024;

/// What happened while a program ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A line of its standard output.
    Output(&'a [u8]),
    /// A line of its standard error.
    Error(&'a [u8]),
    /// A moment passed.
    Tick,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its status.
    pub status: ExitStatus,
    /// Whether Ctrl-C stopped it.
    pub interrupted: bool,
}

/// Runs a program to its end and tells `watch` what happens. Ctrl-C asks it to end; where it does not, or
/// Ctrl-C is pressed again, it is told to and then killed.
///
/// # Errors
/// It can't be started, or not be waited for.
pub fn run(
    invocation: &mut Invocation,
    interrupts: Option<&Interrupts>,
    watch: &mut dyn FnMut(Event<'_>),
) -> io::Result<Ended> {
    run_while(invocation, interrupts, watch, &|| true)
}

/// Runs a program as [`run`] does, and stops it when it is not to go on.
///
/// # Errors
/// It can't be started, or not be waited for.
pub fn run_while(
    invocation: &mut Invocation,
    interrupts: Option<&Interrupts>,
    watch: &mut dyn FnMut(Event<'_>),
    goes_on: &dyn Fn() -> bool,
) -> io::Result<Ended> {
    let command = invocation.command();
    // A group of its own: Ctrl-C at the terminal is this process's, which stops all of it.
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let group = Pid::from_child(&child);
    let _stop_at_end = StopAtEnd::new(group);
    let mut watched = Watched::new(&mut child);
    let mut stop: Option<Stop> = None;
    let mut interrupted = false;
    let status = loop {
        watched.wait(watch)?;
        let pressed = interrupts.is_some_and(Interrupts::take);
        interrupted |= pressed;
        if pressed || (stop.is_none() && !goes_on()) {
            match &mut stop {
                Some(stop) => stop.advance(),
                None => stop = Some(Stop::begin(group)),
            }
        }
        if let Some(stop) = &mut stop {
            stop.advance_in_time();
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
    };
    watched.finish(watch)?;
    Ok(Ended { status, interrupted })
}

/// The two streams of a child.
struct Watched {
    streams: [Stream; 2],
}

impl Watched {
    fn new(child: &mut Child) -> Watched {
        let output = child.stdout.take().map(|file| Box::new(file) as Box<dyn Readable>);
        let error = child.stderr.take().map(|file| Box::new(file) as Box<dyn Readable>);
        let stream = |file, kind| Stream { file, begun: Vec::new(), kind };
        Watched { streams: [stream(output, Kind::Output), stream(error, Kind::Error)] }
    }

    /// Takes what comes within a moment.
    fn wait(&mut self, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        self.wait_for(TICK, watch)?;
        watch(Event::Tick);
        Ok(())
    }

    fn wait_for(&mut self, time: Duration, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let open: Vec<usize> = (0..2).filter(|&at| self.streams[at].file.is_some()).collect();
        // A child that has closed both is about to end.
        let time = if open.is_empty() { CLOSING } else { time };
        let files = open.iter().filter_map(|&at| self.streams[at].file.as_ref());
        let mut fds: Vec<_> =
            files.map(|file| PollFd::from_borrowed_fd(file.as_fd(), PollFlags::IN)).collect();
        match poll(&mut fds, Timespec::try_from(time).ok().as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        for (at, _) in open.into_iter().zip(ready).filter(|(_, ready)| *ready) {
            self.streams[at].read(watch)?;
        }
        Ok(())
    }

    /// Takes what is left when the child has ended.
    fn finish(&mut self, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let ended = Instant::now();
        while self.streams.iter().any(|stream| stream.file.is_some()) && ended.elapsed() < LINGER {
            self.wait_for(TICK, watch)?;
        }
        for stream in &mut self.streams {
            stream.end(watch);
        }
        Ok(())
    }
}

/// A pipe to read from.
trait Readable: Read + AsFd {}
impl<T: Read + AsFd> Readable for T {}

/// What a line of a stream is.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Output,
    Error,
}

impl Kind {
    fn event(self, line: &[u8]) -> Event<'_> {
        match self {
            Kind::Output => Event::Output(line),
            Kind::Error => Event::Error(line),
        }
    }
}

/// A stream, and the line that has begun there.
struct Stream {
    file: Option<Box<dyn Readable>>,
    begun: Vec<u8>,
    kind: Kind,
}

impl Stream {
    fn read(&mut self, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut buffer = [0; 8192];
        let count = match file.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error),
        };
        if count == 0 {
            self.file = None;
        }
        self.take(&buffer[..count], watch);
        Ok(())
    }

    /// Adds what was read; whole lines are told. One of `pg_basebackup --progress` ends with a return.
    fn take(&mut self, read: &[u8], watch: &mut dyn FnMut(Event<'_>)) {
        for &byte in read {
            if !matches!(byte, b'\n' | b'\r') {
                self.begun.push(byte);
                if self.begun.len() < MAX_LINE {
                    continue;
                }
            }
            self.end(watch);
        }
    }

    fn end(&mut self, watch: &mut dyn FnMut(Event<'_>)) {
        if !self.begun.is_empty() {
            watch(self.kind.event(&self.begun));
            self.begun.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server_tools::find::Tool;
    use crate::server_tools::program::Program;
    use std::path::PathBuf;

    /// A shell in a program's place, with this script.
    fn script(text: &str) -> Invocation {
        let version_text = String::new();
        let path = PathBuf::from("/bin/sh");
        let tool = Tool { program: Program::Pgsh, path, version_text, version: 0 };
        let mut invocation = Invocation::local(&tool);
        invocation.arg("-c").arg(text);
        invocation
    }

    /// What a run told, and how it ended.
    fn told(text: &str, interrupts: Option<&Interrupts>) -> (Vec<String>, Ended) {
        let mut told = Vec::new();
        let mut watch = |event: Event<'_>| match event {
            Event::Output(line) => told.push(format!("out {}", String::from_utf8_lossy(line))),
            Event::Error(line) => told.push(format!("err {}", String::from_utf8_lossy(line))),
            Event::Tick => {}
        };
        let ended = run(&mut script(text), interrupts, &mut watch).expect("a run");
        told.sort();
        (told, ended)
    }

    #[test]
    fn lines_and_statuses() {
        let (told, ended) = told("echo a; printf 'b\\rc\\n' >&2; printf d; exit 3", None);
        assert_eq!(told, ["err b", "err c", "out a", "out d"]);
        assert_eq!((ended.status.code(), ended.interrupted), (Some(3), false));
    }

    #[test]
    fn what_a_child_leaves_running_is_not_waited_for() {
        let began = Instant::now();
        let (told, ended) = told("sleep 8 & echo a", None);
        assert_eq!((told, ended.status.code()), (vec!["out a".to_owned()], Some(0)));
        assert!(began.elapsed() < Duration::from_secs(7));
    }

    #[test]
    fn a_child_that_ignores_ctrl_c_is_told_more_plainly() {
        let interrupts = Interrupts::install().expect("a handler");
        let press =
            || signal_hook::low_level::raise(signal_hook::consts::SIGINT).expect("a signal");
        let began = Instant::now();
        // Once when it is ready and once when the first was seen: a moment ends with its tick.
        let mut ticks = None;
        let mut watch = |event: Event<'_>| match (event, &mut ticks) {
            (Event::Output(_), None) => {
                press();
                ticks = Some(0);
            }
            (Event::Tick, Some(ticks)) => {
                *ticks += 1;
                if *ticks == 2 {
                    press();
                }
            }
            _ => {}
        };
        let text = "trap '' INT; echo ready; while :; do sleep 0.1; done";
        let ended = run(&mut script(text), Some(&interrupts), &mut watch).expect("a run");
        assert!(ended.interrupted && !ended.status.success());
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    }
}
