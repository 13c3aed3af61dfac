//! One run of a shell: its program, arguments, environment, home, standard input and what comes
//! before it; to its end, on a terminal, or as a command for who watches it.
//!
//! The environment is all its own: nothing of the tests' gets in but PATH; scratch servers are in a cache of
//! the tests' run.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Seek, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc;
use std::time::Duration;

use pgsh::scratch;
use rustix::process::{Pid, Signal, kill_process_group};

use crate::harness;
use crate::pty::Terminal;
use crate::trial::tests;

/// How long a run may take.
const LIMIT: Duration = Duration::from_secs(300);

/// A run to be.
#[derive(Clone)]
pub struct Run {
    program: OsString,
    /// What the program is told that it is called.
    name: Option<&'static str>,
    arguments: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    directory: PathBuf,
    stdin: Vec<u8>,
    /// What no two runs agree on, and what stands for it.
    masks: Vec<(Vec<u8>, &'static str)>,
    /// What `bash` does before the shell takes its place.
    before: Option<String>,
    /// A program, with options, that runs the shell in its turn.
    under: Vec<OsString>,
    user: Option<u32>,
}

impl Run {
    /// A program whose current directory and home this is.
    pub fn new(program: impl AsRef<OsStr>, home: &Path) -> Run {
        let run = Run {
            program: program.as_ref().to_owned(),
            name: Some("psql"),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            directory: home.to_owned(),
            stdin: Vec::new(),
            masks: Vec::new(),
            before: None,
            under: Vec::new(),
            user: None,
        };
        run.env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env(scratch::CACHE_OVERRIDE, harness::cache())
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "dumb")
    }

    /// Another program in this environment, with these arguments alone.
    pub fn instead<T: AsRef<OsStr>>(
        mut self,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = T>,
    ) -> Run {
        self.program = program.as_ref().to_owned();
        self.name = None;
        self.arguments.clear();
        self.args(arguments)
    }

    /// Under its own name, which has our own commands.
    pub fn called_pgsh(mut self) -> Run {
        self.name = Some("pgsh");
        self
    }

    /// One more argument.
    pub fn arg(self, argument: impl AsRef<OsStr>) -> Run {
        self.args([argument])
    }

    /// More arguments.
    pub fn args<T: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = T>) -> Run {
        self.arguments.extend(arguments.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// A variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Run {
        self.environment.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// More variables.
    pub fn envs<'a>(self, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Run {
        variables.into_iter().fold(self, |run, (name, value)| run.env(name, value))
    }

    /// Without this variable.
    pub fn without(mut self, name: &str) -> Run {
        self.environment.remove(OsStr::new(name));
        self
    }

    /// In this directory; the home stays.
    pub fn within(mut self, directory: impl Into<PathBuf>) -> Run {
        self.directory = directory.into();
        self
    }

    /// With this on standard input.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Run {
        self.stdin = text.as_ref().to_vec();
        self
    }

    /// With `shown` in place of this text in what it prints.
    pub fn mask(mut self, text: impl AsRef<[u8]>, shown: &'static str) -> Run {
        self.masks.push((text.as_ref().to_vec(), shown));
        self
    }

    /// After this script of `bash`, whose place it takes.
    pub fn after(mut self, script: impl Into<String>) -> Run {
        self.before = Some(script.into());
        self
    }

    /// Run by another program, with these options.
    pub fn under(mut self, words: &[&str]) -> Run {
        self.under = words.iter().map(OsString::from).collect();
        self
    }

    /// As this user, who may enter the root directory.
    pub fn by_user(mut self, user: u32) -> Run {
        self.user = Some(user);
        self.within("/")
    }

    /// The command line, the program first.
    fn words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        let mut before = self.before.as_deref();
        if let Some(user) = self.user {
            words.push("setpriv".into());
            words.extend(as_account(user, None));
            before = before.or(self.name.map(|_| ":"));
        }
        words.extend_from_slice(&self.under);
        if let Some(script) = before {
            let name = self.name.unwrap_or("psql");
            let script = format!("{script}; exec -a {name} \"$0\" \"$@\"");
            words.extend(["bash".into(), "-c".into(), script.into()]);
        }
        words.push(self.program.clone());
        words.extend_from_slice(&self.arguments);
        words
    }

    /// It, as a command whose streams are still to be set.
    pub fn command(&self) -> Command {
        let words = self.words();
        let path = self.environment.get(OsStr::new("PATH"));
        // A name that is looked up by the child itself has it forked, at the cost of a copy of our
        // memory's map; a path has not.
        let found = path.and_then(|path| found(&words[0], path));
        let mut command = Command::new(found.as_deref().unwrap_or(Path::new(&words[0])));
        let name = self.name.filter(|_| words[0] == self.program);
        command.arg0(name.map_or(&*words[0], OsStr::new)).args(&words[1..]);
        command.env_clear().envs(&self.environment).current_dir(&self.directory);
        command
    }

    /// Runs it on a terminal.
    pub fn terminal(&self) -> Terminal {
        Terminal::run(&self.command())
    }

    /// Runs it to its end. The streams are files, so nothing can block on a full pipe.
    pub fn outcome(&self) -> Outcome {
        let file = || tempfile::tempfile().expect("a file");
        let (mut input, output, errors) = (file(), file(), file());
        input.write_all(&self.stdin).and_then(|()| input.rewind()).expect("input written");
        let handle = |file: &File| file.try_clone().expect("a handle");
        let mut command = self.command();
        command.stdin(input).stdout(handle(&output)).stderr(handle(&errors)).process_group(0);
        let child = command.spawn().expect("the shell runs");
        let status = end(child, LIMIT).unwrap_or_else(|| panic!("time limit: {command:?}"));
        Outcome {
            stdout: normalise(contents(output), &self.masks),
            stderr: normalise(contents(errors), &self.masks),
            status: status.code().unwrap_or_else(|| -status.signal().unwrap_or_default()),
        }
    }
}

