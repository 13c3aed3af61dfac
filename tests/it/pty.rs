//! A shell on a pseudo-terminal of its own: a test types keys and waits for what should appear. What the
//! shell writes is looked at without escape sequences.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Pid;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};

use crate::harness::{Bench, Shell};
use crate::run::found;

pub const UP: &str = "\x1b[A";
pub const HOME: &str = "\x1b[H";
pub const RIGHT: &str = "\x1b[C";
pub const LEFT: &str = "\x1b[D";
pub const DOWN: &str = "\x1b[B";
pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\x1b";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";
pub const CTRL_BACKSLASH: &str = "\x1c";
pub const CTRL_R: &str = "\x12";
pub const CTRL_Z: &str = "\x1a";

/// How long a test waits for what should appear.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal's size unless a test says otherwise.
const USUAL_SIZE: Winsize = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };

/// A shell on a terminal.
pub struct Terminal {
    master: File,
    shell: Child,
    /// What was written and not waited for yet, without escape sequences.
    seen: Vec<u8>,
    /// The beginning of an escape sequence whose end is still to come.
    raw: Vec<u8>,
    /// All that was written.
    bytes: Vec<u8>,
}

impl Terminal {
    /// Starts pgsh on the bench's database with these variables, and waits for its prompt.
    pub fn start(bench: &Bench, environment: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::open(bench, environment);
        terminal.wait("=# ");
        terminal
    }

    /// Starts pgsh with these variables, which may lead elsewhere than to the bench's database.
    pub fn open(bench: &Bench, environment: &[(&str, &str)]) -> Terminal {
        Terminal::open_with(bench, &[], environment)
    }

    /// Starts pgsh with these arguments and variables.
    pub fn open_with(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let run = bench.shell(Shell::Pgsh).arg("-X").args(arguments).env("TERM", "xterm");
        let history = bench.directory(Shell::Pgsh).join("history");
        run.env("PSQL_HISTORY", history).envs(environment.iter().copied()).terminal()
    }

    /// As [`Terminal::open_own`]; waits for the prompt.
    pub fn own(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::open_own(bench, arguments, environment);
        terminal.wait("=# ");
        terminal
    }

    /// As [`Terminal::open_with`], under the shell's own name: what psql doesn't have shows.
    pub fn open_own(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let run = bench.shell(Shell::Pgsh).arg("-X").args(arguments).env("TERM", "xterm");
        let history = bench.directory(Shell::Pgsh).join("history");
        let run = run.env("PSQL_HISTORY", history).envs(environment.iter().copied());
        Terminal::run_as("pgsh", &run.command())
    }

    /// Runs a command, whose environment is all its own, under the name `psql`.
    pub fn run(inner: &Command) -> Terminal {
        Terminal::run_as("psql", inner)
    }

    /// Runs a command, whose environment is all its own, under a name.
    pub fn run_as(called: &str, inner: &Command) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("a terminal");
        unlockpt(&master).expect("a terminal");
        tcsetwinsize(&master, USUAL_SIZE).expect("a terminal's size");
        let name = ptsname(&master, Vec::new()).expect("a terminal's name");
        // The leader of a new session gets the first terminal it opens as its own.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut command = Command::new(found("setsid", path).expect("setsid"));
        command.args([
            "bash",
            "-c",
            "tty=$1; called=$2; shift 2; exec -a \"$called\" \"$0\" \"$@\" <>\"$tty\" >&0 2>&0",
        ]);
        command.arg(inner.get_program()).arg(std::ffi::OsStr::new(name.to_str().expect("ASCII")));
        command.arg(called).args(inner.get_args());
        command.env_clear().current_dir(inner.get_current_dir().expect("a directory"));
        command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let shell = command.spawn().expect("a shell");
        Terminal {
            master: File::from(master),
            shell,
            seen: Vec::new(),
            raw: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Types keys.
    pub fn keys(&mut self, keys: &str) -> &mut Terminal {
        self.bytes(keys.as_bytes())
    }

    /// Types keys that need not be UTF-8.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Terminal {
        // A terminal nobody reads takes only so much.
        let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
        for part in bytes.chunks(256) {
            let mut fds = [PollFd::new(&self.master, PollFlags::OUT)];
            assert_ne!(poll(&mut fds, Some(&patience)).expect("to poll"), 0, "nobody reads");
            self.master.write_all(part).expect("to type");
        }
        self
    }

    /// Types a line.
    pub fn line(&mut self, line: &str) -> &mut Terminal {
        self.keys(line).keys(ENTER)
    }

