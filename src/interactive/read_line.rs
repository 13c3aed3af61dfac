//! Reads what the user types: lines of a statement, lines of COPY data.

use super::Interactive;
use super::catalog::{LineKind, ShellHost};
use super::prompts::Position;
use crate::connection::Connection;
use crate::console::Console;
use crate::lexer::Prompt;
use crate::prompt::{self, Kind};
use crate::terminal::old_editor::Editor;
use crate::terminal::plain_editor::PlainEditor;
use crate::terminal::{ReadLine, plain};
use std::io;

impl Interactive {
    /// Reads a line of a statement, with the prompt that `reason` calls for; `earlier` is what was
    /// typed of the statement already.
    pub fn read_statement_line(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        reason: Prompt,
        inactive_branch: bool,
        earlier: &[u8],
    ) -> ReadLine {
        self.end_run(console);
        connection.show_notifications(console);
        let accepted = self.editor.as_ref().is_some_and(Editor::has_accepted_lines);
        let kind = match reason {
            Prompt::Ready => Kind::First,
            other => Kind::Continuation(other),
        };
        let rendered = match accepted {
            // No prompt is shown for them, so none is made: it may run commands.
            true => Vec::new(),
            false => {
                let position = Position { kind, inactive_branch, earlier };
                self.render_prompt(console, connection, &position)
            }
        };
        self.read_typed(console, connection, &rendered, earlier, LineKind::Sql)
    }

    /// Reads a line of COPY data with PROMPT3.
    pub fn read_copy_line(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
    ) -> ReadLine {
        let position = Position { kind: Kind::Copy, inactive_branch: false, earlier: b"" };
        let rendered = self.render_prompt(console, connection, &position);
        self.read_typed(console, connection, &rendered, b"", LineKind::Data)
    }

    /// Reads a line, with the editor where there is one.
    fn read_typed(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        prompt: &[u8],
        earlier: &[u8],
        kind: LineKind,
    ) -> ReadLine {
        console.output.flush();
        if self.take_interrupt(console) {
            return ReadLine::Interrupted;
        }
        let completion = &mut self.completion;
        let Some(editor) = &mut self.editor else {
            let mut host = ShellHost { console, connection, completion, kind };
            return read_plain(self.plain_editor.as_mut(), &mut host, prompt, earlier);
        };
        let interrupts = console.interrupts.signal();
        let line = loop {
            let mut host = ShellHost { console, connection, completion, kind };
            match editor.read_line(prompt, earlier, interrupts.as_deref(), &mut host) {
                Ok(line) => break line,
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    console.error("the line was not valid UTF-8 and is ignored");
                }
                Err(error) => {
                    console.error(format!("could not read from the terminal: {error}"));
                    break ReadLine::Eof;
                }
            }
        };
        count_line(console);
        if console.interrupts.take().is_some() {
            self.forget_typed_ahead();
            return ReadLine::Interrupted;
        }
        line
    }
}

/// Reads a line without escape sequences: as the terminal itself lets it be typed (`-n`), or with
/// the editor for terminals that can't move their cursor.
fn read_plain(
    editor: Option<&mut PlainEditor>,
    host: &mut ShellHost<'_>,
    prompt: &[u8],
    earlier: &[u8],
) -> ReadLine {
    let interrupts = host.console.interrupts.signal();
    let prompt = prompt::without_marks(prompt);
    let interrupt = interrupts.as_ref().map(|interrupts| interrupts.fd());
    let line = match editor {
        Some(editor) => editor.read_line(&prompt, earlier, interrupt, host),
        None => plain::read_line(&prompt, interrupt, host),
    };
    let line = line.unwrap_or(ReadLine::Eof);
    match line {
        ReadLine::Line(_) => count_line(host.console),
        ReadLine::Interrupted => {
            host.console.interrupts.forget();
            let _ = host.console.output.stdout().write_all(b"\n");
        }
        ReadLine::Eof => {}
    }
    line
}

fn count_line(console: &mut Console) {
    if let Some(source) = console.input.current() {
        source.count_lines(1);
    }
}