/// Options of `setpriv` by which a program runs as this user, of this group or of ours. A command that changes
/// the user itself has us forked, as one that is looked up.
pub fn as_account(user: u32, group: Option<u32>) -> impl Iterator<Item = OsString> {
    let group = group.map(|group| format!("--regid={group}"));
    let options = [format!("--reuid={user}"), "--clear-groups".to_owned()];
    options.into_iter().chain(group).map(OsString::from)
}

/// The file of this program, if a directory of `path`, as PATH has them, holds it.
pub fn found(program: impl AsRef<Path>, path: impl AsRef<OsStr>) -> Option<PathBuf> {
    let files = std::env::split_paths(&path).map(|place| place.join(&program));
    files.into_iter().find(|file| file.is_absolute() && file.is_file())
}

/// What a run of a shell left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// The exit status, or minus the signal.
    pub status: i32,
}

impl Outcome {
    /// One text of all three, as golden files hold it.
    pub fn render(&self) -> Vec<u8> {
        let mut text = b"[stdout]\n".to_vec();
        text.extend_from_slice(&self.stdout);
        text.extend_from_slice(b"[stderr]\n");
        text.extend_from_slice(&self.stderr);
        text.extend_from_slice(format!("[exit status] {}\n", self.status).as_bytes());
        text
    }
}

/// Waits for the end of a process that leads a group; kills the group when it takes too long.
pub fn end(mut child: Child, limit: Duration) -> Option<ExitStatus> {
    let group = Pid::from_child(&child);
    let (sender, receiver) = mpsc::channel();
    let waiter = std::thread::spawn(move || {
        // Who waited too long does not listen.
        let _ = sender.send(child.wait().expect("a status"));
    });
    let status = receiver.recv_timeout(limit).ok();
    if status.is_none() {
        let _ = kill_process_group(group, Signal::KILL);
    }
    waiter.join().expect("its end");
    status
}

fn contents(mut file: File) -> Vec<u8> {
    use std::io::{Read, Seek};
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("output read");
    bytes
}

/// Replaces what no two runs agree on: what is masked, process IDs in notifications and of
/// `\conninfo`, OIDs in the names of internal triggers, times.
fn normalise(mut text: Vec<u8>, masks: &[(Vec<u8>, &str)]) -> Vec<u8> {
    for (masked, shown) in masks {
        text = replace(text, masked, |_| 0, shown.as_bytes());
    }
    let digits = |rest: &[u8]| rest.iter().take_while(|b| b.is_ascii_digit()).count();
    for before in ["server process with PID ", "Backend PID          | "] {
        let instead = format!("{before}<pid>");
        text = replace(text, before.as_bytes(), digits, instead.as_bytes());
    }
    for kind in ["a", "c"] {
        let name = format!("\"RI_ConstraintTrigger_{kind}_");
        let instead = format!("{name}<oid>");
        text = replace(text, name.as_bytes(), digits, instead.as_bytes());
    }
    let number = |rest: &[u8]| rest.iter().take_while(|&&b| b != b'\n').count();
    if text.starts_with(b"Time: ") {
        text.insert(0, b'\n');
        text = replace(text, b"\nTime: ", number, b"\nTime: <time>");
        text.remove(0);
    } else {
        text = replace(text, b"\nTime: ", number, b"\nTime: <time>");
    }
    text
}

/// Replaces each `what`, and as many bytes behind it as `more` says, by `instead`.
fn replace(text: Vec<u8>, what: &[u8], more: impl Fn(&[u8]) -> usize, instead: &[u8]) -> Vec<u8> {
    let finder = memchr::memmem::Finder::new(what);
    let Some(mut at) = finder.find(&text) else { return text };
    let mut result = Vec::with_capacity(text.len());
    let mut rest = &text[..];
    loop {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(instead);
        rest = &rest[at + what.len()..];
        rest = &rest[more(rest)..];
        let Some(next) = finder.find(rest) else { break };
        at = next;
    }
    result.extend_from_slice(rest);
    result
}

fn what_is_normalised() {
    let text = b"Time: 0.1 ms\nx /tmp/a/b\nTime: 2\nfrom server process with PID 123.\n".to_vec();
    let got = normalise(text, &[(b"/tmp/a".to_vec(), "<here>")]);
    assert_eq!(
        got,
        b"Time: <time>\nx <here>/b\nTime: <time>\nfrom server process with PID <pid>.\n"
    );
}

tests! { what_is_normalised }
