//! Editing a line on a terminal that can't move its cursor (TERM=dumb or unset): what is typed is
//! shown, erased at its end, and completed by Tab. Nothing but text and backspaces is written.
//!
//! Owns the terminal's modes while a line is typed. Never knows a session: candidates come from the
//! [`EditorHost`].

use std::io::{self, Write};
use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use super::editor_host::EditorHost;
use super::read_line::ReadLine;
use super::screen;
use super::signal::{Suspension, restore_terminal_when_killed};
use crate::completion::{self, Candidate};
use crate::encoding::Encoding;

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const TAB: u8 = b'\t';
const CTRL_U: u8 = 0x15;
const CTRL_W: u8 = 0x17;
const CTRL_Z: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;
const DELETE: u8 = 0x7f;

/// Erases a column.
const RUB_OUT: &[u8] = b"\x08 \x08";
/// Columns between two words of a list.
const GAP: usize = 2;
/// From so many candidates on it is asked whether they are to be listed.
const MANY: usize = 100;
/// The screen's columns where nobody knows them.
const COLUMNS: usize = 80;

/// The editor of a terminal without cursor movement.
pub struct PlainEditor {
    suspension: Suspension,
}

impl PlainEditor {
    /// An editor for the terminal that standard input is.
    ///
    /// # Errors
    /// It is none, or signals can't be handled.
    pub fn new() -> io::Result<PlainEditor> {
        restore_terminal_when_killed(false)?;
        Ok(PlainEditor { suspension: Suspension::new(false)? })
    }

    /// Shows `prompt` and reads a line. `earlier` is what was read of the statement so far, and
    /// `interrupt` becomes readable on Ctrl-C.
    ///
    /// # Errors
    /// The terminal can't be read or set.
    pub fn read_line(
        &mut self,
        prompt: &[u8],
        earlier: &[u8],
        interrupt: Option<BorrowedFd<'_>>,
        host: &mut dyn EditorHost,
    ) -> io::Result<ReadLine> {
        let _modes = ByKey::set()?;
        let mut typing = Typing { prompt, earlier, line: Vec::new(), list_next: false };
        typing.show()?;
        let mut escape = EscapeSequence::Outside;
        loop {
            let output = host.take_output();
            if !output.is_empty() {
                write(&[b"\n", &output])?;
                typing.show()?;
            }
            let byte = match wait(interrupt, host.poll_fd())? {
                Came::Interrupt => CTRL_C,
                Came::Output => continue,
                Came::End => return Ok(ReadLine::Eof),
                Came::Key(byte) => byte,
            };
            if byte != CTRL_C && escape.takes(byte) {
                continue;
            }
            let lists = std::mem::take(&mut typing.list_next);
            match byte {
                b'\n' => {
                    write(&[b"\n"])?;
                    return Ok(ReadLine::Line(typing.line));
                }
                CTRL_C => {
                    write(&[b"^C"])?;
                    return Ok(ReadLine::Interrupted);
                }
                CTRL_D if typing.line.is_empty() => return Ok(ReadLine::Eof),
                BACKSPACE | DELETE => typing.erase_to(typing.last_char())?,
                CTRL_W => typing.erase_to(typing.last_word())?,
                CTRL_U => typing.erase_to(0)?,
                CTRL_Z => {
                    write(&[b"\n"])?;
                    self.suspension.stop()?;
                    typing.show()?;
                }
                TAB if host.catalog().is_some() => typing.complete(host, interrupt, lists)?,
                TAB | b' '.. => typing.add(&[byte])?,
                _ => {}
            }
        }
    }
}

/// A line being typed.
struct Typing<'a> {
    prompt: &'a [u8],
    earlier: &'a [u8],
    line: Vec<u8>,
    /// Tab was pressed, and could not decide: another one lists the candidates.
    list_next: bool,
}

