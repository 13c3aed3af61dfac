//! The clipboard: filled by a program where there is a display here, else by the terminal (OSC 52),
//! which is where the user sits, also behind ssh and tmux.
//!
//! Owns the ways there and how much goes along each. Never knows what is copied.

use std::fmt;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::pager::is_installed;
use super::screen::stdout_is_tty;
use super::signal::{IgnoreSigpipe, pass_on_sigpipe};

/// The most characters of base64 that terminals take.
const MOST_ENCODED: usize = 100_000;
/// The most bytes that go through a terminal.
const MOST_BY_TERMINAL: usize = MOST_ENCODED / 4 * 3;
/// The most bytes that a program gets: it keeps them in memory, and so does whoever pastes.
const MOST_BY_PROGRAM: usize = 16 << 20;
/// How long a program may take until it is given up.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is looked for its end.
const GLANCE: Duration = Duration::from_millis(5);
/// Bytes of a piece that GNU screen passes through.
const SCREEN_PIECE: usize = 240;

/// The variables that tell of a login from elsewhere, whose display is not the user's.
const FROM_ELSEWHERE: [&str; 3] = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"];

/// The programs, each with the variable that says it has a display, if it needs one.
const PROGRAMS: [(Option<&str>, &[&str]); 4] = [
    (Some("WAYLAND_DISPLAY"), &["wl-copy"]),
    (Some("DISPLAY"), &["xclip", "-selection", "clipboard"]),
    (Some("DISPLAY"), &["xsel", "--clipboard", "--input"]),
    (None, &["pbcopy"]),
];

/// Hands its input to the terminals that show the session (tmux 3.2), whatever it lets programs do.
const TMUX: &[&str] = &["tmux", "load-buffer", "-w", "-"];

/// A way to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A program that reads it from its standard input.
    Program(&'static [&'static str]),
    /// As a program, but through the terminal in the end.
    Multiplexer(&'static [&'static str]),
    /// An escape sequence.
    Terminal(Wrapping),
}

/// What an escape sequence has around it to get to the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// Nothing.
    None,
    /// What tmux passes on, where it may; and nothing, where it takes the sequence itself.
    Tmux,
    /// What GNU screen passes on, piece by piece.
    Screen,
}

impl Way {
    /// The most bytes that go along it.
    fn most(self) -> usize {
        match self {
            Way::Program(_) => MOST_BY_PROGRAM,
            Way::Multiplexer(_) | Way::Terminal(_) => MOST_BY_TERMINAL,
        }
    }

    fn take(self, text: &str) -> io::Result<()> {
        match self {
            Way::Program(words) | Way::Multiplexer(words) => feed(words, text.as_bytes()),
            Way::Terminal(wrapping) => {
                let mut stdout = io::stdout();
                stdout.write_all(&sequence(text, wrapping))?;
                stdout.flush()
            }
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Program(words) | Way::Multiplexer(words) => write!(f, "by {}", words[0]),
            Way::Terminal(_) => f.write_str("through the terminal (OSC 52)"),
        }
    }
}

/// Why nothing was copied.
#[derive(Debug)]
pub enum NotCopied {
    /// There is no way.
    NoWay,
    /// It is more than so many bytes, which is the most that goes along the way there is.
    TooMuch(usize),
    /// The way was closed.
    Failed(Way, io::Error),
}

impl fmt::Display for NotCopied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotCopied::NoWay => f.write_str(
                "no clipboard can be reached: the terminal takes no escape sequences, and there \
                 is no wl-copy, xclip, xsel or pbcopy with a display",
            ),
            NotCopied::TooMuch(most) => {
                let most = crate::progress::size(*most as u64);
                write!(f, "nothing was copied: the clipboard takes {most} here, and this is more")
            }
            NotCopied::Failed(way, error) => {
                write!(f, "nothing could be copied {way}: {error}")
            }
        }
    }
}

/// The clipboard, with the ways there: the surest first.
#[derive(Debug)]
pub struct Clipboard {
    ways: Vec<Way>,
}

