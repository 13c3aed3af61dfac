//! pgsh on a terminal whose screen is emulated.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::scene::{Scene, Step};

/// How long to wait for what should appear.
const PATIENCE: Duration = Duration::from_secs(60);
/// Nothing has come for so long: the screen is as it will be.
const QUIET: Duration = Duration::from_millis(400);

/// A shell on a terminal of its own.
struct Terminal {
    master: File,
    shell: Child,
    parser: vt100::Parser,
}

/// Plays a scene with the shell at this path, whose environment and directory `command` has; the screen
/// at its end.
///
/// # Errors
/// What a step waits for does not appear, or there is no terminal.
pub fn play(scene: &Scene, shell: &Path, command: Command) -> io::Result<vt100::Parser> {
    let mut terminal = Terminal::start(scene, shell, command)?;
    let steps = [Step::Wait("=# ")].iter().chain(scene.steps);
    steps.enumerate().try_for_each(|(at, step)| {
        terminal.take(step).map_err(|error| {
            let shown = terminal.parser.screen().contents();
            io::Error::other(format!("{}, step {at}: {error}:\n{shown}", scene.name))
        })
    })?;
    terminal.settle()?;
    // What the end of the shell writes is not in the picture.
    let size = terminal.parser.screen().size();
    Ok(std::mem::replace(&mut terminal.parser, vt100::Parser::new(size.0, size.1, 0)))
}

impl Terminal {
    fn start(scene: &Scene, shell: &Path, mut command: Command) -> io::Result<Terminal> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let (columns, rows) = scene.size;
        tcsetwinsize(
            &master,
            Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 },
        )?;
        let name = ptsname(&master, Vec::new())?;
        let name = name.to_str().map_err(io::Error::other)?;
        // The leader of a new session gets the first terminal it opens as its own.
        command
            .args(["bash", "-c", "exec -a pgsh \"$0\" -X <>\"$1\" >&0 2>&0"])
            .arg(shell)
            .arg(name);
        let shell = command.spawn()?;
        let parser = vt100::Parser::new(rows, columns, 0);
        Ok(Terminal { master: File::from(master), shell, parser })
    }

    fn take(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Keys(keys) => {
                self.settle()?;
                self.master.write_all(keys.as_bytes())?;
                Ok(())
            }
            Step::Wait(text) => self.wait(text),
        }
    }

    /// Waits until the screen holds `text`, and then until it is quiet.
    fn wait(&mut self, text: &str) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.parser.screen().contents().contains(text) {
            if Instant::now() > deadline {
                return Err(io::Error::other(format!("no \"{text}\" appears")));
            }
            self.read(QUIET)?;
        }
        self.settle()
    }

    fn settle(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.read(QUIET)? {
            if Instant::now() > deadline {
                return Err(io::Error::other("the screen is never quiet"));
            }
        }
        Ok(())
    }

    /// Shows what comes within this time; tells whether anything did.
    fn read(&mut self, within: Duration) -> io::Result<bool> {
        let within = Timespec { tv_sec: 0, tv_nsec: within.subsec_nanos().into() };
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut fds, Some(&within))? == 0 {
            return Ok(false);
        }
        let mut buffer = [0; 4096];
        let length = self.master.read(&mut buffer)?;
        self.parser.process(&buffer[..length]);
        Ok(length > 0)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