    /// Waits until `text` appears; what was written up to and with it.
    #[track_caller]
    pub fn wait(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = memchr::memmem::find(&self.seen, text.as_bytes()) {
                let rest = self.seen.split_off(at + text.len());
                let before = std::mem::replace(&mut self.seen, rest);
                return String::from_utf8_lossy(&before).into_owned();
            }
            let alive = self.read(deadline);
            let seen = String::from_utf8_lossy(&self.seen).into_owned();
            assert!(alive, "no {text:?} in {seen:?}");
        }
    }

    /// Reads what the shell wrote; `false` when it is gone or the time is up.
    pub fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut fds, Some(&left)).expect("to poll") == 0 {
            return false;
        }
        let mut buffer = [0; 4096];
        match self.master.read(&mut buffer) {
            Ok(length) if length > 0 => {
                self.raw.extend_from_slice(&buffer[..length]);
                self.bytes.extend_from_slice(&buffer[..length]);
                let used = without_escapes(&self.raw, &mut self.seen);
                self.raw.drain(..used);
                true
            }
            _ => false,
        }
    }

    /// Gives the terminal another size, of which the shell is told.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ..USUAL_SIZE };
        tcsetwinsize(&self.master, size).expect("a terminal's size");
    }

    /// Reads until nothing has come for so long, and the shell is not at work: on a busy machine it
    /// may have had no processor meanwhile.
    pub fn settle(&mut self, quiet: Duration) {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline
            && (self.read(Instant::now() + quiet) || is_at_work(self.pid()))
        {}
    }

    /// All that the shell wrote until now, escape sequences and all.
    pub fn written(&self) -> &[u8] {
        &self.bytes
    }

    /// Waits for the shell's end.
    #[track_caller]
    pub fn status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.shell.try_wait().expect("a status") {
                return status;
            }
            let seen = String::from_utf8_lossy(&self.seen);
            assert!(Instant::now() < deadline, "no end of the shell after {seen:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The terminal's modes as they are now.
    pub fn modes(&self) -> Termios {
        tcgetattr(&self.master).expect("modes")
    }

    /// What comes next as it comes, escape sequences and all.
    #[track_caller]
    pub fn read_raw(&mut self) -> Vec<u8> {
        let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        assert_ne!(poll(&mut fds, Some(&patience)).expect("to poll"), 0, "nothing comes");
        let mut buffer = [0; 4096];
        let length = self.master.read(&mut buffer).expect("to read");
        buffer[..length].to_vec()
    }

    /// The shell's process, to send it a signal.
    pub fn process(&self) -> Pid {
        Pid::from_child(&self.shell)
    }

    /// The shell's process.
    pub fn pid(&self) -> u32 {
        self.shell.id()
    }

    /// Waits for the shell's end and tells its exit status.
    #[track_caller]
    pub fn end(self) -> i32 {
        self.rest().1
    }

    /// Waits for the shell's end: what it wrote until then, and its exit status.
    #[track_caller]
    pub fn rest(mut self) -> (String, i32) {
        let deadline = Instant::now() + PATIENCE;
        while self.read(deadline) {}
        let status = self.status();
        let status = status.code().unwrap_or_else(|| -status.signal().unwrap_or(0));
        (String::from_utf8_lossy(&self.seen).into_owned(), status)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// Whether a thread of this process runs or would run, as far as the system tells.
fn is_at_work(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    threads.into_iter().any(|thread| {
        // "PID (NAME) STATE ..."
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, state)| state.starts_with(" R"))
    })
}

/// Adds `raw` to `out` without CSI sequences and carriage returns; tells how much of it was
/// whole.
fn without_escapes(raw: &[u8], out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        if byte != 0x1b {
            if byte != b'\r' {
                out.push(byte);
            }
            at += 1;
            continue;
        }
        let end = match raw.get(at + 1) {
            None => return at,
            Some(b'[') => raw[at + 2..].iter().position(|b| (0x40..0x7f).contains(b)),
            Some(_) => Some(0),
        };
        match end {
            Some(length) if raw[at + 1] == b'[' => at += 3 + length,
            Some(_) => at += 2,
            None => return at,
        }
    }
    at
}

/// What the history file of the bench holds.
pub fn history(bench: &Bench) -> String {
    fs::read_to_string(bench.directory(Shell::Pgsh).join("history")).expect("a history")
}

/// `\\password`, and both answers.
pub fn type_password(terminal: &mut Terminal, password: &str) {
    terminal.line("\\password").wait("Enter new password");
    terminal.wait(": ");
    terminal.line(password).wait("Enter it again: ");
    terminal.line(password).wait("=# ");
}