impl Clipboard {
    /// The clipboard of whoever sits at the terminal. `has_screen` says whether that obeys escape
    /// sequences.
    ///
    /// # Errors
    /// There is no way to it.
    pub fn find(has_screen: bool) -> Result<Clipboard, NotCopied> {
        let variable = |name: &str| std::env::var(name).ok();
        let ways = ways(variable, has_screen && stdout_is_tty(), is_installed);
        if ways.is_empty() { Err(NotCopied::NoWay) } else { Ok(Clipboard { ways }) }
    }

    /// The most bytes that it takes.
    pub fn most(&self) -> usize {
        self.ways.iter().map(|way| way.most()).max().unwrap_or(0)
    }

    /// Puts a text there; by which way. Whether the terminal obeyed, nobody knows.
    ///
    /// # Errors
    /// It is too long, or no way was open.
    pub fn put(&self, text: &str) -> Result<Way, NotCopied> {
        let mut failed = None;
        for way in self.ways.iter().filter(|way| text.len() <= way.most()) {
            match way.take(text) {
                Ok(()) => return Ok(*way),
                Err(error) => failed = failed.or(Some(NotCopied::Failed(*way, error))),
            }
        }
        Err(failed.unwrap_or(NotCopied::TooMuch(self.most())))
    }
}

/// The ways to the clipboard by the environment, which `variable` looks up.
fn ways(
    variable: impl Fn(&str) -> Option<String>,
    has_screen: bool,
    is_installed: impl Fn(&str) -> bool,
) -> Vec<Way> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let mut ways = Vec::new();
    if !FROM_ELSEWHERE.iter().any(|name| is_set(name)) {
        let programs = PROGRAMS
            .iter()
            .filter(|(display, words)| display.is_none_or(is_set) && is_installed(words[0]));
        ways.extend(programs.map(|(_, words)| Way::Program(words)));
    }
    let term = variable("TERM").unwrap_or_default();
    // Linux's own console has no clipboard.
    if !has_screen || matches!(term.as_str(), "" | "dumb" | "linux") {
        return ways;
    }
    if is_set("TMUX") && is_installed(TMUX[0]) {
        ways.push(Way::Multiplexer(TMUX));
    }
    ways.push(Way::Terminal(match () {
        () if is_set("TMUX") || term.starts_with("tmux") => Wrapping::Tmux,
        () if is_set("STY") => Wrapping::Screen,
        () => Wrapping::None,
    }));
    ways
}

/// The escape sequence that has a terminal take a text.
fn sequence(text: &str, wrapping: Wrapping) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text)).into_bytes();
    match wrapping {
        Wrapping::None => plain,
        // Within, each Escape is doubled.
        Wrapping::Tmux => [&plain[..], b"\x1bPtmux;\x1b", &plain, b"\x1b\\"].concat(),
        Wrapping::Screen => {
            let pieces = plain.chunks(SCREEN_PIECE);
            pieces.flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect()
        }
    }
}

/// Runs a program with this input, and waits for its end; one that goes on to serve the clipboard does
/// so as a process of its own.
fn feed(words: &[&str], input: &[u8]) -> io::Result<()> {
    let _sigpipe = IgnoreSigpipe::acquire();
    let mut command = Command::new(words[0]);
    // Out of the reach of a later Ctrl-C.
    command.args(&words[1..]).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    pass_on_sigpipe(&mut command);
    let mut child = command.spawn()?;
    let written = child.stdin.take().map_or(Ok(()), |pipe| write_within(pipe, input));
    let ended = if written.is_ok() { wait_within(&mut child) } else { Err(late()) };
    if ended.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    written.and(ended)
}

/// Writes to a program that may never read.
fn write_within(pipe: std::process::ChildStdin, input: &[u8]) -> io::Result<()> {
    rustix::io::ioctl_fionbio(&pipe, true)?;
    let deadline = Instant::now() + PATIENCE;
    let mut rest = input;
    while !rest.is_empty() {
        match rustix::io::write(&pipe, rest) {
            Ok(count) => rest = &rest[count..],
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR)
                if Instant::now() < deadline =>
            {
                std::thread::sleep(GLANCE);
            }
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return Err(late()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn wait_within(child: &mut Child) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(io::Error::other(status.to_string())),
            None if Instant::now() < deadline => std::thread::sleep(GLANCE),
            None => return Err(late()),
        }
    }
}