impl Typing<'_> {
    fn show(&self) -> io::Result<()> {
        write(&[self.prompt, &self.line])
    }

    fn add(&mut self, text: &[u8]) -> io::Result<()> {
        self.line.extend_from_slice(text);
        write(&[text])
    }

    /// Where the last character begins.
    fn last_char(&self) -> usize {
        self.line.iter().rposition(|byte| byte & 0xc0 != 0x80).unwrap_or(0)
    }

    /// Where the last word begins.
    fn last_word(&self) -> usize {
        let end = self.line.trim_ascii_end().len();
        self.line[..end].iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1)
    }

    fn erase_to(&mut self, start: usize) -> io::Result<()> {
        let columns = Encoding::Utf8.display_width(&self.line.split_off(start));
        write(&[&RUB_OUT.repeat(columns)])
    }

    /// Replaces what is typed from `start` on.
    fn replace(&mut self, start: usize, text: &[u8]) -> io::Result<()> {
        // What stays on the screen is not written again.
        let same = self.line[start..].iter().zip(text).take_while(|(old, new)| old == new).count();
        let same = (0..=same).rev().find(|at| text.get(*at).is_none_or(|b| b & 0xc0 != 0x80));
        let same = same.unwrap_or(0);
        self.erase_to(start + same)?;
        self.add(&text[same..])
    }

    /// Tab: completes as far as all candidates agree, and lists them if that is no further.
    fn complete(
        &mut self,
        host: &mut dyn EditorHost,
        interrupt: Option<BorrowedFd<'_>>,
        lists: bool,
    ) -> io::Result<()> {
        let Some(catalog) = host.catalog() else { return Ok(()) };
        let newline: &[u8] = if self.earlier.is_empty() { b"" } else { b"\n" };
        let before = [self.earlier, newline].concat();
        let text = [&before, &self.line[..]].concat();
        let (start, mut candidates) = completion::complete(&text, text.len(), catalog);
        candidates.retain(Candidate::is_harmless);
        let start = start.saturating_sub(before.len()).min(self.line.len());
        let common = common_prefix(&candidates);
        if !candidates.is_empty() && common.len() > self.line.len() - start {
            return self.replace(start, common);
        }
        match candidates.len() {
            0 => Ok(()),
            1 => self.replace(start, common),
            _ if !lists => {
                self.list_next = true;
                Ok(())
            }
            count => {
                write(&[b"\n"])?;
                if count < MANY || confirms(count, interrupt)? {
                    write(&[&listed(&candidates)])?;
                }
                self.show()
            }
        }
    }
}

/// What the candidates' texts have in common at their beginning, in whole characters.
fn common_prefix(candidates: &[Candidate]) -> &[u8] {
    let Some((first, others)) = candidates.split_first() else { return b"" };
    let common = others.iter().fold(first.text.len(), |length, other| {
        let same = first.text.iter().zip(&other.text).take_while(|(a, b)| a == b).count();
        length.min(same)
    });
    let is_whole = |at: &usize| first.text.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80);
    &first.text[..(0..=common).rev().find(is_whole).unwrap_or(0)]
}

/// Asks whether so many candidates are to be listed. Ctrl-C is left for who reads the next key.
fn confirms(count: usize, interrupt: Option<BorrowedFd<'_>>) -> io::Result<bool> {
    write(&[format!("Display all {count} possibilities? (y or n)").as_bytes()])?;
    let answer = wait(interrupt, None)?;
    write(&[b"\n"])?;
    Ok(matches!(answer, Came::Key(b'y' | b'Y' | b' ')))
}

/// The candidates in columns, down and then across.
fn listed(candidates: &[Candidate]) -> Vec<u8> {
    let width = |candidate: &Candidate| Encoding::Utf8.display_width(&candidate.shown);
    let widest = candidates.iter().map(width).max().unwrap_or(0) + GAP;
    let screen = screen::columns().map_or(COLUMNS, |columns| columns as usize);
    let across = (screen / widest).max(1);
    let down = candidates.len().div_ceil(across);
    let mut text = Vec::new();
    for row in 0..down {
        let mut cells = candidates.iter().skip(row).step_by(down).peekable();
        while let Some(candidate) = cells.next() {
            text.extend_from_slice(&candidate.shown);
            if cells.peek().is_some() {
                text.extend(std::iter::repeat_n(b' ', widest - width(candidate)));
            }
        }
        text.push(b'\n');
    }
    text
}

/// What was waited for.
enum Came {
    Interrupt,
    Key(u8),
    Output,
    /// The terminal is gone.
    End,
}

fn wait(interrupt: Option<BorrowedFd<'_>>, output: Option<BorrowedFd<'_>>) -> io::Result<Came> {
    let stdin = io::stdin();
    let mut polled = vec![PollFd::new(&stdin, PollFlags::IN)];
    let others = [interrupt, output];
    polled
        .extend(others.into_iter().flatten().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)));
    loop {
        match poll(&mut polled, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if interrupt.is_some() && !polled[1].revents().is_empty() {
            return Ok(Came::Interrupt);
        }
        let keys = polled[0].revents();
        if keys.is_empty() {
            return Ok(Came::Output);
        }
        let mut byte = [0];
        match rustix::io::read(&stdin, &mut byte) {
            Ok(1..) => return Ok(Came::Key(byte[0])),
            // The kernel dropped what was there to read.
            Ok(0) if !keys.contains(PollFlags::HUP) => {}
            Err(rustix::io::Errno::INTR) => {}
            Ok(_) | Err(_) => return Ok(Came::End),
        }
    }
}

fn write(parts: &[&[u8]]) -> io::Result<()> {
    let mut stdout = io::stdout();
    stdout.write_all(&parts.concat())?;
    stdout.flush()
}

/// Whether a key that sends several bytes is being read: such keys do nothing here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EscapeSequence {
    Outside,
    Begun,
    Inside,
}

impl EscapeSequence {
    /// Whether the byte belongs to a sequence.
    fn takes(&mut self, byte: u8) -> bool {
        let (takes, next) = match (*self, byte) {
            (EscapeSequence::Outside, ESCAPE) => (true, EscapeSequence::Begun),
            (EscapeSequence::Outside, _) => (false, EscapeSequence::Outside),
            (EscapeSequence::Begun, b'[' | b'O') => (true, EscapeSequence::Inside),
            (EscapeSequence::Begun, _) => (true, EscapeSequence::Outside),
            (EscapeSequence::Inside, 0x40..=0x7e) => (true, EscapeSequence::Outside),
            (EscapeSequence::Inside, _) => (true, EscapeSequence::Inside),
        };
        *self = next;
        takes
    }
}

/// While it lives, the terminal hands over each key as it is pressed, and shows none itself.
struct ByKey {
    before: Termios,
}

impl ByKey {
    fn set() -> io::Result<ByKey> {
        let before = tcgetattr(io::stdin())?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
        // Reading never waits: Ctrl-\ has the kernel drop what was there to read.
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        // Ctrl-Z is for the editor, which gives the terminal back first; Ctrl-C too, for with the
        // signal the kernel drops what is about to be shown. 0 is no key.
        modes.special_codes[SpecialCodeIndex::VSUSP] = 0;
        modes.special_codes[SpecialCodeIndex::VINTR] = 0;
        tcsetattr(io::stdin(), OptionalActions::Drain, &modes)?;
        Ok(ByKey { before })
    }
}

impl Drop for ByKey {
    fn drop(&mut self) {
        // The terminal is gone when this fails, and nothing is left to restore.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::CandidateKind;

    fn candidates(texts: &[&str]) -> Vec<Candidate> {
        texts.iter().map(|t| Candidate::new(t.as_bytes().into(), CandidateKind::Keyword)).collect()
    }

    #[test]
    fn what_candidates_have_in_common() {
        for (texts, common) in [
            (&["tab1 "][..], "tab1 "),
            (&["mytab123", "mytab246"], "mytab"),
            (&["a", "b"], ""),
            // Not half a character: é and è begin with the same byte.
            (&["xé", "xè"], "x"),
            (&[], ""),
        ] {
            assert_eq!(common_prefix(&candidates(texts)), common.as_bytes(), "{texts:?}");
        }
    }

    #[test]
    fn keys_of_several_bytes_do_nothing() {
        let mut escape = EscapeSequence::Outside;
        let kept: Vec<u8> = b"a\x1b[Ab\x1bOHc\x1b[3~d\x1bxe"
            .iter()
            .copied()
            .filter(|b| !escape.takes(*b))
            .collect();
        assert_eq!(kept, b"abcde");
    }

    #[test]
    fn lists_stand_in_columns() {
        let text = listed(&candidates(&["a", "bbb", "cc"]));
        assert_eq!(String::from_utf8(text).unwrap(), "a    bbb  cc\n");
    }
}