fn late() -> io::Error {
    io::Error::other("it takes too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_by_environment() {
        let name = |way: Way| match way {
            Way::Program(words) | Way::Multiplexer(words) => words[0].to_owned(),
            Way::Terminal(wrapping) => format!("{wrapping:?}"),
        };
        for (environment, has_screen, installed, expected) in [
            ("TERM=xterm", true, "wl-copy xclip xsel", "None"),
            ("TERM=xterm DISPLAY=:0", true, "wl-copy xclip xsel", "xclip xsel None"),
            ("TERM=xterm DISPLAY=:0 WAYLAND_DISPLAY=w", true, "wl-copy xsel", "wl-copy xsel None"),
            ("TERM=xterm DISPLAY=:0 SSH_CONNECTION=x", true, "xclip pbcopy", "None"),
            ("TERM=xterm DISPLAY= SSH_TTY=", true, "xclip pbcopy", "pbcopy None"),
            ("TERM=screen TMUX=x STY=y", true, "tmux", "tmux Tmux"),
            ("TERM=screen TMUX=x", true, "", "Tmux"),
            ("TERM=tmux-256color SSH_TTY=x", true, "tmux", "Tmux"),
            ("TERM=screen STY=x", true, "", "Screen"),
            ("TERM=screen SSH_TTY=x", true, "", "None"),
            ("TERM=dumb DISPLAY=:0", true, "xclip", "xclip"),
            ("TERM=linux TMUX=", true, "tmux", ""),
            ("TERM=xterm TMUX=x", false, "tmux", ""),
        ] {
            let variable = |name: &str| {
                let mut pairs = environment.split(' ').filter_map(|pair| pair.split_once('='));
                pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
            };
            let has = |program: &str| installed.split(' ').any(|known| known == program);
            let found: Vec<String> =
                ways(variable, has_screen, has).into_iter().map(name).collect();
            assert_eq!(found.join(" "), expected, "{environment}");
        }
    }

    #[test]
    fn sequences() {
        let plain = "\x1b]52;c;w6Qx\x07";
        for (wrapping, expected) in [
            (Wrapping::None, plain.to_owned()),
            (Wrapping::Tmux, format!("{plain}\x1bPtmux;\x1b{plain}\x1b\\")),
            (Wrapping::Screen, format!("\x1bP{plain}\x1b\\")),
        ] {
            assert_eq!(sequence("\u{e4}1", wrapping), expected.as_bytes());
        }
        let long = sequence(&"x".repeat(300), Wrapping::Screen);
        let pieces: Vec<&[u8]> =
            long.split(|byte| *byte == b'P').filter(|piece| piece.len() > 1).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= SCREEN_PIECE + 3));
        assert!(sequence(&"x".repeat(MOST_BY_TERMINAL), Wrapping::None).len() <= MOST_ENCODED + 8);
    }

    #[test]
    fn programs() {
        let big = vec![b'x'; 1 << 20];
        assert!(feed(&["/bin/sh", "-c", "exec cat"], &big).is_ok());
        for script in ["exit 3", "exec false"] {
            assert!(feed(&["/bin/sh", "-c", script], &big).is_err(), "{script}");
        }
        assert!(feed(&["/nowhere/at/all"], b"").is_err());
        assert!(feed(&["/bin/sh", "-c", "(sleep 1 &) && cat"], b"x").is_ok());
    }

    #[test]
    fn what_is_too_long_goes_nowhere() {
        let clipboard = Clipboard { ways: vec![Way::Multiplexer(&["/bin/cat"])] };
        let most = clipboard.most();
        assert!(clipboard.put(&"x".repeat(most)).is_ok());
        let error = clipboard.put(&"x".repeat(most + 1)).unwrap_err();
        let text = "nothing was copied: the clipboard takes 73 kB here, and this is more";
        assert_eq!(error.to_string(), text);
    }
}
